"""The days on which instalments fall due."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

IsOpen = Callable[[date], bool]
"""Whether money can be paid on a civil date: neither weekend nor holiday, nor closed in any other way."""

_MONTHS = 12
# As long as any closed season.
_SEARCH_DAYS = 400


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How far apart instalments are: so many days, or so many months."""

    days: int = 0
    months: int = 0

    def __post_init__(self) -> None:
        """Raises ValueError unless it is one of the two, and more than nothing."""
        if min(self.days, self.months) < 0 or (self.days > 0) == (self.months > 0):
            raise ValueError(
                f"instalments {self.days} days and {self.months} months apart: name days or months, at least one"
            )

    def day(self, first: date, place: int) -> date:
        """The civil date so many places after the first one, weekends and holidays aside.

        Months are counted from the first date, which keeps the 31st: a month without it has its last day instead.
        Raises ValueError beyond the last year that dates have.
        """
        try:
            if self.days:
                return first + timedelta(days=self.days * place)
            year, month = divmod(first.year * _MONTHS + first.month - 1 + self.months * place, _MONTHS)
            return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
        except (OverflowError, ValueError):
            raise ValueError(
                f"instalment {place + 1} would be due after the year {date.max.year}: name fewer"
            ) from None


WEEKLY = Rhythm(days=7)
MONTHLY = Rhythm(months=1)


def due_dates(first: date, number: int, rhythm: Rhythm, is_open: IsOpen) -> Iterator[date]:
    """So many civil dates in the rhythm from the first, each moved forward to the next open day.

    No two are the same: one whose day is taken moves on, too. Raises ValueError if no day is open for over a year.
    """
    earliest = first.toordinal()
    for place in range(number):
        day = _next_open(max(rhythm.day(first, place).toordinal(), earliest), is_open)
        yield day
        earliest = day.toordinal() + 1


def _next_open(earliest: int, is_open: IsOpen) -> date:
    """The first open day from an ordinal on."""
    for ordinal in range(earliest, min(earliest + _SEARCH_DAYS, date.max.toordinal() + 1)):
        if is_open(date.fromordinal(ordinal)):
            return date.fromordinal(ordinal)
    raise ValueError(
        f"no day is open for {_SEARCH_DAYS} days after {date.fromordinal(earliest - 1)}: see the closed days"
    )
