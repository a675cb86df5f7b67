"""`tactful preview`: every message in every language, as pages to look at."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tactful.entrypoints.commands.inputs import add_business, templates

if TYPE_CHECKING:
    from tactful.adapters.languages import Languages
    from tactful.application.documents import DocumentPress
    from tactful.domain.dunning.policy import Policy

_FINE, _FAULT = 0, 1


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `preview` to a command line."""
    parser = commands.add_parser(
        "preview",
        help="write a gallery of every message in every language, to look at before a deployment",
        description="Write pages with every message that the policy may send, to sample accounts, in every language "
        "that there are words in; with typst installed, a statement and a letter, too. Exit code 1: some cannot be "
        "sent, and the pages say why.",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("build/preview"),
        metavar="DIR",
        help="where to write (build/preview)",
    )
    parser.add_argument("--templates", type=Path, metavar="DIR", help="the folder templates/ to show")
    parser.add_argument(
        "--only", action="append", default=[], metavar="TAG", help="a language, de or en-US; repeatable"
    )
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")
    add_business(parser)
    parser.set_defaults(run=preview)


def preview(arguments: argparse.Namespace) -> int:
    """Write the gallery, and tell how many messages each language has and how many of them cannot be sent."""
    from tactful.adapters.languages import Languages
    from tactful.adapters.policy_file import load_policy
    from tactful.adapters.preview import Gallery, places_of
    from tactful.domain.dunning.calendar import Calendar

    folder = arguments.templates or templates()
    policy = load_policy(folder / "policies" / "standard.yaml")
    languages = Languages(folder, arguments.language, arguments.country)
    places = places_of(languages, policy)
    unknown = set(arguments.only) - {place.language for place in places}
    if unknown:
        there = ", ".join(place.language for place in places)
        raise ValueError(f"there are no words in {', '.join(sorted(unknown))}: name one of {there}")
    chosen = [place for place in places if not arguments.only or place.language in arguments.only]
    gallery = Gallery(languages, policy, Calendar(ZoneInfo("UTC")), _press(languages, policy, arguments))
    written = gallery.write(arguments.out, chosen, lambda name: _tell(name, quiet=arguments.json))
    if arguments.json:
        rows = [{"language": p.name, "messages": count, "faults": faults} for p, count, faults in written]
        sys.stdout.write(json.dumps({"index": str(arguments.out / "index.html"), "languages": rows}) + "\n")
    else:
        for place, count, faults in written:
            sys.stdout.write(
                f"{place.name:<8}{count:>5} messages{f', {faults} cannot be sent' if faults else ''}\n"
            )
        sys.stdout.write(f"{arguments.out / 'index.html'}\n")
    return _FAULT if any(faults for _, _, faults in written) else _FINE


def _tell(name: str, *, quiet: bool) -> None:
    if not quiet:
        sys.stderr.write(f"{name} ...\n")


def _press(languages: Languages, policy: Policy, arguments: argparse.Namespace) -> DocumentPress | None:
    from importlib.util import find_spec

    if find_spec("typst") is None:
        sys.stderr.write(
            "NOTE: typst is not installed, so there are no documents: install the extra `documents`\n"
        )
        return None
    from tactful.adapters.typst_documents import TypstPress

    return TypstPress(
        languages,
        business_name="Example Trading",
        contact_email="accounts@example.com",
        policy=policy,
        country=arguments.country,
    )
