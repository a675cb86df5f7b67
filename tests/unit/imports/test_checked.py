from __future__ import annotations

from datetime import date

import pytest

from tactful.domain.book.customer import Contact, Role
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.book.money import Money
from tactful.imports.checked import Directory, Tally, invoice_as_json, status_of
from tactful.imports.statement import Ignored, Rejected, StatedCustomer, StatedInvoice

ANN, BO = Contact("Ann", email="ann@client.example"), Contact("Bo", Role.OWNER, "bo@client.example")


def stated(
    state: InvoiceState = InvoiceState.OPEN,
    due: int = 100,
    total: int = 100,
    customer: StatedCustomer | None = None,
) -> StatedInvoice:
    who = customer or StatedCustomer("", "Client Ltd")
    return StatedInvoice(
        (2,), "A-1", who, None, date(2026, 3, 31), Money(total, "EUR"), Money(due, "EUR"), state
    )


@pytest.mark.parametrize(
    ("invoice", "status"),
    [
        (stated(), "open"),
        (stated(due=40), "partially_paid"),
        (stated(InvoiceState.DISPUTED), "open"),
        (stated(InvoiceState.DISPUTED, due=40), "partially_paid"),
        (stated(InvoiceState.PAID, due=0), "paid"),
        (stated(InvoiceState.VOID, due=0), "void"),
        (stated(InvoiceState.WRITTEN_OFF, due=0), "void"),
        (stated(InvoiceState.DRAFT), "draft"),
        (stated(due=-100, total=-100), "open"),
        (stated(due=-40, total=-100), "partially_paid"),
    ],
)
def test_an_invoice_has_one_of_five_statuses(invoice: StatedInvoice, status: str) -> None:
    assert status_of(invoice) == status


def test_what_nobody_says_is_none() -> None:
    assert invoice_as_json(stated(), Directory()) == {
        "invoice_number": "A-1",
        "customer_name": "Client Ltd",
        "customer_id": None,
        "email": None,
        "issue_date": None,
        "due_date": "2026-03-31",
        "total_minor": 100,
        "amount_due_minor": 100,
        "currency": "EUR",
        "status": "open",
        "source_status": None,
    }


def directory(*customers: StatedCustomer) -> Directory:
    found = Directory()
    for customer in customers:
        found.add(customer)
    return found


def test_the_address_of_the_billing_contact_counts_more_than_others() -> None:
    invoice = stated(customer=StatedCustomer("C-1", "Client Ltd", (BO, ANN)))
    assert invoice_as_json(invoice, Directory())["email"] == "ann@client.example"
    assert invoice_as_json(stated(customer=StatedCustomer("", "X", (BO,))), Directory())["email"] == BO.email


def test_an_invoice_without_an_address_gets_that_of_the_customer_of_its_id() -> None:
    known = directory(StatedCustomer("C-1", "Client Ltd", (ANN,)), StatedCustomer("C-2", "Client Ltd", (BO,)))
    assert known.email_of(StatedCustomer("C-2", "Somebody")) == "bo@client.example"
    assert known.email_of(StatedCustomer("C-3", "Somebody")) == ""


@pytest.mark.parametrize("name", ["Client Ltd", "CLIENT  ltd ", "client\u00a0LTD"])
def test_an_invoice_without_an_id_gets_the_address_of_the_customer_of_its_name(name: str) -> None:
    known = directory(StatedCustomer("C-1", "Client Ltd", (ANN,)))
    assert known.email_of(StatedCustomer("", name)) == "ann@client.example"


def test_of_several_customers_of_a_name_nobody_knows_which_address_is_meant() -> None:
    known = directory(StatedCustomer("C-1", "Client Ltd", (ANN,)), StatedCustomer("C-2", "Client Ltd", (BO,)))
    assert known.email_of(StatedCustomer("", "Client Ltd")) == ""


def test_the_first_address_of_a_customer_counts_and_records_without_one_are_passed_over() -> None:
    no_address = Contact("Cy", phone="+447400123456")
    known = directory(
        StatedCustomer("C-1", "Client Ltd", (no_address,)),
        StatedCustomer("C-1", "Client Ltd", (ANN,)),
        StatedCustomer("C-1", "Client Ltd", (BO,)),
    )
    assert known.email_of(StatedCustomer("C-1", "Client Ltd")) == "ann@client.example"
    assert known.email_of(StatedCustomer("", "Client Ltd")) == "ann@client.example"


def test_counts_add_up_to_the_records_and_amounts_to_their_currencies() -> None:
    tally = Tally()
    for item in (stated(), stated(due=40), Rejected((3, 4), "why"), Ignored((5,), "why")):
        tally.count(item)
    assert dict(tally.records) == {"invoices": 2, "rejected": 2, "ignored": 1}
    assert dict(tally.invoices) == {("EUR", "open"): 1, ("EUR", "partially_paid"): 1}
    assert sum(tally.totals.values()) == 200
    assert sum(tally.due.values()) == 140
