from __future__ import annotations

from datetime import timedelta

import pytest

from tactful.adapters.memory import MemorySendingSwitch
from tactful.application.ports import Accepted
from tactful.application.send_reminders import Outcome
from tactful.application.stop_switch import StopSwitch
from tactful.domain.book.contact_log import ReminderStatus
from tactful.domain.book.customer import Channel
from tests.support.builders import NINE, a_contact, a_customer, an_account, an_invoice
from tests.unit.application.house import House, WatchedSender, a_house, sent_by


def switch(house: House) -> StopSwitch:
    return StopSwitch(MemorySendingSwitch(house.store), house.clock)


def test_nothing_is_sent_while_everything_is_stopped_and_nothing_is_lost() -> None:
    house = a_house()
    key = house.add()
    switch(house).stop(None, "ann", why="wrong amounts")
    acted = house.act(key)
    assert (acted.outcome, acted.reasons) == (Outcome.DEFERRED, ("stopped: everything",))
    house.run_for(timedelta(hours=2))
    assert sent_by(house.email) == []
    assert house.account(key).reminders == ()
    switch(house).resume(None)
    house.run_for(timedelta(minutes=30))
    assert len(sent_by(house.email)) == 1


def test_a_worker_that_is_already_running_obeys_a_stop() -> None:
    house = a_house()
    contacts = [a_contact(email=f"ann{number}@client.example") for number in range(2)]
    customers = [a_customer(contact, customer_id=contact.email) for contact in contacts]
    keys = [house.add(an_account(an_invoice(), customer=customer)) for customer in customers]
    house.email = WatchedSender(Accepted("m-1"), lambda _: switch(house).stop(Channel.EMAIL, "ann"))
    with house.sending().batch(keys) as batch:
        outcomes = [house.sending().act_on(key, batch).outcome for key in keys]
    assert outcomes == [Outcome.SENT, Outcome.DEFERRED]
    assert house.reminder(keys[0]).status is ReminderStatus.ACCEPTED
    assert house.account(keys[1]).reminders == ()


def test_whoever_resumes_before_a_stop_ends_does_not_wait_for_its_end() -> None:
    house = a_house()
    house.add()
    switch(house).stop(Channel.EMAIL, "ann", until=NINE + timedelta(days=3))
    house.run_for(timedelta(minutes=30))
    switch(house).resume(Channel.EMAIL)
    house.run_for(timedelta(hours=1))
    assert len(sent_by(house.email)) == 1


def test_what_is_due_no_longer_after_a_stop_is_never_sent() -> None:
    house = a_house()
    key = house.add()
    switch(house).stop(None, "ann", until=NINE + timedelta(hours=3))
    house.run_for(timedelta(hours=1))
    house.pay()
    house.run_for(timedelta(hours=4))
    assert all(reminder.is_courtesy for reminder in house.account(key).reminders)


def test_a_stop_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="has passed"):
        switch(a_house()).stop(None, "ann", until=NINE)


def test_what_is_stopped_is_told_without_what_has_ended() -> None:
    house = a_house()
    switch(house).stop(Channel.SMS, "ann", until=NINE + timedelta(hours=1))
    assert [stop.by for stop in switch(house).now().stops] == ["ann"]
    house.clock.advance(timedelta(hours=1))
    assert switch(house).now().stops == ()
