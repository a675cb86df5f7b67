"""From the rows of a file to accounts: what an upload and a forecast do alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from pydantic import ValidationError

from tactful.domain.book.account import Account
from tactful.domain.book.customer import Customer
from tactful.domain.book.invoice import Invoice
from tactful.domain.book.settlement import note_settlements
from tactful.imports.rows import CustomerRow, InvoiceRow, faults
from tactful.imports.table import Row

_AnyRow = TypeVar("_AnyRow", InvoiceRow, CustomerRow)
Reject = Callable[[int, str], None]
"""Told of each row that is not taken over: its line, and why."""


class RowOutcome(StrEnum):
    """What became of one row. The counts of a report add up to its rows."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Taken:
    """An account after rows about it. `outcomes` has those taken over, `rejected` the others and why, by line."""

    account: Account
    outcomes: dict[int, RowOutcome]
    rejected: dict[int, str]


def parsed(rows: Iterable[Row], model: type[_AnyRow], reject: Reject) -> Iterator[tuple[int, _AnyRow]]:
    """The rows that can be read, each with its line."""
    for row in rows:
        if row.fault:
            reject(row.line, row.fault)
            continue
        try:
            yield row.line, model.model_validate(row.cells)
        except ValidationError as error:
            reject(row.line, faults(error))


def contradictions(rows: Iterable[tuple[int, InvoiceRow]]) -> dict[int, str]:
    """Why rows of one file cannot be believed, by line: another row says something else of the same invoice.

    Keeps a few numbers a row, so that a long file can be read once for this before it is read again.
    """
    first: dict[tuple[str, str], tuple[int, int]] = {}
    repeated: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for line, row in rows:
        key, said = (row.customer_id, row.invoice_number), (line, hash(row.facts()))
        if first.setdefault(key, said) != said:
            repeated.setdefault(key, [first[key]]).append(said)
    found = {}
    for (_, number), stated in repeated.items():
        for line, facts in stated:
            other = next((other for other, others in stated if others != facts), None)
            if other is not None:
                found[line] = f"line {other} says something else about {number}: keep the row that is true"
    return found


def take_invoices(
    account: Account,
    rows: Sequence[tuple[int, InvoiceRow]],
    at: datetime,
    today: Callable[[datetime], date],
) -> Taken:
    """The account after what a file uploaded at an instant (UTC) says of its invoices; `today` is the business's.

    The books do not say when an invoice was settled that they had open before, unless a row does. The client gets
    the benefit of the doubt: it counts as settled on the day of the last report that had it open.
    """
    taken = Taken(account, {}, {})
    invoices = {invoice.number: invoice for invoice in account.invoices}
    customer = account.customer
    settled: dict[date, dict[str, Invoice]] = {}
    for line, row in rows:
        known = invoices.get(row.invoice_number)
        try:
            stated = row.invoice(at)
            merged = known.with_report(stated) if known else stated
        except ValueError as error:
            taken.rejected[line] = str(error)
            continue
        who = row.customer(customer, at) if row.states_customer else customer
        taken.outcomes[line] = _outcome(known, merged, is_same_customer=who == customer)
        customer = who
        if merged != known:
            day = row.settled_date or today((known and known.last_report_at) or at)
            settled.setdefault(day, {})[merged.number] = merged
            invoices[merged.number] = merged
    account = replace(account, customer=customer)
    for day, changed in sorted(settled.items()):
        known_before = {invoice.number: invoice for invoice in account.invoices}
        after = replace(account, invoices=tuple((known_before | changed).values()))
        account = note_settlements(account, after, day)
    return replace(taken, account=account)


def take_customers(
    account: Account, known: Customer | None, rows: Sequence[tuple[int, CustomerRow]], at: datetime
) -> Taken:
    """The account after what a file uploaded at an instant (UTC) says of its customer, `known` so far."""
    outcomes = {}
    for line, row in rows:
        merged = row.customer(known, at)
        outcomes[line] = RowOutcome.NEW if known is None else _changed(is_same=merged == known)
        known = merged
    return Taken(replace(account, customer=known or account.customer), outcomes, {})


def _outcome(known: Invoice | None, merged: Invoice, *, is_same_customer: bool) -> RowOutcome:
    if known is None:
        return RowOutcome.NEW
    same_invoice = replace(merged, seen_due_at=known.seen_due_at) == known
    return _changed(is_same=same_invoice and is_same_customer)


def _changed(*, is_same: bool) -> RowOutcome:
    return RowOutcome.UNCHANGED if is_same else RowOutcome.CHANGED
