from __future__ import annotations

from pathlib import Path

import pytest

from tactful.entrypoints.cli import FAULT, OK, USAGE, main
from tactful.entrypoints.commands.shown import aligned

ROOT = Path(__file__).parents[3]
STANDARD = ROOT / "templates" / "policies" / "standard.yaml"


def test_a_valid_policy_is_shown_stage_by_stage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "check", str(STANDARD)]) == OK
    shown = capsys.readouterr()
    assert "is valid, 8 stages" in shown.out
    assert "overdue_21" in shown.out
    assert shown.err == ""


def test_a_policy_with_a_fault_ends_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "policy.yaml"
    broken.write_text(STANDARD.read_text().replace("minimum_gap_days: 3", "minimum_gap_days: soon"))
    assert main(["policy", "check", str(broken)]) == FAULT
    assert "minimum_gap_days" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "check", "nowhere.yaml"]) == FAULT
    assert "nowhere.yaml" in capsys.readouterr().err


@pytest.mark.parametrize(("content", "says"), [("{", "is no JSON"), ("[]", "holds no event")])
def test_an_event_that_is_none_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, says: str
) -> None:
    event = tmp_path / "event.json"
    event.write_text(content)
    assert main(["event", "plan_reminders", str(event)]) == FAULT
    assert says in capsys.readouterr().err


def test_a_function_that_does_not_exist_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    event = tmp_path / "event.json"
    event.write_text("{}")
    assert main(["event", "chase_harder", str(event)]) == FAULT
    assert "there is no function 'chase_harder'" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["tasks"], ["explain", "C-1"], ["clock", "2026-03-02T09:00:00Z"]])
def test_a_command_on_a_stack_names_the_variables_it_lacks(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("TABLE_NAME", "TIMEZONE", "TEMPLATES_DIR"):
        monkeypatch.delenv(name, raising=False)
    assert main(command) == FAULT
    assert "TABLE_NAME: Field required" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dun"],
        ["policy"],
        ["clock", "2026-03-02T09:00:00"],
        ["clock", "tomorrow"],
        ["explain"],
        ["explain", "C-1", "--customer", "C-2"],
        ["explain", "C-1", "--customers", "f"],
        ["approve"],
        ["contact", "C-1"],
        ["promise", "C-1", "--by", "soon"],
        ["forecast"],
        ["forecast", "--invoices", "f", "--from", "1.3.2026"],
        ["forecast", "--invoices", "f", "--days", "0"],
        ["forecast", "--invoices", "f", "--days", "ten"],
        ["forecast", "--invoices", "f", "--timezone", "Europe"],
        ["forecast", "--invoices", "f", "--country", "Atlantis"],
        ["forecast", "--invoices", "f", "--country", "DE", "--region", "Bavaria"],
        ["forecast", "--invoices", "f", "--sms-price", "cheap"],
        ["forecast", "--invoices", "f", "--sms-price", "0.01", "QQQ"],
        ["forecast", "--invoices", "f", "--sms-price", "-0.01", "USD"],
        ["forecast", "--invoices", "f", "--sms-price", "NaN", "USD"],
        ["forecast", "--invoices", "f", "--sms-price", "1e999999999", "USD"],
        ["forecast", "--invoices", "f", "--sms-price", "1001", "USD"],
        ["forecast", "--invoices", "f", "--sms-price", "0.0000000001", "USD"],
        ["forecast", "--invoices", "f", "--json", "--csv"],
        ["replay"],
        ["replay", "--history", "f", "--date-order", "iso"],
    ],
)
def test_a_wrong_command_shows_its_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == USAGE
    assert "usage: tactful" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["forecast", "--invoices", "none.csv", "--from", "9999-12-31"],
        ["explain", "C1", "--invoices", "none.csv", "--at", "9999-12-31T23:59:59-05:00"],
        ["explain", "C1", "--invoices", "none.csv", "--at", "0001-01-01T00:00:00+05:00"],
    ],
)
def test_a_day_outside_of_any_book_is_a_wrong_use_and_no_crash(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "is not in the years 1990 to 2099" in capsys.readouterr().err


def test_what_could_command_a_terminal_is_shown_and_not_obeyed() -> None:
    assert list(aligned([("\x1b[31mred", "1")])) == ["  \\x1b[31mred  1"]
