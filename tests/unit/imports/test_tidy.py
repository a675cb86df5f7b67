"""tactful's own CSV, and how faults of any file are told: column, value and remedy."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.customer import Contact, Purpose, Role
from tactful.domain.book.invoice import Discount, InvoiceKind, InvoiceState
from tactful.domain.book.money import Money, digits_of
from tactful.imports.profile import FileKind
from tactful.imports.reading import Item, Reading, read_file
from tactful.imports.statement import (
    Described,
    Ignored,
    Rejected,
    StatedCustomer,
    StatedInvoice,
    UnreadableFileError,
)
from tactful.imports.upload_settings import UploadSettings
from tests.unit.imports.exports import profiles

INVOICE = {
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
CUSTOMER = {"customer_id": "C-1", "customer_name": "Client Ltd", "email": "ann@client.example"}


def _reading(kind: FileKind, *rows: dict[str, str]) -> Reading:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return read_file(io.BytesIO(text.getvalue().encode()), kind, UploadSettings(), profiles())


def _items(kind: FileKind, *rows: dict[str, str]) -> list[Item]:
    return list(_reading(kind, *rows).items())


def _invoice(**cells: str) -> StatedInvoice:
    (item,) = _items(FileKind.INVOICES, INVOICE | cells)
    assert isinstance(item, StatedInvoice), item
    return item


def _rejected(file: FileKind = FileKind.INVOICES, **cells: str) -> str:
    """Why a record is rejected beside one that is fine."""
    fine = {FileKind.INVOICES: INVOICE | {"invoice_number": "INV-0"}, FileKind.CUSTOMERS: CUSTOMER}[file]
    faulty = (INVOICE if file is FileKind.INVOICES else CUSTOMER) | cells
    first, second = _items(file, fine, faulty)
    assert isinstance(first, StatedInvoice | Described)
    assert isinstance(second, Rejected), second
    return second.reason


def _described(**cells: str) -> StatedCustomer:
    (item,) = _items(FileKind.CUSTOMERS, CUSTOMER | cells)
    assert isinstance(item, Described), item
    return item.customer


def test_a_record_states_an_invoice() -> None:
    assert _invoice(email="ann@client.example", contact_name="Ann") == StatedInvoice(
        (2,),
        "INV-1",
        StatedCustomer("C-1", "Client Ltd", (Contact("Ann", Role.BILLING, "ann@client.example"),)),
        date(2026, 2, 2),
        date(2026, 3, 2),
        Money(120_00, "GBP"),
        Money(120_00, "GBP"),
        InvoiceState.OPEN,
        "open",
    )


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("invoice_number", "", "invoice_number: it is empty"),
        ("invoice_number", "x" * 101, "invoice_number: it has 101 characters, and 100 are the most"),
        ("invoice_number", "4.71565E+21", "invoice_number: '4.71565E+21' was destroyed by a spreadsheet"),
        ("issue_date", "2026-03-03", "due_date: 2026-03-02 is before the issue_date 2026-03-03"),
        ("due_date", "", "due_date: there is none: fill it in, or say with terms_days"),
        ("due_date", "2026-02-30", "due_date: "),
        ("due_date", "2026-W10-1", "due_date: "),
        ("due_date", "٢٠٢٦-٠٣-٠٢", "due_date: "),
        ("due_date", "3026-03-02", "due_date: "),
        ("issue_date", "1989-12-31", "issue_date: "),
        ("settled_date", "2026-03-02", "settled_date: it is 2026-03-02, but GBP 120.00 is due"),
        ("settled_date", "soon", "settled_date: "),
        ("kind", "retainer", "kind: 'retainer' is none of standard, deposit, upfront"),
        ("discount_amount", "2.00", "discount_amount: it goes together with discount_until"),
        ("discount_until", "2026-02-16", "discount_amount: it goes together with discount_until"),
        ("total", "", "total: it is blank: fill in what the invoice comes to"),
        ("total", "1e2", "total: "),
        ("total", "NaN", "total: "),
        ("total", "#REF!", "total: "),
        ("total", "１２０", "total: "),
        ("total", "120.001", "total: '120.001' has more than 2 decimals, which GBP does not have"),
        ("total", "99999999999999.00", "is larger than any invoice"),
        ("amount_due", "120.01", "amount_due: 120.01 does not lie between 0 and the total 120.00"),
        ("amount_due", "", "amount_due: it is blank: fill in what is left to pay, 0 for nothing"),
        ("currency", "GPB", "currency: "),
        ("currency", "", "currency: it names none"),
        ("status", "", "status: it is blank: fill in what the invoice is"),
        ("status", "overdue", "status: 'overdue' is no word that profile tactful knows"),
        ("role", "boss", "role: 'boss' is none of billing, escalation, owner"),
        ("purpose", "charity", "purpose: 'charity' is neither business nor consumer"),
        ("sms_consent", "maybe", "sms_consent: 'maybe' is neither yes nor no"),
        ("segment", "x" * 101, "segment: it has 101 characters, and 100 are the most"),
    ],
)
def test_a_fault_names_its_column_and_what_is_wanted(column: str, value: str, says: str) -> None:
    assert says in _rejected(FileKind.INVOICES, **{column: value})


def test_all_faults_of_a_record_are_named_at_once() -> None:
    said = _rejected(due_date="tomorrow", total="lots", status="lost", kind="gift")
    assert all(column in said for column in ("due_date: ", "total: ", "status: "))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("email", "ann"),
        ("phone", "020"),
        ("country", "Atlantis"),
        ("timezone", "GMT+1"),
        ("language", "x" * 36),
        ("region", "Bavaria and more"),
    ],
)
def test_an_invoice_is_owed_whatever_is_wrong_with_its_customers_address(column: str, value: str) -> None:
    reading = _reading(FileKind.INVOICES, INVOICE | {column: value})
    (item,) = reading.items()
    assert isinstance(item, StatedInvoice)
    assert item.customer == StatedCustomer("C-1", "Client Ltd")
    assert any(f"{column}: " in warning and "left out" in warning for warning in reading.warnings)


@pytest.mark.parametrize(
    ("amount", "until", "says"),
    [
        ("120.00", "2026-02-16", "discount_amount: 120.00 does not lie between 0 and the total 120.00"),
        ("0", "2026-02-16", "discount_amount: 0.00 does not lie between 0 and the total 120.00"),
        ("-2.00", "2026-02-16", "discount_amount: -2.00 does not lie between 0 and the total 120.00"),
        ("2%", "2026-02-16", "discount_amount: "),
    ],
)
def test_a_faulty_discount_is_told(amount: str, until: str, says: str) -> None:
    assert says in _rejected(discount_amount=amount, discount_until=until)


def test_a_discount_is_an_amount_until_a_day() -> None:
    invoice = _invoice(discount_amount="2.40", discount_until="2026-02-16")
    assert invoice.discount == Discount(Money(2_40, "GBP"), date(2026, 2, 16))


@pytest.mark.parametrize(
    ("text", "kind"),
    [("", InvoiceKind.STANDARD), ("Deposit", InvoiceKind.DEPOSIT), ("upfront", InvoiceKind.UPFRONT)],
)
def test_an_invoice_is_a_standard_one_unless_it_is_said(text: str, kind: InvoiceKind) -> None:
    assert _invoice(kind=text).kind is kind


@pytest.mark.parametrize(
    ("status", "amount_due", "state"),
    [
        ("OPEN", "20.00", InvoiceState.OPEN),
        ("open", "0", InvoiceState.PAID),
        ("Paid", "0.00", InvoiceState.PAID),
        ("void", "120.00", InvoiceState.VOID),
        ("disputed", "120.00", InvoiceState.DISPUTED),
        ("written_off", "120.00", InvoiceState.WRITTEN_OFF),
    ],
)
def test_status_and_what_is_due_decide_what_an_invoice_is(
    status: str, amount_due: str, state: InvoiceState
) -> None:
    assert _invoice(status=status, amount_due=amount_due).state is state


def test_an_invoice_that_is_paid_by_its_status_and_owed_by_its_amount_is_rejected() -> None:
    assert "status: 'paid', but GBP 120.00 of GBP 120.00 is due" in _rejected(status="paid")


def test_an_invoice_that_is_paid_may_lack_a_due_date_and_has_its_day_of_settlement() -> None:
    invoice = _invoice(status="paid", amount_due="0", due_date="", settled_date="2026-03-01")
    assert (invoice.due_date, invoice.settled_on) == (None, date(2026, 3, 1))


def test_an_overpaid_invoice_is_paid() -> None:
    invoice = _invoice(amount_due="-5.00")
    assert (invoice.state, invoice.amount_due.minor) == (InvoiceState.PAID, 0)


def test_a_credit_note_is_negative_and_needs_no_due_date() -> None:
    invoice = _invoice(total="-30.00", amount_due="-30.00", due_date="")
    assert (invoice.total.minor, invoice.amount_due.minor, invoice.due_date) == (
        -30_00,
        -30_00,
        date(2026, 2, 2),
    )


def test_a_formula_in_a_cell_is_a_name_like_any_other() -> None:
    assert _invoice(customer_name='=HYPERLINK("x")').customer.name == '=HYPERLINK("x")'


def test_the_same_said_twice_is_ignored_once() -> None:
    first, second = _items(FileKind.INVOICES, INVOICE, INVOICE)
    assert isinstance(first, StatedInvoice)
    assert second == Ignored((3,), "says again what record 2 says")


def test_two_records_that_contradict_each_other_are_both_rejected() -> None:
    items = _items(
        FileKind.INVOICES, INVOICE, INVOICE | {"invoice_number": "INV-2"}, INVOICE | {"amount_due": "20.00"}
    )
    assert [type(item) for item in items] == [Rejected, StatedInvoice, Rejected]
    assert isinstance(items[0], Rejected)
    assert "record 4 says something else" in items[0].reason


def test_the_same_number_at_two_customers_is_two_invoices() -> None:
    items = _items(FileKind.INVOICES, INVOICE, INVOICE | {"customer_id": "C-2"})
    assert [type(item) for item in items] == [StatedInvoice, StatedInvoice]


def test_a_record_describes_a_customer_and_a_contact() -> None:
    customer = _described(
        contact_name="Ann",
        role="owner",
        phone="07400 123456",
        country="GB",
        timezone="Europe/London",
        language="en",
        segment="gold",
        region="SCT",
        purpose="Consumer",
        sms_consent="yes",
    )
    assert customer == StatedCustomer(
        "C-1",
        "Client Ltd",
        (Contact("Ann", Role.OWNER, "ann@client.example", "+447400123456", sms_consent=True),),
        "GB",
        "Europe/London",
        "en",
        "gold",
        "SCT",
        Purpose.CONSUMER,
    )


def test_a_record_without_an_address_takes_its_contact_away() -> None:
    assert _described(email="", phone="", contact_name="Ann").contacts == (Contact("Ann"),)


def test_a_contact_none_of_whose_addresses_can_be_used_is_rejected_and_not_taken_away() -> None:
    assert "email: " in _rejected(FileKind.CUSTOMERS, email="ann")


def test_a_contact_with_one_good_address_is_kept_without_the_bad_one() -> None:
    assert _described(phone="867-5309", country="US").contacts == (
        Contact("", Role.BILLING, "ann@client.example"),
    )


def test_several_addresses_in_a_cell_are_several_contacts() -> None:
    contacts = _described(email="ann@client.example; bo@client.example", contact_name="Accounts").contacts
    assert [(one.name, one.email) for one in contacts] == [
        ("Accounts", "ann@client.example"),
        ("Accounts 2", "bo@client.example"),
    ]


def _generic(header: str, *records: str) -> list[Item]:
    content = "\n".join([header, *records])
    settings = UploadSettings(currency="EUR")
    return list(read_file(io.BytesIO(content.encode()), FileKind.INVOICES, settings, profiles()).items())


def test_two_items_of_one_price_are_not_taken_for_one() -> None:
    header = "Invoice No,Customer,Due Date,Item,Amount"
    items = _generic(header, "7,Acme,2026-03-31,nuts,30.00", "7,Acme,2026-03-31,bolts,30.00")
    assert [type(item) for item in items] == [Rejected, Rejected]
    assert isinstance(items[0], Rejected)
    assert "if they are two items of it" in items[0].reason


def test_items_that_repeat_what_is_due_of_their_invoice_are_one_invoice() -> None:
    header = "Invoice No,Customer,Due Date,Item,Amount,Balance"
    first, second = _generic(
        header, "7,Acme,2026-03-31,nuts,60.00,60.00", "7,Acme,2026-03-31,bolts,60.00,60.00"
    )
    assert isinstance(first, StatedInvoice)
    assert isinstance(second, Ignored)


def test_an_invoice_of_which_more_is_due_than_payments_leave_is_rejected() -> None:
    (item,) = _generic(
        "Invoice No,Customer,Due Date,Total,Paid,Balance", "7,Acme,2026-03-31,30.00,10.00,30.00"
    )
    assert isinstance(item, Rejected)
    assert "it is 30.00, but 10.00 of 30.00 is paid" in item.reason


def test_an_invoice_that_is_disputed_by_a_column_of_its_own_is_disputed() -> None:
    header = "Invoice No,Customer,Due Date,Total,Disputed"
    items = _generic(header, "7,Acme,2026-03-31,30.00,Yes", "8,Acme,2026-03-31,30.00,No")
    assert [item.state for item in items if isinstance(item, StatedInvoice)] == [
        InvoiceState.DISPUTED,
        InvoiceState.OPEN,
    ]


def test_a_sum_without_a_word_is_none_the_less_with_its_currency() -> None:
    header = "Invoice No,Customer,Due Date,Total,Currency"
    _, last = _generic(header, "7,Acme,2026-03-31,30.00,EUR", ",,,30.00,EUR")
    assert isinstance(last, Ignored)


def test_a_file_that_names_no_currency_asks_for_it() -> None:
    with pytest.raises(UnreadableFileError, match="nothing says in which currency"):
        _reading(FileKind.INVOICES, INVOICE | {"currency": ""})


def test_a_column_of_one_name_that_differs_from_its_twin_is_refused() -> None:
    header = ",".join([*INVOICE, "total"])
    content = "\n".join([header, ",".join([*INVOICE.values(), "99.00"])])
    with pytest.raises(UnreadableFileError, match="names 'total' more than once, and the columns differ"):
        read_file(io.BytesIO(content.encode()), FileKind.INVOICES, UploadSettings(), profiles())


@given(st.sampled_from(["USD", "JPY", "KWD"]), st.integers(1, 10**12), st.data())
def test_what_an_invoice_says_is_what_was_written(currency: str, total: int, data: st.DataObject) -> None:
    due = data.draw(st.integers(0, total))
    digits = digits_of(currency)
    written = [f"{Decimal(minor).scaleb(-digits):.{digits}f}" for minor in (total, due)]
    invoice = _invoice(total=written[0], amount_due=written[1], currency=currency)
    assert (invoice.total, invoice.amount_due) == (Money(total, currency), Money(due, currency))
