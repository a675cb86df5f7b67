"""A day on which a million clients are due, by simulation: how long it takes to drain, and what it waits for.

Assumed, not measured: what a request takes within a region, and the limits that AWS documents for a partition of
DynamoDB (Amazon DynamoDB developer guide, "Designing partition keys to distribute your workload").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.result import Result
from tests.bench.sending_costs import DYNAMODB_MS, SES_MS

_CLIENTS = 1_000_000
_TICK_SECONDS = 900
_WINDOW_TICKS = 8 * 4
"""Eight hours a day in which clients may be written to."""
# A worker's time for one message: three calls to DynamoDB and a share of the batch's, SES, and CPU at the 0.29 cores
# that 512 MB have.
_WORKER_SECONDS = (4 * DYNAMODB_MS + SES_MS + 6 / 0.29) / 1_000
_PARTITION_WRITES, _PARTITION_READS = 1_000, 3_000
_SHARDS = 8
_INDEX_WRITES_PER_MAIL = 2
# The last look reads what is stopped, and each of the two loads for news how old the book is: one partition.
_SETTINGS_READS_PER_MAIL = 3.2
_HAND_OVER_SECONDS = 0.012 / 10
"""What the planner takes to queue a client, in batches of ten."""
_PLAN_SECONDS = 300
_NO_KNOB = ("the planner", "the index", "the partition SETTINGS")


@dataclass(frozen=True, slots=True)
class Setting:
    """What an operator sets, and SES allows."""

    name: str
    per_run: int
    mails_per_second: float
    workers: int


_SETTINGS = (
    Setting("defaults", 500, 14, 2),
    Setting("per_run", 100_000, 14, 2),
    Setting("ses_200", 100_000, 200, 2),
    Setting("workers_30", 100_000, 200, 30),
    Setting("workers_100", 100_000, 1_000, 100),
)


def measure() -> Iterator[tuple[str, Result]]:
    """Drain a million, one knob after the other."""
    for setting in _SETTINGS:
        rates = _rates(setting)
        ticks = _drained(setting, min(rates.values()))
        slowest = min(rates, key=lambda name: rates[name])
        days = ticks / _WINDOW_TICKS
        note = (
            f"{setting.per_run:,} a run, SES {setting.mails_per_second:g}/s, {setting.workers} workers: "
            f"{days:.1f} days of 8 hours; {slowest} allows {rates[slowest]:,.1f} a second"
        )
        yield f"scale_hours_{setting.name}", Result(round(ticks / 4, 2), "hours", note)
    fixed = {name: rate for name, rate in _rates(_SETTINGS[0]).items() if name in _NO_KNOB}
    first = min(fixed, key=lambda name: fixed[name])
    yield "scale_ceiling_per_second", Result(round(fixed[first], 1), "mails", f"{first}; no knob moves it")


def _rates(setting: Setting) -> dict[str, float]:
    """How many mails a second each part lets through."""
    return {
        "AccountsPerRun": setting.per_run / _TICK_SECONDS,
        "the planner": _PLAN_SECONDS / _HAND_OVER_SECONDS / _TICK_SECONDS,
        "SES": setting.mails_per_second,
        "SendConcurrency": setting.workers / _WORKER_SECONDS,
        "the index": _SHARDS * _PARTITION_WRITES / _INDEX_WRITES_PER_MAIL,
        "the partition SETTINGS": _PARTITION_READS / _SETTINGS_READS_PER_MAIL,
    }


def _drained(setting: Setting, rate: float) -> int:
    """How many ticks within the contact window it takes. What is queued and not sent is due at the next tick, too."""
    due, ticks = float(_CLIENTS), 0
    while due > 0:
        due -= min(setting.per_run, rate * _TICK_SECONDS, due)
        ticks += 1
    return ticks
