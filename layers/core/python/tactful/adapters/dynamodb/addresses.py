"""What is known of addresses, one item per address."""

from __future__ import annotations

from collections.abc import Iterable

from tactful.adapters.dynamodb import items
from tactful.adapters.dynamodb.table import Table
from tactful.application.ports import AddressBook
from tactful.domain.book.account import AddressRecord, Suppression
from tactful.domain.book.customer import Channel


class DynamoAddressBook(AddressBook):
    """Every write counts the version up, so that a commit based on what was known before it conflicts."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, channel: Channel, address: str) -> AddressRecord | None:
        item = self._table.get(items.address_pk(channel, address), items.ADDRESS)
        return items.address_from(channel, address, item) if item else None

    def suppress(self, channel: Channel, address: str, suppression: Suppression) -> AddressRecord:
        item = self._table.update(
            items.address_pk(channel, address),
            items.ADDRESS,
            "SET suppression = if_not_exists(suppression, :suppression) ADD version :one",
            {":suppression": items.suppression_map(suppression), ":one": 1},
        )
        return items.address_from(channel, address, item)

    def link(self, account_key: str, addresses: Iterable[tuple[Channel, str]]) -> None:
        for channel, address in addresses:
            self._table.update(
                items.address_pk(channel, address),
                items.ADDRESS,
                "ADD accounts :account, version :one",
                {":account": {account_key}, ":one": 1},
            )
