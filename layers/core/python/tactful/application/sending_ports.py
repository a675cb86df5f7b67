"""What finding out about messages needs of the outside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from tactful.domain.book.contact_log import Reminder
from tactful.domain.sending.settle import Search


class SentMessages(Protocol):
    """What a provider knows of the messages it was given on one channel."""

    def find(self, reminder: Reminder) -> Search:
        """Look for a message by its address, its time and its reference. Never raises for what the provider does."""
        ...


class Unsettled(Protocol):
    """The messages whose outcome is not known."""

    def due(self, until: datetime) -> Iterator[str]:
        """Ids of those about which there is something to find out by `until` (UTC), the oldest first.

        Some may have been settled a moment ago.
        """
        ...
