"""The command line: check a policy, look ahead and back, look at a stack, and replay an event."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from tactful.application.ports import StoreUnavailableError
from tactful.entrypoints.commands import (
    by_hand,
    call,
    check_file,
    dead_letters,
    digest,
    document,
    explain,
    forecast,
    imports,
    late_payment,
    plan,
    policy,
    preview,
    replay,
    resolve,
    sending,
    stack,
    tasks,
    timeline,
    understand,
    wording,
)
from tactful.settings import SettingsError

OK, FAULT, USAGE = 0, 1, 2

_GROUPS = (
    check_file,
    imports,
    policy,
    wording,
    preview,
    forecast,
    explain,
    replay,
    tasks,
    call,
    resolve,
    timeline,
    digest,
    document,
    by_hand,
    sending,
    dead_letters,
    understand,
    late_payment,
    plan,
    stack,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Exit code 0: done; 1: a fault was found or met, told on standard error; 2: wrong usage."""
    parsed = _parser().parse_args(arguments)
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        code = int(parsed.run(parsed))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing more may be written when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except SettingsError as error:
        sys.stderr.write(f"tactful: {error}\nset them as the stack's functions have them; see its outputs\n")
    except (OSError, ValueError, ArithmeticError, StoreUnavailableError, BotoCoreError, ClientError) as error:
        sys.stderr.write(f"tactful: {error}\n")
    else:
        return code
    return FAULT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tactful",
        description="Invoice reminders that get paid and keep the customer.",
        epilog="Commands on a stack read the same environment variables as its functions (TABLE_NAME, ...).",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for group in _GROUPS:
        group.add(commands)
    return parser
