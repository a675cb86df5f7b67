from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.application.import_snapshot import Counted, ImportSnapshot, Presumed
from tactful.application.ports import AccountStore, StoreUnavailableError
from tactful.domain.book.account import Account, Change, TaskKind
from tactful.domain.book.customer import account_key
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.book.snapshot import Listed, Preview
from tests.support.builders import DUE, NINE, a_contact, a_customer, an_account, an_invoice, money
from tests.unit.application.house import Eventful, House, out_of_reach, sent_by

SNAPSHOT = NINE + timedelta(hours=1)
PRESUMED = InvoiceState.PRESUMED_SETTLED


def the_account(number: int, *invoices: str) -> Account:
    customer = a_customer(a_contact(), customer_id=f"C-{number}")
    stated = (an_invoice(name, reported_at=NINE - timedelta(days=1)) for name in invoices)
    return an_account(*stated, customer=customer)


def a_book(customers: int) -> House:
    """A house with so many customers, each of whom owes A and B."""
    house = House()
    for number in range(customers):
        house.add(the_account(number, "A", "B"))
    return house


def snapshots(house: House, store: AccountStore | None = None) -> ImportSnapshot:
    return ImportSnapshot(house.events(store), house.store, house.store, house.store)


def lists_a_of(*customers: int) -> Listed:
    listed = Listed()
    for number in customers:
        listed.add(account_key(f"C-{number}"), "A")
    return listed


def states(house: House, number: int) -> dict[str, InvoiceState]:
    account = house.account(account_key(f"C-{number}"))
    return {invoice.number: invoice.state for invoice in account.invoices}


def test_every_owed_invoice_that_the_file_lacks_is_presumed_settled_and_told_on_the_timeline() -> None:
    house = a_book(3)
    presumed = snapshots(house).settle("imp", SNAPSHOT, lists_a_of(0, 1), Presumed())
    assert states(house, 0) == {"A": InvoiceState.OPEN, "B": PRESUMED}
    assert states(house, 2) == {"A": PRESUMED, "B": PRESUMED}
    assert (presumed.invoices, presumed.is_whole) == (4, True)
    assert presumed.accounts == {account_key(f"C-{number}"): 1 if number < 2 else 2 for number in range(3)}
    assert [house.entry_kinds(key) for key in presumed.accounts] == [["presumed_settled"]] * 3


def test_nobody_is_chased_any_more_for_what_the_file_lacks() -> None:
    house = a_book(1)
    snapshots(house).settle("imp", SNAPSHOT, Listed(), Presumed())
    account = house.account(account_key("C-0"))
    assert account.next_action_at is None
    house.run_for(timedelta(days=30))
    assert sent_by(house.email) == []


def test_what_the_file_lists_costs_no_write() -> None:
    house, listed = a_book(2), Listed()
    for number in range(2):
        for name in ("A", "B"):
            listed.add(account_key(f"C-{number}"), name)
    store = Eventful(house.store)
    presumed = snapshots(house, store).settle("imp", SNAPSHOT, listed, Presumed())
    assert (store.commits, presumed.accounts) == (0, {})


def test_the_same_snapshot_again_changes_nothing() -> None:
    house = a_book(2)
    snapshots(house).settle("imp", SNAPSHOT, lists_a_of(0, 1), Presumed())
    store = Eventful(house.store)
    assert snapshots(house, store).settle("imp", SNAPSHOT, lists_a_of(0, 1), Presumed()).invoices == 0
    assert store.commits == 0


def test_without_time_it_stops_after_a_page_and_goes_on_from_there() -> None:
    house = a_book(250)
    left = iter([True, True, False])
    so_far = snapshots(house).settle("imp", SNAPSHOT, Listed(), Presumed(), has_time=lambda: next(left))
    assert (len(so_far.accounts), so_far.is_whole) == (200, False)
    rest = snapshots(house).settle("imp", SNAPSHOT, Listed(), so_far)
    assert (len(rest.accounts), rest.invoices, rest.is_whole) == (250, 500, True)


