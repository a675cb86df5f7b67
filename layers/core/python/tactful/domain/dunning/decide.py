"""The one decision: what to do about an account at a moment, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, count

from tactful.domain.book.account import Account, TaskKind, Thanks
from tactful.domain.book.contact_log import (
    THANK_YOU,
    ChasedInvoice,
    Reminder,
    ReminderStatus,
    Tone,
    reminder_id,
)
from tactful.domain.book.customer import Channel, Contact, Role
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.decision import Ask, Decision, Nothing, Reason, ReasonCode, Send, Wait
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import Stage
from tactful.domain.dunning.standing import (
    Reached,
    Standing,
    credits_in,
    is_question,
    ladder_of,
    owed_invoices,
    reached_stages,
    standing_of,
    with_enough_due,
)
from tactful.domain.dunning.timing import allowed_from, latest

# A sender that has not answered for this long has died: its Lambda's own time limit is far below.
CLAIM_LEASE = timedelta(minutes=15)

_ROLE_ORDER = (Role.BILLING, Role.OWNER, Role.ESCALATION)


@dataclass(frozen=True, slots=True)
class _Case:
    """An account before the engine: what is decided on, by which rules, and when."""

    account: Account
    policy: Policy
    calendar: Calendar
    now: datetime

    def allowed_from(self, at: datetime) -> tuple[datetime, tuple[Reason, ...]]:
        return allowed_from(self.account, self.policy, self.calendar, at)


@dataclass(frozen=True, slots=True)
class _Step:
    """What a message is about, before it is known who gets it."""

    stage: str
    occurrence: str
    tone: Tone
    invoices: tuple[ChasedInvoice, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    """Who gets a message and how; no channel if nobody can be reached."""

    channel: Channel | None
    contact: Contact | None
    reasons: tuple[Reason, ...]


def decide(account: Account, policy: Policy, calendar: Calendar, now: datetime) -> Decision:
    """Say what to do about an account at `now` (UTC): send, wait, ask a person, or nothing.

    Pure: the same facts give the same decision, down to the reminder's id. Before the `until` of a Wait nothing
    changes unless the account does. Raises NeverOpenError for a policy that can never send.
    """
    claim = next((r for r in account.reminders if r.status is ReminderStatus.CLAIMED), None)
    if claim is not None:
        return _about_claim(claim, now)
    case = _Case(account, policy, calendar, now)
    standings = [standing_of(account, invoice, calendar, now) for invoice in owed_invoices(account)]
    chaseable = [standing for standing in standings if not standing.blocked]
    reached = reached_stages(account, policy, chaseable, calendar.today(now))
    sifted = with_enough_due(account, reached, policy)
    pending = [entry for entry in sifted.kept if not entry.covered]
    reasons = (*(reason for standing in standings for reason in standing.reasons), *sifted.reasons)
    thanks = _owed_thanks(case)
    if pending:
        decision = _remind(case, sifted.kept, pending, reasons)
    elif thanks is not None:
        decision = _thank(case, thanks)
    else:
        decision = Nothing(reasons or _why_nothing(case, chaseable, sifted.kept))
    return _no_later_than(decision, _next_wake(case, standings))


def _about_claim(claim: Reminder, now: datetime) -> Decision:
    if now < claim.lease_until:
        return Wait(claim.lease_until, (Reason(ReasonCode.CLAIM_IN_FLIGHT, claim.stage),))
    unanswered = claim.advanced(ReminderStatus.UNKNOWN, detail="claim_unanswered")
    return Ask(TaskKind.OUTCOME_UNKNOWN, unanswered, (Reason(ReasonCode.CLAIM_UNANSWERED, claim.stage),))


def _remind(
    case: _Case, reached: Sequence[Reached], pending: Sequence[Reached], reasons: tuple[Reason, ...]
) -> Decision:
    """One message for everything the account owes, at the stage of its worst invoice not yet reminded of."""
    worst = max(pending, key=lambda entry: (entry.stage.days, -entry.anchor.toordinal()))
    stage = worst.stage
    chased = _chased(case.account, reached)
    tone, capped = _tone(case, stage, chased)
    step = _Step(stage.name, _occurrence(case.account, stage.name, str(worst.anchor)), tone, chased)
    why = (Reason(ReasonCode.STAGE_REACHED, f"{stage.name} {worst.invoice.number}"), *reasons, *capped)
    missing = sorted({entry.amount.currency for entry in chased} - set(case.policy.pay_to))
    if missing:
        why = (*why, Reason(ReasonCode.NO_PAY_TO_DETAILS, ", ".join(missing)))
        return _ask_once(case, pending, TaskKind.NO_PAY_TO_DETAILS, step, why)
    choice = _choose_contact(case.account, stage.channels, step)
    why = (*why, *choice.reasons)
    if choice.channel is None:
        return _ask_once(case, pending, TaskKind.NO_USABLE_ADDRESS, step, why)
    allowed, delays = case.allowed_from(case.now)
    if allowed > case.now:
        return Wait(allowed, (*why, *delays))
    if choice.channel is Channel.PERSON:
        return Ask(TaskKind.STEP_FOR_A_PERSON, _draft(case, step, choice, why), why)
    return _send(case, step, choice, why)


def _send(case: _Case, step: _Step, choice: _Choice, why: tuple[Reason, ...]) -> Send:
    leaves_until = latest(case.account, case.policy, case.calendar, case.now)
    return Send(_draft(case, step, choice, why), why, leaves_until)


def _ask_once(
    case: _Case, pending: Sequence[Reached], kind: TaskKind, step: _Step, why: tuple[Reason, ...]
) -> Decision:
    """Ask a person, when the message could leave, unless one was already asked about these invoices' round."""
    earlier = [r for r in case.account.reminders if is_question(r) and r.detail == kind]
    if all(any(r.covers(p.invoice.number, p.anchor) for r in earlier) for p in pending):
        return Nothing((*why, Reason(ReasonCode.WITH_A_PERSON, str(kind))))
    allowed, delays = case.allowed_from(case.now)
    if allowed > case.now:
        return Wait(allowed, (*why, *delays))
    asked = _draft(case, step, _Choice(Channel.PERSON, None, ()), why)
    return Ask(kind, replace(asked, detail=str(kind)), why)


