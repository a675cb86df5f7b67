"""What a task's call came to changes the account as the client's own message would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tactful.application.calls import TRIES, CallDesk, CallScripts
from tactful.domain.book.account import Account, Task, TaskKind
from tactful.domain.book.agreements import HoldKind
from tactful.domain.book.answers import AnswerKind
from tactful.domain.book.customer import Channel
from tactful.domain.calls.outcome import Called, CallOutcome
from tactful.domain.calls.sheet import CallSheet
from tactful.domain.dunning.stage import StageKind
from tests.support.builders import (
    EMAIL,
    NINE,
    PHONE,
    a_contact,
    a_customer,
    a_policy,
    a_task_stage,
    an_account,
    an_invoice,
)
from tests.unit.application.house import House, a_house, sent_by

LADDER = a_policy(stages=[a_task_stage("call_0", 0, StageKind.CALL, notes="Ask for the order number.")])


class Spoken(CallScripts):
    """Says the situation and nothing else."""

    def script(self, account: Account, sheet: CallSheet, at: datetime) -> Sequence[tuple[str, str]]:
        del account, at
        return (("question", f"{sheet.situation}, {sheet.tone}"),)

    def dialled(self, phone: str) -> str:
        return f"dial {phone}"


def calling(house: House) -> CallDesk:
    return CallDesk(house.events(), house.store, house.store, house.store, Spoken())


def asked(account: Account | None = None) -> tuple[House, str, Task]:
    """A house in which the ladder asked for a call, the account's key and the task."""
    house = a_house(policy=LADDER)
    key = house.add(account or an_account(an_invoice()))
    house.act(key)
    return house, key, house.task(TaskKind.CALL)


def noted(house: House, task: Task, outcome: CallOutcome, **more: object) -> bool:
    """Whether the task is done by it."""
    ((_, _, done),) = calling(house).note(task.id, Called(outcome, "Bea", **more))  # type: ignore[arg-type]
    return done


def facts(house: House, key: str, task: Task) -> dict[str, str]:
    return dict(calling(house).prepared(key, task).facts)


def test_a_call_is_prepared_with_number_local_time_tone_situation_script_and_the_policy_s_notes() -> None:
    house, key, task = asked()
    found = facts(house, key, task)
    assert found["contact"] == "Ann (billing)"
    assert found["phone"] == f"dial {PHONE}"
    assert found["local_time"] == "Mon 09:00 in Etc/UTC: call until 17:30"
    assert (found["situation"], found["tone"]) == ("not_written_to", "neutral")
    assert found["question"] == "not_written_to, neutral"
    assert found["notes"] == "Ask for the order number."
    assert found["total"] == "GBP 100.00"


def test_the_local_time_says_when_a_client_may_not_be_called() -> None:
    customer = a_customer(a_contact(), timezone="America/New_York", country="US")
    house = a_house()
    key = house.add(an_account(an_invoice(), customer=customer))
    house.answer("please call me")
    task = house.task(TaskKind.CALL_BACK)
    assert facts(house, key, task)["local_time"] == (
        "Mon 04:00 in America/New_York: do not call now, but from Mon 2026-03-02 09:00"
    )


def test_a_call_about_what_was_paid_meanwhile_says_not_to_call() -> None:
    house, key, task = asked()
    house.pay()
    found = facts(house, key, task)
    assert found["contact"] == "do not call: nothing is to be asked for now"
    assert "question" not in found


def test_a_client_without_a_phone_number_is_not_called() -> None:
    house, key, task = asked(an_account(an_invoice(), customer=a_customer(a_contact(phone=""))))
    assert facts(house, key, task)["contact"] == "no phone number is known: write instead"


def test_a_client_who_wants_no_calls_is_not_called_for_the_ladder() -> None:
    house, key, task = asked()
    house.store.forbid_calls(PHONE, NINE)
    found = facts(house, key, task)
    assert found["contact"] == "do not call: Ann asked for no calls; write instead"
    assert "phone" not in found


def test_a_client_is_called_back_on_the_number_that_it_gave() -> None:
    house = a_house()
    key = house.add(an_account(an_invoice()))
    house.answer("please call me on +44 1632 960777")
    found = facts(house, key, house.task(TaskKind.CALL_BACK))
    assert found["phone"] == f"dial +44 1632 960777, else dial {PHONE}"


