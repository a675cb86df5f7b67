"""What is known of addresses, one item per address."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from tactful.adapters.dynamodb import items
from tactful.adapters.dynamodb.accounts import DynamoAccountStore
from tactful.adapters.dynamodb.codec import Item, instant
from tactful.adapters.dynamodb.table import Table, version_is
from tactful.adapters.store_rules import with_contacts_of
from tactful.application.ports import AddressBook, ConflictError, StoreUnavailableError
from tactful.domain.book.account import AddressRecord, Suppression
from tactful.domain.book.customer import Channel

# The one account that used an address remembers its contacts in its own log: the second has to learn of them.
_BEGINS_TO_BE_SHARED = 2
_ATTEMPTS = 10


class DynamoAddressBook(AddressBook):
    """Every write counts the version up, so that a commit based on what was known before it conflicts."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, channel: Channel, address: str) -> AddressRecord | None:
        item = self._table.get(items.address_pk(channel, address), items.ADDRESS)
        return items.address_from(channel, address, item) if item else None

    def suppress(self, channel: Channel, address: str, suppression: Suppression) -> AddressRecord:
        item = self._update(
            items.address_pk(channel, address),
            items.ADDRESS,
            "SET suppression = if_not_exists(suppression, :suppression) ADD version :one",
            {":suppression": items.suppression_map(suppression), ":one": 1},
        )
        record = items.address_from(channel, address, item)
        known = record.suppression
        if known is not None and suppression.outweighs(known):
            item = self._update(
                items.address_pk(channel, address),
                items.ADDRESS,
                "SET suppression = :suppression ADD version :one",
                {":suppression": items.suppression_map(suppression), ":one": 1},
            )
            record = items.address_from(channel, address, item)
        return record

    def forbid_calls(self, phone: str, at: datetime) -> AddressRecord:
        item = self._update(
            items.address_pk(Channel.SMS, phone),
            items.ADDRESS,
            "SET no_calls = if_not_exists(no_calls, :at) ADD version :one",
            {":at": instant(at), ":one": 1},
        )
        return items.address_from(Channel.SMS, phone, item)

    def link(self, account_key: str, addresses: Iterable[tuple[Channel, str]]) -> None:
        for channel, address in addresses:
            item = self._update(
                items.address_pk(channel, address),
                items.ADDRESS,
                "ADD accounts :account, version :one",
                {":account": {account_key}, ":one": 1},
            )
            record = items.address_from(channel, address, item)
            if len(record.accounts) == _BEGINS_TO_BE_SHARED:
                self._remember_for_both(record)

    def _update(self, pk: str, sk: str, expression: str, values: Item) -> Item:
        """Update an item that a transaction may hold just now: an opt-out must not be lost to that."""
        for _ in range(_ATTEMPTS):
            with suppress(ConflictError):
                return self._table.update(pk, sk, expression, values)
        raise StoreUnavailableError("an address is being changed all the time")

    def _remember_for_both(self, record: AddressRecord) -> None:
        """Raises ConflictError if somebody contacts the address just now: the import comes again."""
        accounts = filter(None, map(DynamoAccountStore(self._table).load, sorted(record.accounts)))
        known = with_contacts_of(record, accounts)
        if known.recent != record.recent:
            item = items.address_item(known, record.version + 1)
            self._table.put(item, version_is(record.version), version=record.version)
