from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

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
