from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.dunning.calendar import Calendar, NeverOpenError
from tests.support.builders import a_calendar, a_policy, holidays_on

MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
EVERY_DAY = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ZONES = (
    "Pacific/Niue",  # UTC-11
    "America/New_York",
    "America/St_Johns",
    "Africa/Cairo",  # clocks change at midnight
    "America/Santiago",  # clocks change at midnight, southern summer
    "Europe/London",
    "Asia/Kathmandu",
    "Australia/Sydney",
    "Australia/Lord_Howe",  # clocks change by half an hour
    "Pacific/Chatham",
    "Pacific/Kiritimati",  # UTC+14
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def opens(at: datetime, zone: str, calendar: Calendar | None = None, country: str = "GB") -> datetime:
    return (calendar or a_calendar()).next_open(at, ZoneInfo(zone), country, a_policy())


def test_an_instant_inside_the_window_is_open_at_once() -> None:
    assert opens(utc(2026, 3, 2, 12), "Etc/UTC") == utc(2026, 3, 2, 12)


def test_the_window_opens_on_its_first_minute_and_is_shut_on_its_last() -> None:
    assert opens(utc(2026, 3, 2, 9), "Etc/UTC") == utc(2026, 3, 2, 9)
    assert opens(utc(2026, 3, 2, 17, 29, 59), "Etc/UTC") == utc(2026, 3, 2, 17, 29, 59)
    assert opens(utc(2026, 3, 2, 17, 30), "Etc/UTC") == utc(2026, 3, 3, 9)


def test_a_friday_evening_waits_for_monday() -> None:
    assert opens(utc(2026, 3, 6, 18), "Etc/UTC") == utc(2026, 3, 9, 9)


@pytest.mark.parametrize(
    ("at", "zone", "expected"),
    [
        # Clocks go forward on Sunday 29 March 2026 in London, 8 March in New York.
        (utc(2026, 3, 27, 18), "Europe/London", utc(2026, 3, 30, 8)),
        (utc(2026, 3, 6, 23), "America/New_York", utc(2026, 3, 9, 13)),
        # And back on 25 October and 1 November.
        (utc(2026, 10, 23, 18), "Europe/London", utc(2026, 10, 26, 9)),
        (utc(2026, 10, 30, 23), "America/New_York", utc(2026, 11, 2, 14)),
        # Sydney the other way round: forward on 4 October, back on 5 April.
        (utc(2026, 10, 2, 8), "Australia/Sydney", utc(2026, 10, 4, 22)),
        (utc(2026, 4, 3, 8), "Australia/Sydney", utc(2026, 4, 5, 23)),
    ],
)
def test_nine_is_nine_on_the_wall_after_the_clocks_change(
    at: datetime, zone: str, expected: datetime
) -> None:
    assert opens(at, zone) == expected
    assert expected.astimezone(ZoneInfo(zone)).time() == time(9)


def test_nine_is_nine_on_the_very_day_the_clocks_change() -> None:
    policy = a_policy(contact_window=dict.fromkeys(EVERY_DAY, "09:00-17:30"))
    london = ZoneInfo("Europe/London")
    assert a_calendar().next_open(utc(2026, 3, 29, 0), london, "GB", policy) == utc(2026, 3, 29, 8)
    assert a_calendar().next_open(utc(2026, 10, 25, 0), london, "GB", policy) == utc(2026, 10, 25, 9)


def test_a_public_holiday_is_closed() -> None:
    monday = date(2026, 3, 2)
    assert opens(utc(2026, 3, 2, 9), "Etc/UTC", a_calendar(holidays=holidays_on(monday))) == utc(
        2026, 3, 3, 9
    )


def test_a_holiday_is_the_recipients_day_not_the_senders() -> None:
    # Monday noon in London is Tuesday already on Kiritimati.
    calendar = a_calendar(holidays=holidays_on(date(2026, 3, 3)))
    assert opens(utc(2026, 3, 2, 20), "Pacific/Kiritimati", calendar) == utc(2026, 3, 3, 19)


def test_the_businesss_holidays_count_where_the_recipients_country_is_unknown() -> None:
    asked: list[str] = []

    def holidays(country: str, year: int) -> frozenset[date]:
        asked.append(country)
        return frozenset({date(year, 3, 2)})

    assert opens(utc(2026, 3, 2, 9), "Etc/UTC", a_calendar(holidays=holidays), "") == utc(2026, 3, 3, 9)
    assert set(asked) == {"GB"}


def test_a_closed_day_of_the_policy_is_closed() -> None:
    policy = a_policy(closed_days=[date(2026, 3, 2)])
    assert a_calendar().next_open(utc(2026, 3, 2, 9), ZoneInfo("UTC"), "GB", policy) == utc(2026, 3, 3, 9)


def test_a_holiday_next_year_is_looked_up_in_its_own_year() -> None:
    calendar = a_calendar(holidays=holidays_on(date(2027, 1, 1)))
    assert opens(utc(2026, 12, 31, 18), "Etc/UTC", calendar) == utc(2027, 1, 4, 9)


def test_a_policy_that_never_opens_says_so_instead_of_searching_for_ever() -> None:
    closed = [date(2026, 3, 1) + timedelta(days=offset) for offset in range(500)]
    with pytest.raises(NeverOpenError, match=r"standard/1 leaves no moment .* widen contact_window"):
        a_calendar().next_open(utc(2026, 3, 2, 9), ZoneInfo("UTC"), "GB", a_policy(closed_days=closed))


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "../etc/passwd", "Europe/London\0", "/etc/localtime"])
def test_an_unknown_zone_is_the_businesss_own(name: str) -> None:
    assert a_calendar("Europe/London").zone_of(name) == ZoneInfo("Europe/London")


