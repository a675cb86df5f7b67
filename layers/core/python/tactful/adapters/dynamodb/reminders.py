"""Many accounts at once, the last look at one, and news of a reminder: what sending needs, in few requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tactful.adapters.dynamodb import items
from tactful.adapters.dynamodb.accounts import (
    DynamoAccountStore,
    address_keys,
    is_whole,
    with_addresses,
)
from tactful.adapters.dynamodb.table import FURTHER, Revision, Table
from tactful.adapters.store_rules import in_order
from tactful.application.ports import ConflictError, ReminderDesk, StoreUnavailableError
from tactful.domain.book.account import Account, Entry
from tactful.domain.book.contact_log import Reminder
from tactful.domain.sending.state import SendingState

# Two events on one account meet now and then; more in a row are a fault, and nothing is sent.
_LOOKS = 5


class DynamoReminderDesk(ReminderDesk):
    """Everything is read strongly consistent."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._accounts = DynamoAccountStore(table)

    def load_many(self, account_keys: Sequence[str]) -> tuple[Mapping[str, Account], SendingState]:
        """Three BatchGetItems for all, the children after the profiles: they are never older than these.

        An account whose children are too many to be listed, or that is being written meanwhile, is read by itself.
        """
        keys = {(items.account_pk(key), items.PROFILE): key for key in account_keys}
        profiles = self._table.get_many(keys)
        wanted = [
            (pk, sk) for (pk, _), found in profiles.items() for sk in items.children_listed(found) or ()
        ]
        children = self._table.get_many([items.BOOK, items.SENDING, *wanted])
        book = items.book_as_of(children.get(items.BOOK, {}))
        loaded: dict[str, Account] = {}
        for at, profile in profiles.items():
            listed = items.children_listed(profile)
            theirs = {sk: children[at[0], sk] for sk in listed or () if (at[0], sk) in children}
            if listed is not None and is_whole({**theirs, items.PROFILE: profile}):
                loaded[keys[at]] = replace(items.account_from(profile, theirs), book_as_of=book)
        addresses = self._table.get_many(key for one in loaded.values() for key in address_keys(one))
        found = {key: in_order(with_addresses(account, addresses)) for key, account in loaded.items()}
        for at in profiles:
            if keys[at] not in found and (alone := self._accounts.load(keys[at])):
                found[keys[at]] = alone
        return found, items.sending_state_from(children.get(items.SENDING, {}))

    def recheck(self, account: Account) -> tuple[Account | None, SendingState]:
        """One BatchGetItem: while the profile has the version that was loaded, nothing else of the account changed.

        One that was changed is loaded anew, and looked at again: somebody may have stopped everything meanwhile.
        """
        fresh: Account | None = account
        for _ in range(_LOOKS):
            if fresh is None:
                return None, SendingState()
            profile_key = (items.account_pk(fresh.key), items.PROFILE)
            found = self._table.get_many([profile_key, items.SENDING, *address_keys(fresh)], items.LAST_LOOK)
            if found.get(profile_key, {}).get("version") == fresh.version:
                return with_addresses(fresh, found), items.sending_state_from(found.get(items.SENDING, {}))
            fresh = self._accounts.load(account.key)
        raise StoreUnavailableError(f"account {account.key} changed {_LOOKS} times while it was looked at")

    def record(self, changes: Sequence[tuple[Account, Account]]) -> Sequence[str]:
        """One BatchExecuteStatement for 25 accounts."""
        revisions = []
        for before, after in changes:
            profile_key = (items.account_pk(after.key), items.PROFILE)
            revisions.append(
                Revision(profile_key, before.version, *items.recorded(after, before.version + 1))
            )
        done = self._table.revise_each(revisions)
        return [after.key for (_, after), is_done in zip(changes, done, strict=True) if not is_done]

    def note(self, entries: Sequence[tuple[str, Entry]]) -> None:
        self._table.put_many(items.entry_item(key, entry) for key, entry in entries)

    def advance(self, account: Account, reminder: Reminder) -> bool:
        item = items.child_item(account.key, reminder, account.version)
        try:
            self._table.put(item, FURTHER, rank=item["rank"])
        except ConflictError:
            return False
        return True
