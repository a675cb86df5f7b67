"""Commands on a stack and its functions: replay an event, move the sandbox clock."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

from tactful.entrypoints.commands.inputs import instant

_FINE = 0


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands `event` and `clock` to a command line."""
    event = commands.add_parser("event", help="replay an event through a function, here")
    event.add_argument("function", help="a folder of functions/, for example plan_reminders")
    event.add_argument("file", type=Path, help="a payload, for example from events/")
    event.set_defaults(run=replay_event)

    clock = commands.add_parser("clock", help="move the clock of a sandbox stack")
    clock.add_argument("at", type=instant, help="an instant with its zone: 2026-03-02T09:00:00Z")
    clock.set_defaults(run=move_clock)


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def replay_event(arguments: argparse.Namespace) -> int:
    """Hand a payload to a function as Lambda would, and print what it returns."""
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
    return _FINE


def move_clock(arguments: argparse.Namespace) -> int:
    """Set the sandbox clock."""
    from tactful.console import sandbox_clock

    sandbox_clock().move_to(arguments.at)
    _print(f"the sandbox clock stands at {arguments.at.isoformat()}")
    return _FINE
