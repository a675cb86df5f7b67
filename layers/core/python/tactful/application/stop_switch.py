"""Stopping and resuming what is sent, by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tactful.application.ports import Clock
from tactful.application.sending_ports import SendingSwitch
from tactful.domain.book.customer import Channel
from tactful.domain.sending.state import SendingState, Stop


@dataclass(frozen=True, slots=True)
class StopSwitch:
    """What is stopped stays due, and is sent after it is resumed if it is still to be said then."""

    switch: SendingSwitch
    clock: Clock

    def stop(
        self, channel: Channel | None, by: str, *, why: str = "", until: datetime | None = None
    ) -> SendingState:
        """Stop a channel, or all of them, until `until` (UTC) or until somebody resumes.

        Raises ValueError for an end that has passed, StoreUnavailableError.
        """
        now = self.clock.now()
        if until is not None and until <= now:
            raise ValueError(f"{until.isoformat()} has passed: give an instant to come, or none")
        stop = Stop(channel, now, by, why, until)
        return self.switch.change(lambda state: state.without_past(now).stopped(stop))

    def resume(self, channel: Channel | None) -> SendingState:
        """Let a channel, or all of them, send again, whoever stopped it. Raises StoreUnavailableError."""
        now = self.clock.now()
        return self.switch.change(lambda state: state.without_past(now).resumed(channel, now))

    def now(self) -> SendingState:
        """What is stopped. Raises StoreUnavailableError."""
        return self.switch.read().without_past(self.clock.now())
