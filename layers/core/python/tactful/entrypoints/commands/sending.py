"""`tactful stop`, `resume` and `sending`: whether anything is sent."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from typing import TYPE_CHECKING, Any

from tactful.entrypoints.commands.inputs import instant
from tactful.entrypoints.commands.shown import harmless

if TYPE_CHECKING:
    from tactful.domain.book.customer import Channel
    from tactful.domain.sending.state import SendingState, Stop

_FINE = 0
_CHANNELS = ("email", "sms")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands `stop`, `resume` and `sending` to a command line."""
    stop = commands.add_parser(
        "stop",
        help="send nothing more, at once",
        description="Send nothing more, at once: running workers look before every message. What is due stays due.",
    )
    _add_common(stop)
    stop.add_argument(
        "--until", type=instant, metavar="INSTANT", help="resume by itself: 2026-03-02T09:00:00Z"
    )
    stop.add_argument("--why", default="", metavar="TEXT", help="shown to whoever looks")
    stop.add_argument("--by", metavar="NAME", help="who says so (you, as this machine knows you)")
    stop.set_defaults(run=stop_sending)
    resume = commands.add_parser(
        "resume",
        help="let what is due be sent again, if it is still to be said",
        description=resume_sending.__doc__,
    )
    _add_common(resume)
    resume.set_defaults(run=resume_sending)
    state = commands.add_parser("sending", help="show whether anything is stopped, since when and why")
    state.add_argument("--json", action="store_true", help="print JSON")
    state.set_defaults(run=show_sending)


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--channel", choices=_CHANNELS, help="only this one (all of them)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def stop_sending(arguments: argparse.Namespace) -> int:
    """Stop a channel, or all of them."""
    from tactful.console import stop_switch

    by = str(arguments.by or _user())
    channel = _channel(arguments)
    return _show(stop_switch().stop(channel, by, why=arguments.why, until=arguments.until), arguments)


def resume_sending(arguments: argparse.Namespace) -> int:
    """Let a channel, or all of them, send again, whoever stopped it."""
    from tactful.console import stop_switch

    return _show(stop_switch().resume(_channel(arguments)), arguments)


def show_sending(arguments: argparse.Namespace) -> int:
    """Print what is stopped."""
    from tactful.console import stop_switch

    return _show(stop_switch().now(), arguments)


def _user() -> str:
    """The user as this machine knows them; in a container it may not."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


def _channel(arguments: argparse.Namespace) -> Channel | None:
    from tactful.domain.book.customer import Channel

    return Channel(arguments.channel) if arguments.channel else None


def _show(state: SendingState, arguments: argparse.Namespace) -> int:
    if arguments.json:
        _print(json.dumps({"stops": [_as_json(stop) for stop in state.stops]}, indent=2))
        return _FINE
    for stop in state.stops:
        until = f", until {stop.until:%Y-%m-%d %H:%M} UTC" if stop.until else ""
        why = f": {harmless(stop.why)}" if stop.why else ""
        name = stop.channel or "everything"
        _print(f"stopped: {name:<10}  {stop.since:%Y-%m-%d %H:%M} UTC by {harmless(stop.by)}{until}{why}")
    if not state.stops:
        _print("nothing is stopped")
    return _FINE


def _as_json(stop: Stop) -> dict[str, Any]:
    return {
        "channel": str(stop.channel) if stop.channel else None,
        "since": stop.since.isoformat(),
        "until": stop.until.isoformat() if stop.until else None,
        "by": stop.by,
        "why": stop.why,
    }


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
