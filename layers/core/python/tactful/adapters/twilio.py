"""SMS through Twilio Programmable Messaging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import urlencode

from tactful.adapters.secrets import TwilioCredentials
from tactful.application.ports import (
    TOO_LATE,
    Accepted,
    OutcomeUnknown,
    Outgoing,
    Refusal,
    Refused,
    SendOutcome,
)
from tactful.application.sending_ports import SentMessages
from tactful.domain.book.contact_log import Reminder, ReminderStatus
from tactful.domain.sending.settle import Found, NotFound, Search

STATUS_PATH = "/webhooks/twilio/status"
# The query field of the status callback that carries the reminder's id.
REMINDER_FIELD = "r"

# Twilio would keep trying for ten hours. A payment may come meanwhile: four are enough.
_LONGEST_VALIDITY_SECONDS = 4 * 60 * 60

# Twilio's error codes (https://www.twilio.com/docs/api/errors), given for a request or, later, a message.
# Not listed are those that say no more than that this message did not arrive: 30003 (handset off), 30008
# (unknown) and 30410 (the carrier did not answer).
REFUSALS: Mapping[int, Refusal] = {
    14107: Refusal.MESSAGE,
    20003: Refusal.CONFIGURATION,
    20005: Refusal.CONFIGURATION,
    20404: Refusal.CONFIGURATION,
    20429: Refusal.RETRY_LATER,
    21211: Refusal.ADDRESS,
    21212: Refusal.CONFIGURATION,
    21217: Refusal.ADDRESS,
    21219: Refusal.CONFIGURATION,
    21408: Refusal.CONFIGURATION,
    21602: Refusal.MESSAGE,
    21603: Refusal.CONFIGURATION,
    21606: Refusal.CONFIGURATION,
    21608: Refusal.CONFIGURATION,
    21609: Refusal.CONFIGURATION,
    21610: Refusal.CONSENT,
    21611: Refusal.RETRY_LATER,
    # The number cannot be reached from our sender: another may.
    21612: Refusal.MESSAGE,
    21614: Refusal.ADDRESS,
    21617: Refusal.MESSAGE,
    21618: Refusal.MESSAGE,
    21619: Refusal.MESSAGE,
    21659: Refusal.CONFIGURATION,
    21660: Refusal.CONFIGURATION,
    21703: Refusal.CONFIGURATION,
    21704: Refusal.CONFIGURATION,
    21705: Refusal.CONFIGURATION,
    30001: Refusal.RETRY_LATER,
    30002: Refusal.CONFIGURATION,
    30004: Refusal.CONSENT,
    30005: Refusal.ADDRESS,
    30006: Refusal.ADDRESS,
    30007: Refusal.MESSAGE,
    30017: Refusal.RETRY_LATER,
    30022: Refusal.RETRY_LATER,
    30023: Refusal.RETRY_LATER,
    30027: Refusal.RETRY_LATER,
    30032: Refusal.CONFIGURATION,
    30033: Refusal.CONFIGURATION,
    30034: Refusal.CONFIGURATION,
    30035: Refusal.CONFIGURATION,
    30036: Refusal.RETRY_LATER,
    30045: Refusal.MESSAGE,
    30047: Refusal.CONFIGURATION,
    30450: Refusal.RETRY_LATER,
    30610: Refusal.CONFIGURATION,
    35111: Refusal.MESSAGE,
    35114: Refusal.MESSAGE,
    35118: Refusal.MESSAGE,
    35125: Refusal.MESSAGE,
    63014: Refusal.CONSENT,
    90007: Refusal.MESSAGE,
}

_BY_STATUS = {
    401: Refusal.CONFIGURATION,
    403: Refusal.CONFIGURATION,
    404: Refusal.CONFIGURATION,
    429: Refusal.RETRY_LATER,
}
_REQUEST_TIMEOUT = 408
_LOOKED_THROUGH = 200
_CLOCKS_DIFFER = timedelta(minutes=5)

# `sent` may be the last word ever: some carriers give no receipt.
_STATUSES: Mapping[str, ReminderStatus] = {
    "accepted": ReminderStatus.ACCEPTED,
    "scheduled": ReminderStatus.ACCEPTED,
    "queued": ReminderStatus.ACCEPTED,
    "sending": ReminderStatus.ACCEPTED,
    "sent": ReminderStatus.ACCEPTED,
    "partially_delivered": ReminderStatus.ACCEPTED,
    "delivered": ReminderStatus.DELIVERED,
    "read": ReminderStatus.DELIVERED,
    "undelivered": ReminderStatus.FAILED,
    "failed": ReminderStatus.FAILED,
    "canceled": ReminderStatus.FAILED,
}


class Messages(Protocol):
    """The part of Twilio's client that is used here: `client.messages`."""

    def create(self, to: str, **fields: object) -> object:
        """Create a message; the answer has its id as `sid`."""
        ...

    def list(self, **filters: object) -> Sequence[object]:
        """The messages that match, both directions, the newest first."""
        ...


