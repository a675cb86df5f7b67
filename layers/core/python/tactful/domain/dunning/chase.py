"""Chasing: which step of the ladder an account needs now, for whom, and whether a person must agree to it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter

from tactful.domain.book.account import TaskKind
from tactful.domain.book.agreements import Verdict
from tactful.domain.book.contact_log import ChasedInvoice, Reminder
from tactful.domain.book.customer import Channel, Role
from tactful.domain.book.stated_charges import at_most
from tactful.domain.dunning.calendar import NeverOpenError
from tactful.domain.dunning.case import (
    BY_HAND,
    Case,
    Step,
    ask,
    ask_when_allowed,
    round_of,
    send,
    worst_first,
)
from tactful.domain.dunning.charging import charges_stated
from tactful.domain.dunning.decision import Decision, Nothing, Reason, ReasonCode, Wait
from tactful.domain.dunning.recipients import Recipient, recipient_of
from tactful.domain.dunning.stage import BROKEN_PROMISE, PLAN_MISSED, Stage, StageKind
from tactful.domain.dunning.standing import Reached, Sifted, is_question, still_due_of
from tactful.domain.dunning.tone import tone_for


def remind(
    case: Case, sifted: Sifted, pending: Sequence[Reached], reasons: tuple[Reason, ...]
) -> Decision | None:
    """One message for everything the account owes, at the stage of its worst invoice that still climbs the ladder.

    What is not overdue yet is no news of its own while something worse is being chased: it is listed with it. A
    stage that waits for a person's approval does not hold up what else is overdue.
    """
    waiting: Decision | None = None
    with_a_person: set[tuple[str, str]] = set()
    left = pending
    while left:
        setters = [_as_it_sets_the_stage(entry, with_a_person) for entry in sifted.kept]
        worst = min([entry for entry in setters if entry is not None], key=worst_first)
        if worst.rung.days > 0 and all(entry.rung.days <= 0 for entry in left):
            break
        decision = _remind_at(case, worst, sifted, left, reasons)
        if not isinstance(decision, Nothing) or worst.covered:
            return decision
        waiting = waiting or decision
        with_a_person.add(_stage_of(worst))
        left = [entry for entry in left if _stage_of(entry) not in with_a_person]
    return waiting


def _remind_at(
    case: Case, worst: Reached, sifted: Sifted, pending: Sequence[Reached], reasons: tuple[Reason, ...]
) -> Decision:
    stage = worst.rung.stage
    chased = _chased(sifted, worst)
    occurrence = round_of(case, stage.name, worst)
    tone, bent = tone_for(case.account, case.policy, stage.tone, sifted.kept, chased, case.today)
    promised = max((e.standing.promised for e in sifted.kept if e.standing.promised), default=None)
    held_back = any(reason.code is ReasonCode.TONE_CAPPED for reason in bent)
    wording = _wording(case, stage, chased, broken=promised is not None)
    step = Step(stage.name, occurrence, tone, chased, wording, promised, held_back)
    why = (Reason(ReasonCode.STAGE_REACHED, f"{stage.name} {worst.standing.invoice.number}"), *reasons, *bent)
    if stage.kind is not StageKind.MESSAGE:
        return ask_when_allowed(case, step, BY_HAND[stage.kind], why, stage.role)
    missing = sorted({line.amount.currency for line in chased} - case.policy.pay_to.keys())
    if missing:
        why = (*why, Reason(ReasonCode.NO_PAY_TO_DETAILS, ", ".join(missing)))
        return _question(case, pending, TaskKind.NO_PAY_TO_DETAILS, step, why)
    recipient = recipient_of(case.account, case.policy, stage.channels, stage.role, stage.name, occurrence)
    why = (*why, *recipient.reasons)
    if recipient.channel is None:
        return _question(case, pending, TaskKind.NO_USABLE_ADDRESS, step, why)
    if recipient.channel is Channel.PERSON:
        return ask_when_allowed(case, step, TaskKind.STEP_FOR_A_PERSON, why, stage.role)
    step, charged = _with_charges(case, step, recipient)
    allowed, delays = case.allowed_from(case.now, recipient.channel)
    approval = _needs_approval(case, stage, step)
    if approval is not None:
        return _with_approval(case, step, recipient, (*why, approval, *charged), allowed, delays)
    if allowed > case.now:
        return Wait(allowed, (*why, *delays))
    return send(case, step, recipient, (*why, *charged))


def _with_charges(case: Case, step: Step, recipient: Recipient) -> tuple[Step, tuple[Reason, ...]]:
    """The step with the charges that an e-mail states: an SMS has no room for what they rest on."""
    if recipient.channel is not Channel.EMAIL:
        return step, ()
    charges, reasons = charges_stated(
        case.account, step.invoices, step.tone, case.policy, case.calendar, case.today
    )
    return replace(step, charges=charges), reasons


def _wording(case: Case, stage: Stage, chased: Sequence[ChasedInvoice], *, broken: bool) -> str:
    """What a message speaks of first: the promise that was broken, the plan that is behind, or else its stage.

    Once the rest of a plan has fallen due it is no longer about a part.
    """
    if stage.kind is not StageKind.MESSAGE:
        return stage.wording
    if broken:
        return BROKEN_PROMISE
    plan = case.account.plan
    of_a_plan = (
        plan is not None
        and all(line.number in plan.invoices for line in chased if line.amount.minor > 0)
        and not plan.has_fallen_due(still_due_of(case.account), case.today)
    )
    return PLAN_MISSED if of_a_plan else stage.wording


def _stage_of(entry: Reached) -> tuple[str, str]:
    """A stage by its ladder and name: two ladders may have stages of the same name."""
    return entry.standing.ladder.name, entry.rung.stage.name


def _as_it_sets_the_stage(entry: Reached, with_a_person: Container[tuple[str, str]]) -> Reached | None:
    """An invoice at the stage it may set for a message: its own if that is news, or what the client last read of it.

    A step that a person takes, or approves, is not said again because another invoice moved up: the message before
    it is. None if the ladder is done with the invoice.
    """
    if not entry.covered and _stage_of(entry) not in with_a_person:
        return entry
    if entry.is_finished:
        return None
    rung = entry.standing.ladder.last_message(entry.rung.days)
    if rung is None or (entry.standing.only_overdue and rung.days <= 0):
        return None
    return entry._replace(rung=rung, covered=True)


def _was_written(step: Reminder) -> bool:
    """Whether the client has it in writing: a call that was asked for may never have been made."""
    return step.is_contact and step.channel is not Channel.PERSON


def _needs_approval(case: Case, stage: Stage, step: Step) -> Reason | None:
    if stage.approval and not step.held_back:
        return Reason(ReasonCode.NEEDS_APPROVAL, stage.name)
    old = case.policy.approve_old_debt
    if old is None or any(_was_written(step) for step in case.account.reminders):
        return None
    owed: dict[str, int] = {}
    for line in step.invoices:
        if line.amount.minor < 0 or (case.today - line.anchor).days > old.older_than_days:
            owed[line.amount.currency] = owed.get(line.amount.currency, 0) + line.amount.minor
    large = [currency for currency, minor in owed.items() if minor > old.over.get(currency, minor)]
    return Reason(ReasonCode.OLD_DEBT, ", ".join(sorted(large))) if large else None


def _with_approval(
    case: Case,
    step: Step,
    recipient: Recipient,
    why: tuple[Reason, ...],
    allowed: datetime,
    delays: tuple[Reason, ...],
) -> Decision:
    """Ask a person once; what was approved is sent only if it still says no more than what was approved.

    It keeps the tone that was approved if by now a stronger one would do.
    """
    asked = [
        known
        for known in case.account.reminders
        if known.stage == step.stage
        and known.occurrence == step.occurrence
        and known.detail == TaskKind.APPROVAL
        and _is_within(step, known)
    ]
    valid = timedelta(days=case.policy.approval_valid_days)
    given = {approval.id: approval for approval in case.account.approvals}
    for known in reversed(asked):
        answer = given.get(known.id)
        if answer and answer.verdict is Verdict.GRANTED and allowed < answer.at + valid:
            why = (*why, Reason(ReasonCode.APPROVED, answer.by))
            if allowed > case.now:
                return Wait(allowed, (*why, *delays))
            tone = min(step.tone, known.tone, key=attrgetter("strength"))
            charges = at_most(step.charges, known.charges)
            return send(case, replace(step, tone=tone, charges=charges), recipient, why)
    if any(known.id not in given for known in asked):
        return Nothing((*why, Reason(ReasonCode.WITH_A_PERSON, TaskKind.APPROVAL)))
    opens = case.opens_from(case.now)
    if opens > case.now:
        return Wait(opens, (*why, Reason(ReasonCode.OUTSIDE_WINDOW)))
    return ask(case, step, TaskKind.APPROVAL, why)


def _is_within(step: Step, approved: Reminder) -> bool:
    """Whether a message asks for no more than what was shown for approval."""
    shown = {(line.number, line.anchor): line.amount.minor for line in approved.invoices}
    return all(
        (line.number, line.anchor) in shown and line.amount.minor <= shown[line.number, line.anchor]
        for line in step.invoices
    )


def _question(
    case: Case, pending: Sequence[Reached], kind: TaskKind, step: Step, why: tuple[Reason, ...]
) -> Decision:
    """Ask a person, when the message could leave, unless one was already asked about these invoices' round."""
    if _was_asked(case, pending, kind):
        return Nothing((*why, Reason(ReasonCode.WITH_A_PERSON, kind)))
    return ask_when_allowed(case, step, kind, why, Role.BILLING)


