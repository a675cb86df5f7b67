"""Taking over one file that has been opened, as far as the time goes."""

from __future__ import annotations

from base64 import b32decode, b32encode, b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import IO, Any

from tactful.application.import_report import ImportReport
from tactful.application.snapshot_progress import SnapshotProgress
from tactful.application.take_statements import Occasion, TakeStatements
from tactful.imports.book import plain_name
from tactful.imports.by_customer import ByCustomer
from tactful.imports.reading import Item, Reading
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


def shared_names(reading: Reading) -> Callable[[StatedCustomer], bool]:
    """Tells whether a file has another customer of a name. It is read for that when somebody asks first."""

    @cache
    def shared() -> set[int]:
        ids: dict[int, int] = {}
        found: set[int] = set()
        for item in reading.items():
            if isinstance(item, StatedInvoice | Described) and item.customer.id:
                name, own = hash(plain_name(item.customer.name)), hash(item.customer.id)
                if ids.setdefault(name, own) != own:
                    found.add(name)
        return found

    return lambda customer: hash(plain_name(customer.name)) in shared()


@dataclass(slots=True)
class Progress:
    """How far an import has come: how many statements are taken over, by customer, and what that has changed so far.

    `change` is the number of its change of the book, 0 before that has begun, and `agreed` what the book agreed with
    before it. The report `is_told` of what cannot be taken over. In so many accounts (`overtaken`) what a later list
    lacks is `presumed` settled: so many invoices.
    """

    digest: str
    change: int = 0
    agreed: Mapping[str, Any] = field(default_factory=dict)
    is_told: bool = False
    taken: int = 0
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
            "is_told": self.is_told,
            "taken": self.taken,
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
            part["is_told"],
            part["taken"],
            Touched(part["touched"]),
            SnapshotProgress.of_part(part["snapshot"]),
            part["overtaken"],
            part["presumed"],
        )


@dataclass(frozen=True, slots=True)
class TakeFile:
    """Takes over what a file says, customer by customer."""

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
        """Take over what is not yet; whether that was all. At least one chunk is taken over.

        Nobody is reminded before an instant (UTC). Raises StoreUnavailableError.
        """
        occasion = Occasion(
            report, not_before, shared_names(reading), progress.touched.add, progress.snapshot.see
        )
        has_time = self.limits.has_time(time_left)
        with ByCustomer(self.limits.at_once) as by_customer:
            for item in reading.items():
                if isinstance(item, StatedInvoice | Described):
                    by_customer.add(item)
                if not progress.is_told:
                    _tell(item, report, progress.snapshot)
            progress.is_told = True
            report.warn(reading.warnings)
            for chunk in by_customer.chunks(progress.taken):
                if not has_time():
                    return False
                self.taking.take(chunk, occasion)
                progress.taken += len(chunk)
        return True


def _tell(item: Item, report: ImportReport, snapshot: SnapshotProgress) -> None:
    """Report what is known of an item before anything is taken over."""
    if isinstance(item, Rejected):
        report.reject(item)
        snapshot.see("", item.invoice_number)
    elif isinstance(item, Ignored):
        report.ignore(item)
    else:
        report.show(item)


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
