from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tactful.application.resolve_task import Decided, ResolveTask
from tactful.domain.book.account import TaskKind
from tactful.domain.book.answers import AnswerKind
from tactful.domain.book.customer import Channel, Purpose
from tactful.domain.charges.rhythm import MONTHLY, Rhythm
from tactful.domain.charges.wanted import Instalments
from tactful.domain.dunning.stage import StageKind
from tests.support.builders import (
    PHONE,
    a_calendar,
    a_contact,
    a_customer,
    a_policy,
    a_task_stage,
    an_account,
    an_invoice,
    holidays_on,
)
from tests.unit.application.house import House, a_house, sent_by


def resolving(house: House) -> ResolveTask:
    return ResolveTask(house.events(), house.store, house.store)


def asked(house: House, text: str, *invoices: str) -> str:
    key = house.add(an_account(*(an_invoice(number) for number in invoices or ("INV-1",))))
    house.answer(text)
    return key


def test_granting_more_time_moves_the_due_date_ends_the_pause_and_does_the_task() -> None:
    house = a_house()
    key = asked(house, "could I have until the 13th please?")
    task = house.task(TaskKind.EXTENSION)
    resolving(house).resolve(task.id, Decided("Bea", "fine", until=date(2026, 3, 20)))
    account = house.account(key)
    assert [granted.until for granted in account.extensions] == [date(2026, 3, 20)]
    assert not any(hold.is_active(house.clock.now()) for hold in account.holds)
    assert house.task_kinds() == []


def test_agreeing_on_instalments_makes_a_plan_that_sums_up_to_what_is_due() -> None:
    house = a_house()
    key = asked(house, "can I pay in three instalments?")
    decided = Decided("Bea", instalments=Instalments(date(2026, 3, 9), Rhythm(days=30), 3))
    resolving(house).resolve(house.task(TaskKind.PAYMENT_PLAN).id, decided)
    plan = house.account(key).plan
    assert plan is not None
    assert [part.amount.minor for part in plan.instalments] == [33_33, 33_33, 33_34]
    assert house.task_kinds() == []


def test_an_instalment_moves_off_the_days_that_are_closed_for_the_client() -> None:
    calendar = a_calendar(holidays=holidays_on(date(2026, 3, 9)))
    segments = {"shop": {"closed_days": [date(2026, 3, 10)]}}
    house = House(calendar=calendar, policy=a_policy(segments=segments))
    account = an_account(an_invoice())
    key = house.add(replace(account, customer=replace(account.customer, segment="shop")))
    house.answer("can I pay in three instalments?")
    decided = Decided("Bea", instalments=Instalments(date(2026, 3, 7), MONTHLY, 2, rest_due_after=14))
    resolving(house).resolve(house.task(TaskKind.PAYMENT_PLAN).id, decided)
    plan = house.account(key).plan
    assert plan is not None
    assert [part.due_date for part in plan.instalments] == [date(2026, 3, 11), date(2026, 4, 7)]
    assert plan.rest_due_after == 14


def test_amounts_that_are_not_what_is_due_are_refused_and_the_task_stays() -> None:
    house = a_house()
    key = asked(house, "can I pay in three instalments?", "INV-1", "INV-2")
    task = house.task(TaskKind.PAYMENT_PLAN)
    wanted = Instalments(date(2026, 3, 9), MONTHLY, amounts=("150.00", "40"))
    with pytest.raises(ValueError, match=r"GBP 10\.00 less than the GBP 200\.00 that is due"):
        resolving(house).resolve(task.id, Decided("Bea", instalments=wanted))
    assert house.account(key).plan is None
    assert house.task_kinds() == [TaskKind.PAYMENT_PLAN]


def test_a_plan_for_what_was_paid_meanwhile_is_refused() -> None:
    house = a_house()
    asked(house, "can I pay in three instalments?")
    house.pay()
    wanted = Instalments(date(2026, 3, 9), MONTHLY, 3)
    with pytest.raises(ValueError, match="nothing is due on what the task is about"):
        resolving(house).resolve(house.task(TaskKind.PAYMENT_PLAN).id, Decided("Bea", instalments=wanted))


def test_lifting_the_pause_after_a_payment_was_not_found_lets_reminders_go_on() -> None:
    house = a_house()
    key = asked(house, "already paid this")
    resolving(house).resolve(house.task(TaskKind.MATCH_PAYMENT).id, Decided("Bea", "not here", lift=True))
    assert not any(hold.is_active(house.clock.now()) for hold in house.account(key).holds)
    house.run_for(timedelta(days=4))
    assert sent_by(house.email) != []


