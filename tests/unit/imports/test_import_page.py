"""What docs/import.md tells admins is what the import does."""

from __future__ import annotations

import io
import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from pydantic import BaseModel

from tactful.adapters.upload_settings import from_yaml
from tactful.application.import_report import Outcome
from tactful.imports.rows import (
    CUSTOMER_COLUMNS,
    CUSTOMER_OPTIONAL_COLUMNS,
    INVOICE_COLUMNS,
    INVOICE_OPTIONAL_COLUMNS,
    CustomerRow,
    InvoiceRow,
)
from tactful.imports.table import read_rows
from tactful.imports.upload_settings import DateOrder, UploadSettings
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
    desk.invoices(invoice_line(), invoice_line("INV-2"), invoice_line("INV-3", status="lost"))
    written = desk.written("invoices/book.csv")
    explained = {"read_as": written.pop("read_as"), "first_invoices": written.pop("first_invoices")}
    assert all(f"`{name}`" in PAGE for name in explained)
    invented = {name: example[name] for name in ("import", "upload", "version", "rejected_file")}
    reasons = {row.pop("reason")[:13] for report in (written, example) for row in report["rejected_rows"]}
    assert reasons == {"status: 'lost"}
    assert written | invented == example


def test_every_setting_is_explained() -> None:
    section = PAGE.partition("## Settings\n")[2].partition("\n## ")[0]
    named = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
    assert named == [one.name for one in fields(UploadSettings)]


def test_the_example_of_settings_can_be_understood() -> None:
    (example,) = _blocks("yaml")
    said = from_yaml(example.encode(), "invoices/march.csv.settings.yaml")
    assert said["date_order"] is DateOrder.DAY_FIRST


def test_every_outcome_is_explained() -> None:
    section = PAGE.partition("## The report\n")[2].partition("\n## ")[0]
    named = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
    assert sorted(named) == sorted(outcome for outcome in Outcome if outcome is not Outcome.PAUSED)
