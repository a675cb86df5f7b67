"""The command line: look at an account, a policy or a stack, and replay an event."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tactful.application.ports import StoreUnavailableError
from tactful.settings import SettingsError

OK, FAULT, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Exit code 0: done; 1: a fault was found or met, told on standard error; 2: wrong usage."""
    parsed = _parser().parse_args(arguments)
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return int(parsed.run(parsed))
    except SettingsError as error:
        sys.stderr.write(f"tactful: {error}\nset them as the stack's functions have them; see its outputs\n")
    except (OSError, ValueError, StoreUnavailableError, BotoCoreError, ClientError) as error:
        sys.stderr.write(f"tactful: {error}\n")
    return FAULT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tactful",
        description="Invoice reminders that get paid and keep the customer.",
        epilog="Commands on a stack read the same environment variables as its functions (TABLE_NAME, ...).",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    policy = commands.add_parser("policy", help="check a dunning policy").add_subparsers(required=True)
    check = policy.add_parser("check", help="validate a policy file and list every fault")
    check.add_argument("file", type=Path)
    check.set_defaults(run=_check_policy)

    event = commands.add_parser("event", help="replay an event through a function, here")
    event.add_argument("function", help="a folder of functions/, for example plan_reminders")
    event.add_argument("file", type=Path, help="a payload, for example from events/")
    event.set_defaults(run=_replay_event)

    clock = commands.add_parser("clock", help="move the clock of a sandbox stack")
    clock.add_argument("at", type=_instant, help="an instant with its zone: 2026-03-02T09:00:00Z")
    clock.set_defaults(run=_move_clock)

    tasks = commands.add_parser("tasks", help="list what needs a person, oldest first")
    tasks.add_argument("--json", action="store_true", help="print JSON")
    tasks.set_defaults(run=_list_tasks)

    explain = commands.add_parser("explain", help="say what would be done about a customer now, and why")
    explain.add_argument("customer", help="the customer's id")
    explain.add_argument("--json", action="store_true", help="print JSON")
    explain.set_defaults(run=_explain)
    return parser


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no instant: write 2026-03-02T09:00:00Z") from None
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} has no zone: write 2026-03-02T09:00:00Z")
    return at


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _check_policy(arguments: argparse.Namespace) -> int:
    from tactful.adapters.policy_file import load_policy

    policy = load_policy(arguments.file)
    _print(f"{arguments.file}: {policy.label} is valid, {len(policy.stages)} stages")
    for stage in policy.stages:
        _print(f"  {stage.days:+4d} days  {stage.name:<20} {stage.tone:<9} {', '.join(stage.channels)}")
    if policy.pay_to_is_a_sample:
        _print(
            "pay_to is still the sample: outside a sandbox nothing is asked for (remove pay_to_is_a_sample)"
        )
    return OK


def _replay_event(arguments: argparse.Namespace) -> int:
    try:
        event = json.loads(arguments.file.read_text())
    except ValueError as error:
        raise ValueError(f"{arguments.file} is no JSON: {error}") from error
    if not isinstance(event, dict):
        raise ValueError(f"{arguments.file} holds no event: an event is a JSON object")  # noqa: TRY004
    try:
        handler = importlib.import_module(f"functions.{arguments.function}.app").handler
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("functions"):
            raise
        raise ValueError(
            f"there is no function {arguments.function!r}: name a folder of functions/"
        ) from error
    _print(json.dumps(handler(event, None), indent=2, default=str))
    return OK


def _move_clock(arguments: argparse.Namespace) -> int:
    from tactful.bootstrap import sandbox_clock

    sandbox_clock().move_to(arguments.at)
    _print(f"the sandbox clock stands at {arguments.at.isoformat()}")
    return OK


def _list_tasks(arguments: argparse.Namespace) -> int:
    from tactful.bootstrap import task_board

    tasks = task_board().list_open()
    if arguments.json:
        _print(json.dumps([{"account": key, **_task_json(task)} for key, task in tasks], indent=2))
    for key, task in [] if arguments.json else tasks:
        _print(f"{task.opened_at:%Y-%m-%d %H:%M}  {task.kind:<22} {key or '-':<16}  {task.summary}")
    return OK


def _task_json(task: Any) -> dict[str, object]:
    return {
        "id": task.id,
        "kind": str(task.kind),
        "opened_at": task.opened_at.isoformat(),
        "summary": task.summary,
        "facts": dict(task.facts),
    }


def _explain(arguments: argparse.Namespace) -> int:
    from tactful.bootstrap import account_events
    from tactful.domain.book.customer import account_key

    events = account_events()
    account = events.store.load(account_key(arguments.customer))
    if account is None:
        raise ValueError(
            f"there is no customer {arguments.customer!r}: see the customer_id column of the upload"
        )
    decision = events.decide(account)
    answer = {
        "customer_id": arguments.customer,
        "decision": type(decision).__name__.lower(),
        "until": getattr(decision, "until", None),
        "reasons": [str(reason) for reason in decision.reasons],
        "next_action_at": account.next_action_at,
    }
    if arguments.json:
        _print(json.dumps(answer, indent=2, default=str))
    else:
        until = f" until {answer['until']}" if answer["until"] else ""
        _print(f"{arguments.customer}: {answer['decision']}{until}")
        for reason in decision.reasons:
            _print(f"  {reason}")
    return OK
