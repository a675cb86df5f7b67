"""Customers of whom a file knows the name alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tactful.application.import_file import Limits
from tactful.application.import_report import ImportReport
from tactful.domain.book.customer import account_key
from tactful.imports.statements import RowOutcome
from tests.support.builders import NINE
from tests.unit.application.importing import Desk, customer_line, invoice_line

HOUR = timedelta(hours=1)


def nameless(number: str = "INV-1", name: str = "Client Ltd") -> str:
    return invoice_line(number, customer="", name=name)


def numbers(desk: Desk, customer_id: str) -> list[str]:
    return [invoice.number for invoice in desk.account(customer_id).invoices]


def reasons(report: ImportReport) -> list[str]:
    return [row["reason"] for row in report.rejected]


def test_a_customer_that_nobody_knows_is_opened_under_its_name() -> None:
    desk = Desk()
    report = desk.invoices(nameless(), nameless("INV-2", "  CLIENT  ltd"), nameless("INV-3", "Other Ltd"))
    assert report.records == {RowOutcome.NEW: 3}
    assert numbers(desk, "Client Ltd") == ["INV-1", "INV-2"]
    assert numbers(desk, "Other Ltd") == ["INV-3"]


def test_the_next_file_finds_it_by_its_name() -> None:
    desk = Desk()
    desk.invoices(nameless())
    desk.invoices(nameless("INV-2", "client LTD"), at=NINE + HOUR)
    assert numbers(desk, "Client Ltd") == ["INV-1", "INV-2"]


def test_the_one_customer_of_that_name_gets_it_whatever_its_id() -> None:
    desk = Desk()
    desk.customers(customer_line("1001"))
    desk.invoices(nameless(), at=NINE + HOUR)
    assert numbers(desk, "1001") == ["INV-1"]
    assert desk.house.store.load(account_key("Client Ltd")) is None


def test_of_several_customers_of_that_name_none_is_guessed() -> None:
    desk = Desk()
    desk.customers(customer_line("1001"), customer_line("1002", contact="Bo", email="bo@other.example"))
    report = desk.invoices(nameless(), invoice_line("INV-2", customer="1001"), at=NINE + HOUR)
    assert report.records == {RowOutcome.REJECTED: 1, RowOutcome.NEW: 1}
    assert reasons(report) == [
        (
            "customer_id: 2 customers are called 'Client Ltd' (1001, 1002): "
            "say which one is meant with a column of their ids"
        )
    ]
    assert numbers(desk, "1001") == ["INV-2"]


def test_a_file_of_customers_gives_their_ids_to_those_that_have_none() -> None:
    desk = Desk()
    desk.invoices(nameless())
    report = desk.customers(customer_line("1001"), at=NINE + HOUR)
    assert report.records == {RowOutcome.CHANGED: 1}
    assert [contact.name for contact in desk.account("Client Ltd").customer.contacts] == ["Ann"]
    assert desk.house.store.load(account_key("1001")) is None


@pytest.mark.parametrize("name", ["Client Ltd", "Client Limited"])
def test_who_got_an_id_later_is_known_by_it_whatever_the_name_is_now(name: str) -> None:
    desk = Desk()
    desk.invoices(nameless())
    desk.customers(customer_line("1001"), at=NINE + HOUR)
    desk.customers(customer_line("1001", name=name), at=NINE + 2 * HOUR)
    desk.invoices(
        invoice_line("INV-2", customer="1001", name=name), nameless("INV-3", name), at=NINE + 3 * HOUR
    )
    assert numbers(desk, "Client Ltd") == ["INV-1", "INV-2", "INV-3"]
    assert desk.account("Client Ltd").customer.name == name


def test_a_second_customer_of_the_name_does_not_get_what_is_the_first_one_s() -> None:
    desk = Desk()
    desk.invoices(nameless())
    desk.customers(customer_line("1001"), at=NINE + HOUR)
    desk.customers(customer_line("1002", email="bo@other.example"), at=NINE + 2 * HOUR)
    assert [contact.email for contact in desk.account("Client Ltd").customer.contacts] == [
        "ann@client.example"
    ]
    assert [contact.email for contact in desk.account("1002").customer.contacts] == ["bo@other.example"]
    assert desk.account("1002").invoices == ()


def test_where_a_file_has_two_customers_of_the_name_neither_gets_what_may_be_the_other_s() -> None:
    desk = Desk()
    desk.invoices(nameless())
    desk.customers(customer_line("1001"), customer_line("1002", email="bo@other.example"), at=NINE + HOUR)
    assert desk.account("Client Ltd").customer.contacts == ()
    assert desk.account("1001").invoices == desk.account("1002").invoices == ()
    report = desk.invoices(nameless("INV-2"), at=NINE + 2 * HOUR)
    assert "3 customers are called 'Client Ltd'" in reasons(report)[0]


def test_invoices_with_ids_after_invoices_without_are_of_the_same_customer() -> None:
    desk = Desk()
    desk.invoices(nameless())
    report = desk.invoices(
        invoice_line(customer="1001"), invoice_line("INV-2", customer="1001"), at=NINE + HOUR
    )
    assert report.records == {RowOutcome.UNCHANGED: 1, RowOutcome.NEW: 1}
    assert numbers(desk, "Client Ltd") == ["INV-1", "INV-2"]


def test_a_row_without_an_id_among_rows_with_ids_is_the_same_customer_s() -> None:
    desk = Desk()
    for hours in range(2):
        desk.invoices(nameless(), invoice_line("INV-2", customer="1001"), at=NINE + hours * HOUR)
    assert numbers(desk, "1001") == ["INV-1", "INV-2"]


def test_an_id_that_looks_like_a_name_is_not_taken_for_it() -> None:
    desk = Desk()
    desk.customers(customer_line("Client Ltd", name="Somebody else"))
    report = desk.invoices(nameless(), at=NINE + HOUR)
    assert reasons(report) == [
        "customer_name: 'Client Ltd' is the id of another customer: add a column with the ids"
    ]
    assert desk.account("Client Ltd").invoices == ()


def test_looking_for_names_that_a_long_file_has_twice_loses_none_of_its_rows() -> None:
    desk = Desk(limits=Limits(at_once=10))
    desk.invoices(nameless())
    rows = [customer_line(f"{1000 + number}", name=f"Client {number}") for number in range(400)]
    report = desk.customers(customer_line("7"), *rows, at=NINE + HOUR)
    assert report.counts()["rows"] == 401
    assert [contact.name for contact in desk.account("Client Ltd").customer.contacts] == ["Ann"]