def _was_asked(case: Case, pending: Sequence[Reached], kind: TaskKind) -> bool:
    earlier = [step for step in case.account.reminders if is_question(step) and step.detail == kind]
    return all(
        any(step.covers(entry.standing.invoice.number, entry.standing.anchor) for step in earlier)
        for entry in pending
    )


def ask_for_hours(case: Case, pending: Sequence[Reached], sifted: Sifted, error: NeverOpenError) -> Decision:
    """Nobody can say when this client may be contacted: ask a person, at any hour, once."""
    kind = TaskKind.NO_COMMON_HOURS
    why = (Reason(ReasonCode.NO_COMMON_HOURS, str(error)),)
    if not pending:
        return Nothing(why)
    if _was_asked(case, pending, kind):
        return Nothing((*why, Reason(ReasonCode.WITH_A_PERSON, kind)))
    worst = min(pending, key=worst_first)
    stage = worst.rung.stage
    step = Step(stage.name, round_of(case, stage.name, worst), stage.tone, _chased(sifted, worst))
    return ask(case, step, kind, why)


def _chased(sifted: Sifted, worst: Reached) -> tuple[ChasedInvoice, ...]:
    """Everything that is owed. What still waits for stronger words than these is only mentioned, not dealt with."""
    lines = [
        ChasedInvoice(e.standing.invoice.number, e.standing.anchor, _said_up_to(e, worst), e.standing.asked)
        for e in sifted.kept
    ]
    lines += [ChasedInvoice(note.number, note.due_date, 0, note.amount_due) for note in sifted.credits]
    lines.sort(key=attrgetter("anchor", "number"))
    return tuple(lines)


def _said_up_to(entry: Reached, worst: Reached) -> int:
    is_dealt_with = entry.covered and not entry.only_mildly
    return entry.rung.days if is_dealt_with else min(entry.rung.days, worst.rung.days)
