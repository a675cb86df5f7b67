from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.customer import Customer
from tactful.domain.dunning.calendar import Calendar, NeverOpenError
from tactful.domain.dunning.policy import Policy
from tests.support.builders import a_calendar, a_contact, a_customer, a_policy, holidays_on

MINUTE = timedelta(minutes=1)
EVERY_DAY = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ZONES = (
    "Pacific/Niue",  # UTC-11
    "America/New_York",
    "America/St_Johns",
    "Africa/Cairo",  # clocks change at midnight
    "America/Santiago",  # clocks change at midnight, southern summer
    "Europe/London",
    "Antarctica/Troll",  # clocks change by two hours
    "Asia/Kathmandu",  # UTC+5:45
    "Australia/Sydney",
    "Australia/Lord_Howe",  # clocks change by half an hour
    "Pacific/Chatham",
    "Pacific/Kiritimati",  # UTC+14
)
ATLAS = {
    "GB": ("Europe/London",),
    "DE": ("Europe/Berlin", "Europe/Busingen"),
    "US": (
        "America/New_York",
        "America/Detroit",
        "America/Chicago",
        "America/Phoenix",
        "America/Los_Angeles",
    ),
    "RU": ("Europe/Kaliningrad", "Europe/Moscow", "Asia/Omsk", "Asia/Vladivostok", "Asia/Kamchatka"),
    "+1212": ("America/New_York",),
    "+1213": ("America/Los_Angeles",),
    "+1313": ("America/Detroit",),
    "+1800": (),
    "+4930": ("Europe/Berlin",),
}


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def worldly(zone: str = "Europe/London") -> Calendar:
    """A calendar that knows the ATLAS."""
    return replace(
        a_calendar(zone),
        country_zones=lambda country: ATLAS.get(country, ()),
        phone_zones=lambda phone: ATLAS.get(phone, ()),
    )


def from_country(country: str, *phones: str, timezone: str = "") -> Customer:
    return a_customer(*(a_contact(phone=phone) for phone in phones), timezone=timezone, country=country)


def names(calendar: Calendar, customer: Customer) -> list[str]:
    return [zone.key for zone in calendar.zones_of(customer)]


def always(hours: str) -> Policy:
    return a_policy(contact_window=dict.fromkeys(EVERY_DAY, hours))


def opens(at: datetime, zone: str, calendar: Calendar | None = None, country: str = "GB") -> datetime:
    customer = a_customer(timezone=zone, country=country)
    return (calendar or a_calendar()).next_open(at, customer, a_policy())


def test_an_instant_inside_the_window_is_open_at_once() -> None:
    assert opens(utc(2026, 3, 2, 12), "Etc/UTC") == utc(2026, 3, 2, 12)


def test_the_window_opens_on_its_first_minute_and_is_shut_on_its_last() -> None:
    assert opens(utc(2026, 3, 2, 9), "Etc/UTC") == utc(2026, 3, 2, 9)
    assert opens(utc(2026, 3, 2, 17, 29, 59), "Etc/UTC") == utc(2026, 3, 2, 17, 29, 59)
    assert opens(utc(2026, 3, 2, 17, 30), "Etc/UTC") == utc(2026, 3, 3, 9)


def test_a_friday_evening_waits_for_monday() -> None:
    assert opens(utc(2026, 3, 6, 18), "Etc/UTC") == utc(2026, 3, 9, 9)


def test_an_instant_told_in_another_zone_is_the_same_instant() -> None:
    sunday_on_kiritimati = datetime(2026, 3, 8, 1, tzinfo=ZoneInfo("Pacific/Kiritimati"))
    saturday = utc(2026, 3, 7, 11)
    assert a_calendar().next_open(sunday_on_kiritimati, a_customer(), always("09:00-17:30")) == saturday


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


def test_a_public_holiday_is_closed() -> None:
    calendar = a_calendar(holidays=holidays_on(date(2026, 3, 2)))
    assert opens(utc(2026, 3, 2, 9), "Etc/UTC", calendar) == utc(2026, 3, 3, 9)
    assert not calendar.is_open(utc(2026, 3, 2, 9), a_customer(), a_policy())


