"""What a reminder by e-mail costs, from the tick to the news of its delivery, and a tick in books of different sizes.

Units are counted by the sizes of items, as AWS charges them. Seconds of Lambda are assumed, not measured: so many
milliseconds for a request to DynamoDB, SQS and SES within a region.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from tactful.adapters.dynamodb import items
from tactful.adapters.dynamodb.accounts import DynamoAccountStore
from tactful.adapters.dynamodb.addresses import DynamoAddressBook
from tactful.adapters.dynamodb.codec import Item
from tactful.adapters.dynamodb.lookups import DynamoDueIndex, DynamoTaskBoard
from tactful.adapters.dynamodb.reminders import DynamoReminderDesk
from tactful.adapters.dynamodb.sending import DynamoSendingHealth, DynamoSendingSwitch
from tactful.adapters.dynamodb.table import Table
from tactful.adapters.jinja import JinjaWording
from tactful.adapters.languages import Languages
from tactful.adapters.memory import MemoryClock, MemoryPace, MemorySender
from tactful.adapters.policy_file import load_policy
from tactful.application.account_events import AccountEvents
from tactful.application.guard import Guard
from tactful.application.send_reminders import Outcome, SendReminders
from tactful.application.track_delivery import DeliveryReport, TrackDelivery
from tactful.domain.book.account import Account, Change
from tactful.domain.book.contact_log import Reminder, ReminderStatus
from tactful.domain.book.customer import Channel
from tests.bench import prices
from tests.bench.engines import engine
from tests.bench.meter import Meter, Units
from tests.bench.result import Result
from tests.contract.store_support import create_table, local_folder
from tests.support.builders import NINE, a_calendar, a_contact, a_customer, an_account, an_invoice

ROOT = Path(__file__).resolve().parents[2]
REMINDERS = 200
BATCH = 10
"""Accounts in a message batch of the sender, as in the template."""
_DUE = 1_000
_BOOKS = (1_000, 10_000, 100_000) if local_folder() else (1_000, 3_000, 10_000)
_NAMES = ("1k", "10k", "100k")
# Assumed: what a request takes, and what a function has in memory (as in the template), in milliseconds and GB.
DYNAMODB_MS, SES_MS, CPU_MS, GB = 5, 60, 8, 0.5
_LOG_LINE = 330


def measure() -> Iterator[tuple[str, Result]]:
    """Remind 200 clients, and let the due index be read in three books."""
    with engine() as client:
        create_table(client, "reminders")
        yield from _reminders(client)
        for name, size in zip(_NAMES, _BOOKS, strict=True):
            table = f"book-{name}"
            create_table(client, table)
            yield f"tick_rru_book_{name}", _tick(client, table, size)


class Desk:
    """The use cases of the sender and the tracker on a table."""

    def __init__(self, client: Any, table_name: str) -> None:
        table = Table(client, table_name)
        self.clock = MemoryClock(NINE)
        self.policy = load_policy(ROOT / "templates/policies/standard.yaml")
        self.store, self.desk = DynamoAccountStore(table), DynamoReminderDesk(table)
        self.addresses, self.due = DynamoAddressBook(table), DynamoDueIndex(table)
        self.events = AccountEvents(self.store, self.policy, a_calendar(), self.clock)
        self.tasks, self.health = DynamoTaskBoard(table), DynamoSendingHealth(table)
        self.guard = Guard(DynamoSendingSwitch(table), self.health, self.clock)
        self.tracking = TrackDelivery(self.events, self.desk, self.addresses, self.health)

    def sending(self, email: Any) -> SendReminders:
        wording = JinjaWording(
            Languages(ROOT / "templates", "en", "GB"),
            business_name="Acme Tools Ltd",
            contact_email="billing@acme.example",
            policy=self.policy,
            calendar=a_calendar(),
        )
        tokens = iter(range(10**9))
        return SendReminders(
            self.events,
            self.desk,
            self.addresses,
            self.tasks,
            {Channel.EMAIL: email, Channel.SMS: MemorySender()},
            wording,
            lambda: f"{next(tokens):08x}",
            MemoryPace(),
            self.guard,
        )

    def open(self, number: int) -> str:
        """An account with one invoice that is due, and two addresses; its key."""
        account = a_due_account(number)
        self.addresses.link(account.key, [(known.channel, known.address) for known in account.addresses])
        self.store.commit(None, Change(replace(account, addresses=(), next_action_at=NINE)))
        return account.key


def a_due_account(number: int) -> Account:
    contact = a_contact(
        f"Ann {number} Clientson", email=f"ann{number}@client{number}.example", phone=f"+44163{number:07d}"
    )
    customer = a_customer(contact, customer_id=f"C-{number:06d}")
    due = NINE.date() - timedelta(days=3)
    return an_account(replace(an_invoice(f"INV-2026-{number:06d}"), due_date=due), customer=customer)


def _reminders(client: Any) -> Iterator[tuple[str, Result]]:
    meter = Meter(client)
    office = Desk(meter, "reminders")
    for number in range(REMINDERS):
        office.open(number)
    steps: dict[str, Units] = {}
    before = meter.used()
    due = [account.key for account in office.due.due(NINE)]
    steps["tick"], before = meter.used() - before, meter.used()
    sent = _sent(office.sending(MemorySender()), due)
    steps["send"], before = meter.used() - before, meter.used()
    for status, code in ((ReminderStatus.ACCEPTED, "Send"), (ReminderStatus.DELIVERED, "Delivery")):
        for reminder in sent:
            office.tracking.record(DeliveryReport(reminder.id, office.clock.now(), code, status, "m-1"))
    steps["news"] = meter.used() - before
    writes = sum(step.writes for step in steps.values()) / REMINDERS
    reads = sum(step.reads for step in steps.values()) / REMINDERS
    requests = sum(step.requests for step in steps.values()) / REMINDERS
    parts = "; ".join(
        f"{name} {step.writes / REMINDERS:.2f} written (index {step.index / REMINDERS:.2f}),"
        f" {step.reads / REMINDERS:.2f} read"
        for name, step in steps.items()
    )
    yield "wru_per_email", Result(round(writes, 2), "units", f"{REMINDERS} reminders: {parts}")
    yield "rru_per_email", Result(round(reads, 2), "units", f"{requests:.2f} requests a reminder")
    dollars = dict(_dollars(writes, reads, requests))
    total = 1_000 * sum(dollars.values())
    note = ", ".join(f"{name} {1_000 * price:.5f}" for name, price in dollars.items())
    yield "usd_per_1000_email", Result(round(total, 5), "USD", f"without SES's own 0.10000: {note}")


def _sent(sending: SendReminders, due: list[str]) -> list[Reminder]:
    sent = []
    for start in range(0, len(due), BATCH):
        keys = due[start : start + BATCH]
        with sending.batch(keys) as batch:
            for key in keys:
                acted = sending.act_on(key, batch)
                assert acted.outcome is Outcome.SENT, acted
                assert acted.reminder is not None
                sent.append(acted.reminder)
    return sent


def _dollars(writes: float, reads: float, requests: float) -> Iterator[tuple[str, float]]:
    """What one reminder costs, by service. Two events come of each: that SES took it, and that it was delivered."""
    news = 2
    yield "DynamoDB writes", writes * prices.WRITE_UNIT
    yield "DynamoDB reads", reads * prices.READ_UNIT
    # Queued and received and deleted in batches of ten: of accounts, and of news.
    yield "SQS", (3 / BATCH + news * (1 + 2 / BATCH)) * prices.SQS_REQUEST
    yield "SNS", news * prices.SNS_PUBLISH
    seconds = (requests * DYNAMODB_MS + SES_MS + (1 + news) * CPU_MS) / 1_000
    yield "Lambda", (1 + news) / BATCH * prices.LAMBDA_REQUEST + seconds * GB * prices.LAMBDA_GB_SECOND
    yield "logs", (1 + news) * _LOG_LINE * prices.LOG_BYTE


def _tick(client: Any, table_name: str, size: int) -> Result:
    """Read units of finding 1,000 due accounts in a book of so many open invoices, one for each account."""
    meter = Meter(client)
    table = Table(meter, table_name)

    def profiles() -> Iterator[Item]:
        for number in range(size):
            at = NINE if number < _DUE else NINE + timedelta(days=1 + number % 60)
            account = replace(a_due_account(number), next_action_at=at)
            yield items.profile_item(account, 1, {})

    table.put_many(profiles())
    before = meter.used()
    found = sum(1 for _ in DynamoDueIndex(table).due(NINE))
    assert found == _DUE, found
    note = f"{_DUE:,} accounts due in a book of {size:,} open invoices"
    return Result((meter.used() - before).reads, "units", note)
