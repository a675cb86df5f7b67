from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from tactful.domain.book.customer import Channel, Contact, Customer, Purpose, Role
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
    "region": "SCT",
    "purpose": "business",
    "sms_consent": "yes",
}


def row(**cells: str) -> CustomerRow:
    return CustomerRow.model_validate(VALID | cells)


def stated(row: CustomerRow, known: Customer | None = None, at: datetime = UPLOADED) -> Customer:
    return row.customer(known, at)


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
    assert (customer.region, customer.purpose, customer.stated_at) == ("SCT", Purpose.BUSINESS, UPLOADED)
    assert customer.contacts == (Contact("Ann", Role.BILLING, "ann@client.example", "+447400123456", True),)  # noqa: FBT003


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
        ({"region": "Bavaria"}, "region: 'BAVARIA' is not what follows the country in an ISO 3166-2 code"),
        ({"region": "B Y"}, "region: 'B Y' is not what follows the country"),
        ({"purpose": "charity"}, "purpose: Input should be 'business'"),
        (
            {"sms_consent": "maybe"},
            "sms_consent: 'maybe' is neither yes nor no; leave it empty if nobody knows",
        ),
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


def test_a_zone_that_nobody_stated_is_left_open_wherever_the_client_is() -> None:
    assert stated(row(country="US", timezone="")).timezone == ""
    assert stated(row(country="FR", timezone="")).timezone == ""
    assert stated(row(country="US", timezone="America/Chicago")).timezone == "America/Chicago"


def test_a_client_who_moves_abroad_keeps_neither_zone_nor_region_of_the_old_country() -> None:
    known = stated(row(country="GB", timezone="Europe/London", region="SCT"))
    moved = stated(row(country="JP", timezone="", region=""), known, LATER)
    assert (moved.country, moved.timezone, moved.region) == ("JP", "", "")


def test_a_zone_and_a_region_stated_with_the_new_country_are_taken_over() -> None:
    known = stated(row(country="GB", timezone="Europe/London", region="SCT"))
    moved = stated(row(country="DE", timezone="Europe/Berlin", region="BY"), known, LATER)
    assert (moved.timezone, moved.region) == ("Europe/Berlin", "BY")


def test_zone_and_region_are_kept_while_the_country_stays_or_is_not_said() -> None:
    known = stated(row(country="GB", timezone="Europe/London", region="SCT"))
    for country in ("GB", ""):
        after = stated(row(country=country, timezone="", region=""), known, LATER)
        assert (after.country, after.timezone, after.region) == ("GB", "Europe/London", "SCT")


def test_a_zone_known_without_a_country_is_kept_when_the_country_becomes_known() -> None:
    known = stated(row(country="", timezone="America/Chicago", region=""))
    assert stated(row(country="US", timezone="", region=""), known, LATER).timezone == "America/Chicago"


@pytest.mark.parametrize(
    ("text", "purpose"),
    [("business", Purpose.BUSINESS), ("Consumer", Purpose.CONSUMER), ("", Purpose.UNKNOWN)],
)
def test_what_a_customer_buys_for_is_read_in_any_case(text: str, purpose: Purpose) -> None:
    assert stated(row(purpose=text)).purpose is purpose


def test_an_empty_purpose_leaves_what_is_known() -> None:
    known = stated(row(purpose="consumer"))
    assert stated(row(purpose=""), known, LATER).purpose is Purpose.CONSUMER


@pytest.mark.parametrize(
    ("text", "consent"),
    [("yes", True), ("TRUE", True), ("no", False), ("False", False), ("", None)],
)
def test_consent_to_sms_is_yes_no_or_unknown(text: str, consent: bool | None) -> None:  # noqa: FBT001
    assert row(sms_consent=text).contact().sms_consent is consent


def consent_after(known: str, *, phone: str, stated_now: str = "", name: str = "Ann") -> bool | None:
    before = stated(row(sms_consent=known))
    after = stated(row(sms_consent=stated_now, phone=phone, contact_name=name), before, LATER)
    return {contact.name: contact for contact in after.contacts}[name].sms_consent


def test_consent_that_is_not_said_again_is_kept_with_its_number() -> None:
    assert consent_after("yes", phone="+44 7400 123456") is True
    assert consent_after("no", phone="+44 7400 123456") is False
    assert consent_after("", phone="+44 7400 123456") is None


def test_a_new_number_has_no_consent_but_who_declined_has_declined_for_it_too() -> None:
    assert consent_after("yes", phone="+44 7400 654321") is None
    assert consent_after("no", phone="+44 7400 654321") is False


def test_consent_that_is_said_replaces_what_was_known() -> None:
    assert consent_after("yes", phone="+44 7400 123456", stated_now="no") is False
    assert consent_after("no", phone="+44 7400 123456", stated_now="yes") is True


def test_the_consent_of_one_contact_is_not_anothers() -> None:
    assert consent_after("yes", phone="+44 7400 123456", name="Bo") is None


def test_the_addresses_of_a_row_are_those_that_it_fills_in() -> None:
    both = [(Channel.EMAIL, "ann@client.example"), (Channel.SMS, "+447400123456")]
    assert row().addresses() == both
    assert row(phone="").addresses() == both[:1]
    assert row(email="").addresses() == both[1:]
