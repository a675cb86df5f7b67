from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.agreements import HOLDS, Extension, Hold, HoldKind, Instalment, Plan, Promise
from tactful.domain.book.money import Money
from tests.support.builders import DUE, NINE, money

FIRST, SECOND, THIRD = date(2026, 3, 10), date(2026, 4, 10), date(2026, 5, 10)
NEXT_DAY = timedelta(days=1)


def a_plan(*parts: tuple[date, int]) -> Plan:
    instalments = tuple(Instalment(day, money(minor)) for day, minor in parts)
    return Plan("plan-1", ("INV-1",), instalments, NINE)


def test_a_promise_holds_through_its_day_and_is_broken_the_day_after() -> None:
    promise = Promise("p-1", ("INV-1",), DUE, NINE)
    assert not promise.is_broken(DUE)
    assert promise.is_broken(DUE + NEXT_DAY)


def test_a_promise_that_was_kept_in_time_is_never_broken_and_one_kept_late_was() -> None:
    promise = Promise("p-1", ("INV-1",), DUE, NINE)
    assert not replace(promise, kept_on=DUE).is_broken(DUE + NEXT_DAY)
    assert replace(promise, kept_on=DUE + NEXT_DAY).is_broken(DUE + NEXT_DAY)


def test_a_promise_runs_through_its_day() -> None:
    promise = Promise("p-1", ("INV-1",), DUE, NINE)
    assert promise.is_running(DUE)
    assert not promise.is_running(DUE + NEXT_DAY)


def test_an_agreement_about_nothing_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="promise p-1 names no invoices: name at least one"):
        Promise("p-1", (), DUE, NINE)
    with pytest.raises(ValueError, match="extension x-1 names no invoices: name at least one"):
        Extension("x-1", (), DUE, NINE)
    with pytest.raises(ValueError, match="plan plan-1 names no invoices: name at least one"):
        Plan("plan-1", (), (Instalment(DUE, money(1)),), NINE)


def test_a_plan_without_instalments_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="plan plan-1 has no instalments: name at least one"):
        a_plan()


def test_an_instalment_is_missed_the_day_after_it_was_due() -> None:
    plan = a_plan((FIRST, 40_00), (SECOND, 60_00))
    still_due = {"INV-1": money(100_00)}
    assert plan.first_missed(still_due, FIRST) is None
    assert plan.first_missed(still_due, FIRST + NEXT_DAY) == Instalment(FIRST, money(40_00))


def test_what_was_paid_since_covers_the_earliest_instalments_first() -> None:
    plan = a_plan((SECOND, 60_00), (FIRST, 40_00))
    assert plan.first_missed({"INV-1": money(60_00)}, FIRST + NEXT_DAY) is None
    assert plan.first_missed({"INV-1": money(60_00)}, SECOND + NEXT_DAY) == Instalment(SECOND, money(60_00))


def test_a_part_of_an_instalment_does_not_cover_it() -> None:
    plan = a_plan((FIRST, 40_00), (SECOND, 60_00))
    assert plan.first_missed({"INV-1": money(60_01)}, FIRST + NEXT_DAY) == Instalment(FIRST, money(40_00))


def test_a_plan_that_is_paid_is_never_missed() -> None:
    plan = a_plan((FIRST, 40_00), (SECOND, 60_00))
    assert plan.first_missed({"INV-1": money(0)}, THIRD) is None


def test_the_arrears_are_the_instalments_past_their_date_less_what_was_paid() -> None:
    plan = a_plan((SECOND, 60_00), (FIRST, 40_00))
    due = {"INV-1": money(90_00), "INV-2": money(500_00)}
    assert plan.arrears(due, FIRST) == money(0)
    assert plan.arrears(due, FIRST + NEXT_DAY) == money(30_00)
    assert plan.arrears(due, SECOND + NEXT_DAY) == money(90_00)


def test_the_arrears_are_in_the_currency_of_the_plan_also_when_everything_is_paid() -> None:
    plan = Plan("plan-1", ("INV-1",), (Instalment(FIRST, money(40_00, "EUR")),), NINE)
    assert plan.arrears({}, SECOND) == money(0, "EUR")


def test_the_rest_falls_due_once_an_instalment_is_later_than_was_agreed() -> None:
    plan = replace(a_plan((FIRST, 40_00), (SECOND, 60_00)), rest_due_after=10)
    nothing_paid = {"INV-1": money(100_00)}
    last_day = FIRST + timedelta(days=10)
    assert plan.rest_falls_due(nothing_paid, FIRST) is None
    assert plan.rest_falls_due(nothing_paid, FIRST + NEXT_DAY) == last_day + NEXT_DAY
    assert plan.arrears(nothing_paid, last_day) == money(40_00)
    assert not plan.has_fallen_due(nothing_paid, last_day)
    assert plan.arrears(nothing_paid, last_day + NEXT_DAY) == money(100_00)
    assert plan.has_fallen_due(nothing_paid, last_day + NEXT_DAY)


