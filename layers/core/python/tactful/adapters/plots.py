"""Pictures of a replay, drawn with matplotlib: ageing of open receivables, and messages over time."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tactful.application.replay_history import BUCKETS, PolicyReplay

# Its own types leave out that it draws dates.
Axes = Any
SUFFIXES = (".svg", ".png")

# Okabe and Ito's palette, which people tell apart whatever colours they see; from light to dark for print.
_BY_AGE = ("#56B4E9", "#F0E442", "#E69F00", "#D55E00", "#4B0082")
_BY_TONE = {
    "friendly": "#009E73",
    "neutral": "#56B4E9",
    "firm": "#E69F00",
    "final": "#D55E00",
    "thank-you": "#BBBBBB",
}
_HATCHES = {"firm": "//", "final": "xx"}
_INCHES_WIDE, _INCHES_AGEING, _INCHES_MESSAGES = 11.0, 3.6, 2.4
_THOUSAND = 1_000


class PlotError(ValueError):
    """The picture cannot be drawn; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Receivables:
    """What was open by age (`amounts` per bucket and day), in major units of a currency."""

    currency: str
    days: Sequence[date]
    amounts: Sequence[Sequence[float]]


def check_target(target: Path) -> None:
    """Raises PlotError if no picture can be drawn into a file, or none at all."""
    if target.suffix.lower() not in SUFFIXES:
        raise PlotError(f"{target}: name a file that ends in {' or '.join(SUFFIXES)}")
    if target.is_dir():
        raise PlotError(f"{target}: it is a folder: name a file")
    if not target.parent.is_dir():
        raise PlotError(f"{target}: there is no folder {target.parent}: make it, or name another")
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise PlotError(f"{target}: it may not be written there: name another file")
    if find_spec("matplotlib") is None:
        raise PlotError(
            "pictures need matplotlib: install tactful with its extra, pip install 'tactful[plot]'"
        )


def draw_replay(target: Path, receivables: Receivables, replays: Sequence[PolicyReplay]) -> None:
    """Draw a picture into an SVG or PNG file; it needs no display. Raises PlotError as check_target."""
    check_target(target)
    import matplotlib.dates  # noqa: PLC0415 - an extra
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above: no pyplot, so no display

    dates: Any = matplotlib.dates
    heights = [_INCHES_AGEING, *[_INCHES_MESSAGES] * len(replays)]
    figure = Figure(figsize=(_INCHES_WIDE, sum(heights)), layout="constrained")
    axes = figure.subplots(len(heights), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
    _draw_ageing(axes[0], receivables)
    weeks = _weeks(receivables.days)
    for panel, replay in zip(axes[1:], replays, strict=True):
        _draw_messages(panel, replay, weeks)
    most = max(panel.get_ylim()[1] for panel in axes[1:])
    for panel in axes[1:]:
        panel.set_ylim(0, most)
    for panel in axes:
        panel.yaxis.set_major_formatter("{x:,.0f}")
    figure.align_ylabels(axes)
    axes[-1].set_xlabel("day, at the business")
    locator = dates.AutoDateLocator()
    axes[-1].xaxis.set_major_locator(locator)
    axes[-1].xaxis.set_major_formatter(dates.ConciseDateFormatter(locator))
    axes[-1].set_xlim(receivables.days[0], receivables.days[-1])
    for panel in axes:
        panel.spines[["top", "right"]].set_visible(False)
        panel.grid(axis="y", linewidth=0.4, alpha=0.6)
        panel.set_axisbelow(True)
    # A date and random names inside would make every picture another file.
    metadata = {"Date": None} if target.suffix.lower() == ".svg" else None
    with matplotlib.rc_context({"svg.hashsalt": "tactful"}):
        figure.savefig(target, dpi=150, metadata=metadata)


def _draw_ageing(axes: Axes, receivables: Receivables) -> None:
    peak = max((sum(column) for column in zip(*receivables.amounts, strict=True)), default=0)
    unit, by = ("thousand ", _THOUSAND) if peak >= 10 * _THOUSAND else ("", 1)
    amounts = [[amount / by for amount in bucket] for bucket in receivables.amounts]
    axes.stackplot(receivables.days, amounts, labels=BUCKETS, colors=_BY_AGE, linewidth=0)
    axes.set_title("Open receivables by age", loc="left", fontweight="bold")
    axes.set_ylabel(f"{unit}{receivables.currency}")
    axes.set_ylim(bottom=0)
    # Stacked from below: the legend reads from above in the same order.
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(
        handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1, 1), frameon=False, title="Age"
    )


def _draw_messages(axes: Axes, replay: PolicyReplay, weeks: Sequence[date]) -> None:
    bottom = [0] * len(weeks)
    index = {week: number for number, week in enumerate(weeks)}
    for said, colour in _BY_TONE.items():
        counts = [0] * len(weeks)
        for day, counted in replay.messages_by_day.items():
            counts[index[_monday(day)]] += counted[said]
        if any(counts):
            axes.bar(
                weeks,
                counts,
                width=6,
                align="edge",
                bottom=bottom,
                label=said,
                color=colour,
                hatch=_HATCHES.get(said, ""),
                edgecolor="white",
                linewidth=0,
            )
        bottom = [below + count for below, count in zip(bottom, counts, strict=True)]
    axes.set_title(
        f"Messages with policy {replay.policy}: {replay.messages:,} reminders, {replay.thanks:,} thank-yous",
        loc="left",
        fontweight="bold",
    )
    axes.set_ylabel("messages a week")
    if any(bottom):
        handles, labels = axes.get_legend_handles_labels()
        axes.legend(
            handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1, 1), frameon=False, title="Tone"
        )


def _weeks(days: Sequence[date]) -> list[date]:
    """The Mondays of all weeks from the first day to the last."""
    first, last = _monday(days[0]), _monday(days[-1])
    return [first + timedelta(weeks=number) for number in range((last - first).days // 7 + 1)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
