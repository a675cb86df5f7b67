"""The book that schedules begin with: a few customers of every kind, imported as an admin does it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any

from tactful.domain.book.customer import account_key
from tests.simulation.deployment import BUCKET, deployment, simulated
from tests.simulation.faults import NoFaults
from tests.simulation.queues import QueuedMessage
from tests.simulation.table import SimulatedTable
from tests.simulation.world import World

BEGIN = datetime(2026, 3, 9, 8, 50, tzinfo=UTC)
"""A Monday, ten minutes before the contact window of Europe/London opens."""


@dataclass(frozen=True, slots=True)
class Client:
    """A customer of the book with its invoices: number and due date, 120.00 each."""

    customer_id: str
    email: str
    phone: str
    invoices: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        return account_key(self.customer_id)


CLIENTS = (
    Client("C-1", "one@client.example", "+12025550101", (("INV-1", "2026-03-06"),)),
    Client("C-2", "two@client.example", "", (("INV-2", "2026-03-06"),)),
    Client("C-3", "", "+12025550103", (("INV-3", "2026-02-27"),)),
    Client(
        "C-4", "four@client.example", "+12025550104", (("INV-41", "2026-03-02"), ("INV-42", "2026-03-12"))
    ),
    Client("C-5", "", "+12025550103", (("INV-5", "2026-03-05"),)),
    Client("C-6", "two@client.example", "+12025550106", (("INV-6", "2026-03-06"),)),
    Client("C-7", "seven@client.example", "+12025550107", (("INV-7", "2026-03-16"),)),
)
CUSTOMERS_CSV = (
    "customer_id,customer_name,contact_name,role,email,phone,country,timezone,language,segment\n"
    + "".join(
        f"{c.customer_id},Client {c.customer_id[2:]},Ann,billing,{c.email},{c.phone},GB,Europe/London,en,\n"
        for c in CLIENTS
    )
)
INVOICES_HEADER = (
    "invoice_number,customer_id,customer_name,issue_date,due_date,total,amount_due,currency,status\n"
)
INVOICES_CSV = INVOICES_HEADER + "".join(
    f"{number},{c.customer_id},Client {c.customer_id[2:]},2026-01-02,{due},120.00,120.00,GBP,open\n"
    for c in CLIENTS
    for number, due in c.invoices
)


def uploaded(key: str, at: datetime, sequencer: str) -> dict[str, Any]:
    """What S3 tells the import queue of a file."""
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": "eu-west-1",
                "eventTime": at.isoformat().replace("+00:00", "Z"),
                "eventName": "ObjectCreated:Put",
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "bucket": {"name": BUCKET, "arn": f"arn:aws:s3:::{BUCKET}"},
                    "object": {"key": key, "size": 1024, "sequencer": sequencer},
                },
            }
        ]
    }


@cache
def begun() -> SimulatedTable:
    """The table as every schedule finds it, made by the real import and one look at the rules."""
    with ThreadPoolExecutor(1) as threads:
        world = World(BEGIN, Random(0), NoFaults(), threads)  # noqa: S311
        with simulated(world):
            deployed = deployment("first")
            for number, (key, content) in enumerate(
                (("customers/customers.csv", CUSTOMERS_CSV), ("invoices/invoices.csv", INVOICES_CSV)), 1
            ):
                world.objects.put_object(Bucket=BUCKET, Key=key, Body=content.encode())
                body = uploaded(key, BEGIN, f"00{number}")
                message = QueuedMessage("1", json.dumps(body), BEGIN, 1)
                answer = deployed.run(
                    "import_invoices", {"Records": [message.as_record()]}, BEGIN.timestamp() + 900
                )
                assert answer == {"batchItemFailures": []}
            deployed.root.reschedule().go_on()
            # The first look at new rules only remembers them; the book is new, so there is nothing to look at.
            pk, sk = "SETTINGS", "ROUND"
            noted = world.table.items[pk][sk]
            world.table.put_item(Item=noted | {"finished": {"BOOL": True}})
    return world.table


def table_of(clients: tuple[Client, ...], into: SimulatedTable) -> None:
    """Fill a table with some of the clients."""
    into.copy_from(begun())
    wanted = {client.key for client in clients}
    for pk in [
        pk for pk in into.items if pk.startswith("ACCOUNT#") and pk.removeprefix("ACCOUNT#") not in wanted
    ]:
        for sk in list(into.items[pk]):
            into.delete_item(Key={"pk": {"S": pk}, "sk": {"S": sk}})
        del into.items[pk]
