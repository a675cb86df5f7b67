from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.agreements import Instalment, Plan
from tactful.domain.book.money import Money, MoneyError
from tactful.domain.charges.plans import PlanTerms, equal_parts, schedule, schedule_of
from tactful.domain.charges.rhythm import MONTHLY, Rhythm
from tactful.domain.charges.wanted import Instalments
from tests.support.builders import NINE, money
from tests.support.plans import AGREED, always, plan_terms, weekdays

FIRST = date(2026, 4, 1)
DEBT = money(1_000_00)
NOTHING = money(0)


def terms(*amounts: int, rate: str = "0", first: date = FIRST, debt: Money = DEBT) -> PlanTerms:
    parts = tuple(money(minor) for minor in amounts) or equal_parts(debt, 3)
    return PlanTerms(debt, parts, first, AGREED, MONTHLY, Decimal(rate))


def test_what_does_not_divide_is_in_the_last_part() -> None:
    assert equal_parts(DEBT, 3) == (money(333_33), money(333_33), money(333_34))
    assert equal_parts(money(5), 3) == (money(1), money(1), money(3))


def test_a_currency_without_cents_is_divided_into_whole_units() -> None:
    assert equal_parts(Money(1_000, "JPY"), 3) == (Money(333, "JPY"), Money(333, "JPY"), Money(334, "JPY"))


def test_a_down_payment_is_the_first_part_and_the_others_share_the_rest() -> None:
    assert equal_parts(DEBT, 4, money(250_01)) == (
        money(250_01),
        money(249_99),
        money(249_99),
        money(250_01),
    )


def test_more_instalments_than_there_are_cents_are_refused() -> None:
    with pytest.raises(ValueError, match=r"GBP 0.02 cannot be divided into 3 instalments: name at most 2"):
        equal_parts(money(2), 3)
    with pytest.raises(ValueError, match=r"GBP 0.01 cannot be divided into 2 instalments: name at most 1"):
        equal_parts(money(2), 3, money(1))


@pytest.mark.parametrize("number", [0, -1])
def test_no_instalments_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match=f"{number} instalments: name at least one"):
        equal_parts(DEBT, number)


@pytest.mark.parametrize("minor", [0, -1, 1_000_00, 1_000_01])
def test_a_down_payment_is_a_part_of_the_debt(minor: int) -> None:
    with pytest.raises(ValueError, match=r"is not between nothing and the GBP 1,000.00 that is due"):
        equal_parts(DEBT, 3, money(minor))


def test_a_down_payment_alone_is_no_plan() -> None:
    with pytest.raises(ValueError, match="name at least 2 instalments"):
        equal_parts(DEBT, 1, money(1))


def test_a_down_payment_in_another_currency_is_refused() -> None:
    with pytest.raises(MoneyError, match="GBP and EUR"):
        equal_parts(DEBT, 3, money(1, "EUR"))


def test_a_plan_without_interest_is_the_debt_in_parts_down_to_nothing() -> None:
    plan = schedule(terms(), always)
    assert [(line.number, line.date, line.total, line.balance) for line in plan.lines] == [
        (1, date(2026, 4, 1), money(333_33), money(666_67)),
        (2, date(2026, 5, 1), money(333_33), money(333_34)),
        (3, date(2026, 6, 1), money(333_34), NOTHING),
    ]
    assert (plan.interest, plan.total) == (NOTHING, DEBT)


def test_interest_is_simple_on_what_is_left_for_the_days_it_runs() -> None:
    """1,000.00 * 7.3 % is 73.00 a year, 0.20 a day: 30 days, then 0.12 a day for 30 and 0.02 a day for 31."""
    plan = schedule(terms(400_00, 500_00, 100_00, rate="7.3"), always)
    assert [line.interest.minor for line in plan.lines] == [6_00, 3_60, 62]
    assert [line.total.minor for line in plan.lines] == [406_00, 503_60, 100_62]
    assert (plan.interest, plan.total, plan.debt) == (money(10_22), money(1_010_22), DEBT)


