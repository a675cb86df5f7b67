from __future__ import annotations

from tactful.domain.book.account import Account, Change
from tests.contract.store_support import Stores, a_customer, an_invoice, opened


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
