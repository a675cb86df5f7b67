"""One amount as it is written, in both ways in which it could be meant."""

from __future__ import annotations

import re
from typing import NamedTuple

from tactful.imports.currencies import currencies_of

_SHOWN = 40
_LONGEST = 100
_APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc\u00b4`]")
_MINUS = re.compile(r"[\u2212\u2010-\u2015\ufe63]")
_CONTROL = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PARTS = re.compile(r"(?P<before>[^0-9]*?)(?P<number>[.,]?[0-9](?:[0-9.,' ]*[0-9])?)(?P<after>[^0-9]*)")
_PLAIN = re.compile(r"(-?)([0-9]{1,40}(\.(?:[0-9]{1,2}|[0-9]{4,20}))?)")
_ENGLISH = re.compile(r"(-?)([1-9][0-9]{0,2}(?:,[0-9]{3}){1,6}\.[0-9]{1,2})")
_POWER = re.compile(r"[+-]?[0-9.,]+[eE][+-]?[0-9]+")
_GROUPED = {
    sign: re.compile(rf"[1-9][0-9]{{0,2}}(?:{re.escape(sign)}[0-9]{{3}})+") for sign in (",", ".", " ", "'")
}
# Credits in reports. Other cases of the letters are crores, ten millions, in India.
_OF_CREDIT = {"CR": "-", "DR": ""}
# 1,18,000: thousands, then hundreds of thousands and tens of millions.
_INDIAN = re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}")
_DIGITS = re.compile(r"[0-9]+")


class WrittenAmount(NamedTuple):
    """An amount.

    `sign` is "-" or empty; `if_point` and `if_comma` the plain number if that is the decimal mark, None where it
    cannot be; `has_signs` says whether anything but digits stands in the number; `currencies` are those that it could
    be in by its symbol or code, None if it has none.
    """

    sign: str
    if_point: str | None
    if_comma: str | None
    has_signs: bool
    currencies: frozenset[str] | None


def shown(text: str) -> str:
    """A cell as a message shows it."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def written_amount(text: str) -> WrittenAmount:
    """The amount in a cell. Raises ValueError for what is no amount, or could be read in more than these two ways.

    A lone dash is nothing, as spreadsheets format it; CR after a number is a credit, DR is not.
    """
    if simple := _PLAIN.fullmatch(text):
        number = simple[2]
        has_point = simple[3] is not None
        return WrittenAmount(simple[1], number, None if has_point else number, has_point, None)
    if simple := _ENGLISH.fullmatch(text):
        return WrittenAmount(simple[1], simple[2].replace(",", ""), None, has_signs=True, currencies=None)
    if len(text) > _LONGEST:
        raise ValueError(f"{shown(text)} is too long for an amount")
    said = text if text.isascii() else _CONTROL.sub("", _MINUS.sub("-", text))
    said = " ".join(_APOSTROPHES.sub("'", said).split())
    found = _PARTS.fullmatch(said)
    if not found:
        return _nothing(said, text)
    number = found["number"]
    if_point, if_comma = _number(number, ".", ","), _number(number, ",", ".")
    if if_point is None and if_comma is None:
        raise _no_amount(text)
    sign, currencies = _around(found["before"], found["after"], text)
    return WrittenAmount(sign, if_point, if_comma, not number.isdecimal(), currencies)


def _number(number: str, mark: str, group: str) -> str | None:
    """The number in plain form if one sign is the decimal mark, None if it cannot be that."""
    whole, has_mark, decimals = number.partition(mark)
    if has_mark and not _DIGITS.fullmatch(decimals):
        return None
    if whole and not _DIGITS.fullmatch(whole):
        grouped = any(_GROUPED[sign].fullmatch(whole) for sign in (group, " ", "'"))
        if not grouped and not (mark == "." and _INDIAN.fullmatch(whole)):
            return None
        whole = "".join(digit for digit in whole if digit.isdecimal())
    return f"{whole or 0}{'.' if has_mark else ''}{decimals}"


def _around(before: str, after: str, text: str) -> tuple[str, frozenset[str] | None]:
    """The sign and the currencies that stand around a number."""
    signs = 0
    words = []
    is_in_brackets = "(" in before or ")" in after
    if is_in_brackets:
        if before.count("(") != 1 or after.count(")") != 1 or "(" in after or ")" in before:
            raise _no_amount(text)
        before, after = before.replace("(", " "), after.replace(")", " ")
    credit = after.split()[-1] if after.split() else ""
    if credit in _OF_CREDIT:
        after = after[: after.rindex(credit)]
    for part in (before, after):
        signs += sum(part.count(sign) for sign in "+-")
        if word := part.translate({ord("+"): " ", ord("-"): " "}).strip():
            words += [word]
    if signs + is_in_brackets + (credit in _OF_CREDIT) > 1 or "+" in after:
        raise ValueError(f"{shown(text)} has more than one sign: write it as -12.00 or 12.00")
    is_negative = is_in_brackets or "-" in before + after or _OF_CREDIT.get(credit) == "-"
    return "-" if is_negative else "", _currencies(words, text)


def _currencies(words: list[str], text: str) -> frozenset[str] | None:
    found: frozenset[str] | None = None
    for word in words:
        possible = currencies_of(word)
        if possible is None:
            raise _no_amount(text)
        found = possible if found is None else found & possible
        if not found:
            raise ValueError(f"{shown(text)} names two currencies: leave one of them")
    return found


def _nothing(said: str, text: str) -> WrittenAmount:
    """A dash that stands for nothing, with or without a currency."""
    word = said.replace("-", " ").strip(" ()")
    currencies = currencies_of(word) if word else None
    if "-" not in said or (word and currencies is None):
        raise _no_amount(text)
    return WrittenAmount("", "0", "0", has_signs=False, currencies=currencies)


def _no_amount(text: str) -> ValueError:
    if _POWER.fullmatch(text.strip()):
        return ValueError(f"{shown(text)} was rounded by a spreadsheet: export again with the column as text")
    if text.startswith("#"):
        return ValueError(f"{shown(text)} is an error of a spreadsheet: correct the cell")
    return ValueError(f"{shown(text)} is not an amount such as 1050.00")
