"""What docs/import.md tells admins is what the import does."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from tactful.imports.rows import (
    CUSTOMER_COLUMNS,
    CUSTOMER_OPTIONAL_COLUMNS,
    INVOICE_COLUMNS,
    INVOICE_OPTIONAL_COLUMNS,
    CustomerRow,
    InvoiceRow,
)
from tactful.imports.table import read_rows
from tests.unit.application.importing import Desk, invoice_line

PAGE = (Path(__file__).parents[3] / "docs" / "import.md").read_text()
INVOICES = (*INVOICE_COLUMNS, *INVOICE_OPTIONAL_COLUMNS)
CUSTOMERS = (*CUSTOMER_COLUMNS, *CUSTOMER_OPTIONAL_COLUMNS)


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(
    ("number", "columns", "model"), [(0, INVOICE_COLUMNS, InvoiceRow), (1, CUSTOMERS, CustomerRow)]
)
def test_the_example_rows_are_accepted(number: int, columns: tuple[str, ...], model: type[BaseModel]) -> None:
    rows = list(read_rows(io.BytesIO(_blocks("csv")[number].encode()), columns))
    assert len(rows) == 2
    assert [row.fault for row in rows] == ["", ""]
    assert [type(model.model_validate(row.cells)) for row in rows] == [model, model]


@pytest.mark.parametrize(("heading", "columns"), [("## Invoices", INVOICES), ("## Customers", CUSTOMERS)])
def test_every_column_is_explained(heading: str, columns: tuple[str, ...]) -> None:
    section = PAGE.partition(f"{heading}\n")[2].partition("\n## ")[0]
    first_cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert re.findall(r"`(\w+)`", " ".join(first_cells)) == list(columns)


def test_the_example_of_a_report_is_one() -> None:
    (example,) = (json.loads(block) for block in _blocks("json"))
    desk = Desk()
    desk.invoices(invoice_line())
    desk.invoices(invoice_line(), invoice_line("INV-2"), invoice_line("INV-3", due="03/04/2026"))
    written = desk.written("invoices/book.csv")
    invented = {"upload": example["upload"], "version": example["version"]}
    assert written | invented == example
