"""From bytes to records: any encoding, separator, line end and container, and what is no table."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.imports import containers
from tactful.imports.records import Record, Records, open_records
from tactful.imports.statement import UnreadableFileError


def _open(content: bytes) -> Records:
    return open_records(io.BytesIO(content))


def _cells(content: bytes) -> list[list[str]]:
    return [record.cells for record in _open(content)]


def _packed(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def _zipped(files: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


_TABLE = "Nr;Name;Betrag\r\n1;Müller & Söhne;5,00\r\n2;Straße;1,50\r\n"
_ROWS = [["Nr", "Name", "Betrag"], ["1", "Müller & Söhne", "5,00"], ["2", "Straße", "1,50"]]


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with BOM"),
        ("utf-16", "UTF-16 LE"),
        ("utf-16-le", "UTF-16 LE"),
        ("utf-16-be", "UTF-16 BE"),
        ("cp1252", "cp1252"),
        ("mac_roman", "mac_roman"),
        ("cp850", "cp850"),
    ],
)
def test_the_encoding_is_found(codec: str, name: str) -> None:
    records = _open(_TABLE.encode(codec))
    assert (records.encoding, records.delimiter, records.line_ends) == (name, ";", "CRLF")
    assert [record.cells for record in records] == _ROWS


def test_other_alphabets_are_found_by_their_words() -> None:
    text = "Номер;Клиент;Сумма\n1;Привет мир;5,00\n2;Счета и оплата;7,00\n"
    records = _open(text.encode("cp1251"))
    assert (records.encoding, next(iter(records)).cells) == ("cp1251", ["Номер", "Клиент", "Сумма"])


def test_a_guessed_encoding_is_told_with_the_words_that_show_it() -> None:
    (warning,) = _open(_TABLE.encode("cp1252")).warnings
    assert "reads well so" in warning
    assert "Straße" in warning


def test_records_with_bytes_of_another_encoding_are_faulty_and_the_others_are_not() -> None:
    records = _open(
        "Name,Ort\nMüller,Köln\n".encode() + "Café,Genève\n".encode("cp1252") + "Söhne,Bonn\n".encode()
    )
    assert [bool(record.fault) for record in records] == [False, False, True, False]
    assert "2 bytes are not UTF-8" in records.warnings[0]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", ",;\t|")
def test_line_ends_and_separators_are_found(line_end: str, delimiter: str) -> None:
    rows = [["Title", "", ""], ["No", "Name", "Total"], ["1", f"a{line_end}b", "1.234,50"], ["", "", ""]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    records = _open(text.getvalue().encode())
    assert records.delimiter == delimiter
    assert [record.cells for record in records] == rows


def test_mixed_line_ends_are_told() -> None:
    records = _open(b"a,b\r\n1,2\n3,4\r5,6\n")
    assert records.line_ends == "mixed"
    assert [record.cells for record in records][1:] == [["1", "2"], ["3", "4"], ["5", "6"]]


def test_a_spreadsheets_separator_line_is_obeyed() -> None:
    assert _cells(b"sep=|\na|b,c\n1|2,3\n")[1:] == [["a", "b,c"], ["1", "2,3"]]


def test_decimal_commas_do_not_make_commas_the_separator() -> None:
    assert _open(b"No;Total\n1;1,50\n2;2,50\n3;3,50\n").delimiter == ";"


@pytest.mark.parametrize(
    ("separator", "text"),
    [
        (";", "Kunde;Betrag;Offen\nMüller, Hans;1,50;2,50\nMeier, Eva;3,50;4,50\n"),
        (";", "Kunde;Betrag;Offen\nMüller, Hans;1,50;2,50;\nMeier, Eva;3,50;4,50;\n"),
        ("\t", "Acme; all invoices\nNo\tName\tMails\n1\tA\tx@a.example; y\n2\tB\tx@b.example; z\n"),
        ("|", "No|Name|Address\n" + "1|Bob|Street 1, 2nd floor, Town, Region, Code\n" * 50),
        (",", "Invoice list,,\n,,\nNo,Name,Mails\n1,A,a;b;c;d\n2,B,a;b;c;d\n3,C,a;b;c;d\n"),
    ],
)
def test_marks_inside_cells_are_no_separators(separator: str, text: str) -> None:
    assert _open(text.encode()).delimiter == separator


@pytest.mark.parametrize("mark", ["\r", '"', "a", "1"])
def test_a_separator_line_that_names_no_separator_is_a_record_like_others(mark: str) -> None:
    assert _cells(f"sep={mark}\na,b\n1,2\n".encode())[-2:] == [["a", "b"], ["1", "2"]]


def test_one_column_is_separated_by_commas() -> None:
    assert _open(b"Name\nAshdown\nBirch\n").delimiter == ","


def test_quotes_inside_an_unquoted_cell_are_text() -> None:
    assert _cells(b'No,Name\n1,5" pipe\n2,"He said ""hi"""\n') == [
        ["No", "Name"],
        ["1", '5" pipe'],
        ["2", 'He said "hi"'],
    ]


