"""Actors that take turns: each is a thread, and only the one that holds the baton runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field


class ProcessDied(BaseException):
    """The process that an actor stands for ends here, whatever it was doing."""


@dataclass(eq=False)
class Actor:
    """One run of a process. `ends_by` (a virtual instant in seconds) is when its platform would kill it;
    it is not asked to go on for as many turns of others as `stalled` says."""

    name: str
    work: Callable[[], None]
    ends_by: float
    number: int = 0
    is_dead: bool = False
    is_finished: bool = False
    stalled: int = 0
    failure: BaseException | None = None
    _turn: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _pause: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _is_started: bool = False

    def step(self, threads: ThreadPoolExecutor) -> None:
        """Let it run until it pauses or ends. Raises what it failed with, if that was not its death."""
        if not self._is_started:
            self._is_started = True
            threads.submit(self._run)
        else:
            self._turn.release()
        self._pause.acquire()
        if self.failure is not None:
            raise self.failure

    def pause(self) -> None:
        """Called by the actor itself: let others run. Raises ProcessDied if it was killed meanwhile."""
        self._pause.release()
        self._turn.acquire()
        self.live()

    def live(self) -> None:
        """Called by the actor itself: a dead process does nothing any more, not even to clean up."""
        if self.is_dead:
            raise ProcessDied

    def _run(self) -> None:
        try:
            self.work()
        except ProcessDied:
            self.is_dead = True
        except BaseException as error:  # noqa: BLE001 - handed to the thread that runs the schedule
            self.failure = error
        finally:
            self.is_finished = True
            self._pause.release()
