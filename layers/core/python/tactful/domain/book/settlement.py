"""When invoices were settled and promises kept: noted as it happens, for the payment record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Promise
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.money import Money

_PRESUMED = InvoiceState.PRESUMED_SETTLED
_NOT_SETTLED = (InvoiceState.DRAFT, InvoiceState.VOID, InvoiceState.WRITTEN_OFF, _PRESUMED)


def note_settlements(before: Account, after: Account, on: date) -> Account:
    """The account after an event of a civil date (the business's zone), with what that event settled noted.

    An invoice on which nothing is left to pay is settled on that date, or on the date of a payment recorded before
    if that is later: payments may come in any order. A date that `after` has already stays; one that reopened has
    none. A promise is kept when what was promised has been paid, until a reversal undoes that. A dispute stays on
    the record. What is presumed settled settles nothing and keeps no promise: nobody knows.
    """
    known = {invoice.number: invoice for invoice in before.invoices}
    invoices = tuple([_noted(known.get(invoice.number), invoice, on) for invoice in after.invoices])
    by_number = {invoice.number: invoice for invoice in invoices}
    promises = tuple([_judged(promise, by_number, on) for promise in after.promises])
    if (invoices, promises) == (after.invoices, after.promises):
        return after
    return replace(after, invoices=invoices, promises=promises)


def judged_anew(account: Account) -> Account:
    """The account with its promises judged by its invoices alone: each is kept from the earliest date it can be."""
    by_number = {invoice.number: invoice for invoice in account.invoices}
    promises = [_judged(promise, by_number, promise.made_at.date()) for promise in account.promises]
    return replace(account, promises=tuple(promises))


def _noted(before: Invoice | None, after: Invoice, on: date) -> Invoice:
    if after is before:
        return after
    paid_on = after.paid_on
    if before is not None and after.received.minor > before.received.minor:
        paid_on = _later(paid_on, on)
    settled_on = after.settled_on if _is_settled(after) else None
    if settled_on is None and _is_settled(after) and before is not None and _was_open(before):
        settled_on = _later(paid_on, on)
    was_disputed = after.was_disputed or after.state is InvoiceState.DISPUTED
    noted = (paid_on, settled_on, was_disputed)
    if noted == (after.paid_on, after.settled_on, after.was_disputed):
        return after
    return replace(after, paid_on=paid_on, settled_on=settled_on, was_disputed=was_disputed)


def _is_settled(invoice: Invoice) -> bool:
    return invoice.total.minor > 0 and invoice.amount_due.minor == 0 and invoice.state not in _NOT_SETTLED


def _was_open(invoice: Invoice) -> bool:
    return invoice.amount_due.minor > 0 or invoice.state is _PRESUMED


def is_in_doubt(promise: Promise, account: Account) -> bool:
    """Whether a promise was neither kept nor broken, for all that is known: it was kept if the presumed is true."""
    about = [invoice for invoice in account.invoices if invoice.number in promise.invoices]
    presumed = any(invoice.state is _PRESUMED for invoice in about)
    return (
        presumed and promise.kept_on is None and _covers(promise, [invoice.amount_due for invoice in about])
    )


def _judged(promise: Promise, invoices: Mapping[str, Invoice], on: date) -> Promise:
    about = [invoices[number] for number in promise.invoices if number in invoices]
    if not _is_paid(promise, about):
        return replace(promise, kept_on=None) if promise.kept_on else promise
    if promise.kept_on:
        return promise
    kept_on = on
    for invoice in about:
        kept_on = _later(invoice.paid_on, _later(invoice.settled_on, kept_on))
    return replace(promise, kept_on=kept_on)


def _is_paid(promise: Promise, about: list[Invoice]) -> bool:
    return _covers(promise, [i.unsettled if i.state is _PRESUMED else i.amount_due for i in about])


def _covers(promise: Promise, due: list[Money]) -> bool:
    """Whether what was promised has been paid if so much is due on its invoices."""
    still_due = sum(max(0, amount.minor) for amount in due)
    if promise.amount is None or promise.owed is None:
        return still_due == 0
    return promise.owed.minor - still_due >= promise.amount.minor


def _later(known: date | None, on: date) -> date:
    return on if known is None else max(known, on)
