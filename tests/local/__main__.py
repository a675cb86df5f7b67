"""`python -m tests.local up|down`: a local AWS with the stack on it, kept until it is taken down."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import TypeVar

from tests.local import ministack, stack
from tests.local.ministack import ROOT, LocalAws, LocalAwsError

FOLDER = ROOT / "build/local"
STATE = FOLDER / "state.json"
T = TypeVar("T")


def up() -> None:
    """Start MiniStack unless it runs, and bring the stack on it up to date."""
    aws = _running() or _timed("MiniStack is up", lambda: ministack.start(FOLDER))
    STATE.write_text(json.dumps({"endpoint": aws.endpoint, "process_group": aws.process_group}))
    _timed("built", lambda: stack.build(aws))
    deployed = _timed("deployed", lambda: stack.deploy(aws))
    print(f"\nEndpoint: {aws.endpoint} (access key and secret: test; region: {ministack.REGION})")
    for name, value in asdict(deployed.outputs).items():
        print(f"  {name:32} {value}")


def down() -> None:
    """Stop it, and forget it."""
    if aws := _running():
        ministack.stop(aws)
    STATE.unlink(missing_ok=True)


def _running() -> LocalAws | None:
    if not STATE.exists():
        return None
    aws = LocalAws(folder=FOLDER, **json.loads(STATE.read_text()))
    # A process group on record may long be somebody else's: only one that answers is ours.
    return aws if ministack.is_up(aws) else None


def _timed(what: str, step: Callable[[], T]) -> T:
    began = time.monotonic()
    result = step()
    print(f"{what} after {time.monotonic() - began:.1f} s", flush=True)
    return result


if __name__ == "__main__":
    commands: dict[str, Callable[[], None]] = {"up": up, "down": down}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(f"usage: python -m tests.local {'|'.join(commands)}")
    try:
        commands[sys.argv[1]]()
    except LocalAwsError as error:
        sys.exit(str(error))
