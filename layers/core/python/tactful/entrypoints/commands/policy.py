"""`tactful policy`: check a dunning policy, and print the schema for editors."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tactful.adapters.policy_file import Fault, PolicyFile
    from tactful.domain.book.customer import Customer
    from tactful.domain.dunning.finding import Finding
    from tactful.domain.dunning.stage import Stage

_FINE, _FAULTS = 0, 1
_NARROWEST, _WIDEST = 60, 120
_COLUMNS = ("days", "stage", "what", "channels", "role", "notes")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `policy` to a command line."""
    policy = commands.add_parser("policy", help="check a dunning policy").add_subparsers(
        required=True, metavar="ACTION"
    )
    check = policy.add_parser(
        "check", help="list every fault of a policy and its packs, its ladders, and what may not be meant"
    )
    check.add_argument("file", type=Path, help="a policy, for example templates/policies/standard.yaml")
    check.add_argument("--customers", type=Path, metavar="CSV", help="look whether it fits these customers")
    check.add_argument("--strict", action="store_true", help="let warnings fail, too")
    check.add_argument("--json", action="store_true", help="print JSON")
    check.set_defaults(run=check_policy)
    schema = policy.add_parser("schema", help="print the JSON Schema of a policy, for editors")
    schema.add_argument("--pack", action="store_true", help="that of a pack")
    schema.set_defaults(run=print_schema)


def check_policy(arguments: argparse.Namespace) -> int:
    """Exit code 0: fine; 1: faults, or warnings with --strict."""
    from tactful.adapters.policy_file import Fault, PolicyError, read_policy
    from tactful.adapters.words_on_disk import words_beside
    from tactful.domain.dunning.finding import Level
    from tactful.domain.dunning.lint import lint

    read: PolicyFile | None = None
    faults: list[Fault] = []
    findings: Sequence[Finding] = ()
    try:
        read = read_policy(arguments.file)
    except PolicyError as error:
        faults += error.found
        if not arguments.json:
            sys.stderr.write(f"{error}\n")
    try:
        customers = _customers(arguments.customers) if arguments.customers else None
    except OSError as error:
        customers = None
        missing = Fault(arguments.customers, 0, "", f"it cannot be opened: {error.strerror or error}")
        faults.append(missing)
        if not arguments.json:
            sys.stderr.write(f"{missing.path}: {missing}\n")
    if read is not None:
        findings = lint(read.policy, customers, words_beside(arguments.file))
    if arguments.json:
        _print_json(_answer(arguments.file, read, findings, faults))
    elif read is not None:
        sys.stdout.writelines(f"{line}\n" for line in _report(arguments.file, read, findings))
    warned = any(finding.level is Level.WARNING for finding in findings)
    return _FAULTS if faults or (arguments.strict and warned) else _FINE


def print_schema(arguments: argparse.Namespace) -> int:
    """Print the schema of a policy or a pack (JSON Schema, draft 2020-12)."""
    from tactful.adapters.policy_schema import pack_schema, policy_schema

    _print_json(pack_schema() if arguments.pack else policy_schema())
    return _FINE


def _print_json(value: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, indent=2, default=str, ensure_ascii=False) + "\n")


def _customers(path: Path) -> list[Customer]:
    """The customers in a file, as far as its records can be read; the others are told on standard error."""
    from tactful.entrypoints.commands.inputs import known_profiles
    from tactful.imports.book import read_book
    from tactful.imports.upload_settings import UploadSettings

    with path.open("rb") as file:
        book = read_book(None, file, datetime.now(UTC), UploadSettings(), known_profiles())
    for fault in book.faults:
        record = f"record {fault.record}: " if fault.record else ""
        sys.stderr.write(f"{path}: {record}{fault.reason}\n")
    return [account.customer for account in book.accounts]


