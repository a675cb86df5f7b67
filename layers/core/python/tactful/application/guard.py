"""What a worker learns of its providers while it sends: it stops a channel whose provider takes nothing."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from tactful.application.ports import (
    TOO_LATE,
    Accepted,
    Clock,
    OutcomeUnknown,
    Refusal,
    Refused,
    SendOutcome,
)
from tactful.application.sending_ports import SendingHealth, SendingSwitch
from tactful.domain.book.customer import Channel
from tactful.domain.sending.health import Tally
from tactful.domain.sending.state import Stop

_IN_A_ROW = 5
_BREAKER = "circuit breaker"
_PAUSE = timedelta(minutes=15)
# A wrong setting takes a person a while to mend.
_CONFIGURATION_PAUSE = timedelta(hours=1)


@dataclass(slots=True)
class Guard:
    """Lives as long as its worker. What it stops resumes by itself, and stops again if nothing is better.

    Every message whose outcome is unknown is one that a client may never get: so they count like refusals.
    """

    switch: SendingSwitch
    health: SendingHealth
    clock: Clock
    _failed: Counter[Channel] = field(default_factory=Counter)
    _accepted: Counter[Channel] = field(default_factory=Counter)

    def note(self, channel: Channel, outcome: SendOutcome) -> None:
        """Take a provider's answer into account. Never raises: the message has left, or has not."""
        match outcome:
            case Accepted():
                self._accepted[channel] += 1
                self._failed[channel] = 0
            case OutcomeUnknown(code=code):
                self._fail(channel, _PAUSE, code)
            case Refused(code=code) if code == TOO_LATE:
                pass
            case Refused(refusal=Refusal.RETRY_LATER, code=code):
                self._fail(channel, _PAUSE, code)
            # Words that are refused to one client after the other are a fault of ours, too.
            case Refused(refusal=Refusal.CONFIGURATION | Refusal.MESSAGE, code=code):
                self._fail(channel, _CONFIGURATION_PAUSE, code)
            case Refused():
                self._failed[channel] = 0

    def flush(self) -> None:
        """Add what was accepted to what all workers count. Never raises: a quarter of an hour is then told too few."""
        accepted, self._accepted = self._accepted, Counter()
        for channel, number in accepted.items():
            with suppress(Exception):
                self.health.count(Tally(channel, self.clock.now(), accepted=number))

    def _fail(self, channel: Channel, pause: timedelta, code: str) -> None:
        self._failed[channel] += 1
        if self._failed[channel] < _IN_A_ROW:
            return
        self._failed[channel] = 0
        with suppress(Exception):
            now = self.clock.now()
            why = f"refused or unanswered {_IN_A_ROW} times in a row, at last {code}"
            stop = Stop(channel, now, _BREAKER, why, now + pause)
            self.switch.change(lambda state: state.without_past(now).stopped(stop))
