from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.replies.message import Facts, Incoming, Intent, Scope, Understood
from tactful.domain.replies.understand import understand
from tactful.entrypoints.cli import FAULT, OK, main
from tests.unit.replies.messages import MEANT, PROMISED

WEDNESDAY = date(2026, 9, 9)


def sms(text: str, *, locale: str = "en-GB", today: date = WEDNESDAY) -> Understood:
    return understand(Incoming("sms", text, locale, today))


def mail(text: str, **headers: str) -> Understood:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return understand(Incoming("email", text, "en-GB", WEDNESDAY, named))


@pytest.mark.parametrize(("intent", "text"), [(intent, text) for intent in MEANT for text in MEANT[intent]])
def test_a_message_means_what_a_careful_clerk_would_say(intent: str, text: str) -> None:
    assert sms(text).primary == intent


@pytest.mark.parametrize("text", PROMISED)
def test_a_promise_is_for_the_day_that_was_meant(text: str) -> None:
    assert str(sms(text).facts.promise_date) == PROMISED[text]


@pytest.mark.parametrize(
    "text",
    [
        "asap",
        "Will do",
        "once my client pays me",
        "soon as I can",
        "I paid on Monday",
        "call me on Friday",
        "I'll let you know by Friday",
        "the invoice isn't due until 30 September",
        "I'm checking with my boss, back to you tomorrow",
    ],
)
def test_no_day_is_made_up(text: str) -> None:
    assert sms(text).facts.promise_date is None


def test_numbers_are_read_as_the_client_writes_them() -> None:
    assert sms("will pay 3/10", locale="en-GB").facts.promise_date == date(2026, 10, 3)
    assert sms("will pay 3/10", locale="en-US").facts.promise_date == date(2027, 3, 10)
    assert sms("paid 3/9", locale="en-GB").facts.paid_date == date(2026, 9, 3)


def test_the_end_of_february_is_known_in_leap_years() -> None:
    assert sms("end of the month", today=date(2028, 2, 10)).facts.promise_date == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("STOP", Scope.SMS),
        ("no more texts please", Scope.SMS),
        ("stop calling me", Scope.PHONE),
        ("leave me alone", Scope.ALL),
        ("STOP ALL", Scope.ALL),
        ("please stop the reminders for INV-1042, it is paid", Scope.INVOICE),
        ("text me instead of emailing", Scope.EMAIL),
    ],
)
def test_an_opt_out_is_about_what_it_names(text: str, scope: Scope) -> None:
    assert sms(text).facts.opt_out_scope is scope


def test_an_opt_out_comes_before_everything_else_that_is_said() -> None:
    understood = sms("stop texting me, I already paid this on Monday")
    assert (understood.primary, understood.also) == (Intent.OPT_OUT, (Intent.PAID_CLAIM,))
    assert understood.facts.paid_date == date(2026, 9, 7)


def test_what_was_found_is_told_with_the_words_that_say_so() -> None:
    understood = sms("The amount is wrong, call me")
    assert understood.also == (Intent.CALL_REQUEST,)
    assert "amount is wrong" in understood.because[Intent.DISPUTE]
    assert understood.because[Intent.CALL_REQUEST] == "call me"


def test_facts_are_read_as_they_are_written() -> None:
    facts = sms("Sent £1,420.50 for INV-1190 on 27/08, ref HRL-00931").facts
    assert facts == Facts(
        amount_minor=1_420_50,
        currency="GBP",
        invoices=("INV-1190",),
        paid_date=date(2026, 8, 27),
        payment_ref="HRL-00931",
    )


def test_two_parts_have_two_days() -> None:
    facts = sms("can do 200 on Friday and the rest on the 30th").facts
    assert (facts.promise_date, facts.rest_date) == (date(2026, 9, 11), date(2026, 9, 30))


