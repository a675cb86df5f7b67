from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from tactful.adapters.memory import MemoryWorkQueue
from tactful.application.ports import StoreUnavailableError, WorkQueue
from tactful.application.reschedule import Reschedule
from tactful.domain.book.account import Change
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.sending.state import SendingState
from tests.support.builders import (
    DUE,
    NINE,
    a_contact,
    a_customer,
    a_policy,
    an_account,
    an_invoice,
)
from tests.unit.application.house import House, a_house, sent_by


def ticked(house: House, rules: str, *, times: int = 1) -> list[str]:
    """What is queued by so many ticks under some rules."""
    queue = MemoryWorkQueue()
    for _ in range(times):
        Reschedule(house.store, house.store, queue, rules).go_on()
    return queue.queued


def small_debts(house: House, number: int) -> list[str]:
    """Accounts of which nothing is asked, because each owes too little."""
    return [
        house.add(
            an_account(
                an_invoice(f"INV-{index}", minor=4_00, due=DUE - timedelta(days=60)),
                customer=a_customer(
                    a_contact(email=f"c{index}@client.example", phone=""), customer_id=f"C-{index}"
                ),
            )
        )
        for index in range(number)
    ]


def test_under_the_same_rules_nobody_is_looked_at_again() -> None:
    house = a_house()
    small_debts(house, 3)
    assert len(ticked(house, "old", times=2)) == 3
    assert ticked(house, "old", times=9) == []


def test_new_rules_are_noted_by_one_tick_and_applied_from_the_next_on() -> None:
    house = a_house()
    keys = small_debts(house, 3)
    ticked(house, "old", times=2)
    assert ticked(house, "new") == []
    assert sorted(ticked(house, "new")) == sorted(keys)
    assert ticked(house, "new") == []


def test_a_sleeping_account_wakes_when_the_new_policy_asks_for_less() -> None:
    house = a_house()
    (key,) = small_debts(house, 1)
    assert house.account(key).next_action_at is None
    ticked(house, "old", times=2)
    house.policy = a_policy(minimum_amounts={"GBP": 100})
    assert house.tick() == []
    for queued in ticked(house, "new", times=2):
        house.sending().look_at(queued)
    assert sent_by(house.email) == []
    house.tick()
    assert len(sent_by(house.email)) == 1


def test_what_a_new_policy_makes_due_is_sent_within_the_limits_of_planning_runs() -> None:
    house = a_house()
    keys = small_debts(house, 3)
    ticked(house, "old", times=2)
    house.policy = a_policy(minimum_amounts={"GBP": 100})
    for queued in ticked(house, "new", times=2):
        house.sending().look_at(queued)
    house.ask_above = 2
    assert house.tick() == []
    assert [stop.by for stop in house.store.sending.stops] == ["blast-radius guard"]
    house.ask_above = 3
    house.store.sending = SendingState()
    house.tick()
    assert len(sent_by(house.email)) == len(keys)


def test_an_account_that_waits_too_long_is_due_earlier_under_the_new_policy() -> None:
    house = a_house()
    key = house.add(an_account(an_invoice(due=DUE + timedelta(days=20))))
    later = house.account(key).next_action_at
    house.policy = a_policy(stages=[{"name": "soon", "days": -15, "tone": "friendly", "channels": ["email"]}])
    for queued in ticked(house, "new", times=2):
        house.sending().look_at(queued)
    assert later is not None
    earlier = house.account(key).next_action_at
    assert earlier is not None
    assert earlier < later


def test_whoever_owes_nothing_sleeps_on() -> None:
    house = a_house()
    house.add(an_account(an_invoice(state=InvoiceState.PAID)))
    assert ticked(house, "new", times=3) == []


def test_a_big_book_takes_several_ticks_and_every_account_comes_once() -> None:
    house = a_house()
    for index in range(15_500):
        customer = a_customer(customer_id=f"C-{index}")
        account = an_account(an_invoice(f"INV-{index}", minor=4_00), customer=customer)
        house.store.commit(None, Change(account))
    first = ticked(house, "new", times=2)
    second = ticked(house, "new")
    assert (len(first), len(second)) == (15_000, 500)
    assert len({*first, *second}) == 15_500
    assert ticked(house, "new") == []


def test_rules_that_change_in_the_middle_start_all_over() -> None:
    house = a_house()
    for index in range(15_500):
        account = an_account(an_invoice(f"INV-{index}"), customer=a_customer(customer_id=f"C-{index}"))
        house.store.commit(None, Change(account))
    ticked(house, "new", times=2)
    assert len(ticked(house, "newer", times=3)) == 15_500


@dataclass
class FullQueue(WorkQueue):
    """Takes so many batches, then no more."""

    takes: int
    queued: list[str] = field(default_factory=list)

    def put(self, account_keys: Sequence[str]) -> int:
        if self.takes == 0:
            raise StoreUnavailableError("the queue is full")
        self.takes -= 1
        self.queued += account_keys
        return len(account_keys)


def test_a_round_that_breaks_off_goes_on_where_it_was() -> None:
    house = a_house()
    for index in range(2_500):
        account = an_account(an_invoice(f"INV-{index}"), customer=a_customer(customer_id=f"C-{index}"))
        house.store.commit(None, Change(account))
    ticked(house, "new")
    queue = FullQueue(takes=2)
    with pytest.raises(StoreUnavailableError):
        Reschedule(house.store, house.store, queue, "new").go_on()
    rest = ticked(house, "new")
    assert (len(queue.queued), len(rest)) == (2_000, 500)
    assert len({*queue.queued, *rest}) == 2_500


def test_looking_again_at_an_account_that_need_not_change_writes_nothing() -> None:
    house = a_house()
    key = house.add(an_account(an_invoice(due=DUE + timedelta(days=20))))
    version = house.account(key).version
    for queued in ticked(house, "new", times=2):
        house.sending().look_at(queued)
    assert house.account(key).version == version
    assert house.clock.now() == NINE
