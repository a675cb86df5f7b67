"""`tactful check-file`: what an upload of a file would be read as, and what would be left out, without a stack."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tactful.entrypoints.commands.inputs import add_reading, country, known_profiles, said_of_files

if TYPE_CHECKING:
    from tactful.imports.checked import Directory
    from tactful.imports.profile import FileKind
    from tactful.imports.reading import Item, Reading
    from tactful.imports.upload_settings import UploadSettings

_FINE, _FAULTS = 0, 1
_MOST_SAID = 20
_TOLD_EVERY = 5_000


@dataclass(slots=True)
class Check:
    """A file under examination. `items` reads it from the start; the warnings are complete once it has been read."""

    reading: Reading
    directory: Directory
    about_customers: tuple[str, ...]

    def items(self) -> Iterator[Item]:
        """What the file says, in its order; how far the reading is, is told on a terminal."""
        is_seen = sys.stderr.isatty()
        for count, item in enumerate(self.reading.items(), 1):
            if is_seen and not count % _TOLD_EVERY:
                sys.stderr.write(f"\rread: {item.records[-1]:,} records")
                sys.stderr.flush()
            yield item
        if is_seen:
            sys.stderr.write("\r\033[K")

    @property
    def is_of_customers(self) -> bool:
        return self.reading.kind == "customers"

    @property
    def warnings(self) -> tuple[str, ...]:
        return (*self.reading.warnings, *self.about_customers)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `check-file` to a command line."""
    command = commands.add_parser(
        "check-file",
        help="say what a file would be read as, before it is uploaded",
        description="Reads a file as an upload would, and takes nothing over. Exit code 0: all of it can be read; "
        "1: records would be rejected, or the whole file refused.",
    )
    command.add_argument("file", type=Path, metavar="FILE", help="as the accounting product exported it")
    command.add_argument(
        "--kind", choices=("invoices", "customers"), default="invoices", help="what it holds (invoices)"
    )
    add_reading(command)
    command.add_argument(
        "--country", type=country, default="", metavar="CC", help="where phone numbers are, ISO 3166"
    )
    command.add_argument(
        "--customers", type=Path, metavar="F", help="a customers file: e-mail addresses that FILE lacks"
    )
    command.add_argument(
        "--settings", type=Path, metavar="YAML", help="the settings file that would lie beside the upload"
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0: all of it can be read; 1: records are rejected, or the file is refused."""
    from tactful.entrypoints.commands.check_file_answer import print_json, print_json_refusal
    from tactful.entrypoints.commands.check_file_text import print_refusal, print_text
    from tactful.imports.statement import UnreadableFileError

    try:
        with _opened(arguments) as check:
            rejected = (print_json if arguments.json else print_text)(arguments.file, check)
    except UnreadableFileError as error:
        (print_json_refusal if arguments.json else print_refusal)(arguments.file, str(error))
        return _FAULTS
    return _FAULTS if rejected else _FINE


@contextmanager
def _opened(arguments: argparse.Namespace) -> Iterator[Check]:
    """The file, looked over once. Raises UnreadableFileError if it is refused, or cannot be opened."""
    from tactful.imports.profile import FileKind

    settings = _settings(arguments)
    directory, said = _directory(arguments.customers, settings)
    with _reading(arguments.file, FileKind(arguments.kind), settings) as reading:
        yield Check(reading, directory, said)


@contextmanager
def _reading(path: Path, kind: FileKind, settings: UploadSettings) -> Iterator[Reading]:
    from tactful.imports.reading import read_file
    from tactful.imports.statement import UnreadableFileError

    with ExitStack() as opened:
        try:
            file = opened.enter_context(path.open("rb"))
            if not file.seekable():
                raise UnreadableFileError("it is a stream: save it to a file first, to be read twice")
            reading = read_file(file, kind, settings, known_profiles())
        except OSError as error:
            raise UnreadableFileError(f"it cannot be opened: {error.strerror or error}") from error
        yield reading


def _settings(arguments: argparse.Namespace) -> UploadSettings:
    """The settings beside the file, and what the other arguments say in their place."""
    from tactful.adapters.upload_settings import from_yaml, overlaid
    from tactful.imports.statement import UnreadableFileError
    from tactful.imports.upload_settings import UploadSettings

    settings = UploadSettings()
    if arguments.settings:
        try:
            content = arguments.settings.read_bytes()
        except OSError as error:
            raise UnreadableFileError(
                f"{arguments.settings}: it cannot be opened: {error.strerror or error}"
            ) from error
        settings = overlaid(settings, from_yaml(content, str(arguments.settings)))
    return overlaid(settings, said_of_files(arguments))


def _directory(path: Path | None, settings: UploadSettings) -> tuple[Directory, tuple[str, ...]]:
    """The addresses in a customers file, and what is wrong with it: that stops no invoice."""
    from tactful.imports.checked import Directory
    from tactful.imports.profile import FileKind
    from tactful.imports.statement import Described, Rejected, UnreadableFileError
    from tactful.imports.upload_settings import UploadSettings

    directory = Directory()
    if path is None:
        return directory, ()
    said: list[str] = []
    unsaid = 0
    try:
        with _reading(path, FileKind.CUSTOMERS, UploadSettings(country=settings.country)) as reading:
            for item in reading.items():
                if isinstance(item, Described):
                    directory.add(item.customer)
                elif isinstance(item, Rejected) and len(said) < _MOST_SAID:
                    said.append(f"{path}: record {item.records[0]}: {item.reason}")
                else:
                    unsaid += isinstance(item, Rejected)
            said += [f"{path}: {warning}" for warning in reading.warnings]
    except UnreadableFileError as error:
        said.append(f"{path}: it was not read: {error}")
    more = [f"{path}: {unsaid:,} more records cannot be read"] if unsaid else []
    return directory, (*said, *more)
