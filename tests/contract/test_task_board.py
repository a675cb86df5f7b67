from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.application.ports import ConflictError
from tactful.domain.book.account import Change, TaskDone
from tests.contract.store_support import NOW, Stores, a_task, an_entry, due_at, loaded, opened

LATER = NOW + timedelta(hours=1)


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


def test_a_task_that_is_done_leaves_the_board_and_stays_with_who_did_it(stores: Stores) -> None:
    stores.tasks.open(a_task())
    stores.desk.close("", TaskDone("task-1", LATER, "Bea", "called"))
    assert list(stores.tasks.list_open()) == []
    assert stores.desk.task("", "task-1") == replace(a_task(), done_at=LATER, done_by="Bea", note="called")


def test_a_task_is_done_once_and_stays_done_when_it_is_opened_again(stores: Stores) -> None:
    stores.tasks.open(a_task())
    stores.desk.close("", TaskDone("task-1", NOW, "Bea"))
    stores.desk.close("", TaskDone("task-1", LATER, "Cem", "again"))
    stores.tasks.open(a_task())
    found = stores.desk.task("", "task-1")
    assert found is not None
    assert (found.done_at, found.done_by, found.note) == (NOW, "Bea", "")
    assert list(stores.tasks.list_open()) == []


def test_doing_a_task_that_never_was_makes_none(stores: Stores) -> None:
    stores.desk.close("", TaskDone("task-1", NOW, "Bea"))
    assert stores.desk.task("", "task-1") is None


def test_a_commit_does_a_task_of_the_account_together_with_its_change(stores: Stores) -> None:
    account = opened(stores)
    stores.accounts.commit(account, Change(account, tasks=(a_task(), a_task("task-2"))))
    account = loaded(stores, account.key)
    stores.accounts.commit(
        account, Change(account, entries=(an_entry(),), done=(TaskDone("task-1", NOW, "Bea"),))
    )
    assert [task.id for _, task in stores.tasks.list_open()] == ["task-2"]
    found = stores.desk.task(account.key, "task-1")
    assert found is not None
    assert found.done_by == "Bea"


def test_a_commit_that_does_a_task_which_is_done_or_not_there_is_written_all_the_same(stores: Stores) -> None:
    account = opened(stores)
    stores.accounts.commit(account, Change(account, tasks=(a_task(),)))
    stores.desk.close(account.key, TaskDone("task-1", NOW, "Bea"))
    account = loaded(stores, account.key)
    ends = (TaskDone("task-1", LATER, "Cem"), TaskDone("nowhere", LATER, "Cem"))
    stores.accounts.commit(account, Change(due_at(account, LATER), done=ends))
    assert loaded(stores, account.key).next_action_at == LATER
    found = stores.desk.task(account.key, "task-1")
    assert found is not None
    assert (found.done_by, found.done_at) == ("Bea", NOW)
    assert stores.desk.task(account.key, "nowhere") is None


def test_a_commit_that_conflicts_does_no_task(stores: Stores) -> None:
    account = opened(stores)
    stores.accounts.commit(account, Change(account, tasks=(a_task(),)))
    with pytest.raises(ConflictError):
        stores.accounts.commit(account, Change(account, done=(TaskDone("task-1", NOW, "Bea"),)))
    assert [task.id for _, task in stores.tasks.list_open()] == ["task-1"]
