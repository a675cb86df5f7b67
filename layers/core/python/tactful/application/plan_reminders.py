"""The tick: see that sending is in good health, find the accounts that are due and queue them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from tactful.application.ports import Clock, DueIndex, TaskBoard, WorkQueue
from tactful.application.sending_ports import MailAccount, MailQuota, SendingHealth, SendingSwitch
from tactful.domain.book.account import Task, TaskKind
from tactful.domain.book.customer import Channel
from tactful.domain.sending.health import KEPT, Tally, reputation_stop, usual
from tactful.domain.sending.state import SendingState, Stop

# Few enough to hold in memory, enough to fill whole queue batches.
_AT_ONCE = 500
_QUOTA = "quota guard"
# Until the next run has looked again.
_QUOTA_PAUSE = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Planned:
    """How many accounts were queued, and for how long the longest due of all had been so.

    `stops` is what is stopped; `stopped` if that is everything, so that nothing was queued.
    """

    queued: int
    lag: timedelta = timedelta()
    stops: tuple[Stop, ...] = ()
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class PlanReminders:
    """Queues the accounts whose next action is due. Queueing one twice is harmless: sending decides again.

    One run hands over at most so many (`most`), the longest due first: a book that is imported for the first time
    starts over several runs, and a mistake can be stopped before it has reached everybody. Nor does it hand over
    more than the e-mail provider still takes: what is over that stays due, and comes first when there is room again.
    When it takes none, e-mail is stopped until the next run has asked again, and whoever gets SMS gets them.

    What is far above the usual, and above `ask_above` within 24 hours, is handed over after a person has said so.
    """

    due_index: DueIndex
    queue: WorkQueue
    clock: Clock
    most: int
    mail: MailAccount
    switch: SendingSwitch
    health: SendingHealth
    tasks: TaskBoard
    ask_above: int

    def at(self, scheduled_time: datetime | None) -> Planned:
        """Queue what was due at the tick's scheduled time (UTC; None means now).

        A tick that comes late queues what was due then; the next one queues the rest, and what is over the limit.
        """
        now = self.clock.now()
        state = self.switch.read().without_past(now)
        due = self.due_index.due(scheduled_time or now)
        first = next(due, None)
        if first is None:
            return Planned(0, stops=state.stops)
        lag = max(timedelta(), now - first.since)
        tallies, quota = self.health.tallies(now - KEPT), self.mail.quota()
        state = self._checked(state, tallies, quota, now)
        if state.all_stopped(now):
            return Planned(0, lag, state.stops, stopped=True)
        most = min(self.most, quota.left) if quota is not None and quota.left else self.most
        known = usual(tallies, now)
        room = known.room(self.ask_above)
        approved = state.approved_until is not None and now < state.approved_until
        keys = [first.key, *(account.key for account in islice(due, most if approved else max(most, room)))]
        if len(keys) > room and not approved:
            state = self._stop(known.unusual_stop(room, now))
            return Planned(0, lag, state.stops, stopped=True)
        wanted = iter(keys[:most])
        queued = 0
        while some := list(islice(wanted, _AT_ONCE)):
            queued += self.queue.put(some)
        return Planned(queued, lag, state.stops)

    def _checked(
        self, state: SendingState, tallies: Sequence[Tally], quota: MailQuota | None, now: datetime
    ) -> SendingState:
        """What is stopped, after it was seen whether something has to be. Workers are told how fast they may be."""
        if quota is not None and state.mails_per_minute != quota.per_minute:
            state = self.switch.change(lambda known: replace(known, mails_per_minute=quota.per_minute))
        if quota is not None and quota.left == 0:
            why = "SES takes no more mail for now"
            state = self._stop(Stop(Channel.EMAIL, now, _QUOTA, why, now + _QUOTA_PAUSE))
        stop = reputation_stop(tallies, state, now)
        if stop and not state.stop_of(Channel.EMAIL, now):
            state = self._stop(stop)
        return state

    def _stop(self, stop: Stop) -> SendingState:
        """Stop, and tell a person."""
        kind = TaskKind.SENDING_STOPPED
        facts = (("channel", str(stop.channel or "everything")), ("by", stop.by))
        # A used-up quota is found by every run, and told once a day.
        told = stop.since.date() if stop.by == _QUOTA else stop.since
        task_id = f"{kind}-{told.isoformat()}"
        self.tasks.open(Task(task_id, kind, stop.since, f"{stop.by}: {stop.why}", facts))
        return self.switch.change(lambda state: state.without_past(stop.since).stopped(stop))
