"""The rate of e-mails, kept by every worker for its share."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

from tactful.application.sending_ports import Pace
from tactful.domain.book.customer import Channel
from tactful.domain.sending.state import SendingState

# A batch of ten has to be through within the function's time.
_LONGEST_WAIT = 10.0


class WorkersPace(Pace):
    """One of `workers` that run at the same time: each has an equal share of the rate.

    `now` gives seconds that only ever grow, `pause` waits for so many.
    """

    def __init__(
        self,
        workers: int,
        *,
        now: Callable[[], float] | None = None,
        pause: Callable[[float], None] | None = None,
    ) -> None:
        self._workers = workers
        self._now = now or monotonic
        self._pause = pause or sleep
        self._free_at = 0.0

    def wait(self, channel: Channel, state: SendingState) -> None:
        if channel is not Channel.EMAIL or not state.mails_per_minute:
            return
        now = self._now()
        if now < self._free_at:
            self._pause(min(self._free_at - now, _LONGEST_WAIT))
        self._free_at = max(now, self._free_at) + 60 * self._workers / state.mails_per_minute
