"""The tick: find the accounts that are due and queue them. Reads nothing that is not due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from tactful.application.ports import Clock, DueIndex, WorkQueue

# Few enough to hold in memory, enough to fill whole queue batches.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class PlanReminders:
    """Queues every account whose next action is due. Queueing one twice is harmless: sending decides again."""

    due_index: DueIndex
    queue: WorkQueue
    clock: Clock

    def at(self, scheduled_time: datetime | None) -> int:
        """Queue what was due at the tick's scheduled time (UTC; None means now); the number of accounts.

        A tick that comes late queues what was due then; the next one queues the rest.
        """
        until = scheduled_time or self.clock.now()
        due = iter(self.due_index.due(until))
        queued = 0
        while keys := list(islice(due, _AT_ONCE)):
            queued += self.queue.put(keys)
        return queued
