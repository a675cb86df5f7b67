"""In which order the parts of dates stand: what the cells of a column prove, and what else tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from tactful.imports.date_cells import TWO_DIGIT_YEAR, WrittenDate, shown, written_date
from tactful.imports.profile import Field
from tactful.imports.statement import UnreadableFileError
from tactful.imports.upload_settings import DateOrder

ASK = "say which with the date_order setting (--date-order {})"
EXAMPLES = 2
_DAY_OR_MONTH = frozenset((DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST))
# Days of the month differ by more than this in all but the shortest files, the years of a file hardly ever.
_FEW_YEARS = 10

Orders = frozenset[DateOrder]


class Key(NamedTuple):
    """What cells of one kind have in common: the style, and the orders in which they can be read.

    `orders` is empty where all mean the same day.
    """

    style: str
    orders: Orders


class Tally:
    """How many cells are of a kind, the first of them with their records, and their outer numbers."""

    __slots__ = ("count", "examples", "firsts", "lasts")

    def __init__(self) -> None:
        self.count = 0
        self.examples: list[tuple[str, int]] = []
        self.firsts: set[int] = set()
        self.lasts: set[int] = set()

    def add(self, text: str, record: int, written: WrittenDate | None) -> None:
        if len(self.examples) < EXAMPLES and text not in (known for known, _ in self.examples):
            self.examples.append((text, record))
        if written is not None and written.style.endswith(TWO_DIGIT_YEAR):
            self.firsts.add(written.parts[0] % 100)
            self.lasts.add(written.parts[2] % 100)


@dataclass(frozen=True, slots=True)
class Style:
    """The cells of a column that are written in one style whose order the style itself does not tell."""

    column: Field
    style: str
    tallies: Mapping[Orders, Tally]
    order: DateOrder | None = None
    why: str = ""
    warning: str = ""

    @property
    def total(self) -> int:
        return self.count(self.tallies)

    @property
    def doubtful(self) -> int:
        """How many cells can be read in more than one way."""
        return self.count(self._doubtful())

    @property
    def is_mixed(self) -> bool:
        """Whether no order fits all cells."""
        return all(self.contradicting(order) for order in DateOrder)

    @property
    def is_asked(self) -> bool:
        """Whether somebody has to say what the cells mean."""
        return self.order is None and not self.is_mixed and self.doubtful > 0

    def count(self, kinds: Iterable[Orders]) -> int:
        return sum(self.tallies[kind].count for kind in kinds)

    def contradicting(self, order: DateOrder) -> list[Orders]:
        """The cells that cannot be read in an order."""
        return [orders for orders in self.tallies if orders and order not in orders]

    def supporting(self, order: DateOrder) -> list[Orders]:
        """The cells that can be read in an order, but not both day first and month first."""
        return [orders for orders in self.tallies if order in orders and not orders >= _DAY_OR_MONTH]

    def own_order(self) -> DateOrder | None:
        """The order that the cells prove, if they prove one."""
        proven = [order for order in DateOrder if self.supporting(order) and not self.contradicting(order)]
        if len(proven) > 1 and not self._may_begin_with_year():
            proven.remove(DateOrder.YEAR_FIRST)
        return proven[0] if len(proven) == 1 else None

    def example(self, kinds: Iterable[Orders]) -> str:
        found = [example for kind in kinds for example in self.tallies[kind].examples]
        text, record = min(found, key=lambda one: one[1])
        return f"{shown(text)} in record {record}"

    def doubtful_examples(self) -> list[tuple[str, int]]:
        found = [example for kind in self._doubtful() for example in self.tallies[kind].examples]
        return sorted(found, key=lambda one: one[1])[:EXAMPLES]

    def _doubtful(self) -> list[Orders]:
        return [orders for orders in self.tallies if len(orders) > 1]

    def _may_begin_with_year(self) -> bool:
        """Whether 26-03-31 could be a day of 2026: all cells would be days of a few years."""
        firsts = {first for tally in self.tallies.values() for first in tally.firsts}
        lasts = {last for tally in self.tallies.values() for last in tally.lasts}
        return max(firsts) - min(firsts) <= max(_FEW_YEARS, max(lasts) - min(lasts))


def settled(
    style: Style,
    others: Iterable[Style],
    declared: DateOrder | None,
    usual: DateOrder | None,
    *,
    readable: int,
) -> Style:
    """A style with its order, if anything tells it, and why.

    `others` are the styles of the file's other columns, `readable` how many dates its own column has. Raises
    UnreadableFileError if most dates contradict what is declared.
    """
    if style.style.startswith("YYYY"):
        return _year_first(style)
    if declared is not None:
        return _as_declared(style, declared, readable)
    if own := style.own_order():
        return replace(
            style, order=own, why=f"{style.example(style.supporting(own))} can be read in no other way"
        )
    if style.is_mixed:
        return _mixed(style)
    return _as_elsewhere(style, others) or _as_usual(style, usual) or _undecided(style)


def _year_first(style: Style) -> Style:
    """Nobody writes year, day, month; a file that does so after all must not be read as year, month, day."""
    swapped, proper = style.contradicting(DateOrder.YEAR_FIRST), style.contradicting(DateOrder.DAY_FIRST)
    if style.count(swapped) > style.count(proper):
        raise UnreadableFileError(
            f"{style.column}: dates are written year, day, month, such as {style.example(swapped)}: export them as "
            f"YYYY-MM-DD"
        )
    warning = (
        f"rejected, because they have no such month: {style.count(swapped):,}, such as {style.example(swapped)}"
        if swapped
        else ""
    )
    return replace(style, order=DateOrder.YEAR_FIRST, why="the year stands first", warning=warning)


def _as_declared(style: Style, declared: DateOrder, readable: int) -> Style:
    contradicting = style.contradicting(declared)
    contrary, agree = style.count(contradicting), style.count(style.supporting(declared))
    if not can_be(style.style, declared):
        contradicting, contrary, agree = [*style.tallies], style.total, readable - style.total
    if not contrary:
        return replace(style, order=declared, why="declared")
    example = style.example(contradicting)
    if contrary > agree:
        raise UnreadableFileError(
            f"{style.column}: date_order is {declared}, but {example} cannot be read so; {contrary:,} dates contradict "
            f"it, and {agree:,} confirm it: correct the date_order setting (--date-order)"
        )
    warning = (
        f"rejected, because they are not written {declared} as declared: {contrary:,}, such as {example}"
    )
    return replace(style, order=declared, why="declared", warning=warning)


def _mixed(style: Style) -> Style:
    examples = " and ".join(
        style.example(style.supporting(order)) for order in DateOrder if style.supporting(order)
    )
    return replace(
        style,
        why="each by itself: some have the day first, others the month",
        warning=(
            f"days and months change places within the column, as a spreadsheet leaves them: {examples}. Those that "
            f"can be read in two ways are rejected ({style.doubtful:,}): export again without opening the file in a "
            f"spreadsheet, or {ASK.format('dmy or mdy')}"
        ),
    )


def _as_elsewhere(style: Style, others: Iterable[Style]) -> Style | None:
    """The order that the same style has in other columns, if they agree."""
    same = [other for other in others if other.style == style.style]
    proving = [(other, own) for other in same if (own := other.own_order())]
    if len({own for _, own in proving}) != 1 or any(other.is_mixed for other in same):
        return None
    other, own = proving[0]
    if style.contradicting(own):
        return None
    return replace(style, order=own, why=f"as in {other.column}: {other.example(other.supporting(own))}")


def _as_usual(style: Style, usual: DateOrder | None) -> Style | None:
    if usual is None or not can_be(style.style, usual) or style.contradicting(usual):
        return None
    return replace(style, order=usual, why="the product writes it so, and no date contradicts")


def _undecided(style: Style) -> Style:
    if not style.doubtful:
        return replace(style, why="every date is the same day either way")
    return replace(
        style,
        warning=(
            f"rejected, because they can be read in two ways: {style.doubtful:,}, such as "
            f"{style.example(kind for kind in style.tallies if len(kind) > 1)}; {ASK.format('dmy or mdy')}"
        ),
    )


def proof_of(text: str) -> tuple[Key | None, WrittenDate | None]:
    """What a cell shows; None if it is no date."""
    try:
        written = written_date(text)
    except ValueError:
        return None, None
    days = written.readings
    is_clear = len(days) > 1 and len(set(days.values())) == 1
    return Key(written.style, frozenset() if is_clear else frozenset(days)), written


def can_be(style: str, order: DateOrder) -> bool:
    """Whether a style that does not begin with a full year can have an order."""
    return order is not DateOrder.YEAR_FIRST or style.endswith(f"?{style[1]}{TWO_DIGIT_YEAR}")


def named(style: str, order: DateOrder | None) -> str:
    """A style with its order, such as DD/MM/YYYY."""
    if "?" not in style:
        return style
    if style.startswith("YYYY"):
        return style.replace("?", "MM", 1).replace("?", "DD", 1)
    if order is None or not can_be(style, order):
        return f"{named(style, DateOrder.DAY_FIRST)} or {named(style, DateOrder.MONTH_FIRST)}"
    mark = style[1]
    parts = {"d": "DD", "m": "MM", "y": style.rpartition(mark)[2]}
    return mark.join(parts[letter] for letter in order)
