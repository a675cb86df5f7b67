from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tactful.domain.book.customer import Contact, Customer
from tactful.domain.book.invoice import Discount, InvoiceKind, InvoiceState
from tactful.domain.book.money import MINOR_DIGITS, Money
from tactful.imports.rows import INVOICE_COLUMNS, InvoiceRow, faults

UPLOADED = datetime(2026, 3, 2, 9, tzinfo=UTC)
VALID = {
    "invoice_number": "INV-1",
    "customer_id": "C-1",
    "customer_name": "Client Ltd",
    "issue_date": "2026-02-02",
    "due_date": "2026-03-02",
    "total": "120.00",
    "amount_due": "120.00",
    "currency": "GBP",
    "status": "open",
}


def faults_of(**cells: str) -> str:
    with pytest.raises(ValidationError) as refused:
        InvoiceRow.model_validate(VALID | cells)
    return faults(refused.value)


def row(**cells: str) -> InvoiceRow:
    return InvoiceRow.model_validate(VALID | cells)


def test_the_valid_row_has_every_column() -> None:
    assert tuple(VALID) == INVOICE_COLUMNS


def test_a_row_states_an_invoice() -> None:
    invoice = row().invoice(UPLOADED)
    assert (invoice.number, invoice.due_date, invoice.issue_date) == (
        "INV-1",
        date(2026, 3, 2),
        date(2026, 2, 2),
    )
    assert (invoice.total, invoice.amount_due) == (Money(120_00, "GBP"), Money(120_00, "GBP"))
    assert (invoice.state, invoice.reported_at) == (InvoiceState.OPEN, UPLOADED)


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("invoice_number", "", "invoice_number: String should have at least 1 character"),
        ("invoice_number", "x" * 101, "invoice_number: String should have at most 100 characters"),
        ("customer_id", "", "customer_id: String should have at least 1 character"),
        ("customer_name", "", "customer_name: String should have at least 1 character"),
        ("issue_date", "02/02/2026", "issue_date: '02/02/2026' is not a date such as 2026-03-31"),
        ("issue_date", "2026-03-03", "due_date 2026-03-02 is before issue_date 2026-03-03"),
        ("due_date", "", "due_date: '' is not a date such as 2026-03-31"),
        ("due_date", "03/04/2026", "due_date: '03/04/2026' is not a date such as 2026-03-31"),
        ("due_date", "2026-02-30", "due_date: '2026-02-30' is not a date such as 2026-03-31"),
        ("due_date", "2026-03-02T09:00:00", "due_date: '2026-03-02T09:00:00' is not a date"),
        ("due_date", "46083", "due_date: '46083' is not a date such as 2026-03-31"),
        ("due_date", "20260302", "due_date: '20260302' is not a date such as 2026-03-31"),
        ("due_date", "2026-W10-1", "due_date: '2026-W10-1' is not a date such as 2026-03-31"),
        ("due_date", "٢٠٢٦-٠٣-٠٢", "is not a date such as 2026-03-31"),
        ("issue_date", "1989-12-31", "issue_date 1989-12-31 is not in the years 1990 to 2099"),
        ("settled_date", "1926-03-02", "settled_date 1926-03-02 is not in the years 1990 to 2099"),
        (
            "settled_date",
            "2026-03-02",
            "settled_date is 2026-03-02, but GBP 120.00 is due: leave one of them out",
        ),
        ("settled_date", "soon", "settled_date: 'soon' is not a date such as 2026-03-31"),
        ("kind", "retainer", "kind: Input should be 'standard'"),
        ("discount_amount", "2.00", "discount_amount and discount_until go together: fill in both or none"),
        (
            "discount_until",
            "2026-02-16",
            "discount_amount and discount_until go together: fill in both or none",
        ),
        ("email", "ann", "email: An email address must have an @-sign"),
        ("country", "UK", "country: 'UK' is not an ISO 3166 code such as US"),
        ("due_date", "3026-03-02", "due_date 3026-03-02 is not in the years 1990 to 2099"),
        ("total", "", "total: '' is not a plain decimal amount such as 1050.00"),
        ("total", "1.234,56", "total: '1.234,56' is not a plain decimal amount"),
        ("total", "1,234.56", "total: '1,234.56' is not a plain decimal amount"),
        ("total", "£120.00", "total: '£120.00' is not a plain decimal amount"),
        ("total", "1e2", "total: '1e2' is not a plain decimal amount"),
        ("total", "NaN", "total: 'NaN' is not a plain decimal amount"),
        ("total", "１２０", "total: '１２０' is not a plain decimal amount"),
        ("total", "120.001", "total: '120.001' has more than 2 decimals, which GBP does not have"),
        ("total", "99999999999999.00", "is larger than any invoice"),
        ("amount_due", "120.01", "amount_due 120.01 does not lie between 0 and the total 120.00"),
        ("amount_due", "-1", "amount_due -1 does not lie between 0 and the total 120.00"),
        ("amount_due", "", "amount_due: '' is not a plain decimal amount"),
        ("currency", "", "'' is not an ISO 4217 currency code"),
        ("currency", "£", "'£' is not an ISO 4217 currency code"),
        ("currency", "GPB", "'GPB' is not an ISO 4217 currency code"),
        ("status", "", "status: Input should be 'open'"),
        ("status", "overdue", "status: Input should be 'open'"),
    ],
)
def test_a_fault_names_its_column_and_what_is_wanted(column: str, value: str, says: str) -> None:
    assert says in faults_of(**{column: value})


