"""An account before the engine, and how a step about it is drafted, sent or handed to a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, count

from tactful.domain.book.account import Account, TaskKind
from tactful.domain.book.contact_log import ChasedInvoice, Reminder, ReminderStatus, Tone, reminder_id
from tactful.domain.book.customer import Channel, Role
from tactful.domain.book.stated_charges import StatedCharges
from tactful.domain.dunning.calendar import Calendar, NeverOpenError
from tactful.domain.dunning.decision import Ask, Decision, Reason, ReasonCode, Send, Wait
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.recipients import Recipient, by_role, to_call
from tactful.domain.dunning.spacing import spaced_from
from tactful.domain.dunning.stage import StageKind
from tactful.domain.dunning.standing import Reached, speaks_for_a_stage

# A sender that has not answered for this long has died: its Lambda's own time limit is far below.
CLAIM_LEASE = timedelta(minutes=15)

BY_HAND = {
    StageKind.CALL: TaskKind.CALL,
    StageKind.LETTER: TaskKind.LETTER,
    StageKind.CREDIT_REVIEW: TaskKind.CREDIT_REVIEW,
    StageKind.COLLECTIONS: TaskKind.COLLECTIONS,
}


@dataclass(frozen=True, slots=True)
class Case:
    """An account before the engine: what is decided on, by which rules, and when."""

    account: Account
    policy: Policy
    calendar: Calendar
    now: datetime
    today: date

    def allowed_from(
        self, at: datetime, channel: Channel | None = None
    ) -> tuple[datetime, tuple[Reason, ...]]:
        """The first instant from `at` on when the client may be contacted, and what delays it."""
        allowed, reasons = spaced_from(self.account, self.policy, at, channel)
        opens = self.opens_from(allowed)
        if opens > allowed:
            return opens, (*reasons, Reason(ReasonCode.OUTSIDE_WINDOW))
        return allowed, reasons

    def opens_from(self, at: datetime) -> datetime:
        """The first instant from `at` on in the client's contact window. Raises NeverOpenError."""
        return self.calendar.next_open(at, self.account.customer, self.policy)

    def office_opens_from(self, at: datetime) -> datetime:
        """As opens_from, for what needs no client: at once if nobody can say when the client may be contacted."""
        try:
            return self.opens_from(at)
        except NeverOpenError:
            return at


@dataclass(frozen=True, slots=True)
class Step:
    """What a message is about, before it is known who gets it."""

    stage: str
    occurrence: str
    tone: Tone
    invoices: tuple[ChasedInvoice, ...]
    wording: str = ""
    promised: date | None = None
    held_back: bool = False
    charges: StatedCharges | None = None


def worst_first(entry: Reached) -> tuple[int, bool, int, str]:
    """Sorts what is worse first: how far up its ladder an invoice is, then what is news, then how old it is.

    Of equals the lower number comes first.
    """
    standing = entry.standing
    return -entry.rung.days, entry.covered, standing.anchor.toordinal(), standing.invoice.number


def round_of(case: Case, stage: str, worst: Reached) -> str:
    """Which time round: the date the round counts from, numbered if the stage was already used for that date."""
    anchor = str(worst.standing.anchor)
    if not case.account.reminders:
        return anchor
    used = {
        step.occurrence
        for step in case.account.reminders
        if step.stage == stage and (speaks_for_a_stage(step, case.account) or step.detail in BY_HAND.values())
    }
    rounds = chain([anchor], (f"{anchor}.{number}" for number in count(2)))
    return next(name for name in rounds if name not in used)


def send(case: Case, step: Step, recipient: Recipient, why: tuple[Reason, ...]) -> Send:
    """Send a message now; it must leave before the contact window closes."""
    closes = case.calendar.closes(case.now, case.account.customer, case.policy)
    return Send(_draft(case, step, recipient, why), why, closes)


def ask(case: Case, step: Step, kind: TaskKind, why: tuple[Reason, ...], role: Role = Role.BILLING) -> Ask:
    """Hand a step to a person; its kind tells what to do."""
    called = to_call(case.account, role) if kind is TaskKind.CALL else None
    person = Recipient(Channel.PERSON, called or next(iter(by_role(case.account, role)), None))
    return Ask(kind, _draft(case, step, person, why, detail=kind), why)


def ask_when_allowed(case: Case, step: Step, kind: TaskKind, why: tuple[Reason, ...], role: Role) -> Decision:
    """Ask a person to contact the client, when the client may be contacted."""
    allowed, delays = case.allowed_from(case.now)
    if allowed > case.now:
        return Wait(allowed, (*why, *delays))
    return ask(case, step, kind, why, role)


def _draft(
    case: Case, step: Step, recipient: Recipient, why: tuple[Reason, ...], *, detail: str = ""
) -> Reminder:
    account, contact, channel = case.account, recipient.contact, recipient.channel or Channel.PERSON
    attempt = 1
    for known in account.reminders:
        attempt += known.stage == step.stage and known.occurrence == step.occurrence
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
        reasons=tuple([str(reason) for reason in why]),
        detail=str(detail),
        wording=step.wording,
        promised=step.promised,
        held_back=step.held_back and channel is not Channel.PERSON,
        role=contact.role if contact else None,
        charges=step.charges if channel is Channel.EMAIL or detail == TaskKind.APPROVAL else None,
    )
