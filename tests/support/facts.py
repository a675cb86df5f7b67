"""What is true of an account, said anew from the book and the policy's own words and not by asking the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tactful.domain.book.account import Account, TaskKind
from tactful.domain.book.agreements import Extension, HoldKind, Promise, Verdict
from tactful.domain.book.contact_log import ChasedInvoice, Reminder, ReminderStatus, Tone
from tactful.domain.book.customer import Channel, Customer, Purpose
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.limits import Cap, ChannelCap
from tactful.domain.dunning.packs import Rule
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import Stage, StageKind

ARRIVED_NOWHERE = (ReminderStatus.FAILED, ReminderStatus.BOUNCED)
OUTSIDE = ("thank_you", "part_payment", "answer", "welcome", "discount")
QUESTIONS = (TaskKind.NO_USABLE_ADDRESS, TaskKind.NO_PAY_TO_DETAILS, TaskKind.NO_COMMON_HOURS)
DECISIONS = (TaskKind.CREDIT_REVIEW, TaskKind.COLLECTIONS)
BY_HAND = (TaskKind.CALL, TaskKind.LETTER, TaskKind.STEP_FOR_A_PERSON)


@dataclass(frozen=True)
class Rules:
    """What holds for one customer: the policy's values, overridden, and tightened by the packs of GB."""

    policy: Policy
    customer: Customer

    def own(self, name: str) -> Any:
        value = getattr(self.policy, name)
        for override in (
            self.policy.segments.get(self.customer.segment),
            self.policy.customers.get(self.customer.id),
        ):
            if override is not None and name in override.model_fields_set:
                value = getattr(override, name)
        return value

    @property
    def bound_by(self) -> list[Rule]:
        return [
            rule
            for pack in self.policy.packs
            if not pack.countries or "GB" in pack.countries
            for rule in pack.rules
            if not rule.consumers_only or self.customer.purpose is not Purpose.BUSINESS
        ]

    @property
    def gap(self) -> timedelta:
        asked = [rule.minimum_gap_days for rule in self.bound_by if rule.minimum_gap_days]
        return timedelta(days=max([self.own("minimum_gap_days"), *asked]))

    @property
    def caps(self) -> list[Cap]:
        asked = [rule.cap for rule in self.bound_by if rule.cap]
        return [self.own("cap"), *self.policy.further_caps, *asked]

    @property
    def channel_caps(self) -> list[ChannelCap]:
        asked = [rule.channel_cap for rule in self.bound_by if rule.channel_cap]
        return [*self.own("channel_caps"), *asked]

    @property
    def first_contact_tone(self) -> Tone:
        asked = [rule.first_contact_tone for rule in self.bound_by if rule.first_contact_tone]
        return min([Tone(self.own("first_contact_tone")), *asked], key=list(Tone).index)

    @property
    def sms_needs_consent(self) -> bool:
        return self.policy.sms_needs_consent or any(rule.sms_needs_consent for rule in self.bound_by)

    def needs_approval(self, stage: Stage) -> bool:
        final = any(rule.final_needs_approval for rule in self.bound_by)
        return stage.approval or (final and stage.tone is Tone.FINAL and bool(stage.channels))

    def stages(self, invoice: Invoice) -> tuple[Stage, ...]:
        rule = self.policy.invoices.get(invoice.number)
        name = self.own("ladder")
        if invoice.kind in self.policy.ladder_by_kind:
            name = self.policy.ladder_by_kind[invoice.kind]
        if rule is not None and rule.ladder:
            name = rule.ladder
        return self.policy.stages if name == "standard" else self.policy.ladders[name]

    def rungs(self, invoice: Invoice, *, decisions: bool = False) -> list[tuple[int, Stage]]:
        """The days and stages of an invoice's ladder; of two on one day the later counts."""
        kinds = (StageKind.CREDIT_REVIEW, StageKind.COLLECTIONS)
        by_day: dict[int, Stage] = {}
        for stage in self.stages(invoice):
            if (stage.kind in kinds) is decisions:
                times = 1 + (stage.repeat.times if stage.repeat else 0)
                step = stage.repeat.every_days if stage.repeat else 0
                for day in (stage.days + number * step for number in range(times)):
                    by_day[max(day, self.own("grace_days")) if day > 0 else day] = stage
        return sorted(by_day.items(), key=lambda rung: rung[0])