def test_once_the_part_that_was_missed_is_paid_the_plan_goes_on() -> None:
    plan = replace(a_plan((FIRST, 40_00), (SECOND, 60_00)), rest_due_after=0)
    later = FIRST + 5 * NEXT_DAY
    assert plan.arrears({"INV-1": money(60_01)}, later) == money(60_01)
    assert plan.arrears({"INV-1": money(60_00)}, later) == money(0)
    assert plan.rest_falls_due({"INV-1": money(60_00)}, later) is None


def test_without_a_rule_only_what_is_behind_is_ever_asked_for() -> None:
    plan = a_plan((FIRST, 40_00), (SECOND, 60_00))
    still_due = {"INV-1": money(100_00)}
    assert plan.arrears(still_due, SECOND) == money(40_00)
    assert plan.rest_falls_due(still_due, SECOND) is None


def test_the_rest_cannot_fall_due_before_an_instalment() -> None:
    with pytest.raises(ValueError, match="the rest cannot fall due -1 days after an instalment"):
        replace(a_plan((FIRST, 40_00)), rest_due_after=-1)


def test_an_invoice_that_the_books_have_in_another_currency_by_now_is_no_part_of_the_plan() -> None:
    plan = Plan("plan-1", ("INV-1", "INV-2"), (Instalment(FIRST, money(40_00)),), NINE)
    still_due = {"INV-1": money(30_00), "INV-2": money(500_00, "EUR")}
    assert plan.arrears(still_due, SECOND) == money(30_00)


def test_the_next_instalment_is_the_first_from_today_on() -> None:
    plan = a_plan((FIRST, 40_00), (SECOND, 60_00))
    days = [plan.next_due_date(day) for day in (FIRST, FIRST + NEXT_DAY, SECOND + NEXT_DAY)]
    assert days == [FIRST, SECOND, None]


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 50_00)), min_size=1, max_size=5),
    st.integers(0, 300_00),
    st.integers(-1, 62),
)
def test_a_plan_is_behind_exactly_when_less_was_paid_than_was_due_before_today(
    parts: list[tuple[int, int]], paid: int, age: int
) -> None:
    agreed = sum(minor for _, minor in parts)
    paid = min(paid, agreed)
    today = DUE + timedelta(days=age)
    plan = a_plan(*((DUE + timedelta(days=offset), minor) for offset, minor in parts))
    due_by_now = sum(minor for offset, minor in parts if offset < age)
    still_due = {"INV-1": Money(agreed - paid, "GBP")}
    assert (plan.first_missed(still_due, today) is not None) == (paid < due_by_now)
    assert plan.arrears(still_due, today) == Money(max(0, due_by_now - paid), "GBP")


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 50_00)), min_size=1, max_size=5),
    st.integers(0, 300_00),
    st.integers(-1, 90),
    st.integers(0, 30),
)
def test_all_that_is_unpaid_is_asked_for_exactly_while_some_part_is_later_than_was_agreed(
    parts: list[tuple[int, int]], paid: int, age: int, grace: int
) -> None:
    agreed = sum(minor for _, minor in parts)
    paid = min(paid, agreed)
    plan = replace(
        a_plan(*((DUE + timedelta(days=offset), minor) for offset, minor in parts)), rest_due_after=grace
    )
    still_due, today = {"INV-1": Money(agreed - paid, "GBP")}, DUE + timedelta(days=age)
    too_late = paid < sum(minor for offset, minor in parts if offset + grace < age)
    assert plan.has_fallen_due(still_due, today) == too_late
    lenient = replace(plan, rest_due_after=None).arrears(still_due, today)
    assert plan.arrears(still_due, today) == (still_due["INV-1"] if too_late else lenient)


def test_a_hold_ends_at_its_end() -> None:
    until = datetime(2026, 3, 9, 9, tzinfo=UTC)
    hold = Hold("h-1", HoldKind.REPLY, NINE, until)
    assert hold.is_active(until - timedelta(seconds=1))
    assert not hold.is_active(until)


def test_a_hold_without_an_end_lasts_until_a_person_lifts_it() -> None:
    assert Hold("h-1", HoldKind.LEGAL, NINE).is_active(datetime(2036, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("kind", HoldKind)
def test_every_kind_of_hold_says_what_it_silences_and_what_ends_it(kind: HoldKind) -> None:
    named = Hold("h-1", kind, NINE, invoices=("INV-2",))
    assert named.covers("INV-2")
    assert named.covers("INV-1") == (kind in (HoldKind.HARDSHIP, HoldKind.LEGAL))
    assert HOLDS[kind].ended_by


def test_a_hold_that_names_no_invoices_covers_them_all() -> None:
    assert Hold("h-1", HoldKind.REPLY, NINE).covers("INV-1")
    assert not Hold("h-1", HoldKind.REPLY, NINE, invoices=("INV-2",)).covers("INV-1")
