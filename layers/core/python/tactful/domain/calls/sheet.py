"""What a caller needs to know before dialling: whom to ask for, what to speak of, and what may be offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import attrgetter

from tactful.domain.book.account import Account, TaskKind
from tactful.domain.book.contact_log import ChasedInvoice, Reminder, Tone
from tactful.domain.book.customer import Channel, Contact, Role
from tactful.domain.book.invoice import InvoiceKind, InvoiceState
from tactful.domain.book.money import Money, totals
from tactful.domain.charges.plans import PlanLine
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.decision import Reason, ReasonCode
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.recipients import by_role, to_call
from tactful.domain.dunning.standing import Reached, Standing, standings_of, with_enough_due
from tactful.domain.replies.proposals import proposed_plan

CALLED = frozenset({TaskKind.CALL, TaskKind.CALL_BACK, TaskKind.STEP_FOR_A_PERSON})
"""The tasks that may be done by a call."""


class Situation(StrEnum):
    """What a call is about: the first that fits."""

    ASKED_FOR = "asked_for"
    NOTHING_DUE = "nothing_due"
    BROKEN_PROMISE = "broken_promise"
    PLAN_MISSED = "plan_missed"
    BEFORE_WORK = "before_work"
    NEVER_REACHED = "never_reached"
    NOT_WRITTEN_TO = "not_written_to"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Offers:
    """What the policy lets a caller agree to. Days are civil: the last that may be accepted.

    `instalments` are empty where there is nothing to divide; `pay_now` where the policy knows how all of it is paid.
    """

    promise_until: date
    more_time_until: date | None = None
    instalments: tuple[PlanLine, ...] = ()
    pay_now: bool = False


@dataclass(frozen=True, slots=True)
class CallSheet:
    """A call to be made, as the account is now.

    `contact` is whom to call, None if nobody may be; `want_no_calls` are the names of those who asked for none. Whoever
    asks to be called may be, whatever was asked before.
    `lines` are what to speak of, credit notes with a negative amount; `reasons` say why other invoices are not.
    `promised` is the day of a promise that was broken.
    """

    situation: Situation
    tone: Tone
    contact: Contact | None
    want_no_calls: tuple[str, ...]
    lines: tuple[ChasedInvoice, ...]
    reasons: tuple[Reason, ...]
    offers: Offers
    promised: date | None = None

    @property
    def totals(self) -> tuple[Money, ...]:
        """What is due together, a sum for each currency."""
        return tuple(totals(line.amount for line in self.lines).values())


def call_sheet(
    account: Account, policy: Policy, calendar: Calendar, now: datetime, kind: TaskKind, step: Reminder | None
) -> CallSheet:
    """What to know for a task's call at `now` (UTC). `step` is that of the ladder which asked for it, if one did."""
    policy = policy.for_customer(account.customer, calendar.business_country)
    today = calendar.today(now)
    role = (step.role if step else None) or Role.BILLING
    standings = standings_of(account, policy, calendar, now)
    asked_for = kind is TaskKind.CALL_BACK
    lines = _owed(account) if asked_for else _spoken_of(account, standings, policy, today)
    spoken_of = [one for one in standings if any(one.invoice.number == line.number for line in lines)]
    situation = Situation.ASKED_FOR if asked_for else _situation(account, spoken_of)
    promised = max((one.promised for one in spoken_of if one.promised), default=None)
    return CallSheet(
        situation=situation,
        tone=step.tone if step else Tone.FRIENDLY,
        contact=to_call(account, role) or (_with_phone(account, role) if asked_for else None),
        want_no_calls=tuple(one.name for one in by_role(account, role) if _wants_no_calls(account, one)),
        lines=lines,
        reasons=() if asked_for else tuple(one.reason for one in standings if one.blocked and one.reason),
        offers=_offers(account, lines, policy, calendar, today),
        promised=promised,
    )


def _with_phone(account: Account, role: Role) -> Contact | None:
    return next((one for one in by_role(account, role) if one.phone), None)


def _wants_no_calls(account: Account, contact: Contact) -> bool:
    record = account.address_record(Channel.SMS, contact.phone) if contact.phone else None
    return record is not None and record.no_calls is not None


def _owed(account: Account) -> tuple[ChasedInvoice, ...]:
    """All that is open: whoever asked to be called may ask about any of it."""
    listed = [
        ChasedInvoice(one.number, account.due_date(one), 0, one.amount_due)
        for one in account.invoices
        if one.state is InvoiceState.OPEN and one.amount_due.minor
    ]
    return tuple(sorted(listed, key=attrgetter("anchor", "number")))


def _spoken_of(
    account: Account, standings: list[Standing], policy: Policy, today: date
) -> tuple[ChasedInvoice, ...]:
    """What is overdue and nothing keeps from being asked for, with the credit notes that go with it."""
    if not policy.chase:
        return ()
    overdue = []
    for standing in standings:
        days = (today - standing.anchor).days
        rung = standing.ladder.reached(days, only_overdue=standing.only_overdue)
        if not standing.blocked and days >= 0 and rung is not None:
            overdue.append(Reached(standing, rung, covered=True))
    sifted = with_enough_due(account, overdue, policy)
    lines = [
        ChasedInvoice(one.invoice.number, one.anchor, 0, one.asked)
        for one in (entry.standing for entry in sifted.kept)
    ]
    lines += [ChasedInvoice(note.number, note.due_date, 0, note.amount_due) for note in sifted.credits]
    return tuple(sorted(lines, key=attrgetter("anchor", "number")))


def _situation(account: Account, spoken_of: list[Standing]) -> Situation:
    if not spoken_of:
        return Situation.NOTHING_DUE
    if any(one.promised for one in spoken_of):
        return Situation.BROKEN_PROMISE
    if all(one.reason and one.reason.code is ReasonCode.PLAN_MISSED for one in spoken_of):
        return Situation.PLAN_MISSED
    if all(one.invoice.kind is not InvoiceKind.STANDARD for one in spoken_of):
        return Situation.BEFORE_WORK
    numbers = {one.invoice.number for one in spoken_of}
    written = [
        step.status
        for step in account.reminders
        if step.channel is not Channel.PERSON
        and not numbers.isdisjoint(line.number for line in step.invoices)
    ]
    if not written:
        return Situation.NOT_WRITTEN_TO
    return Situation.NEVER_REACHED if all(one.reached_nobody for one in written) else Situation.OVERDUE


def _offers(
    account: Account, lines: tuple[ChasedInvoice, ...], policy: Policy, calendar: Calendar, today: date
) -> Offers:
    rules = policy.replies
    numbers = tuple(line.number for line in lines if line.amount.minor > 0)
    had_time = any(set(numbers) & set(granted.invoices) for granted in account.extensions)
    may_have_time = rules.grant_extensions and not had_time and bool(numbers)
    try:
        plan = proposed_plan(account, numbers, policy, calendar, today)
    except ValueError:
        parts: tuple[PlanLine, ...] = ()
    else:
        # Less is asked for where a plan is behind, or a credit note pays for some of it.
        is_all = totals(line.amount for line in lines).get(plan.debt.currency) == plan.debt
        parts = plan.lines if len(plan.lines) > 1 and is_all else ()
    currencies = {line.amount.currency for line in lines}
    return Offers(
        promise_until=today + timedelta(days=rules.promise_at_most_days),
        more_time_until=today + timedelta(days=rules.extension_at_most_days) if may_have_time else None,
        instalments=parts,
        pay_now=bool(currencies) and currencies <= policy.pay_to.keys(),
    )
