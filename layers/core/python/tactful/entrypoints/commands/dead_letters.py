"""`tactful dead-letters`: what was given up on, and handing it back."""

from __future__ import annotations

import argparse
import json
import sys

_FINE, _FAULT = 0, 1
# By the names of tactful.adapters.dead_letters.Kind: what lies there, and what handing it back does.
_KINDS = {
    "import": ("uploads that could not be imported", "imported again; newer facts stay"),
    "plan": ("planning runs that failed", "dropped: the next one has done their work"),
    "sweep": ("runs of the sweeper that failed", "dropped: the next one has done their work"),
    "send": ("accounts that could not be acted on", "decided again, by what holds then"),
    "delivery": ("news of e-mails that could not be recorded", "recorded; a status only moves forward"),
    "document": ("documents that could not be made", "made, from what holds then"),
}
_MOST = 1_000


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `dead-letters` to a command line."""
    parser = commands.add_parser(
        "dead-letters",
        help="what was given up on, and handing it back",
        description="Show the dead-letter queues. None of them holds a message to a client: an account that is handed "
        "back is decided about anew, so that nothing stale is sent.",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=show)
    actions = parser.add_subparsers(metavar="ACTION")
    redrive_parser = actions.add_parser(
        "redrive", help="hand messages back to their queue", description=redrive.__doc__
    )
    redrive_parser.add_argument("kind", choices=tuple(_KINDS), help="whose")
    redrive_parser.add_argument(
        "--most", type=int, default=_MOST, metavar="N", help=f"stop after so many ({_MOST})"
    )
    redrive_parser.set_defaults(run=redrive)


def show(arguments: argparse.Namespace) -> int:
    """Print how many messages lie in each queue."""
    from tactful.adapters.dead_letters import Kind
    from tactful.console import dead_letters

    letters = dead_letters()
    counts = {kind: letters.waiting(Kind(kind)) for kind in _KINDS}
    if arguments.json:
        _print(json.dumps(counts, indent=2))
        return _FINE
    for kind, (what, _) in _KINDS.items():
        _print(f"{kind:<9} {counts[kind]:>6}  {what}")
    return _FINE


def redrive(arguments: argparse.Namespace) -> int:
    """Hand what lies in a dead-letter queue back to where it came from, after what was wrong has been mended."""
    from tactful.adapters.dead_letters import Kind
    from tactful.console import dead_letters

    if arguments.most < 1:
        raise ValueError(f"--most {arguments.most}: give 1 or more")
    letters, kind = dead_letters(), Kind(arguments.kind)
    waiting = letters.waiting(kind)
    moved = letters.redrive(kind, arguments.most)
    if waiting and not moved:
        sys.stderr.write(
            f"tactful: {kind}: none of {waiting} could be handed back now; try again in a minute\n"
        )
        return _FAULT
    _print(
        f"{arguments.kind}: {moved} {_KINDS[arguments.kind][1]}"
        if moved
        else f"{arguments.kind}: there is nothing"
    )
    return _FINE


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
