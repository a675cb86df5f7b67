from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from tactful.domain.book.money import Money
from tactful.imports.history import History, PastInvoice, read_history
from tactful.imports.statement import UnreadableFileError
from tactful.imports.upload_settings import DateOrder

TIDY = "invoice_number,customer_id,issue_date,due_date,total,settled_date,disputed"


def read(*rows: str, header: str = TIDY, dates: DateOrder | None = None) -> History:
    return read_history(BytesIO("\n".join([header, *rows]).encode()), "USD", dates)


def settled(*days: str, dates: DateOrder | None = None) -> list[date | None]:
    """The settlement dates that are read of invoices issued in 2024."""
    rows = [f"I-{number},C-1,2024-01-31,2024-02-28,10.00,{day}," for number, day in enumerate(days)]
    return [known.settled_on for known in read(*rows, dates=dates).invoices]


def test_a_row_becomes_an_invoice_with_its_dates_and_its_amount_in_minor_units() -> None:
    history = read("I-1,C-1,2024-01-31,2024-02-29,1234.50,2024-03-05,No")
    assert history.invoices == (
        PastInvoice(
            "I-1",
            "C-1",
            date(2024, 1, 31),
            date(2024, 2, 29),
            Money(1234_50, "USD"),
            date(2024, 3, 5),
            disputed=False,
        ),
    )
    assert history.faults == ()


def test_columns_are_known_by_the_names_that_exports_give_them_in_any_order() -> None:
    header = "countryCode,customerID,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate"
    history = read("391,A-7,9001,1/15/2013,2/14/2013,55.94,Yes,1/25/2013", header=header)
    (invoice,) = history.invoices
    assert (invoice.number, invoice.customer_id, invoice.disputed) == ("9001", "A-7", True)
    assert invoice.due_date == date(2013, 2, 14)


def test_without_a_column_for_disputes_nothing_was_disputed() -> None:
    header = TIDY.removesuffix(",disputed")
    assert not read("I-1,C-1,2024-01-31,2024-02-29,1.00,", header=header).invoices[0].disputed


def test_an_invoice_without_a_settlement_date_was_never_settled() -> None:
    assert settled("", "2024-02-01") == [None, date(2024, 2, 1)]


def test_a_column_of_empty_dates_leaves_nothing_to_find_out() -> None:
    assert settled("", "") == [None, None]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("2024-02-03", "2024-03-02"), (date(2024, 2, 3), date(2024, 3, 2))),
        (("2/3/2024", "2/13/2024"), (date(2024, 2, 3), date(2024, 2, 13))),
        (("2/3/2024", "13/2/2024"), (date(2024, 3, 2), date(2024, 2, 13))),
        (("02/03/2024", "02/13/2024"), (date(2024, 2, 3), date(2024, 2, 13))),
    ],
)
def test_the_way_dates_are_written_is_found_over_the_whole_column(
    days: tuple[str, ...], expected: tuple[date, ...]
) -> None:
    assert settled(*days) == [*expected]


def test_each_column_may_write_dates_in_its_own_way() -> None:
    (known,) = read("I-1,C-1,1/31/2024,29/2/2024,1.00,2024-03-05,").invoices
    assert known.issued_on == date(2024, 1, 31)
    assert known.due_date == date(2024, 2, 29)
    assert known.settled_on == date(2024, 3, 5)


def test_dates_that_can_be_read_in_two_ways_are_refused_until_somebody_says_which() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        settled("2/3/2024", "4/5/2024")
    assert str(refused.value).startswith("settled_date: the dates can be meant in more than one way")
    assert str(refused.value).endswith("say which with the date_order setting (--date-order dmy or mdy)")


def test_what_somebody_says_about_dates_decides() -> None:
    rows = ("I-1,C-1,1/2/2024,3/4/2024,1.00,5/6/2024,",)
    assert read(*rows, dates=DateOrder.DAY_FIRST).invoices[0].due_date == date(2024, 4, 3)
    assert read(*rows, dates=DateOrder.MONTH_FIRST).invoices[0].due_date == date(2024, 3, 4)


def test_of_dates_that_are_written_in_several_ways_each_is_read_in_its_own() -> None:
    assert settled("2024-02-03", "13/2/2024", "2024-2-04") == [
        date(2024, 2, 3),
        date(2024, 2, 13),
        date(2024, 2, 4),
    ]


def test_what_somebody_says_is_refused_if_most_dates_are_written_otherwise() -> None:
    with pytest.raises(
        UnreadableFileError, match="settled_date: date_order is mdy, but '13/2/2024' in record 2"
    ):
        settled("13/2/2024", "14/2/2024", "2/15/2024", dates=DateOrder.MONTH_FIRST)


