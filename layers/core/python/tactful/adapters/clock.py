"""The time: the machine's, or in a sandbox stack one that can be moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import ceil

from tactful.adapters.dynamodb.table import Table
from tactful.application.ports import Clock

_PK, _SK = "SETTINGS", "CLOCK"


class SystemClock(Clock):
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def reading_at(self, instant: datetime) -> datetime:
        return instant


class SandboxClock(Clock):
    """A clock that a person can move; it then runs on from there. Shared by all functions through the table.

    `real` tells the true time, which a clock that nobody moved shows.
    """

    def __init__(self, table: Table, real: Clock | None = None) -> None:
        self._table = table
        self._real = real or SystemClock()

    def now(self) -> datetime:
        """The moved time (UTC). Raises StoreUnavailableError."""
        return self.reading_at(self._real.now())

    def reading_at(self, instant: datetime) -> datetime:
        """An instant moved as far as the clock is now. Raises StoreUnavailableError."""
        item = self._table.get(_PK, _SK) or {}
        return instant + timedelta(seconds=int(item.get("offset_seconds", 0)))

    def move_to(self, instant: datetime) -> None:
        """Make it that time now (aware), or up to a second later. Raises StoreUnavailableError."""
        offset = ceil((instant - self._real.now()).total_seconds())
        self._table.put({"pk": _PK, "sk": _SK, "offset_seconds": offset})
