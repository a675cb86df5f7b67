"""Accounts in one item collection each: loaded by one query, committed in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tactful.adapters.dynamodb import items
from tactful.adapters.dynamodb.codec import Item
from tactful.adapters.dynamodb.table import (
    NOT_FURTHER,
    NOT_THERE,
    TASK_IS_OPEN,
    TRANSACTION_LIMIT,
    IfRefused,
    Key,
    Table,
    Write,
    version_is,
)
from tactful.adapters.store_rules import in_order, known_addresses
from tactful.application.ports import AccountStore
from tactful.domain.book.account import Account, Change
from tactful.domain.book.invoice import Invoice

# A commit that is being applied while the query runs is through by the next one. Should it look torn for longer,
# somebody edited items by hand, and what is there counts.
_REREADS = 4


class DynamoAccountStore(AccountStore):
    """The profile's version guards the whole account: whoever loaded it before another's commit has to load again.

    A query does not see a transaction as a whole: it may meet the new profile and an old child. The profile
    therefore comes first in the query and names the children its commit wrote; while one of them is not there in
    that version, the account is read again.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def load(self, account_key: str) -> Account | None:
        found = self._read(account_key)
        for _ in range(_REREADS):
            if is_whole(found):
                break
            found = self._read(account_key)
        profile = found.pop(items.PROFILE, None)
        if profile is None:
            return None
        return in_order(self._with_surroundings(items.account_from(profile, found)))

    def _with_surroundings(self, account: Account) -> Account:
        """The account with what is known of its addresses, and of the book: one BatchGetItem."""
        found = self._table.get_many([items.BOOK, *address_keys(account)])
        return replace(with_addresses(account, found), book_as_of=items.book_as_of(found.get(items.BOOK, {})))

    def _read(self, account_key: str) -> dict[str, Item]:
        bounds = {
            ":pk": items.account_pk(account_key),
            ":first": items.PROFILE,
            ":last": items.AFTER_CHILDREN,
        }
        found = self._table.query("pk = :pk AND sk BETWEEN :first AND :last", bounds)
        return {item["sk"]: item for item in found}

    def commit(self, before: Account | None, change: Change) -> None:
        """As the port says, also beyond the 100 actions of one transaction: see _commit_in_parts."""
        known = before or Account(change.account.customer)
        version = known.version + 1
        self._note_numbers(known, change.account)
        children = _changed_children(known, change.account, version)
        forgotten = _forgotten_numbers(known, change.account)
        beside = [*_entries(change), *_tasks(change), *_done(change), *_addresses(known, change.account)]
        if len(children) + len(forgotten) + len(beside) >= TRANSACTION_LIMIT:
            self._commit_in_parts(known, change, [*children, *forgotten], beside)
            return
        wrote = {write.key[1]: write.item.get("version", 0) for write in children}
        profile = items.profile_item(change.account, version, wrote)
        if children or forgotten or beside:
            guarded = Write(profile, version_is(known.version), known.version or None)
            self._table.transact([guarded, *children, *forgotten, *beside])
        else:
            self._table.put(profile, version_is(known.version), version=known.version or None)

    def _note_numbers(self, before: Account, after: Account) -> None:
        """Make the new invoices findable by number, ahead of the transaction: outside of it that costs half.

        A number without its invoice does no harm, and one whose invoice was committed is never missing. A number
        is forgotten inside the transaction only, where it cannot overtake whoever brings its invoice back.
        """
        new = sorted(_numbers(after.invoices) - _numbers(before.invoices))
        self._table.put_many(items.number_item(number, after.key) for number in new)

    def _commit_in_parts(
        self, known: Account, change: Change, children: list[Write], beside: list[Write]
    ) -> None:
        """Write more than one transaction takes, so that a crash between two of them loses nothing.

        An opening counts the version up and makes the account due whenever the change would; each part holds
        only while nobody else commits; the closing has the new profile with all that must be written once. What
        a crash leaves behind is children without their closing: the event, coming again, finds them and goes on.
        """
        opened = known.version + 1
        if len(beside) >= TRANSACTION_LIMIT:
            raise ValueError(f"{len(beside)} entries, tasks and addresses in one change: split the change")
        times = [at for at in (known.next_action_at, change.account.next_action_at) if at is not None]
        opening = items.profile_item(replace(known, next_action_at=min(times, default=None)), opened, {})
        # Until the closing there are children that no list names.
        opening.pop("children", None)
        unrecorded = [
            replace(write, action="ConditionCheck")
            for write in beside
            if write.if_refused is IfRefused.RECORDED
        ]
        guarded = Write(opening, version_is(known.version), known.version or None)
        self._table.transact([guarded, *unrecorded])
        still_ours = Write(opening, version_is(opened), opened, action="ConditionCheck")
        size = TRANSACTION_LIMIT - 1
        for start in range(0, len(children), size):
            self._table.transact([still_ours, *children[start : start + size]])
        closing = items.profile_item(change.account, opened + 1, {})
        self._table.transact([Write(closing, version_is(opened), opened), *beside])


