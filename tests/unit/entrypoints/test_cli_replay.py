from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tactful.entrypoints.cli import FAULT, OK
from tests.unit.entrypoints.books import Desk

HEADER = "invoice_number,customer_id,issue_date,due_date,total,settled_date,disputed"
HISTORY = (
    HEADER,
    # Pays before the due date; pays late by himself; is reminded and pays; never pays; pays what was disputed.
    "P-1,C-prompt,2024-01-02,2024-02-01,100.00,2024-01-20,No",
    "L-1,C-late,2024-01-02,2024-02-01,200.00,2024-02-02,No",
    "R-1,C-reminded,2024-01-02,2024-02-01,300.00,2024-02-09,No",
    "N-1,C-never,2024-01-02,2024-02-01,400.00,,No",
    "D-1,C-disputing,2024-01-02,2024-02-01,500.00,2024-04-15,Yes",
)
MINE = ("--policy", "templates/policies/mine.yaml")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.chdir(tmp_path)
    desk = Desk(tmp_path, capsys)
    desk.policy("mine.yaml", _in_dollars)
    desk.write("history.csv", HISTORY)
    return desk


def _in_dollars(values: dict[str, Any]) -> None:
    values["pay_to"] = {"USD": ["Account 1"], "GBP": ["Account 2"]}


