"""What the functions do when events come in the wrong order, are garbage, or AWS itself is in trouble."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tactful import bootstrap
from tactful.domain.book.account import SuppressionReason
from tactful.domain.book.contact_log import ReminderStatus
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import InvoiceState
from tactful.settings import SettingsError
from tests.handlers import signing
from tests.handlers.world import EMAIL, KEY, PHONE, World, event

# The same world serves every example: nothing that is refused may change it.
ANY_NUMBER = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
PAYMENT = {
    "event_id": "evt_1",
    "type": "payment",
    "invoice_number": "INV-1",
    "amount_minor": 12000,
    "currency": "GBP",
    "occurred_at": "2026-03-16T09:29:58Z",
}
WEBHOOKS = ("twilio_inbound_reply", "twilio_inbound_stop", "twilio_status_delivered", "payment")


def _answer(world: World, request: dict[str, Any]) -> int:
    status: int = world.run("receive_webhooks", request)["statusCode"]
    return status


@pytest.mark.parametrize("words", [["delivered", "sent", "queued"], ["sent", "delivered"] * 3, ["delivered"]])
def test_what_was_delivered_stays_delivered_in_whatever_order_twilio_reports(
    world: World, words: list[str]
) -> None:
    world.send(Channel.SMS)
    assert {_answer(world, signing.status(word)) for word in words} == {204}
    assert world.reminder().status is ReminderStatus.DELIVERED


def test_a_receipt_for_one_part_of_a_long_sms_outweighs_the_failure_of_another(world: World) -> None:
    world.send(Channel.SMS)
    assert _answer(world, signing.status("undelivered", "30008")) == 204
    assert _answer(world, signing.status("delivered")) == 204
    assert world.reminder().status is ReminderStatus.DELIVERED


@pytest.mark.parametrize(
    ("code", "reason"),
    [("30005", SuppressionReason.INVALID), ("30004", SuppressionReason.OPT_OUT), ("30003", None)],
)
def test_an_undelivered_sms_ends_the_use_of_a_number_only_if_the_number_is_at_fault(
    world: World, code: str, reason: SuppressionReason | None
) -> None:
    world.send(Channel.SMS)
    assert _answer(world, signing.status("undelivered", code)) == 204
    record = world.account().address_record(Channel.SMS, PHONE)
    assert record is not None
    assert (record.suppression.reason if record.suppression else None) is reason
    assert world.reminder().status is ReminderStatus.FAILED


@pytest.mark.parametrize(
    ("names", "status", "suppressed"),
    [
        (("delivery", "bounce_permanent"), ReminderStatus.BOUNCED, True),
        (("bounce_permanent", "delivery", "send"), ReminderStatus.BOUNCED, True),
        (("complaint", "delivery", "send"), ReminderStatus.DELIVERED, True),
        (("complaint_not_spam", "complaint"), ReminderStatus.DELIVERED, True),
        (("delivery", "delivery_delay", "send"), ReminderStatus.DELIVERED, False),
    ],
)
def test_what_ses_reports_late_undoes_nothing(
    world: World, names: tuple[str, ...], status: ReminderStatus, *, suppressed: bool
) -> None:
    world.send(Channel.EMAIL)
    for name in names:
        assert world.replay(f"track_delivery/{name}") == {"batchItemFailures": []}
    assert world.reminder().status is status
    assert world.is_suppressed(Channel.EMAIL, EMAIL) is suppressed


def test_a_complaint_is_told_to_a_person(world: World) -> None:
    world.send(Channel.EMAIL)
    world.replay("track_delivery/complaint")
    assert world.tasks() == ["complaint"]


def test_a_returned_payment_opens_the_invoice_again(world: World) -> None:
    world.import_book()
    assert _answer(world, signing.payment(json.dumps(PAYMENT).encode())) == 200
    back = PAYMENT | {"event_id": "evt_2", "type": "reversal"}
    assert _answer(world, signing.payment(json.dumps(back).encode())) == 200
    invoice = world.account().invoices[0]
    assert (invoice.amount_due.minor, invoice.state) == (120_00, InvoiceState.OPEN)
    assert world.account().thanks is None


def test_stop_after_any_other_answer_still_silences_the_number(world: World) -> None:
    world.import_book()
    for sid, text in (("SM1", "Who is this?"), ("SM2", "STOP"), ("SM3", "START")):
        assert _answer(world, signing.inbound(sid, text)) == 200
    assert world.is_suppressed(Channel.SMS, PHONE)


def test_twilio_is_believed_under_the_public_address_whatever_the_request_says_of_itself(
    world: World,
) -> None:
    world.import_book()
    fields = [("MessageSid", "SM1"), ("From", PHONE), ("Body", "stop 🛑 + more"), ("FromZip", "")]
    query = "a=1%202&b=%2B"
    assert _answer(world, signing.from_twilio(signing.INBOUND, fields, query, prefix="/prod")) == 200
    assert world.is_suppressed(Channel.SMS, PHONE)


@ANY_NUMBER
@given(
    # Half of a surrogate pair can stand in JSON, and is no text.
    body=st.one_of(st.text(st.characters()), st.none()),
    encoded=st.booleans(),
    path=st.sampled_from([signing.INBOUND, signing.STATUS, signing.PAYMENTS, "/", ""]),
    headers=st.one_of(
        st.none(),
        st.dictionaries(
            st.sampled_from(["Content-Type", "X-Twilio-Signature", "Tactful-Signature"]),
            st.one_of(st.sampled_from([signing.FORM, "application/json"]), st.text()),
        ),
    ),
)
def test_what_nobody_signed_is_refused_whatever_it_is(
    world: World, *, body: str | None, encoded: bool, path: str, headers: dict[str, str] | None
) -> None:
    request = {"rawPath": path, "headers": headers, "body": body, "isBase64Encoded": encoded}
    assert _answer(world, request) in {403, 404, 413, 415}


@ANY_NUMBER
@given(
    document=st.one_of(
        st.binary(),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(sorted(PAYMENT)), inner),
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_a_signed_payment_that_is_none_is_refused_and_not_asked_for_again(
    world: World, document: bytes
) -> None:
    assert _answer(world, signing.payment(document)) == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_minor": 0},
        {"amount_minor": -1},
        {"amount_minor": 1.5},
        {"amount_minor": "12000"},
        {"amount_minor": 10**40},
        {"currency": "GPB"},
        {"currency": "gbp"},
        {"type": "refund"},
        {"event_id": ""},
        {"occurred_at": "2026-03-16T09:29:58"},
        {"occurred_at": "0001-01-01T00:00:00+05:00"},
        {"occurred_at": "9999-12-31T23:59:59Z"},
        {"invoice_number": ""},
    ],
)
def test_a_wrong_field_of_a_payment_is_named(world: World, wrong: dict[str, object]) -> None:
    answer = world.run("receive_webhooks", signing.payment(json.dumps(PAYMENT | wrong).encode()))
    assert answer["statusCode"] == 400
    assert answer["body"].endswith(f": {next(iter(wrong))}")


@ANY_NUMBER
@given(fields=st.lists(st.tuples(st.text(), st.text())))
def test_a_signed_form_without_what_it_needs_is_refused_and_not_asked_for_again(
    world: World, fields: list[tuple[str, str]]
) -> None:
    known = {"MessageSid", "From", "MessageStatus"}
    rest = [(name, value) for name, value in fields if name not in known]
    assert _answer(world, signing.from_twilio(signing.INBOUND, rest)) == 400
    assert _answer(world, signing.from_twilio(signing.STATUS, rest)) == 204


@pytest.mark.parametrize("name", WEBHOOKS)
def test_a_webhook_that_cannot_be_recorded_is_asked_for_again(world: World, name: str) -> None:
    world.send(Channel.SMS)
    world.aws.client("dynamodb").delete_table(TableName=world.table.name)
    answer = world.replay(f"receive_webhooks/{name}")
    assert (answer["statusCode"], "send it again" in answer["body"]) == (503, True)


@pytest.mark.parametrize("name", WEBHOOKS)
def test_a_webhook_whose_secret_cannot_be_read_is_asked_for_again(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.import_book()
    monkeypatch.setenv("TWILIO_SECRET_ID", "gone")
    monkeypatch.setenv("PAYMENTS_SECRET_ID", "gone")
    assert world.replay(f"receive_webhooks/{name}")["statusCode"] == 503


@pytest.mark.parametrize("name", ["send_reminders/same_account_twice", "track_delivery/delivery"])
def test_every_message_comes_again_while_the_table_is_gone(world: World, name: str) -> None:
    world.send(Channel.EMAIL)
    world.aws.client("dynamodb").delete_table(TableName=world.table.name)
    identifiers = [record["messageId"] for record in event(name)["Records"]]
    returned = world.replay(name)["batchItemFailures"]
    assert [failure["itemIdentifier"] for failure in returned] == identifiers
    assert world.twilio.messages == {}


@pytest.mark.parametrize("function", ["import_invoices", "send_reminders", "track_delivery"])
@pytest.mark.parametrize(
    "body", [f"Ann, {EMAIL}, {PHONE}", json.dumps({"Records": [{"s3": PHONE}], "to": EMAIL})]
)
def test_a_message_that_is_not_ours_is_returned_and_not_quoted_in_the_log(
    world: World, function: str, body: str, capsys: pytest.CaptureFixture[str]
) -> None:
    message = event("send_reminders/due")["Records"][0] | {"body": body}
    returned = world.run(function, {"Records": [message]})["batchItemFailures"]
    assert [failure["itemIdentifier"] for failure in returned] == [message["messageId"]]
    written = capsys.readouterr()
    assert message["messageId"] in written.out
    for personal in (EMAIL, PHONE, "Ann"):
        assert personal not in written.out + written.err


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("use_case", "variable"),
    [
        ("import_upload", "REPORT_BUCKET"),
        ("plan_reminders", "SEND_QUEUE_URL"),
        ("send_reminders", "FROM_ADDRESS"),
        ("webhooks", "PUBLIC_URL"),
        ("track_delivery", "TIMEZONE"),
    ],
)
def test_a_setting_that_is_missing_is_named(
    use_case: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(variable)
    with pytest.raises(SettingsError, match=variable):
        getattr(bootstrap, use_case)()


def test_after_a_new_policy_was_deployed_the_second_tick_queues_every_account_that_owes(world: World) -> None:
    world.import_book()
    early = {"scheduled_time": "2026-01-01T00:00:00Z"}
    answers = [world.run("plan_reminders", early) for _ in range(3)]
    assert answers == [{"queued": 0, "rescheduled": number, "stopped": 0} for number in (0, 1, 0)]
    assert world.queued() == [{"account": KEY, "only_look": True}]
