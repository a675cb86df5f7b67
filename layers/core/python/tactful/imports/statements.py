"""From what a file says to accounts: what an upload and a forecast do alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from tactful.domain.book.account import Account, Entry, some_of
from tactful.domain.book.customer import Contact, Customer
from tactful.domain.book.imported import Imported, changed_by
from tactful.domain.book.invoice import Invoice, InvoiceState, credited_by
from tactful.domain.book.money import Money
from tactful.domain.book.settlement import note_settlements
from tactful.imports.statement import Described, StatedCustomer, StatedInvoice

# It may be tomorrow already where the business is.
_A_DAY = timedelta(days=1)


class RowOutcome(StrEnum):
    """What became of one statement. The counts of a report add up to its records."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Taken:
    """An account after statements about it, with the timeline entries to commit beside it.

    `outcomes` has those taken over, `rejected` the others and why, by their first record. `reopened` are the numbers
    of invoices that had been presumed settled and are open after all.
    """

    account: Account
    outcomes: dict[int, RowOutcome]
    rejected: dict[int, str]
    reopened: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()


def take_invoices(
    account: Account,
    stated: Sequence[StatedInvoice],
    at: datetime,
    today: Callable[[datetime], date],
    import_id: str = "",
) -> Taken:
    """The account after what a file uploaded at an instant (UTC) says of its invoices; `today` is the business's.

    The books do not say when an invoice was settled that they had open before, unless a record does. The client gets
    the benefit of the doubt: it counts as settled on the day of the last report that had it open. With an
    `import_id` what changes can be undone.
    """
    taken = Taken(account, {}, {})
    invoices = {invoice.number: invoice for invoice in account.invoices}
    customer = _opened(account, import_id)
    settled: dict[date, dict[str, Invoice]] = {}
    reopened: dict[str, None] = {}
    for one in stated:
        known = invoices.get(one.number)
        try:
            report = _invoice(one, known, at, today, import_id)
            merged = known.with_report(report) if known else report
        except ValueError as error:
            taken.rejected[one.records[0]] = str(error)
            continue
        who = _restated(customer, one.customer, at, import_id, is_named=bool(one.customer.contacts))
        taken.outcomes[one.records[0]] = _outcome(known, merged, is_same_customer=who == customer)
        customer = who
        if merged != known:
            day = one.settled_on or today((known and known.last_report_at) or at)
            settled.setdefault(day, {})[merged.number] = merged
            invoices[merged.number] = merged
            if known and known.state is InvoiceState.PRESUMED_SETTLED and merged.is_unsettled:
                reopened[merged.number] = None
    account = replace(account, customer=customer)
    for day, changed in sorted(settled.items()):
        known_before = {invoice.number: invoice for invoice in account.invoices}
        after = replace(account, invoices=tuple((known_before | changed).values()))
        account = note_settlements(account, after, day)
    numbers = tuple(reopened)
    return replace(taken, account=account, reopened=numbers, entries=_reopened(numbers, at, import_id))


def take_customers(
    account: Account,
    known: Customer | None,
    described: Sequence[Described],
    at: datetime,
    import_id: str = "",
) -> Taken:
    """The account after what a file uploaded at an instant (UTC) says of its customer, `known` so far."""
    outcomes = {}
    opened = _opened(account, import_id)
    for one in described:
        merged = _restated(known or opened, one.customer, at, import_id, is_named=True)
        if known is None:
            merged = replace(merged, stated_at=at)
            outcomes[one.records[0]] = RowOutcome.NEW
        else:
            outcomes[one.records[0]] = _changed(is_same=merged == known)
        known = merged
    return Taken(replace(account, customer=known or account.customer), outcomes, {})


def _opened(account: Account, import_id: str) -> Customer:
    """The customer as it is, or as one whom this import brings."""
    is_new = not account.version and account.customer.imported is None
    return (
        replace(account.customer, imported=Imported(import_id)) if is_new and import_id else account.customer
    )


