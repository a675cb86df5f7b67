"""Forecasts of small books in which nothing is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tactful.domain.book.account import Account
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.forecast import (
    ForecastFault,
    ForecastRow,
    News,
    forecast,
)
from tactful.domain.dunning.policy import Policy
from tests.support.builders import (
    EMAIL,
    a_calendar,
    a_contact,
    a_customer,
    a_policy,
    an_account,
    an_invoice,
)

WEEKS = timedelta(weeks=8)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


def rows_of(
    *book: Account,
    policy: Policy | None = None,
    calendar: Calendar | None = None,
    start: datetime = MIDNIGHT,
    end: datetime = MIDNIGHT + WEEKS,
    news: Sequence[News] = (),
) -> list[ForecastRow]:
    """The forecast of a book in which nothing is wrong."""
    found = list(forecast(book, policy or a_policy(), calendar or a_calendar(), start, end, news=news))
    faults = [row for row in found if isinstance(row, ForecastFault)]
    assert faults == []
    return [row for row in found if isinstance(row, ForecastRow)]


def another(customer_id: str, *, email: str = EMAIL, phone: str = "", number: str = "INV-2") -> Account:
    customer = a_customer(a_contact(email=email, phone=phone), customer_id=customer_id)
    return an_account(an_invoice(number), customer=customer)
