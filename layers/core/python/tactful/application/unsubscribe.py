"""One click in a mail program, and no more e-mail: RFC 8058."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tactful.application.account_events import AccountEvents
from tactful.application.ports import AddressBook
from tactful.domain.book.account import (
    Account,
    Change,
    Entry,
    Suppression,
    SuppressionReason,
    Task,
    TaskKind,
)
from tactful.domain.book.contact_log import account_key_of
from tactful.domain.book.customer import Channel, Customer
from tactful.domain.book.summaries import SUMMARIES

_ASKED = SuppressionReason.OPT_OUT


class UnsubscribePage(StrEnum):
    """What whoever follows the link sees: whether it is meant, that it is done, or that the link is nobody's."""

    ASKED = "asked"
    DONE = "done"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Forbids the address that an e-mail went to, for every account that uses it."""

    events: AccountEvents
    addresses: AddressBook

    def whose(self, reminder_id: str) -> Customer | None:
        """Whom an e-mail went to, for the page's language; None if it is nobody's. Raises StoreUnavailableError."""
        key = account_key_of(reminder_id)
        account = self.events.store.load(key) if key else None
        return account.customer if account and account.reminder(reminder_id) else None

    def unsubscribe(self, reminder_id: str, reason: SuppressionReason = _ASKED) -> bool:
        """Obey, once or again; whether there was such an e-mail. Raises StoreUnavailableError: it must come again.

        `reason` is another one if it was not asked for but complained of.
        """
        account = self.events.store.load(account_key_of(reminder_id)) if account_key_of(reminder_id) else None
        reminder = account.reminder(reminder_id) if account else None
        if account is None or reminder is None or reminder.channel is not Channel.EMAIL:
            return False
        now = self.events.clock.now()
        record = self.addresses.suppress(Channel.EMAIL, reminder.address, Suppression(reason, now))
        entry = Entry(
            f"unsubscribed-{reminder_id}",
            now,
            "unsubscribed",
            (("channel", str(Channel.EMAIL)), ("why", str(reason))),
        )

        kind, key_of_mail = TaskKind.COMPLAINT, account.key
        facts = (("customer", f"{account.customer.name} ({account.customer.id})"), ("reminder", reminder_id))
        task = (
            Task(f"{kind}-{reminder_id}", kind, now, SUMMARIES[kind], facts) if reason is not _ASKED else None
        )

        def noted(known: Account) -> Change:
            return Change(known, entries=(entry,), tasks=(task,) if task and known.key == key_of_mail else ())

        for key in sorted({account.key, *record.accounts}):
            self.events.apply(key, noted)
        return True
