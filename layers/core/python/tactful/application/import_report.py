"""What an upload was read as and what became of it, row by row: the report of an import."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tactful.application.upload import Upload
from tactful.imports.statement import Described, Ignored, Rejected, StatedInvoice
from tactful.imports.statements import RowOutcome
from tactful.imports.upload_settings import Mode, UploadSettings

# A report is read by people: what does not fit stands in the CSV of rejected rows.
_MOST_REJECTED = 1_000
_MOST_WARNINGS = 100
_MOST_REASONS = 100
_FIRST = 10
_OTHER_REASONS = "other reasons"
_IGNORED = "ignored"


class Outcome(StrEnum):
    """What became of a file as a whole.

    A file that is UNCHANGED says what the book says already; one that is SUPERSEDED came after a later version of
    itself; one that was PAUSED is gone on with in another run.
    """

    DONE = "done"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    HELD = "held"
    SUPERSEDED = "superseded"
    UNDONE = "undone"
    PAUSED = "paused"


@dataclass(slots=True)
class ImportReport:
    """Counts are of records of the file; `invoices` and `customers` count what those records are about.

    `said` is why the file was refused, held or passed over. `late` has the records that were refused when they were
    taken over, by the first one, and why: what is wrong with the others can be read in the file again. `settings`
    are those the file was read with, None before that is known; `faults` the program's own, for its log. It
    `is_outdone` if a customer of it is known from a later file, too. A report that is no news was made before.
    """

    upload: Upload
    mode: Mode = Mode.INCREMENTAL
    outcome: Outcome = Outcome.DONE
    said: str = ""
    same_as: str = ""
    read_as: Mapping[str, object] | None = None
    records: Counter[str] = field(default_factory=Counter)
    invoices: Counter[str] = field(default_factory=Counter)
    customers: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    stated: Counter[str] = field(default_factory=Counter)
    due: Counter[str] = field(default_factory=Counter)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    late: dict[int, str] = field(default_factory=dict)
    first: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    presumed_settled: int = 0
    reopened: int = 0
    parts: int = 1
    rejected_file: str = ""
    settings: UploadSettings | None = None
    faults: list[Exception] = field(default_factory=list)
    is_outdone: bool = False
    is_news: bool = True

    @property
    def refused(self) -> str:
        return self.said if self.outcome is Outcome.REFUSED else ""

    @property
    def accepted(self) -> int:
        """How many records were taken over or known already."""
        return self.records.total() - self.records[RowOutcome.REJECTED] - self.ignored.total()

    @property
    def changed_anything(self) -> bool:
        """Whether the book was another one afterwards."""
        touched = (*self.records, *self.invoices, *self.customers)
        changes = RowOutcome.NEW in touched or RowOutcome.CHANGED in touched
        return changes or bool(self.presumed_settled or self.reopened)

    def take(self, item: StatedInvoice | Described, outcome: RowOutcome) -> None:
        """Something was taken over, or known already."""
        self.records[outcome] += len(item.records)
        if isinstance(item, StatedInvoice):
            self.invoices[outcome] += 1
            self.stated[item.total.currency] += item.total.minor
            self.due[item.total.currency] += item.amount_due.minor

    def show(self, item: StatedInvoice | Described) -> None:
        """The first invoices of a file are shown as they were understood."""
        if isinstance(item, StatedInvoice) and len(self.first) < _FIRST:
            self.first.append(_as_understood(item))

    def refuse(self, item: StatedInvoice | Described, reason: str) -> None:
        """Something that the file says well cannot be taken over."""
        self.late[item.records[0]] = reason
        number = item.number if isinstance(item, StatedInvoice) else ""
        self.reject(Rejected(item.records, reason, number))

    def reject(self, item: Rejected) -> None:
        """Records that say something wrong."""
        self.records[RowOutcome.REJECTED] += len(item.records)
        if item.invoice_number:
            self.invoices[RowOutcome.REJECTED] += 1
        row = {"records": list(item.records), "reason": item.reason}
        insort(self.rejected, {**row, "invoice_number": item.invoice_number or None}, key=_first_record)
        del self.rejected[_MOST_REJECTED:]

    def know(self, *, is_new: bool, is_changed: bool) -> None:
        """A customer was opened, or something about it changed."""
        if is_new or is_changed:
            self.customers[RowOutcome.NEW if is_new else RowOutcome.CHANGED] += 1

    def warn(self, warnings: Iterable[str]) -> None:
        """What should not be overlooked; what was said before is not said again."""
        for said in warnings:
            if said not in self.warnings and len(self.warnings) < _MOST_WARNINGS:
                self.warnings.append(said)

    def ignore(self, item: Ignored) -> None:
        """Records that are no invoices or customers."""
        known = item.reason in self.ignored or len(self.ignored) < _MOST_REASONS
        self.ignored[item.reason if known else _OTHER_REASONS] += len(item.records)
        self.records[_IGNORED] += len(item.records)

    def counts(self) -> dict[str, int]:
        """What happened to how many records; `rows` is the sum of the others."""
        words = (*RowOutcome, _IGNORED)
        return {"rows": self.records.total(), **{str(word): self.records[word] for word in words}}

    def as_json(self) -> dict[str, object]:
        """The report's JSON."""
        return {
            "import": self.upload.id,
            "upload": self.upload.key,
            "version": self.upload.version,
            "uploaded_at": self.upload.at.isoformat(),
            "kind": str(self.upload.kind or "unknown"),
            "mode": str(self.mode),
            "outcome": str(self.outcome),
            "same_as": self.same_as or None,
            **{
                str(word): (self.said if self.outcome is word else None)
                for word in (Outcome.REFUSED, Outcome.HELD, Outcome.SUPERSEDED)
            },
            "read_as": self.read_as,
            **self.counts(),
            "invoices": {str(outcome): self.invoices[outcome] for outcome in RowOutcome},
            "customers": {str(outcome): self.customers[outcome] for outcome in _KNOWN},
            "totals": {
                currency: {"stated_minor": self.stated[currency], "due_minor": self.due[currency]}
                for currency in sorted(self.stated)
            },
            "presumed_settled": self.presumed_settled,
            "reopened": self.reopened,
            "warnings": self.warnings,
            "rejected_rows": self.rejected,
            "rejected_file": self.rejected_file or None,
            "ignored_rows": dict(self.ignored.most_common()),
            "first_invoices": self.first,
            "parts": self.parts,
        }

    def as_part(self) -> dict[str, object]:
        """All that the next part has to know to go on counting."""
        return {
            **{name: dict(getattr(self, name)) for name in _COUNTERS},
            "late": list(self.late.items()),
            "rejected": self.rejected,
            "first": self.first,
            "warnings": self.warnings,
            "reopened": self.reopened,
            "is_outdone": self.is_outdone,
            "parts": self.parts,
        }

    def go_on(self, part: Mapping[str, Any]) -> None:
        """Go on counting where a part ended."""
        for name in _COUNTERS:
            setattr(self, name, Counter(part[name]))
        self.late = dict(part["late"])
        self.rejected, self.first, self.warnings = part["rejected"], part["first"], part["warnings"]
        self.reopened, self.parts = part["reopened"], part["parts"] + 1
        self.is_outdone = part["is_outdone"]


_COUNTERS = ("records", "invoices", "customers", "ignored", "stated", "due")
_KNOWN = (RowOutcome.NEW, RowOutcome.CHANGED)


def _first_record(row: Mapping[str, Any]) -> int:
    first: int = row["records"][0]
    return first


def _as_understood(invoice: StatedInvoice) -> dict[str, Any]:
    return {
        "records": list(invoice.records),
        "invoice_number": invoice.number,
        "customer_id": invoice.customer.id or None,
        "customer_name": invoice.customer.name,
        "issue_date": invoice.issue_date.isoformat() if invoice.issue_date else None,
        "due_date": invoice.due_date.isoformat() if invoice.due_date else None,
        "total": str(invoice.total),
        "amount_due": str(invoice.amount_due),
        "state": str(invoice.state),
        "source_status": invoice.status or None,
    }
