from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.agreements import Hold, HoldKind, Instalment, Plan, Promise
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
    missed = plan.first_missed({"INV-1": Money(agreed - paid, "GBP")}, today)
    assert (missed is not None) == (paid < due_by_now)


def test_a_hold_ends_at_its_end() -> None:
    until = datetime(2026, 3, 9, 9, tzinfo=UTC)
    hold = Hold("h-1", HoldKind.REPLY, NINE, until)
    assert hold.is_active(until - timedelta(seconds=1))
    assert not hold.is_active(until)


def test_a_hold_without_an_end_lasts_until_a_person_lifts_it() -> None:
    assert Hold("h-1", HoldKind.LEGAL, NINE).is_active(datetime(2036, 1, 1, tzinfo=UTC))


def test_a_hold_that_names_no_invoices_covers_them_all() -> None:
    assert Hold("h-1", HoldKind.REPLY, NINE).covers("INV-1")
    assert not Hold("h-1", HoldKind.REPLY, NINE, invoices=("INV-2",)).covers("INV-1")
