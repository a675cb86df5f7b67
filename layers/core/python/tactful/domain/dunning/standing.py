"""Which invoices of an account may be chased, from which date, for how much, and which stage each has reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tactful.domain.book.account import Account, TaskKind
from tactful.domain.book.agreements import Extension, Plan, Promise, Verdict
from tactful.domain.book.contact_log import ChasedInvoice, Reminder, ReminderStatus
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.book.settlement import is_in_doubt
from tactful.domain.charges.allocation import allocate
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.decision import Reason, ReasonCode
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import OUTSIDE_THE_LADDER, Ladder, Rung

_OPEN = InvoiceState.OPEN
_DISPUTED = InvoiceState.DISPUTED


class Standing(NamedTuple):
    """Where an owed invoice stands: chaseable from `anchor` on, or blocked until something happens or `wakes`.

    `asked` is what may be asked for, which may change at `wakes`, too; `promised` the date of a broken promise.
    """

    invoice: Invoice
    asked: Money
    anchor: date
    ladder: Ladder
    only_overdue: bool = False
    reason: Reason | None = None
    blocked: bool = False
    wakes: datetime | None = None
    promised: date | None = None


class Reached(NamedTuple):
    """A chaseable invoice, the rung of its ladder it has reached, and whether the client was told of it there.

    A client who was told more mildly than the stage is meant is told again: from the civil date `again` on, once the
    mild words have arrived.
    """

    standing: Standing
    rung: Rung
    covered: bool
    only_mildly: bool = False
    again: date | None = None

    @property
    def is_finished(self) -> bool:
        """Whether the ladder has nothing more to say about it."""
        return self.covered and not self.only_mildly and self.rung.days == self.standing.ladder.last_days


def standings_of(account: Account, policy: Policy, calendar: Calendar, now: datetime) -> list[Standing]:
    """How the account's owed invoices stand. Credit notes and settled invoices are not owed."""
    today = calendar.today(now)
    shares = _arrears(account, today) if account.plan is not None else {}
    book = _Book(account, policy, calendar, today, now, shares)
    nothing_agreed = not (
        account.holds or account.promises or account.extensions or account.plan or policy.invoices
    )
    found = []
    for invoice in account.invoices:
        if invoice.state is _OPEN or invoice.state is _DISPUTED:
            due = invoice.amount_due
            if due.minor > 0:
                if nothing_agreed and invoice.state is _OPEN:
                    found.append(Standing(invoice, due, invoice.due_date, policy.ladder_for(invoice)))
                else:
                    found.append(book.standing(invoice, due, policy.ladder_for(invoice)))
    return found