def _occurrence(account: Account, stage: str, anchor: str) -> str:
    """Which time round: the date the round counts from, numbered if the stage was already used for that date."""
    used = {
        reminder.occurrence
        for reminder in account.reminders
        if reminder.stage == stage and not reminder.status.reached_nobody and not is_question(reminder)
    }
    rounds = chain([anchor], (f"{anchor}.{number}" for number in count(2)))
    return next(name for name in rounds if name not in used)


def _chased(account: Account, reached: Sequence[Reached]) -> tuple[ChasedInvoice, ...]:
    owed = [ChasedInvoice(e.invoice.number, e.anchor, e.stage.days, e.invoice.amount_due) for e in reached]
    credit_notes = [
        ChasedInvoice(credit.number, credit.due_date, 0, credit.amount_due)
        for credit in credits_in(account, {chased.amount.currency for chased in owed})
    ]
    return tuple(sorted((*owed, *credit_notes), key=lambda chased: (chased.anchor, chased.number)))


def _tone(case: _Case, stage: Stage, chased: Sequence[ChasedInvoice]) -> tuple[Tone, tuple[Reason, ...]]:
    """The stage's tone, but gentle on first contact and never more than a step above what was delivered."""
    numbers = {entry.number for entry in chased if entry.amount.minor > 0}
    delivered = [
        r.tone
        for r in case.account.reminders
        if r.status is ReminderStatus.DELIVERED
        and not r.is_thanks
        and any(known.number in numbers for known in r.invoices)
    ]
    ceiling = case.policy.first_contact_tone
    if delivered:
        ceiling = max(delivered, key=lambda tone: tone.strength).stronger()
    if stage.tone.strength <= ceiling.strength:
        return stage.tone, ()
    return ceiling, (Reason(ReasonCode.TONE_CAPPED, f"{stage.tone} to {ceiling}"),)


def _choose_contact(account: Account, channels: Sequence[Channel], step: _Step) -> _Choice:
    """The first channel, in the stage's order, that a contact can still be reached on."""
    failed = {
        (r.channel, r.address)
        for r in account.reminders
        if r.stage == step.stage and r.occurrence == step.occurrence and r.status.reached_nobody
    }
    contacts = sorted(account.customer.contacts, key=lambda contact: _ROLE_ORDER.index(contact.role))
    reasons: list[Reason] = []
    for channel in channels:
        if channel is Channel.PERSON:
            return _Choice(channel, contacts[0] if contacts else None, tuple(reasons))
        for contact in contacts:
            address = contact.address(channel)
            if not address:
                continue
            if account.is_suppressed(channel, address):
                reasons.append(Reason(ReasonCode.SUPPRESSED, channel))
            elif (channel, address) in failed:
                reasons.append(Reason(ReasonCode.CHANNEL_FAILED, channel))
            else:
                return _Choice(channel, contact, tuple(reasons))
    return _Choice(None, None, (*reasons, Reason(ReasonCode.NO_ADDRESS)))


