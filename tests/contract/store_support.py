"""Stores to hold to one contract: in memory, on MiniStack, and on DynamoDB Local where its folder is named."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import yaml

from tactful.adapters.dynamodb.accounts import DynamoAccountStore
from tactful.adapters.dynamodb.addresses import DynamoAddressBook
from tactful.adapters.dynamodb.lookups import (
    DynamoBookStatus,
    DynamoDayBook,
    DynamoDigestDesk,
    DynamoDueIndex,
    DynamoInbox,
    DynamoInvoiceDirectory,
    DynamoOwingAccounts,
    DynamoRounds,
    DynamoTaskBoard,
    DynamoTimeline,
    DynamoUnsettled,
)
from tactful.adapters.dynamodb.reminders import DynamoReminderDesk
from tactful.adapters.dynamodb.sending import DynamoSendingHealth, DynamoSendingSwitch
from tactful.adapters.dynamodb.table import Table
from tactful.adapters.memory import MemorySendingHealth, MemorySendingSwitch, MemoryStore, MemoryUnsettled
from tactful.adapters.memory_digest import MemoryDayBook, MemoryDigestDesk
from tactful.application.digest import DigestDesk
from tactful.application.ports import (
    AccountStore,
    AddressBook,
    BookStatus,
    DayBook,
    DueIndex,
    Inbox,
    InvoiceDirectory,
    OwingAccounts,
    ReminderDesk,
    Rounds,
    TaskBoard,
    TaskDesk,
    Timeline,
)
from tactful.application.sending_ports import SendingHealth, SendingSwitch, Unsettled
from tactful.domain.book.account import Account, Change, Entry, Task, TaskKind
from tactful.domain.book.contact_log import ChasedInvoice, Reminder, ReminderStatus, Tone, reminder_id
from tactful.domain.book.customer import Channel, Contact, Customer
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.money import Money

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
EMAIL = "ann@example.com"
_UP_WITHIN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Stores:
    """The ports on one store. `kept` reads back what the inbox keeps, None for nothing."""

    accounts: AccountStore
    reminders: ReminderDesk
    addresses: AddressBook
    due: DueIndex
    numbers: InvoiceDirectory
    tasks: TaskBoard
    desk: TaskDesk
    timeline: Timeline
    owing: OwingAccounts
    rounds: Rounds
    inbox: Inbox
    book: BookStatus
    unsettled: Unsettled
    switch: SendingSwitch
    health: SendingHealth
    daybook: DayBook
    digests: DigestDesk
    kept: Callable[[str, str], tuple[tuple[str, str], ...] | None]


def memory_stores() -> Stores:
    store = MemoryStore()
    return Stores(
        store,
        store,
        store,
        store,
        store,
        store,
        store,
        store,
        store,
        store,
        store,
        store,
        MemoryUnsettled(store),
        MemorySendingSwitch(store),
        MemorySendingHealth(),
        MemoryDayBook(store),
        MemoryDigestDesk(),
        lambda source, number: store.kept.get((source, number)),
    )


def table_stores(table: Table) -> Stores:
    def kept(source: str, message_id: str) -> tuple[tuple[str, str], ...] | None:
        item = table.get(f"INBOUND#{source}#{message_id}", "INBOUND")
        return tuple((name, value) for name, value in item["fields"]) if item else None

    return Stores(
        DynamoAccountStore(table),
        DynamoReminderDesk(table),
        DynamoAddressBook(table),
        DynamoDueIndex(table),
        DynamoInvoiceDirectory(table),
        DynamoTaskBoard(table),
        DynamoTaskBoard(table),
        DynamoTimeline(table),
        DynamoOwingAccounts(table),
        DynamoRounds(table),
        DynamoInbox(table),
        DynamoBookStatus(table),
        DynamoUnsettled(table),
        DynamoSendingSwitch(table),
        DynamoSendingHealth(table),
        DynamoDayBook(table),
        DynamoDigestDesk(table),
        kept,
    )


class _TemplateLoader(yaml.SafeLoader):
    """Reads a template whose values of interest have no CloudFormation functions in them."""


_TemplateLoader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)


def create_table(client: Any, name: str) -> None:
    """Create a table with the keys and the index that template.yaml gives it."""
    template = yaml.load((ROOT / "template.yaml").read_text(), _TemplateLoader)  # noqa: S506 (a SafeLoader)
    described = template["Resources"]["Table"]["Properties"]
    names = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    client.create_table(TableName=name, **{part: described[part] for part in names})


@contextmanager
def dynamodb_local(folder: Path) -> Iterator[Any]:
    """A client of a DynamoDB Local started from the folder that holds its jar and its libraries."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        "java",
        f"-Djava.library.path={folder / 'DynamoDBLocal_lib'}",
        "-jar",
        str(folder / "DynamoDBLocal.jar"),
        "-inMemory",
        "-port",
        str(port),
    ]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            deadline = time.monotonic() + _UP_WITHIN_SECONDS
            while True:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert process.poll() is None, "DynamoDB Local ended"
                assert time.monotonic() < deadline, "DynamoDB Local did not come up"
                time.sleep(0.05)
            yield boto3.client(
                "dynamodb",
                endpoint_url=f"http://127.0.0.1:{port}",
                region_name="us-east-1",
                aws_access_key_id="test",
                aws_secret_access_key="test",
            )
        finally:
            process.terminate()


