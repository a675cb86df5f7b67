from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tactful.domain.book.account import SuppressionReason
from tactful.domain.book.contact_log import ReminderStatus
from tactful.entrypoints.queues import NotOursError
from tactful.entrypoints.ses_events import report_in

REMINDER = "a7u2s2lfk724r6ec-524emsswxvbfegxy"
SENT_AT, HAPPENED_AT = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
_DETAIL_KEYS = {"DeliveryDelay": "deliveryDelay", "Rendering Failure": "failure"}


def ses_event(kind: str, details: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "eventType": kind,
        "mail": {
            "timestamp": "2026-03-02T09:00:00.000Z",
            "messageId": "0102-3",
            "tags": {"reminder_id": [REMINDER], "ses:configuration-set": ["tactful"]},
        },
        _DETAIL_KEYS.get(kind, kind.lower()): details or {},
    }


@pytest.mark.parametrize(
    ("event", "status", "suppress", "code"),
    [
        (ses_event("Send"), ReminderStatus.ACCEPTED, None, "Send"),
        (ses_event("Delivery"), ReminderStatus.DELIVERED, None, "Delivery"),
        (ses_event("DeliveryDelay", {"delayType": "MailboxFull"}), None, None, "DeliveryDelay: MailboxFull"),
        (
            ses_event("Bounce", {"bounceType": "Permanent", "bounceSubType": "General"}),
            ReminderStatus.BOUNCED,
            SuppressionReason.BOUNCE,
            "Bounce: Permanent/General",
        ),
        (
            ses_event("Bounce", {"bounceType": "Transient", "bounceSubType": "MailboxFull"}),
            ReminderStatus.BOUNCED,
            None,
            "Bounce: Transient/MailboxFull",
        ),
        (
            ses_event("Complaint", {"complaintFeedbackType": "abuse"}),
            ReminderStatus.DELIVERED,
            SuppressionReason.COMPLAINT,
            "Complaint: abuse",
        ),
        (ses_event("Complaint"), ReminderStatus.DELIVERED, SuppressionReason.COMPLAINT, "Complaint"),
        (
            ses_event("Complaint", {"complaintFeedbackType": "not-spam"}),
            ReminderStatus.DELIVERED,
            None,
            "Complaint: not-spam",
        ),
        (ses_event("Reject", {"reason": "Bad content"}), ReminderStatus.FAILED, None, "Reject: Bad content"),
        (ses_event("Rendering Failure"), ReminderStatus.FAILED, None, "Rendering Failure"),
    ],
)
def test_every_event_has_its_meaning(
    event: dict[str, Any], status: ReminderStatus | None, suppress: SuppressionReason | None, code: str
) -> None:
    report = report_in(event)
    assert report is not None
    assert (report.status, report.suppress, report.code) == (status, suppress, code)
    assert (report.reminder_id, report.provider_id, report.at) == (REMINDER, "0102-3", SENT_AT)


def test_an_event_is_dated_by_what_happened_and_not_by_the_mail() -> None:
    report = report_in(ses_event("Delivery", {"timestamp": "2026-03-02T09:05:00.000Z"}))
    assert report is not None
    assert report.at == HAPPENED_AT


def test_an_event_in_the_envelope_of_a_notification_is_the_same() -> None:
    event = ses_event("Delivery")
    assert report_in({"Type": "Notification", "Message": json.dumps(event)}) == report_in(event)


@pytest.mark.parametrize("kind", ["Open", "Click", "Subscription"])
def test_an_event_that_says_nothing_of_delivery_is_no_report(kind: str) -> None:
    assert report_in(ses_event(kind)) is None


@pytest.mark.parametrize("tags", [{}, {"campaign": ["spring"]}, {"reminder_id": []}])
def test_an_event_without_our_tag_is_no_report(tags: dict[str, list[str]]) -> None:
    event = ses_event("Delivery")
    event["mail"]["tags"] = tags
    assert report_in(event) is None


def test_a_mail_of_somebody_else_has_no_tags_at_all() -> None:
    event = ses_event("Bounce")
    del event["mail"]["tags"]
    assert report_in(event) is None


def test_the_note_that_the_topic_works_is_no_report() -> None:
    note = "Successfully validated SNS topic for Amazon SES event publishing."
    assert report_in({"Type": "Notification", "Message": note}) is None


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"eventType": "Delivery"},
        {"mail": {"tags": {"reminder_id": ["x"]}}, "eventType": "Delivery", "delivery": "today"},
        {"mail": {"tags": {"reminder_id": ["x"]}}, "eventType": "Delivery"},
        {"mail": {"tags": {"reminder_id": ["x"]}, "timestamp": "noon"}, "eventType": "Delivery"},
        {
            "mail": {"tags": {"reminder_id": ["x"]}, "timestamp": "2026-03-02T09:00:00"},
            "eventType": "Delivery",
        },
        {
            "mail": {"tags": {"reminder_id": [7]}, "timestamp": "2026-03-02T09:00:00Z"},
            "eventType": "Delivery",
        },
        {"mail": {"tags": ["reminder_id"]}, "eventType": "Delivery"},
        {"mail": "x", "eventType": "Delivery"},
        {"mail": {"tags": {"reminder_id": ["x"]}}, "eventType": ["Delivery"]},
        {"Type": "Notification"},
        {"Type": "Notification", "Message": "hello"},
        {"Type": "Notification", "Message": "[]"},
        {"Type": "Notification", "Message": 7},
        {"account": "abc"},
    ],
)
def test_a_message_that_is_no_event_is_left_for_a_person(message: dict[str, Any]) -> None:
    with pytest.raises(NotOursError):
        report_in(message)
