from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.charges.rhythm import MONTHLY, WEEKLY, Rhythm, due_dates
from tests.support.plans import always, never, rhythms, weekdays

FRIDAY = date(2026, 3, 6)


def dates(first: date, number: int, rhythm: Rhythm) -> list[date]:
    return list(due_dates(first, number, rhythm, always))


def test_a_month_that_lacks_the_day_has_its_last_one_and_the_next_has_the_day_again() -> None:
    assert dates(date(2026, 1, 31), 4, MONTHLY) == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]


def test_the_last_of_february_is_its_29th_in_a_leap_year() -> None:
    assert dates(date(2027, 12, 30), 3, MONTHLY)[2] == date(2028, 2, 29)


def test_months_go_on_over_the_end_of_a_year() -> None:
    assert dates(date(2026, 11, 15), 3, Rhythm(months=3)) == [
        date(2026, 11, 15),
        date(2027, 2, 15),
        date(2027, 5, 15),
    ]


def test_weeks_and_days_are_counted_from_the_first_date() -> None:
    assert dates(FRIDAY, 3, WEEKLY) == [FRIDAY, date(2026, 3, 13), date(2026, 3, 20)]
    assert dates(FRIDAY, 3, Rhythm(days=30)) == [FRIDAY, date(2026, 4, 5), date(2026, 5, 5)]


def test_a_closed_day_moves_to_the_next_open_one_and_the_others_keep_theirs() -> None:
    saturday = FRIDAY + timedelta(days=1)
    assert list(due_dates(saturday, 2, Rhythm(days=10), weekdays)) == [date(2026, 3, 9), date(2026, 3, 17)]


def test_a_day_that_is_taken_by_an_instalment_that_moved_is_not_used_again() -> None:
    assert list(due_dates(FRIDAY, 4, Rhythm(days=1), weekdays)) == [
        FRIDAY,
        date(2026, 3, 9),
        date(2026, 3, 10),
        date(2026, 3, 11),
    ]


def test_a_calendar_that_never_opens_is_refused() -> None:
    with pytest.raises(ValueError, match="no day is open for 400 days after 2026-03-05: see the closed days"):
        list(due_dates(FRIDAY, 1, WEEKLY, never))


def test_the_last_day_that_there_is_can_be_used_and_nothing_beyond_it() -> None:
    assert dates(date.max, 1, WEEKLY) == [date.max]
    for rhythm in (WEEKLY, MONTHLY):
        with pytest.raises(ValueError, match="instalment 2 would be due after the year 9999: name fewer"):
            dates(date.max, 2, rhythm)


@pytest.mark.parametrize(("days", "months"), [(0, 0), (7, 1), (-7, 0), (0, -1), (-1, 1)])
def test_a_rhythm_is_of_days_or_of_months(days: int, months: int) -> None:
    with pytest.raises(ValueError, match="name days or months, at least one"):
        Rhythm(days, months)


@given(
    first=st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    number=st.integers(1, 40),
    rhythm=rhythms,
    closed=st.sets(st.integers(0, 6), max_size=6),
)
def test_dates_are_open_and_ascend_and_none_comes_before_its_own_day(
    first: date, number: int, rhythm: Rhythm, closed: set[int]
) -> None:
    found = list(due_dates(first, number, rhythm, lambda day: day.weekday() not in closed))
    assert all(day.weekday() not in closed for day in found)
    assert all(earlier < later for earlier, later in pairwise(found))
    assert all(day >= rhythm.day(first, place) for place, day in enumerate(found))
    assert len(found) == number


@given(first=st.dates(date(1990, 1, 1), date(2099, 12, 31)), place=st.integers(0, 60))
def test_a_month_later_is_in_the_next_month_on_the_same_day_or_its_last(first: date, place: int) -> None:
    day = MONTHLY.day(first, place)
    assert (day.year * 12 + day.month) - (first.year * 12 + first.month) == place
    assert day.day == first.day or (day.day < first.day and (day + timedelta(days=1)).day == 1)
