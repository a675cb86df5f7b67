"""One schedule from one seed: which clients, which providers, which faults, what else happens and when."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from tactful.domain.book.agreements import HoldKind
from tactful.domain.book.customer import Channel
from tests.handlers import signing
from tests.simulation.book import BEGIN, CLIENTS, INVOICES_HEADER, Client, table_of, uploaded
from tests.simulation.checks import Watch
from tests.simulation.deployment import BUCKET, IMPORT_QUEUE, deployment, simulated
from tests.simulation.faults import Faults, RandomFaults
from tests.simulation.outside import by_hand, post
from tests.simulation.outside import pays as pays_by_webhook
from tests.simulation.providers import Temper
from tests.simulation.queues import Queue
from tests.simulation.tracing import about
from tests.simulation.world import Mutant, World

# Nothing new happens after the first instant; the second leaves time for every lease, retry and sweep.
QUIET, END = BEGIN + timedelta(days=4, hours=9), BEGIN + timedelta(days=8, hours=2)
# How often something happens between two requests, and not at a moment.
_IN_BETWEEN = 0.7
# In every third schedule somebody also writes.
_WITH_ANSWERS = 3
# Within the first hours of these days most messages leave: there the others meet them.
_MOMENTS = (
    *(BEGIN + timedelta(minutes=minutes) for minutes in (10, 15, 25, 25, 25, 26, 40, 55, 90, 300)),
    *(BEGIN + timedelta(days=day, minutes=minutes) for day in (1, 3, 4) for minutes in (10, 25, 40)),
)


@dataclass(frozen=True)
class Played:
    """What came of a schedule."""

    seed: int
    world: World
    wrong: tuple[str, ...]

    def trace(self) -> Iterator[str]:
        """The schedule, line by line."""
        for step in self.world.trace:
            fault = f"  !! {step.fault}" if step.fault != "none" else ""
            keys = f" {about(step.request)}" if step.request else ""
            yield f"{step.number:5} {step.at:%a %H:%M:%S} {step.actor:22} {step.what}{keys}{fault}"


@contextmanager
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(64) as pool:
        yield pool


def play(seed: int, pool: ThreadPoolExecutor, mutant: Mutant | None = None) -> Played:
    """Play the schedule of a seed to its end and check it."""
    random = Random(seed)  # noqa: S311 - it must be the same again
    chance = random.choice((0.0, 0.01, 0.03, 0.08))
    faults = RandomFaults(random, chance)
    world = World(
        BEGIN,
        random,
        faults,
        pool,
        _temper(random),
        switching=random.choice((0.05, 0.3, 0.7)),
        drifting=random.choice((0.0, 0.0, 0.02)),
        tearing=random.choice((0.0, 0.1, 0.3)),
        duplicating=random.choice((0.0, 0.05, 0.3)),
        lagging=random.choice((0.0, 0.1)),
        mutant=mutant,
    )
    clients = tuple(random.sample(CLIENTS, random.choice((1, 2, 2, 3))))
    with simulated(world):
        watch = _begin(world, clients)
        for number in range(random.choice((0, 1, 2, 3))):
            _happening(world, watch, clients, number)
        if seed % _WITH_ANSWERS == 0:
            _answering(world, watch, clients, Random(seed))  # noqa: S311
        world.run_until(QUIET)
        _calm(world, faults)
        for hours in range(0, 90, 6):
            world.later(timedelta(hours=hours), "a person resumes", lambda: resumes(world, watch))
        world.run_until(END)
        return Played(seed, world, tuple(watch.at_end()))


def play_one(
    client: Client,
    faults: Faults,
    pool: ThreadPoolExecutor,
    temper: Temper,
    end: datetime,
    mutant: Mutant | None = None,
) -> Played:
    """One client's first reminder with planned faults: nothing is left to chance."""
    world = World(BEGIN, Random(0), faults, pool, temper, mutant=mutant)  # noqa: S311
    with simulated(world):
        watch = _begin(world, (client,))
        world.run_until(end)
        _calm(world, None)
        world.run_until(end + timedelta(days=2))
        return Played(0, world, tuple(watch.at_end()))


def _begin(world: World, clients: tuple[Client, ...]) -> Watch:
    world.queues[IMPORT_QUEUE] = Queue(
        "import_invoices", timedelta(seconds=900), timedelta(seconds=5400), tries=3, batch=1, at_once=2
    )
    world.deployments.append(deployment("first"))
    table_of(clients, world.table)
    return Watch(world, clients)


def _calm(world: World, faults: RandomFaults | None) -> None:
    """No more faults, and a person puts the dead letters back."""
    if faults is not None:
        faults.active = False
    world.drifting = world.tearing = world.duplicating = world.lagging = 0.0
    world.providers.temper = Temper(fails=world.providers.temper.fails)
    for queue in world.queues.values():
        queue.redrive(world.now())