def test_today_is_the_businesss_civil_date() -> None:
    at = utc(2026, 3, 2, 10, 30)
    days = [a_calendar(zone).today(at) for zone in ("Pacific/Niue", "Etc/UTC", "Pacific/Kiritimati")]
    assert days == [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)]


def test_a_day_starts_at_one_where_midnight_is_skipped() -> None:
    # Santiago goes forward at midnight of 6 September 2026.
    start = a_calendar("America/Santiago").start_of(date(2026, 9, 6))
    assert start.astimezone(ZoneInfo("America/Santiago")).time() == time(1)


def test_the_window_closes_on_the_recipients_wall() -> None:
    closes = a_calendar().closes(utc(2026, 3, 30, 9), ZoneInfo("Europe/London"), a_policy())
    assert closes == utc(2026, 3, 30, 16, 30)


@given(
    st.sampled_from(ZONES),
    MOMENTS,
)
def test_the_next_opening_is_inside_the_window_of_the_recipients_day(zone: str, at: datetime) -> None:
    opening = opens(at, zone)
    wall = opening.astimezone(ZoneInfo(zone))
    assert opening >= at
    assert wall.weekday() < 5
    assert time(9) <= wall.time() < time(17, 30)
    assert a_calendar().closes(opening, ZoneInfo(zone), a_policy()) > opening


@given(
    st.sampled_from(ZONES),
    MOMENTS,
)
def test_no_moment_before_the_next_opening_was_open(zone: str, at: datetime) -> None:
    opening = opens(at, zone)
    moment = at
    while moment < opening:
        wall = moment.astimezone(ZoneInfo(zone))
        assert wall.weekday() > 4 or not time(9) <= wall.time() < time(17, 30)
        moment += timedelta(minutes=15)


@given(st.sampled_from(ZONES), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_a_day_starts_on_its_first_instant(zone: str, day: date) -> None:
    calendar = a_calendar(zone)
    start = calendar.start_of(day)
    assert calendar.today(start) == day
    assert calendar.today(start - timedelta(seconds=1)) == day - timedelta(days=1)
