"""The file that the benches import: an export as accounting products write them, made from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "build/bench"
INVOICES_PER_CUSTOMER = 10
_SEED = 20260316
_HEADER = (
    "Invoice Number,Customer ID,Customer Name,Email,Invoice Date,Due Date,Total Amount,Balance Due,Currency,"
    "Status,Memo"
)
# With the line's end.
_BYTES_PER_ROW = 150
_FIRST_DAY = date(2025, 1, 1)
_DAYS = 440
_STATUSES = ("Open", "Overdue", "Paid", "Partially Paid")
_TRADES = ("Joinery", "Catering", "Motors", "Textiles", "Print Works", "Dental Practice", "Landscapes")
_MEMO = "Services as agreed; see the order confirmation and the delivery note for all details of this work"


def export(rows: int) -> Path:
    """A file of so many invoices, ten a customer in no order, about 150 bytes each; written once."""
    path = FOLDER / f"export-{rows}.csv"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        with partial.open("w", encoding="utf-8", newline="") as out:
            out.writelines(lines(rows))
        partial.rename(path)
    return path


def lines(rows: int, *, settled_every: int = 0) -> Iterator[str]:
    """The lines of the file; every so many invoices, one that was owed has been paid since."""
    chance = random.Random(_SEED)  # noqa: S311 - the same file every time
    customers = max(1, rows // INVOICES_PER_CUSTOMER)
    yield _HEADER + "\r\n"
    for number in range(1, rows + 1):
        customer = chance.randrange(customers)
        issued = _FIRST_DAY + timedelta(days=number * _DAYS // rows)
        due = issued + timedelta(days=chance.choice((14, 30, 30, 60)))
        total = int(chance.lognormvariate(11.5, 1.2)) + 100
        status = chance.choices(_STATUSES, (60, 25, 10, 5))[0]
        left = {"Paid": 0, "Partially Paid": total // 3}.get(status, total)
        if settled_every and number % settled_every == 0:
            status, left = ("Paid", 0) if left else ("Open", total)
        cells = (
            f"INV-{number:07}",
            f"C{customer:06}",
            f"{_TRADES[customer % len(_TRADES)]} {customer} Ltd",
            f"accounts@customer{customer}.example",
            f"{issued:%d/%m/%Y}",
            f"{due:%d/%m/%Y}",
            _grouped(total),
            _grouped(left),
            "GBP",
            status,
        )
        line = ",".join(cells)
        yield f"{line},{_MEMO[: max(0, _BYTES_PER_ROW - len(line) - 3)]}".rstrip() + "\r\n"


def _grouped(minor: int) -> str:
    text = f"{minor / 100:,.2f}"
    return f'"{text}"' if "," in text else text