QUOTED = """

On Tue, 8 Sep 2026 at 09:00, Acme Billing <billing@acme.example> wrote:
> Invoice 1042 is overdue. When can we expect payment?
> Reply STOP to opt out, or unsubscribe.
"""


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        (f"Paid yesterday.{QUOTED}", Intent.PAID_CLAIM),
        (f"{QUOTED}\nWill pay on Friday.", Intent.PROMISE_TO_PAY),
        (f"Thanks, noted.\n\nAnn{QUOTED}", Intent.THANKS),
        (
            "Please call me.\n\nKind regards\nAnn\n\nTo unsubscribe from our newsletter click here",
            Intent.CALL_REQUEST,
        ),
        (
            "Could you resend it?\n\nFrom: Acme <a@b.example>\nSent: Monday\nTo: x\nSubject: y\n\nReply STOP",
            Intent.INVOICE_COPY_REQUEST,
        ),
        (f"Stop.{QUOTED}", Intent.OPT_OUT),
    ],
)
def test_of_a_mail_only_the_client_s_own_words_count(text: str, intent: Intent) -> None:
    assert mail(text, Subject="Re: unsubscribe from overdue").primary is intent


def test_an_empty_mail_whose_subject_asks_to_be_left_alone_is_an_opt_out() -> None:
    understood = mail("", Subject="unsubscribe")
    assert (understood.primary, understood.facts.opt_out_scope) == (Intent.OPT_OUT, Scope.EMAIL)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Subject": "Automatic reply: Invoice 1042"},
        {"From": "Mail Delivery Subsystem <mailer-daemon@mail.example>"},
        {"Precedence": "bulk"},
        {"Content_Type": "multipart/report; report-type=delivery-status"},
    ],
)
def test_a_machine_is_known_by_its_headers_whatever_it_says(headers: dict[str, str]) -> None:
    assert mail("I will pay on Friday. STOP", **headers).primary is Intent.AUTO_REPLY


def test_a_machine_s_word_of_who_left_and_who_stands_in_is_told() -> None:
    text = "Ed is no longer with the company. Please direct invoices to ap@client.example."
    understood = mail(text, Auto_Submitted="auto-replied")
    assert understood.also == (Intent.WRONG_CONTACT, Intent.REDIRECT_CONTACT)
    assert understood.facts.contact_email == "ap@client.example"


def test_a_reaction_to_our_own_words_is_no_opt_out() -> None:
    assert sms("Liked “Invoice 1042 is due. Reply STOP to opt out”").primary is Intent.THANKS


@given(
    st.text(max_size=300), st.sampled_from(["sms", "email"]), st.sampled_from(["en-GB", "en-US", "de-DE", ""])
)
def test_whatever_is_written_is_understood_as_something_and_no_day_is_in_the_past(
    text: str, channel: str, locale: str
) -> None:
    understood = understand(Incoming(channel, text, locale, WEDNESDAY))
    assert understood.primary not in understood.also
    assert understood.facts.promise_date is None or understood.facts.promise_date >= WEDNESDAY


def test_the_command_reads_messages_and_tells_of_each(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        {"id": "a", "channel": "sms", "text": "STOP", "locale": "en-GB", "reference_date": "2026-09-09"},
        {"id": "b", "channel": "fax", "text": "STOP", "reference_date": "2026-09-09"},
        {
            "id": "c",
            "channel": "sms",
            "text": "will pay friday",
            "reference_date": "2026-09-09",
            "headers": {},
        },
    ]
    text = "\n".join([*map(json.dumps, lines), "<xml/>", ""])
    monkeypatch.setattr("sys.stdin", text.splitlines(keepends=True))
    assert main(["understand"]) == FAULT
    said = capsys.readouterr()
    first, second = map(json.loads, said.out.splitlines())
    assert (first["id"], first["primary"], first["facts"]["opt_out_scope"]) == ("a", "opt_out", "sms")
    assert (second["id"], second["facts"]["promise_date"]) == ("c", "2026-09-11")
    assert said.err.splitlines()[0] == "line 2: channel 'fax': give sms or email"
    assert said.err.splitlines()[1].startswith("line 4: no JSON")


def test_the_command_is_content_with_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", [])
    assert main(["understand"]) == OK


@pytest.mark.parametrize("text", ["On Mon ", "1", "stop the ", "From: a\n", "a@b.", "not paid "])
def test_a_message_without_end_is_read_as_far_as_anybody_writes(text: str) -> None:
    assert understand(Incoming("email", f"call me\n{text * 300_000}", "en-GB", WEDNESDAY)).primary
