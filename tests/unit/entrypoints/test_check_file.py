from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tactful.entrypoints.cli import FAULT, OK
from tests.unit.entrypoints.books import Desk

TEMPLATES = Path(__file__).parents[3] / "templates"
HEADER = "Invoice No,Customer,Invoice Date,Due Date,Total,Balance,Currency,Status"
ROWS = (
    HEADER,
    "A-1,Ashdown Ltd,13/01/2026,12/02/2026,1100.00,40.00,EUR,sent",
    "A-2,Birch & Co,14/01/2026,13/02/2026,250.50,250.50,EUR,overdue",
    "A-3,Cedar,14/01/2026,13/02/2026,10.00,10.00,USD,Draft",
    "A-4,Dune,14/01/2026,soon,10.00,10.00,USD,sent",
    ",,,,1370.50,310.50,,",
)
CUSTOMERS = (
    "Customer ID,Name,Email",
    "C-1,ASHDOWN  ltd,ann@ashdown.example",
    "C-2,Birch & Co,not an address",
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.chdir(tmp_path)
    found = Desk(tmp_path, capsys)
    found.write("export.csv", ROWS)
    found.write("people.csv", CUSTOMERS)
    return found


def check(desk: Desk, *arguments: str) -> str:
    """What is printed about the export."""
    return desk.run("check-file", "export.csv", *arguments)[1]


def answer(desk: Desk, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(check(desk, "--json", *arguments))
    return found


def test_the_json_has_what_was_read_and_what_was_not(desk: Desk) -> None:
    code, out, err = desk.run("check-file", "export.csv", "--json")
    assert (code, err) == (FAULT, "")
    found = json.loads(out)
    assert [*found] == ["read_as", "refused", "invoices", "rejected", "ignored", "warnings"]
    assert found["refused"] is None
    assert found["read_as"]["dates"]["due_date"]["format"] == "DD/MM/YYYY"
    assert found["invoices"][0] == {
        "invoice_number": "A-1",
        "customer_name": "Ashdown Ltd",
        "customer_id": None,
        "email": None,
        "issue_date": "2026-01-13",
        "due_date": "2026-02-12",
        "total_minor": 110000,
        "amount_due_minor": 4000,
        "currency": "EUR",
        "status": "partially_paid",
        "source_status": "sent",
    }
    ((records, number, reason),) = [tuple(one.values()) for one in found["rejected"]]
    assert (records, number) == ([5], "A-4")
    assert reason.startswith("due_date: 'soon'")
    assert found["ignored"] == [{"records": [6], "reason": "a sum of other records"}]
    assert found["warnings"] == []


def test_people_see_what_was_read_as_what_and_counts_and_totals_that_add_up(desk: Desk) -> None:
    said = check(desk)
    assert said.startswith(
        "export.csv: 3 invoices read\n"
        "  5 records under the header: 3 state invoices, 1 rejected, 1 ignored\n\nread as\n"
    )
    assert "  profile       generic\n" in said
    assert "  due_date        Due Date      DD/MM/YYYY: '13/02/2026' in record 3 can" in said
    assert "  EUR       together               2  1,350.50  290.50\n" in said
    assert "  USD       draft                  1     10.00   10.00\n" in said
    assert (
        "       2  A-1      Ashdown Ltd  2026-01-13  2026-02-12  1,100.00       40.00  EUR  partially_paid"
        in said
    )
    assert "rejected (1)\n  record 5, A-4: due_date: 'soon'" in said
    assert "ignored (1)\n  1  a sum of other records\n" in said


def test_a_file_without_fault_ends_well(desk: Desk) -> None:
    desk.write("export.csv", ROWS[:4])
    assert desk.run("check-file", "export.csv")[0] == OK


def test_of_many_rejected_records_the_first_are_shown_and_where_to_see_all(desk: Desk) -> None:
    desk.write(
        "export.csv", [*ROWS, *(f"B-{number},Dune,14/01/2026,soon,1,1,USD,sent" for number in range(30))]
    )
    said = check(desk)
    assert "rejected (31)" in said
    assert said.count("due_date: 'soon'") == 20
    assert "and 11 more: see them all with tactful check-file --json export.csv" in said


def test_reasons_that_differ_in_a_name_or_a_number_only_are_counted_together(desk: Desk) -> None:
    desk.write("export.csv", [*ROWS[:3], ROWS[1], ROWS[2], ROWS[1]])
    assert "ignored (3)\n  3  says again what record ... says\n" in check(desk)


def test_a_refused_file_says_why_and_what_to_do(desk: Desk) -> None:
    desk.write("export.csv", [HEADER, "A-1,Ashdown,03/04/2026,04/05/2026,1,1,EUR,sent"])
    code, out, _ = desk.run("check-file", "export.csv")
    assert code == FAULT
    assert out.startswith(
        "export.csv: REFUSED, nothing of it would be imported\n  issue_date and due_date: the dates"
    )
    assert "--date-order dmy or mdy" in out
    found = answer(desk)
    assert found["refused"].startswith("issue_date and due_date")
    assert (found["read_as"], found["invoices"], found["rejected"], found["ignored"]) == ({}, [], [], [])
    assert answer(desk, "--date-order", "mdy")["invoices"][0]["due_date"] == "2026-04-05"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("nowhere.csv", "it cannot be opened: No such file or directory"),
        (".", "it cannot be opened: Is a directory"),
        ("/dev/null", "the file is empty"),
        (sys.executable, "the file is not text"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(desk: Desk, name: str, why: str) -> None:
    code, out, err = desk.run("check-file", name, "--json")
    assert (code, err) == (FAULT, "")
    assert json.loads(out)["refused"].startswith(why)
    assert why in desk.run("check-file", name)[1]


def test_addresses_come_from_the_customers_file_where_the_invoices_have_none(desk: Desk) -> None:
    found = answer(desk, "--customers", "people.csv")
    assert [one["email"] for one in found["invoices"]] == ["ann@ashdown.example", None, None]
    assert [warning for warning in found["warnings"] if warning.startswith("people.csv: record 3: email")]


@pytest.mark.parametrize("name", ["nowhere.csv", "templates"])
def test_a_customers_file_that_cannot_be_read_is_told_and_stops_no_invoice(desk: Desk, name: str) -> None:
    found = answer(desk, "--customers", name)
    assert len(found["invoices"]) == 3
    assert any(warning.startswith(f"{name}: it was not read") for warning in found["warnings"])


def test_settings_beside_the_upload_count_and_the_command_line_counts_more(desk: Desk) -> None:
    desk.write("export.csv", ["Invoice No,Customer,Date,Total,Status", "A-1,Ashdown,03/04/2026,1.00,sent"])
    desk.write("mine.yaml", ["currency: EUR", "date_order: mdy", "terms_days: 10"])
    (one,) = answer(desk, "--settings", "mine.yaml")["invoices"]
    assert (one["issue_date"], one["due_date"], one["currency"]) == ("2026-03-04", "2026-03-14", "EUR")
    (other,) = answer(desk, "--settings", "mine.yaml", "--date-order", "dmy", "--currency", "chf")["invoices"]
    assert (other["issue_date"], other["due_date"], other["currency"]) == ("2026-04-03", "2026-04-13", "CHF")


def test_settings_that_cannot_be_understood_refuse_the_file_with_their_place(desk: Desk) -> None:
    desk.write("mine.yaml", ["curency: EUR"])
    assert answer(desk, "--settings", "mine.yaml")["refused"].startswith("mine.yaml: line 1: curency")
    assert "cannot be opened" in answer(desk, "--settings", "other.yaml")["refused"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--currency", "EURO"], "'EURO' is not an ISO 4217 code"),
        (["--date-order", "day"], "'day' is none of dmy, mdy, ymd"),
        (["--terms-days", "-1"], "'-1' is no number of days"),
        (["--decimal-mark", "."], "'.' is none of point, comma"),
        (["--column", "shoe=Size"], "those there are: invoice_number"),
        (["--column", "total="], "write total=HEADER"),
        (["--kind", "payments"], "invalid choice"),
    ],
)
def test_a_slip_in_the_arguments_is_wrong_usage(
    desk: Desk, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        desk.run("check-file", "export.csv", *arguments)
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


def test_a_customers_file_can_be_checked_too(desk: Desk) -> None:
    code, out, _ = desk.run("check-file", "people.csv", "--kind", "customers", "--json")
    assert code == FAULT
    found = json.loads(out)
    assert found["customers"] == [
        {
            "customer_id": "C-1",
            "customer_name": "ASHDOWN ltd",
            "contacts": [{"name": None, "role": "billing", "email": "ann@ashdown.example", "phone": None}],
            "country": None,
            "language": None,
            "timezone": None,
        }
    ]
    assert [one["records"] for one in found["rejected"]] == [[3]]
    said = desk.run("check-file", "people.csv", "--kind", "customers")[1]
    assert said.startswith(
        "people.csv: 1 record read\n  2 records under the header: 1 describe customers, 1 rejected\n"
    )
    assert "       2  C-1       ASHDOWN ltd  ann@ashdown.example\n" in said


def test_what_could_command_a_terminal_is_shown_instead(desk: Desk) -> None:
    row = "A-1,\x1b[31mRed\x1b[0m,13/01/2026,12/02/2026,1,1,EUR,\x1b]0;title\x07"
    desk.write("export.csv", [HEADER.replace("Status", "Status\x1b[2J"), row])
    for said in (check(desk), check(desk, "--json"), *desk.run("check-file", "\x1b[2J.csv")[1:]):
        assert "\x1b" not in said
        assert "\x07" not in said


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_long_file_tells_a_terminal_how_far_it_is_and_wipes_it_out_at_the_end(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = (f"B-{number},Dune,13/01/2026,14/02/2026,1,1,USD,sent" for number in range(5_000))
    desk.write("export.csv", [HEADER, *rows])
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    check(desk, "--json")
    assert terminal.getvalue() == "\rread: 5,001 records\r\033[K"


def test_a_forecast_reads_the_same_files_with_the_same_arguments(desk: Desk) -> None:
    rows = ["Beleg;Kunde;Vom;Offen;Kundennummer", "R-1;Ashdown Ltd;02/03/2026;1.234;C-1"]
    desk.write("invoices.csv", rows)
    assert "lacks invoice_number" in desk.forecast()[2]
    said = (
        "--templates",
        str(TEMPLATES),
        "--currency",
        "EUR",
        "--date-order",
        "mdy",
        "--terms-days",
        "14",
        "--decimal-mark",
        "comma",
    )
    found = desk.answer(*said, "--column", "invoice_number=Beleg", "issue_date=Vom", "amount_due=Offen")
    assert found["faults"] == []
    first = next(row for row in found["rows"] if row["customer_id"] == "C-1")
    assert first["occurrence"] == "2026-02-17"
    assert first["amounts"] == {"EUR": 1234_00}


def test_a_program_started_elsewhere_knows_the_products_all_the_same(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    code, out, _ = desk.run("check-file", "../export.csv", "--json")
    assert code == FAULT
    assert len(json.loads(out)["invoices"]) == 3


def test_a_folder_of_profiles_where_one_is_counts_more_than_those_that_are_shipped(desk: Desk) -> None:
    desk.write(
        "templates/profiles/mine.yaml",
        [
            *("name: mine", "title: Mine", "kind: invoices", "requires: [Beast]", "columns:"),
            *("  invoice_number: [Beast]", "  customer_name: [Who]", "  due_date: [When]", "  total: [What]"),
        ],
    )
    desk.write("export.csv", ["Beast,Who,When,What", "A-1,Ashdown,2026-03-31,5.00"])
    found = answer(desk, "--currency", "EUR")
    assert found["read_as"]["profile"] == "mine"
    assert [one["invoice_number"] for one in found["invoices"]] == ["A-1"]
