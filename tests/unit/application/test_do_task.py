from __future__ import annotations

from datetime import timedelta

import pytest

from tactful.application.ports import OutcomeUnknown
from tactful.application.resolve_task import Decided, ResolveTask
from tactful.application.send_reminders import Outcome
from tactful.domain.book.account import Change, Task, TaskKind
from tactful.domain.book.agreements import Verdict
from tactful.domain.book.contact_log import Tone
from tests.support.builders import DUE, NINE, a_contact, a_customer, a_policy, a_stage, an_account, an_invoice
from tests.unit.application.house import House, a_house, sent_by

APPROVAL = TaskKind.APPROVAL
A_DAY = timedelta(days=1)


def a_house_with_a_question() -> tuple[House, str, str]:
    """A message that waits for approval since nine on Monday: the house, the account's key and the task's id."""
    house = a_house(policy=a_policy(stages=[a_stage("due", 0, Tone.NEUTRAL, approval=True)]))
    key = house.add()
    house.act(key)
    return house, key, house.task(APPROVAL).id


def test_a_message_that_needs_approval_is_shown_and_not_sent() -> None:
    house, key, task_id = a_house_with_a_question()
    assert task_id == f"approval-{house.reminder(key).id}"
    assert sent_by(house.email) == []
    assert [acted.outcome for acted in house.run_for(A_DAY)] == []


def test_what_is_approved_leaves_at_once_when_it_may_and_its_task_is_done() -> None:
    house, key, task_id = a_house_with_a_question()
    house.clock.advance(timedelta(hours=1))
    house.approve(task_id)
    assert house.account(key).next_action_at == house.clock.now()
    assert [acted.outcome for acted in house.tick()] == [Outcome.SENT]
    assert len(sent_by(house.email)) == 1
    assert house.task_kinds() == []
    task = house.store.task(key, task_id)
    assert task is not None
    assert (task.done_at, task.done_by) == (NINE + timedelta(hours=1), "Bea")


def test_what_is_approved_in_the_evening_leaves_the_next_morning() -> None:
    house, key, task_id = a_house_with_a_question()
    house.clock.move_to(NINE + timedelta(hours=10))
    house.approve(task_id)
    assert house.account(key).next_action_at == NINE + A_DAY
    assert len(house.run_for(A_DAY)) == 1
    assert len(sent_by(house.email)) == 1


def test_what_is_declined_is_not_sent_and_not_asked_again() -> None:
    house, key, task_id = a_house_with_a_question()
    house.approve(task_id, Verdict.DECLINED)
    assert house.account(key).next_action_at is None
    assert house.act(key).outcome is Outcome.BLOCKED
    assert (sent_by(house.email), house.task_kinds()) == ([], [])


def test_an_answer_is_on_the_timeline_with_who_gave_it() -> None:
    house, key, task_id = a_house_with_a_question()
    house.approve(task_id)
    (entry,) = [entry for entry in house.store.timeline(key) if entry.kind == "verdict"]
    assert dict(entry.facts) == {"stage": "due", "verdict": "granted", "by": "Bea"}


def test_the_same_answer_again_changes_nothing() -> None:
    house, key, task_id = a_house_with_a_question()
    house.approve(task_id)
    version = house.account(key).version
    house.approve(task_id)
    assert house.account(key).version == version


def test_another_answer_is_refused_and_the_first_one_stays() -> None:
    house, key, task_id = a_house_with_a_question()
    house.approve(task_id, Verdict.DECLINED)
    with pytest.raises(ValueError, match="Bea said declined"):
        house.approve(task_id)
    assert [approval.verdict for approval in house.account(key).approvals] == [Verdict.DECLINED]


def test_a_paid_invoice_is_not_chased_by_an_approval_that_comes_after() -> None:
    house, key, task_id = a_house_with_a_question()
    house.pay()
    house.approve(task_id)
    house.run_for(A_DAY)
    assert [step.stage for step in house.account(key).reminders if step.detail != APPROVAL] == ["thank_you"]


@pytest.mark.parametrize("task_id", ["", "approval-", "approval-nobody", "read_reply-SM-1", "x"])
def test_an_answer_to_nothing_is_refused(task_id: str) -> None:
    house, _, _ = a_house_with_a_question()
    with pytest.raises(ValueError, match="to approve: see the open tasks"):
        house.approve(task_id)


def test_an_answer_about_a_step_that_asked_for_none_is_refused() -> None:
    house = a_house()
    key = house.add()
    house.act(key)
    with pytest.raises(ValueError, match="waits for approval"):
        house.approve(f"approval-{house.reminder(key).id}")


def test_a_question_asked_again_with_more_in_it_takes_the_place_of_the_first() -> None:
    house, key, task_id = a_house_with_a_question()
    more = an_invoice("INV-2", due=DUE)
    house.events().apply(key, lambda account: Change(account.with_invoice(more)))
    house.clock.advance(A_DAY)
    house.tick()
    assert house.task(APPROVAL).id != task_id
    first = house.store.task(key, task_id)
    assert first is not None
    assert first.done_by == "the policy"


def test_a_reply_that_was_read_leaves_the_board_for_every_account_it_concerned() -> None:
    house = a_house()
    neighbour = a_customer(a_contact("Bob", email="bob@other.example"), customer_id="C-2")
    keys = [house.add(), house.add(an_account(an_invoice("INV-2"), customer=neighbour))]
    house.answer("Where is my order?")
    assert house.task_kinds() == [TaskKind.READ_REPLY] * 2
    done = [task for task, _ in _desk(house).resolve("read_reply-SM-1", Decided("Bea", "answered by phone"))]
    assert [task.kind for task in done] == [TaskKind.READ_REPLY] * 2
    assert house.task_kinds() == []
    assert [_note(house.store.task(key, "read_reply-SM-1")) for key in keys] == ["answered by phone"] * 2


def test_a_task_that_is_not_open_cannot_be_done() -> None:
    house = a_house()
    with pytest.raises(ValueError, match="no task 'x' is open"):
        _desk(house).resolve("x", Decided("Bea"))


def test_a_question_wants_an_answer_and_is_not_just_done() -> None:
    house, _, task_id = a_house_with_a_question()
    with pytest.raises(ValueError, match="approve or decline it"):
        _desk(house).resolve(task_id, Decided("Bea"))
    assert house.task_kinds() == [APPROVAL]


def test_an_unknown_outcome_that_the_provider_settles_late_needs_nobody_any_more() -> None:
    house = a_house(email=[OutcomeUnknown("read_timeout")])
    key = house.add()
    house.act(key)
    house.run_for(timedelta(days=1, minutes=15))
    task = house.task(TaskKind.OUTCOME_UNKNOWN)
    house.deliver(house.reminder(key).id)
    assert house.task_kinds() == []
    settled = house.store.task(key, task.id)
    assert settled is not None
    assert (settled.done_by, settled.note) == ("the provider", "delivered")


def test_a_delivery_of_a_known_outcome_does_no_task() -> None:
    house = a_house()
    key = house.add()
    house.act(key)
    house.deliver(house.reminder(key).id)
    house.deliver(house.reminder(key).id)
    assert house.entry_kinds(key)[-1] == "delivered"
    assert house.task_kinds() == []


def _desk(house: House) -> ResolveTask:
    return ResolveTask(house.events(), house.store, house.store)


def _note(task: Task | None) -> str:
    return task.note if task else ""
