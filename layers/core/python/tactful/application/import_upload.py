"""Importing an uploaded file: every good row is taken over, every bad one reported, nothing is sent."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import IO

from tactful.application.import_file import Limits, Progress, TakeFile, TimeLeft, write_rejected
from tactful.application.import_ports import (
    Again,
    BookContents,
    Compared,
    Contents,
    ImportParts,
    ImportQueue,
    ImportRegister,
    Reports,
    SettingsOfUploads,
    Uploads,
)
from tactful.application.import_report import ImportReport, Outcome
from tactful.application.import_snapshot import ImportSnapshot
from tactful.application.newest_list import NewestList
from tactful.application.ports import BookStatus
from tactful.application.snapshot_progress import presumed_as_part, presumed_of_part, preview_of
from tactful.application.take_statements import TakeStatements
from tactful.application.upload import ImportRecord, ImportState, Upload
from tactful.imports.profile import FileKind, Profile, plain
from tactful.imports.reading import Reading, read_file
from tactful.imports.rejects import READ_AS
from tactful.imports.statement import UnreadableFileError
from tactful.imports.statements import RowOutcome
from tactful.imports.upload_settings import Mode, UploadSettings

# The function's own time limit.
_LONGEST_RUN = timedelta(minutes=15)
# What is packed is as many times larger, roughly.
_PACKED = 10
# An overdue invoice is noted to be still unpaid once a week, see Invoice.seen_due_at: a comparison stands for less.
_COMPARED_FOR = timedelta(days=6)
_A_WEEK = timedelta(days=7)
_MOST_COMPARED = 8
_NEVER = timedelta.max
_STATES: Mapping[Outcome, ImportState] = {
    Outcome.DONE: ImportState.DONE,
    Outcome.UNCHANGED: ImportState.DONE,
    Outcome.REFUSED: ImportState.REFUSED,
    Outcome.HELD: ImportState.HELD,
}
_OUTCOMES: Mapping[ImportState, Outcome] = {
    ImportState.DONE: Outcome.DONE,
    ImportState.REFUSED: Outcome.REFUSED,
    ImportState.HELD: Outcome.HELD,
    ImportState.UNDONE: Outcome.UNDONE,
}
_TO_BE_HELPED = (ImportState.REFUSED, ImportState.HELD)


def _for_ever() -> timedelta:
    return _NEVER


@dataclass(frozen=True, slots=True)
class ImportUpload:
    """Imports one file, in several runs if one is too short.

    Doing it again changes nothing: rows state facts, they do not add to them. `reader` tells versions of the program
    apart that may read a file differently.
    """

    uploads: Uploads
    settings: SettingsOfUploads
    profiles: Sequence[Profile]
    reports: Reports
    parts: ImportParts
    register: ImportRegister
    contents: BookContents
    queue: ImportQueue
    taking: TakeStatements
    snapshots: ImportSnapshot
    book: BookStatus
    reader: str = ""
    limits: Limits = field(default_factory=Limits)

    def run(self, upload: Upload, time_left: TimeLeft = _for_ever) -> ImportReport | None:
        """Import a file that was uploaded, and report on it; None if there is nothing to do.

        Settings that were put beside a refused or held file make it be read again. Raises StoreUnavailableError: the
        rest must be tried again.
        """
        if upload.is_no_file:
            return None
        if upload.describes:
            described = self.register.newest(upload.describes)
            if described is None or described.state not in _TO_BE_HELPED:
                return None
            report = self._import(described.upload, time_left)
            if described.state is ImportState.HELD and report.outcome in _STATES.keys() - {Outcome.HELD}:
                self.snapshots.release(described.id, by="settings put beside the file")
            return report
        known = self.register.find(upload.id)
        if known is not None and known.state is not ImportState.IMPORTING:
            return _as_known(known)
        newest = self.register.newest(upload.key)
        if known is None and newest is not None and upload.is_older_than(newest.upload):
            return self._superseded(upload, newest)
        if newest is not None and newest.state is ImportState.HELD:
            self.snapshots.release(newest.id, by="a later version of the file")
        at = self.taking.events.clock.reading_at(upload.at)
        upload = known.upload if known else replace(upload, at=at)
        self.register.note(ImportRecord(upload, ImportState.IMPORTING))
        return self._import(upload, time_left)

    def go_on(self, again: Again, time_left: TimeLeft = _for_ever) -> ImportReport | None:
        """Take an import up again; None if somebody has done that already."""
        record = self.register.find(again.import_id)
        if record is None:
            return None
        if again.is_released and record.state is ImportState.HELD:
            newest = self.register.newest(record.upload.key)
            if newest is None or newest.id != record.id:
                return None
            self.snapshots.release(record.id, by="release")
            return self._import(record.upload, time_left, is_released=True)
        part = self.parts.last(record.id)
        if record.state is not ImportState.IMPORTING or part is None:
            return None
        done = part.get("parts", 0)
        if done > again.part:
            # The run that came so far may have broken off before it asked for the next: two do no harm.
            self.queue.put(Again(record.id, done))
        return self._import(record.upload, time_left) if done == again.part else None

    def _import(self, upload: Upload, time_left: TimeLeft, *, is_released: bool = False) -> ImportReport:
        """Import a file. One that was refused or held is that until the end: a try that breaks off is made again."""
        report = ImportReport(upload, upload.mode)
        try:
            kind = _kind(upload)
            with self.uploads.open(upload.bucket, upload.key, upload.version) as file:
                self._import_file(file, kind, report, time_left, is_released=is_released)
        except UnreadableFileError as error:
            report.outcome, report.said = Outcome.REFUSED, str(error)
        except FileNotFoundError:
            report.outcome = Outcome.REFUSED
            report.said = "the file was deleted before it could be read: upload it again"
        if report.outcome is Outcome.REFUSED and self._may_be_helped(report):
            return self._import(upload, time_left)
        if report.outcome is not Outcome.PAUSED:
            self.reports.write(upload.key, report.as_json())
            self.register.note(ImportRecord(upload, _STATES[report.outcome], report.said, report.counts()))
        return report

    def _may_be_helped(self, report: ImportReport) -> bool:
        """Whether settings were put beside a file while it was being refused."""
        if report.settings is None:
            return False
        try:
            return self.settings.settings_for(report.upload) != report.settings
        except (FileNotFoundError, UnreadableFileError):
            return False

    def _import_file(
        self,
        file: IO[bytes],
        kind: FileKind,
        report: ImportReport,
        time_left: TimeLeft,
        *,
        is_released: bool,
    ) -> None:
        upload = report.upload
        settings = report.settings = self.settings.settings_for(upload)
        settings = replace(settings, mode=settings.mode or upload.mode)
        digest = self._digest(file, kind, settings)
        part = self.parts.last(upload.id)
        if part is None or part["digest"] != digest:
            part = None
            if self._is_same(digest, report) and not is_released:
                return
        reading = read_file(file, kind, settings, self.profiles)
        report.read_as, report.mode = reading.read_as.as_json(), _mode(reading, kind)
        progress = Progress(digest)
        if part is not None:
            progress = Progress.of_part(part["progress"])
            report.go_on(part["report"])
        if report.mode is Mode.SNAPSHOT and not progress.change and not is_released:
            report.outcome = self._judged(reading, report, progress, time_left)
        if report.outcome is Outcome.DONE:
            report.outcome = self._taken(file, reading, report, progress, time_left)
        if report.outcome is Outcome.PAUSED:
            self._pause(report, progress)
        elif report.outcome is Outcome.DONE:
            self._finish(file, reading, report, progress)

    def _judged(
        self, reading: Reading, report: ImportReport, progress: Progress, time_left: TimeLeft
    ) -> Outcome:
        """Whether a list of all that is open can be believed, before anything of it is taken over."""
        snapshot = progress.snapshot
        preview = snapshot.preview = snapshot.preview or preview_of(reading.items())
        if preview.totals.invoices:
            self.snapshots.count(preview, snapshot.counted, self.limits.has_time(time_left))
            if not snapshot.counted.is_whole:
                return Outcome.PAUSED
        reasons = self.snapshots.reasons_to_hold(preview, snapshot.counted)
        if reasons:
            report.said = "; ".join(reasons)
            self.snapshots.hold(report.upload.id, report.upload.key, reasons)
        snapshot.preview = None
        return Outcome.HELD if reasons else Outcome.DONE

    def _taken(
        self,
        file: IO[bytes],
        reading: Reading,
        report: ImportReport,
        progress: Progress,
        time_left: TimeLeft,
    ) -> Outcome:
        """Take the file over, and what it lacks, as far as the time goes."""
        if not progress.change:
            progress.agreed = {
                name: {"at": one.at.isoformat(), "import_id": one.import_id}
                for name, one in self.contents.contents().files.items()
            }
            progress.change = self.contents.begin()
        taker = TakeFile(self.taking, self.limits)
        not_before = self._not_before(file, reading)
        taken_before = progress.taken
        if not taker.go_on(reading, report, progress, time_left, not_before):
            return Outcome.PAUSED
        has_to_write = report.records[RowOutcome.REJECTED] and progress.taken > taken_before
        if has_to_write and time_left() < self.limits.reserve:
            # Writing the rejected rows of a long file reads it once more.
            return Outcome.PAUSED
        if report.upload.kind is FileKind.INVOICES and not self._overtaken(report, progress, time_left):
            return Outcome.PAUSED
        return self._settled(report, progress, time_left) if report.mode is Mode.SNAPSHOT else Outcome.DONE

    def _overtaken(self, report: ImportReport, progress: Progress, time_left: TimeLeft) -> bool:
        """Presume settled what a later list of all that is open lacks, in the accounts of this file; whether it did."""
        upload = report.upload
        later = NewestList(self.parts).since(upload)
        if later is None:
            return True
        report.warn(
            [
                f"a list of all open invoices was uploaded later ({later.import_id}): what it lacks is presumed settled"
            ]
        )
        has_time = self.limits.has_time(time_left)
        for key in progress.touched.keys()[progress.overtaken :]:
            if not has_time():
                return False
            progress.presumed += self.snapshots.settle_one(key, upload.id, later.at, later.listed)
            progress.overtaken += 1
        report.presumed_settled = progress.presumed
        return True

    def _settled(self, report: ImportReport, progress: Progress, time_left: TimeLeft) -> Outcome:
        """Presume settled what a list lacks, as far as the time goes."""
        upload, name = report.upload, f"{report.upload.id}.presumed"
        newest = NewestList(self.parts)
        if newest.since(upload):
            # That one has settled what it lacks, and left open what it has.
            return Outcome.DONE
        newest.note(upload, progress.snapshot.listed)
        presumed = self.snapshots.settle(
            upload.id,
            upload.at,
            progress.snapshot.listed,
            presumed_of_part(self.parts.last(name), progress.digest),
            keep=lambda presumed: self.parts.keep(name, presumed_as_part(presumed, progress.digest)),
            has_time=self.limits.has_time(time_left),
        )
        self.parts.keep(name, presumed_as_part(presumed, progress.digest))
        if not presumed.is_whole:
            return Outcome.PAUSED
        report.presumed_settled = progress.presumed + presumed.invoices
        for key in presumed.accounts:
            progress.touched.add(key)
        return Outcome.DONE

    def _finish(self, file: IO[bytes], reading: Reading, report: ImportReport, progress: Progress) -> None:
        upload = report.upload
        if report.records[RowOutcome.REJECTED]:
            with self.reports.rejected(upload.key) as out:
                write_rejected(file, reading, report, out)
            report.rejected_file = f"reports/{upload.key}.rejected.csv"
        # Should the rest of this break off, the last run is done again.
        part = self.parts.last(upload.id) or {"digest": ""}
        self.parts.keep(upload.id, {**part, "touched": progress.touched.packed()})
        self.contents.end(progress.change, _agreed(report, progress))
        if upload.kind is FileKind.INVOICES and report.accepted:
            self.book.note_upload(upload.at)

    def _pause(self, report: ImportReport, progress: Progress) -> None:
        """Hand on what there is to the next run."""
        part = {"digest": progress.digest, "progress": progress.as_part(), "report": report.as_part()}
        self.parts.keep(report.upload.id, {**part, "parts": report.parts})
        self.register.note(ImportRecord(report.upload, ImportState.IMPORTING))
        self.queue.put(Again(report.upload.id, report.parts))

    def _is_same(self, digest: str, report: ImportReport) -> bool:
        """Whether the book agrees with the file already: then the report says so, and there is nothing to do."""
        compared = self.contents.contents().files.get(digest)
        before = self.register.find(compared.import_id) if compared else None
        if compared is None or before is None or report.upload.at - compared.at >= _COMPARED_FOR:
            return False
        if before.state is not ImportState.DONE:
            return False
        counts = before.counts
        report.outcome, report.same_as = Outcome.UNCHANGED, before.id
        ignored = counts["ignored"]
        report.records = +Counter({"ignored": ignored, RowOutcome.UNCHANGED: counts["rows"] - ignored})
        if report.upload.kind is FileKind.INVOICES:
            self.book.note_upload(report.upload.at)
        return True

    def _superseded(self, upload: Upload, newest: ImportRecord) -> ImportReport:
        """Beside the report of the later version, which stays."""
        report = ImportReport(upload, upload.mode, Outcome.SUPERSEDED)
        report.said = (
            f"a later version of this file was imported already ({newest.id}): nothing of this one is"
        )
        self.reports.write(f"{upload.key}.{upload.id}", report.as_json())
        return report

    def _digest(self, file: IO[bytes], kind: FileKind, settings: UploadSettings) -> str:
        """What tells two files apart that say different things, or the same in different ways."""
        digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]
        file.seek(0)
        digest.update(repr((kind, settings, self.reader)).encode())
        return digest.hexdigest()[:32]

    def _not_before(self, file: IO[bytes], reading: Reading) -> datetime:
        """Nobody is reminded on half a file: its credit notes may stand at its end."""
        size = file.seek(0, 2) * (1 if reading.read_as.container == "plain" else _PACKED)
        return self.taking.events.clock.now() + _LONGEST_RUN * (1 + size // self.limits.bytes_a_run)


def _kind(upload: Upload) -> FileKind:
    """What the file holds. Raises UnreadableFileError if nobody knows."""
    if upload.kind is None:
        raise UnreadableFileError(
            "put invoice files under invoices/, files of all open invoices under snapshots/ and customer files under "
            "customers/"
        )
    return upload.kind


def _mode(reading: Reading, kind: FileKind) -> Mode:
    """What the settings say; the rejected rows of a snapshot, uploaded again, are no list of all that is open."""
    is_rest = any(plain(cell) == plain(READ_AS) for cell in reading.header)
    if kind is FileKind.CUSTOMERS or is_rest:
        return Mode.INCREMENTAL
    return reading.read_as.settings.mode or Mode.INCREMENTAL


def _agreed(report: ImportReport, progress: Progress) -> Contents:
    """What the book agrees with after an import. What was rejected, or older, may be next time."""
    files = {
        digest: Compared(datetime.fromisoformat(one["at"]), one["import_id"])
        for digest, one in progress.agreed.items()
        if not report.changed_anything
    }
    known = files.get(progress.digest)
    is_recent = known is not None and report.upload.at - known.at < _A_WEEK
    is_outdone = report.is_outdone or progress.presumed
    if not report.records[RowOutcome.REJECTED] and not is_outdone and not is_recent:
        files[progress.digest] = Compared(report.upload.at, report.upload.id)
    newest = sorted(files.items(), key=lambda item: item[1].at)[-_MOST_COMPARED:]
    return Contents(dict(newest))


def _as_known(record: ImportRecord) -> ImportReport:
    """The report of an import that is over."""
    report = ImportReport(
        record.upload, record.upload.mode, _OUTCOMES[record.state], record.said, is_news=False
    )
    report.records = +Counter({word: number for word, number in record.counts.items() if word != "rows"})
    return report
