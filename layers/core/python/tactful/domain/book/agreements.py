"""What was agreed or ordered about an account: promises to pay, payment plans and holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tactful.domain.book.money import Money


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise to pay: these invoices by this civil date (the business's zone).

    It pauses chasing through its date. If the invoices are still open the day after, it is broken and a new
    round of the ladder starts from the promised date.
    """

    id: str
    invoices: tuple[str, ...]
    promised_date: date
    made_at: datetime

    def is_broken(self, today: date) -> bool:
        return today > self.promised_date


@dataclass(frozen=True, slots=True)
class Instalment:
    """One part of a plan, due on a civil date."""

    due_date: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Plan:
    """A payment plan over some invoices of one currency; its instalments replace their due dates."""

    id: str
    invoices: tuple[str, ...]
    instalments: tuple[Instalment, ...]
    agreed_at: datetime

    def first_missed(self, still_due: Mapping[str, Money], today: date) -> Instalment | None:
        """The earliest instalment that is past its date and not covered by what was paid since.

        `still_due` maps invoice numbers to what is due on them now.
        """
        agreed = sum(part.amount.minor for part in self.instalments)
        unpaid = sum(still_due[number].minor for number in self.invoices if number in still_due)
        paid = agreed - unpaid
        for part in sorted(self.instalments, key=lambda part: part.due_date):
            paid -= part.amount.minor
            if paid < 0:
                return part if part.due_date < today else None
        return None

    def next_due_date(self, today: date) -> date | None:
        """The next instalment's date from `today` on, or None after the last."""
        return min((part.due_date for part in self.instalments if part.due_date >= today), default=None)


@dataclass(frozen=True, slots=True)
class Hold:
    """A pause with a reason and an end. No end means: until a person lifts it. No invoices means: all."""

    id: str
    reason: str
    since: datetime
    until: datetime | None = None
    invoices: tuple[str, ...] = ()

    def is_active(self, now: datetime) -> bool:
        return self.until is None or now < self.until

    def covers(self, number: str) -> bool:
        return not self.invoices or number in self.invoices
