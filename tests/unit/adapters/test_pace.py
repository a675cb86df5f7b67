from __future__ import annotations

from dataclasses import dataclass, field

from tactful.adapters.pace import WorkersPace
from tactful.domain.book.customer import Channel
from tactful.domain.sending.state import SendingState

FOURTEEN_A_SECOND = SendingState(mails_per_minute=840)


@dataclass
class Watch:
    """Seconds, which pass while somebody waits."""

    at: float = 100.0
    waits: list[float] = field(default_factory=list)

    def pause(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.at += seconds


def paced(workers: int) -> tuple[WorkersPace, Watch]:
    watch = Watch()
    return WorkersPace(workers, now=lambda: watch.at, pause=watch.pause), watch


def test_all_workers_together_keep_to_the_rate() -> None:
    pace, watch = paced(workers=7)
    for _ in range(5):
        pace.wait(Channel.EMAIL, FOURTEEN_A_SECOND)
    assert watch.waits == [0.5] * 4


def test_time_that_passed_anyway_is_not_waited_again() -> None:
    pace, watch = paced(workers=7)
    pace.wait(Channel.EMAIL, FOURTEEN_A_SECOND)
    watch.at += 0.4
    pace.wait(Channel.EMAIL, FOURTEEN_A_SECOND)
    watch.at += 60
    pace.wait(Channel.EMAIL, FOURTEEN_A_SECOND)
    assert watch.waits == [0.1]


def test_sms_and_a_rate_that_is_not_known_are_not_waited_for() -> None:
    pace, watch = paced(workers=7)
    for _ in range(3):
        pace.wait(Channel.SMS, FOURTEEN_A_SECOND)
        pace.wait(Channel.EMAIL, SendingState())
    assert watch.waits == []


def test_no_wait_is_longer_than_a_function_can_afford() -> None:
    pace, watch = paced(workers=50)
    for _ in range(3):
        pace.wait(Channel.EMAIL, SendingState(mails_per_minute=60))
    assert watch.waits == [10.0, 10.0]
