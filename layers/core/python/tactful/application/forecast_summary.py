"""A forecast in figures, and what another policy would change in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tactful.application.forecast_book import ForecastLine
from tactful.domain.dunning.forecast import RowKind


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over the rows of a forecast. `customers` are those who get a message; reasons are counted by code.

    `unworded` counts the SMS whose segments are not known, because no words could be found.
    """

    messages: int
    tasks: int
    customers: int
    by_stage: dict[str, int]
    by_tone: dict[str, int]
    by_channel: dict[str, int]
    by_task: dict[str, int]
    by_reason: dict[str, int]
    sms: int
    sms_segments: int
    unworded: int


def summary_of(lines: Iterable[ForecastLine]) -> Summary:
    """The figures; stages, tones and channels are counted over messages, reasons over all rows."""
    stages, tones, channels = Counter[str](), Counter[str](), Counter[str]()
    tasks, reasons = Counter[str](), Counter[str]()
    customers: set[str] = set()
    sms = segments = unworded = 0
    for line in lines:
        reasons.update({reason.partition(":")[0] for reason in line.reasons})
        if line.kind is RowKind.TASK:
            tasks[str(line.task)] += 1
            continue
        customers.add(line.customer_id)
        stages[line.stage] += 1
        tones[str(line.tone)] += 1
        channels[str(line.channel)] += 1
        if line.channel == "sms":
            sms += 1
            segments += line.segments or 0
            unworded += line.segments is None
    return Summary(
        messages=stages.total(),
        tasks=tasks.total(),
        customers=len(customers),
        by_stage=dict(stages.most_common()),
        by_tone=dict(tones.most_common()),
        by_channel=dict(channels.most_common()),
        by_task=dict(tasks.most_common()),
        by_reason=dict(reasons.most_common()),
        sms=sms,
        sms_segments=segments,
        unworded=unworded,
    )


class ChangeKind(StrEnum):
    """What another policy does to a message or a task."""

    ADDED = "added"
    DROPPED = "dropped"
    MOVED = "moved"
    REWORDED = "reworded"


@dataclass(frozen=True, slots=True)
class ForecastChange:
    """What becomes of a row: `before` is None if it is added, `after` if it is dropped.

    `differences` name what is not the same: day, time, stage, tone, channel, to, invoices.
    """

    kind: ChangeKind
    customer_id: str
    before: ForecastLine | None
    after: ForecastLine | None
    differences: tuple[str, ...] = ()

    @property
    def row(self) -> ForecastLine:
        """The row as it will be, or as it was if it is dropped."""
        row = self.after or self.before
        if row is None:
            raise ValueError("a change has a row before or after")
        return row


_Key = tuple[object, ...]
_Pair = tuple[ForecastLine, ForecastLine]

# Rows of a customer are the same step if they agree in this; the first that fits pairs them.
_SAME_STEP: tuple[Callable[[ForecastLine], _Key], ...] = (
    lambda line: (line.kind, line.task, line.stage, line.occurrence, _day(line)),
    lambda line: (line.kind, line.task, line.stage, line.occurrence),
    lambda line: (line.kind, line.task, line.stage, _day(line)),
    lambda line: (line.kind, line.task, _day(line)),
)


def _day(line: ForecastLine) -> date:
    return line.local.date()


_DIFFERENCES: dict[str, Callable[[ForecastLine], object]] = {
    "day": _day,
    "time": lambda line: line.at,
    "stage": lambda line: line.stage,
    "tone": lambda line: line.tone,
    "channel": lambda line: line.channel,
    "to": lambda line: line.to,
    "invoices": lambda line: (line.invoices, line.amounts),
}


def changes_between(
    before: Sequence[ForecastLine], after: Sequence[ForecastLine]
) -> tuple[ForecastChange, ...]:
    """What changes, and for whom, in order of time and then of customer ids."""
    rows: dict[str, tuple[list[ForecastLine], list[ForecastLine]]] = {}
    for side, lines in enumerate((before, after)):
        for line in lines:
            rows.setdefault(line.customer_id, ([], []))[side].append(line)
    changes = [change for old, new in rows.values() for change in _of_customer(old, new)]
    changes.sort(key=lambda change: (change.row.at, change.customer_id))
    return tuple(changes)


def _of_customer(old: list[ForecastLine], new: list[ForecastLine]) -> list[ForecastChange]:
    pairs: list[_Pair] = []
    for key in _SAME_STEP:
        found, old, new = _paired(key, old, new)
        pairs += found
    changes = [change for pair in pairs if (change := _changed(*pair)) is not None]
    changes += [ForecastChange(ChangeKind.DROPPED, line.customer_id, line, None) for line in old]
    changes += [ForecastChange(ChangeKind.ADDED, line.customer_id, None, line) for line in new]
    return changes


def _paired(
    key: Callable[[ForecastLine], _Key], old: list[ForecastLine], new: list[ForecastLine]
) -> tuple[list[_Pair], list[ForecastLine], list[ForecastLine]]:
    """The rows that agree in a key, in order; and those of both sides that are left."""
    waiting: dict[_Key, list[ForecastLine]] = {}
    for line in old:
        waiting.setdefault(key(line), []).append(line)
    pairs, left = [], []
    for line in new:
        same = waiting.get(key(line))
        if same:
            pairs.append((same.pop(0), line))
        else:
            left.append(line)
    return pairs, [line for lines in waiting.values() for line in lines], left


def _changed(before: ForecastLine, after: ForecastLine) -> ForecastChange | None:
    differences = tuple(name for name, of in _DIFFERENCES.items() if of(before) != of(after))
    if not differences:
        return None
    kind = ChangeKind.MOVED if "time" in differences else ChangeKind.REWORDED
    if "day" in differences:
        differences = tuple(name for name in differences if name != "time")
    return ForecastChange(kind, before.customer_id, before, after, differences)
