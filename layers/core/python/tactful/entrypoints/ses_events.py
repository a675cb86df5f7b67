"""SES events, as SNS delivers them to the queue, in our words.

Event names and bounce types: Amazon SES developer guide, "Contents of event data". One has a space.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from tactful.application.track_delivery import DeliveryReport
from tactful.domain.book.account import SuppressionReason
from tactful.domain.book.contact_log import ReminderStatus
from tactful.entrypoints.queues import NotOursError

REMINDER_TAG = "reminder_id"
_TOPIC_NOTE = "Successfully validated SNS topic"

_STATUSES: dict[str, ReminderStatus | None] = {
    "Send": ReminderStatus.ACCEPTED,
    "Delivery": ReminderStatus.DELIVERED,
    "DeliveryDelay": None,
    "Bounce": ReminderStatus.BOUNCED,
    "Complaint": ReminderStatus.DELIVERED,
    "Reject": ReminderStatus.FAILED,
    "Rendering Failure": ReminderStatus.FAILED,
}
_DETAILS = {
    "Delivery": "delivery",
    "DeliveryDelay": "deliveryDelay",
    "Bounce": "bounce",
    "Complaint": "complaint",
    "Reject": "reject",
    "Rendering Failure": "failure",
}


def report_in(message: dict[str, Any]) -> DeliveryReport | None:
    """The delivery report in an SES event, with or without its SNS envelope.

    None if it is not about a reminder of ours (no tag), or of a kind that says nothing about delivery, or the note
    that SES sends when it is told of the topic. Raises NotOursError for anything that is no SES event.
    """
    if str(message.get("Message", "")).startswith(_TOPIC_NOTE):
        return None
    event = _unwrapped(message)
    try:
        mail, kind = event["mail"], event["eventType"]
        tags = mail.get("tags", {}).get(REMINDER_TAG, [])
        if kind not in _STATUSES or not tags:
            return None
        details = event.get(_DETAILS.get(kind, ""), {})
        at = datetime.fromisoformat(details.get("timestamp") or mail["timestamp"])
        if at.tzinfo is None or not isinstance(tags[0], str):
            raise NotOursError("the event's time has no zone, or its tag is no text")
        return DeliveryReport(
            reminder_id=tags[0],
            at=at,
            code=_code(kind, details),
            status=_STATUSES[kind],
            provider_id=mail.get("messageId", ""),
            suppress=_suppression(kind, details),
        )
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise NotOursError(f"the message is no SES event ({type(error).__name__})") from error


def _unwrapped(message: dict[str, Any]) -> dict[str, Any]:
    if message.get("Type") != "Notification":
        return message
    try:
        event = json.loads(message["Message"])
    except (KeyError, TypeError, ValueError) as error:
        raise NotOursError("the notification carries no JSON") from error
    if not isinstance(event, dict):
        raise NotOursError("the notification carries no JSON object")
    return event


def _code(kind: str, details: dict[str, Any]) -> str:
    specific = {
        "Bounce": f"{details.get('bounceType')}/{details.get('bounceSubType')}",
        "Complaint": details.get("complaintFeedbackType"),
        "DeliveryDelay": details.get("delayType"),
        "Reject": details.get("reason"),
    }.get(kind)
    return f"{kind}: {specific}" if specific else kind


def _suppression(kind: str, details: dict[str, Any]) -> SuppressionReason | None:
    """Permanent bounces and complaints end the use of an address; "not-spam" is the opposite of a complaint."""
    if kind == "Bounce" and details.get("bounceType") == "Permanent":
        return SuppressionReason.BOUNCE
    if kind == "Complaint" and details.get("complaintFeedbackType") != "not-spam":
        return SuppressionReason.COMPLAINT
    return None
