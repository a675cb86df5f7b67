"""Where a person sees what was imported, takes it back, or lets it pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tactful.application.import_file import Touched
from tactful.application.import_ports import (
    Again,
    BookContents,
    ImportParts,
    ImportQueue,
    ImportRegister,
    Reports,
)
from tactful.application.import_report import Outcome
from tactful.application.newest_list import NewestList
from tactful.application.undo_import import UndoImport, UndoReport
from tactful.application.upload import ImportRecord, ImportState


@dataclass(frozen=True, slots=True)
class ImportDesk:
    """The imports of a book. Its methods raise ValueError for an import that is not there, or not in that state."""

    register: ImportRegister
    reports: Reports
    parts: ImportParts
    contents: BookContents
    queue: ImportQueue
    undoing: UndoImport

    def list(self) -> Sequence[ImportRecord]:
        """Every import that is remembered, the last uploaded first."""
        return self.register.all()

    def show(self, import_id: str) -> tuple[ImportRecord, Mapping[str, Any] | None]:
        """An import and its report, if no later version of the file has taken the report's place."""
        record = self.register.find(import_id)
        if record is None:
            raise ValueError(f"there is no import {import_id!r}: see tactful import list")
        report = self.reports.read(record.upload.key)
        return record, report if report and report["import"] == import_id else None

    def release(self, import_id: str) -> ImportRecord:
        """Let a held file pass: it is queued to be imported without being judged."""
        record, _ = self.show(import_id)
        if record.state is not ImportState.HELD:
            raise ValueError(f"import {import_id} is {record.state}: only one that is held can be released")
        newest = self.register.newest(record.upload.key)
        if newest is not None and newest.id != record.id:
            raise ValueError(f"a later version of {record.upload.key} was uploaded: see import {newest.id}")
        self.queue.put(Again(import_id, is_released=True))
        return record

    def undo(self, import_id: str) -> UndoReport:
        """Make the accounts what they were before an import, each as a whole or not at all.

        Where an account was refused it may be tried again. Raises StoreUnavailableError: do it again.
        """
        record, report = self.show(import_id)
        if record.state is not ImportState.DONE:
            raise ValueError(f"import {import_id} is {record.state}: only one that is done can be undone")
        part = self.parts.last(import_id)
        if part is None:
            raise ValueError(f"nobody remembers what import {import_id} changed: it is too long ago")
        # What the book agrees with is not true any more, before and after.
        self.contents.begin()
        NewestList(self.parts).forget(import_id)
        undone = self.undoing.run(import_id, Touched(part["touched"]).keys())
        self.contents.begin()
        if undone.refused:
            said = f"{len(undone.refused):,} customers could not be put back"
            self.register.note(replace(record, said=said))
            return undone
        self.register.note(replace(record, state=ImportState.UNDONE))
        if report is not None:
            self.reports.write(record.upload.key, {**report, "outcome": str(Outcome.UNDONE)})
        return undone
