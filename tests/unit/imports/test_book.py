from __future__ import annotations

import io
from datetime import date

from tactful.domain.book.account import AddressRecord
from tactful.domain.book.customer import Channel, Contact, Purpose, account_key
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.book.money import Money
from tactful.imports.book import Book, BookFile, Fault, read_book
from tactful.imports.upload_settings import UploadSettings
from tests.support.builders import NINE, money
from tests.unit.application.importing import (
    CUSTOMER_HEADER,
    INVOICE_HEADER,
    Desk,
    customer_line,
    invoice_line,
    text,
)
from tests.unit.imports.exports import profiles


def a_file(header: str, *lines: str) -> io.BytesIO:
    return io.BytesIO(text(header, lines))


def read(invoices: io.BytesIO | None, customers: io.BytesIO | None = None) -> Book:
    return read_book(invoices, customers, NINE, UploadSettings(), profiles())


def test_a_book_is_what_uploads_of_its_files_would_open() -> None:
    invoices = (invoice_line(), invoice_line("INV-2", amount_due="40"), invoice_line("INV-3", customer="C-2"))
    customers = (customer_line(), customer_line("C-3", email="bo@client.example", phone=""))
    desk = Desk()
    desk.invoices(*invoices)
    desk.customers(*customers)
    book = read(a_file(INVOICE_HEADER, *invoices), a_file(CUSTOMER_HEADER, *customers))
    assert book.faults == ()
    assert [account.customer.id for account in book.accounts] == ["C-1", "C-2", "C-3"]
    for account in book.accounts:
        uploaded = desk.account(account.customer.id)
        assert account.customer == uploaded.customer
        assert account.invoices == uploaded.invoices
        assert account.addresses == uploaded.addresses


def test_a_book_of_one_file_has_its_contacts_in_it() -> None:
    header = f"{INVOICE_HEADER},contact_name,email,country,purpose"
    book = read(a_file(header, f"{invoice_line()},Ann,ann@client.example,gb,consumer"))
    assert book.faults == ()
    (account,) = book.accounts
    assert account.customer.contacts == (Contact("Ann", email="ann@client.example"),)
    assert (account.customer.country, account.customer.purpose) == ("GB", Purpose.CONSUMER)
    assert account.addresses == (
        AddressRecord(Channel.EMAIL, "ann@client.example", accounts=frozenset({account.key})),
    )


def test_what_the_customer_file_says_counts_more_than_what_the_invoices_say() -> None:
    invoices = a_file(f"{INVOICE_HEADER},contact_name,email", f"{invoice_line()},Ann,old@client.example")
    customers = a_file(CUSTOMER_HEADER, customer_line(name="Client Limited", email="new@client.example"))
    (account,) = read(invoices, customers).accounts
    assert account.customer.name == "Client Limited"
    assert [contact.email for contact in account.customer.contacts] == ["new@client.example"]


def test_accounts_that_share_an_address_know_of_each_other() -> None:
    customers = a_file(
        CUSTOMER_HEADER,
        customer_line("C-1", email="Shared@client.example"),
        customer_line("C-2", email="shared@client.example", phone=""),
        customer_line("C-3", email="own@client.example", phone=""),
    )
    first, second, third = read(a_file(INVOICE_HEADER, invoice_line()), customers).accounts
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
    customers = a_file(CUSTOMER_HEADER, customer_line(), customer_line("C-2", email="", phone="020"))
    book = read(invoices, customers)
    assert [(fault.file, fault.record) for fault in book.faults] == [
        (BookFile.INVOICES, 2),
        (BookFile.INVOICES, 3),
        (BookFile.INVOICES, 5),
        (BookFile.INVOICES, 6),
        (BookFile.CUSTOMERS, 3),
    ]
    assert (
        book.faults[1].reason == "record 5 says something else about this invoice: keep the one that is true"
    )
    assert book.faults[3].reason.startswith("the record ends after 2 cells, the header has 9")
    assert [invoice.number for account in book.accounts for invoice in account.invoices] == ["INV-3"]


def test_a_customer_of_whom_every_row_is_rejected_is_not_in_the_book() -> None:
    header = f"{INVOICE_HEADER},settled_date"
    row = f"{invoice_line(status='paid', amount_due='0')},2026-03-09"
    book = read(a_file(header, row))
    assert book.accounts == ()
    assert book.faults == (Fault(BookFile.INVOICES, 2, "settled_date 2026-03-09 lies in the future"),)