def last_promise(account: Account, number: str) -> Promise | None:
    about = [promise for promise in account.promises if number in promise.invoices]
    return max(about, key=lambda promise: (promise.made_at, promise.id)) if about else None


def last_extension(account: Account, invoice: Invoice) -> Extension | None:
    about = [extension for extension in account.extensions if invoice.number in extension.invoices]
    last = max(about, key=lambda extension: (extension.granted_at, extension.id)) if about else None
    return last if last is not None and last.until > invoice.due_date else None


def is_replaced(promise: Promise, extension: Extension | None) -> bool:
    return extension is not None and extension.granted_at > promise.made_at


def plan_is_behind(account: Account, today: date) -> bool:
    plan = account.plan
    if plan is None:
        return False
    agreed = sum(part.amount.minor for part in plan.instalments)
    unpaid = sum(i.amount_due.minor for i in account.invoices if i.number in plan.invoices)
    past = [part.amount.minor for part in plan.instalments if part.due_date < today]
    return bool(past) and agreed - unpaid < sum(past)


def arrears(account: Account, today: date) -> dict[str, int]:
    """What may be asked for of each invoice of a plan that is behind: the oldest first, until it is caught up."""
    plan = account.plan
    if plan is None or not plan_is_behind(account, today):
        return {}
    on_plan = [i for i in account.invoices if i.number in plan.invoices and i.amount_due.minor > 0]
    left = sum(i.amount_due.minor for i in account.invoices if i.number in plan.invoices)
    left -= sum(part.amount.minor for part in plan.instalments if part.due_date >= today)
    shares: dict[str, int] = {}
    for invoice in sorted(on_plan, key=lambda i: (i.due_date, i.number)):
        shares[invoice.number] = max(0, min(left, invoice.amount_due.minor))
        left -= shares[invoice.number]
    return shares


def is_on_hold(account: Account, number: str, now: datetime) -> bool:
    return any(
        (hold.until is None or now < hold.until)
        and (not hold.invoices or number in hold.invoices or hold.kind in (HoldKind.HARDSHIP, HoldKind.LEGAL))
        for hold in account.holds
    )


def is_blocked(account: Account, policy: Policy, invoice: Invoice, today: date, now: datetime) -> bool:
    """Paid, void, written off, disputed, held, promised, spared, or on a plan that is not behind."""
    promise, extension = last_promise(account, invoice.number), last_extension(account, invoice)
    rule = policy.invoices.get(invoice.number)
    plan = account.plan
    return (
        invoice.state is not InvoiceState.OPEN
        or invoice.amount_due.minor <= 0
        or (rule is not None and not rule.chase)
        or is_on_hold(account, invoice.number, now)
        or (promise is not None and today <= promise.promised_date and not is_replaced(promise, extension))
        or (
            plan is not None
            and invoice.number in plan.invoices
            and arrears(account, today).get(invoice.number, 0) <= 0
        )
    )


def round_from(account: Account, invoice: Invoice, today: date) -> tuple[date, bool]:
    """The date an invoice's round counts from, and whether it is a round after its due date."""
    plan, promise = account.plan, last_promise(account, invoice.number)
    extension = last_extension(account, invoice)
    due = extension.until if extension else invoice.due_date
    if plan is not None and invoice.number in plan.invoices:
        still_due = {known.number: known.amount_due for known in account.invoices}
        missed = plan.first_missed(still_due, today)
        assert missed is not None
        return missed.due_date, True
    if promise is not None and promise.promised_date >= due and not is_replaced(promise, extension):
        return promise.promised_date, True
    return due, False


@dataclass(frozen=True)
class Debt:
    """An invoice that may be chased and has reached a stage, in this round."""

    invoice: Invoice
    anchor: date
    days: int
    stage: Stage
    minor: int
    is_last: bool


