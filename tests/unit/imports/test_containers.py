"""From an uploaded file to its table: unpacked whatever its name, or refused by what it is instead."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tactful.imports import containers
from tactful.imports.records import open_records
from tactful.imports.statement import UnreadableFileError
from tests.unit.imports.shapes.workbook import workbook


def _cells(content: bytes) -> list[list[str]]:
    return [record.cells for record in open_records(io.BytesIO(content))]


def _refusal(content: bytes) -> str:
    with pytest.raises(UnreadableFileError) as refused:
        _cells(content)
    return str(refused.value)


def _zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _sheet(data: str) -> bytes:
    """A workbook whose sheet is stored as `data`."""
    with zipfile.ZipFile(io.BytesIO(workbook([""]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    before, after = parts["xl/worksheets/one.xml"].split(b"<sheetData>")[0], b"</worksheet>"
    parts["xl/worksheets/one.xml"] = before + f"<sheetData>{data}</sheetData>".encode() + after
    return _zipped(parts)


def test_a_header_that_begins_like_a_zip_is_a_header() -> None:
    assert _cells(b"PK,Name\n1,Ashdown\n") == [["PK", "Name"], ["1", "Ashdown"]]


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_zip_may_be_packed_by_any_method(method: int) -> None:
    assert _cells(_zipped({"book.csv": b"a,b\n1,2\n"}, method)) == [["a", "b"], ["1", "2"]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<table><tr><td>Invoice</td></tr></table>", "the file is a web page or XML"),
        (b"\r\n <html lang='en'>", "the file is a web page or XML"),
        (b'[{"invoice": "A-1", "total": 5}]', "the file is JSON"),
        (b'{"invoices": []}', "the file is JSON"),
        (b"{\\rtf1 Invoice}", "the file is a text document"),
        (gzip.compress(b"%PDF-1.7"), "what the gzip file holds is a PDF"),
        (gzip.compress(gzip.compress(b"a,b\n")), "is packed once more"),
        (_zipped({"a.csv": b"%PDF-1.7"}), "what the zip file holds is a PDF"),
        (_zipped({"a.zip": _zipped({"a.csv": b"a,b\n"})}), "is packed once more"),
        (_zipped({"mimetype": b"", "content.xml": b"", "styles.xml": b""}), "an OpenDocument file (.ods)"),
        (_zipped({"xl/workbook.bin": b"", "xl/styles.bin": b""}), "a binary Excel workbook (.xlsb)"),
        (_zipped({"word/document.xml": b"", "word/styles.xml": b""}), "a Word document"),
        (_zipped({"xl/workbook.xml": b"<workbook"}), "the workbook cannot be read"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(content: bytes, said: str) -> None:
    assert said in _refusal(content)


def test_an_encrypted_zip_is_refused() -> None:
    content = bytearray(_zipped({"book.csv": b"a,b\n1,2\n"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted: pack it without a password" in _refusal(bytes(content))


def test_an_error_in_a_workbook_is_no_blank_cell() -> None:
    data = '<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c t="e" r="B1"><f>1/0</f><v>#DIV/0!</v></c></row>'
    assert _cells(_sheet(data)) == [["#REF!", "#DIV/0!"]]


def test_rows_and_columns_before_a_workbooks_table_stay() -> None:
    assert _cells(_sheet('<row r="2"><c r="B2"><v>5</v></c></row>')) == [["", ""], ["", "5"]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1930571429.0", "1930571429"),
        ("0.30000000000000004", "0.3"),
        ("-12.5", "-12.5"),
        ("1E21", "1000000000000000000000"),
        ("1234567.89", "1234567.89"),
    ],
)
def test_a_workbooks_number_is_written_as_people_see_it(value: str, text: str) -> None:
    assert _cells(_sheet(f'<row r="1"><c r="A1"><v>{value}</v></c></row>')) == [[text]]


@pytest.mark.parametrize("reference", ["XFD1048576", "ABCD1", "A99999999999"])
def test_a_cell_far_from_the_table_is_refused_before_it_fills_all_memory(reference: str) -> None:
    data = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="{reference}"><v>1</v></c></row>'
    assert "save the sheet as CSV" in _refusal(_sheet(data))


def test_a_blank_cell_far_from_the_table_is_none() -> None:
    assert _cells(_sheet('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row>')) == [["1"]]


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "_LARGEST_WORKBOOK", 1_000)
    assert "unpacks to more than" in _refusal(workbook(["a"] * 100))


_REFERENCES = st.sampled_from(["", 'r="A1"', 'r="XFD1048576"', 'r="ABCD99999999"', 'r=""', "r='C3'"])
_KINDS = st.sampled_from(["", 't="e"', 't="d"', 't="s"', 't="b"', 't="n"', 't="str"', 's="1"', 's="9"'])
_VALUES = st.one_of(
    st.sampled_from(["", "1", "1e999", "-5", "46112.5", "#REF!", "NaN", "2026-02-30T25:00:00"]),
    st.text(max_size=5).map(escape),
)


@given(st.lists(st.tuples(_REFERENCES, _KINDS, _VALUES), max_size=6), st.booleans())
@example([('r="XFD1048576"', "", "1"), ('r="A1"', "", "1")], False)  # noqa: FBT003 - as drawn
def test_any_sheet_is_read_or_refused(cells: list[tuple[str, str, str]], is_formula: bool) -> None:  # noqa: FBT001
    tag = "f" if is_formula else "v"
    data = "".join(f"<c {where} {kind}><{tag}>{value}</{tag}></c>" for where, kind, value in cells)
    try:
        content = _sheet(f"<row>{data}</row>")
    except UnicodeEncodeError:
        return
    try:
        found = _cells(content)
    except UnreadableFileError:
        return
    assert all(isinstance(cell, str) for row in found for cell in row)


_PACKED = st.sampled_from(
    [
        gzip.compress(b"a,b\n1,2\n" * 20, mtime=0),
        _zipped({"book.csv": b"a,b\n1,2\n" * 20}),
        _zipped({"book.csv": b"a,b\n1,2\n" * 20}, zipfile.ZIP_LZMA),
        workbook(["No", "Total"], ["A-1", 5.5]),
    ]
)


@given(_PACKED, st.lists(st.tuples(st.integers(0, 2_000), st.binary(max_size=4)), min_size=1, max_size=4))
def test_what_is_damaged_is_read_or_refused(packed: bytes, damage: list[tuple[int, bytes]]) -> None:
    content = bytearray(packed)
    for place, junk in damage:
        at = place % len(content)
        content[at : at + len(junk)] = junk
    try:
        found = _cells(bytes(content))
    except UnreadableFileError:
        return
    assert all(isinstance(cell, str) for row in found for cell in row)
