"""Payment plans to test with."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from tactful.domain.book.money import Money
from tactful.domain.charges.plans import PlanTerms, equal_parts
from tactful.domain.charges.rhythm import Rhythm

AGREED = date(2026, 3, 2)
"""A Monday."""


def always(day: date) -> bool:
    """A calendar without closed days."""
    del day
    return True


def never(day: date) -> bool:
    """A calendar that is closed for good."""
    del day
    return False


def weekdays(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < 5


rhythms = st.integers(1, 120).map(lambda days: Rhythm(days=days)) | st.integers(1, 4).map(
    lambda months: Rhythm(months=months)
)
_currencies = st.sampled_from(["EUR", "JPY", "KWD"])
_rates = st.decimals(0, 100, places=4)


@st.composite
def plan_terms(draw: st.DrawFn) -> PlanTerms:
    """Terms of any kind that can be: equal, with a down payment, or amounts of their own."""
    currency = draw(_currencies)
    amounts = tuple(
        Money(minor, currency) for minor in draw(st.lists(st.integers(1, 10**9), min_size=1, max_size=24))
    )
    debt = sum(amounts[1:], amounts[0])
    if draw(st.booleans()):
        amounts = equal_parts(debt, draw(st.integers(1, min(debt.minor, 24))))
    if debt.minor > 24 and draw(st.booleans()):
        down = Money(draw(st.integers(1, debt.minor - 23)), debt.currency)
        if down.minor < debt.minor:
            amounts = equal_parts(debt, draw(st.integers(2, 24)), down)
    return PlanTerms(
        debt,
        amounts,
        draw(st.dates(AGREED, date(2030, 1, 1))),
        AGREED,
        draw(rhythms),
        draw(st.just(Decimal(0)) | _rates),
        draw(st.none() | st.integers(0, 60)),
    )
