"""What a file says beside what is due: contacts, when invoices were settled, and how old the book is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tactful.application.import_report import ImportReport
from tactful.domain.book.agreements import Promise
from tactful.domain.book.customer import Channel, Contact, Purpose
from tactful.domain.book.invoice import Discount, InvoiceKind
from tactful.imports.statements import RowOutcome
from tests.support.builders import NINE, a_calendar, an_account, an_invoice, money
from tests.unit.application.house import House
from tests.unit.application.importing import INVOICE_HEADER, Desk, customer_line, invoice_line, text

DAY = timedelta(days=1)
CONTACT_HEADER = f"{INVOICE_HEADER},contact_name,email,phone,country,purpose"
EMAIL, PHONE = "ann@client.example", "+447400123456"


def with_contact(line: str, *, email: str = EMAIL, phone: str = PHONE) -> str:
    return f"{line},Ann,{email},{phone},GB,consumer"


def upload(desk: Desk, header: str, *lines: str, days: int = 0) -> ImportReport:
    return desk.run(desk.put("invoices/book.csv", text(header, lines), NINE + days * DAY))


def paid_line(number: str = "INV-1") -> str:
    return invoice_line(number, status="paid", amount_due="0")


def test_an_invoice_file_may_bring_its_contacts_along() -> None:
    desk = Desk()
    report = upload(desk, CONTACT_HEADER, with_contact(invoice_line()))
    assert report.records == {RowOutcome.NEW: 1}
    customer = desk.account().customer
    assert customer.contacts == (Contact("Ann", email=EMAIL, phone=PHONE),)
    assert (customer.country, customer.purpose) == ("GB", Purpose.CONSUMER)
    for record in desk.account().addresses:
        assert record.accounts == {desk.account().key}
    acted = desk.house.run_for(timedelta(hours=1))
    assert [str(act.outcome) for act in acted] == ["sent"]


def test_an_invoice_file_without_addresses_takes_no_contact_away() -> None:
    desk = Desk()
    desk.customers(customer_line(name="Client Limited"))
    report = upload(desk, CONTACT_HEADER, with_contact(invoice_line(), email="", phone=""))
    assert report.records == {RowOutcome.NEW: 1}
    assert desk.account().customer.name == "Client Limited"
    assert [contact.email for contact in desk.account().customer.contacts] == [EMAIL]
    assert desk.account().customer.purpose is Purpose.CONSUMER


def test_a_row_that_only_says_something_new_of_the_customer_is_a_change() -> None:
    desk = Desk()
    upload(desk, CONTACT_HEADER, with_contact(invoice_line()))
    moved = with_contact(invoice_line(), email="new@client.example")
    assert upload(desk, CONTACT_HEADER, moved, days=1).records == {RowOutcome.CHANGED: 1}
    assert upload(desk, CONTACT_HEADER, moved, days=2).records == {RowOutcome.UNCHANGED: 1}
    assert [contact.email for contact in desk.account().customer.contacts] == ["new@client.example"]


def test_the_address_of_a_rejected_row_is_not_linked() -> None:
    desk = Desk()
    desk.invoices(invoice_line())
    desk.house.pay(60_00)
    rejected = with_contact(invoice_line(currency="EUR"), email="wrong@client.example")
    accepted = with_contact(invoice_line("INV-2"))
    report = upload(desk, CONTACT_HEADER, rejected, accepted, days=1)
    assert report.records == {RowOutcome.REJECTED: 1, RowOutcome.NEW: 1}
    assert desk.house.store.find(Channel.EMAIL, "wrong@client.example") is None
    assert [contact.email for contact in desk.account().customer.contacts] == [EMAIL]


def test_an_address_that_is_linked_already_is_not_linked_again() -> None:
    desk = Desk()
    upload(desk, CONTACT_HEADER, with_contact(invoice_line()))
    before = desk.house.store.find(Channel.EMAIL, EMAIL)
    upload(desk, CONTACT_HEADER, with_contact(invoice_line(amount_due="40.00")), days=1)
    assert desk.house.store.find(Channel.EMAIL, EMAIL) == before


def test_rows_that_contradict_each_other_are_both_rejected_and_name_the_other() -> None:
    desk = Desk()
    report = desk.invoices(
        invoice_line("INV-1", total="10.00"),
        invoice_line("INV-2"),
        invoice_line("INV-1", total="20.00"),
        invoice_line("INV-1", total="10.00"),
    )
    assert report.records == {RowOutcome.REJECTED: 3, RowOutcome.NEW: 1}
    says = "says something else about this invoice: keep the one that is true"
    assert [(row["records"], row["reason"]) for row in report.rejected] == [
        ([2], f"record 4 {says}"),
        ([4], f"record 2 {says}"),
        ([5], f"record 4 {says}"),
    ]
    assert [invoice.number for invoice in desk.account().invoices] == ["INV-2"]


def test_a_row_that_says_again_what_another_says_is_passed_over() -> None:
    desk = Desk()
    report = desk.invoices(invoice_line(), invoice_line(), invoice_line(customer="C-2"))
    assert report.records == {RowOutcome.NEW: 2, "ignored": 1}
    assert report.ignored == {"says again what record 2 says": 1}


def test_rows_that_are_far_apart_contradict_each_other_all_the_same() -> None:
    desk = Desk()
    lines = [invoice_line(f"INV-{number}", customer=f"C-{number % 7}") for number in range(1_200)]
    lines.append(invoice_line("INV-0", customer="C-0", due="2026-04-02"))
    report = desk.invoices(*lines)
    assert [row["records"] for row in report.rejected] == [[2], [1_202]]
    assert report.records == {RowOutcome.NEW: 1_199, RowOutcome.REJECTED: 2}


def test_kind_and_discount_are_taken_over() -> None:
    desk = Desk()
    header = f"{INVOICE_HEADER},kind,discount_amount,discount_until"
    upload(desk, header, f"{invoice_line()},upfront,2.00,2026-02-16")
    assert desk.invoice().kind is InvoiceKind.UPFRONT
    assert desk.invoice().discount == Discount(money(2_00), date(2026, 2, 16))


def test_an_invoice_that_a_file_reports_as_paid_was_settled_when_it_was_last_seen_open() -> None:
    desk = Desk()
    for days in (0, 8, 16):
        assert RowOutcome.CHANGED not in upload(desk, INVOICE_HEADER, invoice_line(), days=days).records
    upload(desk, INVOICE_HEADER, paid_line(), days=23)
    assert desk.invoice().settled_on == (NINE + 16 * DAY).date()


def test_a_date_of_settlement_in_the_file_is_taken_instead() -> None:
    desk = Desk()
    header = f"{INVOICE_HEADER},settled_date"
    upload(desk, header, f"{invoice_line()},", f"{paid_line('INV-2')},", f"{paid_line('INV-3')},2026-02-27")
    upload(desk, header, f"{paid_line()},2026-03-04", f"{paid_line('INV-2')},", days=7)
    settled = {invoice.number: invoice.settled_on for invoice in desk.account().invoices}
    assert settled == {"INV-1": date(2026, 3, 4), "INV-2": None, "INV-3": date(2026, 2, 27)}


def test_the_day_of_a_report_is_that_of_the_business() -> None:
    desk = Desk(House(calendar=a_calendar("Pacific/Kiritimati")))
    desk.invoices(invoice_line(), at=NINE + timedelta(hours=6))
    desk.invoices(paid_line(), at=NINE + 3 * DAY)
    assert desk.invoice().settled_on == date(2026, 3, 3)


def test_the_books_keep_a_promise_when_they_report_the_last_of_its_invoices_as_paid() -> None:
    house = House()
    promise = Promise("p-1", ("INV-1", "INV-2"), date(2026, 3, 12), NINE)
    invoices = [an_invoice(number, reported_at=NINE) for number in ("INV-1", "INV-2")]
    house.add(replace(an_account(*invoices), promises=(promise,)))
    desk = Desk(house)
    upload(desk, INVOICE_HEADER, paid_line("INV-1"), invoice_line("INV-2"), days=1)
    assert [known.kept_on for known in desk.account().promises] == [None]
    upload(desk, INVOICE_HEADER, paid_line("INV-1"), paid_line("INV-2"), days=2)
    assert [known.kept_on for known in desk.account().promises] == [NINE.date()]


def test_the_book_is_as_old_as_the_newest_upload_of_invoices() -> None:
    desk = Desk()
    desk.customers(customer_line(), at=NINE)
    assert desk.account().book_as_of is None
    desk.invoices(invoice_line(), at=NINE + DAY)
    assert desk.account().book_as_of == NINE + DAY
    desk.invoices(invoice_line(), at=NINE)
    desk.customers(customer_line(), at=NINE + 2 * DAY)
    assert desk.account().book_as_of == NINE + DAY


@pytest.mark.parametrize(
    "content",
    [b"number;due\n1;2\n", text(INVOICE_HEADER, []), text(INVOICE_HEADER, [invoice_line(status="lost")])],
)
def test_a_file_that_says_nothing_that_can_be_used_makes_the_book_no_newer(content: bytes) -> None:
    desk = Desk()
    desk.invoices(invoice_line())
    desk.run(desk.put("invoices/book.csv", content, NINE + DAY))
    assert desk.account().book_as_of == NINE


@pytest.mark.parametrize("state", ["draft", "open", "void", "disputed", "written_off"])
def test_every_status_that_the_page_names_is_taken_for_what_it_says(state: str) -> None:
    desk = Desk()
    desk.invoices(invoice_line())
    desk.invoices(invoice_line(status=state), at=NINE + timedelta(hours=1))
    assert desk.invoice().state == state
