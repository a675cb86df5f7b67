from __future__ import annotations

from datetime import date

import pytest

from tactful.adapters.holidays_calendar import public_holidays


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
    assert day in public_holidays(country, day.year)


def test_a_holiday_of_one_region_is_not_one_of_the_country() -> None:
    corpus_christi_in_bavaria = date(2026, 6, 4)
    assert corpus_christi_in_bavaria not in public_holidays("DE", 2026)


@pytest.mark.parametrize("country", ["", "ZZ", "XX", "de", "Germany", "DEU", "date", "__name__", "D1"])
def test_an_unknown_country_has_no_holidays(country: str) -> None:
    assert public_holidays(country, 2026) == frozenset()


def test_a_year_beyond_what_a_country_has_fixed_has_the_holidays_that_are_sure_and_no_warning() -> None:
    assert date(2048, 1, 26) in public_holidays("IN", 2048)


@pytest.mark.parametrize("year", [1999, 2026, 2040])
def test_holidays_lie_in_the_year_that_was_asked_for(year: int) -> None:
    assert {day.year for day in public_holidays("US", year)} == {year}
