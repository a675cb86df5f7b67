from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tactful.entrypoints.cli import FAULT, OK
from tests.unit.entrypoints.books import CUSTOMERS, INVOICES, Desk

ROOT = Path(__file__).parents[3]
WORDS = ("--templates", str(ROOT / "templates"))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, capsys)


def rows_about(answer: dict[str, Any], customer_id: str, rows: str = "rows") -> list[dict[str, Any]]:
    return [row for row in answer[rows] if row["customer_id"] == customer_id]


def test_a_message_in_json_has_everything_a_program_needs(desk: Desk) -> None:
    assert rows_about(desk.answer(*WORDS), "C-1")[0] == {
        "at": "2026-03-02T09:00:00+00:00",
        "local": "2026-03-02T09:00:00+00:00",
        "customer_id": "C-1",
        "kind": "message",
        "stage": "due",
        "occurrence": "2026-03-02",
        "tone": "friendly",
        "channel": "email",
        "to": "ann@ashdown.example",
        "contact_role": "billing",
        "invoices": ["INV-1"],
        "amounts": {"GBP": 10000},
        "reasons": ["stage_reached: due INV-1"],
    }


def test_the_local_time_has_the_clients_own_offset_on_both_sides_of_the_clock_change(desk: Desk) -> None:
    times = [(row["at"], row["local"]) for row in rows_about(desk.answer(*WORDS), "C-2")]
    assert times[0] == ("2026-03-02T14:00:00+00:00", "2026-03-02T09:00:00-05:00")
    assert times[-1] == ("2026-03-13T13:00:00+00:00", "2026-03-13T09:00:00-04:00")


def test_a_task_in_json_says_of_which_kind_it_is(desk: Desk) -> None:
    (task,) = rows_about(desk.answer(*WORDS), "C-3")
    assert (task["kind"], task["task"], task["channel"]) == ("task", "no_usable_address", "person")
    assert (task["to"], task["contact_role"]) == ("", None)


def test_only_tasks_have_a_kind_of_task(desk: Desk) -> None:
    answer = desk.answer(*WORDS)
    assert {row["kind"] for row in answer["rows"] if "task" in row} == {"task"}
    assert {row["kind"] for row in answer["rows"] if "task" not in row} == {"message"}


def test_a_forecast_without_fault_ends_well_and_says_nothing_else(desk: Desk) -> None:
    code, out, err = desk.forecast("--json", *WORDS)
    assert (code, err) == (OK, "")
    assert json.loads(out)["faults"] == []
    assert list(json.loads(out)) == ["rows", "summary", "faults"]


def test_the_summary_adds_up_to_the_rows(desk: Desk) -> None:
    answer = desk.answer(*WORDS)
    summary, rows = answer["summary"], answer["rows"]
    messages = [row for row in rows if row["kind"] == "message"]
    assert summary["messages"] == len(messages) == sum(summary["by_stage"].values())
    assert sum(summary["by_tone"].values()) == sum(summary["by_channel"].values()) == len(messages)
    assert summary["tasks"] == len(rows) - len(messages) == sum(summary["by_task"].values())
    assert summary["customers"] == 2
    assert summary["accounts"] == 3
    assert (summary["from"], summary["days"], summary["timezone"]) == ("2026-03-02", 15, "UTC")
    assert (summary["policy"], summary["file"]) == ("standard/1", "templates/policies/mine.yaml")


def test_sms_are_counted_in_segments_of_their_real_words_and_priced(desk: Desk) -> None:
    summary = desk.answer(*WORDS, "--sms-price", "0.0083", "usd")["summary"]
    sms, segments = summary["sms"], summary["sms_segments"]
    assert sms == summary["by_channel"]["sms"] > 0
    assert sms <= segments <= 2 * sms
    assert summary["sms_cost"] == {"USD": f"{segments * 83 / 10_000:.4f}"}
    assert summary["unworded"] == 0


def test_a_long_name_of_the_business_may_cost_another_segment(desk: Desk) -> None:
    short = desk.answer(*WORDS, "--business-name", "Ash")["summary"]["sms_segments"]
    long = desk.answer(*WORDS, "--business-name", "Ashdown, Birch and Cedar of Kensington Trading Company")
    assert long["summary"]["sms_segments"] > short


def test_without_a_price_there_is_no_cost(desk: Desk) -> None:
    assert desk.answer(*WORDS)["summary"]["sms_cost"] is None


def test_a_folder_without_words_is_told_and_the_rest_is_forecast(desk: Desk) -> None:
    code, out, err = desk.forecast("--json")
    assert code == FAULT
    assert "there is no wording in" in err
    assert json.loads(out)["summary"]["unworded"] > 0


