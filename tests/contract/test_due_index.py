from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tactful.domain.book.account import Account, Change
from tactful.domain.book.customer import account_key
from tests.contract.store_support import NOW, Stores, a_customer, due_at, loaded, opened

MINUTE = timedelta(minutes=1)


def _due(stores: Stores, until: datetime) -> set[str]:
    found = [account.key for account in stores.due.due(until)]
    assert len(found) == len(set(found))
    return set(found)


def test_an_account_is_due_from_its_next_action_on(stores: Stores) -> None:
    account = opened(stores, due_at(Account(a_customer()), NOW))
    assert _due(stores, NOW - timedelta(microseconds=1)) == set()
    assert _due(stores, NOW) == {account.key}
    assert _due(stores, NOW + timedelta(days=400)) == {account.key}


def test_an_instant_on_the_full_second_sorts_before_one_a_moment_later(stores: Stores) -> None:
    later = opened(stores, due_at(Account(a_customer()), NOW + timedelta(microseconds=1)))
    assert _due(stores, NOW) == set()
    assert _due(stores, NOW + timedelta(microseconds=1)) == {later.key}


def test_an_account_with_nothing_to_do_is_not_in_the_index(stores: Stores) -> None:
    opened(stores)
    assert _due(stores, datetime(9999, 1, 1, tzinfo=UTC)) == set()


def test_an_account_leaves_the_index_when_nothing_is_left_to_do(stores: Stores) -> None:
    account = opened(stores, due_at(Account(a_customer()), NOW))
    stores.accounts.commit(account, Change(due_at(account, None)))
    assert _due(stores, NOW) == set()
    assert loaded(stores, account.key).next_action_at is None


def test_an_account_that_is_put_off_is_due_once_and_later(stores: Stores) -> None:
    account = opened(stores, due_at(Account(a_customer()), NOW))
    stores.accounts.commit(account, Change(due_at(account, NOW + MINUTE)))
    assert _due(stores, NOW) == set()
    assert _due(stores, NOW + MINUTE) == {account.key}


def test_all_due_accounts_are_found_the_longest_due_first(stores: Stores) -> None:
    customers = [f"C-{number}" for number in range(40)]
    for number, customer in enumerate(customers):
        opened(stores, due_at(Account(a_customer(customer)), NOW - number * MINUTE))
    late = NOW - 20 * MINUTE
    assert _due(stores, late) == {account_key(customer) for customer in customers[20:]}
    keys = {account_key(customer): number for number, customer in enumerate(customers)}
    assert [keys[account.key] for account in stores.due.due(NOW)] == list(range(39, -1, -1))
