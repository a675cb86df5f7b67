"""What a person sees and decides after clients have answered: timeline, resolve and digest on a stack."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tactful.adapters.clock import SandboxClock
from tactful.entrypoints.cli import OK, main
from tests.handlers.signing import inbound
from tests.handlers.test_imports import mails
from tests.handlers.world import ADMIN, NOW, World


@pytest.fixture(autouse=True)
def _asked(world: World) -> None:
    """A client who asks for more time."""
    world.import_book()
    world.run("receive_webhooks", inbound("SM-1", "could I have until the 30th please?"))


def run(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    capsys.readouterr()
    assert main(command) == OK, capsys.readouterr().err
    return capsys.readouterr().out


def test_a_task_is_resolved_and_the_timeline_tells_all_of_it(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    (task,) = json.loads(run(capsys, "tasks", "--json"))
    assert task["kind"] == "extension"
    before = run(capsys, "timeline", "C-100")
    assert "extension_request" in before
    assert "on hold (reply) 20" in before
    said = run(capsys, "resolve", task["id"], "--until", "2026-03-30", "--by", "Bea")
    assert said.startswith("done: The client asks for more time")
    kinds = [entry["kind"] for entry in json.loads(run(capsys, "timeline", "C-100", "--json"))]
    assert {"extension_request", "extension", "hold_lifted"} <= set(kinds)
    assert "on hold" not in run(capsys, "timeline", "C-100")
    assert run(capsys, "tasks") == "nothing needs a person\n"
    assert [str(one.until) for one in world.account().extensions] == ["2026-03-30"]


def test_the_digest_tells_of_the_day_and_is_mailed_the_next_morning_once(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(capsys, "digest", "--day", f"{NOW:%Y-%m-%d}")
    assert "Extension request" in said
    assert json.loads(run(capsys, "digest", "--day", f"{NOW:%Y-%m-%d}", "--json"))["answered"] == {
        "extension_request": 1
    }
    SandboxClock(world.table).move_to(NOW + timedelta(days=1))
    assert world.run("send_digest", {}) == {"outcome": "accepted"}
    assert world.run("send_digest", {}) == {"outcome": "nothing"}
    told = [mail for mail in mails(world) if "answered" in mail["Subject"]]
    assert [mail["To"] for mail in told] == [[ADMIN]]


def test_a_plan_that_is_agreed_on_is_shown_before_what_follows(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    (task,) = json.loads(run(capsys, "tasks", "--json"))
    first = NOW.date() + timedelta(days=7)
    said = run(
        capsys,
        *("resolve", task["id"], "--instalments", "3", "--first", str(first), "--monthly"),
        *("--down-payment", "0.05", "--rest-due-after", "14", "--by", "Bea"),
    ).splitlines()
    plan = world.account().plan
    assert plan is not None
    assert (len(plan.instalments), plan.instalments[0].amount.minor, plan.rest_due_after) == (3, 5, 14)
    assert said[0].endswith("in 3 instalments")
    assert [line.split()[1] for line in said[2:5]] == [str(part.due_date) for part in plan.instalments]
    assert said[-2] == "if an instalment is more than 14 days late: all the rest falls due"
    assert said[-1].startswith("done: The client asks for more time")
    assert "what follows:" in said[-1]
