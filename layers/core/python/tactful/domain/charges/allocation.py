"""How a payment is shared out over invoices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tactful.domain.book.invoice import Invoice
from tactful.domain.book.money import Money


@dataclass(frozen=True, slots=True)
class Applied:
    """What of a payment goes to an invoice; of a credit note it is negative: so much of it is used up."""

    number: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Allocation:
    """A payment shared out: its lines, in the order in which they were served, and what nothing was due for.

    Lines and `left_over` sum up to the payment.
    """

    lines: tuple[Applied, ...]
    left_over: Money


def allocate(payment: Money, invoices: Iterable[Invoice], named: Sequence[str] = ()) -> Allocation:
    """Share a payment out: first to the invoices that the payer named, in their order, then to the oldest.

    The oldest is the one due first; of two due on one day, that of the lower number. The last that is served may get
    a part. Credit notes pay for what the money does not reach, in the same order, and no further. Only invoices in the
    currency of the payment are served. Raises ValueError for a payment of less than nothing, and for a named invoice
    that is not among them or is in another currency.
    """
    if payment.minor < 0:
        raise ValueError(f"a payment of {payment}: money that went back is no payment")
    ordered = _in_order(payment.currency, list(invoices), named)
    owed = [(invoice.number, invoice.amount_due.minor) for invoice in ordered]
    debts = [(number, due) for number, due in owed if due > 0]
    credit_notes = [(number, -due) for number, due in owed if due < 0]
    used = _shared(max(0, sum(due for _, due in debts) - payment.minor), credit_notes)
    paid = _shared(payment.minor + sum(minor for _, minor in used), debts)
    left = payment.minor + sum(minor for _, minor in used) - sum(minor for _, minor in paid)
    lines = [*paid, *((number, -minor) for number, minor in used)]
    return Allocation(
        tuple(Applied(number, Money(minor, payment.currency)) for number, minor in lines),
        Money(left, payment.currency),
    )


def _in_order(currency: str, invoices: list[Invoice], named: Sequence[str]) -> list[Invoice]:
    by_number = {invoice.number: invoice for invoice in invoices}
    for number in named:
        if number not in by_number:
            known = ", ".join(sorted(by_number)) or "none"
            raise ValueError(f"there is no invoice {number}: name some of those that there are ({known})")
        own = by_number[number].total.currency
        if own != currency:
            raise ValueError(f"{number} is in {own}, and the payment in {currency}: leave it out")
    first = {number: place for place, number in enumerate(dict.fromkeys(named))}
    served = [invoice for invoice in by_number.values() if invoice.total.currency == currency]
    return sorted(served, key=lambda one: (first.get(one.number, len(first)), one.due_date, one.number))


def _shared(minor: int, wanted: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """An amount shared out in order, nobody more than is wanted; who gets nothing is left out."""
    shares = []
    for number, most in wanted:
        share = min(minor, most)
        if share > 0:
            shares.append((number, share))
            minor -= share
    return shares
