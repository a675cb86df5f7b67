"""The JSON of `tactful check-file`."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any, Self

from tactful.imports.checked import customer_as_json, ignored_as_json, invoice_as_json, rejected_as_json
from tactful.imports.statement import Described, Ignored, Rejected, StatedInvoice

if TYPE_CHECKING:
    from tactful.entrypoints.commands.check_file import Check

# Beyond this much, what is to be printed waits on the disk: a file of any length needs the same memory.
_IN_MEMORY = 4 * 2**20


def print_json(path: Path, check: Check) -> int:
    """Print what the file says; how many times records are rejected. Nothing is printed until all of it was read."""
    del path
    lists = [StatedInvoice, *([Described] if check.is_of_customers else []), Rejected, Ignored]
    with ExitStack() as opened:
        waiting = {kind: opened.enter_context(_List()) for kind in lists}
        for item in check.items():
            waiting[type(item)].add(_as_json(item, check))
        head = {"read_as": check.reading.read_as.as_json(), "refused": None}
        _print_head(head)
        for kind, listed in waiting.items():
            listed.print(_NAMES[kind])
        _print_last({"warnings": list(check.warnings)})
    return waiting[Rejected].count


def print_json_refusal(path: Path, reason: str) -> None:
    """Print why nothing of the file is read."""
    del path
    _print_head({"read_as": {}, "refused": reason})
    _print_last({"invoices": [], "rejected": [], "ignored": [], "warnings": []})


_NAMES = {StatedInvoice: "invoices", Described: "customers", Rejected: "rejected", Ignored: "ignored"}


class _List:
    """Values of a list, a line each, until it is printed."""

    def __init__(self) -> None:
        self.count = 0
        self._lines: IO[str] = SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="ascii")  # noqa: SIM115

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()

    def add(self, value: Mapping[str, Any]) -> None:
        self._lines.write(("    " if not self.count else ",\n    ") + _text(value))
        self.count += 1

    def print(self, name: str) -> None:
        self._lines.seek(0)
        sys.stdout.write(f"  {_text(name)}: [\n" if self.count else f"  {_text(name)}: [")
        shutil.copyfileobj(self._lines, sys.stdout)
        sys.stdout.write("\n  ],\n" if self.count else "],\n")


def _as_json(item: StatedInvoice | Described | Rejected | Ignored, check: Check) -> dict[str, Any]:
    match item:
        case StatedInvoice():
            return invoice_as_json(item, check.directory)
        case Described():
            return customer_as_json(item)
        case Rejected():
            return rejected_as_json(item)
        case Ignored():
            return ignored_as_json(item)


def _print_head(values: Mapping[str, Any]) -> None:
    sys.stdout.write("{\n")
    sys.stdout.writelines(f"  {_text(name)}: {_text(value)},\n" for name, value in values.items())


def _print_last(values: Mapping[str, Any]) -> None:
    sys.stdout.write(
        ",\n".join(f"  {_text(name)}: {_text(value)}" for name, value in values.items()) + "\n}\n"
    )


def _text(value: object) -> str:
    """In ASCII: what could command a terminal is escaped, and no encoding of it can fail."""
    return json.dumps(value)
