"""What a file says, customer by customer: as many as fit into memory at a time, in whatever order the file has them."""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Self
from zlib import crc32

from tactful.imports.book import plain_name
from tactful.imports.statement import Described, StatedInvoice

Statement = StatedInvoice | Described

# Where a statement stands depends on the file alone: another run goes on by counting. With so many shelves, one of them
# is more than what is held at once from three million statements on.
_SHELVES = 1_024


class ByCustomer:
    """Statements by customer, those of one customer in the order in which they were added.

    Customers without an id come last: by their names, they may be among those with one. As many statements as may be
    held `at_once` stay in memory, more go into a file without a name, which nobody else can open: so they may be
    pickled. Leaving the context takes the file away.
    """

    def __init__(self, at_once: int, open_file: Callable[[], IO[bytes]] = TemporaryFile) -> None:
        self._at_once = at_once
        self._open_file = open_file
        self._open = ExitStack()
        self._file: IO[bytes] | None = None
        self._counts = array("Q", bytes(8 * 2 * _SHELVES))
        self._places = [array("Q") for _ in range(2 * _SHELVES)]
        self._held: dict[int, list[Statement]] = {}
        self._is_held = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, one: Statement) -> None:
        """The next statement of the file."""
        if self._is_held == self._at_once:
            self._put_away()
        shelf = _shelf(one)
        self._held.setdefault(shelf, []).append(one)
        self._counts[shelf] += 1
        self._is_held += 1

    def chunks(self, after: int = 0) -> Iterator[list[Statement]]:
        """All that was added, without so many that came before, no more of it together than may be held at once.

        What is said of a customer comes together, unless that is more, or the file is very long; in the order of the
        file it comes in any case.
        """
        chunk: list[Statement] = []
        for shelf, count in enumerate(self._counts):
            done = min(after, count)
            after -= done
            if len(chunk) + count - done > self._at_once and chunk:
                yield _in_order(chunk)
                chunk = []
            for one in islice(self._on(shelf), done, None):
                chunk.append(one)
                if len(chunk) == self._at_once:
                    yield _in_order(chunk)
                    chunk = []
        if chunk:
            yield _in_order(chunk)

    def _put_away(self) -> None:
        if self._file is None:
            self._file = self._open.enter_context(self._open_file())
        for shelf, statements in self._held.items():
            self._places[shelf].append(self._file.tell())
            pickle.dump(statements, self._file, pickle.HIGHEST_PROTOCOL)
        self._held, self._is_held = {}, 0

    def _on(self, shelf: int) -> Iterator[Statement]:
        if self._file is not None:
            for place in self._places[shelf]:
                self._file.seek(place)
                yield from pickle.load(self._file)  # noqa: S301 - written above, and nobody else has the file
        yield from self._held.get(shelf, ())


def _shelf(one: Statement) -> int:
    customer = one.customer
    if customer.id:
        return crc32(customer.id.encode()) % _SHELVES
    return _SHELVES + crc32(plain_name(customer.name).encode()) % _SHELVES


def _in_order(chunk: list[Statement]) -> list[Statement]:
    return sorted(chunk, key=lambda one: one.records)
