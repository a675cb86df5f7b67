"""How fast the engine decides, on one core."""

from __future__ import annotations

import time
from collections import Counter
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
from tests.support.builders import address_records
from tests.support.pure_sender import PureSender

_POLICY = Path(__file__).resolve().parents[2] / "templates/policies/standard.yaml"
_NOW = datetime(2026, 3, 16, 14, 0, tzinfo=UTC)
_ACCOUNTS = 5_000
_INVOICES = 5
_ROUNDS = 5


def measure() -> Iterator[tuple[str, Result]]:
    """Decide about accounts with five open invoices each, at all stages; the best of five rounds of CPU time.

    Once as a book that has just been uploaded, and once after it has been chased for six weeks and nobody paid: then
    each account has a dozen steps in its contact log.
    """
    policy = load_policy(_POLICY)
    calendar = Calendar(ZoneInfo("Europe/London"), "GB", public_holidays)
    fresh = [_account(number) for number in range(_ACCOUNTS)]
    yield "decide_per_second", _measured(fresh, policy, calendar, "new to the engine")
    chased = [_after_six_weeks(account, policy, calendar) for account in fresh[::5]]
    yield "decide_chased_per_second", _measured(chased, policy, calendar, "chased for six weeks")


def _measured(accounts: list[Account], policy: Policy, calendar: Calendar, which: str) -> Result:
    made = Counter(type(decide(account, policy, calendar, _NOW)).__name__.lower() for account in accounts)
    seconds = min(_seconds_of_cpu(accounts, policy, calendar) for _ in range(_ROUNDS))
    counts = ", ".join(f"{count:,} {kind}" for kind, count in made.most_common())
    steps = sum(len(account.reminders) for account in accounts) / len(accounts)
    note = (
        f"{len(accounts):,} accounts with {_INVOICES} open invoices, {which} ({steps:.0f} steps each; {counts}), "
        f"one core, best of {_ROUNDS}"
    )
    return Result(round(len(accounts) / seconds), "1/s", note)


def _seconds_of_cpu(accounts: list[Account], policy: Policy, calendar: Calendar) -> float:
    began = time.process_time()
    for account in accounts:
        decide(account, policy, calendar, _NOW)
    return time.process_time() - began


def _after_six_weeks(account: Account, policy: Policy, calendar: Calendar) -> Account:
    sender = PureSender(policy, calendar, _NOW - timedelta(weeks=6))
    key = sender.add(account)
    sender.run_until(_NOW, key)
    return sender.load(key)


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
    return Account(customer, invoices, addresses=address_records(customer))
