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
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

import requests
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from tests.local.http_stub import Answer, HttpStub, Request, Silence, nothing
from tests.local.twilio_wire import (
    ACCOUNT_SID,
    API_VERSION,
    AUTH_TOKEN,
    MAGIC,
    MAGIC_UNDELIVERED,
    ApiError,
    Behaviour,
    Fault,
    Message,
    Works,
    as_json,
    fault_of,
    form_of,
    inbound_form,
    matches,
    refused,
    shown,
    status_form,
)

# Twilio gives up on a webhook after this many seconds.
_WEBHOOK_TIMEOUT = 15
_STOP_WORDS = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
_START_WORDS = frozenset({"START", "YES", "UNSTOP"})


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
        return [form_of(request) for request in self.requests if request.method == "POST"]

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
        if not message.callback:
            return 0
        return self._post(message.callback, status_form(message, self._now()))[0]

    def client_says(self, url: str, from_: str, to: str, body: str, **fields: str) -> tuple[int, str]:
        """A client writes to us: the HTTP status (0: nobody answered) and text that the webhook at `url` answers.

        Twilio's own keywords are obeyed first, as Twilio does: after STOP, messages to the number fail with 21610.
        """
        word = body.strip().upper()
        if word in _STOP_WORDS:
            self.opted_out.add(from_)
        elif word in _START_WORDS:
            self.opted_out.discard(from_)
        message = self._keep(to=to, sender=from_, body=body, status="received")
        message.direction = "inbound"
        return self._post(url, inbound_form(message) | fields)

    def _post(self, url: str, form: dict[str, str]) -> tuple[int, str]:
        signed_url = url.partition("#")[0]
        signature = RequestValidator(self.auth_token).compute_signature(signed_url, form)
        try:
            with requests.Session() as session:
                session.trust_env = False
                response = session.post(
                    signed_url,
                    data=urlencode(form),
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
            return refused(ApiError(401, 20003, "Authenticate"))
        base = f"/{API_VERSION}/Accounts/{self.account_sid}/Messages"
        if request.path == f"{base}.json":
            return self._create(form_of(request)) if request.method == "POST" else self._list(request)
        sid = request.path.removeprefix(f"{base}/").removesuffix(".json")
        if request.method == "GET" and sid in self.messages:
            return as_json(shown(self.messages[sid]))
        return refused(ApiError(404, 20404, f"The requested resource {request.path} was not found"))

    def _create(self, form: dict[str, str]) -> Answer | Silence:
        with self._lock:
            behaviour = self._script.popleft() if self._script else None
        behaviour = behaviour or fault_of(form, self.opted_out) or MAGIC.get(form["To"], Works.OK)
        if isinstance(behaviour, ApiError):
            return refused(behaviour)
        if behaviour is Fault.SERVER_ERROR:
            return refused(ApiError(500, 20500, "An internal server error has occurred"))
        service = form.get("MessagingServiceSid")
        message = self._keep(
            to=form["To"],
            sender=form.get("From", ""),
            body=form["Body"],
            status="accepted" if service else "queued",
        )
        message.service, message.callback = service, form.get("StatusCallback", "")
        match behaviour:
            case Fault.HANG:
                return Silence.HANG
            case Fault.DROP:
                return Silence.DROP
            case Fault.HTML:
                return Answer(body=b"<html><body>Bad gateway</body></html>", content_type="text/html")
            case Fault.EMPTY:
                return Answer(status=201)
        return as_json(shown(message), 201, self._reporter(message.sid))

    def _reporter(self, sid: str) -> Callable[[], None]:
        """What to do once the request is answered. `settle` knows of the report from before the answer leaves."""
        if not self._auto_deliver:
            return nothing
        answered = Event()

        def report() -> None:
            answered.wait()
            self.deliver(sid)

        thread = Thread(target=report, daemon=True)
        self._reporting.append(thread)
        thread.start()
        return answered.set

    def _keep(self, *, to: str, sender: str, body: str, status: str) -> Message:
        sid = f"SM{uuid4().hex}"
        message = Message(sid, self.account_sid, to, sender, body, self._now(), status)
        with self._lock:
            self.messages[sid] = message
        return message

    def _all(self) -> list[Message]:
        with self._lock:
            return list(self.messages.values())

    def _list(self, request: Request) -> Answer:
        filters = {name: values[-1] for name, values in parse_qs(request.query).items()}
        found = [message for message in self._all() if matches(message, filters)]
        return as_json(
            {
                "messages": [shown(message) for message in reversed(found)],
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

    def _control(self, request: Request) -> Answer:
        wish = json.loads(request.body or b"{}")
        match request.path.removeprefix("/_control/"):
            case "messages":
                return as_json([shown(message) for message in self._all()])
            case "deliver":
                waiting = [message.sid for message in self._all() if message.is_waiting]
                sids = [wish["sid"]] if wish.get("sid") else waiting
                return as_json({sid: self.deliver(sid, wish.get("error_code")) for sid in sids})
            case "say":
                status, body = self.client_says(wish["url"], wish["from"], wish["to"], wish["body"])
                return as_json({"status": status, "body": body})
        return as_json({"message": f"No such control: {request.path}"}, 404)


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
