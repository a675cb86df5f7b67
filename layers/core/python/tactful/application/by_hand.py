"""What somebody of the business did or agreed with a client: contacts, promises, later due dates, holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from tactful.application.account_events import AccountEvents
from tactful.domain.book.account import Account, Change
from tactful.domain.book.agreements import Extension, Hold, HoldKind, Promise
from tactful.domain.book.contact_log import ManualContact
from tactful.domain.book.customer import account_key
from tactful.domain.book.events import (
    grant_extension,
    lift_hold,
    make_promise,
    note_manual_contact,
    put_hold,
)


@dataclass(frozen=True, slots=True)
class ByHand:
    """Notes it on the account, whose next action follows from it at once.

    Every method gives the account afterwards and raises ValueError, which says what is wrong and what to do, and
    StoreUnavailableError. What was noted once is not noted again for the same second.
    """

    events: AccountEvents

    def contact(self, customer_id: str, how: str, at: datetime | None = None, note: str = "") -> Account:
        """A contact made by hand, now or at an instant (UTC): it counts towards gap and caps like a message."""
        now = self.events.clock.now()
        made = ManualContact(_id(at or now, how), at or now, how, note)
        return self._apply(customer_id, lambda account: note_manual_contact(account, made, now))

    def promise(self, customer_id: str, invoices: tuple[str, ...], by: date) -> Account:
        """The client promised to pay what is due on some invoices (all that are open if none is named) by a date."""
        now = self.events.clock.now()
        today = self.events.calendar.today(now)

        def promised(account: Account) -> Change:
            numbers = invoices or _owed(account)
            return make_promise(account, Promise(_id(now, by, *numbers), numbers, by, now), today)

        return self._apply(customer_id, promised)

    def extend(self, customer_id: str, invoices: tuple[str, ...], until: date) -> Account:
        """The business grants a later due date for some invoices (all that are open if none is named)."""
        now = self.events.clock.now()
        today = self.events.calendar.today(now)

        def extended(account: Account) -> Change:
            numbers = invoices or _owed(account)
            extension = Extension(_id(now, until, *numbers), numbers, until, now)
            return grant_extension(account, extension, today)

        return self._apply(customer_id, extended)

    def hold(
        self,
        customer_id: str,
        kind: HoldKind,
        until: date | None = None,
        invoices: tuple[str, ...] = (),
        note: str = "",
    ) -> Account:
        """Chasing pauses until the start of a civil date at the business, or until somebody lifts the hold."""
        now = self.events.clock.now()
        ends = self.events.calendar.start_of(until) if until else None
        hold = Hold(_id(now, kind, *invoices), kind, now, ends, invoices, note)
        return self._apply(customer_id, lambda account: put_hold(account, hold))

    def lift(self, customer_id: str, hold_id: str, by: str) -> Account:
        """Somebody ends a hold."""
        now = self.events.clock.now()
        return self._apply(customer_id, lambda account: lift_hold(account, hold_id, now, by))

    def _apply(self, customer_id: str, event: Callable[[Account], Change]) -> Account:
        account = self.events.apply(account_key(customer_id), event)
        if account is None:
            raise ValueError(
                f"there is no customer {customer_id!r}: see the customer_id column of the upload"
            )
        return account


def _owed(account: Account) -> tuple[str, ...]:
    return tuple(sorted(invoice.number for invoice in account.invoices if invoice.amount_due.minor > 0))


def _id(at: datetime, *what: object) -> str:
    said = "|".join(map(str, (at.replace(microsecond=0).isoformat(), *what)))
    return f"hand-{hashlib.sha256(said.encode()).hexdigest()[:16]}"