def test_words_that_do_not_fit_are_a_fault_with_the_customer_and_the_template(desk: Desk) -> None:
    for stage in ("due", "overdue_3", "overdue_10"):
        for tone in ("friendly", "neutral", "firm"):
            desk.write(f"templates/words/en/sms/{stage}/{tone}.txt.j2", ["Pay now"])
    desk.write("templates/words/en/phrases.j2", [""])
    code, out, err = desk.forecast("--json")
    assert code == FAULT
    assert "customer C-2 at 2026-03-02T14:00:00+00:00: wording: sms/before_due/friendly.txt.j2" in err
    assert "it does not say how to opt out" in err
    assert rows_about(json.loads(out), "C-2")


def test_all_faults_of_book_and_policy_are_told_at_once_with_their_places(desk: Desk) -> None:
    desk.write("invoices.csv", [*INVOICES, "INV-9,C-9,Odd,2026-02-01,soon,1.00,1.00,GBP,open"])
    desk.write("customers.csv", [*CUSTOMERS, "C-9,Odd,,nobody,odd@client.example,,GB,"])

    def spoil(values: dict[str, Any]) -> None:
        values["minimum_gap_days"] = "soon"
        values["cap"] = {"contacts": 0, "days": 7}

    desk.policy("mine.yaml", spoil)
    code, out, err = desk.forecast("--json", *WORDS)
    assert code == FAULT
    answer = json.loads(out)
    assert answer["rows"] == []
    places = [(fault["file"], fault["line"] or fault["record"], fault["place"]) for fault in answer["faults"]]
    mine = "templates/policies/mine.yaml"
    assert {(file, place) for file, _, place in places} == {
        (mine, "minimum_gap_days"),
        (mine, "cap.contacts"),
        ("invoices.csv", ""),
        ("customers.csv", ""),
    }
    assert all(line for _, line, _ in places)
    assert ("invoices.csv", 5, "") in places
    assert "tactful: 4 faults" in err
    assert "invoices.csv: record 5: due_date: 'soon' is" in err


def test_good_rows_are_forecast_although_others_are_faulty(desk: Desk) -> None:
    right = desk.answer(*WORDS)["rows"]
    desk.write("invoices.csv", [*INVOICES, "INV-9,C-9,Odd,2026-02-01,soon,1.00,1.00,GBP,open"])
    code, out, err = desk.forecast("--json", *WORDS)
    assert code == FAULT
    assert json.loads(out)["rows"] == right
    assert "tactful: 1 fault\n" in err


def test_a_file_that_is_no_book_is_told(desk: Desk) -> None:
    desk.write("invoices.csv", ["a,b", "1,2"])
    code, out, err = desk.forecast(*WORDS)
    assert code == FAULT
    assert "invoices.csv: no header row was found" in err
    assert "nothing is sent and nothing is asked" not in out.partition("\n")[0]


def test_a_book_that_is_not_there_is_told(desk: Desk) -> None:
    (desk.folder / "invoices.csv").unlink()
    code, _, err = desk.forecast()
    assert code == FAULT
    assert "invoices.csv" in err


def test_sample_details_are_forecast_with_a_loud_note(desk: Desk) -> None:
    desk.policy("mine.yaml", lambda values: values.update(pay_to_is_a_sample=True))
    code, out, err = desk.forecast("--json", *WORDS)
    answer = json.loads(out)
    assert code == OK
    assert answer["summary"]["messages"] > 0
    assert "NOTE: pay_to of templates/policies/mine.yaml is still the sample" in err
    assert answer["summary"]["notes"][0] in err


def test_the_text_goes_day_by_day_and_ends_in_figures(desk: Desk) -> None:
    out = desk.forecast(*WORDS, "--sms-price", "0.01 GBP")[1]
    shown = out.splitlines()
    assert shown[0] == "Forecast with standard/1: 15 days from Mon 2 Mar 2026 (UTC), 3 accounts"
    assert shown[2] == "Mon 2 Mar 2026: 2 messages, 1 task"
    first = next(line for line in shown if "C-1" in line)
    assert " ".join(first.split()) == (
        "09:00 +0000 C-1 due friendly email ann@ashdown.example GBP 100.00 INV-1"
    )
    task = next(line for line in shown if "C-3" in line)
    assert "task: no_usable_address" in task
    assert task.endswith("no_address")
    assert any(line.startswith("In all: ") and line.endswith("to 2 customers, 1 task") for line in shown)
    assert any(line.split()[:2] == ["by", "stage"] and "overdue_3 2" in line for line in shown)
    assert "segments, GBP 0." in shown[-1]


