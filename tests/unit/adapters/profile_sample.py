from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from tactful.imports.upload_settings import UploadSettings

Expected = dict[str, object]


@dataclass(frozen=True)
class Sample:
    """A file as a product writes it, and what a careful bookkeeper says it holds.

    `invoices` are in the file's order, amounts in minor units. `stopped` counts the records that must not become
    invoices although they look like some: they are refused, and somebody looks at them.
    """

    profile: str
    text: str
    invoices: tuple[Expected, ...]
    settings: UploadSettings = field(default_factory=UploadSettings)
    stopped: int = 0
    encoding: str = "utf-8"
    variant: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.profile, self.variant)))


def invoice(
    number: str,
    customer: str,
    due_date: str | None,
    amounts: tuple[int, int],
    currency: str,
    status: str = "open",
) -> Expected:
    """What is expected of an invoice; `amounts` are its total and what is due."""
    total, due = amounts
    return {
        "invoice_number": number,
        "customer_name": customer,
        "due_date": due_date,
        "total_minor": total,
        "amount_due_minor": due,
        "currency": currency,
        "status": status,
    }


def filled(header: str, columns: str, *records: str) -> str:
    """CSV with a product's whole header, and the cells of some of its columns; these and records with | between."""
    names = next(csv.reader([header]))
    places = [names.index(column) for column in columns.split("|")]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    for record in records:
        cells = [""] * len(names)
        for place, cell in zip(places, record.split("|"), strict=True):
            cells[place] = cell
        writer.writerow(cells)
    return text.getvalue()
