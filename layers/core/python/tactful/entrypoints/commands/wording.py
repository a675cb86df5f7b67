"""`tactful wording`: check what clients would read, in every language."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from tactful.entrypoints.commands.inputs import add_business, templates

_FINE, _FAULT = 0, 1


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `wording` to a command line."""
    parser = commands.add_parser(
        "wording",
        help="check the words of every message in every language",
        description="Render every message that the policy may send, for sample accounts and in every language, "
        "your own overlay included, and tell what must not be sent so: why, and what to write instead. Exit code 1: "
        "there is something to mend.",
    )
    parser.add_argument("--templates", type=Path, metavar="DIR", help="the folder templates/ to check")
    parser.add_argument("--only", action="append", default=[], metavar="TAG", help="one language; repeatable")
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")
    add_business(parser)
    parser.set_defaults(run=wording)


def wording(arguments: argparse.Namespace) -> int:
    """Check, and print what was found by file."""
    from tactful.adapters.languages import Languages
    from tactful.adapters.policy_file import load_policy
    from tactful.adapters.wording_check import WordingCheck
    from tactful.domain.dunning.calendar import Calendar
    from tactful.domain.wording.message import REASONS

    folder = arguments.templates or templates()
    policy = load_policy(folder / "policies" / "standard.yaml")
    languages = Languages(folder, arguments.language, arguments.country)
    checking = WordingCheck(languages, policy, Calendar(ZoneInfo("UTC")))
    places = [place for place in checking.places() if not arguments.only or place.language in arguments.only]
    if not places:
        raise ValueError(
            f"there are no words in {', '.join(arguments.only) or folder}: name a folder of templates/words/"
        )
    found = checking.run(places)
    if arguments.json:
        rows = [
            {
                "file": one.file,
                "line": one.line or None,
                "language": one.language,
                "rule": str(one.rule),
                "said": one.said,
                "message": one.message,
                "why": REASONS[one.rule].why,
                "remedy": REASONS[one.rule].remedy,
                "source": REASONS[one.rule].source or None,
            }
            for one in found
        ]
        sys.stdout.write(json.dumps({"findings": rows}, ensure_ascii=False, indent=2) + "\n")
        return _FAULT if found else _FINE
    for one in found:
        reason = REASONS[one.rule]
        met = f" ({one.message})" if one.message else ""
        place = f"{one.file}:{one.line}" if one.line else one.file
        source = f" ({reason.source})" if reason.source else ""
        sys.stdout.write(f"{place}: {one.rule} [{one.language}]: {one.said}{met}\n")
        sys.stdout.write(f"    {reason.why}; {reason.remedy}{source}\n")
    names = ", ".join(place.name for place in places)
    sys.stdout.write(f"{len(found)} to mend in {names}\n" if found else f"nothing to mend in {names}\n")
    return _FAULT if found else _FINE
