"""Whether anything may be sent at all, and how fast: one small item that every worker reads before every message."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tactful.domain.book.customer import Channel

SENT_ON = (Channel.EMAIL, Channel.SMS)
"""The channels on which messages are sent."""
UNUSUAL = "blast-radius guard"
"""Who stops everything when far more is due than usual."""
_APPROVED_FOR = timedelta(hours=24)


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
    """What is stopped, and how many e-mails a minute the provider allows the whole account (0: it is not known).

    `judged_from` is when a person last resumed e-mail, who knew what had happened before; until `approved_until`
    nobody is asked again whether so much is right (both UTC).
    """

    stops: tuple[Stop, ...] = ()
    mails_per_minute: int = 0
    judged_from: datetime | None = None
    approved_until: datetime | None = None

    def stopped(self, stop: Stop) -> SendingState:
        """The state with a stop, which takes the place of what the same one said about the same channel."""
        others = tuple(known for known in self.stops if (known.channel, known.by) != (stop.channel, stop.by))
        return replace(self, stops=(*others, stop))

    def resumed(self, channel: Channel | None, now: datetime) -> SendingState:
        """The state after a person resumed a channel (None: all); a stop of all then holds for the others."""
        resumed = replace(self, stops=())
        if channel is not Channel.SMS and any(stop.channel is not Channel.SMS for stop in self.stops):
            resumed = replace(resumed, judged_from=now)
        if any(stop.by == UNUSUAL for stop in self.stops):
            resumed = replace(resumed, approved_until=now + _APPROVED_FOR)
        if channel is None:
            return resumed
        left = (
            replace(stop, channel=other)
            for stop in self.stops
            for other in (SENT_ON if stop.channel is None else (stop.channel,))
            if other is not channel
        )
        return replace(resumed, stops=tuple(left))

    def without_past(self, now: datetime) -> SendingState:
        """The state without the stops that have ended."""
        return replace(self, stops=tuple(s for s in self.stops if s.until is None or now < s.until))

    def stop_of(self, channel: Channel, now: datetime) -> Stop | None:
        """The stop that forbids a channel now, if there is one."""
        return next((stop for stop in self.stops if stop.holds(channel, now)), None)

    def all_stopped(self, now: datetime) -> bool:
        """Whether nothing at all may be sent now."""
        return all(self.stop_of(channel, now) for channel in SENT_ON)
