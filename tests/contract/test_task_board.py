from __future__ import annotations

from datetime import timedelta

from tactful.domain.book.account import Change
from tests.contract.store_support import NOW, Stores, a_task, opened


def test_a_board_without_tasks_is_empty(stores: Stores) -> None:
    assert list(stores.tasks.list_open()) == []


def test_tasks_are_listed_oldest_first_with_their_account(stores: Stores) -> None:
    account = opened(stores)
    late, early = a_task("late", opened_at=NOW + timedelta(microseconds=1)), a_task("early", opened_at=NOW)
    stores.tasks.open(late)
    stores.accounts.commit(account, Change(account, tasks=(early,)))
    assert list(stores.tasks.list_open()) == [(account.key, early), ("", late)]


def test_opening_a_task_again_changes_nothing(stores: Stores) -> None:
    stores.tasks.open(a_task(summary="first"))
    stores.tasks.open(a_task(summary="second"))
    assert [task.summary for _, task in stores.tasks.list_open()] == ["first"]


def test_more_tasks_than_one_batch_takes_are_listed(stores: Stores) -> None:
    tasks = [a_task(f"t-{number:03}", opened_at=NOW + timedelta(minutes=number)) for number in range(101)]
    for task in tasks:
        stores.tasks.open(task)
    assert [task for _, task in stores.tasks.list_open()] == tasks
