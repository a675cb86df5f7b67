from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.application.import_file import Limits
from tactful.application.import_report import Outcome
from tactful.application.ports import StoreUnavailableError
from tactful.application.upload import Upload
from tactful.domain.book.customer import Channel, Role
from tactful.domain.book.invoice import InvoiceState
from tactful.imports.statements import RowOutcome
from tests.support.builders import NINE, money
from tests.unit.application.house import Eventful, out_of_reach
from tests.unit.application.importing import (
    BUCKET,
    CUSTOMER_HEADER,
    INVOICE_HEADER,
    Desk,
    customer_line,
    invoice_line,
)

HOUR = timedelta(hours=1)


def test_an_invoice_file_opens_accounts_and_nothing_is_sent() -> None:
    desk = Desk()
    report = desk.invoices(
        invoice_line(), invoice_line("INV-2", customer="C-2", total="1050.5", currency="KWD")
    )
    assert report.records == {RowOutcome.NEW: 2}
    assert desk.invoice().amount_due == money(100_00)
    assert desk.invoice("INV-2", "C-2").amount_due == money(1_050_500, "KWD")
    assert desk.account().reminders == ()


def test_the_same_file_again_changes_nothing() -> None:
    desk = Desk()
    rows = (invoice_line(), invoice_line("INV-2", amount_due="40"), invoice_line("CN-1", total="-20.00"))
    desk.invoices(*rows)
    desk.customers(customer_line())
    before = desk.account()
    assert desk.invoices(*rows, at=NINE + HOUR).records == {RowOutcome.UNCHANGED: 3}
    assert desk.customers(customer_line(), at=NINE + HOUR).records == {RowOutcome.UNCHANGED: 1}
    assert desk.account() == replace(before, book_as_of=NINE + HOUR)


def test_a_notification_that_comes_twice_imports_once() -> None:
    desk = Desk()
    upload = desk.put("customers/book.csv", f"{CUSTOMER_HEADER}\n{customer_line()}\n".encode())
    desk.run(upload)
    before = desk.account()
    again = desk.run(upload)
    assert again.records == {RowOutcome.NEW: 1}
    assert not again.is_news
    assert desk.account() == before


def test_a_bad_row_is_named_by_its_line_and_stops_no_other() -> None:
    desk = Desk()
    report = desk.invoices(
        invoice_line("INV-1"),
        invoice_line("INV-2", total="12,5O"),
        invoice_line("INV-3", due="03/04/2026"),
        invoice_line("INV-4", currency="GPB"),
        invoice_line("INV-5"),
    )
    assert [invoice.number for invoice in desk.account().invoices] == ["INV-1", "INV-5"]
    assert [row["records"] for row in report.rejected] == [[3], [4], [5]]
    assert [row["invoice_number"] for row in report.rejected] == ["INV-2", "INV-3", "INV-4"]


def test_the_counts_of_a_report_add_up_to_its_rows() -> None:
    desk = Desk()
    desk.invoices(invoice_line("INV-1"), invoice_line("INV-2"))
    desk.invoices(
        invoice_line("INV-1"),
        invoice_line("INV-2", amount_due="1.00"),
        invoice_line("INV-3"),
        invoice_line("INV-4", status="lost"),
        at=NINE + HOUR,
    )
    written = desk.written("invoices/book.csv")
    assert {outcome: written[outcome] for outcome in ("new", "changed", "unchanged", "rejected")} == {
        "new": 1,
        "changed": 1,
        "unchanged": 1,
        "rejected": 1,
    }
    assert written["rows"] == 4
    assert written["refused"] is None
    assert [row["records"] for row in written["rejected_rows"]] == [[5]]


@pytest.mark.parametrize(
    ("key", "content", "says"),
    [
        ("invoices/book.csv", b"", "the file is empty"),
        ("invoices/book.csv", b"name,colour\nAnn,red\n", "invoice_number"),
        ("letters/book.csv", b"invoice_number\n", "put invoice files under invoices/"),
        ("book.csv", b"invoice_number\n", "customer files under customers/"),
    ],
)
def test_a_file_that_is_refused_says_why_and_imports_nothing(key: str, content: bytes, says: str) -> None:
    desk = Desk()
    report = desk.run(desk.put(key, content))
    assert report.outcome is Outcome.REFUSED
    assert says in report.said
    written = desk.written(key)
    assert (written["refused"], written["rows"], written["read_as"]) == (report.said, 0, None)