def test_whoever_wants_no_contact_is_written_to_no_more_though_no_number_was_known() -> None:
    house, key, task = asked(an_account(an_invoice(), customer=a_customer(a_contact(phone=""))))
    noted(house, task, CallOutcome.NO_CONTACT)
    assert house.account(key).is_suppressed(Channel.EMAIL, EMAIL)


def test_other_tasks_stay_as_they_are() -> None:
    house = a_house()
    key = house.add(an_account(an_invoice()))
    house.answer("can I pay in three instalments?")
    task = house.task(TaskKind.PAYMENT_PLAN)
    assert calling(house).prepared(key, task) == task
    with pytest.raises(ValueError, match="is no call: settle it by `tactful resolve`"):
        noted(house, task, CallOutcome.OTHER, note="x")


def test_a_promise_pauses_what_it_is_about_and_is_confirmed_in_writing() -> None:
    house, key, task = asked()
    day = NINE.date() + timedelta(days=3)
    assert noted(house, task, CallOutcome.PROMISED, day=day)
    account = house.account(key)
    assert [(one.promised_date, one.amount) for one in account.promises] == [(day, None)]
    assert house.task_kinds() == []
    (answer,) = account.answers
    assert (answer.kind, answer.channel, answer.address) == (AnswerKind.PROMISE_NOTED, Channel.EMAIL, EMAIL)
    house.act(key)
    assert [message.address for message in sent_by(house.email)] == [EMAIL]


def test_a_promise_that_was_not_kept_is_broken_as_if_it_had_been_written() -> None:
    house, key, task = asked()
    noted(house, task, CallOutcome.PROMISED, day=NINE.date() + timedelta(days=3))
    house.clock.move_to(NINE + timedelta(days=10))
    (promise,) = house.account(key).promises
    assert promise.is_broken(house.clock.now().date())


@pytest.mark.parametrize(
    ("outcome", "more", "hold", "opened"),
    [
        (CallOutcome.PAID, {}, HoldKind.PAID_CLAIM, TaskKind.MATCH_PAYMENT),
        (CallOutcome.DISPUTED, {"note": "wrong hours"}, HoldKind.DISPUTE, TaskKind.DISPUTE),
        (CallOutcome.HARDSHIP, {}, HoldKind.HARDSHIP, TaskKind.HARDSHIP),
        (CallOutcome.LAWYER, {}, HoldKind.LEGAL, TaskKind.LEGAL),
        (CallOutcome.WANTS_PLAN, {}, HoldKind.REPLY, TaskKind.PAYMENT_PLAN),
        (CallOutcome.WANTS_TIME, {}, HoldKind.REPLY, TaskKind.EXTENSION),
        (CallOutcome.WANTS_COPY, {}, HoldKind.REPLY, TaskKind.INVOICE_COPY),
        (CallOutcome.CALL_LATER, {}, HoldKind.REPLY, TaskKind.CALL_BACK),
        (CallOutcome.OTHER_CONTACT, {"email": "x@y.example"}, HoldKind.REPLY, TaskKind.CONTACT_CHANGE),
        (CallOutcome.UNHAPPY, {"note": "rude"}, HoldKind.REPLY, TaskKind.DISSATISFIED),
        (CallOutcome.REFUSED, {}, HoldKind.REPLY, TaskKind.READ_REPLY),
        (CallOutcome.OTHER, {"note": "stop change wrong"}, HoldKind.REPLY, TaskKind.READ_REPLY),
    ],
)
def test_what_was_said_pauses_and_asks_like_a_message(
    outcome: CallOutcome, more: dict[str, object], hold: HoldKind, opened: TaskKind
) -> None:
    house, key, task = asked()
    assert noted(house, task, outcome, **more)
    account = house.account(key)
    assert [one.kind for one in account.holds] == [hold]
    assert house.task_kinds() == [opened]
    assert account.answers == ()
    assert not any(account.is_suppressed(channel, way) for channel, way in account.customer.addresses())


def test_a_wrong_number_is_neither_called_nor_texted_again() -> None:
    house, key, task = asked()
    noted(house, task, CallOutcome.WRONG_NUMBER)
    account = house.account(key)
    assert account.is_suppressed(Channel.SMS, PHONE)
    assert not account.may_be_called(PHONE)
    assert house.task_kinds() == [TaskKind.WRONG_CONTACT]