def local_folder() -> Path | None:
    """The folder of DynamoDB Local, if the environment names one."""
    named = os.environ.get("DYNAMODB_LOCAL_DIR")
    return Path(named) if named else None


def a_customer(customer_id: str = "C-1", *emails: str) -> Customer:
    contacts = tuple(Contact("Ann", email=email) for email in emails or (EMAIL,))
    return Customer(customer_id, "Acme Ltd", contacts, country="GB", timezone="Europe/London")


def an_invoice(number: str = "INV-1", minor: int = 105_00) -> Invoice:
    total = Money(minor, "GBP")
    return Invoice(
        number, date(2026, 2, 1), total, total, Money(0, "GBP"), InvoiceState.OPEN, reported_at=NOW
    )


def a_reminder(account: Account, *, at: datetime = NOW, attempt: int = 1, address: str = EMAIL) -> Reminder:
    return Reminder(
        id=reminder_id(account.key, "overdue_3", "1", attempt),
        stage="overdue_3",
        occurrence="1",
        attempt=attempt,
        tone=Tone.NEUTRAL,
        channel=Channel.EMAIL,
        address=address,
        contact_name="Ann",
        invoices=(ChasedInvoice("INV-1", date(2026, 2, 1), 3, Money(105_00, "GBP")),),
        status=ReminderStatus.CLAIMED,
        at=at,
        lease_until=at + timedelta(minutes=15),
        policy="standard 1",
        reasons=("stage_reached: overdue_3",),
    )


def an_entry(entry_id: str = "payment-1") -> Entry:
    return Entry(entry_id, NOW, "payment", (("invoice", "INV-1"),))


def a_task(task_id: str = "task-1", *, opened_at: datetime = NOW, summary: str = "Call the client") -> Task:
    return Task(task_id, TaskKind.READ_REPLY, opened_at, summary, (("text", "Can I pay on Friday?"),))


def opened(stores: Stores, account: Account | None = None) -> Account:
    """Commit a new account; as loaded afterwards."""
    account = account or Account(a_customer(), invoices=(an_invoice(),))
    stores.accounts.commit(None, Change(account))
    return loaded(stores, account.key)


def sharing(stores: Stores, *emails: str) -> tuple[Account, Account]:
    """Two new accounts that use one address, the first under all of `emails`."""
    first = opened(stores, Account(a_customer("C-1", *emails)))
    second = opened(stores, Account(a_customer("C-2")))
    for account in (first, second):
        stores.addresses.link(account.key, [(Channel.EMAIL, EMAIL)])
    return loaded(stores, first.key), loaded(stores, second.key)


def loaded(stores: Stores, account_key: str) -> Account:
    account = stores.accounts.load(account_key)
    assert account is not None
    return account


def due_at(account: Account, at: datetime | None) -> Account:
    return replace(account, next_action_at=at)
