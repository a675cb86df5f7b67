"""The Scheduler's ticks."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def scheduled_time(event: dict[str, Any]) -> datetime | None:
    """The time a tick was scheduled for (UTC), or None where it is absent: then the present counts.

    Some emulators leave the Scheduler's `<aws.scheduler.scheduled-time>` placeholder as it is. Raises
    ValueError for anything else that is no instant with a zone.
    """
    text = event.get("scheduled_time") or ""
    if not isinstance(text, str):
        raise ValueError(f"scheduled_time {text!r} is no text")  # noqa: TRY004 - one error for every wrong event
    if not text or text.startswith("<"):
        return None
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"scheduled_time {text!r} has no zone: give an instant such as 2026-11-22T09:00:00Z")
    return at
