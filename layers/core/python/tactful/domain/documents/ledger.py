"""The ledger of an account: what was invoiced, paid and credited, with a running balance, and how old the rest is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from tactful.domain.book.account import Account
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.money import Money

# Neither owed nor known to be paid: a ledger leaves them out, and says so.
_LEFT_OUT = (
    InvoiceState.DRAFT,
    InvoiceState.VOID,
    InvoiceState.WRITTEN_OFF,
    InvoiceState.PRESUMED_SETTLED,
)
# What moved so recently is shown although nothing is open.
_RECENT = timedelta(days=90)


class EntryKind(StrEnum):
    """What moved the balance. A credit is whatever the books took off or used up besides payments recorded here."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    CREDIT = "credit"
    CHARGE = "charge"


class Bucket(StrEnum):
    """How long something has been due. What is in the client's favour has no age."""

    CURRENT = "current"
    UP_TO_30 = "1_30"
    UP_TO_60 = "31_60"
    UP_TO_90 = "61_90"
    OVER_90 = "over_90"
    IN_FAVOUR = "in_your_favour"


_LAST_DAYS = ((0, Bucket.CURRENT), (30, Bucket.UP_TO_30), (60, Bucket.UP_TO_60), (90, Bucket.UP_TO_90))


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge for late payment that was claimed on a civil date, and the words for it."""

    reference: str
    on: date
    amount: Money
    what: str = ""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One movement: positive raises what is owed. `on` and `due` are civil dates, None where nobody knows them.

    `balance` is what is owed after it. Of payments only their sum and the date of the last are kept, so all
    payments of one invoice are one entry.
    """

    kind: EntryKind
    reference: str
    on: date | None
    amount: Money
    balance: Money
    due: date | None = None


@dataclass(frozen=True, slots=True)
class CurrencyLedger:
    """The movements in one currency, between two balances. The ages sum up to the closing balance."""

    opening: Money
    entries: tuple[LedgerEntry, ...]
    closing: Money
    ages: tuple[tuple[Bucket, Money], ...]

    @property
    def currency(self) -> str:
        return self.closing.currency

    @property
    def overdue(self) -> Money:
        """What is past its due date, without what is in the client's favour."""
        late = (
            amount.minor for bucket, amount in self.ages if bucket not in (Bucket.CURRENT, Bucket.IN_FAVOUR)
        )
        return Money(sum(late), self.currency)


@dataclass(frozen=True, slots=True)
class Ledger:
    """An account as of a civil date of the business, by currency. `since` is None if it shows all there is.

    `left_out` has the numbers of invoices that are drafts, void, written off or presumed settled, with that state.
    """

    as_of: date
    since: date | None
    currencies: tuple[CurrencyLedger, ...]
    left_out: tuple[tuple[str, InvoiceState], ...] = ()

    @property
    def has_open(self) -> bool:
        """Whether something is owed, either way."""
        return any(part.closing.minor or part.overdue.minor for part in self.currencies)


def ledger_of(
    account: Account, as_of: date, *, since: date | None = None, charges: Sequence[Charge] = ()
) -> Ledger:
    """The ledger of an account as it is on a civil date; what moved before `since` is in the opening balances."""
    counted = [invoice for invoice in account.invoices if invoice.state not in _LEFT_OUT]
    currencies = sorted({i.total.currency for i in counted} | {c.amount.currency for c in charges})
    return Ledger(
        as_of=as_of,
        since=since,
        currencies=tuple(
            _in_one_currency(
                account,
                [invoice for invoice in counted if invoice.total.currency == currency],
                [charge for charge in charges if charge.amount.currency == currency],
                as_of,
                since,
                currency,
            )
            for currency in currencies
        ),
        left_out=tuple(
            sorted(
                (invoice.number, invoice.state) for invoice in account.invoices if invoice.state in _LEFT_OUT
            )
        ),
    )


