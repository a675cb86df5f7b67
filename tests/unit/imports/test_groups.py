"""Which records make up an invoice, and which are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tactful.imports.columns import Layout
from tactful.imports.groups import Group, Grouping
from tactful.imports.profile import Field, FileKind, Profile, Rows
from tactful.imports.records import Record
from tactful.imports.statement import Ignored, Rejected

_COLUMNS: dict[str, Field | None] = {
    "Number": Field.INVOICE_NUMBER,
    "Customer": Field.CUSTOMER_NAME,
    "Due": Field.DUE_DATE,
    "Total": Field.TOTAL,
    "Item": None,
}


def _walk(
    *rows: Sequence[str],
    columns: Mapping[str, Field | None] = _COLUMNS,
    kind: FileKind = FileKind.INVOICES,
    how: Rows = Rows.ONE,
    keep: Mapping[str, Sequence[str]] | None = None,
    headings: bool = False,
) -> list[Group | Ignored | Rejected]:
    header = tuple(columns)
    places = {field: place for place, field in enumerate(columns.values()) if field}
    profile = Profile("p", "P", kind, {}, rows=how, keep=keep or {}, headings=headings)
    layout = Layout(profile, 1, header, places, {})
    records = [Record(number, list(row)) for number, row in enumerate((header, *rows), 1)]
    return list(Grouping(layout, kind).walk(records))


def _shown(found: Sequence[Group | Ignored | Rejected]) -> list[tuple[str, tuple[int, ...]]]:
    return [(type(one).__name__, one.records) for one in found]


def test_a_record_each_is_an_invoice_each_and_blank_records_are_nothing() -> None:
    found = _walk(
        ["1", "Acme", "2026-01-01", "5", ""], ["", " ", "", "", ""], [], ["2", "Acme", "2026-01-01", "5", ""]
    )
    assert _shown(found) == [("Group", (2,)), ("Group", (5,))]


def test_line_items_that_repeat_the_number_are_one_invoice() -> None:
    found = _walk(
        ["1", "Acme", "2026-01-01", "5", "nuts"],
        ["1", "Acme", "2026-01-01", "5", "bolts"],
        ["2", "Acme", "2026-01-01", "7", "nuts"],
        how=Rows.REPEATED,
    )
    assert _shown(found) == [("Group", (2, 3)), ("Group", (4,))]


def test_line_items_that_leave_blank_what_the_first_has_said_belong_to_it() -> None:
    found = _walk(
        ["1", "Acme", "2026-01-01", "5", "nuts"],
        ["1", "", "", "", "bolts"],
        ["", "", "", "2", "screws"],
        columns=_COLUMNS | {"Total": Field.LINE_TOTAL},
        how=Rows.SUMMED,
    )
    assert _shown(found) == [("Group", (2, 3, 4))]


def test_the_same_number_at_another_customer_is_another_invoice() -> None:
    found = _walk(
        ["1", "Acme", "2026-01-01", "5", "nuts"],
        ["1", "Brook", "2026-01-01", "5", "bolts"],
        how=Rows.REPEATED,
    )
    assert _shown(found) == [("Group", (2,)), ("Group", (3,))]


@pytest.mark.parametrize(
    "row",
    [
        ["Total", "", "", "12.00", ""],
        ["", "Total for Acme", "", "12.00", ""],
        ["TOTAL 2026", "", "", "12.00", ""],
        ["", "Gesamtsumme", "", "12.00", ""],
        ["", "Sous-total", "", "12.00", ""],
        ["Suma", "", "", "12.00", ""],
        ["", "", "", "12.00", ""],
    ],
)
@pytest.mark.parametrize("how", [Rows.ONE, Rows.SUMMED])
def test_a_sum_is_no_invoice_with_or_without_a_word_for_it(row: list[str], how: Rows) -> None:
    found = _walk(["1", "Acme", "2026-01-01", "12.00", ""], row, how=how)
    assert _shown(found) == [("Group", (2,)), ("Ignored", (3,))]


def test_a_customer_named_like_a_sum_owes_all_the_same() -> None:
    found = _walk(["17", "Total Energies", "2026-01-01", "5", ""], ["X", "Summe GmbH", "2026-01-01", "5", ""])
    assert _shown(found) == [("Group", (2,)), ("Group", (3,))]


def test_text_under_the_invoices_is_no_invoice() -> None:
    found = _walk(["1", "Acme", "2026-01-01", "5", ""], ["Printed on 3 May 2026 at 10:00"])
    assert _shown(found) == [("Group", (2,)), ("Ignored", (3,))]


def test_a_header_that_is_repeated_on_each_page_is_no_invoice() -> None:
    found = _walk(["1", "Acme", "2026-01-01", "5", ""], list(_COLUMNS), ["2", "Acme", "2026-01-01", "5", ""])
    assert _shown(found) == [("Group", (2,)), ("Ignored", (3,)), ("Group", (4,))]


def test_a_record_with_more_filled_cells_than_the_header_is_rejected() -> None:
    (found,) = _walk(["1", "Acme", "Ltd", "2026-01-01", "5", "nuts"])
    assert isinstance(found, Rejected)
    assert "6 cells" in found.reason
    assert found.invoice_number == "1"
    assert found.cells == (("1", "Acme", "Ltd", "2026-01-01", "5", "nuts"),)


def test_blank_cells_beyond_the_header_do_no_harm() -> None:
    assert _shown(_walk(["1", "Acme", "2026-01-01", "5", "", "", ""])) == [("Group", (2,))]


def test_a_record_that_ends_before_what_is_needed_is_rejected() -> None:
    (found,) = _walk(["1", "Acme", "2026-01-01"])
    assert isinstance(found, Rejected)
    assert "ends after 3 cells" in found.reason


def test_a_record_that_cannot_be_parsed_is_rejected() -> None:
    layout = Layout(Profile("p", "P", FileKind.INVOICES, {}), 1, ("Number",), {Field.INVOICE_NUMBER: 0}, {})
    found = list(Grouping(layout, FileKind.INVOICES).walk([Record(2, [], "close its quotes")]))
    assert found == [Rejected((2,), "close its quotes")]


def test_invoices_under_a_customers_heading_belong_to_that_customer() -> None:
    columns = {"": None, "Num": Field.INVOICE_NUMBER, "Due": Field.DUE_DATE, "Open": Field.AMOUNT_DUE}
    found = _walk(
        ["Alvarez, Dana", "", "", ""],
        ["", "1041", "12/18/2025", "10"],
        ["Total Alvarez, Dana", "", "", "10"],
        ["Brook Ltd", "", "", ""],
        ["", "1042", "12/18/2025", "10"],
        ["TOTAL", "", "", "20"],
        columns=columns,
        headings=True,
    )
    assert [(one.heading, one.records) for one in found if isinstance(one, Group)] == [
        ("Alvarez, Dana", (3,)),
        ("Brook Ltd", (6,)),
    ]


def test_records_of_other_accounts_are_left_out() -> None:
    columns = {**_COLUMNS, "Account": None}
    found = _walk(
        ["1", "Acme", "2026-01-01", "5", "", "Sales"],
        ["1", "Acme", "2026-01-01", "5", "", "Accounts Receivable"],
        columns=columns,
        keep={"Account": ["accounts receivable"]},
    )
    assert _shown(found) == [("Ignored", (2,)), ("Group", (3,))]


def test_a_file_of_customers_may_say_no_more_than_a_name() -> None:
    columns = {"Name": Field.CUSTOMER_NAME, "Email": Field.EMAIL}
    assert _shown(_walk(["Acme", ""], columns=columns, kind=FileKind.CUSTOMERS)) == [("Group", (2,))]