def twilio_messages(credentials: TwilioCredentials, *, base_url: str = "", timeout: float = 10) -> Messages:
    """Twilio's own client, which sends each request once; `base_url` points it elsewhere.

    `timeout` is seconds: by default the client would wait for an answer for ever.
    """
    from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]  # noqa: PLC0415
    from twilio.rest import Client  # type: ignore[import-untyped]  # noqa: PLC0415

    client = Client(
        credentials.account_sid, credentials.auth_token, http_client=TwilioHttpClient(timeout=timeout)
    )
    if base_url:
        client.api.base_url = base_url
    messages: Messages = client.messages
    return messages


@dataclass(frozen=True, slots=True)
class TwilioSentMessages(SentMessages):
    """Looks for a message among the last ones to its number (Twilio: Messages resource, "Read multiple messages").

    Twilio filters by when a message was sent, and so would leave out one that still waits: we filter ourselves.
    """

    messages: Messages

    def find(self, reminder: Reminder) -> Search:
        try:
            listed: Sequence[Any] = self.messages.list(to=reminder.address, limit=_LOOKED_THROUGH)
            begin = reminder.at - _CLOCKS_DIFFER
            ours = [m for m in listed if m.date_created >= begin and m.direction.startswith("outbound")]
            for message in ours:
                if reminder.reference in message.body:
                    status = status_of(message.status) or ReminderStatus.ACCEPTED
                    return Found(message.sid, status, str(message.error_code or message.status))
        except Exception:  # noqa: BLE001 - whatever goes wrong, nothing was found out
            return NotFound.CANNOT_TELL
        # Bodies may be kept from us by a setting of the account, and older messages by the length of the list.
        has_seen_all = len(listed) < _LOOKED_THROUGH or any(m.date_created < begin for m in listed)
        return NotFound.ABSENT if has_seen_all and all(m.body for m in ours) else NotFound.CANNOT_TELL


@dataclass(frozen=True, slots=True)
class TwilioSender:
    """Sends SMS through a Messaging Service. `public_url` is where Twilio reaches our webhooks."""

    messages: Messages
    messaging_service_sid: str
    public_url: str

    def send(self, message: Outgoing) -> SendOutcome:
        """Hand a message over exactly once. Never raises for anything Twilio does."""
        remaining = int((message.latest - message.now).total_seconds())
        if remaining < 1:
            return Refused(Refusal.RETRY_LATER, TOO_LATE)
        try:
            created = self.messages.create(
                to=message.address,
                messaging_service_sid=self.messaging_service_sid,
                body=message.words.text,
                status_callback=status_callback(self.public_url, message.reminder_id),
                validity_period=min(remaining, _LONGEST_VALIDITY_SECONDS),
            )
        except Exception as error:  # noqa: BLE001 - whatever went wrong may have after the message left
            return _outcome_of(error)
        sid = getattr(created, "sid", None)
        return Accepted(sid) if isinstance(sid, str) and sid else OutcomeUnknown("no_message_sid")


def status_callback(public_url: str, reminder_id: str) -> str:
    """Where Twilio reports on a message. It names the reminder: a report may come before we know the sid."""
    return f"{public_url.rstrip('/')}{STATUS_PATH}?{urlencode({REMINDER_FIELD: reminder_id})}"


def status_of(message_status: str) -> ReminderStatus | None:
    """What a MessageStatus means for the reminder; None for a word not known here."""
    return _STATUSES.get(message_status)


def delivery_problem(error_code: str) -> Refusal | None:
    """What the ErrorCode of a message means for the next one; None if it concerns that message alone."""
    return REFUSALS.get(int(error_code)) if error_code.isascii() and error_code.isdigit() else None


def _outcome_of(error: Exception) -> SendOutcome:
    status, code = getattr(error, "status", None), getattr(error, "code", None)
    if not isinstance(status, int):
        name = type(error).__name__
        return Refused(Refusal.RETRY_LATER, name) if _never_connected(error) else OutcomeUnknown(name)
    name = str(code or status)
    client_fault = 400 <= status < 500 and status != _REQUEST_TIMEOUT  # noqa: PLR2004 - HTTP's own classes
    if not client_fault:
        return OutcomeUnknown(name)
    # An error not known here stops this message only: it was not created, and must not be tried unchanged.
    return Refused(delivery_problem(name) or _BY_STATUS.get(status, Refusal.MESSAGE), name)


def _never_connected(error: Exception) -> bool:
    from requests.exceptions import ConnectTimeout  # noqa: PLC0415
    from urllib3.exceptions import NewConnectionError  # noqa: PLC0415

    cause = error.args[0] if error.args else None
    return isinstance(error, ConnectTimeout) or isinstance(getattr(cause, "reason", None), NewConnectionError)
