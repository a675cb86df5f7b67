"""Importing an uploaded file: every good row is taken over, every bad one reported, nothing is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby, islice
from typing import TypeVar

from tactful.application.account_events import AccountEvents
from tactful.application.import_ports import Reports, Uploads
from tactful.application.ports import AddressBook, BookStatus, StoreUnavailableError
from tactful.domain.book.account import Account, Change
from tactful.domain.book.customer import Customer
from tactful.imports.rows import (
    CUSTOMER_COLUMNS,
    CUSTOMER_OPTIONAL_COLUMNS,
    INVOICE_COLUMNS,
    INVOICE_OPTIONAL_COLUMNS,
    CustomerRow,
    InvoiceRow,
)
from tactful.imports.statement import Described
from tactful.imports.statements import (
    RowOutcome,
    Taken,
    contradictions,
    parsed,
    take_customers,
    take_invoices,
)
from tactful.imports.table import UnreadableFileError, check_encoding, read_rows

# The function's own time limit.
_LONGEST_RUN = timedelta(minutes=15)
# So many rows are held at once: a file of any length costs the same memory.
_AT_ONCE = 500


class UploadKind(StrEnum):
    """What a file holds, told by the folder it was put in."""

    INVOICES = "invoices"
    CUSTOMERS = "customers"


@dataclass(frozen=True, slots=True)
class Upload:
    """One version of an uploaded file. `at` (UTC) is when it was put there; `key` is decoded."""

    bucket: str
    key: str
    version: str
    at: datetime

    @property
    def kind(self) -> UploadKind | None:
        """What it holds, or None if it is in no folder that is imported."""
        folder = self.key.partition("/")[0]
        return next((kind for kind in UploadKind if kind == folder), None)


@dataclass(slots=True)
class ImportReport:
    """What was read and what became of it. `refused` says why nothing of the file was imported."""

    upload: Upload
    refused: str = ""
    counts: Counter[RowOutcome] = field(default_factory=Counter)
    rejected: list[tuple[int, str]] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        """How many rows were taken over or known already."""
        return self.counts.total() - self.counts[RowOutcome.REJECTED]

    def reject(self, line: int, reason: str) -> None:
        self.counts[RowOutcome.REJECTED] += 1
        self.rejected.append((line, reason))

    def as_json(self) -> dict[str, object]:
        """The report's JSON: `rows` is the sum of the counts."""
        return {
            "upload": self.upload.key,
            "version": self.upload.version,
            "uploaded_at": self.upload.at.isoformat(),
            "kind": str(self.upload.kind or "unknown"),
            "refused": self.refused or None,
            "rows": self.counts.total(),
            **{str(outcome): self.counts[outcome] for outcome in RowOutcome},
            "rejected_rows": [{"line": line, "reason": reason} for line, reason in sorted(self.rejected)],
        }


_AnyRow = TypeVar("_AnyRow", InvoiceRow, CustomerRow)