def test_of_dates_that_contradict_what_somebody_says_only_those_are_left_out() -> None:
    history = read(
        "I-1,C-1,2024-01-31,2024-02-28,10.00,3/2/2024,",
        "I-2,C-1,2024-01-31,2024-02-28,10.00,13/2/2024,",
        "I-3,C-1,2024-01-31,2024-02-28,10.00,2/13/2024,",
        dates=DateOrder.DAY_FIRST,
    )
    assert [known.number for known in history.invoices] == ["I-1", "I-2"]
    ((record, said),) = history.faults
    assert record == 4
    assert said.startswith("settled_date: '2/13/2024' is no date written as DD/MM/YYYY")


@pytest.mark.parametrize("day", ["2024-02-30", "32/1/2024", "yesterday", "45000"])
def test_what_only_looks_like_a_date_is_none(day: str) -> None:
    history = read(
        "I-1,C-1,2024-01-31,2024-02-28,10.00,2024-02-03,", f"I-2,C-1,2024-01-31,2024-02-28,10.00,{day},"
    )
    assert [known.number for known in history.invoices] == ["I-1"]
    ((record, said),) = history.faults
    assert record == 3
    assert said.startswith(f"settled_date: '{day}'")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",C-1,2024-01-31,2024-02-28,10.00,,", "invoice_number: it is empty"),
        ("I-2,,2024-01-31,2024-02-28,10.00,,", "customer_id: it is empty"),
        ("I-2,C-1,,2024-02-28,10.00,,", "issue_date and due_date: both must be there"),
        ("I-2,C-1,2024-01-31,,10.00,,", "issue_date and due_date: both must be there"),
        ("I-2,C-1,2024-01-31,2024-01-30,10.00,,", "due_date 2024-01-30 is before issue_date 2024-01-31"),
        ("I-2,C-1,2024-01-31,2024-02-28,10.00,2024-01-30,", "settled_date 2024-01-30 is before issue_date"),
        ("I-2,C-1,2024-01-31,2024-02-28,ten,,", "total: 'ten' is not an amount such as 1050.00"),
        ("I-2,C-1,2024-01-31,2024-02-28,-10.00,,", "total: -10.00 is nothing to be paid"),
        ("I-2,C-1,2024-01-31,2024-02-28,0,,", "total: 0 is nothing to be paid"),
        ("I-2,C-1,2024-01-31,2024-02-28,10.00,,maybe", "disputed: 'maybe' is neither yes nor no"),
        ("I-1,C-1,2024-01-31,2024-02-28,10.00,,", "I-1 was told before: keep one row"),
        ("I-2,C-1", "the record has 2 cells where the header has 7"),
    ],
)
def test_a_bad_row_is_told_with_its_record_and_stops_no_other(row: str, says: str) -> None:
    good = "I-1,C-1,2024-01-31,2024-02-28,10.00,2024-02-03,No"
    last = "I-3,C-1,2024-01-31,2024-02-28,10.00,2024-02-03,No"
    history = read(good, row, last)
    assert [known.number for known in history.invoices] == ["I-1", "I-3"]
    ((record, said),) = history.faults
    assert record == 3
    assert said.startswith(says)


def test_two_customers_may_have_invoices_of_one_number() -> None:
    history = read("I-1,C-1,2024-01-31,2024-02-28,10.00,,", "I-1,C-2,2024-01-31,2024-02-28,10.00,,")
    assert [known.customer_id for known in history.invoices] == ["C-1", "C-2"]


def test_a_file_without_the_columns_is_refused_with_those_it_lacks() -> None:
    with pytest.raises(UnreadableFileError, match="the header lacks due_date, settled_date; a history needs"):
        read("1,2,3,4", header="invoice_number,customer_id,issue_date,total")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"\n\n"])
def test_a_file_that_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        read_history(BytesIO(content), "USD")


def test_amounts_have_the_decimals_of_their_currency() -> None:
    row = f"{TIDY}\nI-1,C-1,2024-01-31,2024-02-28,1000,,".encode()
    assert read_history(BytesIO(row), "JPY").invoices[0].total == Money(1000, "JPY")


def test_a_history_may_have_any_encoding_and_separator_and_grouped_amounts() -> None:
    rows = 'Invoice No.;Customer;Invoice date;Due date;Amount;Date paid\n1;Grün;31.01.2024;28.02.2024;"1.234,50";\n'
    (known,) = read_history(BytesIO(rows.encode("utf-16")), "EUR").invoices
    assert (known.customer_id, known.total) == ("Grün", Money(1234_50, "EUR"))
