from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tactful.adapters.policy_schema import pack_schema, policy_schema
from tactful.entrypoints.commands.policy import add

STANDARD = Path(__file__).parents[3] / "templates" / "policies" / "standard.yaml"
MINE = "templates/policies/mine.yaml"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run `tactful policy ...` in a terminal of 80 columns, in a folder of its own."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    (tmp_path / MINE).parent.mkdir(parents=True)

    def policy(*arguments: str) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser(prog="tactful")
        add(parser.add_subparsers())
        parsed = parser.parse_args(["policy", *arguments])
        code = int(parsed.run(parsed))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return policy


def mine(old: str = "", new: str = "") -> None:
    text = STANDARD.read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new, 1) if old else text
    Path(MINE).write_text(text.replace("pay_to_is_a_sample: true\n", ""), encoding="utf-8")


def test_a_policy_is_shown_ladder_by_ladder(run: Run) -> None:
    mine()
    code, shown, errors = run("check", MINE)
    assert (code, errors) == (0, "")
    assert shown.splitlines()[:14] == [
        "templates/policies/mine.yaml: standard/2 is valid, 8 stages",
        "packs: none",
        "",
        "ladder standard",
        "  days  stage          what              channels    role        notes",
        "    -7  before_due     friendly message  email, sms  billing",
        "     0  due            friendly message  email, sms  billing",
        "    +3  overdue_3      neutral message   email, sms  billing",
        "   +10  overdue_10     firm message      sms, email  billing",
        "   +15  call_15        call                          billing",
        "   +21  overdue_21     final message     email, sms  escalation  approval",
        "   +30  credit_review  credit review",
        "   +60  collections    collections",
        "",
    ]
    assert "    +4  deposit_4        neutral message   email, sms  billing  words: overdue_3" in shown


def test_grace_and_repetition_are_shown_beside_the_stage(run: Run) -> None:
    call = "      days: 14\n      kind: call\n"
    mine(call, call + "      repeat: {every_days: 7, times: 2}\n")
    text = Path(MINE).read_text(encoding="utf-8").replace("grace_days: 3", "grace_days: 5")
    Path(MINE).write_text(text, encoding="utf-8")
    _, shown, _ = run("check", MINE)
    assert "overdue_3      neutral message   email, sms  billing     grace: +5" in shown
    assert "2x more, every 7" in " ".join(shown.split())


def test_no_line_is_wider_than_the_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    mine("minimum_gap_days: 3", "minimum_gap_days: 20")
    for columns in (80, 120):
        monkeypatch.setenv("COLUMNS", str(columns))
        _, shown, _ = run("check", MINE)
        assert 70 < max(len(line) for line in shown.splitlines()) <= columns


def test_what_may_not_be_meant_is_told_with_its_line_and_fails_only_when_asked(run: Run) -> None:
    mine("    approval: true\n", "")
    code, shown, _ = run("check", MINE)
    assert code == 0
    line = Path(MINE).read_text(encoding="utf-8").splitlines().index("  - name: overdue_21") + 1
    assert (
        f"warning: line {line}: stages.overdue_21: overdue_21 is final and leaves without a person's "
        "approval; add approval: true"
    ) in " ".join(shown.split())
    assert shown.endswith("found: 1 warning, 1 note\n")
    assert run("check", MINE, "--strict")[0] == 1


def test_notes_never_fail(run: Run) -> None:
    mine()
    code, shown, _ = run("check", MINE, "--strict")
    assert code == 0
    assert "note: no packs: the rules of no country are applied; keep the folder packs/" in shown
    assert shown.endswith("found: 1 note\n")


