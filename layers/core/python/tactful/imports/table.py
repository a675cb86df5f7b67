"""From bytes to rows: a tidy CSV, read as a stream, with the line that each row starts on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

# A field this long is an unclosed quote that swallowed the rest of the file, not a value.
_LONGEST_FIELD = 10_000


class UnreadableFileError(ValueError):
    """The whole file is refused: the message says why and what to do. Nothing of it was imported."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line it starts on (1 is the header's first line) and its cells by column name."""

    line: int
    cells: dict[str, str]
    fault: str = ""


def check_encoding(source: IO[bytes]) -> None:
    """Read a file once to be sure that all of it is UTF-8 text. Raises UnreadableFileError if it is not."""
    text = io.TextIOWrapper(source, encoding="utf-8-sig", newline="")
    seen_any = False
    try:
        while chunk := text.read(1 << 16):
            seen_any = seen_any or bool(chunk.strip())
            if "\0" in chunk:
                raise UnreadableFileError("the file has NUL bytes, so it is no CSV: export it as CSV UTF-8")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"the file is not UTF-8 (at byte {error.start} of a block): export it as CSV UTF-8"
        ) from error
    if not seen_any:
        raise UnreadableFileError("the file is empty: export it again, with its header row")


def read_rows(source: IO[bytes], required: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Row]:
    """Yield the rows under the header, blank ones left out.

    Column names are matched without regard to case and outer spaces; others than those named are ignored.
    Raises UnreadableFileError if the header lacks a required column, or the file is no comma-separated text.
    """
    text = io.TextIOWrapper(source, encoding="utf-8-sig", newline="")
    reader = csv.reader(text, strict=True)
    csv.field_size_limit(_LONGEST_FIELD)
    line = 1
    header: list[str] | None = None
    while True:
        try:
            record = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            if header is None:
                raise UnreadableFileError(f"line {line} cannot be read as CSV ({error})") from error
            yield Row(line, {}, f"the record cannot be read as CSV ({error}): close its quotes")
            line = reader.line_num + 1
            continue
        start, line = line, reader.line_num + 1
        if not any(cell.strip() for cell in record):
            continue
        if header is None:
            header = _header(record, required, optional)
        elif len(record) != len(header):
            yield Row(start, {}, f"the row has {len(record)} cells where the header has {len(header)}")
        else:
            yield Row(start, {name: cell.strip() for name, cell in zip(header, record, strict=True) if name})
    if header is None:
        raise UnreadableFileError("the file has no header row")


def _header(record: Sequence[str], required: Sequence[str], optional: Sequence[str]) -> list[str]:
    names = [cell.strip().casefold() for cell in record]
    missing = [name for name in required if name not in names]
    if missing:
        found = ", ".join(name for name in names[:12] if name)[:200]
        raise UnreadableFileError(
            f"the header lacks {', '.join(missing)}; found: {found}. The columns wanted are "
            f"{', '.join((*required, *optional))}, separated by commas"
        )
    wanted = {*required, *optional}
    twice = sorted({name for name in names if name in wanted and names.count(name) > 1})
    if twice:
        raise UnreadableFileError(
            f"the header names {', '.join(twice)} more than once: keep one column of each"
        )
    return [name if name in wanted else "" for name in names]
