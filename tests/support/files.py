"""What files say, for tests of what follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from tactful.domain.book.account import Account
from tactful.domain.book.customer import Contact, Customer
from tactful.domain.book.invoice import InvoiceState
from tactful.imports.statement import Described, StatedCustomer, StatedInvoice
from tactful.imports.statements import Taken, take_customers, take_invoices
from tests.support.builders import DUE, NINE, money


def says(
    number: str = "INV-1",
    *,
    record: int = 2,
    total: int = 100_00,
    amount_due: int | None = None,
    due_date: date | None = DUE,
    state: InvoiceState = InvoiceState.OPEN,
    settled_on: date | None = None,
    customer: StatedCustomer | None = None,
) -> StatedInvoice:
    """A record that says that all of an invoice of 100.00 is due, and nothing of its customer."""
    return StatedInvoice(
        (record,),
        number,
        customer or StatedCustomer("C-1", "Client Ltd"),
        None,
        due_date,
        money(total),
        money(total if amount_due is None else amount_due),
        state,
        settled_on=settled_on,
    )


def describes(*contacts: Contact, record: int = 2, **facts: str) -> Described:
    """A record of a customer file."""
    return Described((record,), replace(StatedCustomer("C-1", "Client Ltd", contacts), **facts))  # type: ignore[arg-type]


def nobody_yet(customer_id: str = "C-1") -> Account:
    """The account of a customer whom no import has brought yet."""
    return Account(Customer(customer_id, "Client Ltd"))


def stored(account: Account) -> Account:
    """The account once it was committed."""
    return replace(account, version=account.version + 1)


def took(account: Account, *said: StatedInvoice, at: datetime = NINE, import_id: str = "first") -> Taken:
    return take_invoices(account, said, at, datetime.date, import_id)


def imported(
    account: Account, *said: StatedInvoice, at: datetime = NINE, import_id: str = "first"
) -> Account:
    """The account after an import of invoices was committed."""
    taken = took(account, *said, at=at, import_id=import_id)
    assert taken.rejected == {}
    return stored(taken.account)


def described(account: Account, *said: Described, at: datetime = NINE, import_id: str = "first") -> Account:
    """The account after an import of customers was committed."""
    known = account.customer if account.version else None
    return stored(take_customers(account, known, said, at, import_id).account)
