"""What holds for every charge: exact, never twice, and never more because somebody paid or disputed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.money import Money
from tactful.domain.charges.late_payment import Charges, Debt, Pause, charges_for
from tests.unit.charges.shipped import rules

DUE = date(2023, 1, 15)
LAST = date(2026, 6, 30)
days = st.integers(1, (LAST - DUE).days)
names = st.sampled_from(["uk", "eu", "de", "fr", "es"])


def currency_of(name: str) -> str:
    return "GBP" if name == "uk" else "EUR"


def after(number: int) -> date:
    return DUE + timedelta(days=number)


@st.composite
def debts(draw: st.DrawFn) -> tuple[str, Debt]:
    name = draw(names)
    currency = currency_of(name)
    payments = draw(st.lists(st.tuples(days, st.integers(1, 10**7)), max_size=4))
    pauses = draw(st.lists(st.tuples(days, st.integers(0, 90)), max_size=2))
    return name, Debt(
        Money(draw(st.integers(1, 10**8)), currency),
        DUE,
        tuple((after(day), Money(minor, currency)) for day, minor in sorted(payments)),
        tuple(Pause(after(first), after(first + length)) for first, length in pauses),
    )


def charged(owed: tuple[str, Debt], until: int) -> Charges:
    return charges_for(owed[1], rules(owed[0]), after(until))


@given(owed=debts(), until=days)
def test_the_lines_add_up_to_the_total(owed: tuple[str, Debt], until: int) -> None:
    charges = charged(owed, until)
    exact = sum((part.interest for part in charges.segments), Decimal(0))
    assert charges.accrued.minor == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    assert charges.total.minor == charges.interest.minor + charges.fixed_sum.minor
    assert charges.days == sum(part.days for part in charges.segments)


@given(owed=debts(), until=days)
def test_periods_follow_each_other_and_each_day_is_counted_once(owed: tuple[str, Debt], until: int) -> None:
    segments = charged(owed, until).segments
    assert all(part.days == (part.last - part.first).days + 1 > 0 for part in segments)
    assert all(one.last < other.first for one, other in pairwise(segments))
    assert all(part.first > DUE and part.last <= after(until) for part in segments)


@given(owed=debts(), stops=st.lists(days, min_size=1, max_size=6, unique=True))
def test_claims_one_after_the_other_come_to_the_same_as_a_single_one(
    owed: tuple[str, Debt], stops: list[int]
) -> None:
    name, debt = owed
    claims = Money(0, debt.principal.currency)
    fixed = claims
    for stop in sorted(stops):
        claim = charges_for(debt, rules(name), after(stop))
        claims, fixed = claims + claim.interest, fixed + claim.fixed_sum
        was_fixed = debt.fixed_sum_claimed or claim.fixed_sum.minor > 0
        debt = replace(debt, claimed_until=after(stop), claimed=claims, fixed_sum_claimed=was_fixed)
    at_once = charged(owed, max(stops))
    assert (claims, fixed) == (at_once.interest, at_once.fixed_sum)


@given(owed=debts(), one=days, other=days)
def test_a_later_day_never_costs_less(owed: tuple[str, Debt], one: int, other: int) -> None:
    assert charged(owed, min(one, other)).total.minor <= charged(owed, max(one, other)).total.minor


@given(owed=debts(), until=days)
def test_neither_a_payment_nor_a_dispute_makes_it_dearer(owed: tuple[str, Debt], until: int) -> None:
    name, debt = owed
    without = (name, replace(debt, payments=(), pauses=()))
    assert 0 <= charged(owed, until).accrued.minor <= charged(without, until).accrued.minor


@given(owed=debts(), until=days)
def test_everything_is_in_the_currency_of_the_debt(owed: tuple[str, Debt], until: int) -> None:
    charges = charged(owed, until)
    amounts = [charges.accrued, charges.interest, charges.fixed_sum, charges.total, charges.left]
    amounts += [part.principal for part in charges.segments]
    assert {amount.currency for amount in amounts} == {currency_of(owed[0])}