def test_a_holiday_is_the_recipients_day_not_the_senders() -> None:
    # Monday noon in London is Tuesday already on Kiritimati.
    calendar = a_calendar(holidays=holidays_on(date(2026, 3, 3)))
    assert opens(utc(2026, 3, 2, 20), "Pacific/Kiritimati", calendar) == utc(2026, 3, 3, 19)


@pytest.mark.parametrize(
    ("country", "region", "asked_for"),
    [("DE", "BY", ("DE", "BY")), ("DE", "", ("DE", "")), ("", "", ("GB", "SCT")), ("", "BY", ("GB", "SCT"))],
)
def test_holidays_are_those_of_the_clients_region_or_of_the_business_where_its_country_is_unknown(
    country: str, region: str, asked_for: tuple[str, str]
) -> None:
    def holidays(*place_and_year: str | int) -> frozenset[date]:
        return frozenset({date(2026, 3, 2)} if place_and_year == (*asked_for, 2026) else ())

    calendar = replace(a_calendar(holidays=holidays), business_region="SCT")
    customer = replace(a_customer(country=country), region=region)
    assert calendar.next_open(utc(2026, 3, 2, 9), customer, a_policy()) == utc(2026, 3, 3, 9)


def test_a_closed_day_of_the_policy_is_closed() -> None:
    policy = a_policy(closed_days=[date(2026, 3, 2)])
    assert a_calendar().next_open(utc(2026, 3, 2, 9), a_customer(), policy) == utc(2026, 3, 3, 9)


def test_policies_and_clients_that_differ_never_share_an_answer() -> None:
    calendar, at = a_calendar(holidays=holidays_on()), utc(2026, 3, 2, 8)
    closed = a_policy(closed_days=[date(2026, 3, 2)])
    later = always("10:00-12:00")
    answers = [calendar.next_open(at, a_customer(), policy) for policy in (a_policy(), closed, later)]
    assert answers == [utc(2026, 3, 2, 9), utc(2026, 3, 3, 9), utc(2026, 3, 2, 10)]
    assert opens(at, "Asia/Kathmandu", calendar) == at


def test_a_holiday_next_year_is_looked_up_in_its_own_year() -> None:
    calendar = a_calendar(holidays=holidays_on(date(2027, 1, 1)))
    assert opens(utc(2026, 12, 31, 18), "Etc/UTC", calendar) == utc(2027, 1, 4, 9)


def test_a_policy_that_never_opens_says_so_instead_of_searching_for_ever() -> None:
    closed = [date(2026, 3, 1) + timedelta(days=offset) for offset in range(500)]
    with pytest.raises(NeverOpenError, match=r"standard/1 leaves no moment .* widen contact_window"):
        a_calendar().next_open(utc(2026, 3, 2, 9), a_customer(), a_policy(closed_days=closed))


def test_a_policy_that_is_closed_for_a_year_opens_after_it() -> None:
    closed = [date(2026, 3, 2) + timedelta(days=offset) for offset in range(390)]
    opening = a_calendar().next_open(utc(2026, 3, 2, 9), a_customer(), a_policy(closed_days=closed))
    assert opening == utc(2027, 3, 29, 9)


def test_a_country_too_wide_for_the_window_never_opens_and_that_is_found_out_in_a_week() -> None:
    looked_at: list[int] = []

    def holidays(country: str, region: str, year: int) -> frozenset[date]:
        del country, region
        looked_at.append(year)
        return frozenset()

    calendar = replace(worldly(), public_holidays=holidays)
    for _ in range(3):
        with pytest.raises(NeverOpenError, match=r"Europe/Kaliningrad, .* say the client's time zone"):
            calendar.next_open(utc(2026, 3, 2, 9), from_country("RU"), a_policy())
    assert len(looked_at) < 100


def test_a_country_too_wide_for_most_days_opens_on_the_day_whose_window_is_wide_enough() -> None:
    window = dict.fromkeys(EVERY_DAY, "09:00-17:30") | {"wednesday": "08:00-20:00"}
    policy = a_policy(contact_window=window)
    wednesday = (utc(2026, 3, 4, 6), utc(2026, 3, 4, 8))
    opening = worldly().next_open(utc(2026, 3, 2, 9), from_country("RU"), policy)
    assert (opening, worldly().closes(opening, from_country("RU"), policy)) == wednesday