def _invoice(
    one: StatedInvoice,
    known: Invoice | None,
    at: datetime,
    today: Callable[[datetime], date],
    import_id: str,
) -> Invoice:
    """The invoice as a record states it. Raises ValueError if it was settled after the upload.

    What nobody can be asked to pay may lack a due date. It gets the known one or the latest date there is, and then
    counts nothing in the payment record.
    """
    if one.settled_on and one.settled_on > (at + _A_DAY).date():
        raise ValueError(f"settled_date {one.settled_on} lies in the future")
    due_date = one.due_date or (known and known.due_date)
    report = Invoice(
        number=one.number,
        due_date=due_date or one.settled_on or one.issue_date or today(at),
        total=one.total,
        reported=one.amount_due,
        received=Money(0, one.total.currency),
        state=one.state,
        issue_date=one.issue_date,
        reported_at=at,
        kind=one.kind,
        discount=one.discount,
        settled_on=one.settled_on if due_date else None,
        imported=Imported(import_id) if import_id else None,
    )
    return replace(report, credited=credited_by(report))


def _restated(
    known: Customer, stated: StatedCustomer, at: datetime, import_id: str, *, is_named: bool
) -> Customer:
    """The customer after a statement: its facts replaced, its contacts added or replaced by role and name.

    One uploaded (`at`, UTC) before what is known changes nothing, and neither does one that says nothing new. Of two
    uploaded at once the same one counts in either order. Time zone and region are forgotten with their country. An
    invoice without a contact renames nobody (`is_named`).
    """
    if known.stated_at:
        last = known.imported.id if known.imported else ""
        if (at, import_id) < (known.stated_at, last if import_id else ""):
            return known
    moved = "" not in (stated.country, known.country) and stated.country != known.country
    contacts = known.contacts
    for contact in stated.contacts:
        contacts = _with_contact(contacts, contact)
    merged = replace(
        known,
        name=stated.name if is_named else known.name,
        contacts=contacts,
        country=stated.country or known.country,
        timezone=stated.timezone or ("" if moved else known.timezone),
        language=stated.language or known.language,
        segment=stated.segment or known.segment,
        region=stated.region or ("" if moved else known.region),
        purpose=stated.purpose or known.purpose,
    )
    if merged == known:
        return known
    change: Imported[Customer] | None = Imported(import_id) if import_id else None
    return replace(merged, stated_at=at, imported=changed_by(change, known, known.imported))


def _with_contact(known: tuple[Contact, ...], contact: Contact) -> tuple[Contact, ...]:
    """The contacts with one added or replaced; one without any address takes the one of its role and name away."""
    others = []
    for other in known:
        if (other.role, other.name.casefold()) != (contact.role, contact.name.casefold()):
            others.append(other)
        elif contact.sms_consent is None and (other.sms_consent is False or other.phone == contact.phone):
            # Who declined has declined for every number, who agreed for the one that was asked about.
            contact = replace(contact, sms_consent=other.sms_consent)
    return (*others, contact) if contact.email or contact.phone else tuple(others)


def _reopened(numbers: Sequence[str], at: datetime, import_id: str) -> tuple[Entry, ...]:
    """An import may come back to an account: a number can be reopened only once by it."""
    if not numbers:
        return ()
    facts = (("invoices", some_of(numbers)), ("import", import_id))
    return (Entry(f"reopened-{import_id or at.isoformat()}-{numbers[0]}", at, "reopened", facts),)


def _outcome(known: Invoice | None, merged: Invoice, *, is_same_customer: bool) -> RowOutcome:
    if known is None:
        return RowOutcome.NEW
    same_invoice = replace(merged, seen_due_at=known.seen_due_at) == known
    return _changed(is_same=same_invoice and is_same_customer)


def _changed(*, is_same: bool) -> RowOutcome:
    return RowOutcome.UNCHANGED if is_same else RowOutcome.CHANGED