def test_columns_stand_below_each_other_over_all_days(desk: Desk) -> None:
    shown = [line for line in desk.forecast(*WORDS)[1].splitlines() if "INV-1" in line]
    assert len({line.index("INV-1") for line in shown}) == 1
    assert len(shown) == 3


def test_text_that_goes_into_a_file_has_no_colours_and_no_lines_cut(desk: Desk) -> None:
    code, out, err = desk.forecast(*WORDS)
    assert "\033" not in out + err
    assert "..." not in out
    assert code == OK


def test_a_quiet_time_is_said_to_be_one(desk: Desk) -> None:
    out = desk.forecast(*WORDS, "--from", "2025-01-06")[1]
    assert "nothing is sent and nothing is asked" in out


def test_days_are_counted_in_the_zone_of_the_business(desk: Desk) -> None:
    answer = desk.answer(*WORDS, "--timezone", "Pacific/Auckland", "--from", "2026-03-03", "--days", "1")
    # There, the 3rd of March is from 11:00 UTC on the 2nd to 11:00 UTC on the 3rd.
    assert {(row["customer_id"], row["at"]) for row in answer["rows"]} == {
        ("C-1", "2026-03-02T11:00:00+00:00"),
        ("C-2", "2026-03-02T14:00:00+00:00"),
        ("C-3", "2026-03-02T20:00:00+00:00"),
    }


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_a_row_for_each_row_with_the_same_values(desk: Desk) -> None:
    answer, rows = desk.answer(*WORDS), read(desk.forecast("--csv", *WORDS)[1])
    assert len(rows) == len(answer["rows"])
    for row, said in zip(rows, answer["rows"], strict=True):
        assert (row["at"], row["local"], row["stage"]) == (said["at"], said["local"], said["stage"])
        assert row["invoices"].split("; ") == said["invoices"]
        assert row["amounts"] == "; ".join(f"{code} {minor}" for code, minor in said["amounts"].items())
        assert row["task"] == said.get("task", "")
    assert [row["segments"] != "" for row in rows] == [row["channel"] == "sms" for row in rows]


