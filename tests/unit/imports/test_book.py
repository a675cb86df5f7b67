from __future__ import annotations

import io
from datetime import date

from tactful.domain.book.account import AddressRecord
from tactful.domain.book.customer import Channel, Contact, Purpose, account_key
from tactful.domain.book.invoice import InvoiceState
from tactful.imports.book import BookFile, Fault, read_book
from tests.support.builders import NINE, money
from tests.unit.application.importing import (
    CUSTOMER_HEADER,
    INVOICE_HEADER,
    Desk,
    customer_line,
    invoice_line,
    text,
)


def a_file(header: str, *lines: str) -> io.BytesIO:
    return io.BytesIO(text(header, lines))


def test_a_book_is_what_uploads_of_its_files_would_open() -> None:
    invoices = (invoice_line(), invoice_line("INV-2", amount_due="40"), invoice_line("INV-3", customer="C-2"))
    customers = (customer_line(), customer_line("C-3", email="bo@client.example", phone=""))
    desk = Desk()
    desk.invoices(*invoices)
    desk.customers(*customers)
    accounts, faults = read_book(a_file(INVOICE_HEADER, *invoices), a_file(CUSTOMER_HEADER, *customers), NINE)
    assert faults == ()
    assert [account.customer.id for account in accounts] == ["C-1", "C-2", "C-3"]
    for account in accounts:
        uploaded = desk.account(account.customer.id)
        assert account.customer == uploaded.customer
        assert account.invoices == uploaded.invoices
        assert account.addresses == uploaded.addresses


def test_a_book_of_one_file_has_its_contacts_in_it() -> None:
    header = f"{INVOICE_HEADER},contact_name,email,country,purpose"
    accounts, faults = read_book(
        a_file(header, f"{invoice_line()},Ann,ann@client.example,gb,consumer"), None, NINE
    )
    assert faults == ()
    (account,) = accounts
    assert account.customer.contacts == (Contact("Ann", email="ann@client.example"),)
    assert (account.customer.country, account.customer.purpose) == ("GB", Purpose.CONSUMER)
    assert account.addresses == (
        AddressRecord(Channel.EMAIL, "ann@client.example", accounts=frozenset({account.key})),
    )


def test_what_the_customer_file_says_counts_more_than_what_the_invoices_say() -> None:
    invoices = a_file(f"{INVOICE_HEADER},contact_name,email", f"{invoice_line()},Ann,old@client.example")
    customers = a_file(CUSTOMER_HEADER, customer_line(name="Client Limited", email="new@client.example"))
    ((account,), _) = read_book(invoices, customers, NINE)
    assert account.customer.name == "Client Limited"
    assert [contact.email for contact in account.customer.contacts] == ["new@client.example"]


def test_accounts_that_share_an_address_know_of_each_other() -> None:
    customers = a_file(
        CUSTOMER_HEADER,
        customer_line("C-1", email="Shared@client.example"),
        customer_line("C-2", email="shared@client.example", phone=""),
        customer_line("C-3", email="own@client.example", phone=""),
    )
    (first, second, third), _ = read_book(a_file(INVOICE_HEADER, invoice_line()), customers, NINE)
    both = frozenset({account_key("C-1"), account_key("C-2")})
    records = {record.address: record.accounts for record in first.addresses}
    assert records == {"Shared@client.example": both, "+447400123456": frozenset({account_key("C-1")})}
    assert [record.accounts for record in second.addresses] == [both]
    assert [record.accounts for record in third.addresses] == [frozenset({account_key("C-3")})]


def test_every_fault_of_both_files_is_told_in_their_order_and_stops_nothing() -> None:
    invoices = a_file(
        INVOICE_HEADER,
        invoice_line("INV-1", status="lost"),
        invoice_line("INV-2", total="10.00"),
        invoice_line("INV-3"),
        invoice_line("INV-2", total="20.00"),
        "INV-4,C-1",
    )
    customers = a_file(CUSTOMER_HEADER, customer_line(), customer_line("C-2", phone="020"))
    accounts, faults = read_book(invoices, customers, NINE)
    assert [(fault.file, fault.line) for fault in faults] == [
        (BookFile.INVOICES, 2),
        (BookFile.INVOICES, 3),
        (BookFile.INVOICES, 5),
        (BookFile.INVOICES, 6),
        (BookFile.CUSTOMERS, 3),
    ]
    assert faults[1].reason == "line 5 says something else about INV-2: keep the row that is true"
    assert "the row has 2 cells where the header has 9" in faults[3].reason
    assert [invoice.number for account in accounts for invoice in account.invoices] == ["INV-3"]


def test_a_customer_of_whom_every_row_is_rejected_is_not_in_the_book() -> None:
    header = f"{INVOICE_HEADER},settled_date"
    row = f"{invoice_line(status='paid', amount_due='0')},2026-03-09"
    accounts, faults = read_book(a_file(header, row), None, NINE)
    assert accounts == ()
    assert faults == (Fault(BookFile.INVOICES, 2, "settled_date 2026-03-09 lies in the future"),)


def test_a_file_that_cannot_be_read_is_one_fault_and_the_other_file_is_read() -> None:
    accounts, faults = read_book(
        io.BytesIO(b"number;due\n1;2\n"), a_file(CUSTOMER_HEADER, customer_line()), NINE
    )
    assert [account.customer.id for account in accounts] == ["C-1"]
    ((file, line, reason),) = [(fault.file, fault.line, fault.reason) for fault in faults]
    assert (file, line) == (BookFile.INVOICES, 0)
    assert reason.startswith("the header lacks invoice_number")


def test_a_file_in_another_encoding_is_one_fault() -> None:
    _, faults = read_book(io.BytesIO("Rechnung\n".encode("utf-16")), None, NINE)
    ((line, reason),) = [(fault.line, fault.reason) for fault in faults]
    assert line == 0
    assert "is not UTF-8" in reason


def test_a_book_knows_when_paid_invoices_were_settled_where_the_file_says_so() -> None:
    header = f"{INVOICE_HEADER},settled_date"
    accounts, _ = read_book(
        a_file(
            header,
            f"{invoice_line('INV-1', status='paid', amount_due='0')},2026-02-27",
            f"{invoice_line('INV-2', status='paid', amount_due='0')},",
            f"{invoice_line('INV-3', status='void')},2026-02-27",
            f"{invoice_line('INV-4', status='disputed')},",
        ),
        None,
        NINE,
    )
    (account,) = accounts
    assert {invoice.number: invoice.settled_on for invoice in account.invoices} == {
        "INV-1": date(2026, 2, 27),
        "INV-2": None,
        "INV-3": None,
        "INV-4": None,
    }
    assert [invoice.was_disputed for invoice in account.invoices] == [False, False, False, True]
    assert account.invoices[0].state is InvoiceState.PAID


def test_an_invoice_that_a_file_repeats_is_in_the_book_once() -> None:
    ((account,), faults) = read_book(a_file(INVOICE_HEADER, invoice_line(), invoice_line()), None, NINE)
    assert faults == ()
    assert [invoice.amount_due for invoice in account.invoices] == [money(100_00)]
    assert account.book_as_of is None
