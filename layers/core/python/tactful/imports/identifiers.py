"""What tells invoices and customers apart: text, kept letter by letter, and what spreadsheets do to it."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from itertools import pairwise

_LONGEST_NUMBER = 100
_LONGEST_NAME = 200
_SHOWN = 40
_MOST_WARNINGS = 10

# Lone surrogates cannot be written as UTF-8.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_AS_FLOAT = re.compile(r"([0-9]+)\.0")
_AS_POWER = re.compile(r"[0-9](?:[.,][0-9]+)?[eE][+-][0-9]{2,3}")
_AS_FORMULA = re.compile(r'="([^"]*)"')
# What programs and people write where there is nothing.
_NOTHING = frozenset({"n/a", "n.a.", "none", "null", "nil", "nan"})
_ERROR = re.compile(r"#(?:REF|VALUE|NAME|NULL|NUM|DIV/0|SPILL|CALC|BEZUG|WERT|VALEUR|NOMBRE)[!?]|#N/A|#NV")
# A spreadsheet calculates what starts so, also behind blanks and in the full width of East Asian letters.
_FORMULA = r"(?:[\s\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])"
_CALCULATED = re.compile(f"'*{_FORMULA}")
_NEUTRAL = re.compile(f"'+{_FORMULA}")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[., ][0-9]+)*|\+[0-9][0-9 ]*")
_FIRST_ZEROS = re.compile(r"([^0-9]*)0+(?=[0-9])")
_HALF = (1 << 32) - 1


def invoice_number(text: str) -> str:
    """The number of an invoice as it stands, without outer blanks. Raises ValueError for what is none."""
    return _identifier(text if is_number(text) else "", "invoice_number", _LONGEST_NUMBER)


def is_number(text: str) -> bool:
    """Whether a cell can have an invoice's number: "-", "/" and "n/a" stand where there is none yet."""
    return any(map(str.isalnum, text)) and text.strip().casefold() not in _NOTHING


def customer_id(text: str) -> str:
    """What the accounting product knows a customer by, as it stands, without outer blanks. Raises ValueError."""
    return _identifier(text, "customer_id", _LONGEST_NAME)


def customer_name(text: str) -> str:
    """A customer's name in one line. Raises ValueError."""
    name = " ".join(original(text).split())
    _check(name, "customer_name", _LONGEST_NAME)
    return name


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: with an apostrophe before it, if need be."""
    return f"'{cell}" if _CALCULATED.match(cell) and not _NUMBER.fullmatch(cell) else cell


def original(cell: str) -> str:
    """The cell that `neutral` was given."""
    return cell[1:] if _NEUTRAL.match(cell) else cell


class NumberWatch:
    """Notices numbers that differ only by leading zeros, case or blanks: a spreadsheet may have changed one of them.

    `known` are numbers that count as seen before. Remembers 8 bytes and the letters of each number.
    """

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._keys = array("Q")
        self._ends = array("Q")
        self._letters = bytearray()
        for number in known:
            self.see(number)

    def see(self, number: str) -> None:
        """A number of the file."""
        # Half of the key is the same for numbers that look alike, the other half for the same number only.
        alike = hash(_plain(number))
        self._keys.append((alike & _HALF) << 32 | hash(number) & _HALF)
        self._letters += number.encode("utf-8", "replace")
        self._ends.append(len(self._letters))

    def warnings(self) -> tuple[str, ...]:
        """The first ten pairs, then how many more."""
        ordered = sorted(self._keys)
        alike = {one >> 32 for one, other in pairwise(ordered) if one != other and one >> 32 == other >> 32}
        if not alike:
            return ()
        first: dict[str, str] = {}
        warned: dict[tuple[str, str], None] = {}
        start = 0
        for key, end in zip(self._keys, self._ends, strict=True):
            if key >> 32 in alike:
                number = self._letters[start:end].decode()
                other = first.setdefault(_plain(number), number)
                if other != number:
                    warned[other, number] = None
            start = end
        shown = [
            f"{one[:_SHOWN]!r} and {other[:_SHOWN]!r} differ only by zeros, case or blanks: if they are one invoice, "
            f"export again with the numbers as text"
            for one, other in [*warned][:_MOST_WARNINGS]
        ]
        more = len(warned) - len(shown)
        return (*shown, f"{more:,} more pairs of numbers are as alike") if more else tuple(shown)


def _plain(number: str) -> str:
    """A number without blanks, case and its first zeros."""
    plain = "".join(number.casefold().split())
    zeros = _FIRST_ZEROS.match(plain)
    return f"{zeros[1]}{plain[zeros.end() :]}" if zeros else plain


def _identifier(text: str, column: str, longest: int) -> str:
    said = original(text.strip()).strip()
    if formula := _AS_FORMULA.fullmatch(said):
        said = formula[1].strip()
    if found := _AS_FLOAT.fullmatch(said):
        said = found[1]
    if _AS_POWER.fullmatch(said):
        raise ValueError(
            f"{column}: {said[:_SHOWN]!r} was destroyed by a spreadsheet: export again with the column as text"
        )
    _check(said, column, longest)
    return said


def _check(said: str, column: str, longest: int) -> None:
    if not said:
        raise ValueError(f"{column}: it is empty: fill it in")
    if len(said) > longest:
        raise ValueError(f"{column}: it has {len(said):,} characters, and {longest} are the most")
    if _CONTROL.search(said):
        raise ValueError(f"{column}: {said[:_SHOWN]!r} has control characters: take them out")
    if _ERROR.fullmatch(said):
        raise ValueError(f"{column}: {said!r} is an error of a spreadsheet: correct the cell")
