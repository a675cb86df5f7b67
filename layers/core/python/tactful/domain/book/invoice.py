"""One receivable, and how imports and payments change what is due on it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from tactful.domain.book.imported import Imported, changed_by
from tactful.domain.book.money import Money, MoneyError


class InvoiceState(StrEnum):
    """What an invoice is. Only an open one with something due may be chased.

    A draft has not been issued. What a list of all open invoices lacked is presumed settled: nobody knows whether it
    was paid, so it counts neither as owed nor as paid until it comes back.
    """

    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    DISPUTED = "disputed"
    WRITTEN_OFF = "written_off"
    DRAFT = "draft"
    PRESUMED_SETTLED = "presumed_settled"


class InvoiceKind(StrEnum):
    """What an invoice asks for: a delivery or service done, a deposit, or payment before anything is done."""

    STANDARD = "standard"
    DEPOSIT = "deposit"
    UPFRONT = "upfront"


_A_WEEK = timedelta(days=7)
_OWED = (InvoiceState.OPEN, InvoiceState.DISPUTED)
_NOT_STATED_PAID = (*_OWED, InvoiceState.PRESUMED_SETTLED)


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
    invoice is still not paid, if that was after `reported_at`. `imported` is no part of what the invoice is: it is
    kept for undoing an import.
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
    imported: Imported[Invoice] | None = field(default=None, compare=False)

    @property
    def amount_due(self) -> Money:
        """What is still due, never more than any source claims; negative for a credit note."""
        return self.unsettled if self.state in _OWED else Money(0, self.total.currency)

    @property
    def unsettled(self) -> Money:
        """What is not known to be paid, whatever the state: due on an open invoice, unclear on one presumed settled."""
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
        paid = replace(self, received=self.received + amount, imported=self._after_money())
        if paid.state in _NOT_STATED_PAID and paid.unsettled.minor == 0:
            return replace(paid, state=InvoiceState.PAID)
        return paid

    def with_reversal(self, amount: Money) -> Invoice:
        """Take back money that did not stay (a returned debit, a chargeback); a paid invoice reopens.

        The accounting product may have counted the payment already, so what it reported rises again by the
        reversed amount, up to the invoice's total. An invoice presumed settled reopens with no more than that amount.
        """
        was_presumed = self.state is InvoiceState.PRESUMED_SETTLED
        reported = 0 if was_presumed else self.reported.minor
        owed_again = min(self.total.minor, max(reported, self.amount_due.minor + amount.minor))
        reopens = was_presumed or self.state is InvoiceState.PAID
        return replace(
            self,
            received=self.received - amount,
            reported=Money(owed_again, self.total.currency),
            state=InvoiceState.OPEN if reopens else self.state,
            imported=self._after_money(),
        )

    def with_report(self, report: Invoice) -> Invoice:
        """Take over a newer statement of the accounting product, keeping the payments recorded here.

        An older file (by upload time, and by import of two uploaded at once), or one that says nothing new, changes
        nothing. An invoice that our own payments have settled stays paid whatever a file says. A date of settlement
        that the books state counts more than the one noted here. Raises MoneyError if the currency changed after
        payments were recorded.
        """
        if self._is_newer_than(report):
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
            imported=changed_by(report.imported, self, self.imported),
        )
        if report.state is InvoiceState.OPEN and not report.is_credit and merged.amount_due.minor == 0:
            merged = replace(merged, state=InvoiceState.PAID)
        if replace(merged, reported_at=self.reported_at, seen_due_at=self.seen_due_at) != self:
            return merged
        return self._seen_due(report.reported_at)

    def presumed_settled(self, at: datetime, import_id: str) -> Invoice:
        """The invoice after a list of all that was open at an instant (UTC) lacked it.

        Only what a file had reported before that, and what nobody knows to be settled, changes.
        """
        last = self.last_report_at
        if last is None or last >= at or not self.is_unsettled:
            return self
        return replace(
            self,
            state=InvoiceState.PRESUMED_SETTLED,
            reported_at=at,
            seen_due_at=None,
            imported=changed_by(Imported(import_id), self, self.imported),
        )

    @property
    def is_unsettled(self) -> bool:
        """Whether a list of everything that is open has it: something is due on it, or to the client; or a draft."""
        return self.state is InvoiceState.DRAFT or (self.state in _OWED and self.amount_due.minor != 0)

    def _is_newer_than(self, report: Invoice) -> bool:
        last = self.last_report_at
        if last is None or report.reported_at is None:
            return False
        if report.reported_at == last and report.imported and self.imported:
            return report.imported.id < self.imported.id
        return report.reported_at < last

    def _after_money(self) -> Imported[Invoice] | None:
        return replace(self.imported, money_since=True) if self.imported else None

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
