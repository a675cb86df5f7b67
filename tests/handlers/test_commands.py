"""The command line on a stack, with what its functions have written there."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from tactful.adapters.clock import SandboxClock
from tactful.domain.book.contact_log import ReminderStatus
from tactful.entrypoints.cli import FAULT, OK, main
from tests.handlers.world import EMAIL, INVOICES, KEY, NOW, PHONE, World


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs commands and reads what they print."""

    capsys: pytest.CaptureFixture[str]

    def run(self, *command: str) -> str:
        self.capsys.readouterr()
        assert main(command) == OK, self.capsys.readouterr().err
        return self.capsys.readouterr().out

    def refused(self, *command: str) -> str:
        self.capsys.readouterr()
        assert main(command) == FAULT
        return self.capsys.readouterr().err


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


def _act(world: World) -> None:
    """Tick and send at NOW, a second later than the last time: a moved clock runs on."""
    SandboxClock(world.table).move_to(NOW)
    world.run("send_reminders", {"Records": [{"messageId": "m-1", "body": json.dumps({"account": KEY})}]})


@pytest.fixture
def question(world: World, shell: Shell) -> str:
    """A large old debt, met for the first time: the id of the task that shows its message."""
    world.import_book(
        INVOICES.replace("2026-02-04,2026-03-06,120.00,120.00", "2025-09-01,2025-09-30,5000.00,5000.00")
    )
    _act(world)
    (review,) = json.loads(shell.run("tasks", "--json"))
    assert shell.run("tasks", "done", review["id"], "--by", "Bea").startswith("done: Decide whether")
    _act(world)
    (task,) = json.loads(shell.run("tasks", "--json"))
    assert (review["kind"], task["kind"]) == ("credit_review", "approval")
    return str(task["id"])


def test_a_message_that_waits_is_listed_shown_approved_and_sent(
    world: World, shell: Shell, question: str
) -> None:
    assert question in shell.run("tasks")
    shown = shell.run("tasks", "show", question)
    assert "GBP 5,000.00" in shown
    assert "channel     email" in shown
    said = shell.run("approve", question, "--by", "Bea", "--note", "spoke to them")
    assert said.startswith("granted by Bea; what follows: send")
    assert shell.run("tasks") == "nothing needs a person\n"
    _act(world)
    assert [email["To"] for email in world.aws.emails()][-1] == [EMAIL]


def test_a_message_that_is_declined_stays(world: World, shell: Shell, question: str) -> None:
    before = len(world.aws.emails())
    assert "what follows: " in shell.run("decline", question)
    _act(world)
    assert len(world.aws.emails()) == before
    assert "declined" in shell.refused("approve", question)


def test_a_question_is_not_just_done(world: World, shell: Shell, question: str) -> None:
    assert "approve or decline" in shell.refused("tasks", "done", question)
    assert world.tasks() == ["approval"]


def test_what_is_not_there_is_told(world: World, shell: Shell) -> None:
    assert "no task 'x' is open" in shell.refused("tasks", "done", "x")
    assert "no task 'x' is open" in shell.refused("tasks", "show", "x")
    assert "to approve: see the open tasks" in shell.refused("approve", "x")
    assert "there is no reminder 'x'" in shell.refused("explain", "--reminder", "x")
    assert "there is no customer 'C-9'" in shell.refused("contact", "C-9", "--how", "call")
    assert "name one of reply" in shell.refused("hold", "C-9", "--kind", "nonsense")
    assert world.tasks() == []


def test_why_a_reminder_was_sent_is_told_afterwards_without_an_address(world: World, shell: Shell) -> None:
    world.import_book()
    _act(world)
    (reminder,) = world.account().reminders
    assert reminder.status is ReminderStatus.ACCEPTED
    answer = json.loads(shell.run("explain", "--reminder", reminder.id, "--json"))
    assert (answer["customer_id"], answer["stage"], answer["status"]) == ("C-100", "overdue_10", "accepted")
    (entry,) = answer["timeline"]
    assert "minimum_gap 3 days" in entry["facts"]["passed"]
    text = shell.run("explain", "--reminder", reminder.id)
    assert "because:" in text
    assert not [private for private in (EMAIL, PHONE, "Ann") if private in text]


def test_a_customer_is_explained_now_and_at_another_time(world: World, shell: Shell) -> None:
    world.import_book()
    SandboxClock(world.table).move_to(NOW)
    assert json.loads(shell.run("explain", "C-100", "--json"))["decision"] == "send"
    at_night = json.loads(shell.run("explain", "C-100", "--at", "2026-03-16T22:00:00Z", "--json"))
    assert at_night["decision"] == "wait"
    assert "contact_window" in [gate["gate"] for gate in at_night["gates"] if not gate["passed"]]


def test_what_was_agreed_by_hand_is_obeyed_at_once(world: World, shell: Shell) -> None:
    world.import_book()
    SandboxClock(world.table).move_to(NOW)
    assert "on_hold: INV-1 manual" in shell.run(
        "hold", "C-100", "--until", "2026-03-20", "--invoice", "INV-1"
    )
    (hold,) = world.account().holds
    assert "what follows: send" in shell.run("lift", "C-100", hold.id)
    assert "promised: INV-1 2026-03-25" in shell.run("promise", "C-100", "--by", "2026-03-25")
    assert "extended" in shell.run("extend", "C-100", "--until", "2026-03-31").replace("until 2026", "")
    assert "minimum_gap" not in shell.run("contact", "C-100", "--how", "call", "--at", "2026-03-01T09:00:00Z")
    assert len(world.account().manual_contacts) == 1
