"""What every account store does alike, in memory or not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import reduce

from tactful.domain.book.account import Account, AddressContact, AddressRecord, Entry
from tactful.domain.book.contact_log import Reminder, ReminderStatus
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


def progress_entries(reminders: Iterable[Reminder]) -> Iterator[Entry]:
    """What was told of reminders, as lines of the timeline: it is kept with each of them, and written once."""
    for reminder in reminders:
        for news in reminder.progress:
            facts = (
                ("reminder", reminder.id),
                ("stage", reminder.stage),
                ("channel", str(reminder.channel)),
                ("code", news.code),
            )
            yield Entry(f"delivery-{reminder.id}-{news.status}-{news.code}", news.at, str(news.status), facts)


def with_contacts_of(record: AddressRecord, accounts: Iterable[Account]) -> AddressRecord:
    """What an address has to remember when a second account comes to use it: an only user remembers by itself."""
    made = {
        AddressContact(reminder.at, account.key, "" if is_message else reminder.detail)
        for account in accounts
        for reminder in account.reminders
        if reminder.is_contact
        and ((is_message := _is_to(reminder, record)) or _is_by_hand_to(account, reminder, record))
    }
    recent = sorted(
        {*record.recent, *made}, key=lambda contact: (contact.at, contact.account_key, contact.how)
    )
    return reduce(AddressRecord.with_contact, recent, replace(record, recent=()))


def _is_to(reminder: Reminder, record: AddressRecord) -> bool:
    if reminder.channel is not record.channel:
        return False
    return address_key(reminder.channel, reminder.address) == address_key(record.channel, record.address)


def _is_by_hand_to(account: Account, step: Reminder, record: AddressRecord) -> bool:
    """Whether a call or a letter went to whoever has the address."""
    if step.channel is not Channel.PERSON:
        return False
    key = address_key(record.channel, record.address)
    return any(address_key(*one) == key for one in account.addresses_of(step))


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
        answers=tuple(sorted(account.answers, key=lambda owed: (owed.at, owed.id))),
        reminders=tuple(sorted(account.reminders, key=lambda reminder: (reminder.at, reminder.id))),
    )
