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
    """What the provider says of an invoice of its own: its total, what has been paid on it, and what is left.

    None is negative.
    """

    about: str
    invoice_number: str
    total: Money
    paid: Money
    left: Money
    at: datetime


def record_balance(account: Account, told: Balance, on: date) -> Change:
    """The account after the provider told what is left: whatever is less than what we know of has been paid.

    An older statement, which tells of more, changes nothing; money that went back is told by itself. An invoice of the
    provider's that is of another sum than ours is for a part: once it is settled, what was paid on it is a payment.
    Raises ValueError if it does not fit the account.
    """
    invoice = account.invoice(told.invoice_number)
    if invoice is None or invoice.total.currency != told.left.currency:
        raise ValueError(f"invoice {told.invoice_number} is not the account's, or in another currency")
    if told.total != invoice.total:
        if told.left.minor or not told.paid.minor:
            return Change(account)
        part = Payment(told.about, PaymentKind.PAYMENT, invoice.number, told.paid, told.at)
        return record_payment(account, part, on)
    paid = invoice.unsettled - told.left
    if paid.minor <= 0:
        return Change(account)
    payment = Payment(f"{told.about}-{told.left.minor}", PaymentKind.PAYMENT, invoice.number, paid, told.at)
    return record_payment(account, payment, on)


def record_news(account: Account, news: PaymentNews) -> Change:
    """The account after news of a payment. The same news again changes nothing, nor does what was true before the last
    news of the same payment.
    """
    entry = Entry(
        f"{news.kind}-{news.about}-{int(news.at.timestamp())}",
        news.at,
        str(news.kind),
        (("invoice", news.invoice_number),),
    )
    match news.kind:
        case NewsKind.IN_FLIGHT:
            return _held(account, _hold(HoldKind.PAYMENT_IN_FLIGHT, news, IN_FLIGHT_FOR), entry)
        case NewsKind.FAILED:
            ended = _held(account, _hold(HoldKind.PAYMENT_IN_FLIGHT, news, timedelta(0)), entry)
            cooling = _hold(HoldKind.REVERSAL, news, COOLING_OFF)
            return Change(ended.account.with_hold(cooling), ended.entries) if ended.entries else ended
        case NewsKind.DISPUTED:
            held = _held(account, _hold(HoldKind.DISPUTE, news, None), entry)
            return Change(held.account, held.entries, (dispute_task(news),)) if held.entries else held
        case NewsKind.DISPUTE_WON:
            return _held(account, _hold(HoldKind.DISPUTE, news, timedelta(0)), entry)
        case NewsKind.VOIDED:
            return _in_state(account, news, InvoiceState.VOID, entry)
        case NewsKind.WRITTEN_OFF:
            return _in_state(account, news, InvoiceState.WRITTEN_OFF, entry)


def dispute_task(news: PaymentNews) -> Task:
    """Somebody has to answer the bank, whether or not it is known which invoice was paid."""
    kind = TaskKind.PAYMENT_DISPUTED
    facts = (("invoice", news.invoice_number or "not told"), ("payment", news.about))
    return Task(f"{kind}-{news.about}", kind, news.at, SUMMARIES[kind], facts)


def _held(account: Account, hold: Hold, entry: Entry) -> Change:
    """With a hold begun or ended, unless later news of the payment are known: its `since` is when they came.

    Of two in the same second, the end counts.
    """
    known = next((one for one in account.holds if one.id == hold.id), None)
    if known is not None and (known.since, known.until == known.since) >= (
        hold.since,
        hold.until == hold.since,
    ):
        return Change(account)
    return Change(account.with_hold(hold), (entry,))


def _hold(kind: HoldKind, news: PaymentNews, length: timedelta | None) -> Hold:
    until = None if length is None else news.at + length
    return Hold(f"{kind}-{news.about}", kind, news.at, until, (news.invoice_number,))


def _in_state(account: Account, news: PaymentNews, state: InvoiceState, entry: Entry) -> Change:
    invoice = account.invoice(news.invoice_number)
    if invoice is None or invoice.state not in (InvoiceState.OPEN, InvoiceState.DISPUTED):
        return Change(account)
    return Change(account.with_invoice(replace(invoice, state=state)), (entry,))
