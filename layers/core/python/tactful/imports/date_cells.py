"""One date as it is written, in every way in which it could be meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tactful.imports.upload_settings import DateOrder

YEARS = range(1990, 2100)
"""What lies outside is a slip of the pen, a placeholder, or no date at all."""

_SHOWN = 40
_LONGEST = 80
# Two digits mean the years from 1990 to 2089.
_FIRST_OF_LAST_CENTURY = 90
_NOTHING: Mapping[DateOrder, date] = {}
# Day 60 of this calendar is 29 February 1900, which never was: from March 1900 on, days count from here.
_SERIAL_EPOCH = date(1899, 12, 30)

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_TIME = re.compile(
    r"(?:T|[,\s]\s*(?:at\s+|um\s+|\u00e0\s+)?)(?:[01]?[0-9]|2[0-4])(?:[:h.][0-5][0-9](?:[:.][0-6][0-9](?:[.,][0-9]{1,9})?)?"
    r"\s*(?:[ap]\.?\s?m\.?)?|\s*[ap]\.?\s?m\.?|[0-5][0-9][0-5][0-9])"
    r"\s*(?:Z|(?:UTC|GMT)?\s*[+-][0-9]{2}(?::?[0-9]{2}){0,2}|[A-Z]{2,5})?\s*(?:\([\w\s]*\))?",
    re.IGNORECASE,
)
# What machines write after a day, to be taken off quickly.
_TIMED = re.compile(
    r"([0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4})[T ](?:[01]?[0-9]|2[0-4]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
    r"(?:Z| [AP]M|[+-][0-9]{2}:?[0-9]{2})?"
)
_PLAIN = re.compile(r"([0-9]{1,4})(?P<mark>[-/. ]) ?([0-9]{1,2})(?P=mark) ?([0-9]{1,4})\.?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:\.0)?")
_SERIAL = re.compile(r"([0-9]{5})(?:[.,][0-9]+)?")
_WORDS = re.compile(r"[0-9]+|[^\W\d_]+|\S")
_LETTERS_APART = re.compile(r"[\s.,/'\u2019-]")

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janner jann janv janvier ene enero",
            "feb february februar feber febr fev fevr fevrier febrero",
            "mar march marz maerz mrz mars marzo",
            "apr april avr avril abr abril",
            "may mai mayo",
            "jun june juni juin junio",
            "jul july juli juil juillet julio",
            "aug august aout ago agosto",
            "sep sept september septembre septiembre setiembre",
            "oct october okt oktober octobre octubre",
            "nov november novembre noviembre",
            "dec december dez dezember decembre dic diciembre",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAYS = frozenset(
    name
    for names in (
        "mon monday tue tues tuesday wed weds wednesday thu thur thurs thursday fri friday sat saturday sun sunday",
        "mo montag di dienstag mi mittwoch do donnerstag fr freitag sa samstag sonnabend so sonntag",
        "lun lundi mardi mer mercredi jeu jeudi ven vendredi sam samedi dim dimanche",
        "lunes martes mie miercoles jue jueves vie viernes sab sabado dom domingo",
    )
    for name in names.split()
)
_FILLERS = frozenset(("of", "the", "de", "del", "le", "el", "den", "der", "am"))
_ORDINALS = frozenset(("st", "nd", "rd", "th", "er", "o", "a"))


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date.

    `style` is how it is written: with YYYY or YY for the year, ? where day and month stand in an order that the style
    does not tell. `readings` has the days it can be by the order of its parts, `day` the one day of other styles.
    """

    style: str
    day: date | None = None
    readings: Mapping[DateOrder, date] = field(default_factory=dict)
    parts: tuple[int, int, int] = (0, 0, 0)


SERIAL = "serial number"
COMPACT = "YYYYMMDD"
BY_NAME = "D MONTH YYYY"
TWO_DIGIT_YEAR = "YY"


