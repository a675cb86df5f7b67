from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.dunning.calendar import Calendar, NeverOpenError
from tactful.domain.dunning.limits import WEEKDAYS
from tactful.domain.dunning.policy import Policy
from tests.support.builders import a_calendar, a_customer, a_policy, holidays_on

MINUTE = timedelta(minutes=1)
CLIENT = a_customer(timezone="", country="XX")
CHANGES = {
    "Pacific/Niue": datetime(2026, 3, 1, tzinfo=UTC),  # never changes: UTC-11
    "America/New_York": datetime(2026, 3, 8, 7, tzinfo=UTC),
    "America/St_Johns": datetime(2026, 11, 1, 4, 30, tzinfo=UTC),
    "America/Santiago": datetime(2026, 4, 5, 3, tzinfo=UTC),  # midnight to eleven
    "Antarctica/Troll": datetime(2026, 10, 25, 1, tzinfo=UTC),  # three to one
    "Europe/London": datetime(2026, 10, 25, 1, tzinfo=UTC),
    "Africa/Cairo": datetime(2026, 4, 23, 22, tzinfo=UTC),  # midnight to one
    "Africa/Casablanca": datetime(2026, 3, 22, 2, tzinfo=UTC),
    "Asia/Kathmandu": datetime(2026, 12, 31, 18, 15, tzinfo=UTC),  # never changes: UTC+5:45
    "Australia/Lord_Howe": datetime(2026, 4, 4, 15, tzinfo=UTC),  # two to half past one
    "Pacific/Chatham": datetime(2026, 9, 26, 14, tzinfo=UTC),
    "Pacific/Kiritimati": datetime(2026, 1, 1, tzinfo=UTC),  # never changes: UTC+14
}
"""A moment at which the clocks of a zone change."""


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def openings(at: datetime, zone: str, hours: str) -> Iterator[tuple[datetime, datetime]]:
    """The openings from an instant on, each with its end."""
    customer, calendar = a_customer(timezone=zone), a_calendar()
    policy = a_policy(contact_window=dict.fromkeys(WEEKDAYS, hours))
    while True:
        opening = calendar.next_open(at, customer, policy)
        at = calendar.closes(opening, customer, policy)
        yield opening, at


@pytest.mark.parametrize(
    ("at", "zone", "hours", "expected"),
    [
        (utc(2026, 3, 29), "Europe/London", "09:00-17:30", utc(2026, 3, 29, 8)),
        (utc(2026, 10, 25), "Europe/London", "09:00-17:30", utc(2026, 10, 25, 9)),
        (utc(2026, 4, 4, 12), "Australia/Lord_Howe", "09:00-17:30", utc(2026, 4, 4, 22, 30)),
        (utc(2026, 10, 3, 12), "Australia/Lord_Howe", "09:00-17:30", utc(2026, 10, 3, 22)),
    ],
)
def test_nine_is_nine_on_the_very_day_the_clocks_change(
    at: datetime, zone: str, hours: str, expected: datetime
) -> None:
    assert next(openings(at, zone, hours))[0] == expected


@pytest.mark.parametrize(
    ("at", "zone", "hours", "expected"),
    [
        (utc(2026, 3, 8, 5), "America/New_York", "02:30-05:00", utc(2026, 3, 8, 7)),  # 2 to 3
        (utc(2026, 10, 3, 14), "Australia/Lord_Howe", "02:10-08:00", utc(2026, 10, 3, 15, 30)),  # 2 to 2:30
        (utc(2026, 4, 23, 20), "Africa/Cairo", "00:30-08:00", utc(2026, 4, 23, 22)),  # midnight to 1
        (utc(2026, 9, 6, 2), "America/Santiago", "00:00-08:00", utc(2026, 9, 6, 4)),  # midnight to 1
        (utc(2026, 3, 29), "Antarctica/Troll", "01:15-06:00", utc(2026, 3, 29, 1)),  # 1 to 3
    ],
)
def test_a_window_whose_start_is_skipped_opens_when_the_clocks_have_changed(
    at: datetime, zone: str, hours: str, expected: datetime
) -> None:
    assert next(openings(at, zone, hours))[0] == expected


def test_a_window_whose_end_is_skipped_closes_when_the_clocks_change() -> None:
    opening = next(openings(utc(2026, 3, 8, 5), "America/New_York", "01:00-02:30"))
    assert opening == (utc(2026, 3, 8, 6), utc(2026, 3, 8, 7))


def test_a_window_that_is_skipped_as_a_whole_waits_for_the_next_day() -> None:
    assert next(openings(utc(2026, 3, 8, 5), "America/New_York", "02:10-02:50"))[0] == utc(2026, 3, 9, 6, 10)


@pytest.mark.parametrize(
    ("at", "zone", "hours", "expected"),
    [
        (utc(2026, 4, 4, 13), "Australia/Lord_Howe", "01:00-01:45", utc(2026, 4, 4, 14, 45)),  # 2 to 1:30
        (utc(2026, 10, 29, 12), "Africa/Cairo", "09:00-23:30", utc(2026, 10, 29, 20, 30)),  # midnight to 11
        (utc(2026, 4, 5), "America/Santiago", "09:00-23:30", utc(2026, 4, 5, 2, 30)),  # midnight to 11
        (utc(2026, 10, 24, 23), "Antarctica/Troll", "01:00-02:00", utc(2026, 10, 25)),  # 3 to 1
    ],
)
def test_a_window_whose_end_comes_twice_closes_at_the_first(
    at: datetime, zone: str, hours: str, expected: datetime
) -> None:
    (_, closes), (tomorrow, _) = islice(openings(at, zone, hours), 2)
    assert closes == expected
    assert tomorrow - closes > timedelta(hours=9)


