"""What can go wrong at a request, and which requests it goes wrong at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Protocol


class Fault(StrEnum):
    """One thing that goes wrong at one request."""

    NONE = "none"
    CRASH_BEFORE = "crash_before"
    CRASH_AFTER = "crash_after"
    THROTTLED = "throttled"
    NEVER_ARRIVED = "never_arrived"
    REPLY_LOST = "reply_lost"
    SENT_AGAIN = "sent_again"
    IN_PART = "in_part"
    SLOW = "slow"

    @property
    def kills(self) -> bool:
        return self in (Fault.CRASH_BEFORE, Fault.CRASH_AFTER)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it is about to be made: the nth of the schedule, by whom, to which service, for what."""

    number: int
    actor: str
    service: str
    operation: str

    def __str__(self) -> str:
        return f"{self.actor} {self.service}.{self.operation}"


# What can go wrong beside a crash, by service: botocore repeats requests to stores, never those to providers; a batch
# may be done in part; nothing repeats what a person or a provider asks over HTTP.
_BATCHES = ("batch_execute_statement", "batch_get_item", "batch_write_item", "send_message_batch")
# Of many requests few hand a message over: faults there are so many times as frequent.
_WHERE_IT_MATTERS = 5
_COMMON = (Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.THROTTLED, Fault.NEVER_ARRIVED, Fault.REPLY_LOST)


def possible(request: Request) -> tuple[Fault, ...]:
    """Everything that can go wrong at a request."""
    if request.service in ("sesv2", "twilio", "callback"):
        return _COMMON
    more = (Fault.SENT_AGAIN, Fault.SLOW)
    return (*_COMMON, *more, Fault.IN_PART) if request.operation in _BATCHES else (*_COMMON, *more)


class Faults(Protocol):
    """Decides what goes wrong."""

    def at(self, request: Request) -> Fault: ...


@dataclass(slots=True)
class NoFaults:
    """All is well. `seen` has every request that was made."""

    seen: list[Request] = field(default_factory=list)

    def at(self, request: Request) -> Fault:
        self.seen.append(request)
        return Fault.NONE


@dataclass(slots=True)
class FaultsAt:
    """What goes wrong at requests of given numbers; `seen` has all that were made, and `struck` what happened."""

    planned: Mapping[int, Fault]
    seen: list[Request] = field(default_factory=list)
    struck: list[tuple[Request, Fault]] = field(default_factory=list)

    def at(self, request: Request) -> Fault:
        self.seen.append(request)
        fault = self.planned.get(len(self.seen) - 1, Fault.NONE)
        if fault not in possible(request):
            return Fault.NONE
        self.struck.append((request, fault))
        return fault


@dataclass(slots=True)
class RandomFaults:
    """Each request goes wrong with a chance, as long as `active`."""

    random: Random
    chance: float
    struck: int = 0
    active: bool = True

    def at(self, request: Request) -> Fault:
        chance = self.chance * _WHERE_IT_MATTERS if request.service in ("sesv2", "twilio") else self.chance
        if not self.active or self.random.random() >= chance:
            return Fault.NONE
        self.struck += 1
        return self.random.choice(possible(request))
