from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.imports.rows import INVOICE_COLUMNS
from tactful.imports.table import Row, UnreadableFileError, check_encoding, read_rows


def rows_of(content: bytes | str, *, required: tuple[str, ...] = ("a", "b")) -> list[Row]:
    raw = content.encode() if isinstance(content, str) else content
    return list(read_rows(io.BytesIO(raw), required, ("c",)))


def refusal_of(content: bytes | str, *, required: tuple[str, ...] = ("a", "b")) -> str:
    with pytest.raises(UnreadableFileError) as refused:
        rows_of(content, required=required)
    return str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        "a,b\n1,2\n",
        "a,b\r\n1,2\r\n",
        "a,b\n1,2",
        "\ufeffa,b\n1,2\n",
        " A ,B\n 1 , 2 \n",
        '"a","b"\n"1","2"\n',
        "b,a\n2,1\n",
        "a,other,b\n1,x,2\n",
        "a,b,\n1,2,\n",
    ],
)
def test_one_row_is_read_however_its_csv_is_written(content: str) -> None:
    (row,) = rows_of(content)
    assert (row.line, row.cells, row.fault) == (2, {"a": "1", "b": "2"}, "")


def test_a_row_is_named_by_the_line_it_starts_on() -> None:
    rows = rows_of('\n\na,b\n"one\ntwo\nthree",2\n\n,\n3,4\r\n"5",6\n')
    assert [(row.line, row.cells["a"]) for row in rows] == [(4, "one\ntwo\nthree"), (9, "3"), (10, "5")]


def test_a_header_over_several_lines_does_not_shift_the_lines() -> None:
    assert [row.line for row in rows_of('a,b,"remarks\nof ours"\n1,2,x\n3,4,y\n')] == [3, 4]


def test_an_optional_column_is_read_where_it_is_there() -> None:
    assert rows_of("a,b,c\n1,2,3\n")[0].cells == {"a": "1", "b": "2", "c": "3"}


@pytest.mark.parametrize(("line", "cells"), [("1", 1), ("1,2,3", 3), ("1,2,", 3)])
def test_a_row_with_more_or_fewer_cells_than_the_header_is_a_fault(line: str, cells: int) -> None:
    good, bad, other = rows_of(f"a,b\n1,2\n{line}\n3,4\n")
    assert bad.fault == f"the row has {cells} cells where the header has 2"
    assert (bad.line, bad.cells) == (3, {})
    assert (good.fault, other.fault, other.line) == ("", "", 4)


def test_a_quote_that_is_never_closed_is_a_fault_of_the_row_it_opens_in() -> None:
    *good, bad = rows_of('a,b\n1,2\n3,"4\n5,6\n')
    assert [row.cells["a"] for row in good] == ["1"]
    assert bad.line == 3
    assert "close its quotes" in bad.fault


def test_a_quote_that_swallows_a_whole_file_does_not_hide_the_rows_after_its_limit() -> None:
    rows = rows_of('a,b\n1,"2\n' + "3,4\n" * 5_000)
    assert rows[0].line == 2
    assert "close its quotes" in rows[0].fault
    assert rows[-1].cells == {"a": "3", "b": "4"}
    assert rows[-1].line == 5_002


def test_text_after_a_closing_quote_is_a_fault_and_the_next_row_is_read() -> None:
    bad, good = rows_of('a,b\n"1"x,2\n3,4\n')
    assert bad.line == 2
    assert bad.fault
    assert (good.line, good.cells) == (3, {"a": "3", "b": "4"})


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", " \n", ",,\n"])
def test_a_file_without_a_header_is_refused(content: str) -> None:
    assert refusal_of(content) == "the file has no header row"


def test_a_file_with_a_header_only_has_no_rows() -> None:
    assert rows_of("a,b\n") == []


def test_a_header_that_lacks_columns_is_refused_by_their_names() -> None:
    refusal = refusal_of("a,due\n1,2\n")
    assert refusal.startswith("the header lacks b; found: a, due.")
    assert "The columns wanted are a, b, c" in refusal


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_a_file_with_another_separator_is_refused_and_told_which_is_wanted(separator: str) -> None:
    content = separator.join(INVOICE_COLUMNS) + "\n" + separator.join("x" * len(INVOICE_COLUMNS)) + "\n"
    refusal = refusal_of(content, required=INVOICE_COLUMNS)
    assert refusal.startswith("the header lacks invoice_number")
    assert refusal.endswith("separated by commas")


def test_a_header_that_names_a_column_twice_is_refused() -> None:
    assert refusal_of("a,b,A\n1,2,3\n") == "the header names a more than once: keep one column of each"


def test_a_column_that_nobody_reads_may_be_there_twice() -> None:
    assert rows_of("a,b,x,x\n1,2,3,4\n")[0].cells == {"a": "1", "b": "2"}


def test_a_header_that_is_no_csv_is_refused() -> None:
    assert refusal_of('"a"b,c\n').startswith("line 1 cannot be read as CSV")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b" \r\n ", "the file is empty"),
        ("Müller".encode("latin-1"), "is not UTF-8"),
        ("a,b\n".encode("utf-16"), "is not UTF-8"),
        ("a,b\n".encode("utf-16-le"), "NUL bytes"),
        (b"a,b\n1,\0\n", "NUL bytes"),
        (b"a,b\n" + b"1,2\n" * 40_000 + b"\xff", "is not UTF-8"),
        (b"a,b\n1,\xc3", "is not UTF-8"),
    ],
)
def test_a_file_that_is_no_text_is_refused_before_any_of_it_is_read(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableFileError, match=says):
        check_encoding(io.BytesIO(content))


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "\ufeffa,b\n", "Zoë,日本,😀\n" * 30_000])
def test_a_file_that_is_text_passes(content: str) -> None:
    check_encoding(io.BytesIO(content.encode()))


_SNIPPETS = st.sampled_from(
    [b"a,b", b"\n", b"\r", b"\r\n", b'"', b",", b";", b"\0", b"\xef\xbb\xbf", b"\xff", b"x", b"1,2", b" "]
)


@given(
    st.binary()
    | st.lists(_SNIPPETS).map(b"".join)
    | st.lists(_SNIPPETS).map(lambda s: b"a,b\n" + b"".join(s))
)
def test_no_bytes_make_reading_fail_otherwise_than_by_a_refusal(content: bytes) -> None:
    try:
        check_encoding(io.BytesIO(content))
        rows = list(read_rows(io.BytesIO(content), ("a", "b")))
    except UnreadableFileError:
        return
    lines = [row.line for row in rows]
    assert lines == sorted(set(lines))
    assert all(bool(row.fault) != bool(row.cells) for row in rows)


# Without the signs that end a line for some readers of text and not for others.
_CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=20)


@given(st.lists(st.tuples(_CELLS, _CELLS).filter(lambda cells: any(cell.strip() for cell in cells))))
def test_what_a_csv_writer_wrote_is_read_back_on_the_lines_it_was_written(
    written: list[tuple[str, str]],
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n")
    lines = []
    for record in [("a", "b"), *written]:
        lines.append(1 + buffer.getvalue().count("\n"))
        writer.writerow(record)
    read = rows_of(buffer.getvalue())
    assert [(row.cells["a"], row.cells["b"]) for row in read] == [(a.strip(), b.strip()) for a, b in written]
    assert [row.line for row in read] == lines[1:]
