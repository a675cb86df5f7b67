"""Playing 45 days: the sandbox clock moves from tick to tick, and after each the world answers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from tactful.adapters.call_scripts import JinjaCallScripts
from tactful.adapters.clock import SandboxClock
from tactful.adapters.dynamodb.accounts import DynamoAccountStore
from tactful.adapters.dynamodb.addresses import DynamoAddressBook
from tactful.adapters.dynamodb.lookups import DynamoTaskBoard
from tactful.adapters.dynamodb.table import Table
from tactful.adapters.languages import Languages
from tactful.application.account_events import AccountEvents
from tactful.application.calls import CallDesk
from tactful.domain.book.contact_log import ReminderStatus
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.policy import Policy
from tests.demo.book import DAYS, Book
from tests.demo.office import Office
from tests.demo.people import DemoError, People
from tests.demo.snapshot import Peek, Snapshot
from tests.local.ministack import ROOT
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
    policy: Policy
    calendar: Calendar
    say: Callable[[str], None]
    ticks: int = 0
    received: set[str] = field(default_factory=set)
    now: datetime = field(init=False)
    peek: Peek = field(init=False)
    people: People = field(init=False)
    clock: SandboxClock = field(init=False)
    office: Office = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.book.starts
        self.peek = Peek(self.stack)
        self.people = People(self.stack, self.twilio, lambda: self.now)
        table = Table(self.stack.aws.client("dynamodb"), self.stack.outputs.table_name)
        self.clock = SandboxClock(table)
        events = AccountEvents(DynamoAccountStore(table), self.policy, self.calendar, self.clock)
        board = DynamoTaskBoard(table)
        scripts = JinjaCallScripts(
            Languages(ROOT / "templates", "en"),
            business_name="Demo",
            contact_email="office@demo.example",
            calendar=self.calendar,
        )
        self.office = Office(events, board, CallDesk(events, DynamoAddressBook(table), board, board, scripts))

    def run(self) -> Snapshot:
        """Import the book, play the days, and return what happened. Raises DemoError."""
        self.clock.move_to(self.now)
        self._import("customers/customers.csv", self.book.customers)
        self._import("invoices/invoices.csv", self.book.invoices)
        if self.book.settlements:
            self.people.settle_on_their_days(self.book.settlements)
        ends = self.book.starts + timedelta(days=DAYS)
        day = self.now.date()
        while (tick := self._next_tick(ends)) is not None:
            self.now = tick
            self.clock.move_to(tick)
            new_week = tick.date() >= day + timedelta(days=7)
            if new_week:
                # As the admin does: nobody is chased on books that are too old.
                self._import(f"invoices/{tick.date()}.csv", self.book.invoices)
            self.people.act()
            self.office.act()
            self._act_on_what_is_due()
            self.office.look()
            if new_week:
                day = tick.date()
                self.say(
                    f"{day:%a %d %b %Y}: {len(self.twilio.posts)} SMS, {len(self.stack.aws.emails())} e-mails so far"
                )
        self.twilio.settle()
        return self.peek.snapshot()

    def _next_tick(self, ends: datetime) -> datetime | None:
        """The next quarter of an hour with something to do; the quiet ones between would read an empty index."""
        happening = (self.peek.next_due(), self.people.next_at(), self.office.next_at())
        times = [at for at in happening if at is not None]
        wanted = max(min(times, default=ends), self.now + _TICK)
        past = (wanted - self.book.starts) % _TICK
        tick = wanted if not past else wanted + _TICK - past
        return tick if tick < ends else None

    def _act_on_what_is_due(self) -> None:
        due = self.peek.due(self.now)
        self.ticks += 1
        self.stack.tick(self.now)
        self._until(lambda: all(self._is_acted_on(key) for key in due), "not every due account was acted on")
        accounts = [self.peek.account(key) for key in due]
        waiting = [
            (account, reminder)
            for account in accounts
            for reminder in account.reminders
            if reminder.status is ReminderStatus.ACCEPTED and reminder.id not in self.received
        ]
        for account, reminder in waiting:
            self.received.add(reminder.id)
            self.people.receive(account, reminder)
        for account, reminder in waiting:
            self._until(
                partial(self._is_reported, account.key, reminder.id), "a delivery report was not recorded"
            )

    def _is_acted_on(self, account_key: str) -> bool:
        """The account is not due any more, and no claim waits for its outcome."""
        account = self.peek.account(account_key)
        in_flight = any(reminder.status is ReminderStatus.CLAIMED for reminder in account.reminders)
        return not in_flight and (account.next_action_at is None or account.next_action_at > self.now)

    def _is_reported(self, account_key: str, reminder_id: str) -> bool:
        reminder = self.peek.account(account_key).reminder(reminder_id)
        return reminder is not None and reminder.status is not ReminderStatus.ACCEPTED

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
            self.say(f"  record {row['records'][0]}: {row['reason']}")

    @staticmethod
    def _until(done: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not done():
            if time.monotonic() > deadline:
                raise DemoError(f"{complaint} within {_PATIENCE_SECONDS} s")
            time.sleep(0.05)
