"""From one cell to a value: what cannot be read exactly is refused with what was wanted."""

from __future__ import annotations

import re
from datetime import date
from functools import cache, lru_cache
from zoneinfo import available_timezones

import phonenumbers
from email_validator import EmailNotValidError, validate_email

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_REGION = re.compile(r"[A-Z0-9]{1,3}")
_YES_NO = {"yes": True, "true": True, "no": False, "false": False, "": None}
# Enough for the clients of one file, whose rows repeat their addresses in any order.
_CACHED_ADDRESSES = 2**14


def iso_date(value: object) -> object:
    """A date written as 2026-03-31; Python alone would take 20260331 and week dates, too. Raises ValueError."""
    if isinstance(value, str):
        try:
            if _DATE.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise ValueError(f"{value!r} is not a date such as 2026-03-31")
    return value


def lower(value: object) -> object:
    """A text in lower case; anything else as it is."""
    return value.lower() if isinstance(value, str) else value


def upper(value: object) -> object:
    """A text in upper case; anything else as it is."""
    return value.upper() if isinstance(value, str) else value


def blank_is_none(value: object) -> object:
    """None for an empty cell; anything else as it is."""
    return None if value == "" else value


def yes_or_no(value: object) -> object:
    """True, False, or None for an empty cell. Raises ValueError."""
    if isinstance(value, str):
        try:
            return _YES_NO[value.lower()]
        except KeyError:
            raise ValueError(f"{value!r} is neither yes nor no; leave it empty if nobody knows") from None
    return value


def check_country(country: str) -> None:
    """Raises ValueError for what is no ISO 3166 code in upper case."""
    if country and country not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"country: {country!r} is not an ISO 3166 code such as US")


def check_region(region: str) -> None:
    """Raises ValueError for what cannot be the second part of an ISO 3166-2 code in upper case."""
    if region and not _REGION.fullmatch(region):
        raise ValueError(
            f"region: {region!r} is not what follows the country in an ISO 3166-2 code, such as BY"
        )


def check_timezone(timezone: str) -> None:
    """Raises ValueError for what is no IANA name."""
    if timezone and timezone not in _time_zones():
        raise ValueError(f"timezone: {timezone!r} is not an IANA name such as America/New_York")


@lru_cache(maxsize=_CACHED_ADDRESSES)
def email_address(text: str) -> str:
    """An e-mail address in one form; empty for an empty cell. Raises ValueError."""
    if not text:
        return ""
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(f"email: {error}") from error


@lru_cache(maxsize=_CACHED_ADDRESSES)
def phone_number(text: str, country: str) -> str:
    """A phone number as E.164, read as people in the country write it; empty for an empty cell. Raises ValueError."""
    if not text:
        return ""
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException as error:
        hint = "" if country else "; give the country, or write the number with + and its country code"
        raise ValueError(f"phone: {error}{hint}") from error
    if number.extension or not phonenumbers.is_valid_number(number):
        raise ValueError("phone: not a number that a message can be sent to")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())
