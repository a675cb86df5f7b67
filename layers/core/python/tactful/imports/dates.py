"""Dates as files write them: the order of day and month is decided per column, over all of it, and never guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from tactful.imports.date_cells import SERIAL, WrittenDate, day_part, shown, written_date
from tactful.imports.date_styles import ASK, Key, Orders, Style, Tally, named, proof_of, settled
from tactful.imports.profile import Field
from tactful.imports.statement import UnreadableFileError
from tactful.imports.upload_settings import DateOrder

_REMEMBERED = 2**14


class DateEvidence:
    """What one column shows of how dates are written."""

    def __init__(self) -> None:
        self.tallies: dict[Key | None, Tally] = {}
        self._known: dict[str, Tally] = {}

    def see(self, text: str, record: int) -> None:
        """A cell that is not blank, and the record it stands in."""
        tally = self._known.get(text)
        if tally is None:
            text = day_part(text)
            tally = self._known.get(text)
        if tally is None:
            key, written = proof_of(text)
            tally = self.tallies.setdefault(key, Tally())
            tally.add(text, record, written)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[text] = tally
        tally.count += 1


@dataclass(frozen=True, slots=True)
class DateFormat:
    """How the dates of a column are written, such as DD/MM/YYYY, and how that is known."""

    format: str
    why: str
    warnings: tuple[str, ...] = ()
    _orders: Mapping[str, DateOrder | None] = field(default_factory=dict, repr=False)
    _has_serials: bool = field(default=False, repr=False)
    _known: dict[str, date] = field(default_factory=dict, repr=False, compare=False)

    def read(self, text: str) -> date:
        """The day in a cell as written, whatever time follows it. Raises ValueError for what is none, or doubtful."""
        known = self._known.get(text)
        if known is None:
            text = day_part(text)
            known = self._known.get(text)
        if known is None:
            known = self._read(text)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[text] = known
        return known

    def _read(self, text: str) -> date:
        written = written_date(text)
        if written.day is not None:
            if written.style == SERIAL and not self._has_serials:
                raise ValueError(
                    f"{shown(text)} is a number where others are dates: format the column as dates, and export again"
                )
            return written.day
        order = self._orders.get(written.style) or _only_order(written)
        if order is None:
            meant = " or ".join(str(day) for day in dict.fromkeys(written.readings.values()))
            raise ValueError(
                f"{shown(text)} can be {meant}: write it as YYYY-MM-DD, or " + ASK.format("dmy or mdy")
            )
        if order not in written.readings:
            raise ValueError(
                f"{shown(text)} is no date written as {named(written.style, order)}, as in the rest of the column: "
                f"write it as YYYY-MM-DD"
            )
        return written.readings[order]


def decide(
    evidence: Mapping[Field, DateEvidence], declared: DateOrder | None, usual: DateOrder | None
) -> Mapping[Field, DateFormat]:
    """How the dates of each column are written.

    `declared` is what the settings say, `usual` what the product writes unless the file shows otherwise. Raises
    UnreadableFileError if the dates of a column can be meant in two ways and nothing tells which, or if most
    contradict what is declared.
    """
    columns = {name: _Column(name, one) for name, one in evidence.items()}
    asked: list[Style] = []
    formats = {}
    for name, column in columns.items():
        others = [style for other in columns.values() if other is not column for style in other.styles]
        styles = [
            settled(style, others, declared, usual, readable=column.readable) for style in column.styles
        ]
        asked += [style for style in styles if style.is_asked and style.total * 2 >= column.readable]
        formats[name] = column.format(styles)
    if asked:
        raise UnreadableFileError(_question(asked))
    return formats


class _Column:
    """The evidence of one column, by style."""

    def __init__(self, name: Field, evidence: DateEvidence) -> None:
        self.name = name
        self._plain: Counter[str] = Counter()
        by_style: dict[str, dict[Orders, Tally]] = {}
        self._unreadable = evidence.tallies.get(None)
        for key, tally in evidence.tallies.items():
            if key is None:
                continue
            if "?" in key.style:
                by_style.setdefault(key.style, {})[key.orders] = tally
            else:
                self._plain[key.style] += tally.count
        self.styles = [Style(name, style, by_style[style]) for style in sorted(by_style)]

    @property
    def readable(self) -> int:
        return self._plain.total() + sum(style.total for style in self.styles)

    def format(self, styles: Iterable[Style]) -> DateFormat:
        """How the column is read, once the order of each style is known."""
        used = [*styles]
        counts = Counter(self._plain)
        for style in used:
            counts[named(style.style, style.order)] += style.total
        names = [name for name, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]
        has_serials = names == [SERIAL]
        whys = dict.fromkeys(style.why for style in used if style.why)
        why = "; ".join(whys) or (
            "days as a spreadsheet counts them" if has_serials else "it has one meaning only"
        )
        if not names:
            why = "no cell is a date" if self._unreadable else "the column is blank"
        warnings = [style.warning for style in used if style.warning]
        if len(names) > 1:
            said = ", ".join(f"{name} ({counts[name]:,})" for name in names)
            warnings.append(f"dates are written in several ways: {said}")
        orders = {style.style: style.order for style in used}
        return DateFormat(", ".join(names), why, tuple(warnings), orders, has_serials)


def _question(asked: list[Style]) -> str:
    columns = " and ".join(dict.fromkeys(style.column for style in asked))
    style = asked[0]
    orders: dict[DateOrder, None] = {}
    said = []
    for text, record in style.doubtful_examples():
        readings = written_date(text).readings
        meant = ", ".join(f"{day} as {named(style.style, order)}" for order, day in readings.items())
        orders |= dict.fromkeys(readings)
        said.append(f"{shown(text)} in record {record} is {meant}")
    return (
        f"{columns}: the dates can be meant in more than one way, and nothing in the file tells which: "
        f"{'; '.join(said)}. Please " + ASK.format(" or ".join(orders))
    )


def _only_order(written: WrittenDate) -> DateOrder | None:
    """An order in which to read a date that means one day only."""
    return next(iter(written.readings)) if len(set(written.readings.values())) == 1 else None
