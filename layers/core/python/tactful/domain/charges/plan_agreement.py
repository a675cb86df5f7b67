"""What the text of a plan agreement states. Its words are in templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tactful.domain.book.account import Account
from tactful.domain.book.money import Money, totals
from tactful.domain.charges.plans import PlanSchedule


@dataclass(frozen=True, slots=True)
class AgreedInvoice:
    """An invoice that a plan is about, when it was due, and what was due on it when the plan was agreed on."""

    number: str
    due_date: date
    amount: Money


@dataclass(frozen=True, slots=True)
class PlanAgreement:
    """Who agreed on what: the client, the invoices, the schedule, and what holds beside it.

    A plan has one currency, so there is one debt. `write_to` is where the client asks for a change. No plan may keep
    a client from paying earlier or more.
    """

    customer_id: str
    customer_name: str
    agreed_on: date
    invoices: tuple[AgreedInvoice, ...]
    schedule: PlanSchedule
    write_to: str
    may_pay_earlier: bool = True

    @property
    def debt(self) -> Money:
        return self.schedule.debt

    @property
    def yearly_rate(self) -> Decimal | None:
        """Simple interest in percent a year; None for no interest."""
        return self.schedule.yearly_rate or None

    @property
    def rest_due_after(self) -> int | None:
        """How many days a part may be late before all the rest falls due; None: only what is behind is asked for."""
        return self.schedule.rest_due_after


def agreement_of(
    account: Account, numbers: tuple[str, ...], schedule: PlanSchedule, agreed_on: date, write_to: str
) -> PlanAgreement:
    """What a client agrees to: a schedule for invoices of some numbers, from a civil date on.

    Raises ValueError if the account lacks one of them, or if what is due on them is not the debt of the schedule.
    """
    found = [account.invoice(number) for number in numbers]
    invoices = tuple(
        AgreedInvoice(invoice.number, invoice.due_date, invoice.amount_due) for invoice in found if invoice
    )
    if len(invoices) != len(numbers):
        missing = ", ".join(sorted(set(numbers) - {invoice.number for invoice in invoices}))
        raise ValueError(f"the account has no invoice {missing}: name some of those that are due")
    owed = tuple(totals(invoice.amount for invoice in invoices).values())
    if owed != (schedule.debt,):
        said = " and ".join(map(str, owed)) or "nothing"
        raise ValueError(
            f"the plan is for {schedule.debt}, but {said} is due on its invoices: make a plan for what is due"
        )
    customer = account.customer
    return PlanAgreement(customer.id, customer.name, agreed_on, invoices, schedule, write_to)
