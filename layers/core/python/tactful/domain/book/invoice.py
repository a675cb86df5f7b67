"""One receivable, and how imports and payments change what is due on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
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


_A_WEEK = timedelta(days=7)


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
    date. `was_disputed` stays true once the client has disputed the invoice. `paid_on` is the civil date of the
    latest payment recorded here, and `seen_due_at` (UTC, kept to the week) when the books last said that an overdue
    invoice is still not paid, if that was after `reported_at`.
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
    paid_on: date | None = None
    seen_due_at: datetime | None = None

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

    @property
    def last_report_at(self) -> datetime | None:
        """When the books spoke of it last, as far as that was kept (UTC)."""
        return self.seen_due_at or self.reported_at

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
        payments have settled stays paid whatever a file says. A date of settlement that the books state counts more
        than the one noted here. Raises MoneyError if the currency changed after payments were recorded.
        """
        last = self.last_report_at
        if last and report.reported_at and report.reported_at < last:
            return self
        received = self.received
        if received.currency != report.total.currency:
            if received.minor:
                raise MoneyError(
                    f"currency: {report.total.currency}, but {received} has been paid on this invoice already"
                )
            received = report.received
        credited = self.credited if received.minor else credited_by(report)
        merged = replace(
            report,
            received=received,
            credited=credited,
            settled_on=report.settled_on or self.settled_on,
            was_disputed=self.was_disputed or report.was_disputed,
            paid_on=self.paid_on,
        )
        if report.state is InvoiceState.OPEN and not report.is_credit and merged.amount_due.minor == 0:
            merged = replace(merged, state=InvoiceState.PAID)
        if replace(merged, reported_at=self.reported_at, seen_due_at=self.seen_due_at) != self:
            return merged
        return self._seen_due(report.reported_at)

    def _seen_due(self, at: datetime | None) -> Invoice:
        """Once it is overdue, remember that it was not paid yet: how late it will have been depends on that.

        Once a week is precise enough, and spares writing every unpaid invoice at every upload.
        """
        last = self.last_report_at
        if at is None or last is None or self.amount_due.minor <= 0:
            return self
        overdue = at.date() > self.due_date
        return replace(self, seen_due_at=at) if overdue and at - last >= _A_WEEK else self


def credited_by(report: Invoice) -> Money | None:
    """What a first statement has taken off the total already; None for nothing."""
    taken_off = report.total - report.reported
    return taken_off if taken_off.minor > 0 and not report.is_credit else None
