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
    deployed = _timed("deployed", lambda: stack.deploy(aws, {"ScheduleState": "ENABLED"}))
    deployed.verify_sender(stack.SANDBOX_PARAMETERS["FromAddress"])
    print(f"\nEndpoint: {aws.endpoint} (access key and secret: test; region: {ministack.REGION})\n")
    for name, value in asdict(deployed.outputs).items():
        print(f"  {''.join(word.title() for word in name.split('_')):32} {value}")
    print("\nFor the command line (tactful tasks, clock, explain, ...):\n")
    for name, value in _environment(deployed).items():
        print(f"  export {name}={value}")


def _environment(deployed: stack.Stack) -> dict[str, str]:
    parameters = stack.SANDBOX_PARAMETERS
    return ministack.ADMINISTRATOR | {
        "AWS_ENDPOINT_URL": deployed.aws.endpoint,
        "TABLE_NAME": deployed.outputs.table_name,
        "TIMEZONE": parameters["Timezone"],
        "TEMPLATES_DIR": "templates",
        "SANDBOX": parameters["Sandbox"],
    }


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