def shown(text: str) -> str:
    """A cell as a message shows it."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def day_part(text: str) -> str:
    """The text without the time of day, if it is one of the common ways to write that."""
    timed = _TIMED.fullmatch(text)
    return timed[1] if timed else text


def written_date(text: str) -> WrittenDate:
    """The date in a cell, whatever time of day follows it. Raises ValueError for what is no date."""
    plain = _PLAIN.fullmatch(text)
    if plain is None:
        if len(text) > _LONGEST:
            raise _no_date(text)
        said = _without_weekday(" ".join(_DASHES.sub("-", _INVISIBLE.sub("", text)).split()))
        for part in dict.fromkeys((_without_time(said), said)):
            if found := _compact(part) or _by_name(part, text):
                return found
            if plain := _PLAIN.fullmatch(part):
                break
        else:
            raise _no_date(text)
    return _numeric(plain, text)


def _without_weekday(said: str) -> str:
    """The text after the weekday that it begins with, if the month is a number; by name, the weekday does no harm."""
    first, _, rest = said.partition(" ")
    return rest if rest[:1].isdecimal() and first.casefold().rstrip(".,") in _WEEKDAYS else said


def _without_time(said: str) -> str:
    """The text before its time of day."""
    for found in _TIME.finditer(said):
        if found.end() == len(said):
            return said[: found.start()]
    return said


def _compact(said: str) -> WrittenDate | None:
    if (found := _COMPACT.fullmatch(said)) and (day := _day(*map(int, found.groups()))):
        return WrittenDate(COMPACT, day)
    if (found := _SERIAL.fullmatch(said)) and (day := _SERIAL_EPOCH + timedelta(int(found[1]))).year in YEARS:
        return WrittenDate(SERIAL, day)
    return None


def _numeric(found: re.Match[str], text: str) -> WrittenDate:
    """Three numbers: the year stands where there are four digits, or else at the end or beginning."""
    first, mark, second, last = found.groups()
    one, two, three = int(first), int(second), int(last)
    parts = (one, two, three)
    if len(first) == 4 and len(last) <= 2:  # noqa: PLR2004 - the digits of a year, and of a day
        style = mark.join(("YYYY", "?", "?"))
        possible = {DateOrder.YEAR_FIRST: _day(one, two, three), DateOrder.DAY_FIRST: _day(one, three, two)}
        years = {one}
    elif len(first) <= 2 and len(last) == 4:  # noqa: PLR2004 - as above
        style = mark.join(("?", "?", "YYYY"))
        possible = {DateOrder.DAY_FIRST: _day(three, two, one), DateOrder.MONTH_FIRST: _day(three, one, two)}
        years = {three}
    elif len(first) <= 2 and len(last) == 2:  # noqa: PLR2004 - as above
        style = mark.join(("?", "?", TWO_DIGIT_YEAR))
        year = _full_year(three)
        possible = {DateOrder.DAY_FIRST: _day(year, two, one), DateOrder.MONTH_FIRST: _day(year, one, two)}
        if len(first) == 2:  # noqa: PLR2004 - as above
            possible[DateOrder.YEAR_FIRST] = _day(_full_year(one), two, three)
        years = {year}
    else:
        raise _no_date(text)
    readings = {order: day for order, day in possible.items() if day is not None}
    if not readings:
        raise _no_such_day(text, years)
    return WrittenDate(style, readings=readings, parts=parts)


def _by_name(said: str, text: str) -> WrittenDate | None:
    """A date with the month in letters, the year last or, with four digits, first; None if it is none."""
    if not any(letter.isalpha() for letter in said):
        return None
    folded = unicodedata.normalize("NFKD", said.casefold())
    words = _WORDS.findall("".join(letter for letter in folded if not unicodedata.combining(letter)))
    numbers: list[str] = []
    month_at = month = 0
    is_after_number = may_be_tuesday = False
    for word in words:
        if word.isascii() and word.isdecimal():
            numbers.append(word)
            is_after_number = True
            continue
        named = _MONTHS.get(word)
        # A French or Spanish Tuesday looks like March.
        if named and (not month or may_be_tuesday):
            month, month_at, may_be_tuesday = named, len(numbers), not month and word == "mar"
        elif not (
            word in _WEEKDAYS
            or word in _FILLERS
            or (word in _ORDINALS and is_after_number)
            or _LETTERS_APART.fullmatch(word)
        ):
            return None
        is_after_number = False
    if not month or len(numbers) != 2:  # noqa: PLR2004 - day and year
        return None
    first, last = numbers
    if len(first) == 4 and month_at == 1:  # noqa: PLR2004 - the digits of a year
        first, last = last, first
    if len(first) > 2 or len(last) not in (2, 4) or month_at == 2:  # noqa: PLR2004 - digits of day and year
        return None
    year = _full_year(int(last)) if len(last) == 2 else int(last)  # noqa: PLR2004 - as above
    day = _day(year, month, int(first))
    if day is None:
        raise _no_such_day(text, {year})
    return WrittenDate(BY_NAME, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _full_year(two_digits: int) -> int:
    return two_digits + (1900 if two_digits >= _FIRST_OF_LAST_CENTURY else 2000)


def _no_such_day(text: str, years: set[int]) -> ValueError:
    if years == {0}:
        return _no_date(text)
    if all(year in YEARS for year in years):
        return ValueError(f"{shown(text)}: there is no such day in the calendar: correct it")
    return ValueError(f"{shown(text)} is not in the years {YEARS.start} to {YEARS.stop - 1}: correct it")


def _no_date(text: str) -> ValueError:
    if text.startswith("#"):
        return ValueError(f"{shown(text)} is an error of a spreadsheet, not a date: correct the cell")
    if text and not text.strip("0-/. :T"):
        return ValueError(f"{shown(text)} is no day: fill in the date, or leave the cell empty")
    return ValueError(f"{shown(text)} is not a date such as 2026-03-31")
