"""What holds for every charge: exact, never twice, and never more because somebody paid or disputed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.money import Money
from tactful.domain.charges.late_payment import Charges, Debt, Pause, charges_for
from tactful.domain.charges.rules import ChargeRules
from tests.unit.charges.shipped import rules

DUE = date(2023, 1, 15)
LAST = date(2026, 6, 30)
days = st.integers(1, (LAST - DUE).days)
names = st.sampled_from(["uk", "eu", "de", "fr", "es", "contract"])


# Every limit that a contract can have, each low enough to be met.
CONTRACT = ChargeRules.model_validate(
    {
        "title": "clause 7",
        "sources": ["our terms"],
        "rate": "0.1",
        "per": "day",
        "day_count": "actual/actual",
        "most_percent_a_year": "25",
        "cap_percent": "30",
        "caps": {"USD": "5000"},
        "fixed_sums": {"USD": [{"sum": "15"}, {"at_least": "200", "sum": "35.50"}]},
    }
)
ONE_PERCENT = ChargeRules.model_validate({"title": "clause 7", "sources": ["our terms"], "rate": "1"})


def rules_of(name: str) -> ChargeRules:
    return CONTRACT if name == "contract" else rules(name)


def currency_of(name: str) -> str:
    return {"uk": "GBP", "contract": "USD"}.get(name, "EUR")


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
    return charges_for(owed[1], rules_of(owed[0]), after(until))


@given(owed=debts(), until=days)
def test_the_lines_add_up_to_the_total(owed: tuple[str, Debt], until: int) -> None:
    charges = charged(owed, until)
    exact = sum((part.interest for part in charges.segments), Fraction(0))
    if charges.is_capped:
        assert charges.accrued.minor <= exact
    else:
        assert abs(charges.accrued.minor - exact) <= Fraction(1, 2)
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
        claim = charges_for(debt, rules_of(name), after(stop))
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
    less, more = charged(owed, until), charged(without, until)
    assert 0 <= less.total.minor <= more.total.minor
    # Under a cap, a lower fixed sum leaves more room for interest.
    assert more.is_capped or 0 <= less.accrued.minor <= more.accrued.minor


@given(parts=st.lists(st.integers(1, 40), min_size=1, max_size=8), odd=st.integers(0, 10**6))
def test_half_a_cent_is_a_cent_however_the_days_are_parted(parts: list[int], odd: int) -> None:
    """At 1 % and 365 days of interest, an odd multiple of 50 comes to exactly half a cent more than whole ones."""
    rests = [DUE + timedelta(days=sum(parts[:number]) + number) for number in range(1, len(parts) + 1)]
    minor = 50 * (2 * odd + 1)
    debt = Debt(Money(minor, "EUR"), DUE, pauses=tuple(Pause(day, day) for day in rests))
    charges = charges_for(debt, ONE_PERCENT, after(365 + len(parts)))
    assert (charges.days, charges.accrued.minor) == (365, (minor + 50) // 100)


@given(owed=debts(), until=days)
def test_everything_is_in_the_currency_of_the_debt(owed: tuple[str, Debt], until: int) -> None:
    charges = charged(owed, until)
    amounts = [charges.accrued, charges.interest, charges.fixed_sum, charges.total, charges.left]
    amounts += [part.principal for part in charges.segments]
    assert {amount.currency for amount in amounts} == {currency_of(owed[0])}
