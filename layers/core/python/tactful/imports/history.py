"""A history of invoices: when each was issued, due and settled, as an accounting product exports it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import IO, TypeVar

from tactful.domain.book.money import Money, parse_money
from tactful.imports.table import Row, UnreadableFileError, check_encoding, read_rows
from tactful.imports.values import yes_or_no

# What exports call a column, without regard to case and to anything but letters and digits.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "invoice_number": ("invoicenumber", "invoiceno", "invoiceid", "invoice"),
    "customer_id": ("customerid", "customernumber", "customerno", "customer"),
    "issue_date": ("issuedate", "invoicedate", "dateissued"),
    "due_date": ("duedate", "datedue"),
    "total": ("total", "invoiceamount", "amount"),
    "settled_date": ("settleddate", "settlementdate", "paiddate", "datepaid"),
    "disputed": ("disputed", "isdisputed"),
}
_OPTIONAL = frozenset({"disputed"})
_DATES = ("issue_date", "due_date", "settled_date")
_SHOWN = 3
_Value = TypeVar("_Value")


class DateOrder(StrEnum):
    """How dates are written: 2026-03-31, 3/31/2026 or 31/3/2026."""

    ISO = "iso"
    MONTH_FIRST = "mdy"
    DAY_FIRST = "dmy"


_PATTERNS = {
    DateOrder.ISO: re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII),
    DateOrder.MONTH_FIRST: re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})", re.ASCII),
    DateOrder.DAY_FIRST: re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})", re.ASCII),
}


@dataclass(frozen=True, slots=True)
class PastInvoice:
    """One invoice of a history. Dates are civil dates; `settled_on` is None if it never was."""

    number: str
    customer_id: str
    issued_on: date
    due_date: date
    total: Money
    settled_on: date | None
    disputed: bool


@dataclass(frozen=True, slots=True)
class History:
    """What a file tells. `faults` has why rows were left out, by line."""

    invoices: tuple[PastInvoice, ...]
    faults: tuple[tuple[int, str], ...]


def read_history(source: IO[bytes], currency: str, dates: DateOrder | None = None) -> History:
    """The invoices of a history file, all in one currency (ISO 4217).

    How dates are written is found out column by column, unless `dates` says it. A row that cannot be read is a fault
    and stops no other. Raises UnreadableFileError for a file without the columns, or whose dates could be meant in
    more than one way.
    """
    content = source.read()
    check_encoding(io.BytesIO(content))
    names = _columns(content)
    rows = list(read_rows(io.BytesIO(content), list(names.values())))
    orders = {field: _order(field, names[field], rows, dates) for field in _DATES}
    faults: list[tuple[int, str]] = []
    found: dict[tuple[str, str], PastInvoice] = {}
    for row in rows:
        try:
            if row.fault:
                raise ValueError(row.fault)  # noqa: TRY301 - every fault of a row is told in one way
            cells = {field: row.cells[name] for field, name in names.items()}
            invoice = _invoice(cells, currency, orders)
            if (invoice.customer_id, invoice.number) in found:
                raise ValueError(f"{invoice.number} was told before: keep one row")  # noqa: TRY301 - as above
        except ValueError as error:
            faults.append((row.line, str(error)))
        else:
            found[invoice.customer_id, invoice.number] = invoice
    return History(tuple(found.values()), tuple(faults))


def _columns(content: bytes) -> dict[str, str]:
    """The name of each field's column in this file."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
    header = next((record for record in csv.reader(text) if any(cell.strip() for cell in record)), [])
    plain = {re.sub(r"[^a-z0-9]", "", cell.casefold()): cell.strip().casefold() for cell in header}
    columns = {}
    missing = []
    for field, names in _NAMES.items():
        name = next((plain[name] for name in names if name in plain), None)
        if name is not None:
            columns[field] = name
        elif field not in _OPTIONAL:
            missing.append(field)
    if missing:
        raise UnreadableFileError(
            f"the header lacks {', '.join(missing)}; a history needs {', '.join(_NAMES)}, separated by commas"
        )
    return columns


def _order(field: str, name: str, rows: Sequence[Row], stated: DateOrder | None) -> DateOrder:
    """The one way in which every date of a column can be read."""
    if stated is not None:
        return stated
    written = [(row.line, row.cells[name]) for row in rows if not row.fault and row.cells[name]]
    unread = {order: [line for line, text in written if _date(text, order) is None] for order in DateOrder}
    fitting = [order for order, lines in unread.items() if not lines]
    if len(fitting) == 1 or not written:
        return fitting[0]
    if fitting:
        ways = " and as ".join(fitting)
        raise UnreadableFileError(
            f"{field}: every date can be read as {ways}: say which it is with --dates {' or '.join(fitting)}"
        )
    best = min(unread, key=lambda order: len(unread[order]))
    lines = ", ".join(map(str, unread[best][:_SHOWN]))
    raise UnreadableFileError(
        f"{field}: no way of writing dates fits all of them; {best} fits best, but not line {lines}: correct "
        f"these, or leave them out with --dates {best}"
    )


def _date(text: str, order: DateOrder) -> date | None:
    found = _PATTERNS[order].fullmatch(text)
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None
    except ValueError:
        return None


def _invoice(cells: Mapping[str, str], currency: str, orders: Mapping[str, DateOrder]) -> PastInvoice:
    for field in ("invoice_number", "customer_id"):
        if not cells[field]:
            raise ValueError(f"{field}: it is empty")
    issued, due, settled = (_stated_date(field, cells[field], orders[field]) for field in _DATES)
    if issued is None or due is None:
        raise ValueError("issue_date and due_date: both must be there")
    if due < issued:
        raise ValueError(f"due_date {due} is before issue_date {issued}")
    if settled and settled < issued:
        raise ValueError(f"settled_date {settled} is before issue_date {issued}")
    total = _read("total", lambda: parse_money(cells["total"], currency))
    if total.minor <= 0:
        raise ValueError(f"total: {cells['total']} is nothing to be paid: leave out credit notes")
    disputed = _read("disputed", lambda: yes_or_no(cells.get("disputed", "")))
    return PastInvoice(
        cells["invoice_number"], cells["customer_id"], issued, due, total, settled, disputed is True
    )


def _stated_date(field: str, text: str, order: DateOrder) -> date | None:
    if not text:
        return None
    read = _date(text, order)
    if read is None:
        raise ValueError(f"{field}: {text!r} is no date written as {order}")
    return read


def _read(column: str, read: Callable[[], _Value]) -> _Value:
    try:
        return read()
    except ValueError as error:
        raise ValueError(f"{column}: {error}") from error
