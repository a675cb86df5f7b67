"""A file of some shape, and what `tactful check-file` must say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HEADER = "Invoice No,Customer,Invoice Date,Due Date,Total,Balance,Currency,Status"
FIRST = "A-1,Ashdown Ltd,13/01/2026,12/02/2026,100.00,40.00,EUR,sent"
SECOND = "A-2,Birch & Co,14/01/2026,13/02/2026,250.50,250.50,EUR,overdue"
AS_READ = (
    "A-1|Ashdown Ltd|2026-01-13|2026-02-12|10000|4000|EUR|partially_paid",
    "A-2|Birch & Co|2026-01-14|2026-02-13|25050|25050|EUR|open",
)
COLUMNS = (
    "invoice_number",
    "customer_name",
    "issue_date",
    "due_date",
    "total_minor",
    "amount_due_minor",
    "currency",
    "status",
)

Said = Mapping[tuple[int, ...], str]
"""What is said of records, by their numbers: each text must be a part of it."""


@dataclass(frozen=True)
class Shape:
    """`invoices` has what `COLUMNS` names of each, with | between. `refused`, `warnings` and the texts of `rejected`
    and `ignored` are parts of what is said; an empty `refused` means that the file is read.
    """

    name: str
    content: bytes
    invoices: tuple[str, ...] = ()
    rejected: Said = field(default_factory=dict)
    ignored: Said = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    refused: str = ""
    arguments: tuple[str, ...] = ()
    read_as: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


def sheet(*rows: str, header: str = HEADER, line_end: str = "\n") -> bytes:
    """A CSV with a header, as UTF-8."""
    return "".join(f"{row}{line_end}" for row in (header, *rows)).encode()


def both(line_end: str = "\n") -> bytes:
    """A CSV of two invoices, which are read as `AS_READ`."""
    return sheet(FIRST, SECOND, line_end=line_end)


def compact(invoice: Mapping[str, Any]) -> str:
    """An invoice of the JSON as `Shape.invoices` has it."""
    return "|".join("-" if invoice[name] is None else str(invoice[name]) for name in COLUMNS)
