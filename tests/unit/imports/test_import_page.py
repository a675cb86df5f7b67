"""What docs/import.md tells admins is what the import does."""

from __future__ import annotations

import io
import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from tactful.adapters.upload_settings import from_yaml
from tactful.application.import_report import Outcome
from tactful.imports.profile import FileKind
from tactful.imports.reading import read_file
from tactful.imports.statement import Described, StatedInvoice
from tactful.imports.upload_settings import DateOrder, UploadSettings
from tests.unit.application.importing import Desk, invoice_line
from tests.unit.imports.exports import profiles

PAGE = (Path(__file__).parents[3] / "docs" / "import.md").read_text()


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(
    ("number", "kind", "states"), [(0, FileKind.INVOICES, StatedInvoice), (1, FileKind.CUSTOMERS, Described)]
)
def test_the_example_rows_are_accepted(number: int, kind: FileKind, states: type) -> None:
    example = io.BytesIO(_blocks("csv")[number].encode())
    reading = read_file(example, kind, UploadSettings(), profiles())
    assert reading.read_as.profile == "tactful"
    assert [type(item) for item in reading.items()] == [states, states]
    assert reading.warnings == ()


@pytest.mark.parametrize("kind", FileKind)
def test_every_column_is_explained(kind: FileKind) -> None:
    section = PAGE.partition(f"## {kind.title()}\n")[2].partition("\n## ")[0]
    first_cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    (tidy,) = (profile for profile in profiles() if (profile.name, profile.kind) == ("tactful", kind))
    assert set(re.findall(r"`(\w+)`", " ".join(first_cells))) == {str(column) for column in tidy.columns}


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
