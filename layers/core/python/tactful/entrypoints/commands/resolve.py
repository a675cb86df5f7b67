"""`tactful resolve`: what a person decided about a task."""

from __future__ import annotations

import argparse
import getpass
import sys

from tactful.entrypoints.commands.inputs import day
from tactful.entrypoints.commands.plan import (
    add_parts,
    add_rhythm,
    instalments_from,
    lines_of,
    wants_instalments,
)

_FINE = 0


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `resolve` to a command line."""
    parser = commands.add_parser(
        "resolve",
        help="settle a task: grant time, agree on instalments, lift what pauses, or just do it",
        description="Settle a task. What is granted or agreed ends the pause that the client's message began. "
        "Instalments move forward off the client's weekends, holidays and closed days.",
    )
    parser.add_argument("task", metavar="TASK_ID", help="as `tactful tasks` lists it")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--until", type=day, metavar="DATE", help="grant more time for the invoices it is about")
    add_parts(way)
    way.add_argument("--lift", action="store_true", help="end the pause: reminders go on")
    way.add_argument(
        "--hand-over",
        metavar="PARTNER",
        default="",
        help="an agency takes it over: reminders end, the client is told",
    )
    parser.add_argument(
        "--propose", action="store_true", help="only put the instalments to the client; the task stays open"
    )
    add_rhythm(parser)
    parser.add_argument("--by", metavar="NAME", help="who says so (you, as this machine knows you)")
    parser.add_argument("--note", default="", metavar="TEXT", help="kept with the task")
    parser.set_defaults(run=resolve, usage=parser.error)


def resolve(arguments: argparse.Namespace) -> int:
    """Settle the task, and print the plan that was agreed on and what follows for the account."""
    from tactful.application.resolve_task import Decided
    from tactful.console import account_events, resolve_task
    from tactful.domain.charges.plans import schedule_of
    from tactful.entrypoints.commands.by_hand import what_follows

    decided = Decided(
        by=arguments.by or getpass.getuser(),
        note=arguments.note,
        until=arguments.until,
        instalments=instalments_from(arguments) if wants_instalments(arguments) else None,
        propose=arguments.propose,
        lift=arguments.lift,
        partner=arguments.hand_over,
    )
    if decided.propose and decided.instalments is None:
        arguments.usage("--propose goes with instalments")
    for task, account in resolve_task().resolve(arguments.task, decided):
        if decided.propose:
            sys.stdout.write(f"proposed, and still open: {task.summary}\n")
            continue
        if decided.instalments and account and account.plan:
            sys.stdout.writelines(f"{line}\n" for line in lines_of(schedule_of(account.plan)))
        follows = f"; {what_follows(account_events(), account)}" if account else ""
        sys.stdout.write(f"done: {task.summary}{follows}\n")
    return _FINE
