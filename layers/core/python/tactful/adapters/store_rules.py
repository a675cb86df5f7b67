"""What every account store does alike, in memory or not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from tactful.domain.book.account import Account
from tactful.domain.book.customer import Channel, Customer


def address_key(channel: Channel, address: str) -> str:
    """The key an address is known by: a hash, so that a suppression can outlive the address itself.

    Letter case does not count: who opts out as Ann@example.com must not be written to as ann@example.com.
    """
    return hashlib.sha256(f"{channel}|{address.strip().casefold()}".encode()).hexdigest()


def addresses_of(customer: Customer) -> Iterator[tuple[Channel, str]]:
    """The addresses of all contacts, each once as it is written, in the order of the contacts."""
    pairs = (
        (channel, address)
        for contact in customer.contacts
        for channel in Channel
        if (address := contact.address(channel))
    )
    yield from dict.fromkeys(pairs)


def in_order(account: Account) -> Account:
    """The account with its parts in the order a store hands them out: by number, or by time and id."""
    return replace(
        account,
        invoices=tuple(sorted(account.invoices, key=lambda invoice: invoice.number)),
        promises=tuple(sorted(account.promises, key=lambda promise: (promise.made_at, promise.id))),
        holds=tuple(sorted(account.holds, key=lambda hold: (hold.since, hold.id))),
        reminders=tuple(sorted(account.reminders, key=lambda reminder: (reminder.at, reminder.id))),
    )
