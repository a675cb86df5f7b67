"""Calls as the person in the office makes them: what the task shows, and what follows from what was said."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tactful.entrypoints.cli import FAULT, OK, main
from tests.handlers.signing import inbound
from tests.handlers.world import NOW, PHONE, World


@pytest.fixture(autouse=True)
def _asked(world: World) -> None:
    """A client who asks to be called."""
    world.import_book()
    world.run("receive_webhooks", inbound("SM-1", "can you call me please?"))


def run(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    capsys.readouterr()
    assert main(command) == OK, capsys.readouterr().err
    return capsys.readouterr().out


def the_task(capsys: pytest.CaptureFixture[str]) -> str:
    (task,) = json.loads(run(capsys, "tasks", "--json"))
    return str(task["id"])


def test_a_call_is_shown_with_its_number_the_local_time_and_a_script(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    del world
    task = the_task(capsys)
    said = run(capsys, "tasks", "show", task)
    (shown,) = json.loads(run(capsys, "tasks", "show", task, "--json"))
    facts = shown["facts"]
    assert facts["phone"] == "020 7946 0102 (from abroad +44 20 7946 0102)"
    assert facts["local_time"] == "Mon 09:30 in Europe/London: call until 17:30"
    assert "You asked us to call." in facts["question"]
    assert f"tactful call {task} OUTCOME" in said


def test_a_promise_made_in_a_call_is_noted_and_the_task_is_done(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    task, day = the_task(capsys), NOW.date() + timedelta(days=4)
    said = run(capsys, "call", task, "promised", "--on", str(day), "--amount", "50", "--by", "Bea")
    assert said.startswith("done: The client wants to be called; what follows:")
    (promise,) = world.account().promises
    assert (promise.promised_date, promise.amount and promise.amount.minor) == (day, 50_00)
    assert run(capsys, "tasks") == "nothing needs a person\n"
    told = run(capsys, "timeline", "C-100")
    assert "promise_to_pay" in told


def test_whoever_wanted_no_calls_and_asks_for_one_is_shown_with_that(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "call", the_task(capsys), "no_calls", "--by", "Bea")
    assert not world.account().may_be_called(PHONE)
    world.run("receive_webhooks", inbound("SM-2", "can you call me please?"))
    again = next(
        one["id"] for one in json.loads(run(capsys, "tasks", "--json")) if one["kind"] == "call_back"
    )
    (shown,) = json.loads(run(capsys, "tasks", "show", again, "--json"))
    assert shown["facts"]["contact"] == "Ann Client (billing), who wanted no calls before"


def test_an_outcome_that_is_none_is_refused_with_those_that_are(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    del world
    task = the_task(capsys)
    assert main(["call", task, "maybe"]) == FAULT
    assert "'maybe' is no outcome: name one of promised, paid" in capsys.readouterr().err
    assert main(["call", task, "promised"]) == FAULT
    assert "promised (will pay by a day) needs --on" in capsys.readouterr().err
