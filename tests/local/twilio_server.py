"""Twilio's Messages API on the loopback interface: its wire format, its error codes, its signed webhooks.

Some numbers always fail, as with Twilio's test credentials, and any answer can be scripted. As a program
(`python -m tests.local.twilio_server --port N`) it can be steered by another process:

- `GET /_control/messages`: every message, as the API shows it
- `POST /_control/deliver`: `{"sid": optional, "error_code": optional}`: report on one message, or on all that wait
- `POST /_control/say`: `{"url", "from", "to", "body"}`: a client writes; answers `{"status", "body"}`
"""

from __future__ import annotations

import argparse
import json
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import Enum, auto
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import requests
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from tests.local.http_stub import Answer, HttpStub, Request, Silence

API_VERSION = "2010-04-01"
ACCOUNT_SID = "AC" + "0" * 31 + "1"
AUTH_TOKEN = "local-auth-token"
SENDER = "+15005550100"
# Twilio gives up on a webhook after this many seconds.
_WEBHOOK_TIMEOUT = 15
_LONGEST_BODY = 1600
_LONGEST_VALIDITY = 36000
_STOP_WORDS = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
_START_WORDS = frozenset({"START", "YES", "UNSTOP"})


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

# The first five and the 006 are Twilio's own magic numbers.
MAGIC: dict[str, Behaviour] = {
    "+15005550001": ApiError(400, 21211, "Invalid 'To' Phone Number"),
    "+15005550002": ApiError(400, 21612, "Message cannot be sent with the current combination of 'To' and 'From'"),
    "+15005550003": ApiError(400, 21408, "Permission to send an SMS has not been enabled for the region"),
    "+15005550004": ApiError(400, 21610, "Attempt to send to unsubscribed recipient"),
    "+15005550009": ApiError(400, 21614, "'To' number is not a valid mobile number"),
    "+15005550006": Works.OK,
    "+15005550040": ApiError(429, 20429, "Too Many Requests"),
    "+15005550050": Fault.SERVER_ERROR,
    "+15005550051": Fault.HANG,
    "+15005550052": Fault.DROP,
    "+15005550053": Fault.HTML,
    "+15005550054": Fault.EMPTY,
}
# Messages to these are taken, and not delivered.
MAGIC_UNDELIVERED = {"+15005550030": 30003, "+15005550031": 30005, "+15005550032": 30007}


@dataclass(slots=True)
class Message:
    """A message, out or in."""

    sid: str
    to: str
    sender: str
    body: str
    created: datetime
    status: str = "accepted"
    direction: str = "outbound-api"
    service: str | None = None
    callback: str = ""
    sent: datetime | None = None
    error_code: int | None = None
    form: dict[str, str] = field(default_factory=dict)

    @property
    def is_waiting(self) -> bool:
        """Nothing final was said of it."""
        return self.direction == "outbound-api" and self.status in {"accepted", "queued", "sent"}


