"""From bytes to records: unpacked, decoded and taken apart, as a stream that can be read again."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, NamedTuple

from tactful.imports.containers import Container, Table, open_table
from tactful.imports.encoding import Encoding, find_encoding
from tactful.imports.statement import UnreadableFileError

# A cell this long is an unclosed quote that swallowed what follows, not a value.
_LONGEST_CELL = 10_000
# Quotes that are never closed can make one record of a whole file, and the same lines be read over and over.
_LONGEST_RECORD = 1_000_000
_MOST_READ_AGAIN = 10_000_000
_BLOCK = 1 << 16
_SMALL_BLOCK = 25
_DELIMITERS = ",;\t|"
# So many lines tell how cells are separated.
_HEAD = 200
# Text is not full of another mark than the one that separates the cells by more than this.
_MUCH_WIDER = 10
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<mark>[^\w\s"]|[ \t])"?\s*', re.IGNORECASE)
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
            self.delimiter = _delimiter(list(islice(chain.from_iterable(self._blocks(source)), _HEAD)))

    def __iter__(self) -> Iterator[Record]:
        if self._table.rows is not None:
            for number, cells in enumerate(self._table.rows(), 1):
                yield Record(number, cells)
            return
        with self._table.open() as source:
            yield from self._checked(_taken_apart(self._blocks(source), self.delimiter))

    def _blocks(self, source: IO[bytes]) -> Iterator[list[str]]:
        """The lines of the text, each with its end, some at a time."""
        encoding = self._encoding
        if encoding is None:
            return
        errors = "surrogateescape" if encoding.has_stray_bytes else "strict"
        errors = errors if encoding.codec.startswith("utf") else "replace"
        text = io.TextIOWrapper(_Kept(source), encoding=encoding.codec, errors=errors, newline="")
        if encoding.has_bom and encoding.codec != "utf-8-sig":
            text.read(1)
        left_out = dict.fromkeys(map(ord, encoding.left_out))
        while block := text.readlines(_BLOCK):
            yield [line.translate(left_out) for line in block] if left_out else block

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
    """Lines that can be gone back to: an unclosed quote must not swallow the records after it.

    They are kept in blocks, those of the record that is being read; `done` counts the lines of the records before.
    """

    def __init__(self, blocks: Iterator[list[str]]) -> None:
        self._blocks = blocks
        self._again: list[list[str]] = []
        self._kept: deque[list[str]] = deque()
        self._size = 0
        self._before = 0
        self._read_again = 0
        self.done = 0

    def blocks(self) -> Iterator[list[str]]:
        """Raises csv.Error if they are too many for one record."""
        kept = self._kept
        while block := self._again.pop() if self._again else next(self._blocks, None):
            while kept and self._before + len(kept[0]) <= self.done:
                self._size -= _size(kept[0])
                self._before += len(kept.popleft())
            kept.append(block)
            self._size += _size(block)
            if self._size > _LONGEST_RECORD:
                raise csv.Error(f"it is longer than {_LONGEST_RECORD:,} characters")
            yield block

    def go_on_after_its_first(self) -> bool:
        """Whether the record has a first line, to go on with those after it.

        Raises UnreadableFileError if so much would have to be read again that there is no end to it.
        """
        lines = list(chain.from_iterable(self._kept))[self.done - self._before :]
        self._read_again += max(0, len(lines) - _SMALL_BLOCK)
        if self._read_again > _MOST_READ_AGAIN:
            raise UnreadableFileError(
                "too many records have quotes that are not closed: export the file again"
            )
        again = [lines[start : start + _SMALL_BLOCK] for start in range(1, len(lines), _SMALL_BLOCK)]
        self._again.extend(reversed(again))
        self._kept.clear()
        self._size = self._before = self.done = 0
        return bool(lines)


def _size(block: list[str]) -> int:
    return sum(map(len, block))


def _taken_apart(blocks: Iterator[list[str]], delimiter: str) -> Iterator[Record]:
    lines = _Lines(blocks)
    csv.field_size_limit(_LONGEST_CELL)
    number = 0
    while True:
        number += 1
        reader = csv.reader(chain.from_iterable(lines.blocks()), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                lines.done = reader.line_num
                yield Record(number, cells)
                number += 1
        except csv.Error as error:
            if not lines.go_on_after_its_first():
                raise UnreadableFileError(f"record {number} cannot be read as CSV ({error})") from error
            yield Record(number, [], f"the record cannot be read as CSV ({error}): close its quotes")
        else:
            return


def _delimiter(lines: list[str]) -> str:
    """What separates the cells: of the usual marks, the one by which most records are alike and wide.

    Commas in names and amounts can make rows alike and wide, too; but then the header is not.
    """
    said = _SEPARATOR_LINE.fullmatch(lines[0].strip("\ufeff")) if lines else None
    if said:
        return said["mark"]
    shapes = [_shape(lines, mark) for mark in _DELIMITERS]
    best = max(shapes, key=lambda shape: shape.likeness)
    return next((shape for shape in shapes if shape.explains(best)), best).mark


@dataclass(frozen=True, slots=True)
class _Shape:
    """The widths of the records, by the line that they end on, if cells are separated by a mark."""

    mark: str
    widths: Mapping[int, int]
    likeness: float = 0.0
    width: int = 1

    def explains(self, other: _Shape) -> bool:
        """Whether the header of the other is but one more record of this, and this one's is none for the other."""
        own, others = self._header(), other._header()
        return (
            self.width > 1
            and self._is_record(others)
            and not other._is_record(own)
            and self.likeness * _MUCH_WIDER > other.likeness
        )

    def _header(self) -> int:
        return next(filter(self._is_record, self.widths), 0)

    def _is_record(self, line: int) -> bool:
        # A header often lacks the mark that ends the other records.
        return self.widths.get(line, 1) >= max(2, self.width - 1)


def _shape(lines: Sequence[str], mark: str) -> _Shape:
    widths: dict[int, int] = {}
    reader = csv.reader(lines, delimiter=mark)
    with suppress(csv.Error):
        for cells in reader:
            if any(map(str.strip, cells)):
                widths[reader.line_num] = len(cells)
    if not widths:
        return _Shape(mark, widths)
    found = Counter(widths.values())
    likeness, width = max((count / len(widths) * (width - 1), width) for width, count in found.items())
    return _Shape(mark, widths, likeness, width)
