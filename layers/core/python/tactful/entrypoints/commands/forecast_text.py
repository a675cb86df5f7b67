"""A forecast to be read: day by day, then in figures, and what a policy changes."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, islice

from tactful.application.forecast_book import ForecastLine
from tactful.application.forecast_summary import ForecastChange, Summary
from tactful.domain.book.money import Money
from tactful.domain.dunning.forecast import RowKind
from tactful.entrypoints.commands.forecast_answer import Answer, Outcome, Price
from tactful.entrypoints.commands.shown import Paint, aligned, cut, harmless, painter, width

_LONGEST_LIST = 44
_MOST_CHANGES = 400


def print_text(answer: Answer) -> None:
    """Print the forecast, or what changes against another policy."""
    paint = painter(sys.stdout)
    sys.stdout.writelines(f"{line}\n" for line in _text(answer, paint))


def _text(answer: Answer, paint: Paint) -> Iterator[str]:
    if not answer.outcomes:
        yield "no forecast: the policy is wrong"
        return
    outcome = answer.outcomes[0]
    span = f"{answer.days} days from {_named(answer.first)} ({answer.timezone}), {answer.accounts:,} accounts"
    if answer.compared:
        yield paint(f"What {outcome.policy} changes against {answer.compared.policy}: {span}", "head")
        yield from _changes(answer.changes(), paint)
        yield from _side_by_side(answer.compared, outcome, answer.price, paint)
        return
    yield paint(f"Forecast with {outcome.policy}: {span}", "head")
    if not outcome.lines:
        yield ""
        yield "nothing is sent and nothing is asked"
    # By the client's day: where it is late, the next may have begun elsewhere.
    by_day = sorted(outcome.lines, key=lambda line: line.local.date())
    texts = _rows(by_day, paint)
    for local_day, lines in groupby(by_day, key=lambda line: line.local.date()):
        yield from _day(local_day, list(lines), texts, paint)
    yield from _figures(outcome.summary, answer.price, paint)


def _day(day: date, lines: Sequence[ForecastLine], texts: Iterator[str], paint: Paint) -> Iterator[str]:
    messages = sum(line.kind is RowKind.MESSAGE for line in lines)
    yield ""
    counts = f"{_counted(messages, 'message')}, {_counted(len(lines) - messages, 'task')}"
    yield paint(f"{_named(day)}: {counts}", "head")
    yield from islice(texts, len(lines))


def _rows(lines: Sequence[ForecastLine], paint: Paint) -> Iterator[str]:
    """All rows, aligned with each other."""
    rows = [
        (
            f"{line.local:%H:%M %z}",
            line.customer_id,
            line.stage,
            _what(line),
            line.to or _role(line),
            _amounts(line.amounts),
            _numbers(line.invoices),
        )
        for line in lines
    ]
    column = max((len(text) for text in aligned(rows)), default=0)
    for text, line in zip(aligned(rows, right=frozenset({5})), lines, strict=True):
        why = cut(harmless(_why(line)), max(width() - column - 2, 0))
        yield paint(f"{text.ljust(column)}  {why}".rstrip(), "task" if line.task else str(line.tone))


def _what(line: ForecastLine) -> str:
    return f"{line.tone} {line.channel}" if line.task is None else f"task: {line.task}"


def _why(line: ForecastLine) -> str:
    """The reasons, without the one that only says the stage."""
    return "; ".join(reason for reason in line.reasons if not reason.startswith("stage_reached"))


def _role(line: ForecastLine) -> str:
    return str(line.contact_role) if line.contact_role else "-"


def _numbers(numbers: Sequence[str]) -> str:
    return cut(", ".join(numbers), _LONGEST_LIST)


def _amounts(amounts: Mapping[str, int]) -> str:
    return " + ".join(str(Money(minor, currency)) for currency, minor in amounts.items())


def _named(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _figures(summary: Summary, price: Price | None, paint: Paint) -> Iterator[str]:
    yield ""
    messages, tasks = _counted(summary.messages, "message"), _counted(summary.tasks, "task")
    yield paint(f"In all: {messages} to {_counted(summary.customers, 'customer')}, {tasks}", "head")
    counts = (
        ("by stage", summary.by_stage),
        ("by tone", summary.by_tone),
        ("by channel", summary.by_channel),
        ("tasks", summary.by_task),
        ("reasons", summary.by_reason),
    )
    rows = [(name, _listed(counted)) for name, counted in counts if counted]
    yield from aligned([*rows, ("SMS", _sms(summary, price))])


def _listed(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in counted.items())


def _sms(summary: Summary, price: Price | None) -> str:
    said = f"{summary.sms:,} in {_counted(summary.sms_segments, 'segment')}"
    if summary.unworded:
        said += f", {summary.unworded:,} of them without words"
    if price:
        return f"{said}, {price.said(summary.sms_segments)}"
    return f"{said} (--sms-price says what they cost)" if summary.sms_segments else said


def _changes(changes: Sequence[ForecastChange], paint: Paint) -> Iterator[str]:
    yield ""
    if not changes:
        yield "nothing changes for anyone"
        return
    counted = Counter(str(change.kind) for change in changes)
    customers = len({change.customer_id for change in changes})
    yield f"{_listed(counted)}, for {_counted(customers, 'customer')}"
    yield ""
    shown = changes[:_MOST_CHANGES]
    rows = [
        (
            str(change.kind),
            change.customer_id,
            change.row.stage,
            _side(change.before),
            _side(change.after),
            ", ".join(change.differences),
        )
        for change in shown
    ]
    heading = ("what", "customer", "stage", "before", "after", "differs in")
    head, *body = aligned([heading, *rows])
    yield paint(head, "head")
    for text, change in zip(body, shown, strict=True):
        yield paint(text, str(change.kind))
    if len(changes) > len(shown):
        yield f"  ... and {len(changes) - len(shown):,} more: --json or --csv has all of them"


def _side(line: ForecastLine | None) -> str:
    return f"{_named(line.local.date())} {line.local:%H:%M} {_what(line)}" if line else "-"


def _side_by_side(before: Outcome, after: Outcome, price: Price | None, paint: Paint) -> Iterator[str]:
    yield ""
    rows = [("", before.policy, after.policy, "more")]
    rows += [_compared(name, *pair) for name, pair in _pairs(before.summary, after.summary)]
    if price:
        was, will = before.summary.sms_segments, after.summary.sms_segments
        rows.append(("SMS cost", price.said(was), price.said(will), price.said(will - was)))
    head, *body = aligned(rows, right=frozenset({1, 2, 3}))
    yield paint(head, "head")
    yield from body


def _pairs(before: Summary, after: Summary) -> Iterator[tuple[str, tuple[int, int]]]:
    yield "messages", (before.messages, after.messages)
    yield "tasks", (before.tasks, after.tasks)
    yield "customers written to", (before.customers, after.customers)
    for what in ("stage", "tone", "channel", "task"):
        old: dict[str, int] = getattr(before, f"by_{what}")
        new: dict[str, int] = getattr(after, f"by_{what}")
        for name in _both(old, new):
            yield f"{what} {name}", (old.get(name, 0), new.get(name, 0))
    yield "SMS segments", (before.sms_segments, after.sms_segments)


def _both(old: Iterable[str], new: Iterable[str]) -> list[str]:
    return list(dict.fromkeys((*old, *new)))


def _compared(name: str, before: int, after: int) -> tuple[str, str, str, str]:
    return name, f"{before:,}", f"{after:,}", f"{after - before:+,}" if after != before else ""
