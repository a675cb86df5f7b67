"""One contract for every sender, and what each puts on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from email.utils import parseaddr

import botocore.session
import pytest

from tactful.adapters.secrets import TwilioCredentials
from tactful.adapters.ses import REFUSALS as SES_REFUSALS
from tactful.adapters.signatures import reminder_of_reply
from tactful.adapters.twilio import TwilioSender, delivery_problem, status_of, twilio_messages
from tactful.application.ports import Accepted, OutcomeUnknown, Refusal, Refused, SendOutcome
from tactful.domain.book.contact_log import ReminderStatus
from tests.contract.senders_support import (
    EXPECTED,
    PUBLIC_URL,
    REMINDER_ID,
    REPLY_KEY,
    SERVICE_SID,
    SHORT,
    MemoryRig,
    Rig,
    SesRig,
    SesStub,
    Situation,
    TwilioRig,
    a_ses_sender,
    a_twilio_sender,
    an_outgoing,
    ses_error,
)
from tests.local.http_stub import Answer, HttpStub
from tests.local.twilio_server import TwilioServer
from tests.local.twilio_wire import ACCOUNT_SID, ApiError

NOBODY_LISTENS = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def aws_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


@pytest.fixture
def ses() -> Iterator[SesStub]:
    with SesStub() as stub:
        yield stub


@pytest.fixture
def twilio() -> Iterator[TwilioServer]:
    with TwilioServer() as server:
        yield server


@pytest.fixture(params=["ses", "twilio", "memory"])
def rig(request: pytest.FixtureRequest, ses: SesStub, twilio: TwilioServer) -> Rig:
    rigs: dict[str, Rig] = {"ses": SesRig(ses), "twilio": TwilioRig(twilio), "memory": MemoryRig()}
    return rigs[request.param]


@pytest.mark.parametrize("situation", Situation)
def test_a_message_is_handed_over_once_and_its_outcome_says_what_to_do(
    rig: Rig, situation: Situation
) -> None:
    sender = rig.sender_in(situation)

    outcome = sender.send(an_outgoing(rig.address))

    assert rig.handed_over() == 1
    expected = EXPECTED[situation]
    if isinstance(expected, Refusal):
        assert isinstance(outcome, Refused)
        assert outcome.refusal is expected
        assert outcome.code
    else:
        assert type(outcome) is expected


def test_an_accepted_message_has_the_providers_id(rig: Rig) -> None:
    outcome = rig.sender_in(Situation.TAKEN).send(an_outgoing(rig.address))

    assert isinstance(outcome, Accepted)
    assert outcome.provider_id


@pytest.mark.parametrize("late", [timedelta(), timedelta(minutes=5)])
def test_a_message_whose_time_is_over_is_kept_for_another_day(rig: Rig, late: timedelta) -> None:
    now = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
    message = an_outgoing(rig.address, latest=now, now=now + late)

    outcome = rig.sender_in(Situation.TAKEN).send(message)

    assert outcome == Refused(Refusal.RETRY_LATER, "contact_window_closed")
    assert rig.handed_over() == 0


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(body=b'{"MessageId": "", "sid": ""}'), OutcomeUnknown),
        (Answer(body=b'{"MessageId": 5, "sid": 5}'), OutcomeUnknown),
        (Answer(body=b'{"MessageId": null, "sid": null}'), OutcomeUnknown),
        (Answer(body=b'{"MessageId": "010f01'), OutcomeUnknown),
        (Answer(body=b"[]"), OutcomeUnknown),
        (Answer(body=b"null"), OutcomeUnknown),
        (Answer(body=b"\xff\xfe\x00"), OutcomeUnknown),
        (Answer(body=b'{"x": "' + b"a" * 2_000_000 + b'"}'), OutcomeUnknown),
        (Answer(302, headers={"Location": "/elsewhere"}), OutcomeUnknown),
        (Answer(307, headers={"Location": "/elsewhere"}), OutcomeUnknown),
        (Answer(502, b"<html>", "text/html"), OutcomeUnknown),
        (Answer(400), Refused),
        (Answer(400, b"<html>", "text/html"), Refused),
        (Answer(403, b"<html>", "text/html"), Refused),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_an_answer_that_makes_no_sense_is_neither_taken_for_success_nor_asked_for_again(
    answer: Answer, expected: type[SendOutcome]
) -> None:
    for a_sender, address in (
        (a_ses_sender, "dana@client.example.com"),
        (a_twilio_sender, "+15005550006"),
    ):
        with HttpStub(lambda _: answer) as stub:
            outcome = a_sender(stub.url).send(an_outgoing(address))

        assert type(outcome) is expected
        assert len(stub.requests) == 1


def test_a_provider_that_cannot_be_reached_was_sent_nothing() -> None:
    for sender, address in (
        (a_ses_sender(NOBODY_LISTENS), "dana@client.example.com"),
        (a_twilio_sender(NOBODY_LISTENS), "+15005550006"),
    ):
        outcome = sender.send(an_outgoing(address))

        assert isinstance(outcome, Refused)
        assert outcome.refusal is Refusal.RETRY_LATER


def test_every_error_that_ses_declares_for_sending_has_a_class() -> None:
    operation = botocore.session.get_session().get_service_model("sesv2").operation_model("SendEmail")

    assert {shape.name for shape in operation.error_shapes} - SES_REFUSALS.keys() == set()


@pytest.mark.parametrize(
    ("status", "code", "text", "expected"),
    [
        (400, "LimitExceededException", "Daily message quota exceeded.", Refusal.CONFIGURATION),
        (400, "ThrottlingException", "Daily message quota exceeded.", Refusal.CONFIGURATION),
        (400, "ThrottlingException", "Maximum sending rate exceeded.", Refusal.RETRY_LATER),
        (400, "AccountSuspendedException", "", Refusal.CONFIGURATION),
        (400, "MailFromDomainNotVerifiedException", "", Refusal.CONFIGURATION),
        (
            400,
            "MessageRejected",
            "Email address is not verified. The following identities failed the check in region EU-WEST-1",
            Refusal.CONFIGURATION,
        ),
        (404, "NotFoundException", "Configuration set tactful does not exist.", Refusal.CONFIGURATION),
        (400, "BadRequestException", "Illegal body", Refusal.MESSAGE),
        (403, "AccessDeniedException", "not authorized to perform ses:SendEmail", Refusal.CONFIGURATION),
        (403, "SomethingNewException", "", Refusal.CONFIGURATION),
        (400, "SomethingNewException", "", Refusal.MESSAGE),
        (429, "SomethingNewException", "", Refusal.RETRY_LATER),
    ],
)
def test_an_error_of_ses_is_told_by_its_code_and_where_needed_by_its_text(
    ses: SesStub, status: int, code: str, text: str, expected: Refusal
) -> None:
    ses.answer = ses_error(status, code, text)

    outcome = a_ses_sender(ses.url).send(an_outgoing("dana@client.example.com"))

    assert isinstance(outcome, Refused)
    assert outcome.refusal is expected


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failure_inside_ses_leaves_the_outcome_unknown_whatever_it_is_called(
    ses: SesStub, status: int
) -> None:
    ses.answer = ses_error(status, "ThrottlingException", "Daily message quota exceeded.")

    outcome = a_ses_sender(ses.url).send(an_outgoing("dana@client.example.com"))

    assert outcome == OutcomeUnknown("ThrottlingException")


def test_an_email_is_tagged_with_the_reminder_and_says_that_a_machine_wrote_it(ses: SesStub) -> None:
    a_ses_sender(ses.url, reply_domain="in.acme.example.com").send(an_outgoing("dana@client.example.com"))

    (request,) = ses.sent
    simple = request["Content"]["Simple"]
    assert request["FromEmailAddress"] == "Acme Ltd <billing@acme.example.com>"
    assert request["Destination"] == {"ToAddresses": ["dana@client.example.com"]}
    assert request["EmailTags"] == [{"Name": "reminder_id", "Value": REMINDER_ID}]
    assert request["ConfigurationSetName"] == "tactful"
    assert simple["Subject"] == {"Data": "Invoice 1042 from Acme", "Charset": "UTF-8"}
    assert simple["Body"]["Html"] == {"Data": "<p>Invoice 1042 is open.</p>", "Charset": "UTF-8"}
    assert simple["Body"]["Text"] == {"Data": "Acme: invoice 1042 is open.", "Charset": "UTF-8"}
    assert simple["Headers"] == [{"Name": "Auto-Submitted", "Value": "auto-generated"}]


def test_an_answer_to_an_email_comes_back_to_the_reminder(ses: SesStub) -> None:
    a_ses_sender(ses.url, reply_domain="in.acme.example.com").send(an_outgoing("dana@client.example.com"))

    (address,) = ses.sent[0]["ReplyToAddresses"]
    assert address.endswith("@in.acme.example.com")
    assert reminder_of_reply(address, [REPLY_KEY]) == REMINDER_ID


def test_without_a_domain_for_replies_they_go_to_the_sender(ses: SesStub) -> None:
    a_ses_sender(ses.url).send(an_outgoing("dana@client.example.com"))

    assert ses.sent[0]["ReplyToAddresses"] == ["billing@acme.example.com"]


@pytest.mark.parametrize(
    "name", ["Zoë & Söhne Überseehandelsgesellschaft für Möbel", 'Smith, "Bob" & Co', "東京商店"]
)
def test_any_business_name_reaches_the_reader_intact(ses: SesStub, name: str) -> None:
    a_ses_sender(ses.url, business_name=name).send(an_outgoing("dana@client.example.com"))

    header = ses.sent[0]["FromEmailAddress"]
    shown, address = parseaddr(header)
    assert header.isascii()
    assert str(make_header(decode_header(shown))) == name
    assert address == "billing@acme.example.com"


@pytest.mark.parametrize("smuggled", ["\r\nBcc: all@example.com", "\n", "\x00", "\u2028"])
def test_a_header_line_smuggled_into_a_name_or_subject_is_refused(ses: SesStub, smuggled: str) -> None:
    by_name = a_ses_sender(ses.url, business_name=f"Acme{smuggled}").send(
        an_outgoing("dana@client.example.com")
    )
    by_subject = a_ses_sender(ses.url).send(an_outgoing("dana@client.example.com", subject=f"Hi{smuggled}"))

    assert by_name == Refused(Refusal.CONFIGURATION, "control_characters_in_business_name")
    assert by_subject == Refused(Refusal.MESSAGE, "control_characters_in_header")
    assert ses.sent == []


@pytest.mark.parametrize(
    "address",
    ["zoë@client.example.com", "", "dana", "dana@a.com, eve@b.com", "da na@a.com", "dana@a.com\r\nBcc: x"],
)
def test_an_address_that_ses_cannot_use_is_refused_before_the_wire(ses: SesStub, address: str) -> None:
    assert a_ses_sender(ses.url).send(an_outgoing(address)) == Refused(Refusal.ADDRESS, "invalid_address")
    assert ses.sent == []


def test_an_international_domain_travels_in_punycode(ses: SesStub) -> None:
    a_ses_sender(ses.url).send(an_outgoing("Dana@exämple.de"))

    assert ses.sent[0]["Destination"] == {"ToAddresses": ["Dana@xn--exmple-cua.de"]}


def test_an_sms_goes_through_the_messaging_service_and_reports_back_with_the_reminder(
    twilio: TwilioServer,
) -> None:
    outcome = a_twilio_sender(twilio.url).send(an_outgoing("+15005550006"))

    (message,) = twilio.messages.values()
    assert outcome == Accepted(message.sid)
    assert twilio.posts == [
        {
            "To": "+15005550006",
            "MessagingServiceSid": SERVICE_SID,
            "Body": "Acme: invoice 1042 is open.",
            "StatusCallback": f"{PUBLIC_URL}/webhooks/twilio/status?r={REMINDER_ID}",
            "ValidityPeriod": "5400",
        }
    ]


@pytest.mark.parametrize(
    ("remaining", "validity"),
    [
        (timedelta(hours=9), "14400"),
        (timedelta(seconds=59, milliseconds=900), "59"),
        (timedelta(seconds=1), "1"),
    ],
)
def test_an_sms_expires_when_the_contact_window_closes_and_after_four_hours_at_most(
    twilio: TwilioServer, remaining: timedelta, validity: str
) -> None:
    now = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)

    a_twilio_sender(twilio.url).send(an_outgoing("+15005550006", now=now, latest=now + remaining))

    assert twilio.posts[0]["ValidityPeriod"] == validity


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+15005550001", Refused(Refusal.ADDRESS, "21211")),
        ("+15005550002", Refused(Refusal.MESSAGE, "21612")),
        ("+15005550003", Refused(Refusal.CONFIGURATION, "21408")),
        ("+15005550004", Refused(Refusal.CONSENT, "21610")),
        ("+15005550009", Refused(Refusal.ADDRESS, "21614")),
    ],
)
def test_a_number_that_twilio_refuses_is_told_by_its_error_code(
    twilio: TwilioServer, number: str, expected: Refused
) -> None:
    assert a_twilio_sender(twilio.url).send(an_outgoing(number)) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (ApiError(400, 29999), Refused(Refusal.MESSAGE, "29999")),
        (ApiError(403, 29999), Refused(Refusal.CONFIGURATION, "29999")),
        (ApiError(429, 29999), Refused(Refusal.RETRY_LATER, "29999")),
        (ApiError(408, 29999), OutcomeUnknown("29999")),
        (ApiError(503, 20429), OutcomeUnknown("20429")),
    ],
)
def test_an_error_of_twilio_that_is_not_known_is_told_by_its_http_status(
    twilio: TwilioServer, answer: ApiError, expected: Refused | OutcomeUnknown
) -> None:
    twilio.script([answer])

    assert a_twilio_sender(twilio.url).send(an_outgoing("+15005550006")) == expected


def test_a_wrong_auth_token_is_a_wrong_setting(twilio: TwilioServer) -> None:
    messages = twilio_messages(TwilioCredentials(ACCOUNT_SID, "stale"), base_url=twilio.url, timeout=SHORT)

    outcome = TwilioSender(messages, SERVICE_SID, PUBLIC_URL).send(an_outgoing("+15005550006"))

    assert outcome == Refused(Refusal.CONFIGURATION, "20003")


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("21610", Refusal.CONSENT),
        ("30004", Refusal.CONSENT),
        ("30005", Refusal.ADDRESS),
        ("30006", Refusal.ADDRESS),
        ("30007", Refusal.MESSAGE),
        ("30034", Refusal.CONFIGURATION),
        ("30036", Refusal.RETRY_LATER),
        ("30003", None),
        ("30008", None),
        ("30410", None),
        ("99999", None),
        ("", None),
        ("3000५", None),
    ],
)
def test_the_error_code_of_a_failed_sms_says_whether_the_number_may_be_used_again(
    code: str, problem: Refusal | None
) -> None:
    assert delivery_problem(code) is problem


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("accepted", ReminderStatus.ACCEPTED),
        ("scheduled", ReminderStatus.ACCEPTED),
        ("queued", ReminderStatus.ACCEPTED),
        ("sending", ReminderStatus.ACCEPTED),
        ("sent", ReminderStatus.ACCEPTED),
        ("delivered", ReminderStatus.DELIVERED),
        ("read", ReminderStatus.DELIVERED),
        ("undelivered", ReminderStatus.FAILED),
        ("failed", ReminderStatus.FAILED),
        ("canceled", ReminderStatus.FAILED),
        ("teleported", None),
        ("", None),
    ],
)
def test_a_message_status_moves_the_reminder_unless_the_word_is_new(
    word: str, status: ReminderStatus | None
) -> None:
    assert status_of(word) is status
