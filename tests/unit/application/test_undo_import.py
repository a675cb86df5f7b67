from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from tactful.application.import_snapshot import ImportSnapshot, Presumed
from tactful.application.ports import AccountStore, StoreUnavailableError
from tactful.application.undo_import import UndoImport, UndoReport
from tactful.domain.book.account import Account, Change
from tactful.domain.book.customer import Customer, account_key
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.book.snapshot import Listed
from tactful.imports.statement import StatedCustomer, StatedInvoice
from tactful.imports.statements import take_invoices
from tests.support.builders import DUE, NINE, a_contact, money
from tests.support.files import says
from tests.unit.application.house import Eventful, House, out_of_reach, sent_by

HOUR = timedelta(hours=1)
PERSON = StatedCustomer("", "Client Ltd", (a_contact(),), country="GB", timezone="Etc/UTC")


def take(house: House, customer_id: str, said: Sequence[StatedInvoice], at: datetime, import_id: str) -> str:
    """Let an import take over what a file says of one customer; its account's key."""
    key = account_key(customer_id)

    def taken(account: Account) -> Change:
        result = take_invoices(account, said, at, house.calendar.today, import_id)
        return Change(result.account, entries=result.entries)

    after = house.events().apply(key, taken, new=Customer(customer_id, "Client Ltd"))
    assert after is not None
    house.store.link(key, after.customer.addresses())
    return key


def a_house(customers: int = 2) -> tuple[House, list[str]]:
    """A house with customers of whom each owes A since an hour; the second import adds B and says that A is paid."""
    house = House()
    keys = []
    for number in range(customers):
        name = f"C-{number}"
        keys.append(take(house, name, [says("A", customer=PERSON)], NINE - HOUR, "first"))
        second = [says("A", amount_due=0, state=InvoiceState.PAID), says("B", record=3)]
        take(house, name, second, NINE, "second")
    return house, keys


def undo(
    house: House, keys: Sequence[str], import_id: str = "second", store: AccountStore | None = None
) -> UndoReport:
    return UndoImport(house.events(store)).run(import_id, keys)


def due_on(house: House, key: str) -> dict[str, int]:
    return {invoice.number: invoice.amount_due.minor for invoice in house.account(key).invoices}


def test_every_account_is_as_it_was_and_due_again_when_it_was_due() -> None:
    house, keys = a_house()
    report = undo(house, keys)
    assert (report.accounts, report.restored, report.removed, report.refused) == (2, 2, 2, [])
    assert [due_on(house, key) for key in keys] == [{"A": 100_00}] * 2
    assert house.account(keys[0]).next_action_at == NINE
    assert house.entry_kinds(keys[0]) == ["import_undone"]
    assert sent_by(house.email) == []


def test_a_number_that_the_import_brought_is_not_found_any_more() -> None:
    house, keys = a_house(1)
    assert house.store.accounts_with("B") == (keys[0],)
    undo(house, keys)
    assert house.store.accounts_with("B") == ()


def test_undoing_it_twice_is_undoing_it_once() -> None:
    house, keys = a_house()
    undo(house, keys)
    store = Eventful(house.store)
    again = undo(house, keys, store=store)
    assert (again.accounts, again.invoices, store.commits) == (0, 0, 0)


def test_accounts_that_the_import_did_not_touch_and_keys_of_none_are_passed_over() -> None:
    house, keys = a_house(1)
    other = take(house, "C-9", [says("Z")], NINE, "third")
    report = undo(house, [*keys, other, account_key("nobody"), *keys])
    assert (report.accounts, due_on(house, other)) == (1, {"Z": 100_00})


def test_an_account_that_the_import_opened_is_left_empty_and_never_chased() -> None:
    house = House()
    key = take(house, "C-1", [says(customer=PERSON)], NINE, "first")
    assert undo(house, [key], "first").removed == 1
    account = house.account(key)
    assert (account.invoices, account.customer.contacts, account.next_action_at) == ((), (), None)
    house.run_for(timedelta(days=40))
    assert sent_by(house.email) == []


def test_a_customer_who_was_written_to_since_is_refused_and_the_others_go_back() -> None:
    house = House()
    keys = [take(house, f"C-{n}", [says("A", customer=PERSON)], NINE, "first") for n in range(2)]
    assert house.act(keys[0]).reminder
    report = undo(house, keys, "first")
    assert report.refused == [
        ("C-0", "the customer was contacted on 2026-03-02, after the file was uploaded")
    ]
    assert (report.accounts, due_on(house, keys[0]), due_on(house, keys[1])) == (1, {"A": 100_00}, {})


def test_a_payment_that_comes_in_the_middle_of_it_is_not_lost() -> None:
    house = House()
    key = take(house, "C-0", [says("A", customer=PERSON)], NINE, "first")
    store = Eventful(house.store, before_commit=(1, lambda: house.pay(30_00, number="A")))
    report = undo(house, [key], "first", store)
    assert report.refused == [("C-0", "a payment was recorded since on A")]
    assert house.account(key).invoices[0].received == money(30_00)


def test_what_a_later_import_changed_is_told() -> None:
    house, keys = a_house(1)
    report = undo(house, keys, "first")
    assert (report.accounts, report.overtaken) == (1, [("C-0", ("A",))])
    assert due_on(house, keys[0]) == {"A": 0, "B": 100_00}


def test_a_snapshot_is_undone_on_the_accounts_that_it_emptied() -> None:
    house = House()
    keys = [take(house, f"C-{n}", [says("A", customer=PERSON)], NINE, "first") for n in range(3)]
    snapshots = ImportSnapshot(house.events(), house.store, house.store, house.store)
    presumed = snapshots.settle("snapshot", NINE + HOUR, Listed(), Presumed())
    assert [due_on(house, key) for key in keys] == [{"A": 0}] * 3
    report = undo(house, list(presumed.accounts), "snapshot")
    assert (report.restored, [due_on(house, key) for key in keys]) == (3, [{"A": 100_00}] * 3)
    assert house.account(keys[0]).next_action_at == NINE


def test_an_account_that_fails_is_told_and_does_not_stop_the_others() -> None:
    house, keys = a_house(3)

    def fails() -> None:
        raise RuntimeError("poisoned")

    report = undo(house, keys, store=Eventful(house.store, before_commit=(2, fails)))
    assert report.refused == [(keys[1], "could not be undone (RuntimeError)")]
    assert [due_on(house, key)["A"] for key in keys] == [100_00, 0, 100_00]


@pytest.mark.parametrize("commit", [1, 2])
def test_an_undo_that_is_cut_off_is_finished_by_doing_it_again(commit: int) -> None:
    house, keys = a_house(3)
    with pytest.raises(StoreUnavailableError):
        undo(house, keys, store=Eventful(house.store, after_commit=(commit, out_of_reach)))
    undo(house, keys)
    assert [due_on(house, key) for key in keys] == [{"A": 100_00}] * 3


def test_the_same_file_imported_and_undone_twice_is_undone_twice() -> None:
    house = House()
    key = ""
    for _ in range(2):
        key = take(house, "C-1", [says(due_date=DUE)], NINE, "first")
        house.clock.advance(HOUR)
        assert undo(house, [key], "first").removed == 1
    assert house.entry_kinds(key) == ["import_undone"] * 2