def test_a_task_that_is_only_done_leaves_the_pause() -> None:
    house = a_house()
    key = asked(house, "this is wrong, we never ordered it")
    resolving(house).resolve(house.task(TaskKind.DISPUTE).id, Decided("Bea"))
    assert [hold.is_active(house.clock.now()) for hold in house.account(key).holds] == [True]
    assert house.task_kinds() == []


def test_what_cannot_be_decided_says_why() -> None:
    house = a_house()
    with pytest.raises(ValueError, match="no task"):
        resolving(house).resolve("nothing", Decided("Bea"))
    house.answer("hello?", address="+441632960999")
    unmatched = house.task(TaskKind.UNMATCHED_REPLY)
    with pytest.raises(ValueError, match="belongs to no customer"):
        resolving(house).resolve(unmatched.id, Decided("Bea", lift=True))
    resolving(house).resolve(unmatched.id, Decided("Bea", "spam"))
    assert house.task_kinds() == []


def test_a_day_that_is_past_is_refused_and_the_task_stays() -> None:
    house = a_house()
    asked(house, "could I have until the 13th please?")
    task = house.task(TaskKind.EXTENSION)
    with pytest.raises(ValueError, match="past"):
        resolving(house).resolve(task.id, Decided("Bea", until=date(2026, 1, 1)))
    assert house.task_kinds() == [TaskKind.EXTENSION]


def test_a_client_is_told_of_the_plan_that_was_agreed_on_where_it_wrote_from() -> None:
    house = a_house()
    key = asked(house, "can I pay in three instalments?")
    decided = Decided("Bea", instalments=Instalments(date(2026, 3, 9), Rhythm(days=30), 3))
    resolving(house).resolve(house.task(TaskKind.PAYMENT_PLAN).id, decided)
    (told,) = house.account(key).answers
    assert (told.kind, told.channel, told.address) == (AnswerKind.PLAN_AGREED, Channel.SMS, PHONE)
    assert [part.due_date for part in told.instalments] == [
        date(2026, 3, 9),
        date(2026, 4, 8),
        date(2026, 5, 8),
    ]
    house.run_for(timedelta(days=1))
    assert [message.address for message in sent_by(house.sms)] == [PHONE]


def test_a_plan_that_was_changed_before_the_client_was_told_is_not_told() -> None:
    house = a_house()
    key = asked(house, "can I pay in three instalments?")
    decided = Decided("Bea", instalments=Instalments(date(2026, 3, 9), Rhythm(days=30), 3))
    resolving(house).resolve(house.task(TaskKind.PAYMENT_PLAN).id, decided)
    house.pay()
    house.run_for(timedelta(days=1))
    assert AnswerKind.PLAN_AGREED not in [step.wording for step in house.account(key).reminders]


def test_instalments_that_are_only_proposed_change_nothing_but_what_the_client_is_told() -> None:
    house = a_house()
    key = asked(house, "can I pay in three instalments?")
    wanted = Instalments(date(2026, 3, 9), MONTHLY, 2)
    resolving(house).resolve(
        house.task(TaskKind.PAYMENT_PLAN).id, Decided("Bea", instalments=wanted, propose=True)
    )
    account = house.account(key)
    assert account.plan is None
    assert house.task_kinds() == [TaskKind.PAYMENT_PLAN]
    assert any(hold.is_active(house.clock.now()) for hold in account.holds)
    assert [(told.kind, len(told.instalments)) for told in account.answers] == [(AnswerKind.PLAN_PROPOSED, 2)]
    house.run_for(timedelta(days=1))
    assert [message.address for message in sent_by(house.sms)] == [PHONE]


def test_a_hand_off_ends_reminders_and_tells_the_client_who_takes_over() -> None:
    house = a_house(policy=a_policy(stages=[a_task_stage("agency", 0, StageKind.COLLECTIONS)]))
    customer = replace(a_customer(a_contact()), purpose=Purpose.BUSINESS)
    key = house.add(an_account(an_invoice(), customer=customer))
    house.act(key)
    task = house.task(TaskKind.COLLECTIONS)
    resolving(house).resolve(task.id, Decided("Bea", partner="Fair Collections Ltd"))
    account = house.account(key)
    assert [hold.note for hold in account.holds] == ["handed over to Fair Collections Ltd"]
    assert [(told.kind, told.partner) for told in account.answers] == [
        (AnswerKind.HANDOFF_NOTICE, "Fair Collections Ltd")
    ]
    house.run_for(timedelta(days=60))
    assert len(sent_by(house.email)) == 1


def test_only_a_hand_off_can_be_taken_over() -> None:
    house = a_house()
    asked(house, "can I pay in three instalments?")
    with pytest.raises(ValueError, match="is no hand-off to collections"):
        resolving(house).resolve(house.task(TaskKind.PAYMENT_PLAN).id, Decided("Bea", partner="Fair Ltd"))
