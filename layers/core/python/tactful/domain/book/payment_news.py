"""What a payment provider tells beside money that has come: on its way, failed, disputed, or asked for no more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from tactful.domain.book.account import Account, Change, Entry, Task, TaskKind
from tactful.domain.book.agreements import Hold, HoldKind
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.book.payment import COOLING_OFF, Payment, PaymentKind, record_payment
from tactful.domain.book.summaries import SUMMARIES

IN_FLIGHT_FOR = timedelta(days=14)
"""A SEPA debit is settled or returned within two weeks (Stripe, "SEPA Direct Debit payments": up to 14 business days
until it is known; news of it ends the hold earlier)."""


class NewsKind(StrEnum):
    """What is told."""

    IN_FLIGHT = "payment_in_flight"
    FAILED = "payment_failed"
    DISPUTED = "payment_disputed"
    DISPUTE_WON = "payment_dispute_won"
    VOIDED = "invoice_voided"
    WRITTEN_OFF = "invoice_written_off"


@dataclass(frozen=True, slots=True)
class PaymentNews:
    """News of a payment (`about`, the provider's id of it) of one invoice, at an instant (UTC)."""

    about: str
    kind: NewsKind
    invoice_number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Balance:
    """What the provider says is left to pay on an invoice, as it is told by its own invoices. Never negative."""

    about: str
    invoice_number: str
    left: Money
    at: datetime


def record_balance(account: Account, told: Balance, on: date) -> Change:
    """The account after the provider told what is left: whatever is less than what we know of has been paid.

    An older statement, which tells of more, changes nothing; money that went back is told by itself.
    """
    invoice = account.invoice(told.invoice_number)
    if invoice is None or invoice.total.currency != told.left.currency:
        raise ValueError(f"invoice {told.invoice_number} is not the account's, or in another currency")
    paid = invoice.unsettled - told.left
    if paid.minor <= 0:
        return Change(account)
    payment = Payment(f"{told.about}-{told.left.minor}", PaymentKind.PAYMENT, invoice.number, paid, told.at)
    return record_payment(account, payment, on)


def record_news(account: Account, news: PaymentNews) -> Change:
    """The account after news of a payment; the same news again changes nothing, nor does older news after newer."""
    entry = Entry(f"{news.kind}-{news.about}", news.at, str(news.kind), (("invoice", news.invoice_number),))
    match news.kind:
        case NewsKind.IN_FLIGHT:
            hold = _hold(HoldKind.PAYMENT_IN_FLIGHT, news, IN_FLIGHT_FOR)
            known = any(one.id == hold.id for one in account.holds)
            return Change(account) if known else Change(account.with_hold(hold), (entry,))
        case NewsKind.FAILED:
            ended = _hold(HoldKind.PAYMENT_IN_FLIGHT, news, timedelta(0))
            cooling = _hold(HoldKind.REVERSAL, news, COOLING_OFF)
            return Change(account.with_hold(ended).with_hold(cooling), (entry,))
        case NewsKind.DISPUTED:
            kind = TaskKind.PAYMENT_DISPUTED
            facts = (("invoice", news.invoice_number), ("payment", news.about))
            task = Task(f"{kind}-{news.about}", kind, news.at, SUMMARIES[kind], facts)
            return Change(account.with_hold(_hold(HoldKind.DISPUTE, news, None)), (entry,), (task,))
        case NewsKind.DISPUTE_WON:
            return Change(account.with_hold(_hold(HoldKind.DISPUTE, news, timedelta(0))), (entry,))
        case NewsKind.VOIDED:
            return _in_state(account, news, InvoiceState.VOID, entry)
        case NewsKind.WRITTEN_OFF:
            return _in_state(account, news, InvoiceState.WRITTEN_OFF, entry)


def _hold(kind: HoldKind, news: PaymentNews, length: timedelta | None) -> Hold:
    until = None if length is None else news.at + length
    return Hold(f"{kind}-{news.about}", kind, news.at, until, (news.invoice_number,))


def _in_state(account: Account, news: PaymentNews, state: InvoiceState, entry: Entry) -> Change:
    invoice = account.invoice(news.invoice_number)
    if invoice is None or invoice.state not in (InvoiceState.OPEN, InvoiceState.DISPUTED):
        return Change(account)
    return Change(account.with_invoice(replace(invoice, state=state)), (entry,))
