"""Amounts as files write them: which sign parts major from minor units is decided over all amounts of a file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tactful.domain.book.money import Money, digits_of, parse_money
from tactful.imports.amount_cells import WrittenAmount, shown, written_amount
from tactful.imports.currencies import currency_code
from tactful.imports.profile import Field
from tactful.imports.statement import UnreadableFileError
from tactful.imports.upload_settings import DecimalMark

__all__ = ["AmountEvidence", "AmountFormat", "currency_code", "decide_mark"]

_REMEMBERED = 2**14
_EXAMPLES = 2
_WHOLE_UNITS = 0
_THREE_DECIMALS = 3


class _Kind(NamedTuple):
    """What cells of a kind say of the mark: all that can be read in one way only, or all that look so in two ways."""

    mark: DecimalMark
    is_certain: bool
    # "1.234" in a currency without minor units cannot have decimals, "1.000" might.
    has_decimals: bool


# Nearly all amounts of most files.
_POINTED = re.compile(r"-?(?:[0-9]{1,20}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,6})\.[0-9]{1,2}")
_CERTAIN_POINT = _Kind(DecimalMark.POINT, is_certain=True, has_decimals=True)


class _Tally:
    """How many cells are of a kind, and the first of them with their records."""

    __slots__ = ("count", "examples")

    def __init__(self) -> None:
        self.count = 0
        self.examples: list[tuple[str, int]] = []

    def add(self, text: str, record: int) -> None:
        if len(self.examples) < _EXAMPLES and text not in (known for known, _ in self.examples):
            self.examples.append((text, record))


class AmountEvidence:
    """What one column shows of how amounts are written."""

    def __init__(self) -> None:
        self.tallies: dict[_Kind | None, _Tally] = {}
        self._known: dict[str, _Tally] = {}

    def see(self, text: str, record: int) -> None:
        """A cell that is not blank, and the record it stands in."""
        tally = self._known.get(text)
        if tally is None:
            kind = _CERTAIN_POINT if _POINTED.fullmatch(text) else _kind(text)
            tally = self.tallies.setdefault(kind, _Tally())
            tally.add(text, record)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[text] = tally
        tally.count += 1


@dataclass(frozen=True, slots=True)
class AmountFormat:
    """How the amounts of a file are written.

    `mark` is "point", "comma", "mixed" if the file has both, or empty if no amount has any; in the last two cases
    only what can be read in one way is read. `minor_units` says that amounts are whole cents.
    """

    mark: str
    why: str
    warnings: tuple[str, ...] = ()
    minor_units: bool = False
    _known: dict[tuple[str, str], Money] = field(default_factory=dict, repr=False, compare=False)

    def read(self, text: str, currency: str) -> Money:
        """The amount of a cell in a currency (ISO 4217), exactly. Raises ValueError for what is none, or not exact."""
        known = self._known.get((text, currency))
        if known is None:
            known = self._read(text, currency)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[text, currency] = known
        return known

    def symbol_currency(self, text: str) -> str:
        """The currency (ISO 4217) that the cell itself names, empty if it names none or could mean several."""
        try:
            currencies = written_amount(text).currencies
        except ValueError:
            return ""
        return next(iter(currencies)) if currencies is not None and len(currencies) == 1 else ""

    def _read(self, text: str, currency: str) -> Money:
        if _POINTED.fullmatch(text) and self.mark != DecimalMark.COMMA and not self.minor_units:
            return parse_money(text.replace(",", ""), currency)
        digits_of(currency)
        cell = written_amount(text)
        if cell.currencies is not None and currency not in cell.currencies:
            named = " or ".join(sorted(cell.currencies)[:3])
            raise ValueError(
                f"{shown(text)} is in {named}, but the currency is {currency}: correct one of them"
            )
        if self.minor_units:
            if cell.if_point is None or not cell.if_point.isdecimal() or cell.has_signs:
                raise ValueError(
                    f"{shown(text)} is not a whole number of minor units, as this product writes them"
                )
            return Money(int(f"{cell.sign}{cell.if_point}"), currency)
        return parse_money(f"{cell.sign}{self._number(cell, text)}", currency)

    def _number(self, cell: WrittenAmount, text: str) -> str:
        """The number in plain form."""
        if self.mark in (DecimalMark.POINT, DecimalMark.COMMA):
            number = cell.if_point if self.mark == DecimalMark.POINT else cell.if_comma
            if number is None:
                raise ValueError(
                    f"{shown(text)} is no amount with a decimal {self.mark}, as the file has them"
                )
            return number
        if cell.if_point is None or cell.if_comma is None or cell.if_point == cell.if_comma:
            return cell.if_point or cell.if_comma or ""
        raise ValueError(
            f"{shown(text)} is {cell.if_point} or {cell.if_comma}: say which sign is the decimal mark with the "
            f"decimal_mark setting (--decimal-mark point or comma)"
        )


def decide_mark(
    evidence: Mapping[Field, AmountEvidence],
    declared: DecimalMark | None,
    usual: DecimalMark | None,
    digits: int,
    *,
    minor_units: bool = False,
) -> AmountFormat:
    """How all amounts of a file are written.

    `declared` is what the settings say, `usual` what the product writes unless the file shows otherwise, `digits` how
    many decimals the file's currency has. Raises UnreadableFileError if amounts can be read in two ways and nothing
    tells which, or if most contradict what is declared.
    """
    if minor_units:
        return AmountFormat("", "whole minor units, as the product writes them", minor_units=True)
    found = _Found(evidence.values(), digits)
    if declared is not None:
        return found.as_declared(declared)
    certain = [mark for mark in DecimalMark if found.certain[mark]]
    if len(certain) > 1:
        return found.mixed()
    if usual is not None and (not certain or certain[0] is usual):
        return AmountFormat(usual, "the product writes it so, and no amount contradicts")
    if certain:
        return AmountFormat(certain[0], f"{found.example(certain[0])} can be read in no other way")
    return found.undecided()


class _Found:
    """The evidence of all columns together."""

    def __init__(self, evidence: Iterable[AmountEvidence], digits: int) -> None:
        self.certain: Counter[DecimalMark] = Counter()
        self.doubtful: Counter[DecimalMark] = Counter()
        self._examples: dict[tuple[DecimalMark, bool], list[tuple[str, int]]] = {}
        self._digits = digits
        for column in evidence:
            for kind, tally in column.tallies.items():
                if kind is not None:
                    self._add(kind, tally)

    def _add(self, kind: _Kind, tally: _Tally) -> None:
        mark, is_certain = kind.mark, kind.is_certain
        if not is_certain and kind.has_decimals and self._digits == _WHOLE_UNITS:
            mark, is_certain = _other(mark), True
        (self.certain if is_certain else self.doubtful)[mark] += tally.count
        self._examples.setdefault((mark, is_certain), []).extend(tally.examples)

    def example(self, mark: DecimalMark) -> str:
        text, record = min(self._examples[mark, True], key=lambda one: one[1])
        return f"{shown(text)} in record {record}"

    def as_declared(self, declared: DecimalMark) -> AmountFormat:
        other = _other(declared)
        agree, contradict = self.certain[declared], self.certain[other]
        if contradict > agree:
            raise UnreadableFileError(
                f"decimal_mark is {declared}, but {self.example(other)} and {contradict - 1:,} more amounts have a "
                f"decimal {other}: correct the decimal_mark setting (--decimal-mark)"
            )
        warnings = (
            (
                f"{contradict:,} amounts have no decimal {declared}, such as {self.example(other)}: they are rejected",
            )
            if contradict
            else ()
        )
        return AmountFormat(declared, "declared", warnings)

    def mixed(self) -> AmountFormat:
        point, comma = map(self.example, (DecimalMark.POINT, DecimalMark.COMMA))
        doubtful = self.doubtful.total()
        rejected = f"; {doubtful:,} that could have either are rejected" if doubtful else ""
        return AmountFormat(
            "mixed",
            "some amounts have a decimal point, others a comma",
            (f"amounts have a decimal point as well as a comma, such as {point} and {comma}{rejected}",),
        )

    def undecided(self) -> AmountFormat:
        if not self.doubtful:
            return AmountFormat("", "no amount has a decimal mark")
        # Three decimals after a comma are no amount in such a currency; after a point, programs do write them.
        if self._digits < _THREE_DECIMALS and not self.doubtful[DecimalMark.POINT]:
            text, record = min(self._examples[DecimalMark.COMMA, False], key=lambda one: one[1])
            return AmountFormat(
                DecimalMark.POINT, f"{shown(text)} in record {record} has its comma between thousands"
            )
        examples = [one for mark in DecimalMark for one in self._examples.get((mark, False), ())]
        said = " and ".join(f"{shown(text)} in record {record}" for text, record in examples[:_EXAMPLES])
        cell = written_amount(examples[0][0])
        raise UnreadableFileError(
            f"amounts can be meant in two ways, such as {said}: {shown(examples[0][0])} is {cell.if_point} if the "
            f"point is the decimal mark, and {cell.if_comma} if the comma is. Say which with the decimal_mark "
            f"setting (--decimal-mark point or comma)"
        )


def _kind(text: str) -> _Kind | None:
    """What a cell says of the mark; None if nothing, because it is whole or no amount."""
    try:
        cell = written_amount(text)
    except ValueError:
        return None
    if cell.if_point == cell.if_comma:
        return None
    if cell.if_comma is None:
        return _Kind(DecimalMark.POINT, is_certain=True, has_decimals=True)
    if cell.if_point is None:
        return _Kind(DecimalMark.COMMA, is_certain=True, has_decimals=True)
    is_point = "." in cell.if_point
    decimals = (cell.if_point if is_point else cell.if_comma).partition(".")[2]
    return _Kind(
        DecimalMark.POINT if is_point else DecimalMark.COMMA,
        is_certain=False,
        has_decimals=bool(decimals.strip("0")),
    )


def _other(mark: DecimalMark) -> DecimalMark:
    return DecimalMark.COMMA if mark is DecimalMark.POINT else DecimalMark.POINT