def test_a_window_whose_start_comes_twice_opens_twice() -> None:
    # London goes back from two to one.
    assert list(islice(openings(utc(2026, 10, 25), "Europe/London", "01:30-05:00"), 2)) == [
        (utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1)),
        (utc(2026, 10, 25, 1, 30), utc(2026, 10, 25, 5)),
    ]


def test_an_hour_that_comes_twice_is_one_opening() -> None:
    assert next(openings(utc(2026, 10, 24, 22), "Europe/London", "00:30-05:00")) == (
        utc(2026, 10, 24, 23, 30),
        utc(2026, 10, 25, 5),
    )


@dataclass(frozen=True)
class Place:
    """Clocks that a client may have, the hours kept by them, and the dates on which nothing is open."""

    zones: tuple[str, ...]
    policy: Policy
    holidays: frozenset[date]

    @property
    def calendar(self) -> Calendar:
        return replace(a_calendar(holidays=holidays_on(*self.holidays)), country_zones=lambda _: self.zones)

    def is_open(self, at: datetime) -> bool:
        return all(self._is_open_at(at, ZoneInfo(zone)) for zone in self.zones)

    def _is_open_at(self, at: datetime, zone: ZoneInfo) -> bool:
        wall = at.astimezone(zone)
        hours = self.policy.windows[wall.weekday()]
        return (
            hours is not None
            and hours.start <= wall.time() < hours.end
            and wall.date() not in self.policy.closed_days | self.holidays
            and not (wall.fold and self._has_closed(at, zone))
        )

    def _has_closed(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether the clock has shown the end of the day's hours before it was set back."""
        today = at.astimezone(zone).date()
        hours = self.policy.windows[today.weekday()]
        earlier = ((at - minutes * MINUTE).astimezone(zone) for minutes in range(1, 240))
        return hours is not None and any(
            wall.date() == today and wall.time() >= hours.end for wall in earlier
        )


def hours() -> st.SearchStrategy[str]:
    """Windows at any time of the day, on five minutes."""
    return st.sets(st.integers(0, 287), min_size=2, max_size=2).map(
        lambda ends: "-".join(f"{end // 12:02}:{end % 12 * 5:02}" for end in sorted(ends))
    )


@st.composite
def places(draw: st.DrawFn, at: datetime, zone: str) -> Place:
    near = st.integers(-2, 2).map(lambda days: at.date() + timedelta(days=days))
    return Place(
        (zone, *draw(st.sets(st.sampled_from(sorted(CHANGES)), max_size=2))),
        a_policy(
            contact_window=draw(st.dictionaries(st.sampled_from(WEEKDAYS), hours(), min_size=4)),
            closed_days=draw(st.sets(near, max_size=1)),
        ),
        draw(st.frozensets(near, max_size=1)),
    )


@st.composite
def moments(draw: st.DrawFn) -> tuple[datetime, Place]:
    """A minute within some hours of a change of clocks, and a place that has those clocks."""
    zone, change = draw(st.sampled_from(sorted(CHANGES.items())))
    at = change + draw(st.integers(-30 * 60, 12 * 60)) * MINUTE
    return at, draw(places(at, zone))


def minutes_from(at: datetime, hours: int) -> Iterator[datetime]:
    return (at + minutes * MINUTE for minutes in range(hours * 60))


@given(moments())
def test_the_next_opening_is_the_first_minute_that_is_open_on_every_wall(
    case: tuple[datetime, Place],
) -> None:
    at, place = case
    stepped = next((minute for minute in minutes_from(at, 36) if place.is_open(minute)), None)
    try:
        opening = place.calendar.next_open(at, CLIENT, place.policy)
    except NeverOpenError:
        assert stepped is None
        return
    assert opening == stepped if stepped else opening >= at + timedelta(hours=36)


@given(moments())
def test_an_opening_ends_at_the_first_minute_that_is_shut_on_some_wall(case: tuple[datetime, Place]) -> None:
    at, place = case
    opened = next((minute for minute in minutes_from(at, 36) if place.is_open(minute)), at)
    shut = next(minute for minute in minutes_from(opened, 48) if not place.is_open(minute))
    assert place.calendar.closes(opened, CLIENT, place.policy) == shut


@given(moments(), st.permutations(range(-3, 4)))
def test_an_answer_is_the_same_whatever_was_asked_before(
    case: tuple[datetime, Place], days: list[int]
) -> None:
    at, place = case
    calendar = place.calendar
    for day in days:
        moment = at + timedelta(days=day)
        fresh = place.calendar
        assert calendar.is_open(moment, CLIENT, place.policy) == fresh.is_open(moment, CLIENT, place.policy)
        assert calendar.closes(moment, CLIENT, place.policy) == fresh.closes(moment, CLIENT, place.policy)


@given(moments())
def test_openings_follow_each_other_for_weeks_without_overlap(case: tuple[datetime, Place]) -> None:
    at, place = case
    calendar, policy = place.calendar, place.policy
    spans: list[tuple[datetime, datetime]] = []
    try:
        while len(spans) < 30:
            at = calendar.next_open(at, CLIENT, policy)
            spans.append((at, at := calendar.closes(at, CLIENT, policy)))
    except NeverOpenError:
        assert spans == []
    assert all(opens < closes for opens, closes in spans)
    assert all(closes < later for (_, closes), (later, _) in pairwise(spans))
