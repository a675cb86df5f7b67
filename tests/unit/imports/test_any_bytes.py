"""No bytes at all make the reader crash or hang, or say what cannot be."""

from __future__ import annotations

import io
from collections import Counter

from hypothesis import example, given
from hypothesis import strategies as st

from tactful.imports.profile import FileKind
from tactful.imports.reading import read_file
from tactful.imports.statement import StatedInvoice, UnreadableFileError
from tactful.imports.upload_settings import UploadSettings
from tests.unit.imports.exports import Dialect, Truth, books, dialects, products, profiles, written

_YEARS = range(1990, 2100)
_SETTINGS = UploadSettings(currency="EUR", terms_days=14, country="DE")


def _read(content: bytes, kind: FileKind) -> None:
    """Read it all, and hold what it says against what can be true of any file."""
    try:
        reading = read_file(io.BytesIO(content), kind, _SETTINGS, profiles())
        items = list(reading.items())
    except UnreadableFileError:
        return
    records = Counter(record for item in items for record in item.records)
    assert all(times == 1 for times in records.values())
    assert reading.read_as.as_json()
    assert all(isinstance(warning, str) for warning in reading.warnings)
    for item in items:
        if isinstance(item, StatedInvoice):
            total, due = item.total.minor, item.amount_due.minor
            assert min(0, total) <= due <= max(0, total)
            assert all(day is None or day.year in _YEARS for day in (item.issue_date, item.due_date))
            assert item.number.strip()
            assert item.customer.name.strip()


@given(st.binary(max_size=400), st.sampled_from(FileKind))
@example(b"", FileKind.INVOICES)
@example(b"\xff\xfe", FileKind.INVOICES)
@example(b"PK\x03\x04", FileKind.INVOICES)
@example(b"\x1f\x8b", FileKind.CUSTOMERS)
def test_any_bytes_are_read_or_refused(content: bytes, kind: FileKind) -> None:
    _read(content, kind)


@given(st.data(), books(), dialects, st.sampled_from(FileKind))
def test_a_damaged_export_is_read_or_refused(
    data: st.DataObject, book: list[Truth], dialect: Dialect, kind: FileKind
) -> None:
    content = bytearray(written(data.draw(st.sampled_from(products())), book, dialect, "EUR"))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content)))
        content[place : place + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=12))
    _read(bytes(content), kind)


_HEADERS = st.lists(
    st.sampled_from(
        [
            "Invoice #",
            "Customer",
            "Date",
            "Due date",
            "Total",
            "Balance",
            "Paid",
            "Currency",
            "Status",
            "Email",
            "Phone",
        ]
    ),
    max_size=12,
)
_CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "1",
            "-",
            "Total",
            "1.234,56",
            "(12)",
            "31/02/2026",
            "03/04/2026",
            "40519",
            "1e5",
            "NaN",
            "open",
            "£5",
        ]
    ),
    st.text(max_size=12),
)


@given(_HEADERS, st.lists(st.lists(_CELLS, max_size=13), max_size=8), st.sampled_from(FileKind))
def test_any_cells_under_any_header_are_read_or_refused(
    header: list[str], rows: list[list[str]], kind: FileKind
) -> None:
    lines = [";".join(f'"{cell.replace(chr(34), "")}"' for cell in row) for row in (header, *rows)]
    _read("\r\n".join(lines).encode(errors="replace"), kind)
