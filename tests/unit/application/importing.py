"""Files as an admin uploads them, and the import of them into a house."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from tactful.adapters.memory_imports import MemoryImportQueue, MemoryImports, MemoryReports, MemoryUploads
from tactful.adapters.profile_files import load_profiles
from tactful.adapters.upload_settings import FileSettings
from tactful.application.import_file import Limits
from tactful.application.import_report import ImportReport
from tactful.application.import_snapshot import ImportSnapshot
from tactful.application.import_upload import ImportUpload
from tactful.application.ports import AccountStore
from tactful.application.take_statements import TakeStatements
from tactful.application.upload import Upload
from tactful.domain.book.account import Account
from tactful.domain.book.customer import account_key
from tactful.domain.book.invoice import Invoice
from tactful.imports.profile import Profile
from tactful.imports.upload_settings import UploadSettings
from tests.architecture.repository import ROOT
from tests.support.builders import NINE
from tests.unit.application.house import House

INVOICE_HEADER = (
    "invoice_number,customer_id,customer_name,issue_date,due_date,total,amount_due,currency,status"
)
CUSTOMER_HEADER = "customer_id,customer_name,contact_name,role,email,phone,country,timezone,language,segment"
BUCKET = "uploads"
INVOICES, CUSTOMERS = "invoices/book.csv", "customers/book.csv"


@cache
def profiles() -> tuple[Profile, ...]:
    """The profiles as shipped."""
    return load_profiles(ROOT / "templates/profiles")


def invoice_line(
    number: str = "INV-1",
    *,
    customer: str = "C-1",
    name: str = "Client Ltd",
    due: str = "2026-03-02",
    total: str = "100.00",
    amount_due: str | None = None,
    currency: str = "GBP",
    status: str = "open",
) -> str:
    left = total if amount_due is None else amount_due
    return f"{number},{customer},{name},,{due},{total},{left},{currency},{status}"


def customer_line(
    customer: str = "C-1",
    *,
    name: str = "Client Ltd",
    contact: str = "Ann",
    role: str = "billing",
    email: str = "ann@client.example",
    phone: str = "+447400123456",
) -> str:
    return f"{customer},{name},{contact},{role},{email},{phone},GB,Europe/London,en,"


@dataclass
class Desk:
    """Where files are uploaded: each upload is a new version, and S3 counts them."""

    house: House = field(default_factory=House)
    reports: MemoryReports = field(default_factory=MemoryReports)
    imports: MemoryImports = field(default_factory=MemoryImports)
    queue: MemoryImportQueue = field(default_factory=MemoryImportQueue)
    files: dict[tuple[str, str, str], bytes] = field(default_factory=dict)
    said: dict[tuple[str, str, str], dict[str, str]] = field(default_factory=dict)
    defaults: UploadSettings = field(default_factory=UploadSettings)
    limits: Limits = field(default_factory=Limits)
    versions: count[int] = field(default_factory=lambda: count(1))

    def put(self, key: str, content: bytes, at: datetime = NINE, **metadata: str) -> Upload:
        number = next(self.versions)
        self.files[BUCKET, key, f"v{number}"] = content
        self.said[BUCKET, key, f"v{number}"] = metadata
        return Upload(BUCKET, key, f"v{number}", at, f"{number:018X}")

    def use_case(self, store: AccountStore | None = None) -> ImportUpload:
        uploads = MemoryUploads(self.files, self.said)
        return ImportUpload(
            uploads=uploads,
            settings=FileSettings(uploads, self.defaults),
            profiles=profiles(),
            reports=self.reports,
            parts=self.reports,
            register=self.imports,
            contents=self.imports,
            queue=self.queue,
            taking=TakeStatements(self.house.events(store), self.house.store, self.imports),
            snapshots=self.snapshots(store),
            book=self.house.store,
            limits=self.limits,
        )

    def snapshots(self, store: AccountStore | None = None) -> ImportSnapshot:
        kept = self.house.store
        return ImportSnapshot(self.house.events(store), kept, kept, kept)

    def run(self, upload: Upload, store: AccountStore | None = None) -> ImportReport:
        report = self.use_case(store).run(upload)
        assert report is not None
        return report

    def go_on(self, time_left: timedelta = timedelta(0)) -> ImportReport | None:
        """Take up the next import that is queued to be gone on with, with so much time left after each chunk."""
        return self.use_case().go_on(self.queue.queued.pop(0), lambda: time_left)

    def invoices(self, *lines: str, at: datetime = NINE, key: str = INVOICES) -> ImportReport:
        return self.run(self.put(key, text(INVOICE_HEADER, lines), at))

    def customers(self, *lines: str, at: datetime = NINE) -> ImportReport:
        return self.run(self.put(CUSTOMERS, text(CUSTOMER_HEADER, lines), at))

    def account(self, customer_id: str = "C-1") -> Account:
        """The account; what only guards an address against two writers at once is left out."""
        account = self.house.account(account_key(customer_id))
        return replace(account, addresses=tuple(replace(known, version=0) for known in account.addresses))

    def invoice(self, number: str = "INV-1", customer_id: str = "C-1") -> Invoice:
        invoice = self.account(customer_id).invoice(number)
        assert invoice is not None
        return invoice

    def written(self, key: str) -> Any:
        return json.loads(self.reports.written[f"reports/{key}.json"])


def text(header: str, lines: Iterable[str]) -> bytes:
    return "\n".join([header, *lines, ""]).encode()