def test_a_policy_about_which_there_is_nothing_to_say_says_so(run: Run) -> None:
    mine()
    pack = Path(MINE).parent / "packs" / "us.yaml"
    pack.parent.mkdir()
    pack.write_text((STANDARD.parent / "packs" / "us.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    code, shown, _ = run("check", MINE, "--strict")
    assert code == 0
    assert "packs: us (4 rules)" in shown
    assert shown.endswith("nothing else found\n")


def test_faults_are_told_on_standard_error_and_fail(run: Run) -> None:
    mine("minimum_gap_days: 3", "minimum_gap_days: soon")
    code, shown, errors = run("check", MINE)
    assert (code, shown) == (1, "")
    assert errors.startswith("templates/policies/mine.yaml is not a usable policy:\n- line ")
    assert ": minimum_gap_days: should be a valid integer" in errors


def test_words_that_are_missing_are_told(run: Run) -> None:
    mine()
    Path("templates/words/en/email/due").mkdir(parents=True)
    Path("templates/words/en/email/due/friendly.j2").touch()
    _, shown, _ = run("check", MINE)
    told = " ".join(shown.split())
    assert "stages.due: there are no words for due by email (neutral): it becomes a task" in told
    assert "stages.due: there are no words for due by sms (friendly, neutral): it becomes a task" in told


HEADER = "customer_id,customer_name,email,phone,country,segment\n"


def test_a_policy_is_held_against_the_customers(run: Run) -> None:
    mine("segments: {}", "segments: {vip: {grace_days: 9}}")
    Path("customers.csv").write_text(
        HEADER + "C-1,One,ann@one.example,,GB,\nC-1,One,bob@one.example,,GB,\nC-2,Two,nonsense,,GB,vip\n"
    )
    code, shown, errors = run("check", MINE, "--customers", "customers.csv")
    told = " ".join(shown.split())
    assert code == 0
    assert "warning: line" in told
    assert "segments.vip: no customer is in this segment; correct its spelling" in told
    assert "stages.due.channels: no contact can be reached by sms" in told
    assert "stages.overdue_21.role: no contact has the role escalation: others are contacted" in told
    assert errors.startswith("customers.csv: record 4: email: ")


def test_customers_that_the_policy_fits_give_no_finding(run: Run) -> None:
    mine("segments: {}", "segments: {vip: {grace_days: 9}}")
    Path("customers.csv").write_text(
        "customer_id,customer_name,role,email,phone,country,segment\n"
        "C-1,One,billing,ann@one.example,+442079460000,GB,vip\nC-1,One,escalation,bob@one.example,,GB,vip\n"
    )
    _, shown, errors = run("check", MINE, "--customers", "customers.csv")
    assert errors == ""
    assert shown.endswith("found: 1 note\n")


def answer(run: Run, *arguments: str) -> tuple[int, dict[str, Any]]:
    code, shown, errors = run("check", MINE, "--json", *arguments)
    assert errors == ""
    found: dict[str, Any] = json.loads(shown)
    return code, found


def test_a_valid_policy_is_answered_in_json(run: Run) -> None:
    mine("    approval: true\n", "")
    code, found = answer(run)
    assert code == 0
    assert (found["file"], found["valid"], found["policy"], found["packs"]) == (MINE, True, "standard/2", [])
    assert found["faults"] == []
    assert found["ladders"]["standard"][0] == {
        "name": "before_due",
        "days": -7,
        "tone": "friendly",
        "channels": ["email", "sms"],
    }
    assert found["ladders"]["deposit"][0]["name"] == "deposit_due"
    first = found["findings"][0]
    assert (first["level"], first["place"], first["remedy"]) == (
        "warning",
        "stages.overdue_21",
        "add approval: true",
    )
    assert isinstance(first["line"], int)
    assert found["findings"][1]["line"] is None


def test_a_faulty_policy_is_answered_in_json(run: Run) -> None:
    mine("cap: {contacts: 2", "cap: {contacts: 0")
    code, found = answer(run)
    assert code == 1
    assert found["valid"] is False
    (fault,) = found["faults"]
    assert (fault["file"], fault["place"]) == (MINE, "cap.contacts")
    assert fault["message"] == "should be greater than or equal to 1, not 0"
    assert "findings" not in found


def test_the_schemas_are_printed(run: Run) -> None:
    for arguments, schema in ((["schema"], policy_schema()), (["schema", "--pack"], pack_schema())):
        code, shown, errors = run(*arguments)
        assert (code, errors) == (0, "")
        assert json.loads(shown) == schema
