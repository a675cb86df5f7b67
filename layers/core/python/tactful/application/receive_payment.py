"""What a payment provider reports: money in, or money back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tactful.application.account_events import AccountEvents
from tactful.application.ports import InvoiceDirectory, TaskBoard
from tactful.domain.book.account import Account, Change, Task, TaskKind
from tactful.domain.book.customer import account_key
from tactful.domain.book.payment import Payment, PaymentKind, fits, record_payment
from tactful.domain.book.payment_news import (
    Balance,
    NewsKind,
    PaymentNews,
    dispute_task,
    record_balance,
    record_news,
)
from tactful.domain.book.summaries import SUMMARIES
from tactful.domain.charges.allocation import allocate


class Matched(StrEnum):
    """Whether a payment found its invoice."""

    RECORDED = "recorded"
    FOR_A_PERSON = "for_a_person"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class ReceivePayment:
    """Matches a payment by invoice number (and customer id, where given), never by amount alone."""

    events: AccountEvents
    invoices: InvoiceDirectory
    tasks: TaskBoard

    def receive(self, payment: Payment, customer_id: str = "") -> Matched:
        """Record a payment; the same event again changes nothing. Raises StoreUnavailableError: it must come again.

        One that matches no invoice, several customers' invoices, or one in another currency is a person's to match,
        and so is what came in beyond what was due: the other invoices of the customer are proposed.
        """
        keys = self._accounts_with(payment.invoice_number, customer_id)
        if len(keys) != 1:
            why = "no invoice has this number" if not keys else f"{len(keys)} customers have this number"
            known = self.events.store.load(account_key(customer_id)) if customer_id else None
            return self._ask(payment, why, known)
        fitted = True

        def paid(account: Account) -> Change:
            nonlocal fitted
            fitted = fits(account, payment)
            on = self.events.calendar.today(payment.at)
            return _recorded(account, payment, on) if fitted else Change(account)

        self.events.apply(keys[0], paid)
        return Matched.RECORDED if fitted else self._ask(payment, "the invoice is in another currency")

    def balance(self, told: Balance, customer_id: str = "") -> Matched:
        """Take what the provider says is left on an invoice. What is none of ours is ignored: nobody else pays by it.

        Raises StoreUnavailableError: it must come again.
        """

        def settled(account: Account) -> Change:
            try:
                return record_balance(account, told, self.events.calendar.today(told.at))
            except ValueError:
                return Change(account)

        return self._apply(told.invoice_number, customer_id, settled)

    def news(self, news: PaymentNews, customer_id: str = "") -> Matched:
        """Take other news of a payment; of what is none of ours they are ignored. Raises StoreUnavailableError.

        A bank's dispute does not say which invoice was paid: it is a person's to find out.
        """
        matched = self._apply(news.invoice_number, customer_id, lambda account: record_news(account, news))
        if matched is Matched.IGNORED and news.kind is NewsKind.DISPUTED:
            self.tasks.open(dispute_task(news))
            return Matched.FOR_A_PERSON
        return matched

    def _apply(self, number: str, customer_id: str, event: Callable[[Account], Change]) -> Matched:
        keys = self._accounts_with(number, customer_id)
        if len(keys) != 1:
            return Matched.IGNORED
        self.events.apply(keys[0], event)
        return Matched.RECORDED

    def _accounts_with(self, number: str, customer_id: str) -> tuple[str, ...]:
        keys = self.invoices.accounts_with(number) if number else ()
        if customer_id:
            keys = tuple(key for key in keys if key == account_key(customer_id))
        return keys

    def _ask(self, payment: Payment, why: str, account: Account | None = None) -> Matched:
        facts = (
            ("invoice", payment.invoice_number),
            ("amount", str(payment.amount)),
            ("kind", str(payment.kind)),
            ("why", why),
            *(_proposal(account, payment, ()) if account else ()),
        )
        kind = TaskKind.UNMATCHED_PAYMENT
        self.tasks.open(Task(f"{kind}-{payment.id}", kind, payment.at, SUMMARIES[kind], facts))
        return Matched.FOR_A_PERSON


def _recorded(account: Account, payment: Payment, on: date) -> Change:
    """The account after a payment. What more came in than was due, a person pays back or puts elsewhere.

    On an invoice that was settled before, the books may have counted the same money already: that is no news.
    """
    change = record_payment(account, payment, on)
    invoice = account.invoice(payment.invoice_number)
    due = invoice.amount_due if invoice else payment.amount
    if payment.kind is not PaymentKind.PAYMENT or not 0 < due.minor < payment.amount.minor or change.tasks:
        return change
    kind = TaskKind.UNMATCHED_PAYMENT
    facts = (
        ("invoice", payment.invoice_number),
        ("amount", str(payment.amount)),
        (
            "why",
            f"{payment.amount - due} more than was due on it: pay that back, or put it on other invoices",
        ),
        *_charges_stated(account, payment.invoice_number),
        *_proposal(account, payment, (payment.invoice_number,)),
    )
    more = Task(f"{kind}-{payment.id}", kind, payment.at, SUMMARIES[kind], facts)
    return replace(change, tasks=(more,))


def _charges_stated(account: Account, number: str) -> tuple[tuple[str, str], ...]:
    """What a client was last told of charges on an invoice: more money may be meant for them."""
    told = [step for step in account.reminders if step.charges and not step.status.reached_nobody]
    latest = max(told, key=lambda step: (step.at, step.id), default=None)
    lines = latest.charges.lines if latest and latest.charges else ()
    return tuple(
        ("charges_stated", f"{line.total} on {latest.at.date()}")
        for line in lines
        if latest and line.number == number
    )


def _proposal(account: Account, payment: Payment, named: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """How the payment could be shared out over the account's invoices; nothing for money that went back."""
    if payment.kind is not PaymentKind.PAYMENT:
        return ()
    allocation = allocate(payment.amount, account.invoices, named)
    parts = [f"{line.number} {line.amount}" for line in allocation.lines]
    if allocation.left_over.minor:
        parts.append(f"left over {allocation.left_over}")
    return (("proposal", ", ".join(parts)),)
