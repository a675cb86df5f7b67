from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from tactful.adapters.dynamodb.accounts import DynamoAccountStore
from tactful.adapters.dynamodb.lookups import DynamoInvoiceDirectory
from tactful.adapters.dynamodb.table import Table
from tactful.application.ports import ConflictError, StoreUnavailableError
from tactful.domain.book.account import Account, Change
from tests.contract.store_support import Stores, a_customer, an_invoice, loaded, opened


def test_an_unknown_number_is_nobodys(stores: Stores) -> None:
    assert stores.numbers.accounts_with("INV-1") == ()


def test_a_number_finds_every_customer_that_has_it(stores: Stores) -> None:
    first = opened(stores, Account(a_customer("C-1"), invoices=(an_invoice("0042"), an_invoice("42"))))
    second = opened(stores, Account(a_customer("C-2"), invoices=(an_invoice("0042"),)))
    assert set(stores.numbers.accounts_with("0042")) == {first.key, second.key}
    assert stores.numbers.accounts_with("42") == (first.key,)


def test_an_invoice_added_later_is_found(stores: Stores) -> None:
    account = opened(stores)
    stores.accounts.commit(account, Change(account.with_invoice(an_invoice("INV #2/é"))))
    assert stores.numbers.accounts_with("INV #2/é") == (account.key,)


def test_an_invoice_that_was_taken_away_is_nobodys_and_is_found_when_it_comes_back(stores: Stores) -> None:
    before = opened(stores)
    stores.accounts.commit(before, Change(replace(before, invoices=())))
    assert stores.numbers.accounts_with("INV-1") == ()
    again = loaded(stores, before.key)
    stores.accounts.commit(again, Change(again.with_invoice(an_invoice())))
    assert stores.numbers.accounts_with("INV-1") == (before.key,)


def test_invoices_whose_commit_conflicted_are_nobodys(stores: Stores) -> None:
    first = opened(stores)
    stores.accounts.commit(first, Change(first.with_invoice(an_invoice("INV-2"))))
    with pytest.raises(ConflictError):
        stores.accounts.commit(first, Change(first.with_invoice(an_invoice("INV-3"))))
    assert stores.numbers.accounts_with("INV-3") == ()
    another = opened(stores, Account(a_customer("C-2"), invoices=(an_invoice("INV-3"),)))
    assert stores.numbers.accounts_with("INV-3") == (another.key,)


class _Crashing:
    """A client that does everything but transactions."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **_: object) -> Any:
        raise KeyboardInterrupt


def test_a_crash_before_the_commit_leaves_numbers_that_are_nobodys(table: Table, dynamodb: Any) -> None:
    account = Account(a_customer(), invoices=(an_invoice("INV-1"), an_invoice("INV-2")))
    directory, store = DynamoInvoiceDirectory(table), DynamoAccountStore(table)
    with pytest.raises(KeyboardInterrupt):
        DynamoAccountStore(Table(_Crashing(dynamodb), table.name)).commit(None, Change(account))
    assert store.load(account.key) is None
    assert directory.accounts_with("INV-1") == ()

    store.commit(None, Change(replace(account, invoices=(an_invoice("INV-2"),))))
    assert (directory.accounts_with("INV-1"), directory.accounts_with("INV-2")) == ((), (account.key,))


def test_every_invoice_of_importers_that_open_one_account_at_once_is_found(table: Table) -> None:
    directory, store, key = (
        DynamoInvoiceDirectory(table),
        DynamoAccountStore(table),
        Account(a_customer()).key,
    )

    def bring(number: int) -> None:
        for _ in range(100):
            before = store.load(key)
            known = before or Account(a_customer())
            try:
                store.commit(before, Change(known.with_invoice(an_invoice(f"INV-{number}"))))
            except (ConflictError, StoreUnavailableError):
                continue
            return
        raise AssertionError(f"INV-{number} never got through")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(bring, range(8)))
    after = store.load(key)
    assert after is not None
    assert len(after.invoices) == 8
    assert all(directory.accounts_with(f"INV-{number}") == (key,) for number in range(8))


def test_more_numbers_than_one_batch_takes_are_all_found(stores: Stores) -> None:
    invoices = tuple(an_invoice(f"INV-{number}") for number in range(60))
    account = opened(stores, Account(a_customer(), invoices=invoices))
    assert all(stores.numbers.accounts_with(invoice.number) == (account.key,) for invoice in invoices)
