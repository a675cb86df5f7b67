"""Everybody outside: mail servers and carriers that report on messages, and clients who answer or pay."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import partial
from itertools import cycle

import requests

from tactful.adapters.signatures import PAYMENT_SIGNATURE_HEADER, payment_signature
from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import Reminder
from tactful.domain.book.customer import Channel
from tests.demo.book import Settlement
from tests.local.stack import Stack
from tests.local.twilio_server import TwilioServer

OUR_NUMBER = "+12025550199"


class Part(StrEnum):
    """What a client does in the demo."""

    PAYS = "pays what the first message asks for, two days later"
    BOUNCES = "has an e-mail address that no longer exists"
    ASKS = "answers the first SMS with a question"
    OPTS_OUT = "answers the first SMS with STOP"
    PAYS_PART = "pays half of the first invoice after the first message"
    SILENT = "does nothing"


@dataclass(slots=True)
class People:
    """Plays every outsider against the stack's public endpoints. `now` is the sandbox's time."""

    stack: Stack
    twilio: TwilioServer
    now: Callable[[], datetime]
    casts: dict[Channel, Iterator[Part]] = field(
        default_factory=lambda: {
            Channel.EMAIL: cycle((Part.PAYS, Part.BOUNCES, Part.PAYS_PART, Part.SILENT)),
            Channel.SMS: cycle((Part.ASKS, Part.OPTS_OUT, Part.SILENT, Part.SILENT)),
        }
    )
    parts: dict[str, Part] = field(default_factory=dict)
    told: list[tuple[datetime, str, str]] = field(default_factory=list)
    _plans: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _payment_key: bytes = b""

    def receive(self, account: Account, reminder: Reminder) -> None:
        """A message arrives at a mail server or carrier, and the client may act on it."""
        part = self._part(account.key, reminder.channel)
        if reminder.channel is Channel.EMAIL:
            gone = account.customer.contacts[0].email
            self._report_email(reminder, bounced=part is Part.BOUNCES and reminder.address == gone)
        else:
            _expect("a delivery receipt", self.twilio.deliver(reminder.provider_id)[-1], 204)
        name = account.customer.name
        match part, reminder.channel:
            case (Part.ASKS, Channel.SMS):
                self._once(
                    name,
                    timedelta(hours=20),
                    lambda: self._says(account, "Can you send me the invoice again?"),
                )
            case (Part.OPTS_OUT, Channel.SMS):
                self._once(name, timedelta(hours=2), lambda: self._says(account, "Stop texting me please"))
            case (Part.PAYS, _):
                self._once(name, timedelta(days=2), lambda: self._pays(account, reminder, 1))
            case (Part.PAYS_PART, _):
                self._once(name, timedelta(days=1), lambda: self._pays(account, reminder, 2))

    def _part(self, account_key: str, channel: Channel) -> Part:
        """A part is given out at the first message; who did nothing so far may find one at the first SMS."""
        part = self.parts.get(account_key)
        if part is None or (part is Part.SILENT and channel is Channel.SMS):
            part = self.parts[account_key] = next(self.casts[channel])
        return part

    def settle_on_their_days(self, settlements: tuple[Settlement, ...]) -> None:
        """Let the payments happen that the file itself tells of, at ten in the morning (UTC), and no others."""
        self.casts[Channel.EMAIL] = cycle((Part.BOUNCES, Part.SILENT, Part.SILENT))
        for paid in settlements:
            at = datetime.combine(paid.on, time(10), UTC)
            self._plan(at, partial(self._pay, paid.invoice_number, paid.amount_minor, paid.currency))

    def next_at(self) -> datetime | None:
        """When somebody next does something."""
        return self._plans[0][0] if self._plans else None

    def act(self) -> int:
        """Do what is due by now; how many did something."""
        acted = 0
        while self._plans and self._plans[0][0] <= self.now():
            heapq.heappop(self._plans)[2]()
            acted += 1
        return acted

    def _once(self, name: str, delay: timedelta, action: Callable[[], None]) -> None:
        if name not in {told[1] for told in self.told}:
            self.told.append((self.now(), name, ""))
            self._plan(self.now() + delay, action)

    def _plan(self, at: datetime, action: Callable[[], None]) -> None:
        heapq.heappush(self._plans, (at, len(self._plans) + len(self.told), action))

    def _says(self, account: Account, text: str) -> None:
        phone = next(contact.phone for contact in account.customer.contacts if contact.phone)
        url = f"{self.stack.outputs.webhook_url}/webhooks/twilio/inbound"
        status, _ = self.twilio.client_says(url, phone, OUR_NUMBER, text)
        _expect("an inbound SMS", status, 200)
        self.told.append((self.now(), account.customer.name, f"SMS: {text}"))

    def _pays(self, account: Account, reminder: Reminder, divisor: int) -> None:
        asked = [chased for chased in reminder.invoices if chased.amount.minor > 0]
        for chased in asked if divisor == 1 else asked[:1]:
            self._pay(chased.number, chased.amount.minor // divisor, chased.amount.currency)
            how = "" if divisor == 1 else " in part"
            self.told.append((self.now(), account.customer.name, f"paid {chased.number}{how}"))

    def _pay(self, number: str, amount_minor: int, currency: str) -> None:
        event = {
            "event_id": f"demo-{number}-{amount_minor}",
            "type": "payment",
            "invoice_number": number,
            "amount_minor": amount_minor,
            "currency": currency,
            "occurred_at": self.now().isoformat(),
        }
        body = json.dumps(event).encode()
        headers = {
            "content-type": "application/json",
            PAYMENT_SIGNATURE_HEADER: payment_signature(body, self._key(), self.now()),
        }
        url = f"{self.stack.outputs.webhook_url}/webhooks/payments"
        status = requests.post(url, data=body, headers=headers, timeout=30).status_code
        _expect("a payment", status, 200)

    def _key(self) -> bytes:
        if not self._payment_key:
            secret = self.stack.aws.client("secretsmanager").get_secret_value(
                SecretId=self.stack.outputs.payments_secret_id
            )
            self._payment_key = secret["SecretString"].encode()
        return self._payment_key

    def _report_email(self, reminder: Reminder, *, bounced: bool) -> None:
        self.stack.report_delivery(ses_event(reminder, "Send", self.now()))
        self.stack.report_delivery(ses_event(reminder, "Bounce" if bounced else "Delivery", self.now()))


class DemoError(RuntimeError):
    """The stack did not do what it must."""


def _expect(what: str, status: int, wanted: int) -> None:
    if status != wanted:
        raise DemoError(f"{what} was answered with HTTP {status} instead of {wanted}")


def ses_event(reminder: Reminder, kind: str, at: datetime) -> Mapping[str, object]:
    """An event as SES publishes it about one of our e-mails; bounces are permanent."""
    stamp = at.isoformat()
    details: dict[str, object] = {"timestamp": stamp}
    if kind == "Bounce":
        details |= {"bounceType": "Permanent", "bounceSubType": "NoEmail"}
    return {
        "eventType": kind,
        "mail": {
            "timestamp": stamp,
            "messageId": reminder.provider_id,
            "tags": {"reminder_id": [reminder.id]},
        },
        kind.lower(): details,
    }