@dataclass(frozen=True, slots=True)
class _Book:
    """What decides how an invoice stands. `shares` is what a plan that is behind asks for, by invoice number."""

    account: Account
    policy: Policy
    calendar: Calendar
    today: date
    now: datetime
    shares: Mapping[str, Money]

    def standing(self, invoice: Invoice, due: Money, ladder: Ladder) -> Standing:
        """How an invoice stands on which so much is due: the strongest reason to leave it alone comes first."""
        plain = Standing(invoice, due, invoice.due_date, ladder)
        if invoice.state is _DISPUTED:
            return _blocked(plain, ReasonCode.DISPUTED)
        rule = self.policy.invoices.get(invoice.number)
        if rule is not None and not rule.chase:
            return _blocked(plain, ReasonCode.NEVER_CHASED)
        return self._held(plain) or self._agreed(plain)

    def _held(self, plain: Standing) -> Standing | None:
        holds = [h for h in self.account.holds if h.is_active(self.now) and h.covers(plain.invoice.number)]
        if not holds:
            return None
        longest = max(holds, key=lambda hold: (hold.until is None, hold.until or self.now))
        return _blocked(plain, ReasonCode.ON_HOLD, longest.until, longest.kind)

    def _agreed(self, plain: Standing) -> Standing:
        """How an invoice stands by what was agreed: the last word counts."""
        number, plan = plain.invoice.number, self.account.plan
        promise, extension = _promise(self.account, number), _extension(self.account, number)
        anchor = plain.anchor
        if extension is not None and extension.until > anchor:
            anchor = extension.until
            if promise is not None and extension.granted_at > promise.made_at:
                promise = None
        if promise is not None and promise.is_running(self.today):
            ends = self.calendar.start_of(promise.promised_date + timedelta(days=1))
            return _blocked(plain, ReasonCode.PROMISED, ends, promise.promised_date)
        if plan is not None and number in plan.invoices and plan.currency == plain.asked.currency:
            return self._on_plan(plain, plan)
        if promise is not None and promise.promised_date >= anchor:
            broken = promise.is_broken(self.today) and not is_in_doubt(promise, self.account)
            return _after(promise, plain, broken=broken)
        if anchor != plain.anchor:
            extended = Reason(ReasonCode.EXTENDED, f"{number} {anchor}")
            return plain._replace(anchor=anchor, reason=extended)
        return plain

    def _on_plan(self, plain: Standing, plan: Plan) -> Standing:
        still_due = still_due_of(self.account)
        missed = plan.first_missed(still_due, self.today)
        upcoming = plan.next_due_date(self.today)
        changes = [upcoming + timedelta(days=1)] if upcoming else []
        if (rest_due := plan.rest_falls_due(still_due, self.today)) is not None and rest_due > self.today:
            changes.append(rest_due)
        ends = self.calendar.start_of(min(changes)) if changes else None
        number = plain.invoice.number
        if missed is None or number not in self.shares:
            return _blocked(plain, ReasonCode.PLAN_KEPT, ends)
        return plain._replace(
            asked=self.shares[number],
            anchor=missed.due_date,
            only_overdue=True,
            reason=Reason(ReasonCode.PLAN_MISSED, f"{number} {missed.due_date}"),
            wakes=ends,
        )


def _blocked(
    plain: Standing, code: ReasonCode, wakes: datetime | None = None, about: object = ""
) -> Standing:
    reason = Reason(code, f"{plain.invoice.number} {about}".strip())
    return plain._replace(reason=reason, blocked=True, wakes=wakes)


def _after(promise: Promise, plain: Standing, *, broken: bool) -> Standing:
    """A new round from the promised date, for what is still open: after a part promise that was kept, too."""
    since = promise.promised_date
    code = ReasonCode.PROMISE_BROKEN if broken else ReasonCode.PROMISE_KEPT
    return plain._replace(
        anchor=since,
        only_overdue=True,
        reason=Reason(code, f"{plain.invoice.number} {since}"),
        promised=since if broken else None,
    )


def _promise(account: Account, number: str) -> Promise | None:
    """The last promise about an invoice: it replaces earlier ones."""
    about = (promise for promise in account.promises if number in promise.invoices)
    return max(about, key=lambda promise: (promise.made_at, promise.id), default=None)


def _extension(account: Account, number: str) -> Extension | None:
    about = (extension for extension in account.extensions if number in extension.invoices)
    return max(about, key=lambda extension: (extension.granted_at, extension.id), default=None)


def still_due_of(account: Account) -> dict[str, Money]:
    """What is due on each invoice of an account now, by its number."""
    return {known.number: known.amount_due for known in account.invoices}


def _arrears(account: Account, today: date) -> dict[str, Money]:
    """What a plan is behind, shared out over its invoices, the oldest first. Nothing while the plan is kept."""
    plan = account.plan
    if plan is None:
        return {}
    behind = plan.arrears(still_due_of(account), today)
    about = [
        known for known in account.invoices if known.number in plan.invoices and known.amount_due.minor > 0
    ]
    return {line.number: line.amount for line in allocate(behind, about).lines}


# What a person is asked for because nothing could be sent: the stage is still owed once it is there.
_QUESTIONS = frozenset({TaskKind.NO_USABLE_ADDRESS, TaskKind.NO_PAY_TO_DETAILS, TaskKind.NO_COMMON_HOURS})
_DECISIONS = frozenset({TaskKind.CREDIT_REVIEW, TaskKind.COLLECTIONS})


def is_question(step: Reminder) -> bool:
    """Whether a step of the contact log only asked a person for something that a message needs."""
    return step.channel is Channel.PERSON and step.detail in _QUESTIONS