@pytest.mark.parametrize(
    ("amount", "until", "says"),
    [
        ("120.00", "2026-02-16", "discount_amount 120.00 does not lie between 0 and the total 120.00"),
        ("0", "2026-02-16", "discount_amount 0 does not lie between 0 and the total 120.00"),
        ("-2.00", "2026-02-16", "discount_amount -2.00 does not lie between 0 and the total 120.00"),
        ("2%", "2026-02-16", "discount_amount: '2%' is not a plain decimal amount"),
        ("2.00", "2126-02-16", "discount_until 2126-02-16 is not in the years 1990 to 2099"),
    ],
)
def test_a_faulty_discount_is_told(amount: str, until: str, says: str) -> None:
    assert says in faults_of(discount_amount=amount, discount_until=until)


def test_a_credit_note_has_no_discount() -> None:
    found = faults_of(total="-20", amount_due="-20", discount_amount="-2", discount_until="2026-02-16")
    assert "discount_amount -2 does not lie between 0 and the total -20" in found


def test_a_discount_is_an_amount_until_a_day() -> None:
    invoice = row(discount_amount="2.4", discount_until="2026-02-16").invoice(UPLOADED)
    assert invoice.discount == Discount(Money(2_40, "GBP"), date(2026, 2, 16))
    assert row(discount_amount="", discount_until="").invoice(UPLOADED).discount is None


@pytest.mark.parametrize(("text", "kind"), [("", InvoiceKind.STANDARD), ("Deposit", InvoiceKind.DEPOSIT)])
def test_an_invoice_is_a_standard_one_unless_it_is_said(text: str, kind: InvoiceKind) -> None:
    assert row(kind=text).invoice(UPLOADED).kind is kind


@pytest.mark.parametrize(
    "cells",
    [
        {"status": "paid"},
        {"amount_due": "0"},
        {"status": "disputed", "amount_due": "0.00"},
        {"status": "void"},
    ],
)
def test_a_settled_date_is_taken_where_nothing_is_asked_for(cells: dict[str, str]) -> None:
    settled = row(settled_date="2026-02-20", **cells).invoice(UPLOADED)
    assert settled.settled_on == date(2026, 2, 20)


def test_a_settled_date_may_be_tomorrow_where_the_business_is_but_no_later() -> None:
    paid = {"status": "paid"}
    assert row(settled_date="2026-03-03", **paid).invoice(UPLOADED).settled_on == date(2026, 3, 3)
    with pytest.raises(ValueError, match="settled_date 2026-03-04 lies in the future"):
        row(settled_date="2026-03-04", **paid).invoice(UPLOADED)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("email", "ann@client.example"),
        ("phone", "+447400123456"),
        ("country", "GB"),
        ("timezone", "Europe/London"),
        ("language", "en"),
        ("segment", "retail"),
        ("region", "SCT"),
        ("purpose", "consumer"),
    ],
)
def test_a_row_that_says_something_of_the_customer_is_known_by_it(column: str, value: str) -> None:
    assert not row().states_customer
    assert row(**{column: value}).states_customer


