"""Every sender over a real wire (or none), put into each situation a provider can make of one message."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import Enum, auto
from types import TracebackType
from typing import Any, Protocol, Self

from tactful.adapters.memory import MemorySender
from tactful.adapters.secrets import TwilioCredentials
from tactful.adapters.ses import SesSender, ses_client
from tactful.adapters.twilio import TwilioSender, twilio_messages
from tactful.application.ports import (
    Accepted,
    MessageSender,
    OutcomeUnknown,
    Outgoing,
    Refusal,
    Refused,
    Rendered,
    SendOutcome,
)
from tactful.domain.book.contact_log import reminder_id
from tests.local.http_stub import Answer, HttpStub, Request, Silence
from tests.local.twilio_server import TwilioServer
from tests.local.twilio_wire import ACCOUNT_SID, AUTH_TOKEN, ApiError, Behaviour, Fault, Works

REMINDER_ID = reminder_id("mfrggzdfmztwq2lk", "overdue_10", "1", 1)
REPLY_KEY = b"a key for signing reply addresses"
SERVICE_SID = "MG" + "0" * 31 + "1"
PUBLIC_URL = "https://reminders.example.com"
# Seconds until a sender under test gives up on an answer that never comes.
SHORT = 0.3


class Situation(Enum):
    """What a provider makes of one message."""

    TAKEN = auto()
    BUSY = auto()
    WRONG_SETTINGS = auto()
    BAD_MESSAGE = auto()
    SERVER_ERROR = auto()
    NO_ANSWER = auto()
    CONNECTION_CLOSED = auto()
    UNREADABLE = auto()
    EMPTY = auto()


# What the sender must make of it: the class of the outcome or, for a refusal, its reason.
EXPECTED: dict[Situation, type[SendOutcome] | Refusal] = {
    Situation.TAKEN: Accepted,
    Situation.BUSY: Refusal.RETRY_LATER,
    Situation.WRONG_SETTINGS: Refusal.CONFIGURATION,
    Situation.BAD_MESSAGE: Refusal.MESSAGE,
    Situation.SERVER_ERROR: OutcomeUnknown,
    Situation.NO_ANSWER: OutcomeUnknown,
    Situation.CONNECTION_CLOSED: OutcomeUnknown,
    Situation.UNREADABLE: OutcomeUnknown,
    Situation.EMPTY: OutcomeUnknown,
}


class Rig(Protocol):
    """A sender whose provider can be put into a situation, and whose provider counts what reached it."""

    address: str

    def sender_in(self, situation: Situation) -> MessageSender: ...

    def handed_over(self) -> int: ...


def an_outgoing(
    address: str,
    *,
    text: str = "Acme: invoice 1042 is open.",
    subject: str = "Invoice 1042 from Acme",
    html: str = "<p>Invoice 1042 is open.</p>",
    latest: datetime = datetime(2026, 11, 24, 17, 30, tzinfo=UTC),
    now: datetime = datetime(2026, 11, 24, 16, 0, tzinfo=UTC),
) -> Outgoing:
    return Outgoing(REMINDER_ID, address, Rendered(text, subject, html), latest, now)


class SesStub:
    """SendEmail on the loopback interface: answers like SES v2, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer: Answer | Silence = ses_answer()
        self._http = HttpStub(self._answer)

    def __enter__(self) -> Self:
        self._http.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._http.__exit__(kind, error, traceback)

    @property
    def url(self) -> str:
        return self._http.url

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The body of every request to send, answered or not."""
        return [json.loads(request.body) for request in self._http.requests if _is_send_email(request)]

    def _answer(self, request: Request) -> Answer | Silence:
        return self.answer if _is_send_email(request) else Answer(404, b"{}")


def _is_send_email(request: Request) -> bool:
    return (request.method, request.path) == ("POST", "/v2/email/outbound-emails")


def ses_answer(message_id: str = "010f018c-1") -> Answer:
    return Answer(body=json.dumps({"MessageId": message_id}).encode())


def ses_error(status: int, code: str, message: str = "") -> Answer:
    body = json.dumps({"message": message}).encode()
    return Answer(status, body, headers={"x-amzn-ErrorType": code})


_SES_ANSWERS: dict[Situation, Answer | Silence] = {
    Situation.TAKEN: ses_answer(),
    Situation.BUSY: ses_error(429, "TooManyRequestsException", "Maximum sending rate exceeded."),
    Situation.WRONG_SETTINGS: ses_error(400, "SendingPausedException", "Sending is paused"),
    Situation.BAD_MESSAGE: ses_error(400, "MessageRejected", "Invalid content"),
    Situation.SERVER_ERROR: ses_error(500, "InternalServiceErrorException", "Internal error"),
    Situation.NO_ANSWER: Silence.HANG,
    Situation.CONNECTION_CLOSED: Silence.DROP,
    Situation.UNREADABLE: Answer(body=b"<html><body>Bad gateway</body></html>", content_type="text/html"),
    Situation.EMPTY: Answer(),
}

_TWILIO_BEHAVIOURS: dict[Situation, Behaviour] = {
    Situation.TAKEN: Works.OK,
    Situation.BUSY: ApiError(429, 20429, "Too Many Requests"),
    Situation.WRONG_SETTINGS: ApiError(401, 20003, "Authenticate"),
    Situation.BAD_MESSAGE: ApiError(400, 21617, "The body exceeds the 1600 character limit."),
    Situation.SERVER_ERROR: Fault.SERVER_ERROR,
    Situation.NO_ANSWER: Fault.HANG,
    Situation.CONNECTION_CLOSED: Fault.DROP,
    Situation.UNREADABLE: Fault.HTML,
    Situation.EMPTY: Fault.EMPTY,
}


def a_ses_sender(url: str, *, reply_domain: str = "", business_name: str = "Acme Ltd") -> SesSender:
    return SesSender(
        client=ses_client(endpoint_url=url, connect_timeout=SHORT, read_timeout=SHORT),
        from_address="billing@acme.example.com",
        business_name=business_name,
        reply_key=REPLY_KEY,
        reply_domain=reply_domain,
        configuration_set="tactful",
    )


def a_twilio_sender(url: str) -> TwilioSender:
    credentials = TwilioCredentials(ACCOUNT_SID, AUTH_TOKEN)
    return TwilioSender(twilio_messages(credentials, base_url=url, timeout=SHORT), SERVICE_SID, PUBLIC_URL)


class SesRig:
    """The real client on a real wire, SES at its other end played by a stub."""

    address = "dana@client.example.com"

    def __init__(self, stub: SesStub) -> None:
        self._stub = stub

    def sender_in(self, situation: Situation) -> MessageSender:
        self._stub.answer = _SES_ANSWERS[situation]
        return a_ses_sender(self._stub.url)

    def handed_over(self) -> int:
        return len(self._stub.sent)


class TwilioRig:
    """Twilio's own client on a real wire, Twilio at its other end played by the local server."""

    address = "+15005550006"

    def __init__(self, server: TwilioServer) -> None:
        self._server = server

    def sender_in(self, situation: Situation) -> MessageSender:
        self._server.script([_TWILIO_BEHAVIOURS[situation]])
        return a_twilio_sender(self._server.url)

    def handed_over(self) -> int:
        return len(self._server.posts)


class MemoryRig:
    """The fake that use cases are tested with."""

    address = "dana@client.example.com"

    def __init__(self) -> None:
        self._sender = MemorySender()

    def sender_in(self, situation: Situation) -> MessageSender:
        match EXPECTED[situation]:
            case Refusal() as refusal:
                self._sender = MemorySender([Refused(refusal, "scripted")])
            case kind if kind is OutcomeUnknown:
                self._sender = MemorySender([OutcomeUnknown("scripted")])
        return self._sender

    def handed_over(self) -> int:
        return len(self._sender.sent)
