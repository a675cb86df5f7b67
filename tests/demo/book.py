"""The demo's book: CSV files in the documented columns, or any flat list of invoices made to fit them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from tactful.domain.book.money import MoneyError, parse_money

DAYS = 45
_INVOICE_COLUMNS = (
    *("invoice_number", "customer_id", "customer_name", "issue_date", "due_date"),
    *("total", "amount_due", "currency", "status"),
)
_CUSTOMER_COLUMNS = (
    *("customer_id", "customer_name", "contact_name", "role"),
    *("email", "phone", "country", "timezone"),
)
SAMPLES = Path(__file__).parent / "samples"
_DEFAULT_CURRENCY = "USD"
_ZONE, _COUNTRY = "America/New_York", "US"

# What other exports call the documented columns, letters only.
_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "invoice_number": ("invoicenumber", "invoiceno", "invoice", "number"),
    "customer_id": ("customerid", "clientid", "customer", "client"),
    "customer_name": ("customername", "clientname", "customerid", "customer", "client"),
    "issue_date": ("issuedate", "invoicedate", "date"),
    "due_date": ("duedate",),
    "total": ("total", "invoiceamount", "amount"),
    "amount_due": ("amountdue", "balance", "openbalance"),
    "currency": ("currency", "currencycode"),
    "settled": ("settleddate", "paiddate", "datepaid"),
    "disputed": ("disputed",),
}


class BookError(ValueError):
    """The demo cannot use a file; the message says why."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """A payment that the file says was made later: the demo plays it on its day."""

    on: date
    invoice_number: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Book:
    """Two uploads and a first day. `settlements` are what the file knows of the future."""

    invoices: bytes
    customers: bytes
    starts: datetime
    settlements: tuple[Settlement, ...] = ()


def read_book(invoices: Path | None, customers: Path | None) -> Book:
    """The shipped samples, or other files. Raises BookError if the invoices have not the columns needed."""
    if invoices is None:
        invoices, customers = SAMPLES / "invoices.csv", SAMPLES / "customers.csv"
    content = invoices.read_bytes()
    records = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    if not records:
        raise BookError(f"{invoices}: there are no rows")
    if set(_INVOICE_COLUMNS) <= {name.strip().casefold() for name in records[0]}:
        due_dates = [_iso(record["due_date"]) for record in records if record["status"] == "open"]
        start = _first_day([day for day in due_dates if day])
        made = customers.read_bytes() if customers else _made_contacts(records)
        return Book(content, made, start)
    return _fitted(records, invoices, customers)


def _fitted(records: Sequence[Mapping[str, str]], source: Path, customers: Path | None) -> Book:
    columns = _columns(records[0], source)
    start = _first_day([_us_date(record[columns["due_date"]]) for record in records])
    rows, settlements = [], []
    for record in records:
        cell = {name: record[column].strip() for name, column in columns.items()}
        currency = cell.get("currency") or _DEFAULT_CURRENCY
        settled = _us_date(cell["settled"]) if cell.get("settled") else None
        paid = settled is not None and settled <= start.date()
        disputed = cell.get("disputed", "").lower() in ("yes", "true", "1")
        rows.append(
            {
                "invoice_number": cell["invoice_number"],
                "customer_id": cell["customer_id"],
                "customer_name": f"Customer {cell['customer_name']}",
                "issue_date": _text(_us_date(cell["issue_date"])) if "issue_date" in cell else "",
                "due_date": _text(_us_date(cell["due_date"])),
                "total": cell["total"],
                "amount_due": "0" if paid else cell.get("amount_due", cell["total"]),
                "currency": currency,
                "status": "paid" if paid else "disputed" if disputed else "open",
            }
        )
        if settled and start.date() < settled <= start.date() + timedelta(days=DAYS):
            try:
                amount = parse_money(cell["total"], currency).minor
            except MoneyError:
                continue
            settlements.append(Settlement(settled, cell["invoice_number"], amount, currency))
    made = customers.read_bytes() if customers else _made_contacts(rows)
    return Book(_csv(_INVOICE_COLUMNS, rows), made, start, tuple(settlements))


def _columns(record: Mapping[str, str], source: Path) -> dict[str, str]:
    plain = {re.sub("[^a-z]", "", name.casefold()): name for name in record}
    found = {
        wanted: plain[synonym]
        for wanted, synonyms in _SYNONYMS.items()
        if (synonym := next((known for known in synonyms if known in plain), None))
    }
    missing = [name for name in ("invoice_number", "customer_id", "due_date", "total") if name not in found]
    if missing:
        raise BookError(f"{source}: no column for {', '.join(missing)} among {', '.join(record)}")
    return found


def _made_contacts(rows: Sequence[Mapping[str, str]]) -> bytes:
    """A contact at an example address for every customer, and a fictional number for the first hundred."""
    names = {row["customer_id"]: row["customer_name"] for row in rows}
    made = [
        {
            "customer_id": customer_id,
            "customer_name": name,
            "contact_name": "Accounts",
            "role": "billing",
            "email": f"accounts@{re.sub('[^a-z0-9]+', '-', customer_id.casefold()).strip('-')}.example",
            "phone": f"+1 202 555 {100 + index:04d}" if index < 100 else "",
            "country": _COUNTRY,
            "timezone": _ZONE,
        }
        for index, (customer_id, name) in enumerate(sorted(names.items()))
    ]
    return _csv(_CUSTOMER_COLUMNS, made)


def _first_day(due_dates: Sequence[date]) -> datetime:
    """The Monday from which the most invoices fall due within the demo's days, at six in the morning (UTC)."""
    if not due_dates:
        raise BookError("no invoice is open: there is nothing to show")
    counts = Counter(due_dates)
    earliest = min(counts)
    monday = earliest - timedelta(days=earliest.weekday() + 7)
    mondays = [monday + timedelta(days=7 * week) for week in range((max(counts) - monday).days // 7 + 1)]

    def within(start: date) -> int:
        return sum(number for day, number in counts.items() if start <= day < start + timedelta(days=DAYS))

    best = max(mondays, key=lambda start: (within(start), -start.toordinal()))
    return datetime.combine(best, time(6), UTC)


def _us_date(text: str) -> date:
    month, day, year = (int(part) for part in text.split("/"))
    return date(year, month, day)


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _text(day: date) -> str:
    return day.isoformat()


def _csv(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