class TwilioServer:
    """The server; use it in a `with` statement. Statuses are reported on `deliver`, or at once if `auto_deliver`."""

    def __init__(
        self,
        *,
        port: int = 0,
        account_sid: str = ACCOUNT_SID,
        auth_token: str = AUTH_TOKEN,
        auto_deliver: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.messages: dict[str, Message] = {}
        self.opted_out: set[str] = set()
        self._auto_deliver = auto_deliver
        self._now = now
        self._script: deque[Behaviour] = deque()
        self._lock = Lock()
        self._reporting: list[Thread] = []
        self._stub = HttpStub(self._answer, port=port)

    def __enter__(self) -> Self:
        self._stub.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.settle()
        self._stub.__exit__(kind, error, traceback)

    @property
    def url(self) -> str:
        return self._stub.url

    @property
    def requests(self) -> list[Request]:
        """Every request to the API, in order."""
        return [request for request in self._stub.requests if not request.path.startswith("/_control/")]

    @property
    def posts(self) -> list[dict[str, str]]:
        """The form of every POST to the API, answered or not."""
        return [_form(request) for request in self.requests if request.method == "POST"]

    def script(self, behaviours: Iterable[Behaviour]) -> None:
        """How the next requests for a message go, one after the other, whatever the number."""
        self._script.extend(behaviours)

    def settle(self) -> None:
        """Wait until every report that is under way has been made."""
        while self._reporting:
            self._reporting.pop().join()

    def deliver(self, sid: str, error_code: int | None = None) -> list[int]:
        """Report queued, sent and delivered (or undelivered, with an error code) to the message's callback.

        Returns the HTTP status of each report, 0 where nobody answered; none if the message has no callback.
        """
        message = self.messages[sid]
        error_code = error_code or MAGIC_UNDELIVERED.get(message.to)
        words = ["queued", "sent", "undelivered" if error_code else "delivered"]
        return [self.report(sid, word, error_code if word == "undelivered" else None) for word in words]

    def report(self, sid: str, status: str, error_code: int | None = None) -> int:
        """Report one status of a message; the HTTP status of the answer, 0 if there was none or no callback."""
        message = self.messages[sid]
        message.status, message.error_code = status, error_code
        if status != "queued":
            message.sent = message.sent or self._now()
        fields = [
            ("SmsSid", sid),
            ("SmsStatus", status),
            ("MessageStatus", status),
            ("To", message.to),
            ("MessagingServiceSid", message.service or ""),
            ("MessageSid", sid),
            ("AccountSid", self.account_sid),
            ("From", message.sender or SENDER),
            ("ApiVersion", API_VERSION),
        ]
        if error_code:
            fields.append(("ErrorCode", str(error_code)))
        if status in {"delivered", "undelivered"}:
            fields.append(("RawDlrDoneDate", self._now().strftime("%y%m%d%H%M")))
        return self._post(message.callback, fields)[0] if message.callback else 0

    def client_says(self, url: str, from_: str, to: str, body: str, **fields: str) -> tuple[int, str]:
        """A client writes to us: the HTTP status (0: nobody answered) and text that the webhook at `url` answers.

        Twilio's own keywords are obeyed first, as Twilio does: after STOP, messages to the number fail with 21610.
        """
        word = body.strip().upper()
        if word in _STOP_WORDS:
            self.opted_out.add(from_)
        elif word in _START_WORDS:
            self.opted_out.discard(from_)
        message = self._keep(to=to, sender=from_, body=body, status="received", direction="inbound")
        known = {
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
            "Body": body,
            "FromCountry": "US",
            "To": to,
            "ToZip": "",
            "NumSegments": "1",
            "MessageSid": message.sid,
            "AccountSid": self.account_sid,
            "From": from_,
            "ApiVersion": API_VERSION,
        }
        return self._post(url, list((known | fields).items()))

    def _post(self, url: str, fields: Sequence[tuple[str, str]]) -> tuple[int, str]:
        signed_url = url.partition("#")[0]
        signature = RequestValidator(self.auth_token).compute_signature(signed_url, dict(fields))
        try:
            with requests.Session() as session:
                session.trust_env = False
                response = session.post(
                    signed_url,
                    data=urlencode(fields),
                    headers={
                        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
                        "X-Twilio-Signature": signature,
                        "User-Agent": "TwilioProxy/1.1",
                    },
                    timeout=_WEBHOOK_TIMEOUT,
                )
                return response.status_code, response.text
        except requests.RequestException:
            return 0, ""

    def _answer(self, request: Request) -> Answer | Silence:
        if request.path.startswith("/_control/"):
            return self._control(request)
        expected = b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {expected}":
            return _refused(ApiError(401, 20003, "Authenticate"))
        base = f"/{API_VERSION}/Accounts/{self.account_sid}/Messages"
        if request.path == f"{base}.json":
            return self._create(_form(request)) if request.method == "POST" else self._list(request)
        sid = request.path.removeprefix(f"{base}/").removesuffix(".json")
        if request.method == "GET" and sid in self.messages:
            return _json(self._shown(self.messages[sid]))
        return _refused(ApiError(404, 20404, f"The requested resource {request.path} was not found"))

    def _create(self, form: dict[str, str]) -> Answer | Silence:
        with self._lock:
            behaviour = self._script.popleft() if self._script else None
        behaviour = behaviour or self._fault_of(form) or MAGIC.get(form["To"], Works.OK)
        if isinstance(behaviour, ApiError):
            return _refused(behaviour)
        if behaviour is Fault.SERVER_ERROR:
            return _refused(ApiError(500, 20500, "An internal server error has occurred"))
        service = form.get("MessagingServiceSid")
        message = self._keep(
            to=form["To"],
            sender=form.get("From", ""),
            body=form["Body"],
            status="accepted" if service else "queued",
            direction="outbound-api",
        )
        message.service, message.callback, message.form = service, form.get("StatusCallback", ""), form
        match behaviour:
            case Fault.HANG:
                return Silence.HANG
            case Fault.DROP:
                return Silence.DROP
            case Fault.HTML:
                return Answer(body=b"<html><body>Bad gateway</body></html>", content_type="text/html")
            case Fault.EMPTY:
                return Answer(status=201)
        return _json(self._shown(message), 201, self._reporter(message.sid))

    def _fault_of(self, form: dict[str, str]) -> ApiError | None:
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
            (form.get("To") in self.opted_out, MAGIC["+15005550004"]),
        )
        return next((error for met, error in faults if met and isinstance(error, ApiError)), None)

    def _reporter(self, sid: str) -> Callable[[], None] | None:
        def start() -> None:
            thread = Thread(target=self.deliver, args=(sid,), daemon=True)
            self._reporting.append(thread)
            thread.start()

        return start if self._auto_deliver else None

    def _keep(self, *, to: str, sender: str, body: str, status: str, direction: str) -> Message:
        with self._lock:
            sid = f"SM{len(self.messages) + 1:032x}"
            message = Message(sid, to, sender, body, self._now(), status, direction)
            self.messages[sid] = message
        return message

    def _list(self, request: Request) -> Answer:
        filters = {name: values[-1] for name, values in parse_qs(request.query).items()}
        found = [message for message in self.messages.values() if _matches(message, filters)]
        return _json(
            {
                "messages": [self._shown(message) for message in reversed(found)],
                "page": 0,
                "page_size": 50,
                "start": 0,
                "end": max(len(found) - 1, 0),
                "uri": f"{request.path}?{request.query}",
                "first_page_uri": f"{request.path}?{request.query}",
                "next_page_uri": None,
                "previous_page_uri": None,
            }
        )

    def _shown(self, message: Message) -> dict[str, object]:
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Messages/{message.sid}"
        created = format_datetime(message.created)
        return {
            "account_sid": self.account_sid,
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

    def _control(self, request: Request) -> Answer:
        wish = json.loads(request.body or b"{}")
        match request.path.removeprefix("/_control/"):
            case "messages":
                return _json([self._shown(message) for message in self.messages.values()])
            case "deliver":
                waiting = [message.sid for message in self.messages.values() if message.is_waiting]
                sids = [wish["sid"]] if wish.get("sid") else waiting
                return _json({sid: self.deliver(sid, wish.get("error_code")) for sid in sids})
            case "say":
                status, body = self.client_says(wish["url"], wish["from"], wish["to"], wish["body"])
                return _json({"status": status, "body": body})
        return _json({"message": f"No such control: {request.path}"}, 404)


def _matches(message: Message, filters: dict[str, str]) -> bool:
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


def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode(), keep_blank_values=True))


def _refused(error: ApiError) -> Answer:
    more_info = f"https://www.twilio.com/docs/errors/{error.code}"
    return _json(
        {"code": error.code, "message": error.message, "more_info": more_info, "status": error.status},
        error.status,
    )


def _json(value: object, status: int = 200, then: Callable[[], None] | None = None) -> Answer:
    return Answer(status=status, body=json.dumps(value).encode(), then=then)


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.local.twilio_server")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--account-sid", default=ACCOUNT_SID)
    parser.add_argument("--auth-token", default=AUTH_TOKEN)
    parser.add_argument("--auto-deliver", action="store_true", help="report on every message at once")
    given = parser.parse_args()
    server = TwilioServer(
        port=given.port,
        account_sid=given.account_sid,
        auth_token=given.auth_token,
        auto_deliver=given.auto_deliver,
    )
    with server:
        print(server.url, flush=True)
        try:
            Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