def speaks_for_a_stage(step: Reminder, account: Account) -> bool:
    """Whether a step of the contact log counts as its stage done.

    A message that reached nobody does not, nor a question, a decision of the business or a message outside the
    ladder. One that waits for approval does not either, unless it was declined: that is remembered.
    """
    if step.channel is not Channel.PERSON:
        return not step.status.reached_nobody and step.stage not in OUTSIDE_THE_LADDER
    if step.detail == TaskKind.APPROVAL:
        return any(a.id == step.id and a.verdict is Verdict.DECLINED for a in account.approvals)
    return step.detail not in _QUESTIONS and step.detail not in _DECISIONS


def reached_stages(
    standings: Iterable[Standing],
    policy: Policy,
    calendar: Calendar,
    told: Sequence[Reminder],
    today: date,
) -> list[Reached]:
    """The rung that each chaseable invoice has reached; `told` are the steps that speak for a stage."""
    said = _by_invoice(told)
    reached = []
    for standing in standings:
        if not standing.blocked:
            rung = standing.ladder.reached((today - standing.anchor).days, only_overdue=standing.only_overdue)
            if rung is not None:
                entry = Reached(standing, rung, covered=False)
                steps = said.get(standing.invoice.number)
                reached.append(_told(entry, steps, policy, calendar, today) if steps else entry)
    return reached


def _by_invoice(told: Sequence[Reminder]) -> dict[str, list[tuple[ChasedInvoice, Reminder]]]:
    said: dict[str, list[tuple[ChasedInvoice, Reminder]]] = {}
    for step in told:
        for line in step.invoices:
            said.setdefault(line.number, []).append((line, step))
    return said


def _told(
    entry: Reached,
    steps: Sequence[tuple[ChasedInvoice, Reminder]],
    policy: Policy,
    calendar: Calendar,
    today: date,
) -> Reached:
    """What the client was told of an invoice in this round, by the steps that name it.

    Words that were held back below the stage's tone do not end it. Once they have arrived, they are given some days,
    also when the next stage is reached meanwhile; after those it is said again.
    """
    anchor, days, strength = entry.standing.anchor, entry.rung.days, entry.rung.stage.tone.strength
    last: Reminder | None = None
    at_stage = False
    for line, step in steps:
        if line.anchor == anchor:
            if step.held_back and step.tone.strength < strength:
                last = step if last is None or step.at > last.at else last
                at_stage = at_stage or line.days >= days
            elif line.days >= days:
                return entry._replace(covered=True)
    if last is None:
        return entry
    if last.status is not ReminderStatus.DELIVERED:
        return entry._replace(covered=at_stage, only_mildly=True)
    again = calendar.today(last.at) + timedelta(days=policy.catch_up_days)
    return entry._replace(covered=today < again, only_mildly=True, again=again)


class Sifted(NamedTuple):
    """What is worth asking for, the credit notes that go with it, and why the rest is not."""

    kept: list[Reached]
    credits: list[Invoice]
    reasons: tuple[Reason, ...]


def with_enough_due(account: Account, reached: list[Reached], policy: Policy) -> Sifted:
    """Leave out the currencies whose balance, credit notes netted, is nothing or too small to ask for."""
    balance: dict[str, int] = {}
    for entry in reached:
        asked = entry.standing.asked
        balance[asked.currency] = balance.get(asked.currency, 0) + asked.minor
    credit_notes = []
    for invoice in account.invoices:
        if invoice.total.minor < 0 and invoice.state is _OPEN and invoice.total.currency in balance:
            credit = invoice.amount_due
            if credit.minor < 0:
                credit_notes.append(invoice)
                balance[credit.currency] += credit.minor
    dropped: dict[str, Reason] = {}
    for currency, minor in balance.items():
        if minor <= 0:
            dropped[currency] = Reason(ReasonCode.CREDIT_COVERS, currency)
        elif minor < policy.minimum_amounts.get(currency, 0):
            dropped[currency] = Reason(ReasonCode.BELOW_MINIMUM, str(Money(minor, currency)))
    if not dropped:
        return Sifted(reached, credit_notes, ())
    kept = [entry for entry in reached if entry.standing.asked.currency not in dropped]
    credit_notes = [note for note in credit_notes if note.total.currency not in dropped]
    return Sifted(kept, credit_notes, tuple(dropped[currency] for currency in sorted(dropped)))
