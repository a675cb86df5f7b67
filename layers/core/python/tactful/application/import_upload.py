"""Importing an uploaded file: every good row is taken over, every bad one reported, nothing is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby, islice
from typing import TypeVar

from pydantic import ValidationError

from tactful.application.account_events import AccountEvents
from tactful.application.ports import AddressBook, Reports, StoreUnavailableError, Uploads
from tactful.domain.book.account import Account, Change
from tactful.domain.book.customer import Channel, Customer, account_key
from tactful.domain.book.money import MoneyError
from tactful.imports.rows import (
    CUSTOMER_COLUMNS,
    CUSTOMER_OPTIONAL_COLUMNS,
    INVOICE_COLUMNS,
    CustomerRow,
    InvoiceRow,
    faults,
)
from tactful.imports.table import Row, UnreadableFileError, check_encoding, read_rows

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


class RowOutcome(StrEnum):
    """What became of one row. The counts of a report add up to its rows."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


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
        self.reports.write(upload.key, report.as_json())
        return report

    def _read(self, upload: Upload, report: ImportReport) -> None:
        """Import the rows, after a first pass has made sure that the whole file is text."""
        if upload.kind is None:
            raise UnreadableFileError("put invoice files under invoices/ and customer files under customers/")
        with self.uploads.open(upload.bucket, upload.key, upload.version) as source:
            check_encoding(source)
        with self.uploads.open(upload.bucket, upload.key, upload.version) as source:
            if upload.kind is UploadKind.INVOICES:
                rows = read_rows(source, INVOICE_COLUMNS)
                self._import(rows, InvoiceRow, self._take_invoices, report)
            else:
                rows = read_rows(source, CUSTOMER_COLUMNS, CUSTOMER_OPTIONAL_COLUMNS)
                self._import(rows, CustomerRow, self._take_customers, report)

    def _import(
        self,
        rows: Iterator[Row],
        model: type[_AnyRow],
        take: Callable[[str, Sequence[tuple[int, _AnyRow]], ImportReport], None],
        report: ImportReport,
    ) -> None:
        while chunk := list(islice(rows, _AT_ONCE)):
            read = [(row.line, parsed) for row in chunk if (parsed := _parsed(row, model, report))]
            read.sort(key=lambda numbered: numbered[1].customer_id)
            for customer_id, group in groupby(read, key=lambda numbered: numbered[1].customer_id):
                stated = list(group)
                try:
                    take(customer_id, stated, report)
                except StoreUnavailableError:
                    raise
                except Exception as error:  # noqa: BLE001 - one customer's rows never stop the others
                    for line, _ in stated:
                        report.reject(line, f"could not be taken over ({type(error).__name__}): see the logs")

    def _take_invoices(
        self, customer_id: str, rows: Sequence[tuple[int, InvoiceRow]], report: ImportReport
    ) -> None:
        outcomes: list[RowOutcome] = []
        rejected: list[tuple[int, str]] = []

        def stated(account: Account) -> Change:
            outcomes.clear()
            rejected.clear()
            for line, row in rows:
                known = account.invoice(row.invoice_number)
                invoice = row.invoice(report.upload.at)
                try:
                    merged = known.with_report(invoice) if known else invoice
                except MoneyError as error:
                    rejected.append((line, str(error)))
                    continue
                outcomes.append(_outcome(known, merged))
                account = account.with_invoice(merged) if merged != known else account
            return Change(account)

        customer = Customer(customer_id, rows[0][1].customer_name)
        self.events.apply(customer.key, stated, new=customer, not_before=self._after_this_run())
        report.counts.update(outcomes)
        for line, reason in rejected:
            report.reject(line, reason)

    def _take_customers(
        self, customer_id: str, rows: Sequence[tuple[int, CustomerRow]], report: ImportReport
    ) -> None:
        outcomes: list[RowOutcome] = []
        rejected: list[tuple[int, str]] = []
        home = self.events.calendar.business_country

        def stated(account: Account) -> Change:
            outcomes.clear()
            rejected.clear()
            known = account.customer if account.version else None
            for line, row in rows:
                try:
                    merged = row.customer(known, report.upload.at, home)
                except ValueError as error:
                    rejected.append((line, str(error)))
                    continue
                outcomes.append(_outcome(known, merged))
                known = merged
            return Change(replace(account, customer=known or account.customer))

        key = account_key(customer_id)
        self.addresses.link(key, {pair for _, row in rows for pair in _addresses(row)})
        customer = Customer(customer_id, rows[0][1].customer_name)
        self.events.apply(key, stated, new=customer, not_before=self._after_this_run())
        report.counts.update(outcomes)
        for line, reason in rejected:
            report.reject(line, reason)

    def _after_this_run(self) -> datetime:
        """Nobody is reminded on half a file: its credit notes may stand at its end."""
        return self.events.clock.now() + _LONGEST_RUN


def _parsed(row: Row, model: type[_AnyRow], report: ImportReport) -> _AnyRow | None:
    if row.fault:
        report.reject(row.line, row.fault)
        return None
    try:
        return model.model_validate(row.cells)
    except ValidationError as error:
        report.reject(row.line, faults(error))
        return None


def _outcome(known: object, merged: object) -> RowOutcome:
    if known is None:
        return RowOutcome.NEW
    return RowOutcome.UNCHANGED if merged == known else RowOutcome.CHANGED


def _addresses(row: CustomerRow) -> list[tuple[Channel, str]]:
    contact = row.contact()
    both = ((Channel.EMAIL, contact.email), (Channel.SMS, contact.phone))
    return [(channel, address) for channel, address in both if address]