def test_a_row_with_an_address_states_the_contact_and_the_name() -> None:
    known = Customer("C-1", "Client", (Contact("Bo", email="bo@client.example"),))
    after = row(contact_name="Ann", phone="07400 123456", country="GB").customer(known, UPLOADED)
    assert after.name == "Client Ltd"
    assert [(contact.name, contact.phone) for contact in after.contacts] == [
        ("Bo", ""),
        ("Ann", "+447400123456"),
    ]


def test_a_row_without_an_address_leaves_the_contacts_and_the_name_alone() -> None:
    known = Customer("C-1", "Client", (Contact("Ann", email="ann@client.example"),))
    after = row(contact_name="Ann", country="GB", purpose="consumer").customer(known, UPLOADED)
    assert (after.name, after.contacts, after.country) == ("Client", known.contacts, "GB")


def test_all_faults_of_columns_are_named_at_once() -> None:
    found = faults_of(due_date="soon", status="lost", customer_id="")
    assert [fault.partition(":")[0] for fault in found.split("; ")] == ["customer_id", "due_date", "status"]


@pytest.mark.parametrize(
    ("cells", "total", "due"),
    [
        ({"total": "120", "amount_due": "0"}, 120_00, 0),
        ({"total": "120.5", "amount_due": "0.5"}, 120_50, 50),
        ({"total": "-20.00", "amount_due": "-20.00"}, -20_00, -20_00),
        ({"total": "-20.00", "amount_due": "0"}, -20_00, 0),
        ({"total": "0.00", "amount_due": "0.00"}, 0, 0),
        ({"total": "5000", "amount_due": "5000", "currency": "JPY"}, 5000, 5000),
        ({"total": "1.234", "amount_due": "1.2", "currency": "KWD"}, 1234, 1200),
        ({"total": "120.000", "amount_due": "120.00"}, 120_00, 120_00),
    ],
)
def test_amounts_are_read_exactly_in_the_currencys_own_minor_units(
    cells: dict[str, str], total: int, due: int
) -> None:
    invoice = row(**cells).invoice(UPLOADED)
    assert (invoice.total.minor, invoice.reported.minor) == (total, due)


@pytest.mark.parametrize(("total", "currency"), [("50.5", "JPY"), ("1.2345", "KWD")])
def test_more_decimals_than_a_currency_has_are_a_fault(total: str, currency: str) -> None:
    assert "decimals" in faults_of(total=total, amount_due="0", currency=currency)


def test_a_credit_note_may_not_be_owed() -> None:
    assert "does not lie between 0 and the total" in faults_of(total="-20.00", amount_due="5.00")


@pytest.mark.parametrize(("text", "state"), [(str(state).upper(), state) for state in InvoiceState])
def test_every_state_is_read_in_any_case(text: str, state: InvoiceState) -> None:
    assert row(status=text).status is state


def test_an_issue_date_may_be_left_out() -> None:
    assert row(issue_date="").invoice(UPLOADED).issue_date is None


def test_a_formula_in_a_cell_is_a_name_like_any_other() -> None:
    assert row(customer_name='=HYPERLINK("http://client.example")').customer_name.startswith("=HYPERLINK")


@given(
    currency=st.sampled_from(sorted(MINOR_DIGITS)),
    total=st.integers(-(10**12), 10**12),
    share=st.integers(0, 100),
    due=st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    state=st.sampled_from(InvoiceState),
    number=st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=100),
)
def test_what_an_invoice_says_is_what_was_written(
    currency: str, total: int, share: int, due: date, state: InvoiceState, number: str
) -> None:
    amount = Money(total, currency)
    left = Money(abs(total) * share // 100 * (1 if total > 0 else -1), currency)
    read = row(
        invoice_number=number,
        issue_date="",
        due_date=due.isoformat(),
        total=str(amount.decimal()),
        amount_due=str(left.decimal()),
        currency=currency,
        status=str(state),
    ).invoice(UPLOADED)
    assert (read.number, read.total, read.reported, read.due_date, read.state) == (
        number,
        amount,
        left,
        due,
        state,
    )
