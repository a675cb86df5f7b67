"""One uploaded file: which version of it, what its folder says of it, and what became of earlier ones."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tactful.imports.profile import FileKind
from tactful.imports.upload_settings import Mode

SETTINGS_SUFFIX = ".settings.yaml"
"""What follows the key of a file in the key of its settings."""


class Folder(StrEnum):
    """Where files are put, by what they hold."""

    INVOICES = "invoices"
    SNAPSHOTS = "snapshots"
    CUSTOMERS = "customers"


@dataclass(frozen=True, slots=True)
class Upload:
    """One version of an uploaded file. `at` (UTC) is when it was put there; `key` is decoded.

    `sequencer` is S3's: of two events for one key the later has the greater one, as hexadecimal numbers of which
    the shorter is filled up with zeros on its right (Amazon S3 User Guide, "Event message structure").
    """

    bucket: str
    key: str
    version: str
    at: datetime
    sequencer: str = ""

    @property
    def folder(self) -> Folder | None:
        """Where it lies, or None if that is no folder that is imported."""
        first = self.key.partition("/")[0]
        return next((folder for folder in Folder if folder == first), None)

    @property
    def kind(self) -> FileKind | None:
        """What it holds, or None if nobody knows."""
        if self.folder is None:
            return None
        return FileKind.CUSTOMERS if self.folder is Folder.CUSTOMERS else FileKind.INVOICES

    @property
    def mode(self) -> Mode:
        """Whether its folder is that of snapshots."""
        return Mode.SNAPSHOT if self.folder is Folder.SNAPSHOTS else Mode.INCREMENTAL

    @property
    def id(self) -> str:
        """A short name for the import of this version: 50 bits of SHA-256 in lower-case base 32."""
        said = f"{self.key}\0{self.version or self.sequencer or self.at.isoformat()}"
        return b32encode(hashlib.sha256(said.encode()).digest()).decode()[:10].lower()

    @property
    def describes(self) -> str:
        """The key of the file whose settings this is; empty for a file of its own."""
        return self.key.removesuffix(SETTINGS_SUFFIX) if self.key.endswith(SETTINGS_SUFFIX) else ""

    @property
    def is_no_file(self) -> bool:
        """Whether it is a folder that somebody made in the console, or a file that an operating system hides."""
        return self.key.endswith("/") or self.key.rpartition("/")[2].startswith(".")

    def is_older_than(self, other: Upload) -> bool:
        """Whether another version of the key came later; not if S3 does not say."""
        own, others = self.sequencer, other.sequencer
        if not own or not others:
            return False
        length = max(len(own), len(others))
        return own.upper().ljust(length, "0") < others.upper().ljust(length, "0")


class ImportState(StrEnum):
    """How far an import is. Only REFUSED and HELD ones can be run again, by new settings or by a person."""

    IMPORTING = "importing"
    DONE = "done"
    REFUSED = "refused"
    HELD = "held"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """What is remembered of one import. `said` is why it was refused or held; `counts` are those of its report."""

    upload: Upload
    state: ImportState
    said: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.upload.id
