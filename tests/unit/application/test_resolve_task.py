from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tactful.application.resolve_task import Decided, ResolveTask
from tactful.domain.book.account import TaskKind
from tactful.domain.charges.rhythm import MONTHLY, Rhythm
from tactful.domain.charges.wanted import Instalments
from tests.support.builders import a_calendar, a_policy, an_account, an_invoice, holidays_on
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
