"""The ports of the digest in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from tactful.adapters.memory import MemoryStore
from tactful.application.digest import DigestDesk
from tactful.application.ports import DayBook
from tactful.domain.book.account import Entry
from tactful.domain.book.news import NEWS


class MemoryDayBook(DayBook):
    """Looks through all timelines of a store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def news(self, begin: datetime, end: datetime, beginning: str = "") -> Iterator[tuple[str, Entry]]:
        for key, entry in self._store.entries():
            if entry.kind in NEWS and begin <= entry.at < end and entry.id.startswith(beginning):
                yield key, entry


class MemoryDigestDesk(DigestDesk):
    """Remembers the last day."""

    def __init__(self) -> None:
        self._last = date.min

    def is_first(self, day: date) -> bool:
        is_first, self._last = day > self._last, max(day, self._last)
        return is_first
