"""`tactful tasks`, `approve` and `decline`: what needs a person, and what the person says."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tactful.domain.book.account import Task

_FINE = 0


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands `tasks`, `approve` and `decline` to a command line."""
    tasks = commands.add_parser("tasks", help="list what needs a person, oldest first, and do it")
    tasks.add_argument("--json", action="store_true", help="print JSON, with all the facts")
    tasks.set_defaults(run=list_tasks)
    actions = tasks.add_subparsers(metavar="ACTION")
    show = actions.add_parser("show", help="one task with all its facts")
    show.add_argument("task", metavar="TASK_ID")
    show.add_argument("--json", action="store_true", help="print JSON")
    show.set_defaults(run=show_task)
    done = actions.add_parser("done", help="take a task off the list")
    _add_answer(done)
    done.set_defaults(run=do_task)
    for word, help_text in (
        ("approve", "let a message leave that waits for approval"),
        ("decline", "keep a message from leaving that waits for approval"),
    ):
        command = commands.add_parser(word, help=help_text)
        _add_answer(command)
        command.set_defaults(run=answer, granted=word == "approve")


def _add_answer(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("task", metavar="TASK_ID", help="as `tactful tasks` lists it")
    parser.add_argument("--by", metavar="NAME", help="who says so (you, as this machine knows you)")
    parser.add_argument("--note", default="", metavar="TEXT", help="kept with the task")


def list_tasks(arguments: argparse.Namespace) -> int:
    """Print the open tasks."""
    from tactful.console import task_board

    tasks = task_board().list_open()
    if arguments.json:
        _print(json.dumps([{"account": key, **_as_json(task)} for key, task in tasks], indent=2))
        return _FINE
    for _, task in tasks:
        customer = dict(task.facts).get("customer", "")
        _print(f"{task.opened_at:%Y-%m-%d %H:%M}  {customer or '-'}: {task.summary}")
        _print(f"{'':16}  {task.id}")
    if not tasks:
        _print("nothing needs a person")
    return _FINE


def show_task(arguments: argparse.Namespace) -> int:
    """Print an open task with all its facts; of a call, with what to say as things are now."""
    from tactful.console import call_desk, task_board
    from tactful.domain.calls.sheet import CALLED

    found = [(key, task) for key, task in task_board().list_open() if task.id == arguments.task]
    if not found:
        raise ValueError(f"no task {arguments.task!r} is open: see the open tasks")
    found = [
        (key, call_desk().prepared(key, task) if task.kind in CALLED and key else task) for key, task in found
    ]
    if arguments.json:
        _print(json.dumps([{"account": key, **_as_json(task)} for key, task in found], indent=2))
        return _FINE
    for _, task in found:
        _print(f"{task.summary} (since {task.opened_at:%Y-%m-%d %H:%M} UTC)")
        width = max(len(name) for name, _ in task.facts) + 2 if task.facts else 0
        for name, said in task.facts:
            lines = said.splitlines() if "\n" in said else said.split("; ")
            for label, line in zip_longest([name], lines, fillvalue=""):
                _print(f"  {label:<{width}}{line}".rstrip())
        if task.kind in CALLED:
            _print(f"afterwards: tactful call {task.id} OUTCOME (`tactful call --help` lists the outcomes)")
    return _FINE


def do_task(arguments: argparse.Namespace) -> int:
    """Take a task off the list."""
    from tactful.application.resolve_task import Decided
    from tactful.console import resolve_task

    for task, _ in resolve_task().resolve(arguments.task, Decided(_who(arguments), arguments.note)):
        _print(f"done: {task.summary}")
    return _FINE


def answer(arguments: argparse.Namespace) -> int:
    """Approve or decline a message, and print what follows."""
    from tactful.console import account_events, answer_approval
    from tactful.domain.book.agreements import Verdict
    from tactful.entrypoints.commands.by_hand import what_follows

    verdict = Verdict.GRANTED if arguments.granted else Verdict.DECLINED
    account = answer_approval().answer(arguments.task, verdict, _who(arguments), arguments.note)
    _print(f"{verdict} by {_who(arguments)}; {what_follows(account_events(), account)}")
    return _FINE


def _who(arguments: argparse.Namespace) -> str:
    return str(arguments.by or getpass.getuser())


def _as_json(task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "kind": str(task.kind),
        "opened_at": task.opened_at.isoformat(),
        "summary": task.summary,
        "facts": dict(task.facts),
    }


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
