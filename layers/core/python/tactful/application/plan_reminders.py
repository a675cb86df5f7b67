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
    """Queues the accounts whose next action is due. Queueing one twice is harmless: sending decides again.

    One run hands over at most so many (`most`), the longest due first: a book that is imported for the first time
    starts over several runs, and a mistake can be stopped before it has reached everybody.
    """

    due_index: DueIndex
    queue: WorkQueue
    clock: Clock
    most: int

    def at(self, scheduled_time: datetime | None) -> int:
        """Queue what was due at the tick's scheduled time (UTC; None means now); the number of accounts.

        A tick that comes late queues what was due then; the next one queues the rest, and what is over the limit.
        """
        until = scheduled_time or self.clock.now()
        due = islice(self.due_index.due(until), self.most)
        queued = 0
        while keys := list(islice(due, _AT_ONCE)):
            queued += self.queue.put(keys)
        return queued