def test_records_with_unclosed_quotes_are_faulty_one_by_one_however_far_apart() -> None:
    apart = b'1,"x\n' + b"3,4\n" * 5_000
    records = list(_open(b"a,b\n" + apart * 3))
    assert [record.number for record in records] == list(range(1, 15_005))
    assert [record.number for record in records if record.fault] == [2, 5_003, 10_004]


def test_quotes_that_make_one_record_of_a_whole_file_are_refused_in_time() -> None:
    with pytest.raises(UnreadableFileError, match="quotes that are not closed"):
        list(_open(b'a","\n' * 400_000))


def test_a_file_of_blank_records_after_the_last_is_read_to_its_end() -> None:
    records = list(_open(b"a,b\n1,2\n" + b",\n" * 50_000))
    assert (len(records), records[-1]) == (50_002, Record(50_002, ["", ""]))


def test_records_are_numbered_from_the_first_blank_ones_included() -> None:
    assert list(_open(b"a,b\n\n,\n1,2\n")) == [
        Record(1, ["a", "b"]),
        Record(2, []),
        Record(3, ["", ""]),
        Record(4, ["1", "2"]),
    ]


def test_an_unclosed_quote_spoils_its_own_record_only() -> None:
    records = list(_open(b'a,b\n1,"2\n3,4\n5,6\n'))
    assert "close its quotes" in records[1].fault
    assert [record.cells for record in records[2:]] == [["3", "4"], ["5", "6"]]


def test_a_few_nul_bytes_are_left_out_and_told() -> None:
    records = _open(b"a,b\n1,x\0y\n" + b"2,zzzzzzzzzzzzzzz\n" * 20)
    assert [record.cells for record in records][1] == ["1", "xy"]
    assert records.warnings == ("1 NUL bytes were left out",)


def test_a_packed_file_is_unpacked_each_time() -> None:
    packed = gzip.compress(b"a,b\n1,2\n") + gzip.compress(b"3,4\n")
    records = _open(packed)
    assert records.container == "gzip"
    assert [record.cells for record in records] == [["a", "b"], ["1", "2"], ["3", "4"]]
    assert len(list(records)) == 3


def test_a_zip_with_one_table_is_unpacked_whatever_a_mac_adds() -> None:
    content = _zipped({"__MACOSX/x": "junk", "export.csv": "a,b\n1,2\n", ".DS_Store": "junk"})
    records = _open(content)
    assert (records.container, [record.cells for record in records]) == ("zip", [["a", "b"], ["1", "2"]])


