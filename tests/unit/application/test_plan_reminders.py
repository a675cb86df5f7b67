from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tactful.adapters.memory import MemorySendingSwitch, MemoryWorkQueue
from tactful.application.ports import StoreUnavailableError, WorkQueue
from tactful.application.sending_ports import MailQuota
from tactful.application.stop_switch import StopSwitch
from tactful.domain.book.account import Change, TaskKind
from tactful.domain.book.customer import Channel
from tactful.domain.sending.health import Tally
from tactful.domain.sending.state import UNUSUAL, SendingState, Stop
from tests.support.builders import NINE, a_contact, a_customer, an_account, an_invoice
from tests.unit.application.house import House, a_house


def due_at(house: House, customer_id: str, at: datetime) -> str:
    """An account whose first action is at the start of the window of a day."""
    customer = a_customer(a_contact(), customer_id=customer_id)
    return house.add(an_account(an_invoice(f"INV-{customer_id}", due=at.date()), customer=customer))


def planned(house: House, scheduled: datetime | None, most: int = 10_000) -> list[str]:
    queue = MemoryWorkQueue()
    assert house.planning(queue, most).at(scheduled).queued == len(queue.queued)
    return queue.queued


def test_only_what_is_due_is_queued() -> None:
    house = a_house()
    due, later = due_at(house, "C-1", NINE), due_at(house, "C-2", NINE + timedelta(days=20))
    assert planned(house, None) == [due]
    assert planned(house, NINE + timedelta(days=30)) == [due, later]


def test_a_tick_that_comes_late_queues_what_was_due_at_its_own_time() -> None:
    house = a_house()
    house.clock.move_to(NINE - timedelta(minutes=1))
    due_at(house, "C-1", NINE)
    house.clock.advance(timedelta(days=3))
    assert planned(house, NINE - timedelta(minutes=1)) == []
    assert len(planned(house, house.clock.now())) == 1


def test_a_tick_that_never_came_is_made_up_for_by_the_next() -> None:
    house = a_house()
    key = due_at(house, "C-1", NINE)
    house.clock.advance(timedelta(hours=48))
    assert planned(house, None) == [key]


def test_a_tick_that_comes_twice_sends_once() -> None:
    house = a_house()
    key = due_at(house, "C-1", NINE)
    for queued in planned(house, NINE) + planned(house, NINE):
        house.act(queued)
    assert len(house.account(key).reminders) == 1


def test_more_accounts_than_are_held_at_once_are_all_queued() -> None:
    house = a_house()
    keys = {due_at(house, f"C-{number}", NINE) for number in range(1_100)}
    queued = planned(house, None)
    assert len(queued) == 1_100
    assert set(queued) == keys


class FullQueue(WorkQueue):
    def put(self, account_keys: Sequence[str]) -> int:
        raise StoreUnavailableError(f"{len(account_keys)} accounts could not be queued")


def test_accounts_that_could_not_be_queued_stay_due() -> None:
    house = a_house()
    key = due_at(house, "C-1", NINE)
    with pytest.raises(StoreUnavailableError):
        house.planning(FullQueue(), 10).at(None)
    assert planned(house, None) == [key]


def test_a_run_takes_no_more_than_its_limit_and_the_longest_due_first() -> None:
    house = a_house()
    keys = [due_at(house, f"C-{number}", NINE) for number in range(5)]
    for days, key in enumerate(keys):
        account = house.account(key)
        later = replace(account, next_action_at=NINE - timedelta(days=days))
        house.store.commit(account, Change(later))
    assert planned(house, None, most=2) == [keys[4], keys[3]]
    house.act(keys[4])
    assert planned(house, None, most=2) == [keys[3], keys[2]]


def three_due(house: House) -> list[str]:
    """Three accounts, the longest due first."""
    house.clock.move_to(NINE - timedelta(days=8))
    keys = [due_at(house, f"C-{day}", NINE - timedelta(days=7 - day)) for day in range(3)]
    house.clock.move_to(NINE)
    return keys


@pytest.mark.parametrize(("left", "queued"), [(None, 3), (10, 3), (2, 2)])
def test_no_more_is_queued_than_the_mail_provider_takes_today_and_the_longest_due_come_first(
    left: int | None, queued: int
) -> None:
    house = a_house()
    keys = three_due(house)
    house.mail.given = MailQuota(60, left)
    assert planned(house, None) == keys[:queued]
    house.mail.given = MailQuota(60, None)
    assert planned(house, None) == keys


def test_when_the_mail_provider_takes_no_more_sms_and_tasks_go_on_and_a_task_a_day_says_so() -> None:
    house = a_house()
    keys = three_due(house)
    house.mail.given = MailQuota(60, 0)
    assert planned(house, None) == keys
    assert planned(house, None) == keys
    (stop,) = house.store.sending.stops
    assert (stop.channel, stop.until) == (Channel.EMAIL, NINE + timedelta(minutes=20))
    assert [task.kind for _, task in house.store.list_open()] == [TaskKind.SENDING_STOPPED]
    house.mail.given = MailQuota(60, None)
    house.clock.advance(timedelta(minutes=30))
    planned(house, None)
    assert house.store.sending.stop_of(Channel.EMAIL, house.clock.now()) is None


