from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.application.ports import StoreUnavailableError
from tactful.domain.book.account import Account, Change, Entry
from tactful.domain.book.agreements import Hold, HoldKind
from tactful.domain.book.customer import Customer
from tests.support.builders import NINE, a_policy, an_account, an_invoice, money
from tests.unit.application.house import Contended, Eventful, House, a_house

CALLED = Entry("call-1", NINE, "call")


def called(account: Account) -> Change:
    return Change(
        account.with_hold(Hold("H-1", HoldKind.MANUAL, NINE, NINE + timedelta(days=2))), entries=(CALLED,)
    )


def test_an_event_changes_the_account_and_its_next_action() -> None:
    house = a_house()
    key = house.add()
    house.events().apply(key, called)
    assert house.account(key).next_action_at == NINE + timedelta(days=2)
    assert house.store.timeline(key) == (CALLED,)


def test_an_event_that_meets_another_is_applied_to_what_the_other_left() -> None:
    house = a_house()
    key = house.add()
    store = Eventful(house.store, before_commit=(1, lambda: house.pay(60_00)))
    house.events(store).apply(key, called)
    account = house.account(key)
    assert [invoice.amount_due for invoice in account.invoices] == [money(40_00)]
    assert [hold.id for hold in account.holds] == ["H-1"]
    assert store.commits == 2


def test_an_event_that_comes_twice_is_applied_once() -> None:
    house = a_house()
    key = house.add()
    house.events().apply(key, called)
    lifted = replace(house.account(key), holds=())
    house.store.commit(house.account(key), Change(lifted))
    house.events().apply(key, called)
    assert house.account(key).holds == ()
    assert house.store.timeline(key) == (CALLED,)


def test_an_event_on_an_account_that_never_stands_still_is_given_back_to_its_queue() -> None:
    house = a_house()
    key = house.add()
    store = Contended(house.store)
    with pytest.raises(StoreUnavailableError, match=f"account {key} changed 10 times"):
        house.events(store).apply(key, called)
    assert store.commits == 10
    assert house.account(key).holds == ()


def test_an_event_on_nobody_is_nothing() -> None:
    house = a_house()
    assert house.events().apply("nobody", called) is None
    assert house.store.timeline("nobody") == ()


def test_an_event_may_open_an_account() -> None:
    house = a_house()
    customer = Customer("C-9", "New Ltd")
    house.events().apply(customer.key, called, new=customer)
    assert house.account(customer.key).customer == customer


def test_an_event_that_changes_nothing_writes_nothing() -> None:
    house = a_house()
    key = house.add()
    store = Eventful(house.store)
    house.events(store).apply(key, Change)
    assert store.commits == 0
    assert house.account(key).version == 1


def test_an_action_may_be_put_off_but_not_brought_forward() -> None:
    house = a_house()
    key = house.add()
    later, sooner = NINE + timedelta(hours=1), NINE - timedelta(hours=1)
    for moment, expected in ((later, later), (sooner, NINE)):
        change = house.events().scheduled(Change(house.account(key)), not_before=moment)
        assert change.account.next_action_at == expected


def test_what_is_decided_is_decided_at_the_time_of_the_clock() -> None:
    house = House(policy=a_policy(thanks_expire_after_days=1))
    key = house.add(an_account(an_invoice()))
    before = house.events().decide(house.account(key))
    house.clock.advance(timedelta(days=30))
    after = house.events().decide(house.account(key))
    assert [type(before).__name__, type(after).__name__] == ["Send", "Send"]
    assert before != after
