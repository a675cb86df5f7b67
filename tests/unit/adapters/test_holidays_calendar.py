from __future__ import annotations

from datetime import date

import pytest

from tactful.adapters.holidays_calendar import public_holidays

CORPUS_CHRISTI = date(2026, 6, 4)


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("GB", date(2026, 4, 3)),
        ("GB", date(2026, 12, 28)),
        ("US", date(2026, 11, 26)),
        ("DE", date(2026, 10, 3)),
        ("JP", date(2026, 11, 23)),
    ],
)
def test_a_public_holiday_is_known_also_where_it_moves(country: str, day: date) -> None:
    assert day in public_holidays(country, "", day.year)


def test_a_holiday_of_one_region_is_one_there_and_not_in_the_country() -> None:
    assert CORPUS_CHRISTI in public_holidays("DE", "BY", 2026)
    assert CORPUS_CHRISTI not in public_holidays("DE", "BE", 2026)
    assert CORPUS_CHRISTI not in public_holidays("DE", "", 2026)


@pytest.mark.parametrize(
    ("country", "region", "day"),
    [
        ("GB", "SCT", date(2026, 11, 30)),  # Saint Andrew
        ("US", "CA", date(2026, 3, 31)),  # Cesar Chavez
        ("MY", "10", date(2026, 12, 11)),  # the Sultan of Selangor
    ],
)
def test_regions_go_by_their_iso_codes_of_letters_and_digits(country: str, region: str, day: date) -> None:
    assert day in public_holidays(country, region, day.year) - public_holidays(country, "", day.year)


@pytest.mark.parametrize(("country", "region"), [("US", "AR"), ("AU", "TAS"), ("DE", "BY")])
def test_a_region_has_the_nationwide_holidays_also_if_it_works_on_some(country: str, region: str) -> None:
    assert public_holidays(country, "", 2026) <= public_holidays(country, region, 2026)


@pytest.mark.parametrize("region", ["XX", "by", "Bavaria", "Augsburg", "DE-BY", "__name__", "B\n"])
def test_an_unknown_region_has_the_nationwide_holidays(region: str) -> None:
    assert public_holidays("DE", region, 2026) == public_holidays("DE", "", 2026)


@pytest.mark.parametrize("region", ["", "BY"])
@pytest.mark.parametrize("country", ["", "ZZ", "XX", "de", "Germany", "DEU", "date", "__name__", "D1"])
def test_an_unknown_country_has_no_holidays(country: str, region: str) -> None:
    assert public_holidays(country, region, 2026) == frozenset()


def test_a_year_beyond_what_a_country_has_fixed_has_the_holidays_that_are_sure_and_no_warning() -> None:
    assert date(2048, 1, 26) in public_holidays("IN", "", 2048)


@pytest.mark.parametrize("region", ["", "CA"])
@pytest.mark.parametrize("year", [1999, 2026, 2040])
def test_holidays_lie_in_the_year_that_was_asked_for(year: int, region: str) -> None:
    assert {day.year for day in public_holidays("US", region, year)} == {year}
