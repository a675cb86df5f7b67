"""The small reads and writes beside the accounts: how old the book is, what is due, numbers, tasks, raw messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from operator import itemgetter

from tactful.adapters.dynamodb import items
from tactful.adapters.dynamodb.codec import Item, instant
from tactful.adapters.dynamodb.table import TASK_IS_OPEN, Table
from tactful.adapters.store_rules import progress_entries
from tactful.application.digest import DigestDesk
from tactful.application.ports import (
    AccountPage,
    BookStatus,
    ConflictError,
    DayBook,
    DueAccount,
    DueIndex,
    Inbox,
    InvoiceDirectory,
    OwingAccounts,
    Round,
    Rounds,
    TaskBoard,
    TaskDesk,
    Timeline,
)
from tactful.application.sending_ports import Unsettled
from tactful.domain.book.account import Entry, Task, TaskDone


class DynamoBookStatus(BookStatus):
    """One item for the whole book, which every load of an account reads."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def note_upload(self, at: datetime) -> None:
        with suppress(ConflictError):
            self._table.update(
                *items.BOOK,
                "SET as_of = :at",
                {":at": instant(at)},
                condition="attribute_not_exists(as_of) OR as_of < :at",
            )


class DynamoDueIndex(DueIndex):
    """Reads the sparse index `due`. It may lag behind by a moment: acting on an account decides again."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def due(self, until: datetime) -> Iterator[DueAccount]:
        # "#" and the account's key follow the instant in the index, and "$" sorts next after "#".
        bound = f"{instant(until)}$"
        condition = "index_pk = :shard AND index_sk < :bound"
        shards = (
            self._table.query(condition, {":shard": shard, ":bound": bound}, index=items.DUE_INDEX)
            for shard in items.due_shards()
        )
        for item in merge(*shards, key=itemgetter("index_sk")):
            since = item["index_sk"].partition("#")[0]
            yield DueAccount(items.account_key_in(item["pk"]), datetime.fromisoformat(since))


class DynamoUnsettled(Unsettled):
    """Reads the partition UNSETTLED of the index `due`, in which reminders of unknown outcome lie."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def due(self, until: datetime) -> Iterator[str]:
        values = {":unsettled": items.UNSETTLED, ":bound": f"{instant(until)}$"}
        condition = "index_pk = :unsettled AND index_sk < :bound"
        for item in self._table.query(condition, values, index=items.DUE_INDEX):
            yield items.reminder_id_in(item["sk"])


class DynamoOwingAccounts(OwingAccounts):
    """Reads the index `due` through, partition by partition, the accounts that have nothing to do included.

    An account that moves in it meanwhile was decided about just then.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def page(self, after: str, limit: int) -> AccountPage:
        partitions = [*items.due_shards(), *items.idle_shards()]
        partition, _, last = after.partition("|")
        found: list[str] = []
        for shard in partitions[partitions.index(partition) if after else 0 :]:
            # "!" sorts before every instant and every key.
            values = {":shard": shard, ":last": last if shard == partition else "!"}
            condition = "index_pk = :shard AND index_sk > :last"
            for item in self._table.query(condition, values, index=items.DUE_INDEX, at_once=limit):
                found.append(items.account_key_in(item["pk"]))
                if len(found) == limit:
                    return AccountPage(tuple(found), f"{shard}|{item['index_sk']}")
        return AccountPage(tuple(found), "")


class DynamoRounds(Rounds):
    """One item for the whole stack."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def last_round(self) -> Round | None:
        item = self._table.get(*items.ROUND)
        return Round(item["rules"], item["after"], item["finished"]) if item else None

    def note_round(self, current: Round) -> None:
        pk, sk = items.ROUND
        self._table.put({"pk": pk, "sk": sk, **asdict(current)})