@pytest.mark.parametrize("commit", [1, 2, 5])
def test_a_run_that_is_cut_off_leaves_no_account_that_nobody_knows_of(commit: int) -> None:
    house = a_book(5)
    kept: list[Presumed] = []
    failing = snapshots(house, Eventful(house.store, after_commit=(commit, out_of_reach)))
    with pytest.raises(StoreUnavailableError):
        failing.settle(
            "imp", SNAPSHOT, Listed(), Presumed(), keep=lambda so_far: kept.append(deepcopy(so_far))
        )
    presumed = snapshots(house).settle("imp", SNAPSHOT, Listed(), kept[-1])
    assert presumed.accounts == {account_key(f"C-{number}"): 2 for number in range(5)}
    assert all(set(states(house, number).values()) == {PRESUMED} for number in range(5))


def test_what_was_paid_while_the_file_was_taken_over_stays_paid() -> None:
    house = a_book(1)

    def paid_meanwhile() -> None:
        house.pay(100_00, number="A")

    store = Eventful(house.store, before_commit=(1, paid_meanwhile))
    snapshots(house, store).settle("imp", SNAPSHOT, Listed(), Presumed())
    assert states(house, 0) == {"A": InvoiceState.PAID, "B": PRESUMED}
    house.run_for(timedelta(days=3))
    assert sent_by(house.email) == []


class Poisoned(AccountStore):
    """A store in which one account cannot be committed."""

    def __init__(self, store: AccountStore, key: str) -> None:
        self._store, self._key = store, key

    def load(self, account_key: str) -> Account | None:
        return self._store.load(account_key)

    def commit(self, before: Account | None, change: Change) -> None:
        if change.account.key == self._key:
            raise RuntimeError("poisoned")
        self._store.commit(before, change)


def test_an_account_that_fails_does_not_stop_the_others_and_is_told_in_the_end() -> None:
    house = a_book(250)
    use_case = snapshots(house, Poisoned(house.store, account_key("C-0")))
    with pytest.raises(RuntimeError, match="poisoned"):
        use_case.settle("imp", SNAPSHOT, Listed(), Presumed())
    assert set(states(house, 0).values()) == {InvoiceState.OPEN}
    assert all(set(states(house, number).values()) == {PRESUMED} for number in range(1, 250))


def preview(*numbers: str) -> Preview:
    file = Preview()
    for number in numbers:
        file.add(number, money(100_00))
    return file


def test_the_book_is_counted_before_anything_is_written() -> None:
    house = a_book(15)
    store = Eventful(house.store)
    use_case = snapshots(house, store)
    counted = use_case.count(preview("A"), Counted())
    assert (counted.book.totals.invoices["GBP"], counted.book.missing, counted.is_whole) == (30, 15, True)
    assert use_case.reasons_to_hold(preview("A"), counted) == (
        "the file has 1 invoices, less than 50 % of the 30 in the book",
        "the file has GBP 100.00 due, less than 50 % of the GBP 3,000.00 in the book",
    )
    assert store.commits == 0


def test_counting_goes_on_where_it_ran_out_of_time() -> None:
    house = a_book(150)
    left = iter([True, False])
    counted = snapshots(house).count(preview("A", "B"), Counted(), lambda: next(left))
    assert (counted.book.totals.invoices["GBP"], counted.is_whole) == (200, False)
    counted = snapshots(house).count(preview("A", "B"), counted)
    assert (counted.book.totals.invoices["GBP"], counted.is_whole) == (300, True)


def test_a_held_snapshot_is_one_task_that_says_what_was_found_and_a_release_does_it() -> None:
    house = a_book(1)
    for _ in range(2):
        snapshots(house).hold("imp", "snapshots/open.csv", ("it is empty", "it is strange"))
    task = house.task(TaskKind.SNAPSHOT_HELD)
    assert task.facts == (
        ("import", "imp"),
        ("file", "snapshots/open.csv"),
        ("found", "it is empty; it is strange"),
    )
    snapshots(house).release("imp", "Bea")
    assert house.task_kinds() == []


def test_an_invoice_that_no_file_reported_before_the_snapshot_stays_open() -> None:
    house = House()
    late = replace(an_invoice("LATE", due=DUE), reported_at=SNAPSHOT + timedelta(minutes=1))
    house.add(an_account(late, an_invoice("BY-HAND")))
    snapshots(house).settle("imp", SNAPSHOT, Listed(), Presumed())
    account = house.account(account_key("C-1"))
    assert {invoice.state for invoice in account.invoices} == {InvoiceState.OPEN}
