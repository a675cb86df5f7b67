"""Taking over one file that has been opened, as far as the time goes."""

from __future__ import annotations

from base64 import b32decode, b32encode, b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, islice
from typing import IO, Any

from tactful.application.import_report import ImportReport
from tactful.application.snapshot_progress import SnapshotProgress
from tactful.application.take_statements import Occasion, Statement, TakeStatements
from tactful.imports.book import plain_name
from tactful.imports.reading import Reading
from tactful.imports.records import open_records
from tactful.imports.rejects import write_rejects
from tactful.imports.statement import Described, Ignored, Rejected, StatedCustomer, StatedInvoice

TimeLeft = Callable[[], timedelta]
"""How long the run may still take."""

_KEY_BYTES = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """So many items are held at once: a file of any length costs the same memory.

    With less time left than `reserve` no more of them are begun: the slowest store must be through with them by then.
    A run takes over so many bytes of a plain file if every row is a new customer.
    """

    at_once: int = 3_000
    reserve: timedelta = timedelta(minutes=4)
    bytes_a_run: int = 8_000_000

    def has_time(self, time_left: TimeLeft) -> Callable[[], bool]:
        """Tells whether to begin with more: always at first, so that every run gets on."""
        asked = count()
        return lambda: next(asked) == 0 or time_left() >= self.reserve


class Touched:
    """The accounts that an import changed, ten bytes each: what undoing it has to look at."""

    def __init__(self, packed: str = "") -> None:
        self._packed = bytearray(b64decode(packed))

    def add(self, account_key: str) -> None:
        self._packed += b32decode(account_key.upper())

    def packed(self) -> str:
        """As text, to be kept."""
        return b64encode(self._packed).decode()

    def keys(self) -> tuple[str, ...]:
        """Each account once, in the order in which they were changed first."""
        places = range(0, len(self._packed), _KEY_BYTES)
        found = (bytes(self._packed[place : place + _KEY_BYTES]) for place in places)
        return tuple(b32encode(key).decode().lower() for key in dict.fromkeys(found))


class SharedNames:
    """Names that a file gives to customers of different ids. The file is read for them when somebody asks first.

    `has_read` says that it was: whoever was reading the file has to begin again where they were.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._shared: set[int] | None = None
        self.has_read = False

    def __call__(self, customer: StatedCustomer) -> bool:
        """Whether a customer's name is also another's."""
        if self._shared is None:
            self._shared, self.has_read = self._found(), True
        return hash(plain_name(customer.name)) in self._shared

    def _found(self) -> set[int]:
        ids: dict[int, int] = {}
        shared: set[int] = set()
        for item in self._reading.items():
            if isinstance(item, StatedInvoice | Described) and item.customer.id:
                name, own = hash(plain_name(item.customer.name)), hash(item.customer.id)
                if ids.setdefault(name, own) != own:
                    shared.add(name)
        return shared


@dataclass(slots=True)
class Progress:
    """How far an import has come: the last record that was taken over, and what it has changed so far.

    `change` is the number of its change of the book, 0 before that has begun, and `agreed` what the book agreed with
    before it. In so many accounts (`overtaken`) what a later list lacks is `presumed` settled: so many invoices.
    """

    digest: str
    change: int = 0
    agreed: Mapping[str, Any] = field(default_factory=dict)
    after: int = 0
    touched: Touched = field(default_factory=Touched)
    snapshot: SnapshotProgress = field(default_factory=SnapshotProgress)
    overtaken: int = 0
    presumed: int = 0

    def as_part(self) -> dict[str, object]:
        """As JSON."""
        return {
            "digest": self.digest,
            "change": self.change,
            "agreed": dict(self.agreed),
            "after": self.after,
            "touched": self.touched.packed(),
            "snapshot": self.snapshot.as_part(),
            "overtaken": self.overtaken,
            "presumed": self.presumed,
        }

    @classmethod
    def of_part(cls, part: Mapping[str, Any]) -> Progress:
        """From what `as_part` made."""
        return cls(
            part["digest"],
            part["change"],
            part["agreed"],
            part["after"],
            Touched(part["touched"]),
            SnapshotProgress.of_part(part["snapshot"]),
            part["overtaken"],
            part["presumed"],
        )


@dataclass(frozen=True, slots=True)
class TakeFile:
    """Takes over the items of a file, chunk by chunk."""

    taking: TakeStatements
    limits: Limits

    def go_on(
        self,
        reading: Reading,
        report: ImportReport,
        progress: Progress,
        time_left: TimeLeft,
        not_before: datetime,
    ) -> bool:
        """Take over what follows `progress.after`; whether that was all. At least one chunk is taken over.

        Nobody is reminded before an instant (UTC). Raises StoreUnavailableError.
        """
        shared = SharedNames(reading)
        occasion = Occasion(report, not_before, shared, progress.touched.add, progress.snapshot.see)
        items = reading.items(progress.after)
        has_time = self.limits.has_time(time_left)
        while chunk := list(islice(items, self.limits.at_once)):
            if not has_time():
                return False
            statements: list[Statement] = []
            for item in chunk:
                if isinstance(item, Rejected):
                    report.reject(item)
                    progress.snapshot.see("", item.invoice_number)
                elif isinstance(item, Ignored):
                    report.ignore(item)
                else:
                    statements.append(item)
                    report.show(item)
            self.taking.take(statements, occasion)
            progress.after = max(progress.after, *(item.records[-1] for item in chunk))
            report.warn(reading.warnings)
            if shared.has_read:
                items, shared.has_read = reading.items(progress.after), False
        report.warn(reading.warnings)
        return True


def write_rejected(file: IO[bytes], reading: Reading, report: ImportReport, out: IO[bytes]) -> None:
    """Write the rejected records as a file that can be corrected and uploaded: all of them, however many."""
    cells = _cells(file, reading, report) if report.late else {}

    def rejected() -> Iterator[Rejected]:
        for item in reading.items():
            if isinstance(item, Rejected):
                yield item
            elif item.records[0] in report.late:
                number = item.number if isinstance(item, StatedInvoice) else ""
                said = tuple(cells[record] for record in item.records if record in cells)
                yield Rejected(item.records, report.late[item.records[0]], number, said)

    write_rejects(reading, rejected(), out)


def _cells(file: IO[bytes], reading: Reading, report: ImportReport) -> dict[int, tuple[str, ...]]:
    """The records that could be read and not be taken over, as they stand in the file."""
    late = (item.records for item in reading.items() if item.records[0] in report.late)
    wanted = {record for records in late for record in records}
    return {record.number: tuple(record.cells) for record in open_records(file) if record.number in wanted}
