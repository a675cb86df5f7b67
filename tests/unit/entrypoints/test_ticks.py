from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tactful.entrypoints.ticks import scheduled_time


@pytest.mark.parametrize(
    "text", ["2026-03-02T09:00:00Z", "2026-03-02T09:00:00+00:00", "2026-03-02T10:00:00+01:00"]
)
def test_a_tick_counts_from_the_time_it_was_scheduled_for(text: str) -> None:
    assert scheduled_time({"scheduled_time": text}) == datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"scheduled_time": ""},
        {"scheduled_time": None},
        {"scheduled_time": "<aws.scheduler.scheduled-time>"},
    ],
)
def test_a_tick_without_a_time_counts_from_now(event: dict[str, object]) -> None:
    assert scheduled_time(event) is None


@pytest.mark.parametrize(
    "value", ["2026-03-02T09:00:00", "nine o'clock", 1772442000, ["2026-03-02T09:00:00Z"]]
)
def test_a_time_that_is_no_instant_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"scheduled_time|isoformat"):
        scheduled_time({"scheduled_time": value})
