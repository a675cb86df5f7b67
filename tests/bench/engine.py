"""How fast the engine decides, on one core."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tactful.adapters.holidays_calendar import public_holidays
from tactful.adapters.policy_file import load_policy
from tactful.domain.book.account import Account
from tactful.domain.book.customer import Contact, Customer
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.policy import Policy
from tests.bench.result import Result

_POLICY = Path(__file__).resolve().parents[2] / "templates/policies/standard.yaml"
_NOW = datetime(2026, 3, 16, 14, 0, tzinfo=UTC)
_ACCOUNTS = 5_000
_INVOICES = 5
_ROUNDS = 5


def measure() -> Iterator[tuple[str, Result]]:
    """Decide about accounts with five open invoices each, at all stages; the best of five rounds of CPU time."""
    policy = load_policy(_POLICY)
    calendar = Calendar(ZoneInfo("Europe/London"), "GB", public_holidays)
    accounts = [_account(number) for number in range(_ACCOUNTS)]
    decide(accounts[0], policy, calendar, _NOW)
    seconds = min(_seconds_of_cpu(accounts, policy, calendar) for _ in range(_ROUNDS))
    note = f"{_ACCOUNTS:,} accounts with {_INVOICES} open invoices, one core, best of {_ROUNDS}"
    yield "decide_per_second", Result(round(_ACCOUNTS / seconds), "1/s", note)


def _seconds_of_cpu(accounts: list[Account], policy: Policy, calendar: Calendar) -> float:
    began = time.process_time()
    for account in accounts:
        decide(account, policy, calendar, _NOW)
    return time.process_time() - began


def _account(number: int) -> Account:
    customer = Customer(
        id=f"C{number}",
        name=f"Customer {number}",
        contacts=(Contact("Accounts", email=f"accounts@c{number}.example"),),
        country="GB",
        timezone="Europe/London",
    )
    invoices = tuple(
        Invoice(
            number=f"I{number}-{index}",
            due_date=date(2026, 3, 16) - timedelta(days=(number + 9 * index) % 60 - 20),
            total=Money(10_000 + index, "GBP"),
            reported=Money(10_000 + index, "GBP"),
            received=Money(0, "GBP"),
            state=InvoiceState.OPEN,
        )
        for index in range(_INVOICES)
    )
    return Account(customer, invoices)
