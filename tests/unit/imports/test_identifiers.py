from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.imports.identifiers import (
    NumberWatch,
    customer_id,
    customer_name,
    invoice_number,
    neutral,
    original,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("INV-1", "INV-1"),
        ("0000611365", "0000611365"),
        (" INV 12 / 26 ", "INV 12 / 26"),
        ("\u00a0INV-1\u00a0", "INV-1"),
        ("1930571429.0", "1930571429"),
        ("12.50", "12.50"),
        ("1E5", "1E5"),
        ("#1001", "#1001"),
        ("\u0662\u0660", "\u0662\u0660"),
        ("'=1+1", "=1+1"),
        ("'@12", "@12"),
        ("'12", "'12"),
        ("=HYPERLINK(0)", "=HYPERLINK(0)"),
    ],
)
def test_a_number_is_kept_letter_by_letter(text: str, number: str) -> None:
    assert invoice_number(text) == number
    assert customer_id(text) == number


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "invoice_number: it is empty"),
        ("   ", "invoice_number: it is empty"),
        ("4.71565E+21", "destroyed by a spreadsheet: export again with the column as text"),
        ("1.23E+05", "destroyed by a spreadsheet"),
        ("4,71565E+21", "destroyed by a spreadsheet"),
        ("4.71565e+21", "destroyed by a spreadsheet"),
        ("#REF!", "is an error of a spreadsheet: correct the cell"),
        ("#N/A", "is an error of a spreadsheet"),
        ("INV\n1", "has control characters: take them out"),
        ("INV\x001", "has control characters"),
        ("INV\ud8001", "has control characters"),
        ("x" * 101, "it has 101 characters, and 100 are the most"),
    ],
)
def test_what_is_no_number_is_refused_with_what_to_do(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        invoice_number(text)


def test_a_customers_id_is_no_longer_than_two_hundred_characters() -> None:
    assert customer_id("x" * 200) == "x" * 200
    with pytest.raises(ValueError, match="customer_id: it has 201 characters"):
        customer_id("x" * 201)


def test_a_customers_name_is_one_line() -> None:
    assert customer_name(" West View\r\n  Ltd. ") == "West View Ltd."
    assert customer_name("'=SUM(1;2)") == "=SUM(1;2)"
    for text in ("", "\n", "x" * 201, "West\x00View"):
        with pytest.raises(ValueError, match="customer_name: "):
            customer_name(text)


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        '=HYPERLINK("http://client.example")',
        "+1+cmd|' /C calc'!A0",
        "-2+3+cmd",
        "@SUM(1+9)",
        "\tx",
        "\rx",
        " =1+1",
        "\uff1d1+1",
        "\uff0b1+1",
        "\uff201",
        "--1",
    ],
)
def test_a_formula_gets_an_apostrophe_that_reading_takes_off(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"
    assert original(neutral(cell)) == cell


@pytest.mark.parametrize(
    "cell", ["-12.50", "-1.234,56", "+12", "-1 234", "+44 7911 123456", "INV-1", "", "'tis", "a=b", "12-3"]
)
def test_plain_numbers_phone_numbers_and_words_stay_as_they_are(cell: str) -> None:
    assert neutral(cell) == cell
    assert original(cell) == cell


@given(st.text(st.sampled_from("='+-@\t\r 1a\uff1d\ufeff"), max_size=8) | st.text(max_size=20))
def test_every_cell_is_the_same_again_and_starts_no_formula(cell: str) -> None:
    written = neutral(cell)
    assert original(written) == cell
    assert not written.lstrip("\ufeff \n\x0b\x0c").startswith(
        ("=", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
    )
    assert not written.startswith(("\t", "\r"))


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        number = invoice_number(text)
    except ValueError as error:
        assert str(error).startswith("invoice_number: ")  # noqa: PT017 - most texts raise nothing
    else:
        assert number
        assert number == number.strip()
        row = io.StringIO()
        csv.writer(row).writerow([neutral(number)])
        assert invoice_number(next(csv.reader(io.StringIO(row.getvalue())))[0]) == number


def test_numbers_that_differ_only_by_zeros_case_or_blanks_are_told() -> None:
    watch = NumberWatch()
    for number in ("00123", "INV-1", "INV-2", "123", "inv-1", "INV 2", "INV-1", "INV-10"):
        watch.see(number)
    assert [said.partition(" differ")[0] for said in watch.warnings()] == [
        "'00123' and '123'",
        "'INV-1' and 'inv-1'",
    ]
    assert "export again with the numbers as text" in watch.warnings()[0]


def test_blanks_within_a_number_make_no_other_number() -> None:
    watch = NumberWatch()
    for number in ("2026 01", "202601"):
        watch.see(number)
    assert len(watch.warnings()) == 1


def test_numbers_of_the_book_are_compared_with_those_of_the_file() -> None:
    watch = NumberWatch(known=["0000611365"])
    watch.see("611365")
    assert watch.warnings()[0].startswith("'0000611365' and '611365' differ only by zeros")


def test_the_same_numbers_again_and_quite_different_ones_are_no_reason_to_warn() -> None:
    watch = NumberWatch()
    for number in ("INV-1", "INV-1", "INV-2", "INV-100", "INV-1-0"):
        watch.see(number)
    assert watch.warnings() == ()


def test_ten_pairs_are_shown_and_the_others_counted() -> None:
    watch = NumberWatch()
    for number in range(1, 1_201):
        watch.see(f"{number:05}")
        watch.see(str(number))
    warnings = watch.warnings()
    assert len(warnings) == 11
    assert warnings[-1] == "1,190 more pairs of numbers are as alike"