def test_interest_runs_to_the_day_that_an_instalment_has_moved_to() -> None:
    moved = schedule(terms(1_000_00, rate="7.3", first=date(2026, 4, 4)), weekdays)
    assert moved.lines[0].date == date(2026, 4, 6)
    assert moved.interest == money(35 * 20)


@pytest.mark.parametrize(("rate", "minor"), [("3.649", 10), ("3.65", 10), ("3.832", 10), ("3.8325", 11)])
def test_interest_is_rounded_half_up_to_the_cent(rate: str, minor: int) -> None:
    """100.00 for ten days: 0.0999..., 0.10, 0.10498... and 0.105."""
    short = PlanTerms(money(100_00), (money(100_00),), date(2026, 3, 12), AGREED, MONTHLY, Decimal(rate))
    assert schedule(short, always).interest == money(minor)


def test_a_plan_that_is_paid_on_the_day_of_its_agreement_bears_no_interest() -> None:
    today = PlanTerms(DEBT, (DEBT,), AGREED, AGREED, MONTHLY, Decimal(10))
    assert schedule(today, always).total == DEBT


@pytest.mark.parametrize(
    ("amounts", "says"),
    [
        (
            (400_00, 500_00),
            "GBP 900.00, GBP 100.00 less than the GBP 1,000.00 that is due: add that to one of",
        ),
        (
            (400_00, 600_01),
            "GBP 1,000.01, GBP 0.01 more than the GBP 1,000.00 that is due: take that off one of",
        ),
        ((1_000_00, 0), "instalment 2 is GBP 0.00: name more than nothing"),
        ((-1, 1_000_01), "instalment 1 is GBP -0.01: name more than nothing"),
    ],
)
def test_amounts_that_are_not_the_debt_are_refused_with_the_difference(
    amounts: tuple[int, ...], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        terms(*amounts)


def test_what_else_cannot_be_is_refused_with_what_to_do() -> None:
    fine = terms()
    for change, says in (
        ({"amounts": ()}, "a plan without instalments: name at least one"),
        ({"debt": NOTHING}, "GBP 0.00 is no debt"),
        ({"debt": money(-5)}, "GBP -0.05 is no debt"),
        ({"debt": money(1_000_00, "EUR")}, "a plan has one currency, not EUR and GBP: make one for each"),
        (
            {"first": date(2026, 3, 1)},
            "an instalment for 2026-03-01, which is past: name dates from 2026-03-02",
        ),
        ({"rest_due_after": -1}, "the rest cannot fall due -1 days after an instalment: name 0 or more"),
    ):
        with pytest.raises(ValueError, match=says):
            replace(fine, **change)


@pytest.mark.parametrize("rate", ["-0.01", "100.01", "NaN", "sNaN", "Infinity", "0.0000001", "1E-999999"])
def test_a_rate_that_is_none_is_refused(rate: str) -> None:
    with pytest.raises(ValueError, match="name percent, from 0 to 100, with at most 6 decimals"):
        terms(rate=rate)


def test_the_instalments_of_an_account_are_without_interest() -> None:
    plan = schedule(terms(400_00, 600_00, rate="12"), always)
    assert plan.instalments == (
        Instalment(date(2026, 4, 1), money(400_00)),
        Instalment(date(2026, 5, 1), money(600_00)),
    )


def test_a_plan_that_was_agreed_on_reads_as_it_was_scheduled() -> None:
    made = schedule(replace(terms(), rest_due_after=14), always)
    agreed = Plan("plan-1", ("INV-1",), made.instalments[::-1], NINE, 14)
    assert schedule_of(agreed) == made


def test_amounts_are_read_in_the_currency_of_the_debt() -> None:
    wanted = Instalments(FIRST, MONTHLY, amounts=("400", "600.00"))
    assert wanted.terms(DEBT, AGREED).amounts == (money(400_00), money(600_00))
    assert wanted.terms(Money(1_000, "JPY"), AGREED).amounts == (Money(400, "JPY"), Money(600, "JPY"))


def test_a_number_of_instalments_with_a_down_payment_is_read_likewise() -> None:
    wanted = Instalments(FIRST, MONTHLY, 3, down_payment="200.00", rest_due_after=7)
    made = wanted.terms(DEBT, AGREED, Decimal(5))
    assert made.amounts == (money(200_00), money(400_00), money(400_00))
    assert (made.rest_due_after, made.yearly_rate) == (7, Decimal(5))


@given(plan_terms())
def test_principal_parts_are_the_debt_and_the_balance_ends_at_nothing(made: PlanTerms) -> None:
    plan = schedule(made, weekdays)
    left = made.debt
    for line, amount in zip(plan.lines, made.amounts, strict=True):
        left -= line.principal
        assert (line.principal, line.balance) == (amount, left)
        assert line.total == line.principal + line.interest
        assert line.interest.minor >= 0
    assert left.minor == 0
    assert (
        sum(line.total.minor for line in plan.lines) == plan.total.minor == (plan.debt + plan.interest).minor
    )
    assert {line.total.currency for line in plan.lines} == {made.debt.currency}


@given(plan_terms())
def test_instalments_ascend_on_open_days_from_the_first_on(made: PlanTerms) -> None:
    days = [line.date for line in schedule(made, weekdays).lines]
    assert days == sorted(set(days))
    assert all(weekdays(day) for day in days)
    assert days[0] >= made.first


@given(plan_terms())
def test_interest_is_the_exact_one_to_half_a_cent_in_each_line(made: PlanTerms) -> None:
    balance, since = made.debt.minor, made.agreed_on
    for line in schedule(made, weekdays).lines:
        exact = balance * Fraction(made.yearly_rate) * (line.date - since).days / 36_500
        assert -Fraction(1, 2) < line.interest.minor - exact <= Fraction(1, 2)
        balance, since = line.balance.minor, line.date


@given(st.integers(1, 10**12), st.integers(1, 60), st.none() | st.integers(1, 10**12))
def test_equal_parts_are_the_debt_and_only_the_last_is_rounded(
    minor: int, number: int, down: int | None
) -> None:
    debt = money(minor)
    shared, number_shared = (minor, number) if down is None else (minor - down, number - 1)
    if number_shared < 1 or shared < number_shared:
        with pytest.raises(ValueError, match="name"):
            equal_parts(debt, number, None if down is None else money(down))
        return
    parts = equal_parts(debt, number, None if down is None else money(down))
    assert sum(part.minor for part in parts) == minor
    assert len(parts) == number
    equal = parts if down is None else parts[1:]
    assert len({part.minor for part in equal[:-1]}) <= 1
    assert all(0 <= equal[-1].minor - part.minor < number_shared for part in equal)


@given(plan_terms())
def test_every_plan_can_be_agreed_on_and_reads_as_before(made: PlanTerms) -> None:
    plan = schedule(replace(made, yearly_rate=Decimal(0)), weekdays)
    kept = Plan("plan-1", ("INV-1",), plan.instalments, NINE, made.rest_due_after)
    assert schedule_of(kept) == plan


def test_the_same_interest_comes_out_of_decimal_arithmetic() -> None:
    plan = schedule(terms(rate="11.75"), always)
    cent = Decimal("0.01")
    expected = [
        (Decimal(left) * Decimal("0.1175") * days / 365).quantize(cent, ROUND_HALF_UP)
        for left, days in (("1000.00", 30), ("666.67", 30), ("333.34", 31))
    ]
    assert [line.interest.decimal() for line in plan.lines] == expected
    assert schedule(replace(terms(rate="11.75"), rhythm=Rhythm(days=30)), always).interest != plan.interest