def statement_of(account: Account, as_of: date, *, charges: Sequence[Charge] = ()) -> Ledger:
    """The ledger as a client wants to see it: since the oldest invoice that is open, or of the last 90 days."""
    counted = (invoice for invoice in account.invoices if invoice.state not in _LEFT_OUT)
    begun = [_begun(invoice) for invoice in counted if balance_of(invoice).minor]
    return ledger_of(account, as_of, since=min([*begun, as_of - _RECENT]), charges=charges)


def balance_of(invoice: Invoice) -> Money:
    """What is left of an invoice or credit note; negative if more than its total was paid here."""
    overpaid = 0 if invoice.is_credit else max(0, invoice.received.minor - invoice.total.minor)
    return Money(invoice.amount_due.minor - overpaid, invoice.total.currency)


def _in_one_currency(
    account: Account,
    invoices: Sequence[Invoice],
    charges: Sequence[Charge],
    as_of: date,
    since: date | None,
    currency: str,
) -> CurrencyLedger:
    opening, running = 0, 0
    entries = []
    for when, entry in sorted(_movements(account, invoices, charges), key=_in_order):
        running += entry.amount.minor
        if since is not None and when < since:
            opening = running
        else:
            entries.append(replace(entry, balance=Money(running, currency)))
    return CurrencyLedger(
        Money(opening, currency),
        tuple(entries),
        Money(running, currency),
        _ages(account, invoices, charges, as_of, currency),
    )


_Movement = tuple[date, LedgerEntry]
_ORDER = {kind: place for place, kind in enumerate(EntryKind)}


def _in_order(movement: _Movement) -> tuple[date, str, int]:
    when, entry = movement
    return when, entry.reference, _ORDER[entry.kind]


def _movements(
    account: Account, invoices: Iterable[Invoice], charges: Iterable[Charge]
) -> Iterator[_Movement]:
    """Every movement, with the date by which it is put in order: one whose day nobody knows follows its invoice."""
    nothing = Money(0, "")
    for invoice in invoices:
        begun, number, currency = _begun(invoice), invoice.number, invoice.total.currency
        kind = EntryKind.CREDIT_NOTE if invoice.is_credit else EntryKind.INVOICE
        due = None if invoice.is_credit else account.due_date(invoice)
        yield begun, LedgerEntry(kind, number, invoice.issue_date, invoice.total, nothing, due)
        received = invoice.received.minor
        if received:
            paid = Money(-received, currency)
            yield (
                invoice.paid_on or begun,
                LedgerEntry(EntryKind.PAYMENT, number, invoice.paid_on, paid, nothing),
            )
        rest = balance_of(invoice).minor - invoice.total.minor + received
        if rest:
            on = invoice.settled_on if invoice.settled_on != invoice.paid_on else None
            credited = Money(rest, currency)
            yield on or begun, LedgerEntry(EntryKind.CREDIT, number, on, credited, nothing)
    for charge in charges:
        yield (
            charge.on,
            LedgerEntry(EntryKind.CHARGE, charge.reference, charge.on, charge.amount, nothing, charge.on),
        )


def _begun(invoice: Invoice) -> date:
    return invoice.issue_date or invoice.due_date


def _ages(
    account: Account, invoices: Iterable[Invoice], charges: Iterable[Charge], as_of: date, currency: str
) -> tuple[tuple[Bucket, Money], ...]:
    sums = dict.fromkeys(Bucket, 0)
    for invoice in invoices:
        left = balance_of(invoice).minor
        sums[_bucket(left, (as_of - account.due_date(invoice)).days)] += left
    for charge in charges:
        sums[_bucket(charge.amount.minor, (as_of - charge.on).days)] += charge.amount.minor
    return tuple((bucket, Money(minor, currency)) for bucket, minor in sums.items())


def _bucket(left: int, days_late: int) -> Bucket:
    if left < 0:
        return Bucket.IN_FAVOUR
    return next((bucket for last, bucket in _LAST_DAYS if days_late <= last), Bucket.OVER_90)
