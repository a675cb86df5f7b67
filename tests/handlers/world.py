"""The functions in this process, with the real composition root, on a local AWS."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import _lru_cache_wrapper
from itertools import count
from typing import Any

import pytest

from tactful import bootstrap, console
from tactful.adapters.clock import SandboxClock
from tactful.adapters.dynamodb.accounts import DynamoAccountStore
from tactful.adapters.dynamodb.addresses import DynamoAddressBook
from tactful.adapters.dynamodb.lookups import DynamoBookStatus, DynamoTaskBoard
from tactful.adapters.dynamodb.table import Table
from tactful.domain.book.account import Account, Change
from tactful.domain.book.contact_log import ChasedInvoice, Reminder, ReminderStatus, Tone, reminder_id
from tactful.domain.book.customer import Channel, account_key
from tactful.domain.book.money import Money
from tactful.entrypoints import observability
from tests.contract.store_support import create_table
from tests.local.ministack import ROOT, LocalAws
from tests.local.twilio_server import TwilioServer

EVENTS = ROOT / "events"
PUBLIC_URL = "https://reminders.acme.example"
AUTH_TOKEN = "handler-tests-auth-token"
PAYMENTS_KEY = "handler-tests-payments-key"
STRIPE_KEY = "whsec_handler_tests"
LINK_KEY = "handler-tests-link-key"
BUCKET = "acme-uploads"
NOW = datetime(2026, 3, 16, 9, 30, tzinfo=UTC)
KEY = account_key("C-100")
REMINDER = reminder_id(KEY, "overdue_10", "2026-03-06", 1)
ADMIN = "office@acme.example"
EMAIL, PHONE = "ann@client.example", "+442079460102"

CUSTOMERS = f"""customer_id,customer_name,contact_name,role,email,phone,country,timezone,language,segment
C-100,Client Ltd,Ann Client,billing,{EMAIL},{PHONE},GB,Europe/London,en,
"""
INVOICES = """invoice_number,customer_id,customer_name,issue_date,due_date,total,amount_due,currency,status
INV-1,C-100,Client Ltd,2026-02-04,2026-03-06,120.00,120.00,GBP,open
"""
_names = (f"handlers-{number}" for number in count())


@dataclass(frozen=True, slots=True)
class World:
    """A fresh table, queue and bucket, the clock at NOW, and the functions to run on them."""

    aws: LocalAws
    table: Table
    queue_url: str
    import_queue_url: str
    twilio: TwilioServer

    def run(self, function: str, event: dict[str, Any]) -> Any:
        """Run a function as Lambda does."""
        return self.handle(function, event, None)

    def handle(self, function: str, event: dict[str, Any], context: object) -> Any:
        """The same, with a context that says how much time is left."""
        return importlib.import_module(f"functions.{function}.app").handler(event, context)

    def replay(self, name: str) -> Any:
        """Run the function of an event file, named like `track_delivery/send`, on it."""
        return self.run(name.partition("/")[0], event(name))

    def upload(self, key: str, content: str) -> None:
        self.aws.client("s3").put_object(Bucket=BUCKET, Key=key, Body=content.encode())

    def import_book(self, invoices: str = INVOICES, customers: str = CUSTOMERS) -> None:
        """One client, by default with one invoice ten days late. The events are recorded ones; the book is of NOW."""
        self.upload("customers/customers.csv", customers)
        self.upload("invoices/invoices.csv", invoices)
        self.replay("import_invoices/customers_created")
        self.replay("import_invoices/invoices_created")
        DynamoBookStatus(self.table).note_upload(NOW)

    def account(self) -> Account:
        account = DynamoAccountStore(self.table).load(KEY)
        assert account is not None
        return account

    def send(self, channel: Channel) -> None:
        """The book, with the reminder REMINDER handed to a provider."""
        self.import_book()
        before = self.account()
        reminder = Reminder(
            id=REMINDER,
            stage="overdue_10",
            occurrence="2026-03-06",
            attempt=1,
            tone=Tone.NEUTRAL,
            channel=channel,
            address=EMAIL if channel is Channel.EMAIL else PHONE,
            contact_name="Ann Client",
            invoices=(ChasedInvoice("INV-1", date(2026, 3, 6), 10, Money(12000, "GBP")),),
            status=ReminderStatus.ACCEPTED,
            at=NOW,
            lease_until=NOW,
            policy="standard/1",
        )
        DynamoAccountStore(self.table).commit(before, Change(before.with_claim(reminder)))

    def reminder(self) -> Reminder:
        found = self.account().reminder(REMINDER)
        assert found is not None
        return found

    def is_suppressed(self, channel: Channel, address: str) -> bool:
        record = DynamoAddressBook(self.table).find(channel, address)
        return record is not None and record.suppression is not None

    def tasks(self) -> list[str]:
        return [str(task.kind) for _, task in DynamoTaskBoard(self.table).list_open()]

    def queued(self) -> list[dict[str, Any]]:
        sqs = self.aws.client("sqs")
        found = sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in found]

    def everything(self) -> list[dict[str, Any]]:
        """Every item of the table, to see that something changed nothing. An address's version only guards it."""
        items: list[dict[str, Any]] = self.aws.client("dynamodb").scan(TableName=self.table.name)["Items"]
        for item in items:
            if item["sk"]["S"] == "ADDRESS":
                del item["version"]
        return sorted(items, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def event(name: str) -> dict[str, Any]:
    """An event file, named like `track_delivery/send`."""
    loaded: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return loaded


def event_names() -> list[str]:
    """Every event file."""
    return sorted(str(path.relative_to(EVENTS).with_suffix("")) for path in EVENTS.rglob("*.json"))


def make_world(aws: LocalAws, monkeypatch: pytest.MonkeyPatch, twilio: TwilioServer) -> Iterator[World]:
    name = next(_names)
    dynamodb = aws.client("dynamodb")
    create_table(dynamodb, name)
    queue_url = aws.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    import_queue_url = aws.client("sqs").create_queue(QueueName=f"{name}-imports")["QueueUrl"]
    _make_empty_bucket(aws)
    aws.client("sesv2").create_email_identity(EmailIdentity="billing@acme.example")
    secrets = {
        "twilio": json.dumps({"account_sid": twilio.account_sid, "auth_token": AUTH_TOKEN}),
        "payments": PAYMENTS_KEY,
        "link": LINK_KEY,
        "stripe": STRIPE_KEY,
    }
    ids = {
        purpose: aws.client("secretsmanager").create_secret(Name=f"{name}-{purpose}", SecretString=value)[
            "ARN"
        ]
        for purpose, value in secrets.items()
    }
    environment = aws.environment() | {
        "TABLE_NAME": name,
        "SEND_QUEUE_URL": queue_url,
        "ACCOUNTS_PER_RUN": "500",
        "ASK_ABOVE": "1000",
        "SEND_CONCURRENCY": "5",
        "REPORT_BUCKET": BUCKET,
        "DOCUMENT_BUCKET": BUCKET,
        "DOCUMENT_QUEUE_URL": queue_url,
        "IMPORT_QUEUE_URL": import_queue_url,
        "REPORT_ADDRESS": ADMIN,
        "FROM_ADDRESS": "billing@acme.example",
        "BUSINESS_NAME": "Acme Tools",
        "TIMEZONE": "Europe/London",
        "COUNTRY": "GB",
        "CONFIGURATION_SET": "",
        "REPLY_DOMAIN": "reply.acme.example",
        "SANDBOX": "true",
        "PUBLIC_URL": PUBLIC_URL,
        "TWILIO_BASE_URL": twilio.url,
        "TWILIO_MESSAGING_SERVICE_SID": "MG" + "0" * 32,
        "TWILIO_SECRET_ID": ids["twilio"],
        "PAYMENTS_SECRET_ID": ids["payments"],
        "LINK_SECRET_ID": ids["link"],
        "STRIPE_SECRET_ID": ids["stripe"],
        "TEMPLATES_DIR": str(ROOT / "templates"),
        # A logger is known by its service's name and writes to the output it was made with.
        "POWERTOOLS_SERVICE_NAME": name,
        "POWERTOOLS_METRICS_NAMESPACE": "tactful",
    }
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    _forget_processes()
    table = Table(dynamodb, name)
    SandboxClock(table).move_to(NOW)
    yield World(aws, table, queue_url, import_queue_url, twilio)
    _forget_processes()


def _make_empty_bucket(aws: LocalAws) -> None:
    """The recorded events name the bucket: what an earlier world kept in it must not speak to this one."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
        for kept in page.get("Contents", ()):
            s3.delete_object(Bucket=BUCKET, Key=kept["Key"])


def _forget_processes() -> None:
    """A new test is a new process: nothing that was built once may outlive it."""
    for thing in (*vars(bootstrap).values(), *vars(console).values(), *vars(observability).values()):
        if isinstance(thing, _lru_cache_wrapper):
            thing.cache_clear()
