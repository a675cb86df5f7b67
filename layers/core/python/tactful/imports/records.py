"""From bytes to records: unpacked, decoded and taken apart, as a stream that can be read again."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import IO, NamedTuple

from tactful.imports.containers import Container, Table, open_table
from tactful.imports.encoding import Encoding, find_encoding
from tactful.imports.statement import UnreadableFileError

# A cell this long is an unclosed quote that swallowed what follows, not a value.
_LONGEST_CELL = 10_000
# A line this long is no line of a table.
_LONGEST_LINE = 2_000_000
_DELIMITERS = ",;\t|"
# So many lines tell how cells are separated.
_HEAD = 200
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<mark>.)"?\s*', re.IGNORECASE)
_STRAY = re.compile("[\udc80-\udcff]")


class Record(NamedTuple):
    """One record: its number (1 is the file's first, blank ones count) and its cells, or why it has none."""

    number: int
    cells: list[str]
    fault: str = ""


class Records:
    """The records of a file, from the start each time they are iterated over; one iteration at a time.

    `encoding`, `delimiter` and `line_ends` say how they are written, for a person to read.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self.container = str(table.container)
        self.warnings = table.warnings
        self.delimiter = ","
        self._encoding: Encoding | None = None
        if table.container is Container.XLSX:
            self.encoding, self.line_ends = "workbook", ""
            return
        self._encoding = find_encoding(table.open)
        self.encoding, self.line_ends = self._encoding.name, self._encoding.line_ends
        self.warnings += self._encoding.warnings
        with self._table.open() as source:
            self.delimiter = _delimiter(list(islice(self._lines(source), _HEAD)))

    def __iter__(self) -> Iterator[Record]:
        if self._table.rows is not None:
            for number, cells in enumerate(self._table.rows(), 1):
                yield Record(number, cells)
            return
        with self._table.open() as source:
            yield from self._checked(_taken_apart(self._lines(source), self.delimiter))

    def _lines(self, source: IO[bytes]) -> Iterator[str]:
        """The lines of the text, each with its end."""
        encoding = self._encoding
        if encoding is None:
            return
        errors = "surrogateescape" if encoding.has_stray_bytes else "strict"
        errors = errors if encoding.codec.startswith("utf") else "replace"
        codec = encoding.codec
        text = io.TextIOWrapper(_Kept(source), encoding=codec, errors=errors, newline="")
        if encoding.has_bom and codec != "utf-8-sig":
            text.read(1)
        while line := text.readline(_LONGEST_LINE):
            yield line.replace("\0", "") if encoding.has_nul else line

    def _checked(self, records: Iterator[Record]) -> Iterator[Record]:
        """The records, without the cells of those that hold bytes which are no text."""
        if self._encoding is None or not self._encoding.has_stray_bytes:
            yield from records
            return
        for record in records:
            if any(map(_STRAY.search, record.cells)):
                yield Record(
                    record.number, [], "the record has bytes that are not UTF-8: export the file as CSV UTF-8"
                )
            else:
                yield record


def open_records(file: IO[bytes]) -> Records:
    """The records of a seekable file, which stays in use. Raises UnreadableFileError if it is no table."""
    return Records(open_table(file))


class _Kept(io.BufferedReader):
    """A stream that outlives the text wrapped around it."""

    def __init__(self, source: IO[bytes]) -> None:
        super().__init__(_Raw(source))


class _Raw(io.RawIOBase):
    def __init__(self, source: IO[bytes]) -> None:
        super().__init__()
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        chunk = self._source.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)


class _Lines:
    """Lines that can be given back: an unclosed quote must not swallow the records after it."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: list[str] = []
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        self.taken.append(line)
        return line

    def give_back_all_but_first(self) -> None:
        self._again.extend(reversed(self.taken[1:]))
        self.taken.clear()


def _taken_apart(lines: Iterator[str], delimiter: str) -> Iterator[Record]:
    source = _Lines(lines)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    number = 0
    taken = source.taken
    while True:
        number += 1
        try:
            for cells in reader:
                yield Record(number, cells)
                number += 1
                taken.clear()
        except csv.Error as error:
            if not taken:
                raise UnreadableFileError(f"record {number} cannot be read as CSV ({error})") from error
            source.give_back_all_but_first()
            reader = csv.reader(source, delimiter=delimiter, strict=True)
            yield Record(number, [], f"the record cannot be read as CSV ({error}): close its quotes")
        else:
            return


def _delimiter(lines: list[str]) -> str:
    """What separates the cells: of the usual marks, the one by which most records are alike and wide."""
    said = _SEPARATOR_LINE.fullmatch(lines[0].strip("\ufeff")) if lines else None
    if said:
        return said["mark"]
    return max(_DELIMITERS, key=lambda mark: _likeness(lines, mark))


def _likeness(lines: Iterable[str], mark: str) -> float:
    widths: Counter[int] = Counter()
    reader = csv.reader(lines, delimiter=mark)
    with suppress(csv.Error):
        widths.update(len(cells) for cells in reader if any(map(str.strip, cells)))
    records = widths.total()
    return max((count / records * (width - 1) for width, count in widths.items()), default=0.0)