def test_a_file_that_cannot_be_read_is_one_fault_and_the_other_file_is_read() -> None:
    book = read(io.BytesIO(b"number;due date\n1;2\n"), a_file(CUSTOMER_HEADER, customer_line()))
    assert [account.customer.id for account in book.accounts] == ["C-1"]
    (fault,) = book.faults
    assert (fault.file, fault.record) == (BookFile.INVOICES, 0)
    assert "the header in record 1 lacks" in fault.reason


def test_a_file_may_come_from_any_product_in_any_encoding() -> None:
    rows = (
        "Rechnungsnummer;Kunde;Fällig am;Betrag;Währung;Status\nR-1;Grün KG;31.03.2026;1.234,50;EUR;offen\n"
    )
    book = read(io.BytesIO(rows.encode("cp1252")))
    assert book.faults == ()
    (account,) = book.accounts
    assert (account.customer.id, account.customer.name) == ("Grün KG", "Grün KG")
    assert account.invoices[0].amount_due == Money(1234_50, "EUR")


def test_a_book_knows_when_paid_invoices_were_settled_where_the_file_says_so() -> None:
    header = f"{INVOICE_HEADER},settled_date"
    book = read(
        a_file(
            header,
            f"{invoice_line('INV-1', status='paid', amount_due='0')},2026-02-27",
            f"{invoice_line('INV-2', status='paid', amount_due='0')},",
            f"{invoice_line('INV-3', status='void')},2026-02-27",
            f"{invoice_line('INV-4', status='disputed')},",
        )
    )
    (account,) = book.accounts
    assert {invoice.number: invoice.settled_on for invoice in account.invoices} == {
        "INV-1": date(2026, 2, 27),
        "INV-2": None,
        "INV-3": None,
        "INV-4": None,
    }
    assert [invoice.was_disputed for invoice in account.invoices] == [False, False, False, True]
    assert account.invoices[0].state is InvoiceState.PAID


def test_an_invoice_that_a_file_repeats_is_in_the_book_once() -> None:
    book = read(a_file(INVOICE_HEADER, invoice_line(), invoice_line()))
    (account,) = book.accounts
    assert book.faults == ()
    assert [invoice.amount_due for invoice in account.invoices] == [money(100_00)]
    assert account.book_as_of is None


NAMED = "Invoice,Customer,Due date,Balance,Currency,Status"
CONTACTS = "Customer ID,Customer,Email"


def named(*rows: str) -> io.BytesIO:
    return a_file(NAMED, *(f"{row},2026-03-31,10.00,EUR,open" for row in rows))


def test_invoices_without_ids_belong_to_the_customer_of_that_name_who_has_one() -> None:
    book = read(
        named("I-1,ASHDOWN  ltd", "I-2,Birch"), a_file(CONTACTS, "C-7,Ashdown Ltd,ann@ashdown.example")
    )
    assert book.faults == ()
    ashdown, birch = book.accounts
    assert (ashdown.customer.id, ashdown.customer.contacts[0].email) == ("C-7", "ann@ashdown.example")
    assert (birch.customer.id, birch.customer.contacts) == ("Birch", ())


def test_a_name_that_is_written_in_two_ways_is_one_customer() -> None:
    (account,) = read(named("I-1,Ashdown Ltd", "I-2,ashdown  LTD")).accounts
    assert [invoice.number for invoice in account.invoices] == ["I-1", "I-2"]


def test_an_invoice_that_may_be_of_several_customers_of_a_name_is_refused_with_their_ids() -> None:
    customers = a_file(CONTACTS, "C-7,Ashdown Ltd,ann@ashdown.example", "C-8,Ashdown Ltd,bo@ashdown.example")
    book = read(named("I-1,Ashdown Ltd", "I-2,Birch"), customers)
    (fault,) = book.faults
    assert (fault.file, fault.record) == (BookFile.INVOICES, 2)
    assert fault.reason.startswith("Ashdown Ltd may be any of C-7, C-8, which have this name")
    assert [len(account.invoices) for account in book.accounts] == [1, 0, 0]


def test_what_should_not_be_overlooked_in_a_file_is_told_with_the_file() -> None:
    header = f"{INVOICE_HEADER},email"
    ((file, said),) = read(a_file(header, f"{invoice_line()},nobody")).warnings
    assert file is BookFile.INVOICES
    assert said.startswith("C-1: email:")
