"""How strongly a message is worded: the stage's tone, bent by the client's record, and never ahead of what arrived."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import ChasedInvoice, ReminderStatus, Tone
from tactful.domain.book.record import record_of
from tactful.domain.dunning.decision import Reason, ReasonCode
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.relationship import relationship_of
from tactful.domain.dunning.standing import Reached

_TONES = tuple(Tone)


def tone_for(
    account: Account,
    policy: Policy,
    wanted: Tone,
    reached: Sequence[Reached],
    chased: Sequence[ChasedInvoice],
    today: date,
) -> tuple[Tone, tuple[Reason, ...]]:
    """The tone of a message about the invoices reached, and why it is not the stage's.

    The record moves it by one step at most, either way, and a broken promise up by one; together they stay within one
    step, and never make a message final that its stage did not. It is gentle on first contact and never more than a
    step above what was delivered about these invoices.
    """
    reasons: list[Reason] = []
    strength = wanted.strength + _step(account, policy, reached, today, reasons)
    strongest = Tone.FINAL if wanted is Tone.FINAL else Tone.FIRM
    tone = _TONES[min(max(strength, 0), strongest.strength)]
    ceiling = _ceiling(account, policy, chased)
    if tone.strength > ceiling.strength:
        reasons.append(Reason(ReasonCode.TONE_CAPPED, f"{tone} to {ceiling}"))
        tone = ceiling
    return tone, tuple(reasons)


def _step(
    account: Account, policy: Policy, reached: Sequence[Reached], today: date, reasons: list[Reason]
) -> int:
    late = (today - min([entry.standing.invoice.due_date for entry in reached])).days
    relationship = relationship_of(record_of(account, today), policy.tone_rules, late)
    step = policy.tone_rules.step(relationship)
    if step:
        reasons.append(Reason(ReasonCode.TONE_BY_RECORD, f"{relationship} {step:+d}"))
    broken = max((entry.standing.promised for entry in reached if entry.standing.promised), default=None)
    if broken is not None:
        step += 1
        reasons.append(Reason(ReasonCode.TONE_RAISED, f"promise of {broken} broken"))
    return min(max(step, -1), 1)


def _ceiling(account: Account, policy: Policy, chased: Sequence[ChasedInvoice]) -> Tone:
    if not account.reminders:
        return policy.first_contact_tone
    numbers = {entry.number for entry in chased if entry.amount.minor > 0}
    strongest: Tone | None = None
    for reminder in account.reminders:
        if (
            reminder.status is ReminderStatus.DELIVERED
            and (strongest is None or reminder.tone.strength > strongest.strength)
            and not reminder.is_courtesy
            and not numbers.isdisjoint([line.number for line in reminder.invoices])
        ):
            strongest = reminder.tone
    return policy.first_contact_tone if strongest is None else strongest.stronger()
