"""The world: a virtual clock, the services, and the runs of functions that take turns at them."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from tactful.application.ports import StoreUnavailableError
from tests.handlers import signing
from tests.simulation.baton import Actor, ProcessDied
from tests.simulation.deployment import DELIVERY_QUEUE, SECRETS, SEND_QUEUE, Deployment
from tests.simulation.faults import Fault, Faults, Request
from tests.simulation.objects import ObjectStore
from tests.simulation.providers import Providers, Temper
from tests.simulation.queues import Queue
from tests.simulation.services import Services
from tests.simulation.table import NO_LAG, SimulatedTable

QUARTER = timedelta(minutes=15)
FAILED = 300
"""From this HTTP status on a webhook was not taken."""
# Who lets others on may have to wait for so many turns of theirs, and how often.
_LONG, _STALLS = 25, 0.2
# Seconds that a run of each function may take, and that a webhook's caller waits.
_TIMEOUTS = {"plan_reminders": 300, "receive_webhooks": 14, "sweep_outcomes": 300}


def _ignored(answer: Any) -> None:
    """Nobody waits for the answer."""
    del answer


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the trace."""

    number: int
    at: datetime
    actor: str
    what: str
    fault: Fault = Fault.NONE
    request: Mapping[str, Any] | None = None
    answer: str = ""


# A way in which the program is broken on purpose: gets the world, the request and its effect, gives its answer.
Mutant = Callable[["World", str, str, dict[str, Any], Callable[[], Any]], Any]


