"""What imports need from the outside world: files, reports, and what is remembered of both.

Every port has a memory adapter and a real one, held to the same contract suite.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any, Protocol

from tactful.application.ports import Rendered
from tactful.application.upload import ImportRecord, Upload
from tactful.imports.upload_settings import UploadSettings


class Uploads(Protocol):
    """Files that admins upload."""

    def open(self, bucket: str, key: str, version: str) -> AbstractContextManager[IO[bytes]]:
        """One version of a file (empty: the newest), seekable.

        Raises FileNotFoundError if it is gone, UnreadableFileError if it is larger than can be worked on.
        """
        ...

    def metadata(self, bucket: str, key: str, version: str) -> Mapping[str, str]:
        """What was said of one version of a file when it was uploaded, by lower-case name. Raises FileNotFoundError."""
        ...


class SettingsOfUploads(Protocol):
    """What admins say of their files."""

    def settings_for(self, upload: Upload) -> UploadSettings:
        """The settings that hold for a file. Raises UnreadableFileError for ones that cannot be understood."""
        ...


class Reports(Protocol):
    """Import reports."""

    def write(self, key: str, report: Mapping[str, object]) -> str:
        """Store the report of the upload `key` as `reports/<key>.json`; returns that name."""
        ...

    def read(self, key: str) -> Mapping[str, Any] | None:
        """The report of the upload `key`, or None if there is none."""
        ...

    def rejected(self, key: str) -> AbstractContextManager[IO[bytes]]:
        """What is written inside is stored as `reports/<key>.rejected.csv` in the end."""
        ...

    def link(self, name: str) -> str:
        """Where a person who may see reports finds the one of that name."""
        ...


class ImportParts(Protocol):
    """What the part of an import that ran out of time hands on to the next."""

    def keep(self, import_id: str, part: Mapping[str, object]) -> None:
        """Remember it, in place of what was there."""
        ...

    def last(self, import_id: str) -> Mapping[str, Any] | None:
        """What was handed on last, or None if the import has not begun."""
        ...


@dataclass(frozen=True, slots=True)
class Again:
    """An import to be taken up: after which of its parts (0: none), or because a person lets it pass."""

    import_id: str
    part: int = 0
    is_released: bool = False


class ImportQueue(Protocol):
    """Imports that are to be taken up again."""

    def put(self, again: Again) -> None:
        """Queue one. Raises StoreUnavailableError."""
        ...


class ImportRegister(Protocol):
    """Which files were imported."""

    def note(self, record: ImportRecord) -> None:
        """Remember an import, and that it is the newest of its key, unless a later version of the key is known."""
        ...

    def find(self, import_id: str) -> ImportRecord | None:
        """What is known of an import."""
        ...

    def newest(self, key: str) -> ImportRecord | None:
        """The import of the latest version of a file that is known."""
        ...

    def all(self) -> Sequence[ImportRecord]:
        """Every import that is remembered, the last uploaded first."""
        ...


@dataclass(frozen=True, slots=True)
class Compared:
    """When a file was compared with the book (UTC), and by which import."""

    at: datetime
    import_id: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The files with which the book agrees, by their digest."""

    files: Mapping[str, Compared] = field(default_factory=dict)


class BookContents(Protocol):
    """Which files the book agrees with: the same file again need not be compared with it."""

    def contents(self) -> Contents:
        """What the book agrees with now."""
        ...

    def begin(self) -> int:
        """A change of the book begins: until it has ended the book agrees with no file. The number of the change."""
        ...

    def end(self, change: int, contents: Contents) -> None:
        """A change has ended; the book agrees with these files, or with none if another change began meanwhile."""
        ...


@dataclass(frozen=True, slots=True)
class Named:
    """The customers of one name, by their ids. `claimed` are those that were opened without an id and got one since."""

    ids: frozenset[str] = frozenset()
    claimed: frozenset[str] = frozenset()


class CustomerDirectory(Protocol):
    """Customers by their names, compared as `plain_name` has it, for files that have no ids."""

    def named(self, names: Iterable[str]) -> Mapping[str, Named]:
        """Who has each of these names, or had it."""
        ...

    def known_as(self, customer_id: str) -> str:
        """The id under which somebody was opened who got this one later; empty if nobody did."""
        ...

    def note_name(self, name: str, customer_id: str) -> None:
        """Remember that a customer has a name, beside those it had."""
        ...

    def claim(self, name: str, opened_as: str, customer_id: str) -> None:
        """Remember that the customer of a name, opened without an id, is the one of this id."""
        ...


class ReportWording(Protocol):
    """Turns the report of an import into words."""

    def render(self, report: Mapping[str, Any], links: Mapping[str, str]) -> Rendered:
        """The words of a message to the admin. Raises WordingError."""
        ...
