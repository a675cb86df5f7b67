"""What the engine says about an account at a moment, always with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tactful.domain.book.account import TaskKind
from tactful.domain.book.contact_log import Reminder


class ReasonCode(StrEnum):
    """Every gate and fact that a decision can rest on. A closed vocabulary: reports count by it."""

    STAGE_REACHED = "stage_reached"
    STAGE_NOT_REACHED = "stage_not_reached"
    ALREADY_SENT = "already_sent"
    LADDER_FINISHED = "ladder_finished"
    LISTED_WITH_OLDER = "listed_with_older"
    PAYMENT_SETTLED = "payment_settled"
    FIRST_INVOICE = "first_invoice"
    DISCOUNT_ENDS = "discount_ends"
    NOTHING_OPEN = "nothing_open"
    NEVER_CHASED = "never_chased"
    BOOK_TOO_OLD = "book_too_old"
    DISPUTED = "disputed"
    PROMISED = "promised"
    PROMISE_BROKEN = "promise_broken"
    PROMISE_KEPT = "promise_kept"
    EXTENDED = "extended"
    PLAN_KEPT = "plan_kept"
    PLAN_MISSED = "plan_missed"
    ON_HOLD = "on_hold"
    CREDIT_COVERS = "credit_covers"
    BELOW_MINIMUM = "below_minimum"
    NO_PAY_TO_DETAILS = "no_pay_to_details"
    TONE_BY_RECORD = "tone_by_record"
    TONE_RAISED = "tone_raised"
    TONE_CAPPED = "tone_capped"
    NEEDS_APPROVAL = "needs_approval"
    APPROVED = "approved"
    OLD_DEBT = "old_debt"
    CONSENT_MISSING = "consent_missing"
    CHANNEL_FAILED = "channel_failed"
    SUPPRESSED = "suppressed"
    NO_ADDRESS = "no_address"
    WITH_A_PERSON = "with_a_person"
    CLAIM_IN_FLIGHT = "claim_in_flight"
    CLAIM_UNANSWERED = "claim_unanswered"
    ANSWER_OWED = "answer_owed"
    ANSWER_CAP = "answer_cap"
    PART_PAID = "part_paid"
    CHARGED = "charged"
    CHARGES_WARNED = "charges_warned"
    NOT_CHARGED = "not_charged"
    MINIMUM_GAP = "minimum_gap"
    CONTACT_CAP = "contact_cap"
    CHANNEL_CAP = "channel_cap"
    NO_COMMON_HOURS = "no_common_hours"
    OUTSIDE_WINDOW = "outside_window"


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact or gate, with what it concerns (an invoice number, a stage, a date)."""

    code: ReasonCode
    about: str = ""

    def __str__(self) -> str:
        return f"{self.code}: {self.about}" if self.about else str(self.code)


@dataclass(frozen=True, slots=True)
class Send:
    """Send this reminder now. It must not leave after `latest` (UTC), when the contact window closes."""

    reminder: Reminder
    reasons: tuple[Reason, ...]
    latest: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing before `until` (UTC), unless something happens."""

    until: datetime
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """A person must act. `step` takes the reminder's place in the contact log so that it is asked once."""

    kind: TaskKind
    step: Reminder
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The answer to a claim never came: whether the message left has to be found out. It is not sent again.

    `reminder` takes the place of the claim.
    """

    reminder: Reminder
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to do until something happens."""

    reasons: tuple[Reason, ...]


Decision = Send | Wait | Ask | Unanswered | Nothing


def next_action_at(decision: Decision, now: datetime) -> datetime | None:
    """When the account must be looked at again: now for a message or a task, never for nothing."""
    match decision:
        case Wait(until=until):
            return until
        case Nothing():
            return None
        case _:
            return now