class DynamoInvoiceDirectory(InvoiceDirectory):
    """Reads the items that are written for every new invoice number, ahead of the commit: the invoice decides."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def accounts_with(self, invoice_number: str) -> tuple[str, ...]:
        pk = items.number_item(invoice_number, "")["pk"]
        noted = [item["sk"] for item in self._table.query("pk = :pk", {":pk": pk})]
        sk = items.invoice_sk(invoice_number)
        there = self._table.get_many((account_pk, sk) for account_pk in noted)
        return tuple(items.account_key_in(account_pk) for account_pk in noted if (account_pk, sk) in there)


class DynamoTaskBoard(TaskBoard, TaskDesk):
    """Open tasks are in the index `due` under a partition of their own."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def open(self, task: Task) -> None:
        self._table.put_once(items.task_item("", task))

    def close(self, account_key: str, done: TaskDone) -> None:
        key, (expression, values) = items.task_key(account_key, done.task_id), items.task_done(done)
        with suppress(ConflictError):
            self._table.update(key["pk"], key["sk"], expression, values, condition=TASK_IS_OPEN)

    def task(self, account_key: str, task_id: str) -> Task | None:
        key = items.task_key(account_key, task_id)
        item = self._table.get(key["pk"], key["sk"])
        return items.task_from(item) if item else None

    def list_open(self) -> Sequence[tuple[str, Task]]:
        listed = self._table.query("index_pk = :tasks", {":tasks": items.TASKS}, index=items.DUE_INDEX)
        keys = [(item["pk"], item["sk"]) for item in listed]
        found = self._table.get_many(keys)
        tasks = [(items.account_key_in(key[0]), items.task_from(found[key])) for key in keys if key in found]
        # The index lags behind: a task may have been done since.
        return [(account_key, task) for account_key, task in tasks if not task.done_at]


class DynamoTimeline(Timeline):
    """Reads the entries that were written beside an account, and what its reminders know of their delivery."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def timeline(self, account_key: str, beginning: str = "") -> Sequence[Entry]:
        entries = [items.entry_from(item) for item in self._beginning(account_key, f"TIMELINE#{beginning}")]
        reminders = map(items.reminder_from, self._beginning(account_key, items.reminder_sk("")))
        entries += [entry for entry in progress_entries(reminders) if entry.id.startswith(beginning)]
        return tuple(sorted(entries, key=lambda entry: (entry.at, entry.id)))

    def _beginning(self, account_key: str, sk: str) -> Iterator[Item]:
        values = {":pk": items.account_pk(account_key), ":beginning": sk}
        return self._table.query("pk = :pk AND begins_with(sk, :beginning)", values)


class DynamoDayBook(DayBook):
    """News are in the index `due` under a partition for each day."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def news(self, begin: datetime, end: datetime, beginning: str = "") -> Iterator[tuple[str, Entry]]:
        day = begin.astimezone(UTC).date()
        while day <= end.astimezone(UTC).date():
            values = {":day": items.day_pk(day.isoformat()), ":begin": instant(begin), ":end": instant(end)}
            condition = "index_pk = :day AND index_sk BETWEEN :begin AND :end"
            listed = self._table.query(condition, values, index=items.DUE_INDEX)
            wanted = [one for one in listed if one["sk"].startswith(f"TIMELINE#{beginning}")]
            for key, item in self._table.get_many((one["pk"], one["sk"]) for one in wanted).items():
                yield items.account_key_in(key[0]), items.entry_from(item)
            day += timedelta(days=1)


class DynamoDigestDesk(DigestDesk):
    """One item for the last day that somebody was told of."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def is_first(self, day: date) -> bool:
        try:
            self._table.update(
                *items.DIGEST,
                "SET last_day = :day",
                {":day": day.isoformat()},
                condition="attribute_not_exists(last_day) OR last_day < :day",
            )
        except ConflictError:
            return False
        return True


class DynamoInbox(Inbox):
    """Keeps messages for 400 days, then the table forgets them."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def keep(self, source: str, message_id: str, fields: Sequence[tuple[str, str]], at: datetime) -> None:
        self._table.put_once(items.inbound_item(source, message_id, list(fields), at))
