"""`tactful call`: what a call that a task asked for came to."""

from __future__ import annotations

import argparse
import getpass
import sys

from tactful.entrypoints.commands.inputs import day

_FINE = 0


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `call` to a command line."""
    from tactful.domain.calls.outcome import MEANINGS

    outcomes = "\n".join(f"  {outcome:<14} {meaning.words}" for outcome, meaning in MEANINGS.items())
    parser = commands.add_parser(
        "call",
        help="say what a call came to: it is taken like an answer of the client's",
        description="Say what a call came to. It is taken as if the client had written it: a promise is noted and "
        "confirmed in writing, what is disputed pauses, a wrong number is not called again.",
        epilog=f"outcomes:\n{outcomes}\n\n`tactful tasks show TASK` has what to say, and the local time.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("task", metavar="TASK_ID", help="as `tactful tasks` lists it")
    parser.add_argument("outcome", metavar="OUTCOME", help="one of those below")
    parser.add_argument("--on", type=day, metavar="DATE", help="the day promised, asked for, or of a payment")
    parser.add_argument(
        "--amount", default="", metavar="AMOUNT", help="a part of what is due, such as 400.00 (all of it)"
    )
    parser.add_argument(
        "--invoice",
        action="append",
        default=[],
        metavar="NUMBER",
        help="what it is about (all that is due); may be repeated",
    )
    parser.add_argument("--email", default="", metavar="ADDRESS", help="of whoever looks after invoices")
    parser.add_argument("--phone", default="", metavar="NUMBER", help="of whoever is to be called")
    parser.add_argument("--reference", default="", metavar="TEXT", help="of a payment")
    parser.add_argument("--by", metavar="NAME", help="who called (you, as this machine knows you)")
    parser.add_argument("--note", default="", metavar="TEXT", help="what was said; kept on the timeline")
    parser.set_defaults(run=note_call)


def note_call(arguments: argparse.Namespace) -> int:
    """Take what a call came to, and print what follows."""
    from tactful.console import account_events, call_desk
    from tactful.domain.calls.outcome import Called, CallOutcome
    from tactful.entrypoints.commands.by_hand import what_follows

    if arguments.outcome not in list(CallOutcome):
        raise ValueError(f"{arguments.outcome!r} is no outcome: name one of {', '.join(CallOutcome)}")
    called = Called(
        CallOutcome(arguments.outcome),
        arguments.by or getpass.getuser(),
        arguments.on,
        arguments.amount,
        tuple(arguments.invoice),
        arguments.email,
        arguments.phone,
        arguments.reference,
        arguments.note,
    )
    for task, account, ends in call_desk().note(arguments.task, called):
        state = "done" if ends else "noted, and still open"
        sys.stdout.write(f"{state}: {task.summary}; {what_follows(account_events(), account)}\n")
    return _FINE
