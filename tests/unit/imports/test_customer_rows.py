from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from tactful.domain.book.customer import Contact, Customer, Role
from tactful.imports.rows import CUSTOMER_COLUMNS, CUSTOMER_OPTIONAL_COLUMNS, CustomerRow, faults

UPLOADED = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = UPLOADED + timedelta(hours=1)
VALID = {
    "customer_id": "C-1",
    "customer_name": "Client Ltd",
    "contact_name": "Ann",
    "role": "billing",
    "email": "ann@client.example",
    "phone": "+44 7400 123456",
    "country": "GB",
    "timezone": "Europe/London",
    "language": "en",
    "segment": "retail",
}


def row(**cells: str) -> CustomerRow:
    return CustomerRow.model_validate(VALID | cells)


def stated(
    row: CustomerRow, known: Customer | None = None, at: datetime = UPLOADED, *, home: str = "GB"
) -> Customer:
    return row.customer(known, at, home)


def faults_of(**cells: str) -> str:
    with pytest.raises(ValidationError) as refused:
        row(**cells)
    return faults(refused.value)


def test_the_valid_row_has_every_column() -> None:
    assert tuple(VALID) == (*CUSTOMER_COLUMNS, *CUSTOMER_OPTIONAL_COLUMNS)


def test_a_row_states_a_customer_and_a_contact() -> None:
    customer = stated(row())
    assert (customer.id, customer.name, customer.country) == ("C-1", "Client Ltd", "GB")
    assert (customer.timezone, customer.language, customer.segment) == ("Europe/London", "en", "retail")
    assert customer.contacts == (Contact("Ann", Role.BILLING, "ann@client.example", "+447400123456"),)


def test_two_columns_are_enough() -> None:
    cells = {"customer_id": "C-1", "customer_name": "Client Ltd"}
    assert stated(CustomerRow.model_validate(cells)).contacts == ()


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"customer_id": ""}, "customer_id: String should have at least 1 character"),
        ({"customer_name": "x" * 201}, "customer_name: String should have at most 200 characters"),
        ({"role": "boss"}, "role: Input should be 'billing'"),
        ({"email": "ann"}, "email: An email address must have an @-sign"),
        ({"email": "ann@client.example, bo@client.example"}, "email: "),
        ({"email": "ann client@client.example"}, "email: "),
        ({"phone": "020"}, "phone: "),
        ({"phone": "ask reception"}, "phone: "),
        ({"phone": "+44 7400 123456 x45"}, "phone: not a number that a message can be sent to"),
        ({"phone": "212-555-0123", "country": "GB"}, "phone: not a number that a message can be sent to"),
        ({"phone": "07400 123456", "country": ""}, "give the country, or write the number with +"),
        ({"country": "UK"}, "country: 'UK' is not an ISO 3166 code such as US"),
        ({"country": "England"}, "country: 'ENGLAND' is not an ISO 3166 code such as US"),
        ({"timezone": "GMT+1"}, "timezone: 'GMT+1' is not an IANA name such as America/New_York"),
        ({"timezone": "../etc/passwd"}, "timezone: '../etc/passwd' is not an IANA name"),
        ({"language": "x" * 36}, "language: String should have at most 35 characters"),
        ({"segment": "x" * 101}, "segment: String should have at most 100 characters"),
    ],
)
def test_a_fault_names_its_column_and_what_is_wanted(cells: dict[str, str], says: str) -> None:
    assert says in faults_of(**cells)


@pytest.mark.parametrize(
    ("phone", "country"),
    [
        ("+447400123456", ""),
        ("07400 123456", "GB"),
        ("07400 123456", "gb"),
        ("+44 (0)7400 123456", "US"),
        ("0044 7400-123456", "GB"),
    ],
)
def test_a_phone_number_is_kept_in_one_form(phone: str, country: str) -> None:
    assert row(phone=phone, country=country).contact().phone == "+447400123456"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ann@CLIENT.example", "ann@client.example"),
        ("zoë@client.example", "zoë@client.example"),
        ("ann@exämple.example", "ann@exämple.example"),
    ],
)
def test_an_email_address_is_kept_in_one_form(written: str, kept: str) -> None:
    assert row(email=written).contact().email == kept


def test_a_role_is_billing_unless_it_is_said() -> None:
    assert row(role="").contact().role is Role.BILLING
    assert row(role="Escalation").contact().role is Role.ESCALATION


def test_a_row_replaces_the_contact_of_its_role_and_name_and_keeps_the_others() -> None:
    known = stated(row())
    known = stated(row(contact_name="Bo", role="owner", email="bo@client.example"), known, UPLOADED)
    known = stated(row(contact_name="ANN", email="new@client.example"), known, LATER)
    assert {contact.name: contact.email for contact in known.contacts} == {
        "Bo": "bo@client.example",
        "ANN": "new@client.example",
    }


def test_a_row_without_an_address_takes_its_contact_away() -> None:
    known = stated(row())
    assert stated(row(email="", phone=""), known, LATER).contacts == ()


def test_an_empty_cell_leaves_what_is_known_of_the_customer() -> None:
    known = stated(row())
    after = stated(row(timezone="", language="", segment="", phone=""), known, LATER)
    assert (after.timezone, after.language, after.segment) == ("Europe/London", "en", "retail")


def test_a_row_of_an_older_file_changes_nothing() -> None:
    known = stated(row(), at=LATER)
    assert stated(row(email="old@client.example"), known, UPLOADED) == known


def test_a_row_that_says_nothing_new_changes_nothing() -> None:
    known = stated(row())
    assert stated(row(), known, LATER) == known


@pytest.mark.parametrize(
    ("country", "zone"),
    [("FR", "Europe/Paris"), ("JP", "Asia/Tokyo"), ("DE", "Europe/Berlin"), ("GB", "Europe/London")],
)
def test_a_country_with_one_time_tells_the_zone(country: str, zone: str) -> None:
    assert stated(row(country=country, timezone="")).timezone == zone


def test_a_client_abroad_whose_country_has_several_times_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="timezone: US has several; name one, such as America/New_York"):
        stated(row(country="US", timezone=""))
    assert stated(row(country="US", timezone="America/Chicago")).timezone == "America/Chicago"


def test_a_client_at_home_has_the_hours_of_the_business_unless_it_is_said() -> None:
    assert stated(row(country="US", timezone=""), home="US").timezone == ""
    assert stated(row(country="", timezone="")).timezone == ""


def test_a_client_who_moves_abroad_does_not_keep_the_hours_of_the_old_country() -> None:
    known = stated(row(country="FR", timezone=""))
    assert stated(row(country="JP", timezone=""), known, LATER).timezone == "Asia/Tokyo"
    with pytest.raises(ValueError, match="timezone: US has several"):
        stated(row(country="US", timezone=""), known, LATER)