def test_a_quota_that_cannot_be_told_keeps_nobody_from_being_reminded() -> None:
    house = a_house()
    keys = three_due(house)
    assert planned(house, None) == keys
    assert house.store.sending.mails_per_minute == 0


def test_the_workers_are_told_how_fast_they_may_be() -> None:
    house = a_house()
    three_due(house)
    stop = Stop(Channel.SMS, NINE, "ann")
    house.store.sending = SendingState((stop,))
    house.mail.given = MailQuota(840, None)
    planned(house, None)
    assert house.store.sending == SendingState((stop,), 840)


def test_a_worker_keeps_its_pace_before_it_claims_and_looks() -> None:
    house = a_house()
    house.act(house.add())
    assert house.pace.waited == [Channel.EMAIL]


def stopped(house: House) -> list[tuple[Channel | None, str]]:
    return [(stop.channel, stop.by) for stop in house.store.sending.stops]


def test_a_run_tells_since_when_the_longest_due_account_waits() -> None:
    house = a_house()
    three_due(house)
    assert house.planning(MemoryWorkQueue(), 1).at(None).lag == timedelta(days=7)
    assert a_house().planning(MemoryWorkQueue(), 1).at(None).lag == timedelta()


def test_while_everything_is_stopped_nothing_is_queued_and_it_is_due_afterwards() -> None:
    house = a_house()
    keys = three_due(house)
    switch = MemorySendingSwitch(house.store)
    switch.change(lambda state: state.stopped(Stop(None, NINE, "ann")))
    run = house.planning(MemoryWorkQueue(), 10).at(None)
    assert (run.queued, run.lag, run.stopped) == (0, timedelta(days=7), True)
    switch.change(lambda state: state.resumed(None, NINE))
    assert planned(house, None) == keys


def test_what_is_due_on_the_other_channel_is_queued_while_one_is_stopped() -> None:
    house = a_house()
    keys = three_due(house)
    house.store.sending = SendingState((Stop(Channel.EMAIL, NINE, "ann"),))
    assert planned(house, None) == keys


def test_a_run_tells_what_is_stopped_whether_anything_is_due_or_not() -> None:
    house = a_house()
    stop = Stop(Channel.EMAIL, NINE, "ann", until=NINE + timedelta(hours=1))
    house.store.sending = SendingState((stop,))
    assert house.planning(MemoryWorkQueue(), 10).at(None).stops == (stop,)
    three_due(house)
    assert house.planning(MemoryWorkQueue(), 10).at(None).stops == (stop,)
    house.clock.advance(timedelta(hours=1))
    assert house.planning(MemoryWorkQueue(), 10).at(None).stops == ()


def test_a_day_far_above_the_usual_is_asked_about_before_anybody_is_written_to() -> None:
    house = a_house()
    keys = three_due(house)
    house.ask_above = 2
    assert planned(house, None) == []
    assert stopped(house) == [(None, UNUSUAL)]
    ((account, task),) = house.store.list_open()
    assert (account, task.kind) == ("", TaskKind.SENDING_STOPPED)
    assert "more than 2 clients are due, after 0 messages today" in task.summary
    assert planned(house, NINE) == []
    assert len(house.store.list_open()) == 1
    StopSwitch(MemorySendingSwitch(house.store), house.clock).resume(None)
    assert planned(house, None) == keys
    house.clock.advance(timedelta(hours=24))
    assert planned(house, None) == []


def test_what_left_today_counts_towards_what_is_unusual() -> None:
    house = a_house()
    three_due(house)
    house.ask_above = 4
    house.health.count(Tally(Channel.EMAIL, NINE, accepted=2))
    assert planned(house, None) == []


def test_a_busy_day_before_makes_a_busy_day_usual() -> None:
    house = a_house()
    keys = three_due(house)
    house.ask_above = 1
    house.health.count(Tally(Channel.EMAIL, NINE - timedelta(days=27), accepted=1))
    assert planned(house, None) == keys


def test_email_that_bounces_too_often_stops_and_one_task_says_so() -> None:
    house = a_house()
    three_due(house)
    house.health.count(Tally(Channel.EMAIL, NINE, accepted=20, bounced=frozenset("abcdef")))
    planned(house, None)
    planned(house, None)
    assert stopped(house) == [(Channel.EMAIL, "reputation guard")]
    ((_, task),) = house.store.list_open()
    assert "6 of 20 e-mails bounced" in task.summary
    house.clock.advance(timedelta(minutes=15))
    StopSwitch(MemorySendingSwitch(house.store), house.clock).resume(Channel.EMAIL)
    planned(house, None)
    assert stopped(house) == []