def test_clocks_that_are_close_for_some_weeks_a_year_have_common_hours_in_those() -> None:
    # From 8 to 29 March and from 25 October to 1 November 2026 New York is four hours behind London, not five.
    atlas = {"XX": ("Europe/London", "America/New_York")}
    calendar = replace(a_calendar(), country_zones=atlas.__getitem__)
    window = dict.fromkeys(EVERY_DAY[:5], "09:00-13:30")
    asked = (utc(2026, 1, 5), utc(2026, 3, 28), utc(2026, 11, 1))
    answers = [calendar.next_open(at, from_country("XX"), a_policy(contact_window=window)) for at in asked]
    assert answers == [utc(2026, 3, 9, 13), utc(2026, 10, 26, 13), utc(2027, 3, 15, 13)]


@pytest.mark.parametrize(
    "name", ["", "Nowhere/Land", "../etc/passwd", "Europe/London\0", "/etc/localtime", "Europe"]
)
def test_an_unknown_zone_is_the_businesss_own(name: str) -> None:
    assert names(a_calendar("Europe/London"), a_customer(timezone=name)) == ["Europe/London"]


@pytest.mark.parametrize(
    ("customer", "expected"),
    [
        # The address narrowed to the area code, two contacts in two places, a number without a place.
        (from_country("US", "+1213"), ["America/Los_Angeles"]),
        (from_country("US", "+1212", "+1213"), ["America/New_York", "America/Los_Angeles"]),
        (from_country("US", "+1800", "+1213"), ["America/Los_Angeles"]),
        # A zone with another name and the same clock.
        (from_country("US", "+1313"), ["America/New_York"]),
        # The address wins over a number from elsewhere.
        (from_country("GB", "+1212"), ["Europe/London"]),
        (from_country("DE", "+1212"), ["Europe/Berlin"]),
        (from_country("RU", "+1212"), list(ATLAS["RU"])),
        # The number alone; nothing at all.
        (from_country("", "+1213"), ["America/Los_Angeles"]),
        (from_country("", "+1800"), ["Asia/Kathmandu"]),
        (from_country(""), ["Asia/Kathmandu"]),
        (from_country("ZZ"), ["Asia/Kathmandu"]),
        # What was stated wins over all.
        (from_country("US", "+1212", timezone="America/Denver"), ["America/Denver"]),
        (from_country("US", "+1212", timezone="Nowhere/Land"), ["America/New_York"]),
    ],
)
def test_a_client_may_be_where_its_address_and_its_numbers_say(
    customer: Customer, expected: list[str]
) -> None:
    assert names(worldly("Asia/Kathmandu"), customer) == expected


def test_a_client_known_by_country_alone_may_be_in_each_of_its_zones_once_also_at_home() -> None:
    everywhere = ["America/New_York", "America/Chicago", "America/Phoenix", "America/Los_Angeles"]
    home = replace(worldly("America/New_York"), business_country="US")
    assert names(worldly(), from_country("US")) == names(home, from_country("US")) == everywhere


def test_a_client_who_may_be_in_several_zones_is_contacted_while_the_window_is_open_in_all() -> None:
    calendar, client, policy = worldly(), from_country("US"), a_policy()
    # Nine in Los Angeles, half past five in New York; in Phoenix it is an hour less than in Denver.
    opening = calendar.next_open(utc(2026, 7, 6, 9), client, policy)
    assert opening == utc(2026, 7, 6, 16)
    assert calendar.closes(opening, client, policy) == utc(2026, 7, 6, 21, 30)
    assert calendar.is_open(opening, client, policy)
    assert not calendar.is_open(opening - MINUTE, client, policy)
    assert calendar.next_open(utc(2026, 7, 10, 21, 30), client, policy) == utc(2026, 7, 13, 16)


