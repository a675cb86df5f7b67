"""Playing 45 days: the sandbox clock moves from tick to tick, and after each the world answers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from tactful.adapters.clock import SandboxClock
from tactful.adapters.dynamodb.table import Table
from tactful.domain.book.contact_log import ReminderStatus
from tests.demo.book import DAYS, Book
from tests.demo.people import DemoError, People
from tests.demo.snapshot import Peek, Snapshot
from tests.local.stack import Stack
from tests.local.twilio_server import TwilioServer

_TICK = timedelta(minutes=15)
_PATIENCE_SECONDS = 120


@dataclass(slots=True)
class Play:
    """One run of the demo on a deployed sandbox stack."""

    stack: Stack
    twilio: TwilioServer
    book: Book
    say: Callable[[str], None]
    ticks: int = 0
    received: set[str] = field(default_factory=set)
    now: datetime = field(init=False)
    peek: Peek = field(init=False)
    people: People = field(init=False)
    clock: SandboxClock = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.book.starts
        self.peek = Peek(self.stack)
        self.people = People(self.stack, self.twilio, lambda: self.now)
        table = Table(self.stack.aws.client("dynamodb"), self.stack.outputs.table_name)
        self.clock = SandboxClock(table)

    def run(self) -> Snapshot:
        """Import the book, play the days, and return what happened. Raises DemoError."""
        self.clock.move_to(self.now)
        self._import("customers/customers.csv", self.book.customers)
        self._import("invoices/invoices.csv", self.book.invoices)
        self.people.settle_on_their_days(self.book.settlements)
        ends = self.book.starts + timedelta(days=DAYS)
        day = self.now.date()
        while (tick := self._next_tick(ends)) is not None:
            self.now = tick
            self.clock.move_to(tick)
            self.people.act()
            self._act_on_what_is_due()
            if tick.date() >= day + timedelta(days=7):
                day = tick.date()
                self.say(
                    f"{day:%a %d %b %Y}: {len(self.twilio.posts)} SMS, {len(self.stack.aws.emails())} e-mails so far"
                )
        self.twilio.settle()
        return self.peek.snapshot()

    def _next_tick(self, ends: datetime) -> datetime | None:
        """The next quarter of an hour with something to do; the quiet ones between would read an empty index."""
        times = [at for at in (self.peek.next_due(), self.people.next_at()) if at is not None]
        wanted = max(min(times, default=ends), self.now + _TICK)
        past = (wanted - self.book.starts) % _TICK
        tick = wanted if not past else wanted + _TICK - past
        return tick if tick < ends else None

    def _act_on_what_is_due(self) -> None:
        self.ticks += 1
        self.stack.tick(self.now)
        self._until(self._all_acted, "not every due account was acted on")
        waiting = [
            (key, reminder)
            for key, reminder in self.peek.snapshot().reminders
            if reminder.status is ReminderStatus.ACCEPTED and reminder.id not in self.received
        ]
        for key, reminder in waiting:
            self.people.receive(self.peek.account(key), reminder)
        ids = {reminder.id for _, reminder in waiting}
        self.received |= ids
        if ids:
            self._until(lambda: self._all_reported(ids), "delivery reports were not recorded")

    def _all_acted(self) -> bool:
        """No account is due any more, and no claim waits for its outcome."""
        due = self.peek.next_due()
        return (due is None or due > self.now) and not any(
            reminder.status is ReminderStatus.CLAIMED for _, reminder in self.peek.snapshot().reminders
        )

    def _all_reported(self, ids: set[str]) -> bool:
        return not any(
            reminder.id in ids and reminder.status is ReminderStatus.ACCEPTED
            for _, reminder in self.peek.snapshot().reminders
        )

    def _import(self, key: str, content: bytes) -> None:
        self.stack.upload(key, content)
        report: dict[str, Any] = {}

        def reported() -> bool:
            s3 = self.stack.aws.client("s3")
            try:
                body = s3.get_object(Bucket=self.stack.outputs.report_bucket_name, Key=f"reports/{key}.json")[
                    "Body"
                ]
            except ClientError:
                return False
            report.update(json.load(body))
            return True

        self._until(reported, f"{key} was not imported")
        if report["refused"]:
            raise DemoError(f"{key} was refused: {report['refused']}")
        self.say(f"{key}: {report['new']} new, {report['changed']} changed, {report['rejected']} rejected")
        for row in report["rejected_rows"][:5]:
            self.say(f"  line {row['line']}: {row['reason']}")

    @staticmethod
    def _until(done: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not done():
            if time.monotonic() > deadline:
                raise DemoError(f"{complaint} within {_PATIENCE_SECONDS} s")
            time.sleep(0.05)
