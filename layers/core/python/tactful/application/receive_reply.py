"""What a client answers by SMS: an opt-out is obeyed at once; whatever else is said pauses and goes to a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from tactful.application.account_events import AccountEvents
from tactful.application.ports import AddressBook, Inbox, TaskBoard
from tactful.domain.book.account import (
    Account,
    AddressRecord,
    Change,
    Entry,
    Suppression,
    SuppressionReason,
    Task,
    TaskKind,
)
from tactful.domain.book.agreements import Hold, HoldKind
from tactful.domain.book.customer import Channel
from tactful.domain.book.summaries import SUMMARIES
from tactful.domain.replies.opt_out import says_nothing_else, wants_no_messages


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message as it came, already verified. `fields` is the raw form, in order."""

    id: str
    channel: Channel
    address: str
    text: str
    at: datetime
    fields: Sequence[tuple[str, str]] = field(default=())


class Understood(StrEnum):
    """How a message was taken."""

    OPT_OUT = "opt_out"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Received:
    """How a message was taken, and how many accounts it concerned."""

    understood: Understood
    accounts: int


@dataclass(frozen=True, slots=True)
class ReceiveReply:
    """Stores a message raw, then lets it change every account that uses the address."""

    events: AccountEvents
    addresses: AddressBook
    inbox: Inbox
    tasks: TaskBoard

    def receive(self, message: InboundMessage) -> Received:
        """Take a message; the same one again changes nothing. Raises StoreUnavailableError: it must come again."""
        self.inbox.keep(str(message.channel), message.id, message.fields, message.at)
        understood = Understood.REPLY
        if wants_no_messages(message.text):
            understood = Understood.OPT_OUT
            suppression = Suppression(SuppressionReason.OPT_OUT, message.at)
            known: AddressRecord | None = self.addresses.suppress(
                message.channel, message.address, suppression
            )
        else:
            known = self.addresses.find(message.channel, message.address)
        reached = [
            self.events.apply(key, lambda account: self._taken(account, message, understood))
            for key in sorted(known.accounts if known else ())
        ]
        if not any(reached) and not says_nothing_else(message.text):
            self.tasks.open(_task(message, TaskKind.UNMATCHED_REPLY))
        return Received(understood, len(reached))

    def _taken(self, account: Account, message: InboundMessage, understood: Understood) -> Change:
        entry = _entry(message, str(understood))
        if says_nothing_else(message.text):
            return Change(account, entries=(entry,))
        until = message.at + timedelta(days=self.events.policy.hold_days_after_reply)
        hold = Hold(f"reply-{message.id}", HoldKind.REPLY, message.at, until)
        task = _task(message, TaskKind.READ_REPLY, ("paused_until", str(self.events.calendar.today(until))))
        return Change(account.with_hold(hold), entries=(entry,), tasks=(task,))


def _entry(message: InboundMessage, kind: str) -> Entry:
    facts = (("channel", str(message.channel)), ("text", message.text))
    return Entry(f"reply-{message.id}", message.at, kind, facts)


def _task(message: InboundMessage, kind: TaskKind, *more: tuple[str, str]) -> Task:
    facts = (("channel", str(message.channel)), ("from", message.address), ("text", message.text), *more)
    return Task(f"{kind}-{message.id}", kind, message.at, SUMMARIES[kind], facts)
