"""The one decision: what to do about an account at a moment, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tactful.domain.book.account import Account, TaskKind
from tactful.domain.book.contact_log import (
    ChasedInvoice,
    Reminder,
    ReminderStatus,
    Tone,
    reminder_id,
)
from tactful.domain.book.customer import Channel, Contact, Role
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.decision import Ask, Decision, Nothing, Reason, ReasonCode, Send, Wait
from tactful.domain.dunning.policy import Policy, Stage
from tactful.domain.dunning.standing import (
    Reached,
    Standing,
    credits_in,
    ladder_of,
    owed_invoices,
    reached_stages,
    standing_of,
    with_enough_due,
)
from tactful.domain.dunning.timing import allowed_from, latest

THANK_YOU = "thank_you"

# A sender that has not answered for this long has died: its Lambda's own time limit is far below.
CLAIM_LEASE = timedelta(minutes=15)

_ROLE_ORDER = (Role.BILLING, Role.OWNER, Role.ESCALATION)


def decide(account: Account, policy: Policy, calendar: Calendar, now: datetime) -> Decision:
    """Say what to do about an account at `now` (UTC): send, wait, ask a person, or nothing.

    Pure: the same facts give the same decision, down to the reminder's id. Before the `until` of a Wait nothing
    changes unless the account does. Raises NeverOpenError for a policy that can never send.
    """
    claim = next((r for r in account.reminders if r.status is ReminderStatus.CLAIMED), None)
    if claim is not None:
        return _about_claim(claim, now)
    today = calendar.today(now)
    standings = [standing_of(account, invoice, calendar, now) for invoice in owed_invoices(account)]
    chaseable = [standing for standing in standings if not standing.blocked]
    reached = with_enough_due(account, reached_stages(account, policy, chaseable, today), policy)
    pending = [entry for entry in reached.kept if not entry.covered]
    reasons = (*(reason for standing in standings for reason in standing.reasons), *reached.reasons)
    if pending:
        decision = _remind(account, policy, calendar, now, reached.kept, pending, reasons)
    elif _owes_thanks(account, policy, now):
        decision = _thank(account, policy, calendar, now)
    else:
        decision = Nothing(reasons or _why_nothing(account, chaseable, reached.kept))
    return _no_later_than(decision, _next_wake(account, policy, calendar, now, standings))


def _about_claim(claim: Reminder, now: datetime) -> Decision:
    if now < claim.lease_until:
        return Wait(claim.lease_until, (Reason(ReasonCode.CLAIM_IN_FLIGHT, claim.stage),))
    unanswered = claim.advanced(ReminderStatus.UNKNOWN, detail="claim_unanswered")
    return Ask(TaskKind.OUTCOME_UNKNOWN, unanswered, (Reason(ReasonCode.CLAIM_UNANSWERED, claim.stage),))


def _remind(
    account: Account,
    policy: Policy,
    calendar: Calendar,
    now: datetime,
    reached: Sequence[Reached],
    pending: Sequence[Reached],
    reasons: tuple[Reason, ...],
) -> Decision:
    """One message for everything the account owes, at the stage of its worst invoice not yet reminded of."""
    worst = max(pending, key=lambda entry: (entry.stage.days, -entry.anchor.toordinal()))
    stage = worst.stage
    occurrence = _occurrence(account, stage.name, str(worst.anchor))
    chased = _chased(account, reached)
    tone, capped = _tone(account, policy, stage, chased)
    reasons = (Reason(ReasonCode.STAGE_REACHED, f"{stage.name} {worst.invoice.number}"), *reasons, *capped)
    missing = sorted({c.amount.currency for c in chased} - set(policy.pay_to))

    def drafted(channel: Channel, contact: Contact | None, why: tuple[Reason, ...]) -> Reminder:
        return _draft(account, policy, now, stage.name, occurrence, tone, channel, contact, chased, why)

    if missing:
        why = (*reasons, Reason(ReasonCode.NO_PAY_TO_DETAILS, ", ".join(missing)))
        return _ask_once(
            account, pending, TaskKind.NO_PAY_TO_DETAILS, drafted(Channel.PERSON, None, why), why
        )
    choice = _choose_contact(account, stage.channels, stage.name, occurrence)
    why = (*reasons, *choice.reasons)
    if choice.channel is None:
        step = drafted(Channel.PERSON, None, why)
        return _ask_once(account, pending, TaskKind.NO_USABLE_ADDRESS, step, why)
    if choice.channel is Channel.PERSON:
        return Ask(TaskKind.STEP_FOR_A_PERSON, drafted(Channel.PERSON, choice.contact, why), why)
    allowed, delays = allowed_from(account, policy, calendar, now)
    if allowed > now:
        return Wait(allowed, (*why, *delays))
    reminder = drafted(choice.channel, choice.contact, why)
    return Send(reminder, why, latest(account, policy, calendar, now))


def _ask_once(
    account: Account, pending: Sequence[Reached], kind: TaskKind, step: Reminder, why: tuple[Reason, ...]
) -> Decision:
    """Ask a person, unless one was already asked the same about the same invoices in this round."""
    asked = replace(step, detail=str(kind))
    earlier = [r for r in account.reminders if r.channel is Channel.PERSON and r.detail == kind]
    if all(any(r.covers(p.invoice.number, p.anchor) for r in earlier) for p in pending):
        return Nothing((*why, Reason(ReasonCode.WITH_A_PERSON, str(kind))))
    return Ask(kind, asked, why)


def _occurrence(account: Account, stage: str, anchor: str) -> str:
    """Which time round: the date the round counts from, numbered if that stage was already used for that date."""
    used = {
        reminder.occurrence
        for reminder in account.reminders
        if reminder.stage == stage
        and not reminder.status.reached_nobody
        and reminder.occurrence.partition(".")[0] == anchor
    }
    return anchor if not used else f"{anchor}.{len(used) + 1}"


def _chased(account: Account, reached: Sequence[Reached]) -> tuple[ChasedInvoice, ...]:
    owed = [ChasedInvoice(e.invoice.number, e.anchor, e.stage.days, e.invoice.amount_due) for e in reached]
    credits = [
        ChasedInvoice(credit.number, credit.due_date, 0, credit.amount_due)
        for credit in credits_in(account, {chased.amount.currency for chased in owed})
    ]
    return tuple(sorted((*owed, *credits), key=lambda chased: (chased.anchor, chased.number)))


def _tone(
    account: Account, policy: Policy, stage: Stage, chased: Sequence[ChasedInvoice]
) -> tuple[Tone, tuple[Reason, ...]]:
    """The stage's tone, but gentle on first contact and never more than a step above what was delivered."""
    numbers = {entry.number for entry in chased}
    delivered = [
        r.tone
        for r in account.reminders
        if r.status is ReminderStatus.DELIVERED
        and r.stage != THANK_YOU
        and any(known.number in numbers for known in r.invoices)
    ]
    ceiling = (
        max(delivered, key=lambda tone: tone.strength).stronger() if delivered else policy.first_contact_tone
    )
    if stage.tone.strength <= ceiling.strength:
        return stage.tone, ()
    return ceiling, (Reason(ReasonCode.TONE_CAPPED, f"{stage.tone} to {ceiling}"),)


