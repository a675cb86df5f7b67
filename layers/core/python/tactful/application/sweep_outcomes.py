"""Finding out what became of messages whose outcome is not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice

from tactful.application.account_events import AccountEvents
from tactful.application.sending_ports import SentMessages, Unsettled
from tactful.domain.book.account import Account, Change, Entry, TaskKind
from tactful.domain.book.contact_log import Reminder, account_key_of
from tactful.domain.book.customer import Channel
from tactful.domain.dunning.handover import task_for
from tactful.domain.sending.settle import Found, NotFound, Search, Verdict, settle

_KINDS: Mapping[Verdict, str] = {
    Verdict.SENT: "outcome_found",
    Verdict.NOT_SENT: "outcome_not_sent",
    Verdict.ASK: "outcome_asked",
    Verdict.SKIP: "outcome_skipped",
}


@dataclass(frozen=True, slots=True)
class SweepOutcomes:
    """Settles messages, the oldest first and at most `most` in a run. None is ever sent again blindly.

    `sent` has the channels on which a message can be looked for; on the others only its provider's news tell.
    """

    events: AccountEvents
    unsettled: Unsettled
    sent: Mapping[Channel, SentMessages]
    most: int = 200

    def sweep(self) -> Mapping[str, int]:
        """Settle what can be settled now: how many of each verdict, and how many of them failed."""
        counts: Counter[str] = Counter()
        for reminder_id in islice(self.unsettled.due(self.events.clock.now()), self.most):
            try:
                verdict = self.settle(reminder_id)
            except Exception:  # noqa: BLE001 - one message that fails must not keep the others from being settled
                counts["failed"] += 1
            else:
                counts[str(verdict)] += 1
        return counts

    def settle(self, reminder_id: str) -> Verdict:
        """Settle one message, if that is still to be done. Raises StoreUnavailableError."""
        key = account_key_of(reminder_id)
        account = self.events.store.load(key)
        reminder = account.reminder(reminder_id) if account else None
        if account is None or reminder is None or not reminder.is_unsettled:
            return Verdict.WAIT
        searching = self.sent.get(reminder.channel)
        search = searching.find(reminder) if searching else NotFound.CANNOT_TELL
        policy = self.events.policy.for_customer(account.customer, self.events.calendar.business_country)
        verdict = settle(reminder, search, policy.unknown_outcome, self.events.clock.now())
        if verdict is not Verdict.WAIT:
            self.events.apply(key, lambda known: self._settled(known, reminder_id, verdict, search))
        return verdict

    def _settled(self, account: Account, reminder_id: str, verdict: Verdict, search: Search) -> Change:
        """What a verdict changes, unless the provider's own news were faster."""
        reminder = account.reminder(reminder_id)
        if reminder is None or not reminder.is_unsettled:
            return Change(account)
        entries = (self._entry(reminder, verdict, search),)
        if isinstance(search, Found):
            found = reminder.advanced(search.status, provider_id=search.provider_id, detail=search.code)
            return Change(account.with_reminder(found), entries)
        if verdict is Verdict.NOT_SENT:
            return Change(account.without_claim(reminder), entries)
        given_up = replace(reminder, detail=f"unknown_outcome_{verdict}")
        events, kind = self.events, TaskKind.OUTCOME_UNKNOWN
        asked = (task_for(account, events.policy, events.calendar, kind, given_up),)
        return Change(account.with_reminder(given_up), entries, asked if verdict is Verdict.ASK else ())

    def _entry(self, reminder: Reminder, verdict: Verdict, search: Search) -> Entry:
        now, kind = self.events.clock.now(), _KINDS[verdict]
        code = search.code or str(search.status) if isinstance(search, Found) else str(search)
        facts = (
            ("reminder", reminder.id),
            ("stage", reminder.stage),
            ("channel", str(reminder.channel)),
            ("code", code),
        )
        return Entry(f"{kind}-{reminder.id}-{now.isoformat()}", now, kind, facts)