def _owed_thanks(case: _Case) -> Thanks | None:
    thanks = case.account.thanks
    if thanks is None or not case.account.owes_nothing() or case.now >= _thanks_expire(case, thanks):
        return None
    thanked = any(
        r.is_thanks and r.occurrence == thanks.payment_id and not r.status.reached_nobody
        for r in case.account.reminders
    )
    return None if thanked else thanks


def _thanks_expire(case: _Case, thanks: Thanks) -> datetime:
    return thanks.at + timedelta(days=case.policy.thanks_expire_after_days)


def _thank(case: _Case, thanks: Thanks) -> Decision:
    """One thank-you for the payment that settled the account; late thanks are worse than none."""
    paid = tuple(
        ChasedInvoice(invoice.number, invoice.due_date, 0, invoice.total)
        for invoice in case.account.invoices
        if invoice.number in thanks.invoices
    )
    step = _Step(THANK_YOU, thanks.payment_id, Tone.FRIENDLY, paid)
    choice = _choose_contact(case.account, case.policy.thanks_channels, step)
    why = (Reason(ReasonCode.PAYMENT_SETTLED, ", ".join(thanks.invoices)), *choice.reasons)
    allowed, delays = case.allowed_from(case.now)
    if choice.channel is None or allowed >= _thanks_expire(case, thanks):
        return Nothing((*why, *delays))
    if allowed > case.now:
        return Wait(allowed, (*why, *delays))
    return _send(case, step, choice, why)


def _draft(case: _Case, step: _Step, choice: _Choice, why: tuple[Reason, ...]) -> Reminder:
    account, contact, channel = case.account, choice.contact, choice.channel or Channel.PERSON
    attempt = 1 + sum(r.stage == step.stage and r.occurrence == step.occurrence for r in account.reminders)
    return Reminder(
        id=reminder_id(account.key, step.stage, step.occurrence, attempt),
        stage=step.stage,
        occurrence=step.occurrence,
        attempt=attempt,
        tone=step.tone,
        channel=channel,
        address=contact.address(channel) if contact else "",
        contact_name=contact.name if contact else "",
        invoices=step.invoices,
        status=ReminderStatus.HANDED_OVER if channel is Channel.PERSON else ReminderStatus.CLAIMED,
        at=case.now,
        lease_until=case.now + CLAIM_LEASE,
        policy=case.policy.label,
        reasons=tuple(str(reason) for reason in why),
    )


def _next_wake(case: _Case, standings: Sequence[Standing]) -> datetime | None:
    """The next instant at which time alone changes what is chaseable or which stage is reached."""
    today = case.calendar.today(case.now)
    wakes = [standing.wakes for standing in standings if standing.blocked and standing.wakes is not None]
    for standing in standings:
        if not standing.blocked:
            ahead = (standing.anchor + timedelta(days=s.days) for s in ladder_of(standing, case.policy))
            upcoming = next((day for day in ahead if day > today), None)
            if upcoming is not None:
                wakes.append(case.allowed_from(case.calendar.start_of(upcoming))[0])
    return min(wakes, default=None)


def _no_later_than(decision: Decision, wake: datetime | None) -> Decision:
    if wake is None:
        return decision
    match decision:
        case Nothing(reasons=reasons):
            return Wait(wake, reasons)
        case Wait(until=until, reasons=reasons) if wake < until:
            return Wait(wake, reasons)
        case _:
            return decision


def _why_nothing(
    case: _Case, chaseable: Sequence[Standing], reached: Sequence[Reached]
) -> tuple[Reason, ...]:
    if not chaseable:
        return (Reason(ReasonCode.NOTHING_OPEN),)
    if not reached:
        return (Reason(ReasonCode.STAGE_NOT_REACHED, min(str(entry.anchor) for entry in chaseable)),)
    finished = all(entry.stage == case.policy.stages[-1] for entry in reached)
    code = ReasonCode.LADDER_FINISHED if finished else ReasonCode.ALREADY_SENT
    return (Reason(code, reached[-1].stage.name),)
