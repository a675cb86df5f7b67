"""What every account store does alike, in memory or not."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import ReminderStatus
from tactful.domain.book.customer import Channel


def address_key(channel: Channel, address: str) -> str:
    """The key an address is known by: a hash, so that a suppression can outlive the address itself.

    Letter case does not count: who opts out as Ann@example.com must not be written to as ann@example.com.
    """
    return hashlib.sha256(f"{channel}|{address.strip().casefold()}".encode()).hexdigest()


def known_addresses(account: Account) -> tuple[tuple[Channel, str], ...]:
    """The addresses whose records belong to an account: those of its contacts, and those of open claims.

    A claim may be given back after its contact has changed: the address it was made to must then forget it.
    """
    claimed = (
        (reminder.channel, reminder.address)
        for reminder in account.reminders
        if reminder.status is ReminderStatus.CLAIMED and reminder.address
    )
    return tuple(dict.fromkeys((*account.customer.addresses(), *claimed)))


def in_order(account: Account) -> Account:
    """The account with its parts in the order a store hands them out: by number, or by time and id."""
    return replace(
        account,
        invoices=tuple(sorted(account.invoices, key=lambda invoice: invoice.number)),
        promises=tuple(sorted(account.promises, key=lambda promise: (promise.made_at, promise.id))),
        extensions=tuple(sorted(account.extensions, key=lambda granted: (granted.granted_at, granted.id))),
        holds=tuple(sorted(account.holds, key=lambda hold: (hold.since, hold.id))),
        manual_contacts=tuple(sorted(account.manual_contacts, key=lambda made: (made.at, made.id))),
        approvals=tuple(sorted(account.approvals, key=lambda given: (given.at, given.id))),
        reminders=tuple(sorted(account.reminders, key=lambda reminder: (reminder.at, reminder.id))),
    )