@dataclass
class World:
    """One schedule. The same seed, faults and chances make the same one.

    `switching` is the chance that somebody else goes on at a request, `drifting` that time passes there, `tearing`
    that a read of several items sees them at different moments.
    """

    start: datetime
    random: Random
    faults: Faults
    threads: ThreadPoolExecutor
    temper: Temper = field(default_factory=Temper)
    switching: float = 0.0
    drifting: float = 0.0
    tearing: float = 0.0
    duplicating: float = 0.0
    lagging: float = 0.0
    mutant: Mutant | None = None

    def __post_init__(self) -> None:
        self.at = self.start
        self.step = 0
        self.trace: list[Step] = []
        self.counts: Counter[str] = Counter()
        self.table = SimulatedTable(self.now, self._lag)
        self.objects = ObjectStore()
        self.queues = {
            SEND_QUEUE: Queue("send_reminders", timedelta(seconds=180), timedelta(seconds=1080)),
            DELIVERY_QUEUE: Queue("track_delivery", timedelta(seconds=60), timedelta(seconds=360), at_once=2),
        }
        self.providers = Providers(
            self.random, self.temper, self.now, self._accepted, self._queue_event, self._call_back
        )
        self.on_accept: list[Callable[[Any], None]] = []
        self.on_request: list[Callable[[str, int, str, str, Mapping[str, Any]], None]] = []
        self.services = Services(self)
        self.deployments: list[Deployment] = []
        self.actors: list[Actor] = []
        self._running: Actor | None = None
        self._ready: list[tuple[datetime, int, str, Callable[[], None]]] = []
        self._interruptions: list[tuple[str, int, Callable[[], None]]] = []
        self._requests: Counter[str] = Counter()
        self._events: list[tuple[datetime, int, str, Callable[[], None]]] = []
        self._number = 0
        self._runs = 0

    @property
    def running(self) -> str:
        """Who is at work."""
        return self._running.name if self._running else "world"

    def now(self) -> datetime:
        return self.at

    def count(self, name: str, value: int) -> None:
        self.counts[name] += value

    def _lag(self) -> timedelta:
        if not self.lagging or self.random.random() >= self.lagging:
            return NO_LAG
        return timedelta(seconds=self.random.choice((1, 30, 600)))

    def _accepted(self, taken: Any) -> None:
        for watcher in self.on_accept:
            watcher(taken)

    def note(self, what: str) -> None:
        """Write a line into the trace."""
        self.trace.append(Step(self.step, self.at, self._running.name if self._running else "world", what))

    # What the program asks.

    def call(self, service: str, operation: str, request: dict[str, Any]) -> Any:
        """A request of the program, with whatever goes wrong at it."""
        actor = self._running
        if service == "secretsmanager":
            return {"SecretString": SECRETS[request["SecretId"]]}
        if actor is None:
            return self.services.effect(service, operation, request)
        actor.live()
        fault = self.faults.at(Request(self.step + 1, actor.name, service, operation))
        self._interrupt(actor)
        if self.switching and self.random.random() < self.switching:
            self.let_others_on(actor)
        if fault is Fault.SLOW or (self.drifting and self.random.random() < self.drifting):
            self._pass_time(actor)
        self.step += 1
        line = Step(self.step, self.at, actor.name, f"{service}.{operation}", fault, request)
        self.trace.append(line)
        if fault is Fault.CRASH_BEFORE:
            self._die(actor)
        if fault in (Fault.THROTTLED, Fault.NEVER_ARRIVED):
            return self.services.failed(service, operation, fault)
        answer = self._answered(actor, service, operation, request, fault)
        if fault is Fault.CRASH_AFTER:
            self._die(actor)
        return answer

    def _answered(
        self, actor: Actor, service: str, operation: str, request: dict[str, Any], fault: Fault
    ) -> Any:
        for watcher in self.on_request:
            watcher(actor.name, self.step, service, operation, request)
        if fault is Fault.IN_PART:
            return self.services.in_part(operation, request)
        if self.tearing and self.services.is_torn(operation, request) and self.random.random() < self.tearing:
            return self.services.torn(actor, operation, request)

        def effect() -> Any:
            return self.services.effect(service, operation, request)

        def repeated() -> Any:
            first = effect()
            # A transaction repeated under its token is one; everything else happens again.
            return first if operation == "transact_write_items" else effect()

        def unanswered() -> Any:
            effect()
            lost.append(True)
            return effect() if len(lost) > 1 else self.services.failed(service, operation, fault)

        lost: list[bool] = []
        done = {Fault.SENT_AGAIN: repeated, Fault.REPLY_LOST: unanswered}.get(fault, effect)
        return self.mutant(self, service, operation, request, done) if self.mutant else done()

    # Who goes on.

    def between(self, function: str, nth: int, happen: Callable[[], None]) -> None:
        """Let something happen just before the nth request that runs of a function make, and finish before it."""
        self._interruptions.append((function, nth, happen))

    def _interrupt(self, actor: Actor) -> None:
        function = actor.name.rpartition("-")[0]
        self._requests[function] += 1
        for interruption in [known for known in self._interruptions if known[0] == function]:
            if self._requests[function] >= interruption[1]:
                self._interruptions.remove(interruption)
                self._happen_now(interruption[2])
                actor.stalled = _LONG
                self.let_others_on(actor)

    def _happen_now(self, happen: Callable[[], None]) -> None:
        actor, self._running = self._running, None
        happen()
        self._running = actor

    def let_others_on(self, actor: Actor) -> None:
        """Give the baton away; perhaps others then go first for a while."""
        if not actor.stalled and self.random.random() < _STALLS:
            actor.stalled = self.random.randint(1, _LONG)
        actor.pause()

    def _die(self, actor: Actor) -> None:
        actor.is_dead = True
        raise ProcessDied

    def _pass_time(self, actor: Actor) -> None:
        """The request takes long; so does everything else that is under way, and who takes too long is ended."""
        self.at += timedelta(seconds=self.random.choice((1, 5, 20, 90)))
        if self.at.timestamp() > actor.ends_by:
            self._die(actor)

    def spawn(self, name: str, timeout: timedelta, work: Callable[[], None]) -> Actor:
        """Begin a run of a process."""
        self._runs += 1
        actor = Actor(f"{name}-{self._runs}", work, (self.at + timeout).timestamp(), self._runs)
        self.actors.append(actor)
        return actor

    def later(self, delay: timedelta, what: str, happen: Callable[[], None]) -> None:
        """Let something happen then."""
        self._number += 1
        heapq.heappush(self._events, (self.at + delay, self._number, what, happen))

    def at_time(self, at: datetime, what: str, happen: Callable[[], None]) -> None:
        self.later(at - self.at, what, happen)

    def run_until(self, end: datetime) -> None:
        """Let everything happen that is to happen by then."""
        while self._go_on(end):
            pass
        self.at = max(self.at, end)

    def _go_on(self, end: datetime) -> bool:
        choices = self._choices()
        stalled = [actor for actor in self.actors if actor.stalled]
        if stalled and not choices:
            choices = [partial(self._step, actor) for actor in stalled]
        for actor in stalled:
            actor.stalled -= 1
        if choices:
            (self.random.choice(choices) if self.switching else choices[0])()
            return True
        following, is_tick = self._following()
        if following is None or following > end:
            return False
        self.at = max(self.at, following)
        if is_tick:
            self._ticked = following
            self.tick()
        return True

    def _choices(self) -> list[Callable[[], None]]:
        while self._events and self._events[0][0] <= self.at:
            self._ready.append(heapq.heappop(self._events))
        waiting = (
            queue
            for queue in self.queues.values()
            if queue.at_work < queue.at_once and queue.visible(self.at)
        )
        return [
            *(partial(self._step, actor) for actor in self.actors if not actor.stalled),
            *(partial(self._happen, event) for event in self._ready),
            *(partial(self._work_on, queue) for queue in waiting),
        ]

    def _happen(self, event: tuple[datetime, int, str, Callable[[], None]]) -> None:
        self._ready.remove(event)
        if event[2]:
            self.note(event[2])
        event[3]()

    def _step(self, actor: Actor) -> None:
        self._running = actor
        if self.at.timestamp() > actor.ends_by:
            actor.is_dead = True
        try:
            actor.step(self.threads)
        finally:
            self._running = None
        if actor.is_finished:
            self.actors.remove(actor)
            if actor.is_dead:
                self.trace.append(Step(self.step, self.at, actor.name, "died"))

    def _following(self) -> tuple[datetime | None, bool]:
        """When something is next to happen: an event, a message seen again, or (True) a tick that finds work."""
        times = [self._events[0][0]] if self._events else []
        times += [at for queue in self.queues.values() if (at := queue.next_visible()) is not None]
        tick = self._next_tick()
        if tick is not None and (not times or tick <= min(times)):
            return tick, True
        return min(times, default=None), False

    def _next_tick(self) -> datetime | None:
        """The Scheduler ticks every quarter of an hour: those that would find nothing are left out."""
        # Nothing is done about what is not known where nobody sweeps.
        awaited = ("DUE#", "UNSETTLED") if "sweep_outcomes" in self.deployments[-1].functions else ("DUE#",)
        due = [
            item["index_sk"]["S"].partition("#")[0]
            for found in self.table.items.values()
            for item in found.values()
            if item.get("index_pk", {}).get("S", "").startswith(awaited)
        ]
        first = max(self._ticked + QUARTER, self.at)
        if self.rounds_wanted:
            return _on_the_grid(first)
        return _on_the_grid(max(first, datetime.fromisoformat(min(due)))) if due else None

    _ticked = datetime(2000, 1, 1, tzinfo=UTC)
    rounds_wanted = 0

    def tick(self) -> None:
        """What the schedules start: planning, and settling what is not known."""
        self.rounds_wanted = max(0, self.rounds_wanted - 1)
        event = {"scheduled_time": self.at.isoformat()}
        twice = self.duplicating and self.random.random() < self.duplicating
        for name in ("plan_reminders", "sweep_outcomes"):
            if name in self.deployments[-1].functions:
                for _ in range(2 if twice else 1):
                    self.run_function(name, event)

    def run_function(
        self, function: str, event: dict[str, Any], then: Callable[[Any], None] = _ignored
    ) -> Actor:
        """Begin a run of a function, of any version that is deployed; `then` gets its answer, or None if it died."""
        timeout = timedelta(seconds=_TIMEOUTS.get(function, 60))
        deployed = self.random.choice(self.deployments)

        def work() -> None:
            answer = None
            # What Lambda would call an error of the function: it says so, and may be started again.
            with suppress(Exception):
                answer = deployed.run(function, event, actor.ends_by)
            then(answer)

        actor = self.spawn(function, timeout, work)
        return actor

    def _work_on(self, queue: Queue) -> None:
        received = queue.receive(self.at, self.random)
        if not received:
            return
        queue.at_work += 1
        deployed = self.random.choice(self.deployments)
        records = [message.as_record() for message in received]

        def work() -> None:
            try:
                answer = deployed.run(queue.function, {"Records": records}, actor.ends_by)
                failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
                self.counts["Handled"] += (
                    len(received) - len(failed) if queue.function == "send_reminders" else 0
                )
                for message in received:
                    redelivered = self.duplicating and self.random.random() < self.duplicating / 4
                    if message.id not in failed and not redelivered:
                        queue.delete(message)
            except StoreUnavailableError:
                self.note("the run failed: its messages come again")
            finally:
                queue.at_work -= 1

        actor = self.spawn(queue.function, queue.timeout, work)

    # What the providers tell.

    def _queue_event(self, body: dict[str, Any], delay: timedelta) -> None:
        queue = self.queues[DELIVERY_QUEUE]
        for _ in range(2 if self.duplicating and self.random.random() < self.duplicating else 1):
            queue.put(body, self.at + delay)

    def _call_back(
        self, query: str, fields: list[tuple[str, str]], delay: timedelta, heard: Callable[[], None]
    ) -> None:
        """Twilio reports once: a report that is not taken is lost."""
        event = signing.from_twilio(signing.STATUS, fields, query)

        def answered(answer: Any) -> None:
            if answer is not None and answer["statusCode"] < FAILED:
                heard()

        def report() -> None:
            self.run_function("receive_webhooks", event, answered)

        self.later(delay, "", report)


def _on_the_grid(at: datetime) -> datetime:
    """The first tick at or after an instant."""
    seconds = QUARTER.total_seconds()
    return datetime.fromtimestamp(-(-at.timestamp() // seconds) * seconds, UTC)
