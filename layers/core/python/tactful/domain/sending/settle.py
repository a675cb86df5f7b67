"""What becomes of a message whose outcome is not known: found, proven not sent, or left to the policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tactful.domain.book.contact_log import Reminder, ReminderStatus
from tactful.domain.book.customer import Channel

GIVE_UP_AFTER = timedelta(hours=24)
"""SES tells of a message within seconds, and SNS and SQS hand that on within hours at the worst."""

# A provider's list of messages is complete so long after the last moment at which ours could have been taken.
_LIST_IS_COMPLETE_AFTER = timedelta(minutes=10)


class UnknownOutcome(StrEnum):
    """What the policy wants for a message of which nothing could be found out.

    Either a person is asked, or it counts as a contact and chasing goes on. It is never sent again.
    """

    ASK = "ask"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Found:
    """The provider has the message: its id there and how far it got; `code` is the provider's word, safe to log."""

    provider_id: str
    status: ReminderStatus
    code: str = ""


class NotFound(StrEnum):
    """The provider has no such message, or it cannot be told whether it has."""

    ABSENT = "absent"
    CANNOT_TELL = "cannot_tell"


Search = Found | NotFound


class Verdict(StrEnum):
    """What became of a message of unknown outcome."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    WAIT = "wait"
    ASK = "ask"
    SKIP = "skip"


def settle_from(reminder: Reminder) -> datetime:
    """When there is something to find out about a message (UTC): only SMS can be looked for at the provider."""
    if reminder.channel is Channel.SMS:
        return reminder.lease_until + _LIST_IS_COMPLETE_AFTER
    return reminder.at + GIVE_UP_AFTER


def settle(reminder: Reminder, search: Search, rule: UnknownOutcome, now: datetime) -> Verdict:
    """Judge a message of unknown outcome by what a search for it found, at `now` (UTC)."""
    if isinstance(search, Found):
        return Verdict.SENT
    if search is NotFound.ABSENT and now >= reminder.lease_until + _LIST_IS_COMPLETE_AFTER:
        return Verdict.NOT_SENT
    if now < reminder.at + GIVE_UP_AFTER:
        return Verdict.WAIT
    return Verdict.ASK if rule is UnknownOutcome.ASK else Verdict.SKIP
