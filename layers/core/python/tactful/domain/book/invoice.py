"""One receivable, and how imports and payments change what is due on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from tactful.domain.book.money import Money, MoneyError


class InvoiceState(StrEnum):
    """What an invoice is. Only an open one with something due may be chased."""

    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    DISPUTED = "disputed"
    WRITTEN_OFF = "written_off"


class InvoiceKind(StrEnum):
    """What an invoice asks for: a delivery or service done, a deposit, or payment before anything is done."""

    STANDARD = "standard"
    DEPOSIT = "deposit"
    UPFRONT = "upfront"


@dataclass(frozen=True, slots=True)
class Discount:
    """What may be taken off an invoice that is paid by a civil date (that day included)."""

    amount: Money
    until: date


@dataclass(frozen=True, slots=True)
class Invoice:
    """One receivable. Dates are civil dates in the business's time zone.

    `reported` is what the accounting product last said is due; `received` is the net of the payments recorded here.
    `credited` is what the books had taken off the total before any payment was recorded here, None for nothing.
    Neither source alone knows everything, so what is due is the smaller claim of the two. `reported_at` is when
    the file that said so was uploaded (UTC).

    `settled_on` is the civil date on which nothing was left to pay, None while something is or if nobody knows the
    date. `was_disputed` stays true once the client has disputed the invoice.
    """

    number: str
    due_date: date
    total: Money
    reported: Money
    received: Money
    state: InvoiceState
    issue_date: date | None = None
    reported_at: datetime | None = None
    credited: Money | None = None
    kind: InvoiceKind = InvoiceKind.STANDARD
    discount: Discount | None = None
    settled_on: date | None = None
    was_disputed: bool = False

    @property
    def amount_due(self) -> Money:
        """What is still due, never more than any source claims; negative for a credit note."""
        if self.state in (InvoiceState.PAID, InvoiceState.VOID, InvoiceState.WRITTEN_OFF):
            return Money(0, self.total.currency)
        if self.total.minor < 0:
            return self.reported
        unpaid = self.total.minor - self.received.minor - (self.credited.minor if self.credited else 0)
        if 0 <= self.reported.minor <= unpaid:
            return self.reported
        return Money(max(0, min(self.reported.minor, unpaid)), self.total.currency)

    @property
    def is_credit(self) -> bool:
        return self.total.minor < 0

    def may_have_counted(self, at: datetime) -> bool:
        """Whether the books may have credited a payment of that instant (UTC) already, so that it counts twice."""
        return self.credited is not None and self.reported_at is not None and at <= self.reported_at

    def with_payment(self, amount: Money) -> Invoice:
        """Record money received; paying the whole closes the invoice. Raises MoneyError on another currency."""
        paid = replace(self, received=self.received + amount)
        if paid.state in (InvoiceState.OPEN, InvoiceState.DISPUTED) and paid.amount_due.minor == 0:
            return replace(paid, state=InvoiceState.PAID)
        return paid

    def with_reversal(self, amount: Money) -> Invoice:
        """Take back money that did not stay (a returned debit, a chargeback); a paid invoice reopens.

        The accounting product may have counted the payment already, so what it reported rises again by the
        reversed amount, up to the invoice's total.
        """
        owed_again = min(self.total.minor, max(self.reported.minor, self.amount_due.minor + amount.minor))
        state = InvoiceState.OPEN if self.state is InvoiceState.PAID else self.state
        return replace(
            self,
            received=self.received - amount,
            reported=Money(owed_again, self.total.currency),
            state=state,
        )

    def with_report(self, report: Invoice) -> Invoice:
        """Take over a newer statement of the accounting product, keeping the payments recorded here.

        An older file (by upload time), or one that says nothing new, changes nothing. An invoice that our own
        payments have settled stays paid whatever a file says. Raises MoneyError if the currency changed after
        payments were recorded.
        """
        if self.reported_at and report.reported_at and report.reported_at < self.reported_at:
            return self
        received = self.received
        if received.currency != report.total.currency:
            if received.minor:
                raise MoneyError(
                    f"currency: {report.total.currency}, but {received} has been paid on this invoice already"
                )
            received = report.received
        credited = self.credited if received.minor else credited_by(report)
        merged = replace(report, received=received, credited=credited)
        if report.state is InvoiceState.OPEN and not report.is_credit and merged.amount_due.minor == 0:
            merged = replace(merged, state=InvoiceState.PAID)
        return self if replace(merged, reported_at=self.reported_at) == self else merged


def credited_by(report: Invoice) -> Money | None:
    """What a first statement has taken off the total already; None for nothing."""
    taken_off = report.total - report.reported
    return taken_off if taken_off.minor > 0 and not report.is_credit else None
