"""Applying an event to an account, and scheduling what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from tactful.application.ports import (
    AccountStore,
    AlreadyRecordedError,
    Clock,
    ConflictError,
    StoreUnavailableError,
)
from tactful.domain.book.account import Account, Change
from tactful.domain.book.customer import Customer
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Decision, next_action_at
from tactful.domain.dunning.explain import Explanation, explain
from tactful.domain.dunning.policy import Policy

# Two events on one account meet now and then; ten in a row is a fault, and the event is retried by its queue.
_ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class AccountEvents:
    """Loads an account, lets an event change it, and commits it with its next action recomputed."""

    store: AccountStore
    policy: Policy
    calendar: Calendar
    clock: Clock

    def decide(self, account: Account) -> Decision:
        """What to do about the account now."""
        return decide(account, self.policy, self.calendar, self.clock.now())

    def explain(self, account: Account) -> Explanation:
        """What to do about the account now, and why."""
        return explain(account, self.policy, self.calendar, self.clock.now())

    def scheduled(self, change: Change, *, not_before: datetime | None = None) -> Change:
        """The change with the account's next action recomputed, and put off to `not_before` if it is earlier."""
        now = self.clock.now()
        action = next_action_at(decide(change.account, self.policy, self.calendar, now), now)
        if action is not None and not_before is not None:
            action = max(action, not_before)
        return replace(change, account=replace(change.account, next_action_at=action))

    def is_due_earlier(self, account: Account) -> bool:
        """Whether an account has to be looked at earlier than it knows."""
        return _is_earlier(self.scheduled(Change(account)).account, account)

    def apply(
        self,
        account_key: str,
        event: Callable[[Account], Change],
        *,
        new: Customer | None = None,
        not_before: datetime | None = None,
    ) -> Account | None:
        """Apply an event once; the account afterwards, or None if there is none and no `new` customer to open one.

        An event that is on the timeline already writes nothing, nor does one that changes nothing, unless the
        account has to be looked at earlier than it knows: the policy may have changed. Raises
        StoreUnavailableError if the store is unreachable or the account too contended: try the event again.
        """
        for _ in range(_ATTEMPTS):
            stored = self.store.load(account_key)
            before = stored or (Account(new) if new else None)
            if before is None:
                return None
            change = event(before)
            unchanged = change == Change(before)
            change = self.scheduled(change, not_before=not_before)
            if unchanged and not _is_earlier(change.account, before):
                return stored
            try:
                self.store.commit(stored, change)
            except ConflictError:
                continue
            except AlreadyRecordedError:
                return stored
            return change.account
        raise StoreUnavailableError(f"account {account_key} changed {_ATTEMPTS} times while it was handled")


def _is_earlier(account: Account, known: Account) -> bool:
    """Whether an account's next action comes before the one that was known."""
    action, planned = account.next_action_at, known.next_action_at
    return action is not None and (planned is None or action < planned)
