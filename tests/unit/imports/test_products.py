"""Each product's export is read as a careful bookkeeper would read it."""

from __future__ import annotations

import io
import re

import pytest

from tactful.imports.profile import FileKind
from tactful.imports.reading import read_file
from tactful.imports.statement import Described, Rejected, StatedInvoice
from tactful.imports.upload_settings import UploadSettings
from tests.unit.adapters.profile_sample import Sample
from tests.unit.adapters.profile_samples import CUSTOMERS, INVOICES
from tests.unit.imports.exports import profiles

_MAIL = re.compile("mail|correo", re.IGNORECASE)


@pytest.mark.parametrize("sample", INVOICES, ids=lambda sample: f"{sample.profile}{sample.variant}")
def test_a_products_export_is_read_as_its_books_have_it(sample: Sample) -> None:
    file = io.BytesIO(sample.text.encode(sample.encoding))
    reading = read_file(file, FileKind.INVOICES, sample.settings, profiles())
    items = list(reading.items())
    assert reading.read_as.profile == sample.profile
    found = {
        item.number: {
            "invoice_number": item.number,
            "customer_name": item.customer.name,
            "due_date": item.due_date and item.due_date.isoformat(),
            "total_minor": item.total.minor,
            "amount_due_minor": item.amount_due.minor,
            "currency": item.total.currency,
            "status": str(item.state),
        }
        for item in items
        if isinstance(item, StatedInvoice)
    }
    assert [one["invoice_number"] for one in sample.invoices] == [*found]
    for expected in sample.invoices:
        read = found[str(expected["invoice_number"])]
        assert {name: read[name] for name in expected} == expected
    assert sum(isinstance(item, Rejected) for item in items) == sample.stopped


@pytest.mark.parametrize(("profile", "header"), CUSTOMERS, ids=lambda value: value[:30])
def test_a_products_customers_are_told_by_their_header(profile: str, header: str) -> None:
    names = header.split(",")
    cells = ["ann@client.example" if _MAIL.search(name) else "7" for name in names]
    file = io.BytesIO("\n".join([header, ",".join(cells)]).encode())
    reading = read_file(file, FileKind.CUSTOMERS, UploadSettings(), profiles())
    assert reading.read_as.profile == profile
    assert [type(item) for item in reading.items()] == [Described]
