"""`tactful digest`: what happened on a day, and what waits for a person."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import timedelta

from tactful.entrypoints.commands.inputs import day

_FINE = 0


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `digest` to a command line."""
    parser = commands.add_parser("digest", help="what happened on a day, as the daily e-mail tells it")
    parser.add_argument("--day", type=day, metavar="DATE", help="which day at the business (yesterday)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=show_digest)


def show_digest(arguments: argparse.Namespace) -> int:
    """Print the digest of a day."""
    from tactful.adapters.report_wording import DIGEST, JinjaReportWording
    from tactful.console import make_digest
    from tactful.settings import SendDigestSettings

    making = make_digest()
    today = making.events.calendar.today(making.events.clock.now())
    digest = making.of(arguments.day or today - timedelta(days=1))
    if arguments.json:
        sys.stdout.write(json.dumps(digest.as_json(), indent=2, ensure_ascii=False) + "\n")
        return _FINE
    settings = SendDigestSettings.from_environment()
    wording = JinjaReportWording(settings.templates_dir, settings.business_name, DIGEST)
    sys.stdout.write(wording.render(digest.as_json(), {}).text.rstrip() + "\n")
    return _FINE