_SHEET = """<?xml version="1.0" encoding="UTF-8"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"""
_STYLES = """<?xml version="1.0" encoding="UTF-8"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"""
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _workbook(**sheets: str) -> bytes:
    """A workbook of the fewest parts that spreadsheets open, each sheet's rows as they are stored."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(sheets, 1)
    )
    targets = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/{name}.xml"/>'
        for number, name in enumerate(sheets, 1)
    )
    styles = f'<Relationship Id="rIdS" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    return _zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            f'xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
            f'relationships">{targets}{styles}</Relationships>',
            "xl/styles.xml": _STYLES,
            **{f"xl/worksheets/{name}.xml": _SHEET.format(rows=rows) for name, rows in sheets.items()},
        }
    )


def _text(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def test_a_workbooks_first_sheet_is_read_as_people_see_it() -> None:
    header = "".join(map(_text, ["No", "Total", "Due", "Name"]))
    cells = (
        f'<c><v>1930571429</v></c><c><v>1234.5600000000001</v></c><c s="1"><v>46112</v></c>{_text("00123")}'
    )
    rows = f'<row r="1">{header}</row><row r="3">{cells}</row>'
    records = _open(_workbook(Invoices=rows, Notes=f"<row r='1'>{_text('x')}</row>"))
    assert records.container == "xlsx"
    assert [record.cells for record in records] == [
        ["No", "Total", "Due", "Name"],
        ["", "", "", ""],
        ["1930571429", "1234.56", "2026-03-31", "00123"],
    ]
    assert records.warnings == ("only sheet 'Invoices' is read, not 'Notes'",)


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="no visible sheet with anything on it"):
        _open(_workbook(Invoices=""))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \r\n,,\r\n", "the file is empty"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "an old Excel workbook"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "a web page or XML"),
        (bytes(range(256)) * 20, "not text"),
        (gzip.compress(b"a,b\n1,2\n" * 100, mtime=0)[:-12], "damaged or incomplete"),
        (b"\x1f\x8b rubbish", "damaged or incomplete"),
        (b"PK\x03\x04 rubbish", "damaged or incomplete"),
        (_zipped({}), "is empty"),
        (_zipped({"a.csv": "a", "b.csv": "b"}), "has 2 files (a.csv, b.csv): put exactly one CSV into it"),
        ("a,b\n1,2\n".encode("utf-16") + b"\x00", "does not go on so"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        list(_open(content))
    assert said in str(refused.value)


def test_a_file_that_unpacks_to_more_than_any_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "LARGEST_TABLE", 10_000)
    with pytest.raises(UnreadableFileError, match="unpacks to more than"):
        list(_open(gzip.compress(b"a,b\n" * 10_000)))


_CELL = st.text(
    st.characters(codec="cp1252", exclude_characters="\0\r\n\x1a", exclude_categories=["Cc"]), max_size=8
)


@given(
    st.lists(st.lists(_CELL, min_size=3, max_size=3), min_size=1, max_size=6),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_is_written_is_read_back(
    rows: Sequence[Sequence[str]], codec: str, delimiter: str, line_end: str
) -> None:
    text = io.StringIO()
    header = ["Number", "Customer", "Total"]
    # A separator line leaves nothing to guess: which one it is has tests of its own.
    text.write(f"sep={delimiter}{line_end}")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows([header, *rows])
    assert _cells(text.getvalue().encode(codec))[1:] == [header, *map(list, rows)]


# What exports hold, and what it takes to mislead a reader.
_REAL = st.sampled_from(
    [
        "",
        "A-1",
        "1.234,50",
        "Müller, Hans",
        "Straße 1, Köln",
        "a; b",
        "Café",
        'say "hi"',
        "Ü|é",
        "two\nlines",
        " x ",
    ]
)


_CONTAINERS: Mapping[str, Callable[[bytes], bytes]] = {
    "plain": lambda content: content,
    "gzip": gzip.compress,
    "zip": lambda content: _packed("book.csv", content),
}


@given(
    st.lists(st.lists(_REAL, min_size=3, max_size=3), min_size=1, max_size=8),
    st.sampled_from(
        ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman", "cp850"]
    ),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(sorted(_CONTAINERS)),
)
def test_an_export_is_read_back_without_being_told_how_it_is_written(
    rows: Sequence[Sequence[str]], codec: str, delimiter: str, line_end: str, container: str
) -> None:
    text = io.StringIO()
    told = [[cell.replace("\n", line_end) for cell in row] for row in rows]
    written = [["Number", "Größe für Café", "Total"], *told]
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(written)
    records = _open(_CONTAINERS[container](text.getvalue().encode(codec)))
    assert (records.container, records.delimiter) == (container, delimiter)
    assert list(records) == [Record(number, cells) for number, cells in enumerate(written, 1)]


# Spaces around a text are none of it in a workbook.
@given(st.lists(st.lists(_REAL.map(str.strip), min_size=3, max_size=3), max_size=4))
def test_a_workbook_is_read_back(rows: Sequence[Sequence[str]]) -> None:
    written = [["Number", "Customer", "Total"], *map(list, rows)]
    content = _workbook(Invoices="".join(f"<row>{''.join(map(_text, row))}</row>" for row in written))
    records = _open(content)
    assert (records.container, [record.cells for record in records]) == ("xlsx", written)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        records = list(_open(content))
    except UnreadableFileError:
        return
    assert [record.number for record in records] == list(range(1, len(records) + 1))
    assert all(record.fault or isinstance(record.cells, list) for record in records)
