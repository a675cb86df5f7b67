"""Which records belong together to one invoice, and which are no invoices at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tactful.imports.columns import Layout
from tactful.imports.profile import Field, FileKind, Rows, plain
from tactful.imports.records import Record
from tactful.imports.statement import Ignored, Rejected

# How reports begin a line that adds up the lines above, in the languages of the profiles.
_SUM = re.compile(
    r"\W*(?:grand |sub-?|net )?(?:totals?|sums?|gesamt\w*|(?:zwischen|end)?summen?|sommes?|sous-total|totaux|"
    r"sumas?|subtotal|totales|importe total)\b(?P<of>.*)",
    re.IGNORECASE | re.DOTALL,
)
_DIGIT = re.compile(r"\d")
_AMOUNTS = (Field.TOTAL, Field.AMOUNT_DUE, Field.LINE_TOTAL, Field.AMOUNT_PAID, Field.LINE_TAX)
_WHO = (Field.CUSTOMER_NAME, Field.CUSTOMER_ID, Field.EMAIL)
# What an invoice says once, whichever of its records says it.
_OF_THE_INVOICE = tuple(field for field in Field if field not in (Field.LINE_TOTAL, Field.LINE_TAX))
_LONGEST_NUMBER = 60

SUM = "a sum of other records"
TEXT = "a line of text, not an invoice"
HEADER_AGAIN = "the header again"
OTHER_ACCOUNT = "not a receivable: {}"


class Group(NamedTuple):
    """The records of one invoice or customer, and the heading they stand under, if any."""

    records: tuple[int, ...]
    cells: tuple[Sequence[str], ...]
    heading: str = ""


Found = Group | Ignored | Rejected


class Grouping:
    """Walks over the records under a header once, in order."""

    def __init__(self, layout: Layout, kind: FileKind) -> None:
        self._layout = layout
        self._columns = layout.columns
        self._width = len(layout.header)
        self._needed = max(
            (*layout.columns.values(), *(place for places in layout.instead.values() for place in places))
        )
        self._needed += 1
        self._number = layout.columns.get(Field.INVOICE_NUMBER, -1)
        self._is_invoices = kind is FileKind.INVOICES
        rows = layout.profile.rows
        self._continues = self._is_invoices and rows in (Rows.REPEATED, Rows.SUMMED)
        self._names = tuple(plain(cell) for cell in layout.header)
        self._amounts = tuple(layout.columns[field] for field in _AMOUNTS if field in layout.columns)
        self._who = tuple(layout.columns[field] for field in _WHO if field in layout.columns)
        self._said = tuple(layout.columns[field] for field in _OF_THE_INVOICE if field in layout.columns)
        self._kept = self._kept_words()
        self._has_customer = bool(self._who) or Field.CONTACT_NAME in layout.columns
        self._has_headings = self._is_invoices and (layout.profile.headings or not self._has_customer)
        self._heading = ""

    def walk(self, records: Iterable[Record]) -> Iterator[Found]:
        """Each invoice's records together; what is none, as it comes. Blank records are passed over."""
        numbers: list[int] = []
        cells: list[Sequence[str]] = []
        for record in records:
            if record.number <= self._layout.header_record:
                continue
            if numbers and self._goes_on(record, cells):
                numbers.append(record.number)
                cells.append(record.cells)
                continue
            if numbers:
                yield Group(tuple(numbers), tuple(cells), self._heading)
                numbers, cells = [], []
            found = self._alone(record)
            if found is None:
                numbers, cells = [record.number], [record.cells]
            elif found is not _BLANK:
                yield found
        if numbers:
            yield Group(tuple(numbers), tuple(cells), self._heading)

    def _goes_on(self, record: Record, before: Sequence[Sequence[str]]) -> bool:
        """Whether a record is another line of the invoice before it."""
        if not self._continues or record.fault or len(record.cells) < self._needed:
            return False
        first, cells = before[0], record.cells
        number = self._number_of(cells)
        if number and number != self._number_of(first):
            return False
        must_agree = self._who if number else self._said
        if any(cells[place].strip() not in ("", first[place].strip()) for place in must_agree):
            return False
        if number:
            return True
        filled = [place for place, cell in enumerate(cells) if cell.strip()]
        return len(filled) > 1 and not _is_sum(cells, filled) and not self._is_bare_sum(filled)

    def _alone(self, record: Record) -> Found | None:
        """What a record is by itself; None for the first of an invoice."""
        cells = record.cells
        if record.fault:
            return Rejected((record.number,), record.fault)
        number = self._number_of(cells)
        if self._is_plainly_an_invoice(number, cells):
            return None
        filled = [place for place, cell in enumerate(cells) if cell.strip()]
        if not filled:
            return _BLANK
        if (
            len(filled) > 1
            and tuple(plain(cell) for cell in cells[: self._width]) == self._names[: len(cells)]
        ):
            return Ignored((record.number,), HEADER_AGAIN)
        if not self._is_numbered(number, cells, filled) and (no_invoice := self._no_invoice(record, filled)):
            return no_invoice
        return self._misshapen(record, filled[-1]) or self._of_another_account(record)

    def _misshapen(self, record: Record, last: int) -> Rejected | None:
        """Why a record does not fit the header, if it does not; `last` is the place of its last filled cell."""
        cells = record.cells
        if last >= self._width:
            return self._rejected(
                record,
                f"the record has {len(cells)} cells where the header has {self._width}: "
                f"put quotes around cells that hold the separator",
            )
        if len(cells) < self._needed:
            return self._rejected(
                record,
                f"the record ends after {len(cells)} cells, the header has {self._width}: fill in the others, "
                f"and put quotes around cells with line breaks",
            )
        return None

    def _of_another_account(self, record: Record) -> Ignored | None:
        for place, (said, words) in self._kept.items():
            if plain(record.cells[place]) not in words:
                account = " ".join(record.cells[place].split())[:60] or "blank"
                return Ignored((record.number,), OTHER_ACCOUNT.format(f"{said} is {account}"))
        return None

    def _number_of(self, cells: Sequence[str]) -> str:
        if len(cells) < self._needed:
            return cells[self._number].strip() if 0 <= self._number < len(cells) else ""
        return self._layout.said(cells, Field.INVOICE_NUMBER)

    def _is_plainly_an_invoice(self, number: str, cells: Sequence[str]) -> bool:
        """What nearly every record is: as wide as the header, with a number and a customer."""
        if not number or len(cells) != self._width or self._kept or not _DIGIT.search(number):
            return False
        return not self._who or any(cells[place] for place in self._who)

    def _is_numbered(self, number: str, cells: Sequence[str], filled: Sequence[int]) -> bool:
        """Whether the number's cell holds an invoice's number, and not the word for a sum or a line of text."""
        if not number:
            return False
        if len(filled) == 1:
            return bool(_DIGIT.search(number)) and len(number) <= _LONGEST_NUMBER and " " not in number
        has_customer = any(cells[place].strip() for place in self._who if place < len(cells))
        return has_customer or not _SUM.fullmatch(number)

    def _no_invoice(self, record: Record, filled: Sequence[int]) -> Found | None:
        """What a record is that names no invoice; None if it may be an invoice or customer all the same."""
        at, cells = (record.number,), record.cells
        if total := _is_sum(cells, filled):
            if total.strip():
                self._heading = ""
            return Ignored(at, SUM)
        if len(filled) == 1 and not self._is_customers_name(filled[0]):
            text = " ".join(cells[filled[0]].split())
            if self._has_headings and filled[0] not in self._amounts and not _is_number(text):
                self._heading = text
                return Ignored(at, f"the heading of {text[:60]!r}")
            return Ignored(at, SUM if self._is_bare_sum(filled) else TEXT)
        if self._is_invoices and self._is_bare_sum(filled):
            return Ignored(at, SUM)
        return None

    def _is_customers_name(self, place: int) -> bool:
        """A file of customers may say no more than a name."""
        return not self._is_invoices and place in self._columns.values()

    def _is_bare_sum(self, filled: Sequence[int]) -> bool:
        """Amounts, perhaps with their currency, and nothing else: no number, no name, no date."""
        amounts = [place for place in filled if place != self._columns.get(Field.CURRENCY)]
        return bool(amounts) and all(place in self._amounts for place in amounts)

    def _rejected(self, record: Record, reason: str) -> Rejected:
        number = self._number_of(record.cells)
        cells = (tuple(record.cells),)
        return Rejected((record.number,), reason, number[:_LONGEST_NUMBER], cells, self._heading)

    def _kept_words(self) -> dict[int, tuple[str, frozenset[str]]]:
        return {
            self._names.index(plain(column)): (column, frozenset(map(plain, words)))
            for column, words in self._layout.profile.keep.items()
            if plain(column) in self._names
        }


_BLANK = Ignored((), "")


def _is_sum(cells: Sequence[str], filled: Sequence[int]) -> str:
    """What follows the word for a sum in the first cell that has one; empty if the record is no sum."""
    for place in filled[:2]:
        found = _SUM.fullmatch(cells[place].strip())
        if found:
            return found["of"] or " "
    return ""


def _is_number(text: str) -> bool:
    return bool(_DIGIT.search(text)) and not any(letter.isalpha() for letter in text)
