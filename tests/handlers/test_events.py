# ruff: noqa: ARG001 - every check is given the same things, and looks at what it checks
"""Every file in events/, replayed through the function it is for. A file without an expectation fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tactful.adapters.clock import SandboxClock
from tactful.domain.book.account import SuppressionReason
from tactful.domain.book.contact_log import ReminderStatus
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import InvoiceState
from tests.handlers.world import BUCKET, EMAIL, INVOICES, KEY, NOW, PHONE, World, event, event_names

Check = Callable[[World, Any], None]


def _all_taken(world: World, answer: Any) -> None:
    assert answer == {"batchItemFailures": []}


def _returned(*numbers: int) -> Check:
    def check(world: World, answer: Any) -> None:
        returned = [failure["itemIdentifier"][-1] for failure in answer["batchItemFailures"]]
        assert returned == [str(number) for number in numbers]

    return check


def _status(status: int) -> Check:
    def check(world: World, answer: Any) -> None:
        assert answer["statusCode"] == status

    return check


def _reminder(status: ReminderStatus, suppressed: Channel | None = None) -> Check:
    def check(world: World, answer: Any) -> None:
        assert world.reminder().status is status
        assert world.is_suppressed(Channel.EMAIL, EMAIL) is (suppressed is Channel.EMAIL)
        assert world.is_suppressed(Channel.SMS, PHONE) is (suppressed is Channel.SMS)

    return check


def _report(world: World, key: str) -> dict[str, Any]:
    body = world.aws.client("s3").get_object(Bucket=BUCKET, Key=f"reports/{key}.json")["Body"]
    report: dict[str, Any] = json.load(body)
    return report


def _customers_known(world: World, answer: Any) -> None:
    contact = world.account().customer.contacts[0]
    assert (contact.email, contact.phone) == (EMAIL, PHONE)


def _invoice_known(world: World, answer: Any) -> None:
    assert [invoice.number for invoice in world.account().invoices] == ["INV-1"]


def _missing_reported(world: World, answer: Any) -> None:
    assert "deleted" in _report(world, "invoices/deleted-meanwhile.csv")["refused"]


def _odd_key_read(world: World, answer: Any) -> None:
    assert _report(world, "invoices/Q1 report+final (1) ü.csv")["unchanged"] == 1


def _snapshot_taken(world: World, answer: Any) -> None:
    report = _report(world, "snapshots/open.csv")
    assert (report["mode"], report["outcome"], report["unchanged"]) == ("snapshot", "done", 1)


def _account_queued(world: World, answer: Any) -> None:
    assert answer == {"queued": 1, "rescheduled": 0, "stopped": 0}
    assert world.queued() == [{"account": KEY}]


def _nothing_queued(world: World, answer: Any) -> None:
    assert answer == {"queued": 0, "rescheduled": 0, "stopped": 0}
    assert world.queued() == []


def _one_sms_sent(world: World, answer: Any) -> None:
    assert [message.to for message in world.twilio.messages.values()] == [PHONE]
    assert world.reminder().status is ReminderStatus.ACCEPTED


def _nothing_sent(world: World, answer: Any) -> None:
    assert world.twilio.messages == {}


def _opted_out(world: World, answer: Any) -> None:
    assert world.is_suppressed(Channel.SMS, PHONE)
    record = world.account().address_record(Channel.SMS, PHONE)
    assert record is not None
    assert record.suppression is not None
    assert record.suppression.reason is SuppressionReason.OPT_OUT
    assert answer["body"] == "<Response></Response>"


def _promised(world: World, answer: Any) -> None:
    (promise,) = world.account().promises
    assert promise.promised_date.strftime("%A") == "Friday"
    assert [owed.kind for owed in world.account().answers] == ["promise_noted"]
    assert world.tasks() == []


def _task(kind: str) -> Check:
    def check(world: World, answer: Any) -> None:
        assert world.tasks() == [kind]

    return check


def _documents(*names: str) -> Check:
    """Which documents there are, by their kind and how they end."""

    def check(world: World, answer: Any) -> None:
        listed = world.aws.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="documents/")
        keys = [kept["Key"] for kept in listed.get("Contents", ())]
        assert all(key.startswith(f"documents/{KEY}/") for key in keys)
        assert [f"{key.split('/')[2]}.{key.rpartition('.')[2]}" for key in keys] == list(names)

    return check


def _due(minor: int, state: InvoiceState) -> Check:
    def check(world: World, answer: Any) -> None:
        invoice = world.account().invoices[0]
        assert (invoice.amount_due.minor, invoice.state) == (minor, state)

    return check


def _thanks_owed(world: World, answer: Any) -> None:
    thanks = world.account().thanks
    assert thanks is not None
    assert thanks.payment_id == "evt_1001"


_PAID = (_status(200), _due(0, InvoiceState.PAID), _thanks_owed)
_REFUSED = (_status(403), _due(120_00, InvoiceState.OPEN))
EXPECTED: dict[str, tuple[Check, ...]] = {
    "import_invoices/customers_created": (_all_taken, _customers_known),
    "import_invoices/invoices_created": (_all_taken, _invoice_known),
    "import_invoices/key_with_space_and_plus": (_all_taken, _odd_key_read),
    "import_invoices/same_event_twice": (_all_taken, _invoice_known),
    "import_invoices/missing_object": (_all_taken, _missing_reported),
    "import_invoices/snapshot_created": (_all_taken, _snapshot_taken),
    "import_invoices/settings_created": (_all_taken, _invoice_known),
    "import_invoices/go_on_with_an_unknown_import": (_all_taken, _invoice_known),
    "import_invoices/s3_test_event": (_all_taken,),
    "import_invoices/not_ours": (_returned(1),),
    "make_documents/statement": (_all_taken, _documents("statement.pdf")),
    "make_documents/same_order_twice": (_all_taken, _documents("statement.pdf")),
    "make_documents/final_demand": (_all_taken, _documents("final-demand.pdf")),
    "make_documents/letter": (_all_taken, _documents("letter.pdf")),
    "make_documents/handoff": (_all_taken, _documents("handoff.json", "handoff.pdf")),
    "make_documents/unknown_account": (_returned(1), _documents()),
    "make_documents/not_ours_beside_one_of_ours": (_returned(1), _documents("statement.pdf")),
    "plan_reminders/tick": (_account_queued,),
    "plan_reminders/unreplaced_placeholder": (_account_queued,),
    "plan_reminders/tick_a_day_late": (_nothing_queued,),
    "sweep_outcomes/tick": (_nothing_sent,),
    "send_reminders/due": (_all_taken, _one_sms_sent),
    "send_reminders/same_account_twice": (_all_taken, _one_sms_sent),
    "send_reminders/unknown_account": (_all_taken, _nothing_sent),
    "send_reminders/not_ours_beside_one_of_ours": (_returned(1), _one_sms_sent),
    "receive_webhooks/twilio_inbound_stop": (_status(200), _opted_out),
    "receive_webhooks/twilio_inbound_reply": (_status(200), _promised),
    "receive_webhooks/twilio_inbound_unknown_number": (_status(200), _task("unmatched_reply")),
    "receive_webhooks/twilio_inbound_unsigned": (_status(403), _reminder(ReminderStatus.ACCEPTED)),
    "receive_webhooks/twilio_inbound_wrongly_signed": (_status(403), _reminder(ReminderStatus.ACCEPTED)),
    "receive_webhooks/twilio_inbound_as_json": (_status(415), _reminder(ReminderStatus.ACCEPTED)),
    "receive_webhooks/twilio_status_delivered": (_status(204), _reminder(ReminderStatus.DELIVERED)),
    "receive_webhooks/twilio_status_undelivered_opted_out": (
        _status(204),
        _reminder(ReminderStatus.FAILED, suppressed=Channel.SMS),
    ),
    "receive_webhooks/twilio_status_of_an_unknown_reminder": (
        _status(204),
        _reminder(ReminderStatus.ACCEPTED),
    ),
    "receive_webhooks/twilio_status_unknown_word": (_status(204), _reminder(ReminderStatus.ACCEPTED)),
    "receive_webhooks/payment": _PAID,
    "receive_webhooks/payment_part": (_status(200), _due(70_00, InvoiceState.OPEN)),
    "receive_webhooks/payment_reversal": (_status(200), _due(120_00, InvoiceState.OPEN)),
    "receive_webhooks/payment_for_an_unknown_invoice": (_status(200), _task("unmatched_payment")),
    "receive_webhooks/payment_in_another_currency": (_status(200), _task("unmatched_payment")),
    "receive_webhooks/payment_tampered_with": _REFUSED,
    "receive_webhooks/payment_signed_long_ago": _REFUSED,
    "receive_webhooks/payment_with_a_wrong_key": _REFUSED,
    "receive_webhooks/payment_without_amount": (_status(400), _due(120_00, InvoiceState.OPEN)),
    "receive_webhooks/payment_that_is_no_json": (_status(400), _due(120_00, InvoiceState.OPEN)),
    "receive_webhooks/unknown_path": (_status(404),),
    "track_delivery/send": (_all_taken, _reminder(ReminderStatus.ACCEPTED)),
    "track_delivery/delivery": (_all_taken, _reminder(ReminderStatus.DELIVERED)),
    "track_delivery/raw_delivery": (_all_taken, _reminder(ReminderStatus.DELIVERED)),
    "track_delivery/bounce_permanent": (
        _all_taken,
        _reminder(ReminderStatus.BOUNCED, suppressed=Channel.EMAIL),
    ),
    "track_delivery/bounce_transient": (_all_taken, _reminder(ReminderStatus.BOUNCED)),
    "track_delivery/complaint": (_all_taken, _reminder(ReminderStatus.DELIVERED, suppressed=Channel.EMAIL)),
    "track_delivery/complaint_not_spam": (_all_taken, _reminder(ReminderStatus.DELIVERED)),
    "track_delivery/delivery_delay": (_all_taken, _reminder(ReminderStatus.ACCEPTED)),
    "track_delivery/reject": (_all_taken, _reminder(ReminderStatus.FAILED)),
    "track_delivery/rendering_failure": (_all_taken, _reminder(ReminderStatus.FAILED)),
    "track_delivery/opened": (_all_taken, _reminder(ReminderStatus.ACCEPTED)),
    "track_delivery/without_our_tag": (_all_taken, _reminder(ReminderStatus.ACCEPTED)),
    "track_delivery/topic_validated": (_all_taken,),
    "track_delivery/not_ours": (_returned(1), _reminder(ReminderStatus.ACCEPTED)),
}
# What came in changes nothing the second time: counted once, told once, sent once.
REPEATABLE = [name for name in EXPECTED if not name.startswith("plan_reminders/")]


def _prepare(world: World, name: str) -> None:
    function, _, case = name.partition("/")
    if function == "track_delivery":
        world.send(Channel.EMAIL)
    elif case.startswith("twilio_"):
        world.send(Channel.SMS)
    else:
        world.import_book()
    if function == "plan_reminders":
        # An import lets nobody be reminded before it is over.
        SandboxClock(world.table).move_to(NOW + timedelta(minutes=16))
    world.upload("invoices/Q1 report+final (1) ü.csv", INVOICES)
    world.upload("snapshots/open.csv", INVOICES)


@pytest.mark.parametrize("name", event_names())
def test_an_event_has_its_effect(world: World, name: str) -> None:
    _prepare(world, name)
    answer = world.replay(name)
    for check in EXPECTED[name]:
        check(world, answer)


def test_every_expectation_has_its_event() -> None:
    assert sorted(EXPECTED) == event_names()


@pytest.mark.parametrize("name", REPEATABLE)
def test_the_same_event_again_changes_nothing(world: World, name: str) -> None:
    _prepare(world, name)
    world.replay(name)
    before, messages = world.everything(), len(world.twilio.messages)
    world.replay(name)
    assert world.everything() == before
    assert len(world.twilio.messages) == messages


@pytest.mark.parametrize("name", event_names())
def test_nothing_personal_is_logged(
    world: World, name: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    _prepare(world, name)
    world.replay(name)
    written = capsys.readouterr()
    assert f'"service":"{world.table.name}"' in written.out
    logged = written.out + written.err + caplog.text
    for personal in (
        EMAIL,
        PHONE,
        PHONE.removeprefix("+"),
        "Ann",
        "Client Ltd",
        "Will pay Friday",
        "Who is this",
    ):
        assert personal not in logged


def test_a_webhook_that_is_too_large_is_refused(world: World) -> None:
    large = event("receive_webhooks/payment") | {"body": "x" * (64 * 1024 + 1)}
    assert world.run("receive_webhooks", large)["statusCode"] == 413


@pytest.mark.parametrize("body", ["", "%%%", "not base64!", "Zm9v/+8=", "AAECAwQ="])
def test_a_body_of_any_bytes_is_refused_not_failed_on(world: World, body: str) -> None:
    odd = event("receive_webhooks/twilio_inbound_stop") | {"body": body}
    assert world.run("receive_webhooks", odd)["statusCode"] == 403
