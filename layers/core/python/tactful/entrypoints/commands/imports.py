"""`tactful import`: which files were imported, what became of one, undoing one, and letting one pass that is held."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tactful.entrypoints.commands.shown import aligned, harmless

if TYPE_CHECKING:
    from tactful.application.upload import ImportRecord

_FINE, _FAULTS = 0, 1
_COUNTS = ("rows", "new", "changed", "unchanged", "rejected", "ignored")
_SHOWN = 20


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `import` to a command line."""
    command = commands.add_parser("import", help="see what became of uploaded files, undo or release one")
    actions = command.add_subparsers(required=True, metavar="ACTION")

    listed = actions.add_parser("list", help="the imports, the last first")
    listed.add_argument("--json", action="store_true", help="print JSON")
    listed.set_defaults(run=list_imports)

    show = actions.add_parser("show", help="one import with its report")
    _add_id(show)
    show.add_argument("--json", action="store_true", help="print the report's JSON")
    show.set_defaults(run=show_import)

    undo = actions.add_parser("undo", help="make the book what it was before an import")
    _add_id(undo)
    undo.add_argument("--yes", action="store_true", help="do not ask")
    undo.set_defaults(run=undo_import)

    release = actions.add_parser("release", help="let a snapshot pass that is held")
    _add_id(release)
    release.set_defaults(run=release_import)


def _add_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="as `tactful import list` and the report name it")


def list_imports(arguments: argparse.Namespace) -> int:
    """Print the imports that are remembered."""
    from tactful.console import import_desk

    records = import_desk().list()
    if arguments.json:
        _print(json.dumps([_as_json(record) for record in records], indent=2, ensure_ascii=False))
        return _FINE
    rows = [
        [
            f"{record.upload.at:%Y-%m-%d %H:%M}",
            record.id,
            str(record.state),
            _counted(record),
            record.upload.key,
        ]
        for record in records
    ]
    for line in aligned(rows, indent="") if rows else ("nothing was imported yet",):
        _print(line)
    return _FINE


def show_import(arguments: argparse.Namespace) -> int:
    """Print an import with its report."""
    from tactful.console import import_desk

    record, report = import_desk().show(arguments.id)
    if arguments.json:
        _print(json.dumps(report or _as_json(record), indent=2, ensure_ascii=False))
        return _FINE
    for line in _told(record, report or {}):
        _print(line)
    return _FINE


def undo_import(arguments: argparse.Namespace) -> int:
    """Undo an import; exit code 1 if parts of it stay."""
    from tactful.console import import_desk

    desk = import_desk()
    record, _ = desk.show(arguments.id)
    if not arguments.yes:
        if not sys.stdin.isatty():
            raise ValueError("nobody is there to ask: add --yes to undo it")
        _print(f"{harmless(record.upload.key)}: {_counted(record)}")
        sys.stdout.write("undo it? [y/N] ")
        sys.stdout.flush()
        if sys.stdin.readline().strip().casefold() not in ("y", "yes"):
            _print("nothing was done")
            return _FINE
    undone = desk.undo(record.id)
    _print(f"undone: {undone.invoices:,} invoices of {undone.accounts:,} customers are as they were before")
    overtaken = [f"{customer}: {', '.join(numbers)}" for customer, numbers in undone.overtaken]
    refused = [f"{customer}: {why}" for customer, why in undone.refused]
    for line in (*_listed("changed by a later import since", overtaken), *_listed("left alone", refused)):
        _print(line)
    return _FAULTS if undone.refused else _FINE


def release_import(arguments: argparse.Namespace) -> int:
    """Let a held snapshot pass."""
    from tactful.console import import_desk

    record = import_desk().release(arguments.id)
    _print(f"released: {harmless(record.upload.key)} is being imported; see tactful import show {record.id}")
    return _FINE


def _told(record: ImportRecord, report: Mapping[str, Any]) -> Iterator[str]:
    """An import in lines."""
    yield f"{harmless(record.upload.key)}: {record.state} (uploaded {record.upload.at:%Y-%m-%d %H:%M} UTC)"
    if record.said:
        yield harmless(record.said)
    yield from aligned([[word, f"{record.counts.get(word, 0):,}"] for word in _COUNTS], right=frozenset({1}))
    read_as = report.get("read_as")
    if read_as:
        wanted = ("profile", "encoding", "container", "delimiter", "decimal_mark", "currency")
        facts = [[name.replace("_", " "), str(read_as[name])] for name in wanted if read_as.get(name)]
        facts += [[name, f"{date['format']} ({date['why']})"] for name, date in read_as["dates"].items()]
        yield "read as"
        yield from aligned(facts)
    yield from _listed("warnings", report.get("warnings", ()))
    rejected = [f"record {row['records'][0]}: {row['reason']}" for row in report.get("rejected_rows", ())]
    yield from _listed("rejected", rejected)
    if report.get("rejected_file"):
        yield f"all of them: {harmless(report['rejected_file'])} in the upload bucket"
    yield from _listed(
        "ignored", [f"{number:,}: {why}" for why, number in report.get("ignored_rows", {}).items()]
    )


def _listed(title: str, lines: Any) -> Iterator[str]:
    if lines:
        yield title
        yield from (f"  {harmless(line)}" for line in lines[:_SHOWN])
        if len(lines) > _SHOWN:
            yield f"  and {len(lines) - _SHOWN:,} more"


def _counted(record: ImportRecord) -> str:
    counts = record.counts
    told = [f"{counts[word]:,} {word}" for word in _COUNTS[1:] if counts.get(word)]
    return ", ".join(told) or "nothing"


def _as_json(record: ImportRecord) -> dict[str, Any]:
    return {
        "import": record.id,
        "upload": record.upload.key,
        "version": record.upload.version,
        "uploaded_at": record.upload.at.isoformat(),
        "state": str(record.state),
        "said": record.said or None,
        "counts": dict(record.counts),
    }


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
