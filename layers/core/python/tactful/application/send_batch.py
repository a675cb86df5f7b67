"""Due accounts that are acted on together: read, decided and worded in few requests."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tactful.application.account_events import AccountEvents
from tactful.application.ports import ReminderDesk, Rendered, Wording, WordingError
from tactful.domain.book.account import Account, Entry
from tactful.domain.book.contact_log import Reminder
from tactful.domain.dunning.decision import Decision, Send
from tactful.domain.dunning.explain import as_facts
from tactful.domain.sending.state import SendingState

# What a process that dies has not recorded is claims whose outcome the provider's own news have to settle.
_RECORD_WITHIN = timedelta(seconds=1)


def decided_id(reminder_id: str) -> str:
    """What the ids of the timeline entries begin with that tell why a reminder was sent."""
    return f"decided-{reminder_id}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An account as it was read, what was decided about it, and the words if that is to send a message.

    `state` is what was stopped when it was read.
    """

    account: Account
    decision: Decision
    state: SendingState
    words: Rendered | None = None
    fault: str = ""


@dataclass(slots=True)
class Batch:
    """Accounts that are acted on one after the other, and what they share.

    `prepared` are those that were read and not acted on yet; `accepted` what providers took and is not recorded yet:
    each account as it was claimed and as it is to be.
    """

    prepared: dict[str, Prepared]
    accepted: list[tuple[Account, Account]] = field(default_factory=list)
    _first_at: datetime | None = None

    def accept(self, claimed: Account, after: Account, at: datetime) -> None:
        """Keep to be recorded what a provider took at an instant."""
        if not self.accepted:
            self._first_at = at
        self.accepted.append((claimed, after))

    def has_waited(self, now: datetime) -> bool:
        """Whether what was accepted first has to be recorded now."""
        return self._first_at is not None and now - self._first_at > _RECORD_WITHIN

    def take_accepted(self) -> list[tuple[Account, Account]]:
        """What is not recorded yet; afterwards there is nothing."""
        accepted, self.accepted, self._first_at = self.accepted, [], None
        return accepted


@dataclass(frozen=True, slots=True)
class Preparing:
    """What there is to know of due accounts before each of them is acted on."""

    events: AccountEvents
    desk: ReminderDesk
    wording: Wording

    def read(self, account_keys: Sequence[str]) -> dict[str, Prepared]:
        """Read accounts together, decide, and put down why: what there is to know before each is acted on.

        An account whose deciding fails is left out, and fails when it is acted on. Raises StoreUnavailableError.
        """
        accounts, state = self.desk.load_many(account_keys)
        prepared: dict[str, Prepared] = {}
        for key, account in accounts.items():
            with suppress(Exception):
                prepared[key] = self.prepared(account, state)
        now = self.events.clock.now()
        self.desk.note(
            [
                (key, self.decided(one.account, one.decision.reminder))
                for key, one in prepared.items()
                if isinstance(one.decision, Send)
                and one.words is not None
                and not state.stop_of(one.decision.reminder.channel, now)
            ]
        )
        return prepared

    def prepared(self, account: Account, state: SendingState) -> Prepared:
        """An account that was read, with what to do about it and the words for it."""
        decision = self.events.decide(account)
        known = Prepared(account, decision, state)
        if not isinstance(decision, Send):
            return known
        try:
            return replace(known, words=self.wording.render(account, decision.reminder))
        except WordingError as error:
            return replace(known, fault=str(error))

    def decided(self, account: Account, reminder: Reminder) -> Entry:
        """Why it is sent or asked: told later without guessing. A claim may be given back and made again."""
        facts = as_facts(self.events.explain(account))
        return Entry(f"{decided_id(reminder.id)}-{account.version}", reminder.at, "decided", facts)
