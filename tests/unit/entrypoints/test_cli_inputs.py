"""What commands on files are given: where it is looked for, and what is said of it if it is not there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tactful.entrypoints.cli import FAULT, OK
from tests.unit.entrypoints.books import FROM, INVOICES, Desk

BOOK = ("--invoices", "invoices.csv", "--customers", "customers.csv")
MINE = ("--policy", "templates/policies/mine.yaml")
HISTORY = (
    "invoice_number,customer_id,issue_date,due_date,total,settled_date,disputed",
    "P-1,C-prompt,2024-01-02,2024-02-01,100.00,2024-01-20,No",
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.chdir(tmp_path)
    desk = Desk(tmp_path, capsys)
    desk.write("history.csv", HISTORY)
    return desk


def spoil(values: dict[str, Any]) -> None:
    values["minimum_gap_days"] = "soon"


def test_a_file_that_is_missing_hides_no_fault_of_the_policy_or_of_the_other_file(desk: Desk) -> None:
    desk.policy("mine.yaml", spoil)
    desk.write("invoices.csv", [*INVOICES, "INV-9,C-9,Odd,2026-02-01,soon,1.00,1.00,GBP,open"])
    (desk.folder / "customers.csv").unlink()
    for command in (("forecast", *BOOK, *FROM), ("explain", "C-1", *BOOK)):
        code, _, err = desk.run(*command, *MINE, "--json")
        assert code == FAULT
        assert "minimum_gap_days" in err
        assert "- customers.csv: it cannot be opened: No such file or directory" in err
        assert "- invoices.csv: record 5: due_date" in err
        assert "tactful: 3 faults" in err


def test_nothing_is_forecast_of_a_book_that_lacks_a_file(desk: Desk) -> None:
    (desk.folder / "customers.csv").unlink()
    code, out, _ = desk.run("forecast", *BOOK, *FROM, *MINE, "--json")
    assert code == FAULT
    assert json.loads(out)["rows"] == []


def test_nobody_is_said_to_be_unknown_because_a_file_is_missing(desk: Desk) -> None:
    (desk.folder / "invoices.csv").unlink()
    code, _, err = desk.run("explain", "C-1", *BOOK, *MINE)
    assert code == FAULT
    assert err == "tactful: 1 fault\n- invoices.csv: it cannot be opened: No such file or directory\n"


def test_a_check_of_a_policy_tells_its_faults_and_those_of_the_customers_at_once(desk: Desk) -> None:
    desk.policy("mine.yaml", spoil)
    code, _, err = desk.run("policy", "check", MINE[1], "--customers", "none.csv")
    assert code == FAULT
    assert "minimum_gap_days" in err
    assert "none.csv: it cannot be opened: No such file or directory" in err


def test_a_policy_is_shown_although_the_customers_file_is_missing_but_the_check_fails(desk: Desk) -> None:
    code, out, err = desk.run("policy", "check", MINE[1], "--customers", "none.csv")
    assert code == FAULT
    assert "standard/1 is valid" in out
    assert err == "none.csv: it cannot be opened: No such file or directory\n"
    code, out, _ = desk.run("policy", "check", MINE[1], "--customers", "none.csv", "--json")
    assert code == FAULT
    assert json.loads(out)["faults"] == [
        {
            "file": "none.csv",
            "line": None,
            "place": "",
            "message": "it cannot be opened: No such file or directory",
        }
    ]


def test_a_replay_tells_what_is_wrong_with_all_it_was_given_before_it_begins(desk: Desk) -> None:
    desk.policy("mine.yaml", spoil)
    said = ("--currency", "QQQ", "--plot", "nowhere/out.svg")
    code, out, err = desk.run("replay", "--history", "none.csv", *MINE, *said)
    assert (code, out) == (FAULT, "")
    assert "minimum_gap_days" in err
    assert "none.csv: it cannot be opened: No such file or directory" in err
    assert "--currency: 'QQQ' is not an ISO 4217 currency code" in err
    assert "nowhere/out.svg: there is no folder nowhere: make it, or name another" in err


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("out.bmp", "out.bmp: name a file that ends in .svg or .png"),
        ("nowhere/out.svg", "nowhere/out.svg: there is no folder nowhere: make it, or name another"),
        ("taken.svg", "taken.svg: it is a folder: name a file"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_told_before_anything_is_replayed(
    desk: Desk, target: str, said: str
) -> None:
    (desk.folder / "taken.svg").mkdir()
    code, out, err = desk.run("replay", "--history", "history.csv", *MINE, "--plot", target)
    assert (code, out) == (FAULT, "")
    assert said in err


def test_dates_of_no_business_s_lifetime_are_refused_and_each_is_told(desk: Desk) -> None:
    odd = ("A-1,C-1,0001-01-02,0001-02-01,1.00,,No", "A-2,C-1,2024-01-02,9999-12-31,1.00,,No")
    desk.write("history.csv", [HISTORY[0], *odd])
    code, out, err = desk.run("replay", "--history", "history.csv", *MINE)
    assert (code, out) == (FAULT, "")
    assert "history.csv: record 2: issue_date: " in err
    assert "history.csv: record 3: due_date: " in err
    assert "there is nothing to replay" in err


def test_without_templates_in_the_folder_one_is_in_the_shipped_policy_and_words_are_used(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = desk.folder / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    code, out, err = desk.run(
        "forecast", "--invoices", "../invoices.csv", "--customers", "../customers.csv", *FROM
    )
    assert code == OK
    assert "Forecast with standard/" in out
    assert "templates/policies/standard.yaml is still the sample" in err


def test_a_folder_of_templates_of_one_s_own_counts_instead_of_what_is_shipped(desk: Desk) -> None:
    code, _, err = desk.run("forecast", *BOOK, *FROM)
    assert code == FAULT
    assert (
        "templates/policies/standard.yaml: it cannot be read: there is no such file; name one that exists"
        in err
    )