def address_keys(account: Account) -> list[Key]:
    """The keys of the items of the addresses that belong to an account."""
    return [(items.address_pk(*pair), items.ADDRESS) for pair in known_addresses(account)]


def with_addresses(account: Account, found: Mapping[Key, Item]) -> Account:
    """An account with what was found under its address_keys."""
    records = (
        items.address_from(*pair, found.get((items.address_pk(*pair), items.ADDRESS), {}))
        for pair in known_addresses(account)
    )
    return replace(account, addresses=tuple(records))


def is_whole(found: Mapping[str, Item]) -> bool:
    """Whether a profile and its children, by sort key, are of one state: no transaction was seen in part."""
    wrote: Mapping[str, int] = found.get(items.PROFILE, {}).get("wrote", {})
    return all(found.get(sk, {}).get("version", 0) == version for sk, version in wrote.items())


def _changed_children(before: Account, after: Account, version: int) -> list[Write]:
    was, latest = items.latest_reminder(before), items.latest_reminder(after)
    own = {items.child_sk(c): c for c in items.children_of(before) if items.has_own_item(c, was)}
    new = {
        items.child_sk(c): c
        for c in items.children_of(after)
        if items.has_own_item(c, latest) or items.child_sk(c) in own
    }
    # What lay in the profile so far may be further than its own item says.
    moving = {items.child_sk(was)} if was and latest and was.id != latest.id else set()
    put = [
        _put(items.child_item(after.key, child, version))
        for sk, child in new.items()
        if own.get(sk) != child or sk in moving
    ]
    # A reminder that lies in the profile may have an item of its own from when it was not the latest.
    gone = {items.child_sk(child) for child in items.children_of(before)} - {
        items.child_sk(child) for child in items.children_of(after)
    }
    deleted = [Write({"pk": items.account_pk(after.key), "sk": sk}, action="Delete") for sk in sorted(gone)]
    return put + deleted


def _put(item: Item) -> Write:
    """News of a reminder are written beside the profile's version: nothing may set it back."""
    return Write(item, NOT_FURTHER, rank=item["rank"]) if "rank" in item else Write(item)


def _forgotten_numbers(before: Account, after: Account) -> list[Write]:
    gone = sorted(_numbers(before.invoices) - _numbers(after.invoices))
    return [Write(items.number_item(number, after.key), action="Delete") for number in gone]


def _numbers(invoices: tuple[Invoice, ...]) -> set[str]:
    return {invoice.number for invoice in invoices}


def _entries(change: Change) -> list[Write]:
    entries = {entry.id: entry for entry in change.entries}.values()
    return [
        Write(items.entry_item(change.account.key, entry), NOT_THERE, if_refused=IfRefused.RECORDED)
        for entry in entries
    ]


def _tasks(change: Change) -> list[Write]:
    tasks = {task.id: task for task in change.tasks}.values()
    return [
        Write(items.task_item(change.account.key, task), NOT_THERE, if_refused=IfRefused.LEAVE_IT)
        for task in tasks
    ]


def _done(change: Change) -> list[Write]:
    ends = {end.task_id: end for end in change.done}.values()
    return [
        Write(
            items.task_key(change.account.key, end.task_id),
            TASK_IS_OPEN,
            None,
            "Update",
            IfRefused.LEAVE_IT,
            *done,
        )
        for end in ends
        for done in [items.task_done(end)]
    ]


def _addresses(before: Account, after: Account) -> list[Write]:
    """Two spellings of one address are one item; both know the same of it."""
    writes: dict[str, Write] = {}
    for record in after.addresses:
        if record != before.address_record(record.channel, record.address):
            used = replace(record, accounts=record.accounts | {after.key})
            item = items.address_item(used, record.version + 1)
            writes[item["pk"]] = Write(item, version_is(record.version), record.version or None)
    return list(writes.values())