def test_whoever_wants_no_calls_may_still_be_written_to() -> None:
    house, key, task = asked()
    noted(house, task, CallOutcome.NO_CALLS)
    account = house.account(key)
    assert not account.may_be_called(PHONE)
    assert not account.is_suppressed(Channel.SMS, PHONE)
    assert account.holds == ()
    assert house.task_kinds() == []


def test_whoever_wants_no_contact_is_left_alone_on_every_way() -> None:
    house, key, task = asked()
    noted(house, task, CallOutcome.NO_CONTACT)
    account = house.account(key)
    assert not account.may_be_called(PHONE)
    assert account.is_suppressed(Channel.SMS, PHONE)
    assert account.is_suppressed(Channel.EMAIL, EMAIL)


def test_a_message_that_asks_for_no_calls_is_obeyed_for_every_account_that_shares_the_number() -> None:
    house = a_house()
    keys = [
        house.add(an_account(an_invoice())),
        house.add(an_account(an_invoice(), customer=a_customer(a_contact("Bo"), customer_id="C-2"))),
    ]
    house.answer("please stop calling me")
    assert [house.account(key).may_be_called(PHONE) for key in keys] == [False, False]


def test_nobody_answers_three_times_before_the_task_is_done() -> None:
    house, key, task = asked()
    for number in range(1, TRIES + 1):
        house.clock.move_to(NINE + timedelta(hours=number))
        assert noted(house, task, CallOutcome.NO_ANSWER) is (number == TRIES)
        if number < TRIES:
            assert len(facts(house, key, task)["tried"].split(";")) == number
    assert house.task_kinds() == []
    assert [made.how for made in house.account(key).manual_contacts] == ["call"] * TRIES
    told = [dict(entry.facts) for entry in house.store.timeline(key) if entry.kind == "manual_contact"]
    assert told == [{"how": "call", "note": "no_answer"}] * TRIES


def test_a_call_counts_once_from_when_it_was_made() -> None:
    ladder = [
        a_task_stage("call_0", 0, StageKind.CALL),
        {"name": "due", "days": 1, "tone": "neutral", "channels": ["email"]},
    ]
    house = a_house(policy=a_policy(stages=ladder, cap={"contacts": 2, "days": 7}))
    key = house.add(an_account(an_invoice()))
    house.act(key)
    house.clock.move_to(NINE + timedelta(days=1))
    noted(house, house.task(TaskKind.CALL), CallOutcome.WANTS_DETAILS)
    following = house.account(key).next_action_at
    assert following is not None
    account = replace(house.account(key), answers=())
    # Asked for on Monday, called on Tuesday: three days apart is Friday, and the cap of two is not reached.
    decision = house.events().decide(account)
    assert getattr(decision, "until", None) == NINE + timedelta(days=4)


def test_the_same_outcome_told_twice_at_once_changes_nothing_more() -> None:
    house, key, task = asked()
    day = NINE.date() + timedelta(days=3)
    noted(house, task, CallOutcome.PROMISED, day=day)
    before = house.account(key)
    with pytest.raises(ValueError, match="is open: see the open tasks"):
        noted(house, task, CallOutcome.PROMISED, day=day)
    assert house.account(key) == before


@pytest.mark.parametrize(
    ("outcome", "more", "said"),
    [
        (
            CallOutcome.PROMISED,
            {"day": NINE.date() - timedelta(days=1)},
            "2026-03-01 is past: name a day from",
        ),
        (CallOutcome.PAID, {"day": NINE.date() + timedelta(days=1)}, "2026-03-03 is ahead: nothing was paid"),
        (CallOutcome.PAID, {"invoices": ("NOPE",)}, "nothing is due on NOPE: what is due is INV-1"),
        (CallOutcome.PROMISED, {"day": NINE.date(), "amount": "much"}, "much"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(
    outcome: CallOutcome, more: dict[str, object], said: str
) -> None:
    house, key, task = asked()
    before = house.account(key)
    with pytest.raises(ValueError, match=said):
        noted(house, task, outcome, **more)
    assert house.account(key) == before
    assert house.task_kinds() == [TaskKind.CALL]
