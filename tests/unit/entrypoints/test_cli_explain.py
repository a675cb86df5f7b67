from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tactful.entrypoints.cli import FAULT, OK
from tests.unit.entrypoints.books import CUSTOMERS, Desk

AT = "2026-03-02T08:00:00Z"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, capsys)


def explain(desk: Desk, *more: str) -> tuple[int, str, str]:
    book = ("--invoices", "invoices.csv", "--customers", "customers.csv")
    return desk.run("explain", *book, "--policy", "templates/policies/mine.yaml", *more)


def answer(desk: Desk, *more: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(explain(desk, "--json", *more)[1])
    return said


def test_a_customer_in_files_is_explained_at_a_moment(desk: Desk) -> None:
    said = answer(desk, "--customer", "C-1", "--at", AT)
    assert (said["customer_id"], said["at"]) == ("C-1", "2026-03-02T08:00:00+00:00")
    assert (said["decision"], said["next_action_at"]) == ("wait", "2026-03-02T09:00:00+00:00")
    assert said["reasons"] == ["stage_reached: due INV-1", "outside_window"]
    assert [known["number"] for known in said["facts"]["invoices"]] == ["INV-1"]
    assert {"gate": "contact_window", "passed": False}.items() <= next(
        gate for gate in said["gates"] if not gate["passed"]
    ).items()


def test_the_moment_may_be_given_in_any_zone(desk: Desk) -> None:
    here = answer(desk, "--customer", "C-1", "--at", "2026-03-02T10:30:00+01:00")
    assert (here["at"], here["decision"]) == ("2026-03-02T09:30:00+00:00", "send")


def test_the_text_says_what_why_and_what_comes_next(desk: Desk) -> None:
    code, out, err = explain(desk, "--customer", "C-1", "--at", AT)
    assert (code, err) == (OK, "")
    assert out.startswith("C-1 at 2026-03-02T08:00:00+00:00 with standard/1: wait\n")
    assert "because:\n  stage_reached: due INV-1\n" in out
    assert "next: 2026-03-02T09:00:00+00:00" in out
    assert "BLOCKED" in out


def test_no_address_and_no_name_is_printed(desk: Desk) -> None:
    shown = explain(desk, "--customer", "C-1", "--at", AT)[1]
    assert "Ann" not in shown
    assert "ashdown" not in shown.lower()
    assert "@" not in shown


def test_the_customer_may_be_named_either_way(desk: Desk) -> None:
    assert answer(desk, "C-2", "--at", AT) == answer(desk, "--customer", "C-2", "--at", AT)


def test_a_customer_who_is_not_there_is_told(desk: Desk) -> None:
    code, out, err = explain(desk, "--customer", "C-9", "--at", AT)
    assert (code, out) == (FAULT, "")
    assert "invoices.csv: customer C-9: there is no such customer" in err


def test_faults_of_the_files_are_told_beside_the_explanation(desk: Desk) -> None:
    desk.write("customers.csv", [*CUSTOMERS, "C-9,Odd,,nobody,odd@client.example,,GB,"])
    code, out, err = explain(desk, "--customer", "C-1", "--at", AT)
    assert code == FAULT
    assert "with standard/1: wait" in out
    assert "customers.csv: record 4" in err


def test_sample_details_are_told(desk: Desk) -> None:
    desk.policy("mine.yaml", lambda values: values.update(pay_to_is_a_sample=True))
    code, _, err = explain(desk, "--customer", "C-1", "--at", AT)
    assert code == OK
    assert "NOTE: pay_to of templates/policies/mine.yaml is still the sample" in err


def test_without_a_moment_it_is_explained_as_of_now(desk: Desk) -> None:
    desk.write("invoices.csv", [(desk.folder / "invoices.csv").read_text().splitlines()[0]])
    assert answer(desk, "--customer", "C-1")["decision"] == "nothing"
