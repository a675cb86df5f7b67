"""What the stack's table says, read as a whole: the demo's view behind the scenes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from boto3.dynamodb.conditions import Attr
from pydantic import TypeAdapter

from tactful.adapters.dynamodb import items
from tactful.adapters.dynamodb.accounts import DynamoAccountStore
from tactful.adapters.dynamodb.lookups import DynamoDueIndex
from tactful.adapters.dynamodb.table import Table
from tactful.domain.book.account import Account, Entry, Task
from tactful.domain.book.contact_log import Reminder
from tests.local.stack import Stack

_REMINDER = TypeAdapter(Reminder)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Reminders, timeline and tasks of every account, each with the account's key."""

    reminders: tuple[tuple[str, Reminder], ...]
    entries: tuple[tuple[str, Entry], ...]
    tasks: tuple[tuple[str, Task], ...]


class Peek:
    """Reads a local stack's table as its administrator."""

    def __init__(self, stack: Stack) -> None:
        name = stack.outputs.table_name
        self._resource = stack.aws.resource("dynamodb").Table(name)
        table = Table(stack.aws.client("dynamodb"), name)
        self._store = DynamoAccountStore(table)
        self._due_index = DynamoDueIndex(table)

    def snapshot(self) -> Snapshot:
        """Everything that happened so far, in order of time."""
        found = self._scan("REMINDER#", "TIMELINE#", "TASK#")

        def keyed(prefix: str) -> list[tuple[str, dict[str, Any]]]:
            return [
                (items.account_key_in(item["pk"]), item) for item in found if item["sk"].startswith(prefix)
            ]

        reminders = [(key, _REMINDER.validate_python(item)) for key, item in keyed("REMINDER#")]
        entries = [(key, items.entry_from(item)) for key, item in keyed("TIMELINE#")]
        tasks = [(key, items.task_from(item)) for key, item in keyed("TASK#")]
        return Snapshot(
            tuple(sorted(reminders, key=lambda pair: (pair[1].at, pair[1].id))),
            tuple(sorted(entries, key=lambda pair: (pair[1].at, pair[1].id))),
            tuple(sorted(tasks, key=lambda pair: (pair[1].opened_at, pair[1].id))),
        )

    def accounts(self) -> dict[str, Account]:
        """Every account, by key."""
        profiles = (item for item in self._scan(items.PROFILE) if item["sk"] == items.PROFILE)
        keys = [items.account_key_in(item["pk"]) for item in profiles]
        return {key: self.account(key) for key in keys}

    def account(self, account_key: str) -> Account:
        """One account. Raises KeyError if there is none."""
        account = self._store.load(account_key)
        if account is None:
            raise KeyError(account_key)
        return account

    def due(self, until: datetime) -> list[str]:
        """The keys of the accounts that are due."""
        return [account.key for account in self._due_index.due(until)]

    def next_due(self) -> datetime | None:
        """The earliest next action of any account (UTC), from the due index."""
        earliest = [
            found[0]["index_sk"].partition("#")[0]
            for shard in items.due_shards()
            if (
                found := self._resource.query(
                    IndexName=items.DUE_INDEX,
                    KeyConditionExpression="index_pk = :shard",
                    ExpressionAttributeValues={":shard": shard},
                    Limit=1,
                )["Items"]
            )
        ]
        return min((datetime.fromisoformat(text) for text in earliest), default=None)

    def _scan(self, *prefixes: str) -> list[dict[str, Any]]:
        wanted = reduce(or_, (Attr("sk").begins_with(prefix) for prefix in prefixes))
        found: list[dict[str, Any]] = []
        page: dict[str, Any] = {}
        while True:
            page = self._resource.scan(
                FilterExpression=wanted,
                **({"ExclusiveStartKey": page["LastEvaluatedKey"]} if "LastEvaluatedKey" in page else {}),
            )
            found += page["Items"]
            if "LastEvaluatedKey" not in page:
                return found
