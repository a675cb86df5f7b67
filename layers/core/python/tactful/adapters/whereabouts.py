"""Where a client may be: the time zones of a country and of a phone number."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def zones_of_country(country: str) -> tuple[str, ...]:
    """The IANA names of a country's zones (ISO 3166 alpha-2); empty for an unknown country.

    Source: zone.tab of the IANA time zone database.
    """
    return _zones_by_country().get(country, ())


def zones_of_phone(phone: str) -> tuple[str, ...]:
    """The IANA names of the zones in which a phone number (E.164) is used, by its area code or its country.

    A mobile number has no area in most countries: it may be anywhere in its country. A number without a place
    (toll-free, shared cost, satellite) and one that is not valid give nothing. Source: libphonenumber, which knows
    one zone for an area code that lies in two (+1 850 is in Eastern Time and Central Time, and is answered with
    Eastern), and not where a number was ported to.
    """
    # Imported here: only a client whose zone is unknown needs them.
    from phonenumbers import (  # noqa: PLC0415
        NumberParseException,
        PhoneNumberType,
        is_number_geographical,
        number_type,
        parse,
        region_code_for_number,
    )
    from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_geographical_number  # noqa: PLC0415

    try:
        number = parse(phone)
    except NumberParseException:
        return ()
    kinds = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if number_type(number) not in kinds:
        return ()
    at_home = zones_of_country(region_code_for_number(number) or "")
    if not is_number_geographical(number):
        return at_home
    by_area = [zone for zone in time_zones_for_geographical_number(number) if zone != UNKNOWN_TIMEZONE]
    # An area code that is too new to be known is answered with every zone of its calling code, also abroad.
    return tuple(zone for zone in by_area if zone in at_home) or tuple(by_area)


def dialled(phone: str) -> str:
    """A phone number (E.164) as people dial it, in its country and from abroad; as it is if it cannot be read."""
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse  # noqa: PLC0415

    try:
        number = parse(phone)
    except NumberParseException:
        return phone
    at_home, from_abroad = (
        format_number(number, form) for form in (PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL)
    )
    return f"{at_home} (from abroad {from_abroad})"


@cache
def _zones_by_country() -> dict[str, tuple[str, ...]]:
    zones: dict[str, tuple[str, ...]] = {}
    for line in files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            zones[country] = (*zones.get(country, ()), zone)
    return zones
