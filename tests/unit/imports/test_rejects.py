"""What is rejected can be corrected and uploaded as it is: it is read as the whole file was."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.imports.profile import FileKind
from tactful.imports.reading import Reading, read_file
from tactful.imports.records import open_records
from tactful.imports.rejects import READ_AS, WHY, settings_cell, settings_of, write_rejects
from tactful.imports.statement import Rejected, StatedInvoice, UnreadableFileError
from tactful.imports.upload_settings import DateOrder, DecimalMark, Mode, UploadSettings
from tests.unit.adapters.profile_sample import Sample
from tests.unit.adapters.profile_samples import INVOICES
from tests.unit.imports.exports import profiles

_SAID_NOTHING = UploadSettings()


def read(content: bytes, settings: UploadSettings = _SAID_NOTHING) -> Reading:
    return read_file(io.BytesIO(content), FileKind.INVOICES, settings, profiles())


def stated(reading: Reading) -> list[StatedInvoice]:
    """What a file says, wherever it stands in it."""
    return [replace(item, records=()) for item in reading.items() if isinstance(item, StatedInvoice)]


def rejects(reading: Reading, *rejected: Rejected) -> bytes:
    out = io.BytesIO()
    write_rejects(reading, rejected, out)
    return out.getvalue()


def of(reading: Reading) -> bytes:
    """The file of the records that are rejected in a file."""
    return rejects(reading, *(item for item in reading.items() if isinstance(item, Rejected)))


def rows(content: bytes) -> list[list[str]]:
    return [*csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))]


def as_rejected(content: bytes, reading: Reading) -> Iterator[Rejected]:
    """Each invoice of a file as if it had been rejected and then corrected to what it is."""
    cells = {record.number: tuple(record.cells) for record in open_records(io.BytesIO(content))}
    has_headings = any(one.headings for one in profiles() if one.name == reading.read_as.profile)
    for item in reading.items():
        if isinstance(item, StatedInvoice):
            heading = item.customer.name if has_headings else ""
            said = tuple(cells[record] for record in item.records)
            yield Rejected(item.records, "?", item.number, said, heading)


@pytest.mark.parametrize("sample", INVOICES, ids=str)
def test_corrected_records_of_any_product_are_read_as_the_whole_file_was(sample: Sample) -> None:
    content = sample.text.encode(sample.encoding)
    reading = read(content, sample.settings)
    rejected = [*as_rejected(content, reading)]
    expected = stated(reading)
    assert stated(read(rejects(reading, *rejected))) == expected
    for alone, one in zip(rejected, expected, strict=True):
        assert stated(read(rejects(reading, alone))) == [one]


GENERIC = (
    "Invoice,Customer,Invoice date,Due date,Amount,Balance,Currency,Status",
    "A-1,Ashdown,13/01/2026,12/02/2026,100.00,100.00,GBP,open",
    "A-2,Birch,03/04/2026,04/05/2026,100.00,100.00,GBP,lost",
    "A-3,\"=cmd|' /C calc'!A0\",05/04/2026,04/05/2026,£1.000,5.00,GBP,open",
)


def generic(*rows: str) -> bytes:
    return "\n".join(rows or GENERIC).encode()


def test_the_file_has_the_records_as_they_stand_and_why_they_are_rejected_and_how_the_file_was_read() -> None:
    reading = read(generic())
    content = of(reading)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == 3
    header, second, third = rows(content)
    assert header == [*GENERIC[0].split(","), WHY, READ_AS]
    assert second[:8] == GENERIC[2].split(",")
    assert second[8].startswith("status: 'lost' is no word that profile generic knows")
    assert second[9] == "date_order=dmy decimal_mark=point mode=incremental profile=generic"
    assert third[1] == "'=cmd|' /C calc'!A0"


def test_a_few_records_are_read_in_the_order_of_days_and_months_that_the_whole_file_proved() -> None:
    corrected = of(read(generic())).replace(b",lost,", b",open,").replace("£1.000".encode(), b"5.00")
    second, third = stated(read(corrected))
    assert str(second.issue_date) == "2026-04-03"
    assert third.customer.name == "=cmd|' /C calc'!A0"


def test_what_is_uploaded_uncorrected_is_rejected_again() -> None:
    reading = read(generic())
    again = read(of(reading))
    reasons = [item.reason for item in reading.items() if isinstance(item, Rejected)]
    assert [item.reason for item in again.items() if isinstance(item, Rejected)] == reasons
    assert of(again) != b""


@pytest.mark.parametrize(
    "row",
    [
        "A-4,Birch,13/01/2026,12/02/2026,100.00",
        "A-4,Birch, Sons,13/01/2026,12/02/2026,100.00,100.00,GBP,open",
        "A-4,Birch, Sons, Ltd, Co,13/01/2026,12/02/2026,100.00,100.00,GBP,open",
    ],
)
def test_records_that_are_too_short_or_too_long_stay_rejected(row: str) -> None:
    content = of(read(generic(*GENERIC[:2], row)))
    again = read(content, UploadSettings(date_order=DateOrder.DAY_FIRST))
    assert [type(item) for item in again.items()] == [Rejected]


def test_records_of_files_that_were_read_differently_are_refused_together() -> None:
    first = of(read(generic()))
    second = of(read(generic(GENERIC[0], "B-1,Ashdown,1/13/2026,12/2/2026,1,1,GBP,lost")))
    with pytest.raises(UnreadableFileError, match="come from files that were read differently"):
        read(first + second.partition(b"\r\n")[2])


def test_a_mapping_of_columns_is_remembered_with_the_records() -> None:
    header = "Beleg,Wer,Bis,Summe,Geld"
    columns = {"invoice_number": "Beleg", "customer_name": "Wer", "due_date": "Bis", "amount_due": "Summe"}
    settings = UploadSettings(currency="EUR", columns=columns)
    content = of(read(generic(header, "A-1,Ashdown,2026-03-31,hundred,x"), settings))
    (known,) = stated(read(content.replace(b"hundred", b"100.00")))
    assert (known.number, known.amount_due.minor) == ("A-1", 100_00)


HEADINGS = (
    "Date,Transaction type,Num,Due date,Amount,Open balance",
    "Ashdown,,,,,",
    "01/13/2026,Invoice,A-1,02/12/2026,100.00,forty",
    "Total for Ashdown,,,,100.00,40.00",
    "01/14/2026,Invoice,A-2,02/13/2026,250.50,250.50",
    "Birch,,,,,",
    "01/14/2026,Invoice,A-3,02/13/2026,250.50,fifty",
)


def test_a_record_is_not_put_under_the_heading_of_another() -> None:
    reading = read(generic(*HEADINGS), UploadSettings(currency="USD"))
    content = of(reading)
    again = read(content.replace(b"forty", b"40.00").replace(b"fifty", b"50.00"))
    assert [(known.number, known.customer.name) for known in stated(again)] == [
        ("A-1", "Ashdown"),
        ("A-3", "Birch"),
    ]
    assert [item.invoice_number for item in again.items() if isinstance(item, Rejected)] == ["A-2"]


def test_a_record_that_cannot_be_taken_apart_has_only_its_reason() -> None:
    content = of(read(generic(*GENERIC[:2], 'A-5,"Cedar,13/01/2026')))
    _, row = rows(content)
    assert row[:8] == [""] * 8
    assert row[8].startswith("record 3: the record cannot be read as CSV")
    assert [type(item) for item in read(content).items()] == [Rejected]


LINES = (
    (
        "Client Name,Invoice #,Date Issued,Invoice Status,Date Paid,Item Name,Item Description,Rate,Quantity,"
        "Discount Percentage,Line Subtotal,Tax 1 Type,Tax 1 Amount,Tax 2 Type,Tax 2 Amount,Line Total,Currency"
    ),
    "Ashdown,1,2026-01-05,sent,,Work,,10.00,1,0,10.00,,0.00,,0.00,10.00,USD",
    "Ashdown,1,2026-01-05,sent,,Travel,,20.00,1,0,20.00,,0.00,,0.00,20.00,USD",
    "Birch,2,2026-01-05,sent,,Work,,5.00,1,0,5.00,,0.00,,0.00,5.00,USD",
    "Ashdown,1,2026-01-05,sent,,Work,,10.00,1,0,10.00,,0.00,,0.00,10.00,USD",
    "Ashdown,1,2026-01-05,sent,,Travel,,25.00,1,0,25.00,,0.00,,0.00,25.00,USD",
)


def test_two_invoices_that_contradict_each_other_do_not_become_one_when_only_they_are_left() -> None:
    content = generic(*LINES)
    reading = read(content, UploadSettings(terms_days=14))
    assert [item.records for item in reading.items() if isinstance(item, Rejected)] == [(2, 3), (5, 6)]
    again = read(of(reading))
    assert stated(again) == []
    assert [item.records for item in again.items() if isinstance(item, Rejected)] == [(2, 3), (5, 6)]
    mended = [row for row in rows(of(reading)) if "25.00" not in row][:3]
    text = io.StringIO()
    csv.writer(text).writerows(mended)
    (known,) = stated(read(text.getvalue().encode()))
    assert (known.total.minor, str(known.due_date)) == (3000, "2026-01-19")


def test_a_file_without_a_header_gets_one_with_the_names_of_the_fields() -> None:
    columns = {"invoice_number": "1", "customer_name": "2", "due_date": "3", "amount_due": "5"}
    settings = UploadSettings(currency="EUR", date_order=DateOrder.MONTH_FIRST, columns=columns)
    reading = read(b"A-1,Ashdown,1/2/2026,x,100.00\nA-2,Birch,3/4/2026,y,hundred\n", settings)
    content = of(reading)
    assert rows(content)[0] == [
        "invoice_number",
        "customer_name",
        "due_date",
        "column 4",
        "amount_due",
        WHY,
        READ_AS,
    ]
    (known,) = stated(read(content.replace(b"hundred", b"100.00")))
    assert (known.number, str(known.due_date), known.amount_due.currency) == ("A-2", "2026-03-04", "EUR")


def test_the_few_rejected_records_of_a_snapshot_are_no_snapshot() -> None:
    reading = read(generic(), UploadSettings(mode=Mode.SNAPSHOT))
    assert "mode=incremental" in rows(of(reading))[1][9].split()
    assert read(of(reading)).read_as.settings.mode is Mode.INCREMENTAL


@pytest.mark.parametrize(
    "cell",
    [
        "profile",
        "profile=",
        "colour=red",
        "date_order=dym",
        "currency=EURO",
        "terms_days=soon",
        "mode=all",
        "column.shoe=Size",
        "profile='xero",
    ],
)
def test_a_cell_of_settings_that_nobody_wrote_refuses_the_file(cell: str) -> None:
    with pytest.raises(UnreadableFileError, match="put back what stood there"):
        settings_of(cell)


_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool)


@given(
    st.builds(
        UploadSettings,
        currency=st.sampled_from(["", "EUR", "KWD"]),
        date_order=st.none() | st.sampled_from(DateOrder),
        decimal_mark=st.none() | st.sampled_from(DecimalMark),
        terms_days=st.none() | st.integers(0, 365),
        profile=st.sampled_from(["", "xero", "generic"]),
        mode=st.none() | st.sampled_from(Mode),
        country=st.sampled_from(["", "DE"]),
        columns=st.dictionaries(st.sampled_from(["total", "due_date"]), _TEXT),
    )
)
def test_settings_are_read_back_from_their_cell(settings: UploadSettings) -> None:
    assert settings_of(settings_cell(settings)) == settings