@pytest.mark.parametrize("key", ["invoices/", "invoices/2026/", "invoices/.DS_Store", "invoices/._book.csv"])
def test_a_folder_made_in_the_console_or_a_hidden_file_is_nothing_to_import(key: str) -> None:
    desk = Desk()
    assert desk.use_case().run(desk.put(key, b"")) is None
    assert desk.reports.written == {}


def test_a_file_that_was_deleted_meanwhile_is_refused() -> None:
    desk = Desk()
    report = desk.run(Upload(BUCKET, "invoices/gone.csv", "v9", NINE))
    assert report.refused.startswith("the file was deleted")


def test_a_file_uploaded_before_the_last_one_changes_nothing() -> None:
    desk = Desk()
    desk.invoices(invoice_line(amount_due="40.00"), at=NINE + HOUR)
    desk.customers(customer_line(email="new@client.example"), at=NINE + HOUR)
    before = desk.account()
    assert desk.invoices(invoice_line(), at=NINE).records == {RowOutcome.UNCHANGED: 1}
    desk.customers(customer_line(email="old@client.example"), at=NINE)
    assert desk.account() == before


def test_a_payment_recorded_here_outlives_a_file_that_does_not_know_of_it() -> None:
    desk = Desk()
    desk.invoices(invoice_line())
    desk.house.pay()
    desk.invoices(invoice_line(), at=NINE + HOUR)
    assert desk.invoice().state is InvoiceState.PAID
    assert desk.account().owes_nothing()


def test_a_part_payment_recorded_here_outlives_a_file_that_does_not_know_of_it() -> None:
    desk = Desk()
    desk.invoices(invoice_line())
    desk.house.pay(60_00)
    desk.invoices(invoice_line(), at=NINE + HOUR)
    assert desk.invoice().amount_due == money(40_00)


def test_an_invoice_whose_due_date_moved_is_reminded_of_from_the_new_one() -> None:
    desk = Desk()
    desk.invoices(invoice_line())
    desk.customers(customer_line())
    desk.house.run_for(HOUR)
    desk.invoices(invoice_line(due="2026-03-16"), at=NINE + HOUR)
    action = desk.account().next_action_at
    assert action is not None
    assert action.date().isoformat() == "2026-03-09"


def test_a_currency_that_changes_after_a_payment_is_rejected() -> None:
    desk = Desk()
    desk.invoices(invoice_line())
    desk.house.pay(60_00)
    report = desk.invoices(invoice_line(currency="EUR"), invoice_line("INV-2"), at=NINE + HOUR)
    assert report.records == {RowOutcome.REJECTED: 1, RowOutcome.NEW: 1}
    (row,) = report.rejected
    assert (row["records"], row["invoice_number"]) == ([2], "INV-1")
    assert row["reason"].startswith("currency: EUR, but GBP 60.00 has been paid")
    assert desk.invoice().amount_due == money(40_00)


def test_a_currency_may_be_corrected_before_a_payment() -> None:
    desk = Desk()
    desk.invoices(invoice_line())
    assert desk.invoices(invoice_line(currency="EUR"), at=NINE + HOUR).records == {RowOutcome.CHANGED: 1}
    assert desk.invoice().amount_due == money(100_00, "EUR")


def test_two_customers_may_have_an_invoice_of_the_same_number() -> None:
    desk = Desk()
    desk.invoices(invoice_line(total="10.00"), invoice_line(customer="C-2", total="20.00"))
    assert desk.invoice().amount_due == money(10_00)
    assert desk.invoice(customer_id="C-2").amount_due == money(20_00)


