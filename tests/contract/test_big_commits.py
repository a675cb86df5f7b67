from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tactful.adapters.dynamodb.accounts import DynamoAccountStore
from tactful.adapters.dynamodb.table import Table
from tactful.application.ports import AlreadyRecordedError, ConflictError
from tactful.domain.book.account import Account, Change
from tactful.domain.book.customer import account_key
from tactful.domain.book.money import Money
from tests.bench.meter import Meter
from tests.contract.store_support import (
    NOW,
    Stores,
    a_customer,
    a_task,
    an_entry,
    an_invoice,
    due_at,
    loaded,
    opened,
)


def test_more_changes_than_one_transaction_takes_are_all_written(stores: Stores) -> None:
    before = opened(stores)
    many = replace(before, invoices=tuple(an_invoice(f"INV-{number:03}") for number in range(260)))
    change = Change(due_at(many, NOW), entries=(an_entry(),), tasks=(a_task(),))
    stores.accounts.commit(before, change)

    after = loaded(stores, before.key)
    assert (len(after.invoices), after.next_action_at) == (260, NOW)
    assert stores.numbers.accounts_with("INV-259") == (before.key,)
    assert len(stores.tasks.list_open()) == 1
    with pytest.raises(ConflictError):
        stores.accounts.commit(before, Change(before.with_invoice(an_invoice("INV-2", 1_00))))


def test_a_duplicate_event_of_more_changes_than_one_transaction_takes_changes_nothing(stores: Stores) -> None:
    before = opened(stores)
    stores.accounts.commit(before, Change(before, entries=(an_entry(),)))
    again = loaded(stores, before.key)
    many = replace(again, invoices=tuple(an_invoice(f"INV-{number:03}") for number in range(120)))
    with pytest.raises(AlreadyRecordedError):
        stores.accounts.commit(again, Change(many, entries=(an_entry(),)))
    assert loaded(stores, before.key) == again


def test_a_new_account_of_more_invoices_than_one_transaction_takes_is_opened(stores: Stores) -> None:
    many = Account(a_customer(), invoices=tuple(an_invoice(f"INV-{number:03}") for number in range(120)))
    assert opened(stores, due_at(many, NOW)).invoices == many.invoices
    assert [due.key for due in stores.due.due(NOW)] == [many.key]


class _Interrupted:
    """A client whose transactions are interfered with: `before_write` is called with the number of each."""

    def __init__(self, client: Any, before_write: Callable[[int], None]) -> None:
        self._client = client
        self._before_write = before_write
        self._writes = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **request: object) -> Any:
        self._writes += 1
        self._before_write(self._writes)
        return self._client.transact_write_items(**request)


def _stop_at(write: int) -> Callable[[int], None]:
    def stop(number: int) -> None:
        if number == write:
            raise KeyboardInterrupt

    return stop


@pytest.mark.parametrize("write", [1, 2, 3, 4])
def test_a_crash_in_the_middle_of_a_big_commit_loses_nothing_when_the_event_comes_again(
    table: Table, dynamodb: Any, write: int
) -> None:
    store = DynamoAccountStore(table)
    crashing = DynamoAccountStore(Table(_Interrupted(dynamodb, _stop_at(write)), table.name))
    account = Account(a_customer())
    store.commit(None, Change(account))
    wanted = tuple(an_invoice(f"INV-{number:03}") for number in range(180))

    def imported(known: Account | None) -> Change:
        assert known is not None
        return Change(due_at(replace(known, invoices=wanted), NOW), entries=(an_entry(),))

    before = store.load(account.key)
    with pytest.raises(KeyboardInterrupt):
        crashing.commit(before, imported(before))

    left = store.load(account.key)
    assert left is not None
    assert left.next_action_at == (None if write == 1 else NOW)
    store.commit(left, imported(left))
    after = store.load(account.key)
    assert after is not None
    assert (after.invoices, after.next_action_at) == (wanted, NOW)


def test_a_payment_in_the_middle_of_a_big_commit_is_not_overwritten(table: Table, dynamodb: Any) -> None:
    store = DynamoAccountStore(table)
    invoices = tuple(an_invoice(f"INV-{number:03}") for number in range(120))
    store.commit(None, Change(Account(a_customer(), invoices=invoices)))
    key = account_key("C-1")
    pound = Money(1_00, "GBP")

    def pay(number: int) -> None:
        if number == 3:
            known = store.load(key)
            assert known is not None
            last = known.invoices[-1].with_payment(pound)
            store.commit(known, Change(known.with_invoice(last)))

    before = store.load(key)
    assert before is not None
    lowered = tuple(replace(invoice, reported=Money(90_00, "GBP")) for invoice in before.invoices)
    paid_meanwhile = DynamoAccountStore(Table(_Interrupted(dynamodb, pay), table.name))
    with pytest.raises(ConflictError):
        paid_meanwhile.commit(before, Change(replace(before, invoices=lowered)))
    after = store.load(key)
    assert after is not None
    assert after.invoices[-1].received == pound


def test_a_change_with_too_many_entries_is_refused_before_anything_is_written(table: Table) -> None:
    store = DynamoAccountStore(table)
    entries = tuple(an_entry(f"e-{number}") for number in range(100))
    with pytest.raises(ValueError, match="100 entries, tasks and addresses"):
        store.commit(None, Change(Account(a_customer()), entries=entries))
    assert store.load(account_key("C-1")) is None


@pytest.mark.parametrize(("invoices", "units"), [(1, 6), (5, 18), (10, 33), (50, 155), (298, 907)])
def test_a_new_account_costs_three_units_an_invoice_and_three_more(
    table: Table, dynamodb: Any, invoices: int, units: int
) -> None:
    meter = Meter(dynamodb)
    many = Account(a_customer(), invoices=tuple(an_invoice(f"INV-{number:03}") for number in range(invoices)))
    DynamoAccountStore(Table(meter, table.name)).commit(None, Change(due_at(many, NOW)))
    assert (meter.units.writes, meter.units.index) == (units, 1)
