"""A deployed stack and the people around it: everything goes through its public endpoints."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar

import requests
from botocore.exceptions import ClientError

from tactful.adapters.clock import SandboxClock
from tactful.adapters.dynamodb.accounts import DynamoAccountStore
from tactful.adapters.dynamodb.lookups import DynamoTaskBoard
from tactful.adapters.dynamodb.table import Table
from tactful.adapters.signatures import PAYMENT_SIGNATURE_HEADER, payment_signature
from tactful.domain.book.account import Account, Task
from tactful.domain.book.contact_log import Reminder
from tactful.domain.book.customer import account_key
from tests.local.ministack import ROOT
from tests.local.stack import STACK, Stack
from tests.local.twilio_server import TwilioServer

FROM_ADDRESS = "billing@acme.example"
ADMIN = "office@acme.example"
OUR_NUMBER = "+12025550199"
_MONDAY = datetime(2026, 3, 9, 6, tzinfo=UTC)
_PATIENCE_SECONDS = 30
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Client:
    """A customer of one test's own: nobody else's messages can be taken for theirs."""

    customer_id: str
    email: str
    phone: str
    invoice: str

    @property
    def key(self) -> str:
        return account_key(self.customer_id)


@dataclass(slots=True)
class Town:
    """The stack under test."""

    stack: Stack
    twilio: TwilioServer
    _numbers: Any = field(default_factory=lambda: count(100))

    def client(self, *, due: str, email: bool = True, phone: bool = True, phone_number: str = "") -> Client:
        """A new customer with one open invoice of GBP 120.00, uploaded as an admin does, on the Monday before."""
        SandboxClock(self._table()).move_to(_MONDAY)
        number = next(self._numbers)
        client = Client(
            f"C-{number}",
            f"accounts@client-{number}.example" if email else "",
            (phone_number or f"+1202555{number:04d}") if phone else "",
            f"INV-{number}",
        )
        self.upload(
            f"customers/{number}.csv",
            "customer_id,customer_name,contact_name,role,email,phone,country,timezone,language,segment\n"
            f"{client.customer_id},Client {number},Ann,billing,{client.email},{client.phone},GB,Europe/London,en,\n",
        )
        self.upload(
            f"invoices/{number}.csv",
            "invoice_number,customer_id,customer_name,issue_date,due_date,total,amount_due,currency,status\n"
            f"{client.invoice},{client.customer_id},Client {number},2026-01-02,{due},120.00,120.00,GBP,open\n",
        )
        return client

    def upload(self, key: str, content: str | bytes) -> dict[str, Any]:
        """Put a file into the bucket and wait for its report."""
        self.stack.upload(key, content.encode() if isinstance(content, str) else content)
        return self.until(lambda: self.report(key) or None)

    def report(self, key: str) -> dict[str, Any]:
        """The report of a file; empty as long as there is none."""
        try:
            found = self.stack.aws.client("s3").get_object(
                Bucket=self.stack.outputs.report_bucket_name, Key=f"reports/{key}.json"
            )
        except ClientError:
            return {}
        loaded: dict[str, Any] = json.load(found["Body"])
        return loaded

    def environment(self, function: str) -> dict[str, str]:
        """What a function is told, for running the same program here."""
        name = getattr(self.stack.outputs, f"{function}_function_name")
        told = self.stack.aws.client("lambda").get_function_configuration(FunctionName=name)
        variables: dict[str, str] = told["Environment"]["Variables"]
        return variables | self.stack.aws.environment() | {"TEMPLATES_DIR": str(ROOT / "templates")}

    def at(self, instant: str) -> datetime:
        """Move the clock there and let a tick happen."""
        now = self.move_to(instant)
        self.stack.tick(now)
        return now

    def move_to(self, instant: str) -> datetime:
        """Move the clock there."""
        now = datetime.fromisoformat(instant).astimezone(UTC)
        SandboxClock(self._table()).move_to(now)
        return now

    def unfinished(self) -> dict[str, int]:
        """How many messages each queue holds, those being worked on or put back included."""
        sqs = self.stack.aws.client("sqs")
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found: dict[str, int] = {}
        for queue in ("ImportQueue", "SendQueue", "DeliveryQueue", "MailQueue"):
            url = self._resource(queue)
            told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
            found[queue] = sum(int(told[name]) for name in names)
        return found

    def settle(self) -> None:
        """Wait until every message was worked on."""
        self.until(lambda: None if any(self.unfinished().values()) else True)

    def load(self, account_key: str) -> Account | None:
        return DynamoAccountStore(self._table()).load(account_key)

    def account(self, client: Client) -> Account:
        account = self.load(client.key)
        assert account is not None
        return account

    def tasks_of_nobody(self) -> list[Task]:
        """Open tasks that belong to no account."""
        return [task for key, task in DynamoTaskBoard(self._table()).list_open() if not key]

    def reminders(self, client: Client, number: int) -> tuple[Reminder, ...]:
        """The client's reminders, when there are so many and none waits for its outcome."""

        def settled() -> tuple[Reminder, ...] | None:
            found = self.account(client).reminders
            return found if len(found) >= number and all(r.status != "claimed" for r in found) else None

        return self.until(settled)

    def emails_to(self, client: Client) -> list[dict[str, Any]]:
        return [email for email in self.stack.aws.emails() if client.email in email["To"]]

    def texts_to(self, client: Client) -> list[str]:
        return [
            m.body for m in self.twilio.messages.values() if m.to == client.phone and m.direction != "inbound"
        ]

    def tasks_of(self, client: Client) -> list[str]:
        board = DynamoTaskBoard(self._table())
        return [str(task.kind) for key, task in board.list_open() if key == client.key]

    def says(self, client: Client, text: str) -> int:
        url = f"{self.stack.outputs.webhook_url}/webhooks/twilio/inbound"
        return self.twilio.client_says(url, client.phone, OUR_NUMBER, text)[0]

    def pays(self, client: Client, event_id: str, minor: int, *, kind: str = "payment") -> int:
        now = SandboxClock(self._table()).now()
        event = {
            "event_id": event_id,
            "type": kind,
            "invoice_number": client.invoice,
            "amount_minor": minor,
            "currency": "GBP",
            "occurred_at": now.isoformat(),
        }
        body = json.dumps(event).encode()
        secrets = self.stack.aws.client("secretsmanager")
        key = secrets.get_secret_value(SecretId=self.stack.outputs.payments_secret_id)[
            "SecretString"
        ].encode()
        return self.post("payments", body, {PAYMENT_SIGNATURE_HEADER: payment_signature(body, key, now)})

    def post(self, webhook: str, body: bytes, headers: Mapping[str, str]) -> int:
        url = f"{self.stack.outputs.webhook_url}/webhooks/{webhook}"
        sent = {"content-type": "application/json", **headers}
        return requests.post(url, data=body, headers=sent, timeout=30).status_code

    def until(self, ask: Callable[[], T | None]) -> T:
        """Ask until there is an answer."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while (answer := ask()) is None:
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.05)
        return answer

    def _resource(self, name: str) -> str:
        """What identifies a resource of the template."""
        described = self.stack.aws.client("cloudformation").describe_stack_resource(
            StackName=STACK, LogicalResourceId=name
        )
        identifier: str = described["StackResourceDetail"]["PhysicalResourceId"]
        return identifier

    def _table(self) -> Table:
        return Table(self.stack.aws.client("dynamodb"), self.stack.outputs.table_name)
