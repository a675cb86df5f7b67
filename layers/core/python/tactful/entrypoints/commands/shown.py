"""Text for a terminal: aligned tables, and colours where they can be seen."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TextIO

_NARROWEST = 60
_WORTH_SHOWING = 12
_COLOURS = {
    "head": "1",
    "friendly": "32",
    "neutral": "36",
    "firm": "33",
    "final": "31",
    "task": "35",
    "added": "32",
    "dropped": "31",
    "moved": "33",
    "reworded": "36",
}

Paint = Callable[[str, str], str]
"""A text in the colour of a word such as a tone."""


def painter(stream: TextIO) -> Paint:
    """Colours for a terminal, unless NO_COLOR is set (no-color.org)."""
    coloured = stream.isatty() and not os.environ.get("NO_COLOR")

    def paint(text: str, like: str) -> str:
        code = _COLOURS.get(like, "")
        return f"\033[{code}m{text}\033[0m" if coloured and code else text

    return paint


def width() -> int:
    """How many letters fit on a line: a file has room for all."""
    if not sys.stdout.isatty():
        return sys.maxsize
    return max(_NARROWEST, shutil.get_terminal_size().columns)


def aligned(
    rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset(), indent: str = "  "
) -> Iterator[str]:
    """The rows as lines with their columns aligned; the columns in `right` to the right."""
    plain = [[harmless(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*plain, strict=True)]
    for row in plain:
        cells = [
            cell.rjust(size) if index in right else cell.ljust(size)
            for index, (cell, size) in enumerate(zip(row, widths, strict=True))
        ]
        yield (indent + "  ".join(cells)).rstrip()


def harmless(text: str) -> str:
    """The text with what could command a terminal shown instead of obeyed."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def cut(text: str, room: int) -> str:
    """The text if it fits, or its beginning; nothing where there is hardly any room."""
    if len(text) <= room:
        return text
    return text[: room - 3] + "..." if room >= _WORTH_SHOWING else ""


def progress(what: str) -> Callable[[int, int], None] | None:
    """Tells on a terminal how far long work is; None where nobody would see it."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, total: int) -> None:
        end = "\r\033[K" if done >= total else ""
        sys.stderr.write(f"\r{what}: {done:,} of {total:,} accounts{end}")
        sys.stderr.flush()

    return tell