def debts(account: Account, policy: Policy, calendar: Calendar, now: datetime) -> list[Debt]:
    """What has reached a stage, credit notes netted and small balances left out."""
    today, rules = calendar.today(now), Rules(policy, account.customer)
    shares = arrears(account, today)
    found = []
    for invoice in account.invoices:
        if is_blocked(account, policy, invoice, today, now):
            continue
        anchor, only_overdue = round_from(account, invoice, today)
        rungs = rules.rungs(invoice)
        overdue = [rung for rung in rungs if rung[0] > 0]
        if only_overdue and overdue:
            rungs = overdue
        past = [rung for rung in rungs if rung[0] <= (today - anchor).days]
        if past:
            on_plan = account.plan is not None and invoice.number in account.plan.invoices
            minor = shares[invoice.number] if on_plan else invoice.amount_due.minor
            days, stage = past[-1]
            found.append(Debt(invoice, anchor, days, stage, minor, len(past) == len(rungs)))
    balance = {
        currency: sum(d.minor for d in found if d.invoice.total.currency == currency)
        + sum(
            note.reported.minor
            for note in account.invoices
            if note.state is InvoiceState.OPEN and note.total.minor < 0 and note.total.currency == currency
        )
        for currency in {d.invoice.total.currency for d in found}
    }
    return [
        d
        for d in found
        if (rest := balance[d.invoice.total.currency]) > 0
        and rest >= policy.minimum_amounts.get(d.invoice.total.currency, 1)
    ]


def rungs_named(name: str, found: Sequence[Debt], rules: Rules) -> list[tuple[int, Stage]]:
    """The rungs of a name that some debt has reached or passed: what a message at that stage may be about."""
    return [
        (days, stage)
        for debt in found
        for days, stage in rules.rungs(debt.invoice)
        if stage.name == name and days <= debt.days
    ]


def said(account: Account) -> list[Reminder]:
    """The steps that count as their stages done."""
    declined = {a.id for a in account.approvals if a.verdict is Verdict.DECLINED}
    return [
        step
        for step in account.reminders
        if step.status not in ARRIVED_NOWHERE
        and step.stage not in OUTSIDE
        and (step.detail != TaskKind.APPROVAL or step.id in declined)
        and not (step.channel is Channel.PERSON and step.detail in (*QUESTIONS, *DECISIONS))
    ]


def was_told(debt: Debt, steps: Sequence[Reminder], policy: Policy, calendar: Calendar, today: date) -> bool:
    """Whether the client was told of a debt at its stage, as strongly as is meant, or mildly and only just."""
    mild: list[tuple[Reminder, int]] = []
    for step in steps:
        for line in step.invoices:
            if (line.number, line.anchor) == (debt.invoice.number, debt.anchor):
                if step.held_back and step.tone.strength < debt.stage.tone.strength:
                    mild.append((step, line.days))
                elif line.days >= debt.days:
                    return True
    if not mild:
        return False
    last = max((step for step, _ in mild), key=lambda step: step.at)
    if last.status is not ReminderStatus.DELIVERED:
        return any(days >= debt.days for _, days in mild)
    return today < calendar.today(last.at) + timedelta(days=policy.catch_up_days)


def was_told_in_full(debt: Debt, steps: Sequence[Reminder]) -> bool:
    """Whether the client was told of a debt at its stage, as strongly as is meant."""
    return any(
        (line.number, line.anchor) == (debt.invoice.number, debt.anchor) and line.days >= debt.days
        for step in steps
        if not (step.held_back and step.tone.strength < debt.stage.tone.strength)
        for line in step.invoices
    )


def is_finished(debt: Debt, steps: Sequence[Reminder]) -> bool:
    """Whether everything that the ladder has to say about a debt was said, as strongly as it is meant."""
    return debt.is_last and was_told_in_full(debt, steps)


def lines_owed(lines: Sequence[ChasedInvoice]) -> list[ChasedInvoice]:
    """The lines of a message that ask for something; the others are credits."""
    return [line for line in lines if line.amount.minor > 0]


def rules_of(account: Account, policy: Policy) -> Rules:
    """The rules that hold for an account."""
    return Rules(policy, account.customer)