def test_a_holiday_on_one_of_the_dates_a_client_may_have_is_closed() -> None:
    atlas = {"XX": ("Pacific/Auckland", "Pacific/Honolulu")}
    calendar = replace(a_calendar(holidays=holidays_on(date(2026, 3, 4))), country_zones=atlas.__getitem__)
    openings_at = [
        calendar.next_open(utc(2026, 3, day), from_country("XX"), always("06:00-22:00"))
        for day in (2, 3, 4, 5)
    ]
    # Both windows are open from 17:00 to 08:00 UTC. The fourth lasts from 11:00 UTC on the third in Auckland until
    # 10:00 UTC on the fifth in Honolulu.
    assert openings_at == [utc(2026, 3, 2), utc(2026, 3, 3), utc(2026, 3, 5, 17), utc(2026, 3, 5, 17)]


def test_an_instant_outside_closes_at_once() -> None:
    assert a_calendar().closes(utc(2026, 3, 1, 9), a_customer(), a_policy()) == utc(2026, 3, 1, 9)
    assert a_calendar().closes(utc(2026, 3, 2, 8), a_customer(), a_policy()) == utc(2026, 3, 2, 8)


def test_the_window_closes_on_the_recipients_wall() -> None:
    closes = a_calendar().closes(utc(2026, 3, 30, 9), a_customer(timezone="Europe/London"), a_policy())
    assert closes == utc(2026, 3, 30, 16, 30)


def test_a_calendar_that_has_answered_is_the_same_calendar() -> None:
    asked, unasked = a_calendar(), a_calendar()
    before = repr(asked)
    asked.next_open(utc(2026, 3, 2), from_country("GB"), a_policy())
    asked.start_of(date(2026, 3, 2))
    assert (asked, hash(asked), repr(asked)) == (unasked, hash(unasked), before)


def test_today_is_the_businesss_civil_date() -> None:
    at = utc(2026, 3, 2, 10, 30)
    days = [a_calendar(zone).today(at) for zone in ("Pacific/Niue", "Etc/UTC", "Pacific/Kiritimati")]
    assert days == [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)]


def test_today_changes_on_the_quarter_hour_where_midnight_lies_on_it() -> None:
    kathmandu = a_calendar("Asia/Kathmandu")
    assert kathmandu.today(utc(2026, 3, 2, 18, 14, 59)) == date(2026, 3, 2)
    assert kathmandu.today(utc(2026, 3, 2, 18, 15)) == date(2026, 3, 3)


def test_a_day_starts_at_one_where_midnight_is_skipped() -> None:
    # Santiago goes forward at midnight of 6 September 2026.
    start = a_calendar("America/Santiago").start_of(date(2026, 9, 6))
    assert start.astimezone(ZoneInfo("America/Santiago")).time() == time(1)


@given(st.sampled_from(ZONES), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_a_day_starts_on_its_first_instant(zone: str, day: date) -> None:
    calendar = a_calendar(zone)
    start = calendar.start_of(day)
    assert calendar.today(start) == day
    assert calendar.today(start - timedelta(seconds=1)) == day - timedelta(days=1)


def test_nobody_can_be_expected_to_pay_on_weekends_holidays_and_closed_days() -> None:
    monday = date(2026, 3, 2)
    calendar = a_calendar(holidays=holidays_on(monday + timedelta(days=1)))
    policy = a_policy(closed_days=[monday + timedelta(days=3)], contact_window={"tuesday": "09:00-10:00"})
    is_open = calendar.working_days_of(a_customer(), policy)
    assert [is_open(monday + timedelta(days=later)) for later in range(7)] == [
        True,
        False,
        True,
        False,
        True,
        False,
        False,
    ]


def test_the_holidays_of_a_working_day_are_those_of_the_business_where_the_clients_place_is_unknown() -> None:
    asked: list[tuple[str, str]] = []

    def public_holidays(country: str, region: str, year: int) -> frozenset[date]:
        assert year == 2026
        asked.append((country, region))
        return frozenset()

    calendar = Calendar(ZoneInfo("UTC"), "DE", public_holidays, business_region="BY")
    for customer in (a_customer(country=""), replace(a_customer(country="GB"), region="SCT")):
        assert calendar.working_days_of(customer, a_policy())(date(2026, 3, 2))
    assert asked == [("DE", "BY"), ("GB", "SCT")]