@dataclass(frozen=True, slots=True)
class ImportUpload:
    """Imports one file. Doing it again changes nothing: rows state facts, they do not add to them."""

    uploads: Uploads
    reports: Reports
    events: AccountEvents
    addresses: AddressBook
    book: BookStatus

    def run(self, upload: Upload) -> ImportReport:
        """Import a file and write its report. Raises StoreUnavailableError: the rest must be tried again."""
        upload = replace(upload, at=self.events.clock.reading_at(upload.at))
        report = ImportReport(upload)
        try:
            self._read(upload, report)
        except UnreadableFileError as error:
            report.refused = str(error)
        except FileNotFoundError:
            report.refused = "the file was deleted before it could be read: upload it again"
        if upload.kind is UploadKind.INVOICES and report.accepted:
            self.book.note_upload(upload.at)
        self.reports.write(upload.key, report.as_json())
        return report

    def _read(self, upload: Upload, report: ImportReport) -> None:
        """Import the rows, after a first pass has made sure that the whole file is text."""
        if upload.kind is None:
            raise UnreadableFileError("put invoice files under invoices/ and customer files under customers/")
        with self.uploads.open(upload.bucket, upload.key, upload.version) as source:
            check_encoding(source)
        if upload.kind is UploadKind.INVOICES:
            self._import_invoices(upload, report)
        else:
            self._import_customers(upload, report)

    def _import_invoices(self, upload: Upload, report: ImportReport) -> None:
        columns = INVOICE_COLUMNS, INVOICE_OPTIONAL_COLUMNS
        with self.uploads.open(upload.bucket, upload.key, upload.version) as source:
            contradicted = contradictions(parsed(read_rows(source, *columns), InvoiceRow, _reported_later))
        with self.uploads.open(upload.bucket, upload.key, upload.version) as source:
            rows = parsed(read_rows(source, *columns), InvoiceRow, report.reject)
            believed = (numbered for numbered in rows if numbered[0] not in contradicted)
            self._import(believed, self._invoices_taken, report)
        for line, reason in contradicted.items():
            report.reject(line, reason)

    def _import_customers(self, upload: Upload, report: ImportReport) -> None:
        with self.uploads.open(upload.bucket, upload.key, upload.version) as source:
            rows = read_rows(source, CUSTOMER_COLUMNS, CUSTOMER_OPTIONAL_COLUMNS)
            self._import(parsed(rows, CustomerRow, report.reject), self._customers_taken, report)

    def _import(
        self,
        rows: Iterable[tuple[int, _AnyRow]],
        taken: Callable[[Account, Sequence[tuple[int, _AnyRow]], datetime], Taken],
        report: ImportReport,
    ) -> None:
        left = iter(rows)
        while chunk := list(islice(left, _AT_ONCE)):
            chunk.sort(key=lambda numbered: numbered[1].customer_id)
            for customer_id, group in groupby(chunk, key=lambda numbered: numbered[1].customer_id):
                stated = list(group)
                try:
                    self._take(customer_id, stated, taken, report)
                except StoreUnavailableError:
                    raise
                except Exception as error:  # noqa: BLE001 - one customer's rows never stop the others
                    for line, _ in stated:
                        report.reject(line, f"could not be taken over ({type(error).__name__}): see the logs")

    def _take(
        self,
        customer_id: str,
        rows: Sequence[tuple[int, _AnyRow]],
        taken: Callable[[Account, Sequence[tuple[int, _AnyRow]], datetime], Taken],
        report: ImportReport,
    ) -> None:
        """Apply the rows of one customer; a customer of whom every row is rejected is not opened."""
        customer = Customer(customer_id, rows[0][1].customer_name)
        last = Taken(Account(customer), {}, {})

        def stated(account: Account) -> Change:
            nonlocal last
            last = taken(account, rows, report.upload.at)
            return Change(last.account)

        after = self.events.apply(customer.key, stated, new=customer, not_before=self._after_this_run())
        used = {pair for line, row in rows if line in last.outcomes for pair in row.addresses()}
        linked = {
            (record.channel, record.address)
            for record in (after.addresses if after else ())
            if customer.key in record.accounts
        }
        self.addresses.link(customer.key, sorted(used - linked))
        report.counts.update(last.outcomes.values())
        for line, reason in last.rejected.items():
            report.reject(line, reason)

    def _invoices_taken(
        self, account: Account, rows: Sequence[tuple[int, InvoiceRow]], at: datetime
    ) -> Taken:
        stated = [row.stated_invoice(line) for line, row in rows]
        return take_invoices(account, stated, at, self.events.calendar.today)

    def _customers_taken(
        self, account: Account, rows: Sequence[tuple[int, CustomerRow]], at: datetime
    ) -> Taken:
        described = [Described((line,), row.stated()) for line, row in rows]
        return take_customers(account, account.customer if account.version else None, described, at)

    def _after_this_run(self) -> datetime:
        """Nobody is reminded on half a file: its credit notes may stand at its end."""
        return self.events.clock.now() + _LONGEST_RUN


def _reported_later(line: int, reason: str) -> None:
    """What cannot be read is rejected when the rows are taken over."""
    del line, reason
