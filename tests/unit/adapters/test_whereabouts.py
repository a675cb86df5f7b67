from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from tactful.adapters.whereabouts import zones_of_country, zones_of_phone
from tactful.domain.dunning.calendar import Calendar
from tests.support.builders import a_contact, a_customer


def test_a_country_with_one_zone_has_that_one() -> None:
    assert zones_of_country("GB") == ("Europe/London",)


def test_a_wide_country_has_all_its_zones() -> None:
    assert {"America/New_York", "America/Phoenix", "Pacific/Honolulu"} <= set(zones_of_country("US"))


@pytest.mark.parametrize("country", ["", "ZZ", "us", "USA", "001"])
def test_an_unknown_country_has_no_zones(country: str) -> None:
    assert zones_of_country(country) == ()


@pytest.mark.parametrize(
    ("phone", "zones"),
    [
        ("+12125550100", ("America/New_York",)),
        ("+12135550100", ("America/Los_Angeles",)),
        ("+15145550100", ("America/Toronto",)),
        ("+12425021234", ("America/Nassau",)),
        ("+34928123456", ("Atlantic/Canary",)),
        ("+61291234567", ("Australia/Sydney",)),
        ("+442079460018", ("Europe/London",)),
        ("+5511912345678", ("America/Sao_Paulo",)),
    ],
)
def test_an_area_code_tells_the_zone(phone: str, zones: tuple[str, ...]) -> None:
    assert zones_of_phone(phone) == zones


def test_an_area_code_in_two_zones_tells_only_the_one_that_the_library_knows() -> None:
    assert zones_of_phone("+18502221234") == ("America/New_York",)


@pytest.mark.parametrize(
    ("phone", "country"),
    [("+447400123456", "GB"), ("+77011234567", "KZ"), ("+79161234567", "RU"), ("+61412345678", "AU")],
)
def test_a_mobile_number_without_an_area_may_be_anywhere_in_its_country(phone: str, country: str) -> None:
    assert zones_of_phone(phone) == zones_of_country(country)


@pytest.mark.parametrize(
    "phone",
    [
        "+18002221234",  # toll-free
        "+448081570000",
        "+80012345678",  # toll-free in every country
        "+870773111632",  # a satellite
        "+441632960001",  # reserved for films
        "+999",
        "12125550100",
        "",
    ],
)
def test_a_number_without_a_place_tells_no_zone(phone: str) -> None:
    assert zones_of_phone(phone) == ()


@pytest.mark.parametrize(
    ("country", "phone", "zones"),
    [
        ("US", "+12135550100", ["America/Los_Angeles"]),
        ("", "+12135550100", ["America/Los_Angeles"]),
        ("GB", "+12135550100", ["Europe/London"]),
        ("ES", "+18002221234", ["Europe/Madrid", "Atlantic/Canary"]),
        (
            "US",
            "+18002221234",
            [
                "America/New_York",
                "America/Chicago",
                "America/Denver",
                "America/Phoenix",
                "America/Los_Angeles",
                "America/Anchorage",
                "America/Adak",
                "Pacific/Honolulu",
            ],
        ),
    ],
)
def test_a_calendar_finds_the_handful_of_clocks_a_client_may_have(
    country: str, phone: str, zones: list[str]
) -> None:
    calendar = Calendar(ZoneInfo("Etc/UTC"), country_zones=zones_of_country, phone_zones=zones_of_phone)
    customer = a_customer(a_contact(phone=phone), country=country, timezone="")
    assert [zone.key for zone in calendar.zones_of(customer)] == zones
