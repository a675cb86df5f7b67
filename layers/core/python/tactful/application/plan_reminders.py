"""The tick: find the accounts that are due and queue them. Reads nothing that is not due."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from tactful.application.ports import Clock, DueIndex, WorkQueue
from tactful.application.sending_ports import MailAccount, MailQuota, SendingSwitch

# Few enough to hold in memory, enough to fill whole queue batches.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class PlanReminders:
    """Queues the accounts whose next action is due. Queueing one twice is harmless: sending decides again.

    One run hands over at most so many (`most`), the longest due first: a book that is imported for the first time
    starts over several runs, and a mistake can be stopped before it has reached everybody. Nor does it hand over
    more than the e-mail provider still takes: what is over that stays due, and comes first when there is room again.
    """

    due_index: DueIndex
    queue: WorkQueue
    clock: Clock
    most: int
    mail: MailAccount
    switch: SendingSwitch

    def at(self, scheduled_time: datetime | None) -> int:
        """Queue what was due at the tick's scheduled time (UTC; None means now); the number of accounts.

        A tick that comes late queues what was due then; the next one queues the rest, and what is over the limit.
        """
        until = scheduled_time or self.clock.now()
        quota = self.mail.quota()
        if quota is not None:
            self._note_rate(quota)
        most = self.most if quota is None or quota.left is None else min(self.most, quota.left)
        due = islice(self.due_index.due(until), most)
        queued = 0
        while keys := list(islice(due, _AT_ONCE)):
            queued += self.queue.put(keys)
        return queued

    def _note_rate(self, quota: MailQuota) -> None:
        """Tell the workers how fast they may be, if that has changed."""
        if self.switch.read().mails_per_minute != quota.per_minute:
            self.switch.change(lambda state: replace(state, mails_per_minute=quota.per_minute))
