"""Whether anything may be sent at all, and how fast: one small item that every worker reads before every message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tactful.domain.book.customer import Channel


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing is sent on a channel (None means on all) from `since` on, until somebody resumes, or `until` (UTC).

    `by` is who stopped it: a person, or the guard that did; `why` is for people.
    """

    channel: Channel | None
    since: datetime
    by: str
    why: str = ""
    until: datetime | None = None

    def holds(self, channel: Channel, now: datetime) -> bool:
        """Whether it forbids sending on a channel now."""
        return self.channel in (None, channel) and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class SendingState:
    """What is stopped, and the rate (e-mails a second, 0 if not known) that the provider allows the whole account."""

    stops: tuple[Stop, ...] = ()
    per_second: float = 0

    def stop_of(self, channel: Channel, now: datetime) -> Stop | None:
        """The stop that forbids a channel now, if there is one."""
        return next((stop for stop in self.stops if stop.holds(channel, now)), None)
