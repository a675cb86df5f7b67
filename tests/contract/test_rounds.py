from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tactful.application.ports import Round
from tactful.domain.book.account import Account, Change
from tests.contract.store_support import NOW, Stores, a_customer, an_invoice, due_at, loaded, opened


def _all(stores: Stores, limit: int) -> list[str]:
    found: list[str] = []
    after = ""
    while True:
        page = stores.owing.page(after, limit)
        assert len(page.keys) <= limit
        found += page.keys
        after = page.following
        if not after:
            return found


def _owing(stores: Stores, number: int) -> Account:
    return opened(stores, Account(a_customer(f"C-{number}"), invoices=(an_invoice(f"INV-{number}"),)))


def test_an_empty_book_has_one_empty_page(stores: Stores) -> None:
    page = stores.owing.page("", 10)
    assert (page.keys, page.following) == ((), "")


def test_every_account_that_owes_is_met_once_whatever_the_size_of_the_pages(stores: Stores) -> None:
    sleeping = [_owing(stores, number).key for number in range(12)]
    waiting = [
        opened(stores, due_at(Account(a_customer(f"D-{number}")), NOW + timedelta(days=number))).key
        for number in range(12)
    ]
    for limit in (1, 5, 24, 100):
        assert sorted(_all(stores, limit)) == sorted([*sleeping, *waiting])


def test_whoever_owes_nothing_and_has_nothing_to_do_is_not_met(stores: Stores) -> None:
    opened(stores, Account(a_customer()))
    assert _all(stores, 10) == []


def test_an_account_stops_being_met_when_it_has_paid(stores: Stores) -> None:
    account = _owing(stores, 1)
    paid = replace(account, invoices=tuple(i.with_payment(i.amount_due) for i in account.invoices))
    stores.accounts.commit(account, Change(paid))
    assert _all(stores, 10) == []


def test_an_account_that_falls_asleep_is_not_due_and_still_met(stores: Stores) -> None:
    account = opened(stores, due_at(Account(a_customer(), invoices=(an_invoice(),)), NOW))
    stores.accounts.commit(account, Change(due_at(account, None)))
    assert list(stores.due.due(NOW + timedelta(days=400))) == []
    assert _all(stores, 10) == [loaded(stores, account.key).key]


def test_the_last_round_is_remembered(stores: Stores) -> None:
    assert stores.rounds.last_round() is None
    stores.rounds.note_round(Round("rules-1", "DUE#3|x"))
    stores.rounds.note_round(Round("rules-1", "", finished=True))
    assert stores.rounds.last_round() == Round("rules-1", "", finished=True)
