"""One reminder's life with every fault at every request, and with every pair of faults."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from tests.simulation.book import BEGIN, CLIENTS, Client
from tests.simulation.faults import Fault, FaultsAt, possible
from tests.simulation.providers import CALM, Temper
from tests.simulation.schedule import Played, play_one

_END = BEGIN + timedelta(days=1)
ALL = tuple(fault for fault in Fault if fault is not Fault.NONE)
# What the others come down to: the effect is there or it is not, and the process goes on or it does not.
HARD = (Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.REPLY_LOST)
LIVES: Mapping[str, tuple[Client, Temper]] = {
    "email": (CLIENTS[1], CALM),
    "sms": (CLIENTS[4], CALM),
    "email, then sms": (CLIENTS[0], Temper(fails=1.0)),
}


@dataclass
class Explored:
    """How many lives were lived, and what was wrong with any of them: which faults, and the schedule."""

    lives: int = 0
    wrong: list[tuple[str, Played]] = field(default_factory=list)

    def __str__(self) -> str:
        told = [f"{faults}: {'; '.join(played.wrong)}" for faults, played in self.wrong[:5]]
        return "\n".join((f"{len(self.wrong)} of {self.lives} lives went wrong", *told))


def requests_of(life: str, pool: ThreadPoolExecutor) -> FaultsAt:
    """The requests of a life in which nothing goes wrong."""
    faults = FaultsAt({})
    played = _live(life, faults, pool)
    assert not played.wrong, played.wrong
    return faults


def singles(life: str, pool: ThreadPoolExecutor, kinds: Collection[Fault] = ALL) -> Explored:
    """Every fault at every request."""
    found = Explored()
    for planned in _single_plans(life, pool, kinds):
        _explore(life, planned, pool, found)
    return found


def pairs(life: str, pool: ThreadPoolExecutor, kinds: Collection[Fault] = ALL) -> Explored:
    """Every fault at every request, and after it every other at every request that is then still made."""
    found = Explored()
    for planned in _single_plans(life, pool, kinds):
        ((first, _),) = planned.items()
        seen = _explore(life, planned, pool, Explored()).seen
        for second in range(first + 1, len(seen)):
            for fault in possible(seen[second]):
                if fault in kinds:
                    _explore(life, {**planned, second: fault}, pool, found)
    return found


def _single_plans(
    life: str, pool: ThreadPoolExecutor, kinds: Collection[Fault]
) -> Iterator[dict[int, Fault]]:
    for place, request in enumerate(requests_of(life, pool).seen):
        for fault in possible(request):
            if fault in kinds:
                yield {place: fault}


def _explore(life: str, planned: Mapping[int, Fault], pool: ThreadPoolExecutor, found: Explored) -> FaultsAt:
    faults = FaultsAt(planned)
    played = _live(life, faults, pool)
    found.lives += 1
    if played.wrong:
        struck = ", ".join(
            f"{fault} at {request}" for request, fault in faults.struck if fault is not Fault.NONE
        )
        found.wrong.append((struck, played))
    return faults


def _live(life: str, faults: FaultsAt, pool: ThreadPoolExecutor) -> Played:
    client, temper = LIVES[life]
    return play_one(client, faults, pool, temper, _END)
