"""How long the forecast of a whole book takes, how much memory it needs, and how both grow."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from tactful.adapters import gsm7
from tactful.adapters.holidays_calendar import public_holidays
from tactful.adapters.jinja import JinjaWording
from tactful.adapters.languages import Languages
from tactful.adapters.policy_file import load_policy
from tactful.application.forecast_book import ForecastBook
from tactful.domain.book.account import Account
from tactful.domain.book.customer import Contact, Customer
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.forecast import RowKind
from tests.bench.result import Result
from tests.support.builders import address_records

_TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
_START = datetime(2026, 3, 16, tzinfo=UTC)
_DAYS = 60
_INVOICES = 5
_SIZES = (1_000, 3_000, 10_000)
_PROCESSES = 2
_ZONES = (("GB", "Europe/London"), ("US", "America/New_York"), ("DE", "Europe/Berlin"))


@dataclass(frozen=True, slots=True)
class _Run:
    """One forecast: its wall time, the peak resident memory of all its processes, and what came of it."""

    accounts: int
    seconds: float
    megabytes: float
    messages: int
    tasks: int
    segments: int


def measure() -> Iterator[tuple[str, Result]]:
    """Forecast 60 days of books of several sizes, SMS rendered and counted, each in a process of its own."""
    runs = [_in_a_process_of_its_own(accounts) for accounts in _SIZES]
    largest = runs[-1]
    rows = (
        f"{largest.messages:,} messages, {largest.tasks:,} tasks and {largest.segments:,} SMS segments of "
        f"{largest.accounts:,} accounts with {_INVOICES} invoices in {_DAYS} days, {_PROCESSES} processes"
    )
    seconds = ", ".join(f"{run.accounts:,}: {run.seconds:.1f}" for run in runs)
    yield "forecast_10k_60d_seconds", Result(round(largest.seconds, 2), "s", f"{rows}; by accounts {seconds}")
    memory = ", ".join(f"{run.accounts:,}: {run.megabytes:.0f}" for run in runs)
    note = f"resident at their peaks, all processes together; by accounts {memory}"
    yield "forecast_peak_mb", Result(round(largest.megabytes, 1), "MB", note)


def _in_a_process_of_its_own(accounts: int) -> _Run:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_run, accounts).result()


def _run(count: int) -> _Run:
    policy = load_policy(_TEMPLATES / "policies/standard.yaml")
    calendar = Calendar(ZoneInfo("Europe/London"), "GB", public_holidays)
    wording = partial(
        JinjaWording,
        Languages(_TEMPLATES, "en", "GB"),
        business_name="Example Trading",
        contact_email="accounts@example.com",
        policy=policy,
        calendar=calendar,
    )
    book = ForecastBook(policy, calendar, wording, gsm7.segments)
    accounts = [_account(number) for number in range(count)]
    began = time.perf_counter()
    found = book.run(accounts, _START, _START + timedelta(days=_DAYS), processes=_PROCESSES)
    seconds = time.perf_counter() - began
    kinds = [line.kind for line in found.lines]
    return _Run(
        count,
        seconds,
        _peak_megabytes(),
        kinds.count(RowKind.MESSAGE),
        kinds.count(RowKind.TASK),
        sum(line.segments or 0 for line in found.lines),
    )


def _peak_megabytes() -> float:
    """The peak of this process and, for each of its workers, that of the largest."""
    unit = 1 if sys.platform == "darwin" else 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + _PROCESSES * worker) * unit / 1e6


def _account(number: int) -> Account:
    """Most can be reached by e-mail and SMS, every tenth shares its address with the one before."""
    country, zone = _ZONES[number % len(_ZONES)]
    named = number - (number % 10 == 9)
    contact = Contact("Accounts", email=f"accounts@c{named}.example", phone=f"+44163296{number % 10_000:04d}")
    customer = Customer(f"C{number}", f"Customer {number}", (contact,), country, zone)
    invoices = tuple(
        Invoice(
            number=f"I{number}-{index}",
            due_date=date(2026, 3, 16) + timedelta(days=(7 * number + 13 * index) % 60 - 20),
            total=Money(10_000 + index, "GBP"),
            reported=Money(10_000 + index, "GBP"),
            received=Money(0, "GBP"),
            state=InvoiceState.OPEN,
        )
        for index in range(_INVOICES)
    )
    return Account(customer, invoices, addresses=address_records(customer))