def replay(desk: Desk, *more: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(
        desk.run("replay", "--history", "history.csv", *MINE, "--json", *more)[1]
    )
    return answer


def test_a_history_is_told_in_figures(desk: Desk) -> None:
    assert replay(desk)["history"] == {
        "first_day": "2024-01-02",
        "days": 135,
        "customers": 5,
        "invoices": 5,
        "invoices_settled": 4,
        "invoices_settled_late": 3,
        "invoices_never_settled": 1,
        "invoices_disputed": 1,
    }


def test_who_pays_alone_is_spared_and_who_does_not_is_reminded_until_it_is_paid(desk: Desk) -> None:
    (policy,) = replay(desk)["policies"]
    assert policy["policy"] == "standard/1"
    # Before the due date: late, reminded, never. On it: the same. Three days after it: reminded, never.
    assert policy["by_stage"]["before_due"] == 3
    assert policy["by_stage"]["due"] == 3
    assert policy["by_stage"]["overdue_3"] == 2
    assert policy["by_stage"]["overdue_10"] == 1
    assert policy["by_stage"]["overdue_21"] == 1
    assert policy["messages"] == 10 == sum(policy["by_tone"].values())
    assert policy["customers_contacted"] == 3
    assert policy["after_settlement"] == 0


def test_an_invoice_settled_before_any_overdue_message_counts_as_spared(desk: Desk) -> None:
    (policy,) = replay(desk)["policies"]
    assert policy["invoices_spared"] == 3
    assert policy["invoices_spared_late"] == 2
    assert policy["customers_spared"] == 3


def test_payments_are_thanked_for_but_thanks_are_no_reminders(desk: Desk) -> None:
    (policy,) = replay(desk)["policies"]
    assert policy["thanks"] == 4
    assert "thank_you" not in policy["by_stage"]


def test_the_assumptions_are_told_with_the_figures(desk: Desk) -> None:
    assumed = " ".join(replay(desk)["assumptions"])
    assert "disputed from its issue date" in assumed
    assert "12:00 on its settlement date" in assumed
    code, out, err = desk.run("replay", "--history", "history.csv", *MINE)
    assert (code, err) == (OK, "")
    assert "assumed:\n- an invoice appears" in out


def test_policies_are_compared_side_by_side(desk: Desk) -> None:
    def silent(values: dict[str, Any]) -> None:
        _in_dollars(values)
        values["name"] = "silent"
        values["chase"] = False

    desk.policy("silent.yaml", silent)
    silently = ("--policy", "templates/policies/silent.yaml")
    code, out, _ = desk.run("replay", "--history", "history.csv", *MINE, *silently)
    shown = [line.split() for line in out.splitlines()]
    assert code == OK
    assert ["standard/1", "silent/1"] in shown
    assert ["reminders", "sent", "10", "0"] in shown
    assert ["customers", "reminded", "at", "all", "3", "0"] in shown
    assert ["stage", "overdue_3", "2", "0"] in shown
    assert [found["messages"] for found in replay(desk, *silently)["policies"]] == [10, 0]


def test_a_payment_stops_the_message_of_that_afternoon(desk: Desk) -> None:
    def afternoons(values: dict[str, Any]) -> None:
        _in_dollars(values)
        values["contact_window"] = dict.fromkeys(("monday", "tuesday", "thursday"), "13:00-17:00")

    desk.policy("mine.yaml", afternoons)
    desk.write("history.csv", [HEADER, "A-1,C-1,2024-01-02,2024-02-01,100.00,2024-02-01,No"])
    (policy,) = replay(desk)["policies"]
    assert policy["by_stage"] == {"before_due": 1}
    assert policy["after_settlement"] == 0
    assert policy["thanks"] == 1


def test_a_bad_row_is_told_and_the_rest_replayed(desk: Desk) -> None:
    desk.write("history.csv", [*HISTORY, "X-1,C-9,2024-01-02,2024-02-01,free,,No"])
    code, out, err = desk.run("replay", "--history", "history.csv", *MINE, "--json")
    assert code == FAULT
    assert "history.csv: record 7: total: 'free'" in err
    assert json.loads(out)["history"]["invoices"] == 5
    assert json.loads(out)["faults"][0]["record"] == 7


def test_faults_of_policies_and_of_the_file_are_told_at_once(desk: Desk) -> None:
    desk.policy("mine.yaml", lambda values: values.update(version="one"))
    desk.write("history.csv", [*HISTORY, "X-1,C-9,2024-01-02,2024-02-01,free,,No"])
    code, out, err = desk.run("replay", "--history", "history.csv", *MINE)
    assert (code, out) == (FAULT, "")
    assert "mine.yaml: line 2: version" in err
    assert "history.csv: record 7" in err


def test_dates_that_could_mean_two_days_are_asked_about(desk: Desk) -> None:
    desk.write("history.csv", [HEADER, "A-1,C-1,1/2/2024,2/3/2024,1.00,3/4/2024,No"])
    code, _, err = desk.run("replay", "--history", "history.csv", *MINE)
    assert code == FAULT
    assert "(--date-order dmy or mdy)" in err
    assert replay(desk, "--date-order", "dmy")["history"]["first_day"] == "2024-02-01"


def test_a_history_without_any_invoice_is_told(desk: Desk) -> None:
    desk.write("history.csv", [HEADER])
    code, _, err = desk.run("replay", "--history", "history.csv", *MINE)
    assert code == FAULT
    assert "there is nothing to replay" in err


def test_a_currency_that_does_not_exist_is_told(desk: Desk) -> None:
    code, _, err = desk.run("replay", "--history", "history.csv", *MINE, "--currency", "QQQ")
    assert code == FAULT
    assert "'QQQ' is not an ISO 4217 currency code" in err


def _texts(picture: Path) -> Iterator[str]:
    for element in ET.parse(picture).iter():  # noqa: S314 - we have drawn it ourselves
        yield element.tag.rpartition("}")[2]


def test_a_picture_is_drawn_without_a_display(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    _, _, err = desk.run("replay", "--history", "history.csv", *MINE, "--plot", "out.svg")
    assert err == "drawn: out.svg\n"
    assert "svg" in _texts(desk.folder / "out.svg")
    desk.run("replay", "--history", "history.csv", *MINE, "--plot", "out.PNG")
    assert (desk.folder / "out.PNG").read_bytes().startswith(b"\x89PNG\r\n")


def test_a_picture_drawn_twice_is_the_same(desk: Desk) -> None:
    for name in ("one.svg", "two.svg"):
        desk.run("replay", "--history", "history.csv", *MINE, "--plot", name)
    assert (desk.folder / "one.svg").read_bytes() == (desk.folder / "two.svg").read_bytes()


def test_a_picture_of_another_kind_is_refused_with_those_that_can_be_drawn(desk: Desk) -> None:
    code, _, err = desk.run("replay", "--history", "history.csv", *MINE, "--plot", "out.bmp")
    assert code == FAULT
    assert "out.bmp: name a file that ends in .svg or .png" in err


def test_without_the_library_the_extra_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    code, _, err = desk.run("replay", "--history", "history.csv", *MINE, "--plot", "out.svg")
    assert code == FAULT
    assert "pip install 'tactful[plot]'" in err
