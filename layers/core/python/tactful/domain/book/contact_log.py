"""The contact log: every message decided for an account, and how far it got."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from tactful.domain.book.customer import Channel, Role
from tactful.domain.book.money import Money
from tactful.domain.book.stated_charges import StatedCharges

THANK_YOU = "thank_you"
"""The stage of a thank-you: outside the ladder, after a payment."""
PART_PAYMENT = "part_payment"
"""The stage of a thank-you for a part of what is due: outside the ladder."""
ANSWER = "answer"
"""The stage of an answer to a client who wrote: outside the ladder."""
_COURTESIES = frozenset({THANK_YOU, PART_PAYMENT, ANSWER})


class Tone(StrEnum):
    """How a message is worded, from mild to strong. Never rude."""

    FRIENDLY = "friendly"
    NEUTRAL = "neutral"
    FIRM = "firm"
    FINAL = "final"

    @property
    def strength(self) -> int:
        """0 for friendly to 3 for final."""
        return _STRENGTH[self]

    def stronger(self) -> Tone:
        """One step up; final stays final."""
        return _TONES[min(self.strength + 1, len(_TONES) - 1)]


_TONES = tuple(Tone)
_STRENGTH = {tone: strength for strength, tone in enumerate(_TONES)}


class ReminderStatus(StrEnum):
    """How far a reminder got. Listed in order: a status only ever moves forward.

    A failure may turn out to be a delivery (receipts of the parts of a long SMS come separately), and a
    delivery may turn out to be a bounce (a mail server may accept first and return the mail later).
    """

    CLAIMED = "claimed"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    HANDED_OVER = "handed_over"
    FAILED = "failed"
    DELIVERED = "delivered"
    BOUNCED = "bounced"

    @property
    def reached_nobody(self) -> bool:
        """The message is known not to have arrived, so it is neither a contact nor a step of the ladder."""
        return self is ReminderStatus.FAILED or self is ReminderStatus.BOUNCED

    @property
    def rank(self) -> int:
        """Its place in the order: 0 for claimed."""
        return _STATUSES.index(self)


_STATUSES = tuple(ReminderStatus)
UNANSWERED = "claim_unanswered"
"""The detail of a message of which it is still to be found out whether it left."""

# Details of the steps by which a person contacts the client: the kinds of their tasks.
_BY_HAND = frozenset({"call", "letter", "step_for_a_person"})


@dataclass(frozen=True, slots=True)
class ChasedInvoice:
    """An invoice as a reminder states it: what was due, and how far up the ladder it stood.

    `anchor` is the civil date its round of the ladder counts from (the due date, or a promised date that passed)
    and `days` the day offset of the stage it had reached in that round. A credit note has a negative amount.
    """

    number: str
    anchor: date
    days: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Progress:
    """News of a message: how far it got, when (UTC), and the provider's word for it, safe to log."""

    status: ReminderStatus
    at: datetime
    code: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message decided for one account (or a step handed to a person, on channel PERSON).

    `at` is when it was decided and `lease_until` when an unanswered claim stops being "in flight" (UTC).
    `reasons` says why, as the decision gave it. `wording` names the words to use, the stage's own if it is empty.
    `promised` is the civil date of a broken promise that the message mentions. `role` is the contact's. `held_back`
    says that the words were milder than wanted, because nothing milder had arrived yet. `progress` has what the
    provider told of it later, oldest first. `charges` are those for late payment that it states. `claimed_by` tells
    who claimed it: no two claims have the same. `text_hash` is the SHA-256 (hex) of the words that were handed over,
    empty for a step of a person and for messages from before it was kept.
    """

    id: str
    stage: str
    occurrence: str
    attempt: int
    tone: Tone
    channel: Channel
    address: str
    contact_name: str
    invoices: tuple[ChasedInvoice, ...]
    status: ReminderStatus
    at: datetime
    lease_until: datetime
    policy: str
    reasons: tuple[str, ...] = ()
    provider_id: str = ""
    detail: str = ""
    wording: str = ""
    promised: date | None = None
    role: Role | None = None
    held_back: bool = False
    progress: tuple[Progress, ...] = ()
    claimed_by: str = ""
    charges: StatedCharges | None = None
    text_hash: str = ""

    @property
    def is_contact(self) -> bool:
        """Whether it counts towards the minimum gap and the caps: the client may have seen it.

        A call or a letter counts from when a person was asked for it.
        """
        if self.channel is Channel.PERSON:
            return self.detail in _BY_HAND
        return self.status is not ReminderStatus.FAILED and self.status is not ReminderStatus.BOUNCED

    @property
    def is_unsettled(self) -> bool:
        """Whether it is still to be found out if the message left."""
        return self.status is ReminderStatus.UNKNOWN and self.detail == UNANSWERED

    @property
    def reference(self) -> str:
        """What an SMS says of itself, so that it can be found at the provider among those to its number."""
        return f"#{self.id[-_REFERENCE_LENGTH:].upper()}"

    @property
    def is_courtesy(self) -> bool:
        """Whether it thanks or answers, and does not chase."""
        return self.stage in _COURTESIES

    def covers(self, number: str, anchor: date, days: int | None = None) -> bool:
        """Whether this spoke of an invoice in the round that starts at `anchor`, at that stage or a later one."""
        return any(
            chased.number == number and chased.anchor == anchor and (days is None or chased.days >= days)
            for chased in self.invoices
        )

    def same_message(self, other: Reminder) -> bool:
        """Whether two decisions would put the same words in the same place."""
        return (self.id, self.tone, self.channel, self.address, self.invoices) == (
            other.id,
            other.tone,
            other.channel,
            other.address,
            other.invoices,
        )

    def advanced(self, status: ReminderStatus, *, provider_id: str = "", detail: str = "") -> Reminder:
        """The reminder after news of it; news that would move its status backwards is ignored."""
        if status.rank <= self.status.rank:
            return self
        return replace(
            self, status=status, provider_id=provider_id or self.provider_id, detail=detail or self.detail
        )

    def after(self, news: Progress, *, provider_id: str = "") -> Reminder:
        """The reminder after the provider told of it; what it knew already, or what comes late, changes nothing."""
        moved = self.advanced(news.status, provider_id=provider_id, detail=news.code)
        return self if moved is self else replace(moved, progress=(*self.progress, news))


@dataclass(frozen=True, slots=True)
class ManualContact:
    """A contact that somebody of the business made on their own: it counts like a message of ours.

    `how` is a channel, or any other word: call, letter, visit. `step` is the id of the step of the ladder that it took.
    """

    id: str
    at: datetime
    how: str
    note: str = ""
    step: str = ""


_REFERENCE_LENGTH = 4
# 80 bits in base 32.
_KEY_LENGTH = 16


def reminder_id(account_key: str, stage: str, occurrence: str, attempt: int) -> str:
    """The deterministic id of a reminder: it is the claim's key, the SES tag and part of the callback URL.

    It starts with the account's key and has only `[a-z0-9-]`: SES tags allow no more than `[A-Za-z0-9_-]`.
    """
    name = f"{account_key}|{stage}|{occurrence}|{attempt}"
    digest = b32encode(hashlib.sha256(name.encode()).digest()[:10]).decode().lower()
    return f"{account_key}-{digest}"


def account_key_of(reminder: str) -> str:
    """The account key inside a reminder id; an empty string if the text is no reminder id of ours."""
    key, dash, digest = reminder.partition("-")
    legal = set("abcdefghijklmnopqrstuvwxyz234567")
    if dash and len(key) == len(digest) == _KEY_LENGTH and set(key + digest) <= legal:
        return key
    return ""
