"""`tactful resolve`: what a person decided about a task."""

from __future__ import annotations

import argparse
import getpass
import sys

from tactful.entrypoints.commands.inputs import day

_FINE = 0
_PARTS, _DAYS = range(2, 61), range(1, 367)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `resolve` to a command line."""
    parser = commands.add_parser(
        "resolve",
        help="settle a task: grant time, agree on instalments, lift what pauses, or just do it",
        description="Settle a task. What is granted or agreed ends the pause that the client's message began.",
    )
    parser.add_argument("task", metavar="TASK_ID", help="as `tactful tasks` lists it")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--until", type=day, metavar="DATE", help="grant more time for the invoices it is about")
    way.add_argument("--instalments", type=int, metavar="NUMBER", help="agree on so many equal instalments")
    way.add_argument("--lift", action="store_true", help="end the pause: reminders go on")
    parser.add_argument("--first", type=day, metavar="DATE", help="the day of the first instalment")
    parser.add_argument("--every", type=int, default=30, metavar="DAYS", help="days between instalments (30)")
    parser.add_argument("--by", metavar="NAME", help="who says so (you, as this machine knows you)")
    parser.add_argument("--note", default="", metavar="TEXT", help="kept with the task")
    parser.set_defaults(run=resolve, usage=parser.error)


def resolve(arguments: argparse.Namespace) -> int:
    """Settle the task, and print what follows for the account."""
    from tactful.application.resolve_task import Decided, Instalments
    from tactful.console import account_events, resolve_task
    from tactful.entrypoints.commands.by_hand import what_follows

    if (arguments.instalments is None) != (arguments.first is None):
        arguments.usage("--instalments and --first go together")
    if arguments.instalments is not None and (
        arguments.instalments not in _PARTS or arguments.every not in _DAYS
    ):
        arguments.usage(
            f"give {_PARTS.start} to {_PARTS.stop - 1} instalments, at most {_DAYS.stop - 1} days apart"
        )
    decided = Decided(
        by=arguments.by or getpass.getuser(),
        note=arguments.note,
        until=arguments.until,
        instalments=Instalments(arguments.instalments, arguments.first, arguments.every)
        if arguments.instalments
        else None,
        lift=arguments.lift,
    )
    for task, account in resolve_task().resolve(arguments.task, decided):
        follows = f"; {what_follows(account_events(), account)}" if account else ""
        sys.stdout.write(f"done: {task.summary}{follows}\n")
    return _FINE
