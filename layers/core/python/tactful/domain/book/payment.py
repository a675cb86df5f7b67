"""Money that came in, or that went back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from tactful.domain.book.account import Account, Change, Entry, Task, TaskDone, TaskKind, Thanks
from tactful.domain.book.agreements import Hold, HoldKind
from tactful.domain.book.money import Money
from tactful.domain.book.settlement import note_settlements

COOLING_OFF = timedelta(days=3)
"""So long nobody is reminded of what money that went back leaves due again."""


class PaymentKind(StrEnum):
    """Which way the money went."""

    PAYMENT = "payment"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class Payment:
    """One movement of money on one invoice, as the payment provider reports it. `amount` is positive."""

    id: str
    kind: PaymentKind
    invoice_number: str
    amount: Money
    at: datetime


def fits(account: Account, payment: Payment) -> bool:
    """Whether the account has that invoice in that currency. An equal amount alone proves nothing."""
    invoice = account.invoice(payment.invoice_number)
    return invoice is not None and invoice.total.currency == payment.amount.currency


def record_payment(account: Account, payment: Payment, on: date) -> Change:
    """The account after a payment or its reversal. Settling the account once owes the client a thank-you.

    `on` is the civil date of the payment in the business's zone: the day on which invoices are settled and promises
    kept by it. Raises ValueError if the payment does not fit the account.
    """
    invoice = account.invoice(payment.invoice_number)
    if invoice is None or not fits(account, payment):
        raise ValueError(f"payment {payment.id} does not fit an invoice of the account")
    if payment.kind is PaymentKind.PAYMENT:
        changed = _arrived(account.with_invoice(invoice.with_payment(payment.amount)), payment)
        if changed.owes_nothing() and not account.owes_nothing():
            settled = tuple(known.number for known in account.invoices if known.amount_due.minor > 0)
            changed = replace(changed, thanks=Thanks(payment.id, payment.at, settled))
        elif not changed.owes_nothing():
            part = Thanks(payment.id, payment.at, (invoice.number,), payment.amount)
            changed = replace(changed, thanks=part)
    else:
        # What is owed again was not the client's doing, or is news to it: not a reminder at once.
        hold = Hold(
            f"{HoldKind.REVERSAL}-{payment.id}",
            HoldKind.REVERSAL,
            payment.at,
            payment.at + COOLING_OFF,
            (invoice.number,),
        )
        changed = replace(account.with_invoice(invoice.with_reversal(payment.amount)), thanks=None)
        changed = changed.with_hold(hold)
    changed = note_settlements(account, changed, on)
    facts = (
        ("invoice", invoice.number),
        ("amount", str(payment.amount)),
        ("due_before", str(invoice.amount_due)),
    )
    entry = Entry(f"{payment.kind}-{invoice.number}-{payment.id}", payment.at, payment.kind, facts)
    counted = payment.kind is PaymentKind.PAYMENT and invoice.may_have_counted(payment.at)
    tasks = (_ask_the_books(payment, facts),) if counted else ()
    return Change(changed, (entry,), tasks, _claims_settled(changed, payment.at))


def _arrived(account: Account, payment: Payment) -> Account:
    """What was on its way is there."""
    on_its_way = f"{HoldKind.PAYMENT_IN_FLIGHT}-{payment.id}"
    return replace(
        account,
        holds=tuple(
            replace(hold, until=payment.at) if hold.id == on_its_way else hold for hold in account.holds
        ),
    )


def _claims_settled(account: Account, at: datetime) -> tuple[TaskDone, ...]:
    """Nobody has to look any more for a payment that a client spoke of, once nothing is due on what it was about."""
    owed = account.owed_numbers()
    return tuple(
        TaskDone(
            f"{TaskKind.MATCH_PAYMENT}-{hold.id.removeprefix(f'{HoldKind.PAID_CLAIM}-')}", at, "the payment"
        )
        for hold in account.holds
        if hold.kind is HoldKind.PAID_CLAIM and not any(hold.covers(number) for number in owed)
    )


def _ask_the_books(payment: Payment, facts: tuple[tuple[str, str], ...]) -> Task:
    """Better to ask for too little than to chase who has paid: the payment counts, and a person looks."""
    return Task(
        f"{TaskKind.UNMATCHED_PAYMENT}-{payment.id}",
        TaskKind.UNMATCHED_PAYMENT,
        payment.at,
        "See whether the books had counted this payment already: it was made before they were uploaded",
        facts,
    )
