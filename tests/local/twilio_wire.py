"""What Twilio's Messages API says, word for word: messages, errors, webhook forms."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import Enum, auto
from urllib.parse import parse_qsl, urlsplit

from tests.local.http_stub import Answer, Request, nothing

API_VERSION = "2010-04-01"
ACCOUNT_SID = "AC" + "0" * 31 + "1"
AUTH_TOKEN = "local-auth-token"
SENDER = "+15005550100"
_LONGEST_BODY = 1600
_LONGEST_VALIDITY = 36000


@dataclass(frozen=True, slots=True)
class ApiError:
    """The request is refused: nothing is created."""

    status: int
    code: int
    message: str = "Refused"


class Fault(Enum):
    """The API fails. All but SERVER_ERROR have created the message: the client just cannot know."""

    SERVER_ERROR = auto()
    HANG = auto()
    DROP = auto()
    HTML = auto()
    EMPTY = auto()


class Works(Enum):
    """The API does its work; in a script, it lets one request through."""

    OK = auto()


Behaviour = ApiError | Fault | Works

# The first six are Twilio's own magic numbers, the others ours.
MAGIC: dict[str, Behaviour] = {
    "+15005550001": ApiError(400, 21211, "Invalid 'To' Phone Number"),
    "+15005550002": ApiError(400, 21612, "The To number cannot be reached with this sender"),
    "+15005550003": ApiError(400, 21408, "Permission to send an SMS has not been enabled for the region"),
    "+15005550004": ApiError(400, 21610, "Attempt to send to unsubscribed recipient"),
    "+15005550006": Works.OK,
    "+15005550009": ApiError(400, 21614, "'To' number is not a valid mobile number"),
    "+15005550040": ApiError(429, 20429, "Too Many Requests"),
    "+15005550050": Fault.SERVER_ERROR,
    "+15005550051": Fault.HANG,
    "+15005550052": Fault.DROP,
    "+15005550053": Fault.HTML,
    "+15005550054": Fault.EMPTY,
}
# Messages to these are accepted, and turn out not to be deliverable.
MAGIC_UNDELIVERED = {"+15005550030": 30003, "+15005550031": 30005, "+15005550032": 30007}


@dataclass(slots=True)
class Message:
    """A message, out or in."""

    sid: str
    account_sid: str
    to: str
    sender: str
    body: str
    created: datetime
    status: str
    direction: str = "outbound-api"
    service: str | None = None
    callback: str = ""
    sent: datetime | None = None
    error_code: int | None = None

    @property
    def is_waiting(self) -> bool:
        """Nothing final was said of it."""
        return self.direction == "outbound-api" and self.status in {"accepted", "queued", "sent"}


def shown(message: Message) -> dict[str, object]:
    """A message as the API shows it."""
    uri = f"/{API_VERSION}/Accounts/{message.account_sid}/Messages/{message.sid}"
    created = format_datetime(message.created)
    return {
        "account_sid": message.account_sid,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": created,
        "date_sent": format_datetime(message.sent) if message.sent else None,
        "date_updated": created,
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": None,
        "from": message.sender or None,
        "messaging_service_sid": message.service,
        "num_media": "0",
        "num_segments": "0" if message.service and not message.sent else "1",
        "price": None,
        "price_unit": None,
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.to,
        "uri": f"{uri}.json",
    }


def fault_of(form: Mapping[str, str], opted_out: Collection[str]) -> ApiError | None:
    """What Twilio would object to in the form of a new message."""
    faults = (
        (not form.get("To"), ApiError(400, 21604, "A 'To' phone number is required.")),
        (
            not (form.get("From") or form.get("MessagingServiceSid")),
            ApiError(400, 21603, "A 'From' phone number is required."),
        ),
        (not form.get("Body"), ApiError(400, 21602, "Message body is required.")),
        (
            len(form.get("Body", "")) > _LONGEST_BODY,
            ApiError(400, 21617, "The concatenated message body exceeds the 1600 character limit."),
        ),
        (
            not 1 <= int(form.get("ValidityPeriod", "1")) <= _LONGEST_VALIDITY,
            ApiError(400, 30045, "ValidityPeriod is out of range"),
        ),
        (
            "_" in (urlsplit(form.get("StatusCallback", "")).hostname or ""),
            ApiError(400, 21609, "Invalid 'StatusCallback' URL"),
        ),
        (form.get("To") in opted_out, MAGIC["+15005550004"]),
    )
    return next((error for met, error in faults if met and isinstance(error, ApiError)), None)


def status_form(message: Message, now: datetime) -> dict[str, str]:
    """The form in which Twilio reports on a message. The time in it is the carrier's clock."""
    form = {
        "SmsSid": message.sid,
        "SmsStatus": message.status,
        "MessageStatus": message.status,
        "To": message.to,
        "MessagingServiceSid": message.service or "",
        "MessageSid": message.sid,
        "AccountSid": message.account_sid,
        "From": message.sender or SENDER,
        "ApiVersion": API_VERSION,
    }
    if message.error_code:
        form["ErrorCode"] = str(message.error_code)
    if message.status in {"delivered", "undelivered"}:
        form["RawDlrDoneDate"] = now.strftime("%y%m%d%H%M")
    return form


def inbound_form(message: Message) -> dict[str, str]:
    """The form in which Twilio hands on what a client wrote. Fields without a value are sent, and signed."""
    return {
        "ToCountry": "US",
        "ToState": "",
        "SmsMessageSid": message.sid,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "",
        "SmsSid": message.sid,
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": message.body,
        "FromCountry": "US",
        "To": message.to,
        "ToZip": "",
        "NumSegments": "1",
        "MessageSid": message.sid,
        "AccountSid": message.account_sid,
        "From": message.sender,
        "ApiVersion": API_VERSION,
    }


def refused(error: ApiError) -> Answer:
    """An error as the API answers it."""
    more_info = f"https://www.twilio.com/docs/errors/{error.code}"
    return as_json(
        {"code": error.code, "message": error.message, "more_info": more_info, "status": error.status},
        error.status,
    )


def as_json(value: object, status: int = 200, then: Callable[[], None] = nothing) -> Answer:
    """An answer in JSON; `then` is done after it has left."""
    return Answer(status=status, body=json.dumps(value).encode(), then=then)


def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, blank ones too."""
    return dict(parse_qsl(request.body.decode(), keep_blank_values=True))


def matches(message: Message, filters: Mapping[str, str]) -> bool:
    """Whether a message belongs on a list; one not sent yet counts by when it was created."""
    moment = message.sent or message.created
    return (
        filters.get("To", message.to) == message.to
        and filters.get("From", message.sender) == message.sender
        and ("DateSent" not in filters or moment.date() == _instant(filters["DateSent"]).date())
        and ("DateSent<" not in filters or moment <= _instant(filters["DateSent<"]))
        and ("DateSent>" not in filters or moment >= _instant(filters["DateSent>"]))
    )


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
