"""SES and Twilio as they are: no idempotency, replies that get lost, and news that come late, twice or never."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.local.twilio_wire import Message, matches, shown
from tests.simulation.deployment import ACCOUNT_SID
from tests.simulation.table import client_error

# Code, HTTP status, text: what SES and Twilio refuse with, the last ones without having looked at the message.
_SES_REFUSALS = (
    ("TooManyRequestsException", 429, "Maximum sending rate exceeded."),
    ("MessageRejected", 400, "Email content is not valid"),
    ("SendingPausedException", 400, "Sending is paused"),
    ("InternalServiceErrorException", 500, "Try again"),
)
_TWILIO_REFUSALS = ((400, 21211), (400, 21610), (429, 20429), (400, 30007), (500, 20500))


@dataclass(frozen=True, slots=True)
class Temper:
    """How a provider behaves: chances, and the longest that its news are under way."""

    refuses: float = 0.0
    fails: float = 0.0
    complains: float = 0.0
    loses_news: float = 0.0
    repeats_news: float = 0.0
    late: timedelta = timedelta()


CALM = Temper()
# What news says in the end of a message.
DELIVERED, BOUNCED, FAILED = "delivered", "bounced", "failed"


@dataclass(slots=True)
class Acceptance:
    """A message that a provider took: from then on it may reach the client."""

    reminder_id: str
    channel: str
    address: str
    text: str
    provider_id: str
    at: datetime
    step: int
    actor: str
    fate: str
    told_at: datetime | None = None
    is_heard: bool = False

    def is_known_not_delivered(self, at: datetime) -> bool:
        """Whether news that it reached nobody had left the provider by then."""
        return self.fate != DELIVERED and self.told_at is not None and self.told_at <= at

    def tells(self, at: datetime) -> None:
        self.told_at = min(at, self.told_at or at)

    def heard(self) -> None:
        self.is_heard = True


def _nothing() -> None:
    """What is not the last word needs no remembering."""


@dataclass
class Providers:
    """Both providers. `accepted` is told of every message taken, before anything else happens."""

    random: Random
    temper: Temper
    now: Callable[[], datetime]
    accept: Callable[[Acceptance], None]
    queue_event: Callable[[dict[str, Any], timedelta], None]
    call_back: Callable[[str, list[tuple[str, str]], timedelta, Callable[[], None]], None]
    acceptances: list[Acceptance] = field(default_factory=list)
    opted_out: set[str] = field(default_factory=set)
    _messages: list[Message] = field(default_factory=list)

    def send_email(self, request: Mapping[str, Any], step: int, actor: str) -> dict[str, str]:
        if self.random.random() < self.temper.refuses:
            code, status, text = self.random.choice(_SES_REFUSALS)
            raise client_error(code, "SendEmail", status, text)
        (tag,) = [tag["Value"] for tag in request["EmailTags"] if tag["Name"] == "reminder_id"]
        (address,) = request["Destination"]["ToAddresses"]
        text = request["Content"]["Simple"]["Body"]["Text"]["Data"]
        taken = self._take(tag, "email", address, text, step, actor)
        self._tell_of_email(taken)
        return {"MessageId": taken.provider_id}

    def twilio(
        self, method: str, url: str, fields: Mapping[str, str], step: int, actor: str
    ) -> tuple[int, str]:
        """An answer of Twilio's API: status and text."""
        if method == "get":
            return 200, json.dumps(self._listed(url, fields))
        if fields["To"] in self.opted_out:
            return _twilio_refusal(400, 21610)
        if self.random.random() < self.temper.refuses:
            return _twilio_refusal(*self.random.choice(_TWILIO_REFUSALS))
        query = urlsplit(fields["StatusCallback"]).query
        (reminder,) = parse_qs(query)["r"]
        taken = self._take(reminder, "sms", fields["To"], fields["Body"], step, actor)
        message = Message(
            taken.provider_id, ACCOUNT_SID, taken.address, "+15005550100", taken.text, taken.at, "queued"
        )
        self._messages.append(message)
        self._tell_of_sms(taken, message, query)
        return 201, json.dumps(shown(message))

    def _listed(self, url: str, fields: Mapping[str, str]) -> dict[str, object]:
        filters = {**dict(parse_pairs(urlsplit(url).query)), **fields}
        listed = [m for m in reversed(self._messages) if matches(m, filters)]
        # A list shows how far a message got, also if that is never reported.
        for taken in self.acceptances:
            if any(m.sid == taken.provider_id for m in listed):
                taken.tells(self.now())
        found = [shown(m) for m in listed]
        uri = urlsplit(url).path
        return {"messages": found, "page": 0, "page_size": 50, "uri": uri, "next_page_uri": None}

    def _take(
        self, reminder: str, channel: str, address: str, text: str, step: int, actor: str
    ) -> Acceptance:
        number = len(self.acceptances) + 1
        provider_id = f"0100-{number:06d}" if channel == "email" else f"SM{number:032x}"
        fails = self.random.random() < self.temper.fails
        fate = (BOUNCED if channel == "email" else FAILED) if fails else DELIVERED
        taken = Acceptance(reminder, channel, address, text, provider_id, self.now(), step, actor, fate)
        self.acceptances.append(taken)
        self.accept(taken)
        return taken

    def _delays(self) -> list[timedelta]:
        """When one piece of news arrives: never, once or more often."""
        if self.random.random() < self.temper.loses_news:
            return []
        times = 2 if self.random.random() < self.temper.repeats_news else 1
        return [self.temper.late * self.random.random() ** 3 for _ in range(times)]

    def _tell_of_email(self, taken: Acceptance) -> None:
        details: list[tuple[str, str, dict[str, Any]]] = [("Send", "send", {})]
        if taken.fate == BOUNCED:
            kind = self.random.choice(("Permanent", "Transient"))
            details.append(("Bounce", "bounce", {"bounceType": kind, "bounceSubType": "General"}))
        else:
            details.append(("Delivery", "delivery", {}))
            if self.random.random() < self.temper.complains:
                details.append(("Complaint", "complaint", {"complaintFeedbackType": "abuse"}))
        for kind, name, detail in details:
            for delay in self._delays():
                if kind in ("Bounce", "Delivery"):
                    taken.tells(self.now() + delay)
                    # A queue loses nothing.
                    taken.is_heard = True
                at = (self.now() + delay).isoformat(timespec="milliseconds").replace("+00:00", "Z")
                mail = {
                    "timestamp": at,
                    "messageId": taken.provider_id,
                    "tags": {"reminder_id": [taken.reminder_id]},
                }
                event = {"eventType": kind, "mail": mail, name: {**detail, "timestamp": at}}
                self.queue_event({"Type": "Notification", "Message": json.dumps(event)}, delay)

    def _tell_of_sms(self, taken: Acceptance, message: Message, query: str) -> None:
        final = "delivered" if taken.fate == DELIVERED else "undelivered"
        message.sent, message.status = taken.at, final
        for word in ("sent", final):
            for delay in self._delays():
                if word == final:
                    taken.tells(self.now() + delay)
                code = self.random.choice((30003, 30005, 30007))
                fields = [("MessageSid", message.sid), ("MessageStatus", word)]
                fields += [("ErrorCode", str(code))] if word == "undelivered" else []
                self.call_back(query, fields, delay, taken.heard if word == final else _nothing)


def parse_pairs(query: str) -> list[tuple[str, str]]:
    return [(name, values[0]) for name, values in parse_qs(query).items()]


def _twilio_refusal(status: int, code: int) -> tuple[int, str]:
    return status, json.dumps({"code": code, "message": "Refused", "more_info": "", "status": status})