def _answer(
    path: Path, read: PolicyFile | None, findings: Iterable[Finding], faults: Iterable[Fault]
) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "file": str(path),
        "valid": read is not None,
        "faults": [
            {"file": str(fault.path), "line": fault.line or None, "place": fault.place, "message": fault.said}
            for fault in faults
        ],
    }
    if read is not None:
        policy = read.policy
        answer |= {
            "policy": policy.label,
            "packs": [pack.name for pack in policy.packs],
            "ladders": {
                name: [stage.model_dump(mode="json", exclude_defaults=True) for stage in stages]
                for name, stages in _ladders(read)
            },
            "findings": [
                {
                    "level": str(finding.level),
                    "line": read.tree.line(finding.place) or None,
                    "place": read.tree.named(finding.place),
                    "message": finding.message,
                    "remedy": finding.remedy,
                }
                for finding in findings
            ],
        }
    return answer


def _ladders(read: PolicyFile) -> Iterator[tuple[str, Sequence[Stage]]]:
    from tactful.domain.dunning.policy import STANDARD_LADDER

    yield STANDARD_LADDER, read.policy.stages
    yield from read.policy.ladders.items()


def _report(path: Path, read: PolicyFile, findings: Sequence[Finding]) -> Iterator[str]:
    policy = read.policy
    width = max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size().columns))
    yield f"{path}: {policy.label} is valid, {len(policy.stages)} stages"
    packs = ", ".join(f"{pack.name} ({len(pack.rules)} rules)" for pack in policy.packs)
    yield f"packs: {packs or 'none'}"
    for name, stages in _ladders(read):
        yield ""
        yield f"ladder {name}"
        yield from _table(stages, policy.grace_days, width)
    if findings:
        yield ""
    for finding in findings:
        line = read.tree.line(finding.place)
        where = ": ".join(filter(None, (f"line {line}" if line else "", read.tree.named(finding.place))))
        said = f"{finding.level}: {where + ': ' if where else ''}{finding.message}; {finding.remedy}"
        yield from textwrap.wrap(said, width, subsequent_indent="  ", break_long_words=False)
    yield ""
    yield _count(findings)


def _count(findings: Sequence[Finding]) -> str:
    levels = [str(finding.level) for finding in findings]
    counted = [(levels.count(level), level) for level in dict.fromkeys(levels)]
    words = [f"{number} {level}{'' if number == 1 else 's'}" for number, level in counted]
    return f"found: {', '.join(words)}" if words else "nothing else found"


def _table(stages: Sequence[Stage], grace_days: int, width: int) -> Iterator[str]:
    rows = [_COLUMNS, *(_cells(stage, grace_days) for stage in stages)]
    used = [index for index in range(len(_COLUMNS)) if any(row[index] for row in rows[1:])]
    widths = {index: max(len(row[index]) for row in rows) for index in used[:-1]}
    for row in rows:
        cells = [
            row[index].rjust(widths[index]) if index == 0 else row[index].ljust(widths[index])
            for index in used[:-1]
        ]
        start = "  " + "  ".join(cells) + "  "
        room = max(width - len(start), len("approval"))
        first, *rest = textwrap.wrap(row[used[-1]], room) or [""]
        yield (start + first).rstrip()
        yield from (" " * len(start) + line for line in rest)


def _cells(stage: Stage, grace_days: int) -> tuple[str, ...]:
    from tactful.domain.dunning.stage import StageKind

    is_message = stage.kind is StageKind.MESSAGE
    notes = [
        f"grace: +{grace_days}" if 0 < stage.days < grace_days else "",
        "approval" if stage.approval else "",
        f"words: {stage.wording}" if stage.wording else "",
        f"{stage.repeat.times}x more, every {stage.repeat.every_days} days" if stage.repeat else "",
    ]
    return (
        f"{stage.days:+d}" if stage.days else "0",
        stage.name,
        f"{stage.tone} message" if is_message else stage.kind.replace("_", " "),
        ", ".join(stage.channels),
        str(stage.role) if stage.kind.contacts_the_client else "",
        "; ".join(filter(None, notes)),
    )