def resumes(world: World, watch: Watch) -> None:
    """Whoever stopped it: a person, or a guard whose task a person has read. From now on, messages may leave again."""
    for channel in ("", str(Channel.EMAIL), str(Channel.SMS)):
        watch.recorded("resumed", channel)
    by_hand(world, "resume", lambda console: console.stop_switch().resume(None), lambda: None)


def _temper(random: Random) -> Temper:
    return Temper(
        refuses=random.choice((0.0, 0.0, 0.1, 0.4)),
        fails=random.choice((0.0, 0.1, 0.5)),
        complains=random.choice((0.0, 0.1)),
        loses_news=random.choice((0.0, 0.0, 0.3)),
        repeats_news=random.choice((0.0, 0.3)),
        late=timedelta(seconds=random.choice((0, 60, 4_000, 90_000))),
    )


def _answering(world: World, watch: Watch, clients: tuple[Client, ...], random: Random) -> None:
    """A client whose number nobody shares disputes everything, by SMS, at a moment at which much goes on.

    What it is answered may leave; nothing else may, from when that was recorded.
    """
    phones = [client.phone for client in clients]
    alone = [client for client in clients if client.phone and phones.count(client.phone) == 1]
    if not alone:
        return
    client = random.choice(alone)
    event = signing.inbound("SM-dispute", "this is wrong, we never ordered it", client.phone)

    def recorded() -> None:
        # Where nothing was due yet, a person finds out what was meant, and nothing is held for long.
        if world.table.item((f"ACCOUNT#{client.key}", "HOLD#dispute-SM-dispute")):
            watch.recorded("held", client.key)

    def disputes() -> None:
        post(world, lambda: event, recorded)

    def happens() -> None:
        world.note(f"{client.customer_id} disputes")
        disputes()

    if random.random() < _IN_BETWEEN:
        world.between(random.choice(("send_reminders", "plan_reminders")), random.randint(1, 40), happens)
    else:
        world.at_time(random.choice(_MOMENTS), f"{client.customer_id} disputes", disputes)


def _happening(world: World, watch: Watch, clients: tuple[Client, ...], number: int) -> None:  # noqa: C901
    """Something that happens beside the sending, at a moment at which much goes on."""
    random = world.random
    client, at = random.choice(clients), random.choice(_MOMENTS)
    invoice, _ = random.choice(client.invoices)

    def pays() -> None:
        pays_by_webhook(world, invoice, 120_00, f"evt-{number}", lambda: watch.recorded("paid", invoice))

    def opts_out() -> None:
        if client.phone:
            if random.random() < 0.5:
                world.providers.opted_out.add(client.phone)
            event = signing.inbound(f"SM-in-{number}", "STOP", client.phone)
            post(world, lambda: event, lambda: watch.recorded("opted out", client.phone))

    def is_held() -> None:
        until = date(2026, 4, 20)
        by_hand(
            world,
            "hold",
            lambda console: console.by_hand().hold(client.customer_id, HoldKind.MANUAL, until),
            lambda: watch.recorded("held", client.key),
        )

    def is_stopped() -> None:
        channel, hours = random.choice((None, Channel.EMAIL, Channel.SMS)), random.choice((1, 2, 8))
        by_hand(
            world,
            "stop",
            lambda console: console.stop_switch().stop(channel, "Bea"),
            lambda: watch.recorded("stopped", str(channel or "")),
        )
        world.later(timedelta(hours=hours), "resumes", lambda: resumes(world, watch))

    def is_imported() -> None:
        new = random.choice((True, False))
        line = f"{client.customer_id},Client {client.customer_id[2:]},2026-01-02"
        rows = f"{invoice},{line},2026-03-06,120.00,120.00,GBP,open\n"
        rows += f"INV-N{number},{line},2026-03-03,50.00,50.00,GBP,open\n" if new else ""
        key = f"invoices/more-{number}.csv"
        world.objects.put_object(Bucket=BUCKET, Key=key, Body=(INVOICES_HEADER + rows).encode())
        world.queues[IMPORT_QUEUE].put(uploaded(key, world.now(), f"01{number}"), world.now())

    def is_deployed() -> None:
        world.deployments.append(deployment("second"))
        world.rounds_wanted = 3
        world.later(timedelta(minutes=random.choice((0, 1, 10))), "the old version is gone", retire)

    def retire() -> None:
        del world.deployments[:-1]

    choices = (pays, pays, pays, opts_out, is_held, is_stopped, is_imported, is_deployed)
    happening = random.choice(choices)
    what = f"{client.customer_id} {happening.__name__.replace('_', ' ')}"

    def happens() -> None:
        world.note(what)
        happening()

    if random.random() < _IN_BETWEEN:
        function = random.choice(("send_reminders", "send_reminders", "track_delivery", "plan_reminders"))
        world.between(function, random.randint(1, 40), happens)
    else:
        world.at_time(at, what, happening)
