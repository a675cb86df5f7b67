"""What imports cost at the table, in request units: a first import, the same file again, and a later one.

DynamoDB Local takes some four minutes for 100,000 invoices. Where it is not at hand, a twentieth of them is imported,
as many fewer at once: an invoice costs the same.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tactful.adapters.dynamodb.accounts import DynamoAccountStore
from tactful.adapters.dynamodb.addresses import DynamoAddressBook
from tactful.adapters.dynamodb.imports import (
    DynamoBookContents,
    DynamoCustomerDirectory,
    DynamoImportRegister,
)
from tactful.adapters.dynamodb.lookups import DynamoBookStatus, DynamoOwingAccounts, DynamoTaskBoard
from tactful.adapters.dynamodb.table import Table
from tactful.adapters.holidays_calendar import public_holidays
from tactful.adapters.memory_imports import MemoryImportQueue, MemoryReports, MemoryUploads
from tactful.adapters.policy_file import load_policy
from tactful.adapters.profile_files import load_profiles
from tactful.adapters.upload_settings import FileSettings
from tactful.application.account_events import AccountEvents
from tactful.application.import_file import Limits
from tactful.application.import_report import Outcome
from tactful.application.import_snapshot import ImportSnapshot
from tactful.application.import_upload import ImportUpload
from tactful.application.ports import Clock
from tactful.application.take_statements import TakeStatements
from tactful.application.upload import Upload
from tactful.domain.dunning.calendar import Calendar
from tactful.imports.statements import RowOutcome
from tactful.imports.upload_settings import UploadSettings
from tests.bench.engines import engine
from tests.bench.exports import INVOICES_PER_CUSTOMER, lines
from tests.bench.meter import Meter, Units
from tests.bench.result import Result
from tests.contract.store_support import create_table, local_folder

_ROOT = Path(__file__).resolve().parents[2]
_TABLE = "bench"
_PART = 1 if local_folder() else 20
_INVOICES = 100_000 // _PART
_SETTLED_EVERY = 100
_START = datetime(2026, 3, 16, 9, tzinfo=UTC)


def measure() -> Iterator[tuple[str, Result]]:
    """Import 100,000 invoices of 10,000 customers, the same file again, and one with every hundredth changed."""
    with engine() as client:
        create_table(client, _TABLE)
        office = _Office(client)
        first, seconds = office.upload(lines(_INVOICES), RowOutcome.NEW, _INVOICES)
        same, _ = office.upload(lines(_INVOICES), RowOutcome.UNCHANGED, _INVOICES)
        changed = _INVOICES // _SETTLED_EVERY
        later, _ = office.upload(lines(_INVOICES, settled_every=_SETTLED_EVERY), RowOutcome.CHANGED, changed)
    what = f"{_INVOICES:,} invoices of {_INVOICES // INVOICES_PER_CUSTOMER:,} customers, in no order"
    note = (
        f"{what}: {first.writes:,} write units, {first.index:,} of them for the index, in {first.requests:,} "
        f"requests; {seconds:.0f} s on a local engine"
    )
    yield "import_wru_per_new_invoice", Result(round(first.writes / _INVOICES, 3), "units", note)
    note = f"{what}: {first.reads:,.0f} read units"
    yield "import_rru_per_new_invoice", Result(round(first.reads / _INVOICES, 3), "units", note)
    note = f"the same file again, all {_INVOICES:,} invoices of it"
    yield "reimport_unchanged_wru", Result(same.writes, "units", note)
    yield "reimport_unchanged_rru", Result(same.reads, "units", note)
    note = f"a later file of {_INVOICES:,} invoices, {changed:,} of them changed: per changed invoice "
    yield "reimport_1pct_wru", Result(later.writes, "units", f"{note}{later.writes / changed:.2f}")
    yield "reimport_1pct_rru", Result(later.reads, "units", f"{note}{later.reads / changed:.2f}")


class _FirstMorning(Clock):
    """When everything is uploaded, on whatever day this runs."""

    def now(self) -> datetime:
        return _START

    def reading_at(self, instant: datetime) -> datetime:
        return instant


class _Office:
    """Uploads one version of a file after another, a day apart."""

    def __init__(self, client: Any) -> None:
        self._meter = Meter(client)
        self._files: dict[tuple[str, str, str], bytes] = {}
        self._uploaded = 0
        table = Table(self._meter, _TABLE)
        uploads, reports, tasks = MemoryUploads(self._files, {}), MemoryReports(), DynamoTaskBoard(table)
        events = AccountEvents(
            DynamoAccountStore(table),
            load_policy(_ROOT / "templates/policies/standard.yaml"),
            Calendar(ZoneInfo("Europe/London"), "GB", public_holidays),
            _FirstMorning(),
        )
        self._use_case = ImportUpload(
            uploads=uploads,
            settings=FileSettings(uploads, UploadSettings()),
            profiles=load_profiles(_ROOT / "templates/profiles"),
            reports=reports,
            parts=reports,
            register=DynamoImportRegister(table),
            contents=DynamoBookContents(table),
            queue=MemoryImportQueue(),
            taking=TakeStatements(events, DynamoAddressBook(table), DynamoCustomerDirectory(table)),
            snapshots=ImportSnapshot(events, DynamoOwingAccounts(table), tasks, tasks),
            book=DynamoBookStatus(table),
            limits=Limits(at_once=Limits().at_once // _PART),
        )

    def upload(self, content: Iterator[str], outcome: RowOutcome, expected: int) -> tuple[Units, float]:
        """What the import of a file cost, and how many seconds it took; so many rows of it must come out so."""
        self._uploaded += 1
        number = self._uploaded
        at = _START + timedelta(days=number - 1)
        upload = Upload("uploads", "invoices/export.csv", f"v{number}", at, f"{number:018X}")
        self._files["uploads", upload.key, upload.version] = "".join(content).encode()
        before, began = self._meter.used(), time.perf_counter()
        report = self._use_case.run(upload)
        if (
            report is None
            or report.outcome not in (Outcome.DONE, Outcome.UNCHANGED)
            or report.records[outcome] != expected
        ):
            raise RuntimeError(f"import {number}: {report and (report.outcome, report.said, report.records)}")
        return self._meter.used() - before, time.perf_counter() - began