def test_leading_zeros_of_a_number_and_of_a_customer_are_kept() -> None:
    desk = Desk()
    desk.invoices(invoice_line("0007", customer="0042"))
    assert desk.invoice("0007", "0042").number == "0007"
    assert desk.house.store.accounts_with("7") == ()


def test_a_customer_may_have_several_contacts_each_on_a_row_of_its_own() -> None:
    desk = Desk()
    report = desk.customers(
        customer_line(),
        customer_line(contact="Bo", role="owner", email="bo@client.example", phone=""),
        customer_line(email="ann.new@client.example"),
    )
    assert report.records == {RowOutcome.NEW: 1, RowOutcome.CHANGED: 2}
    contacts = {contact.name: contact for contact in desk.account().customer.contacts}
    assert contacts["Ann"].email == "ann.new@client.example"
    assert contacts["Bo"].role is Role.OWNER
    record = desk.house.store.find(Channel.EMAIL, "bo@client.example")
    assert record is not None
    assert record.accounts == {desk.account().key}


@pytest.mark.parametrize("customers_first", [True, False])
def test_customers_and_invoices_may_come_in_either_order(customers_first: bool) -> None:  # noqa: FBT001
    desk = Desk()
    if customers_first:
        desk.customers(customer_line())
    desk.invoices(invoice_line())
    if not customers_first:
        desk.customers(customer_line())
    acted = desk.house.run_for(HOUR)
    assert [str(act.outcome) for act in acted] == ["sent"]
    assert desk.account().reminders[0].address == "ann@client.example"


def test_an_invoice_file_leaves_contacts_alone() -> None:
    desk = Desk()
    desk.customers(customer_line(name="Client Limited"))
    desk.invoices(invoice_line())
    assert desk.account().customer.name == "Client Limited"
    assert [contact.name for contact in desk.account().customer.contacts] == ["Ann"]


def test_a_file_longer_than_what_is_held_at_once_is_imported_whole() -> None:
    desk = Desk(limits=Limits(at_once=100))
    lines = [invoice_line(f"INV-{number}", customer=f"C-{number % 7}") for number in range(1_200)]
    lines[700] = invoice_line("INV-700", status="lost")
    report = desk.invoices(*lines)
    assert report.records == {RowOutcome.NEW: 1_199, RowOutcome.REJECTED: 1}
    assert report.accepted == 1_199
    assert [row["records"] for row in report.rejected] == [[702]]
    assert sum(len(desk.account(f"C-{which}").invoices) for which in range(7)) == 1_199


def test_rejected_rows_are_reported_in_the_order_of_the_file() -> None:
    desk = Desk()
    desk.invoices(invoice_line("INV-1", customer="Z"))
    desk.house.pay(60_00)
    report = desk.invoices(
        invoice_line("INV-1", customer="Z", currency="EUR"),
        invoice_line("INV-2", customer="A", status="lost"),
        at=NINE + HOUR,
    )
    assert len(report.rejected) == 2
    assert [row["records"] for row in desk.written("invoices/book.csv")["rejected_rows"]] == [[2], [3]]


def test_an_import_that_the_store_interrupts_is_finished_by_the_next_try() -> None:
    desk = Desk()
    lines = [invoice_line(f"INV-{number}", customer=f"C-{number}") for number in range(5)]
    content = "\n".join([INVOICE_HEADER, *lines]).encode()
    upload = desk.put("invoices/book.csv", content)
    store = Eventful(desk.house.store, before_commit=(3, out_of_reach))
    with pytest.raises(StoreUnavailableError):
        desk.run(upload, store)
    assert desk.reports.written == {}
    assert desk.run(upload).records == {RowOutcome.NEW: 5}


def test_an_opt_out_survives_the_import_of_the_same_number() -> None:
    desk = Desk()
    desk.customers(customer_line(email=""))
    desk.invoices(invoice_line())
    desk.house.answer("STOP", address="+447400123456")
    desk.customers(customer_line(email="", contact="Ann B"), at=NINE + HOUR)
    assert desk.account().is_suppressed(Channel.SMS, "+447400123456")
    acted = desk.house.run_for(timedelta(days=2))
    assert "sent" not in [str(act.outcome) for act in acted]
