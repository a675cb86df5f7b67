"""Files as an admin uploads them, and the import of them into a house."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any

from tactful.adapters.memory_imports import MemoryReports, MemoryUploads
from tactful.application.import_upload import ImportReport, ImportUpload, Upload
from tactful.application.ports import AccountStore
from tactful.domain.book.account import Account
from tactful.domain.book.customer import account_key
from tactful.domain.book.invoice import Invoice
from tests.support.builders import NINE
from tests.unit.application.house import House

INVOICE_HEADER = (
    "invoice_number,customer_id,customer_name,issue_date,due_date,total,amount_due,currency,status"
)
CUSTOMER_HEADER = "customer_id,customer_name,contact_name,role,email,phone,country,timezone,language,segment"
BUCKET = "uploads"


def invoice_line(
    number: str = "INV-1",
    *,
    customer: str = "C-1",
    due: str = "2026-03-02",
    total: str = "100.00",
    amount_due: str | None = None,
    currency: str = "GBP",
    status: str = "open",
) -> str:
    left = total if amount_due is None else amount_due
    return f"{number},{customer},Client Ltd,,{due},{total},{left},{currency},{status}"


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
    """Where files are uploaded: each upload is a new version."""

    house: House = field(default_factory=House)
    reports: MemoryReports = field(default_factory=MemoryReports)
    files: dict[tuple[str, str, str], bytes] = field(default_factory=dict)
    versions: count[int] = field(default_factory=count)

    def put(self, key: str, content: bytes, at: datetime = NINE) -> Upload:
        version = f"v{next(self.versions)}"
        self.files[BUCKET, key, version] = content
        return Upload(BUCKET, key, version, at)

    def run(self, upload: Upload, store: AccountStore | None = None) -> ImportReport:
        use_case = ImportUpload(
            MemoryUploads(self.files),
            self.reports,
            self.house.events(store),
            self.house.store,
            self.house.store,
        )
        return use_case.run(upload)

    def invoices(self, *lines: str, at: datetime = NINE) -> ImportReport:
        return self.run(self.put("invoices/book.csv", text(INVOICE_HEADER, lines), at))

    def customers(self, *lines: str, at: datetime = NINE) -> ImportReport:
        return self.run(self.put("customers/book.csv", text(CUSTOMER_HEADER, lines), at))

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