@dataclass(frozen=True, slots=True)
class _Choice:
    channel: Channel | None
    contact: Contact | None
    reasons: tuple[Reason, ...]


def _choose_contact(account: Account, channels: Sequence[Channel], stage: str, occurrence: str) -> _Choice:
    """The first channel, in the stage's order, that a contact can still be reached on."""
    failed = {
        (r.channel, r.address)
        for r in account.reminders
        if r.stage == stage and r.occurrence == occurrence and r.status.reached_nobody
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


def _owes_thanks(account: Account, policy: Policy, now: datetime) -> bool:
    thanks = account.thanks
    return (
        thanks is not None
        and account.owes_nothing()
        and now < thanks.at + timedelta(days=policy.thanks_expire_after_days)
        and not any(
            r.stage == THANK_YOU and r.occurrence == thanks.payment_id and not r.status.reached_nobody
            for r in account.reminders
        )
    )


def _thank(account: Account, policy: Policy, calendar: Calendar, now: datetime) -> Decision:
    thanks = account.thanks
    assert thanks is not None
    settled = (Reason(ReasonCode.PAYMENT_SETTLED, ", ".join(thanks.invoices)),)
    choice = _choose_contact(account, (Channel.EMAIL, Channel.SMS), THANK_YOU, thanks.payment_id)
    if choice.channel is None:
        return Nothing((*settled, *choice.reasons))
    allowed, delays = allowed_from(account, policy, calendar, now)
    expires = thanks.at + timedelta(days=policy.thanks_expire_after_days)
    if allowed >= expires:
        return Nothing((*settled, *delays))
    if allowed > now:
        return Wait(allowed, (*settled, *delays))
    paid = tuple(
        ChasedInvoice(invoice.number, invoice.due_date, 0, invoice.total)
        for invoice in account.invoices
        if invoice.number in thanks.invoices
    )
    why = (*settled, *choice.reasons)
    reminder = _draft(
        account,
        policy,
        now,
        THANK_YOU,
        thanks.payment_id,
        Tone.FRIENDLY,
        choice.channel,
        choice.contact,
        paid,
        why,
    )
    return Send(reminder, why, latest(account, policy, calendar, now))


def _draft(
    account: Account,
    policy: Policy,
    now: datetime,
    stage: str,
    occurrence: str,
    tone: Tone,
    channel: Channel,
    contact: Contact | None,
    invoices: tuple[ChasedInvoice, ...],
    why: tuple[Reason, ...],
) -> Reminder:
    attempt = 1 + sum(r.stage == stage and r.occurrence == occurrence for r in account.reminders)
    return Reminder(
        id=reminder_id(account.key, stage, occurrence, attempt),
        stage=stage,
        occurrence=occurrence,
        attempt=attempt,
        tone=tone,
        channel=channel,
        address=contact.address(channel) if contact else "",
        contact_name=contact.name if contact else "",
        invoices=invoices,
        status=ReminderStatus.HANDED_OVER if channel is Channel.PERSON else ReminderStatus.CLAIMED,
        at=now,
        lease_until=now + CLAIM_LEASE,
        policy=policy.label,
        reasons=tuple(str(reason) for reason in why),
    )


def _next_wake(
    account: Account, policy: Policy, calendar: Calendar, now: datetime, standings: Sequence[Standing]
) -> datetime | None:
    """The next instant at which time alone changes what is chaseable or which stage is reached."""
    today = calendar.today(now)
    wakes = [standing.wakes for standing in standings if standing.blocked and standing.wakes is not None]
    for standing in standings:
        if not standing.blocked:
            ahead = (standing.anchor + timedelta(days=s.days) for s in ladder_of(standing, policy))
            upcoming = next((day for day in ahead if day > today), None)
            if upcoming is not None:
                wakes.append(allowed_from(account, policy, calendar, calendar.start_of(upcoming))[0])
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
    account: Account, chaseable: Sequence[Standing], reached: Sequence[Reached]
) -> tuple[Reason, ...]:
    if not chaseable:
        return (Reason(ReasonCode.NOTHING_OPEN),)
    if not reached:
        return (Reason(ReasonCode.STAGE_NOT_REACHED, min(str(entry.anchor) for entry in chaseable)),)
    return (Reason(ReasonCode.ALREADY_SENT, reached[-1].stage.name),)
