"""Which invoices of an account may be chased, from which date, and which stage each has reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tactful.domain.book.account import Account, TaskKind
from tactful.domain.book.contact_log import Reminder
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.decision import Reason, ReasonCode
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import Stage


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an open invoice stands: chaseable from `anchor` on, or blocked until something happens or `wakes`."""

    invoice: Invoice
    anchor: date
    reasons: tuple[Reason, ...] = ()
    blocked: bool = False
    wakes: datetime | None = None
    only_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Reached:
    """A chaseable invoice and the stage it has reached."""

    invoice: Invoice
    anchor: date
    stage: Stage
    covered: bool


def owed_invoices(account: Account) -> list[Invoice]:
    """The invoices with something left to pay, disputed ones among them; credit notes are not."""
    wanted = (InvoiceState.OPEN, InvoiceState.DISPUTED)
    return [i for i in account.invoices if i.state in wanted and not i.is_credit and i.amount_due.minor > 0]


def standing_of(account: Account, invoice: Invoice, calendar: Calendar, now: datetime) -> Standing:
    """Whether an owed invoice may be chased, and from which date its round of the ladder counts."""
    today = calendar.today(now)
    number = invoice.number

    def blocked(code: ReasonCode, wakes: datetime | None, about: str = "") -> Standing:
        reason = Reason(code, f"{number} {about}".strip())
        return Standing(invoice, invoice.due_date, (reason,), blocked=True, wakes=wakes)

    if invoice.state is InvoiceState.DISPUTED:
        return blocked(ReasonCode.DISPUTED, None)
    holds = [hold for hold in account.holds if hold.is_active(now) and hold.covers(number)]
    if holds:
        longest = max(holds, key=lambda hold: (hold.until is None, hold.until or now))
        return blocked(ReasonCode.ON_HOLD, longest.until, longest.kind)
    promises = [promise for promise in account.promises if number in promise.invoices]
    promise = max(promises, key=lambda promise: (promise.made_at, promise.id), default=None)
    if promise is not None and not promise.is_broken(today):
        broken = calendar.start_of(promise.promised_date + timedelta(days=1))
        return blocked(ReasonCode.PROMISED, broken, str(promise.promised_date))
    if account.plan is not None and number in account.plan.invoices:
        still_due = {known.number: known.amount_due for known in account.invoices}
        missed = account.plan.first_missed(still_due, today)
        if missed is None:
            due = account.plan.next_due_date(today)
            wakes = calendar.start_of(due + timedelta(days=1)) if due else None
            return blocked(ReasonCode.PLAN_KEPT, wakes)
        reason = Reason(ReasonCode.PLAN_MISSED, f"{number} {missed.due_date}")
        return Standing(invoice, missed.due_date, (reason,), only_overdue=True)
    if promise is not None and promise.promised_date >= invoice.due_date:
        reason = Reason(ReasonCode.PROMISE_BROKEN, f"{number} {promise.promised_date}")
        return Standing(invoice, promise.promised_date, (reason,), only_overdue=True)
    return Standing(invoice, invoice.due_date)


# What a person is asked for because nothing could be sent: the stage is still owed once it is there.
_QUESTIONS = (TaskKind.NO_USABLE_ADDRESS, TaskKind.NO_PAY_TO_DETAILS)


def is_question(step: Reminder) -> bool:
    """Whether a step of the contact log only asked a person for something that a message needs."""
    return step.channel is Channel.PERSON and step.detail in _QUESTIONS


def ladder_of(standing: Standing, policy: Policy) -> list[Stage]:
    """The stages of an invoice's round: a broken promise was due already, so it has no stage before due."""
    return [stage for stage in policy.stages if stage.days > 0 or not standing.only_overdue]


def reached_stages(
    account: Account, policy: Policy, chaseable: Iterable[Standing], today: date
) -> list[Reached]:
    """The stage that each chaseable invoice has reached, and whether it was reminded of at that stage already."""
    reached = []
    for standing in chaseable:
        age = (today - standing.anchor).days
        stages = [stage for stage in ladder_of(standing, policy) if stage.days <= age]
        if stages:
            invoice, stage = standing.invoice, stages[-1]
            covered = any(
                not r.status.reached_nobody
                and not r.is_thanks
                and not is_question(r)
                and r.covers(invoice.number, standing.anchor, stage.days)
                for r in account.reminders
            )
            reached.append(Reached(invoice, standing.anchor, stage, covered))
    return reached


@dataclass(frozen=True, slots=True)
class Sifted:
    """What is worth asking for, and why the rest is not."""

    kept: list[Reached]
    reasons: tuple[Reason, ...]


def with_enough_due(account: Account, reached: list[Reached], policy: Policy) -> Sifted:
    """Leave out the currencies whose balance, credit notes netted, is nothing or too small to ask for."""
    balance: dict[str, int] = {}
    for entry in reached:
        due = entry.invoice.amount_due
        balance[due.currency] = balance.get(due.currency, 0) + due.minor
    for credit in credits_in(account, balance):
        balance[credit.amount_due.currency] += credit.amount_due.minor
    dropped: dict[str, Reason] = {}
    for currency, minor in sorted(balance.items()):
        if minor <= 0:
            dropped[currency] = Reason(ReasonCode.CREDIT_COVERS, currency)
        elif minor < policy.minimum_amounts.get(currency, 0):
            dropped[currency] = Reason(ReasonCode.BELOW_MINIMUM, str(Money(minor, currency)))
    kept = [entry for entry in reached if entry.invoice.total.currency not in dropped]
    return Sifted(kept, tuple(dropped.values()))


def credits_in(account: Account, currencies: Iterable[str]) -> list[Invoice]:
    """The open credit notes in these currencies."""
    wanted = set(currencies)
    return [
        invoice
        for invoice in account.open_invoices()
        if invoice.is_credit and invoice.amount_due.minor < 0 and invoice.total.currency in wanted
    ]