@pytest.mark.parametrize("number", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_csv_gives_a_spreadsheet_no_formula_to_run(desk: Desk, number: str) -> None:
    desk.write("invoices.csv", [INVOICES[0], INVOICES[1].replace("INV-1", number).replace("C-1", "=C1")])
    desk.write("customers.csv", [CUSTOMERS[0], CUSTOMERS[2].replace("C-2", "=C1")])
    row = read(desk.forecast("--csv", *WORDS)[1])[0]
    assert (row["customer_id"], row["invoices"]) == ("'=C1", f"'{number}")
    assert row["to"] == "'+442079460102"


def test_csv_of_a_wrong_policy_is_a_header_alone(desk: Desk) -> None:
    desk.policy("mine.yaml", lambda values: values.update(version="one"))
    code, out, _ = desk.forecast("--csv", *WORDS)
    assert code == FAULT
    assert out.startswith("at,local,customer_id,")
    assert read(out) == []


def gentler(values: dict[str, Any]) -> None:
    values["version"] = 2
    values["stages"] = [
        {"name": "due", "days": 0, "tone": "friendly", "channels": ["email", "sms"]},
        {"name": "overdue_3", "days": 5, "tone": "friendly", "channels": ["sms", "email"]},
        {
            "name": "later",
            "days": 9,
            "tone": "neutral",
            "channels": ["email", "sms"],
            "wording": "overdue_10",
        },
    ]


def against(desk: Desk, *more: str) -> tuple[int, str, str]:
    desk.policy("new.yaml", gentler)
    book = ("--invoices", "invoices.csv", "--customers", "customers.csv", "--from", "2026-03-02")
    policies = (
        *("--policy", "templates/policies/new.yaml"),
        *("--against", "templates/policies/mine.yaml"),
    )
    return desk.run("forecast", *book, *policies, "--days", "15", *WORDS, *more)


def test_against_another_policy_every_change_is_told_with_both_sides(desk: Desk) -> None:
    code, out, _ = against(desk, "--json")
    answer = json.loads(out)
    changes = {(c["customer_id"], c["kind"], *c["differences"]) for c in answer["changes"]}
    assert ("C-1", "moved", "day", "tone") in changes
    assert ("C-1", "reworded", "stage", "tone") in changes
    assert ("C-2", "dropped") in changes
    assert ("C-2", "added") in changes
    assert code == OK
    for change in answer["changes"]:
        assert (change["before"] is None) == (change["kind"] == "added")
        assert (change["after"] is None) == (change["kind"] == "dropped")


def test_changes_lead_from_the_rows_of_one_policy_to_those_of_the_other(desk: Desk) -> None:
    answer = json.loads(against(desk, "--json")[1])
    rows = answer["against"]
    for change in answer["changes"]:
        if change["before"]:
            rows.remove(change["before"])
        if change["after"]:
            rows.append(change["after"])
    rows.sort(key=lambda row: (row["at"], row["customer_id"]))
    assert rows == answer["rows"]


def test_against_another_policy_totals_and_costs_are_compared(desk: Desk) -> None:
    answer = json.loads(against(desk, "--json", "--sms-price", "0.01 USD")[1])
    new, old = answer["summary"], answer["summary"]["against"]
    assert (new["policy"], old["policy"]) == ("standard/2", "standard/1")
    assert new["messages"] == len([row for row in answer["rows"] if row["kind"] == "message"])
    assert old["messages"] == len([row for row in answer["against"] if row["kind"] == "message"])
    assert new["sms_segments_more"] == new["sms_segments"] - old["sms_segments"] != 0
    assert new["sms_cost_more"] == {"USD": f"{new['sms_segments_more'] / 100:.2f}"}
    assert sum(new["changes"].values()) == len(answer["changes"])


def test_against_the_same_policy_nothing_changes_for_anyone(desk: Desk) -> None:
    code, out, _ = desk.forecast(*WORDS, "--against", "templates/policies/mine.yaml")
    assert code == OK
    assert "nothing changes for anyone" in out
    assert desk.answer(*WORDS, "--against", "templates/policies/mine.yaml")["changes"] == []


def test_changes_are_listed_for_people_with_their_totals(desk: Desk) -> None:
    shown = against(desk, "--sms-price", "0.01 USD")[1].splitlines()
    assert shown[0].startswith("What standard/2 changes against standard/1: 15 days from Mon 2 Mar 2026")
    moved = next(line for line in shown if line.split()[:3] == ["moved", "C-1", "overdue_3"])
    assert "Thu 5 Mar 2026 09:00 neutral email" in moved
    assert "friendly email" in moved
    assert moved.endswith("day, tone")
    assert any(line.split() == ["tone", "firm", "2", "0", "-2"] for line in shown)
    assert shown[-1].split()[:2] == ["SMS", "cost"]


def test_changes_as_csv_have_the_row_as_it_will_be(desk: Desk) -> None:
    rows = read(against(desk, "--csv")[1])
    moved = next(row for row in rows if row["change"] == "moved" and row["customer_id"] == "C-1")
    assert moved["at_before"] < moved["at"]
    assert moved["differences"] == "day; tone"
    assert {row["at_before"] for row in rows if row["change"] == "added"} == {""}


def test_holidays_of_the_business_s_region_move_what_is_sent_to_clients_of_an_unknown_country(
    desk: Desk,
) -> None:
    # Epiphany: a holiday in Bavaria, and in most of Germany an ordinary Tuesday.
    desk.write("invoices.csv", [INVOICES[0], "INV-1,C-1,Ash,2026-01-02,2026-01-06,100.00,100.00,GBP,open"])
    desk.write("customers.csv", ["customer_id,customer_name,email", "C-1,Ash,ann@ashdown.example"])
    german = ("--from", "2026-01-06", "--days", "1", "--timezone", "Europe/Berlin", "--country", "de", *WORDS)
    assert [row["stage"] for row in desk.answer(*german)["rows"]] == ["due"]
    assert [row["stage"] for row in desk.answer(*german, "--region", "DE-BY")["rows"]] == []


def test_a_region_without_its_country_is_refused(desk: Desk) -> None:
    code, out, err = desk.forecast(*WORDS, "--region", "BY")
    assert (code, out) == (FAULT, "")
    assert err == "tactful: --region BY is in no country: add --country\n"


def test_a_fault_in_the_policy_it_is_compared_with_is_told_as_well(desk: Desk) -> None:
    desk.policy("old.yaml", lambda values: values.update(minimum_gap_days=0))
    code, out, err = desk.forecast("--json", *WORDS, "--against", "templates/policies/old.yaml")
    assert code == FAULT
    assert "old.yaml" in err
    assert "minimum_gap_days" in err
    assert json.loads(out)["rows"] == []


def test_the_shipped_policy_and_words_forecast_a_book_without_a_fault(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    book = (
        "--invoices",
        str(desk.folder / "invoices.csv"),
        "--customers",
        str(desk.folder / "customers.csv"),
    )
    code, out, err = desk.run("forecast", *book, "--from", "2026-03-02", "--country", "gb")
    assert code == OK
    assert "Forecast with standard/" in out
    assert "30 days from" in out
    assert err.startswith("NOTE: pay_to of")
    assert "fault" not in err
