from __future__ import annotations

from collections.abc import Callable

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.customer import Purpose, Role
from tactful.imports import people
from tactful.imports.countries import country_code


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("", []),
        ("n/a", []),
        ("-", []),
        ("None", []),
        ("ann@CLIENT.example", ["ann@client.example"]),
        ("zoë@client.example", ["zoë@client.example"]),
        ("mailto:ann@client.example", ["ann@client.example"]),
        ("ann@client.example; bo@client.example", ["ann@client.example", "bo@client.example"]),
        ("ann@client.example,bo@client.example,", ["ann@client.example", "bo@client.example"]),
        ("ann@client.example bo@client.example", ["ann@client.example", "bo@client.example"]),
        ("ann@client.example / bo@client.example", ["ann@client.example", "bo@client.example"]),
        ("ann@client.example\nbo@client.example", ["ann@client.example", "bo@client.example"]),
        ("Ann Lee <ann@client.example>", ["ann@client.example"]),
        (
            '"Lee, Ann" <ann@client.example>; Bo <bo@client.example>',
            ["ann@client.example", "bo@client.example"],
        ),
        ("Lee, Ann <ann@client.example>", ["ann@client.example"]),
        ("ann@client.example; ANN@client.example", ["ann@client.example"]),
        ("'+ann@client.example", ["+ann@client.example"]),
    ],
)
def test_a_cell_holds_as_many_addresses_as_stand_in_it(text: str, addresses: list[str]) -> None:
    assert people.email_addresses(text) == addresses


@pytest.mark.parametrize(
    ("text", "says", "good"),
    [
        ("ann", "email: An email address must have an @-sign", ()),
        ("ann client@client.example", "email: ", ()),
        ("ann@client", "email: ", ()),
        ("ann@client.example; bo", "email: address 2 of 2: An email address must", ("ann@client.example",)),
        (";".join(f"a{n}@client.example" for n in range(11)), "the cell has 11 addresses, and 10 are", ()),
        ("a" * 1001, "the cell has 1,001 characters", ()),
    ],
)
def test_a_bad_address_is_told_and_the_good_ones_are_kept(
    text: str, says: str, good: tuple[str, ...]
) -> None:
    with pytest.raises(people.AddressError, match=says) as error:
        people.email_addresses(text)
    assert error.value.good == good


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("+44 7400 123456", ""),
        ("07400 123456", "GB"),
        ("7400123456", "GB"),
        ("447400123456", "GB"),
        ("447400123456.0", "GB"),
        ("0044 7400-123456", "GB"),
        ("+44 (0)7400 123456", "US"),
        ("'+447400123456", "GB"),
        ("tel:+447400123456", ""),
        ("07400 123456 / 020 7946 0018", "GB"),
        ("ask Ann; 07400 123456", "GB"),
    ],
)
def test_a_phone_number_is_kept_in_one_form(text: str, country: str) -> None:
    assert people.phone_number(text, country) == "+447400123456"


@pytest.mark.parametrize("text", ["", " ", "n/a", "-", "none", "Unbekannt"])
def test_a_word_for_no_phone_number_is_none(text: str) -> None:
    assert people.phone_number(text, "GB") == ""


@pytest.mark.parametrize(
    ("text", "country", "says"),
    [
        ("4.47400E+11", "GB", "phone: it was destroyed by a spreadsheet"),
        ("4,47E+11", "GB", "phone: it was destroyed by a spreadsheet"),
        ("867-5309", "US", "phone: not a number that a message can be sent to"),
        ("987654321", "US", "phone: not a number that a message can be sent to"),
        ("+44 7400 123456 x45", "GB", "phone: not a number that a message can be sent to"),
        ("07400 123456", "", "give the country, or write the number with +"),
        ("447400123456", "", "give the country, or write the number with +"),
        ("ask reception", "GB", "phone: "),
        ("491701234567", "DE", "it may begin with a country code or not: write it with \\+"),
        ("447400123456", "DE", "it may begin with a country code or not: write it with \\+"),
    ],
)
def test_what_is_no_certain_number_is_refused_with_what_to_do(text: str, country: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        people.phone_number(text, country)


@given(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)), st.sampled_from(["", "+"]))
def test_a_number_that_lost_its_plus_is_never_read_as_another(country: str, plus: str) -> None:
    example = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    if example is None or not phonenumbers.is_valid_number(example):
        return
    whole = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    try:
        read = people.phone_number(plus + whole.removeprefix("+"), country)
    except ValueError:
        assert not plus
    else:
        assert read == whole


@given(st.text(max_size=40), st.sampled_from(["", "GB", "US", "DE", "AQ"]))
def test_any_text_is_read_or_refused(text: str, country: str) -> None:
    readers = (
        people.email_addresses,
        lambda said: people.phone_number(said, country),
        people.yes_or_no,
        people.role,
        people.purpose,
        people.language,
        people.region,
        people.time_zone,
        country_code,
    )
    for read in readers:
        try:
            value = read(text)
        except ValueError as error:
            assert str(error)  # noqa: PT017 - some readers raise nothing
        else:
            assert value is None or isinstance(value, str | list | bool)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yes", True),
        ("TRUE", True),
        ("1", True),
        ("Ja", True),
        ("no", False),
        ("nein", False),
        ("0", False),
        ("", None),
    ],
)
def test_yes_and_no_are_read_in_any_case(text: str, said: bool | None) -> None:  # noqa: FBT001 - it is what is said
    assert people.yes_or_no(text) is said


def test_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(ValueError, match="'maybe' is neither yes nor no; leave it empty if nobody knows"):
        people.yes_or_no("maybe")


def test_a_role_is_one_of_three_or_not_said() -> None:
    assert (people.role(""), people.role("Escalation")) == (None, Role.ESCALATION)
    with pytest.raises(ValueError, match="role: 'boss' is none of billing, escalation, owner"):
        people.role("boss")


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("", Purpose.UNKNOWN),
        ("Business", Purpose.BUSINESS),
        ("company", Purpose.BUSINESS),
        ("consumer", Purpose.CONSUMER),
        ("individual", Purpose.CONSUMER),
    ],
)
def test_who_buys_is_known_by_several_words(text: str, purpose: Purpose) -> None:
    assert people.purpose(text) is purpose


def test_an_unknown_purpose_is_refused() -> None:
    with pytest.raises(ValueError, match="purpose: 'charity' is neither business nor consumer"):
        people.purpose("charity")


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("", ""),
        ("en", "en"),
        ("EN", "en"),
        ("en_gb", "en-GB"),
        ("zh-hant-TW", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("German", "de"),
        ("Deutsch", "de"),
        ("français", "fr"),
        ("Español", "es"),
    ],
)
def test_a_language_is_a_tag_or_a_name(text: str, tag: str) -> None:
    assert people.language(text) == tag


def test_region_and_time_zone_are_codes() -> None:
    assert (people.region("by"), people.region("GB-SCT"), people.region("")) == ("BY", "SCT", "")
    assert people.time_zone("Europe/London") == "Europe/London"


@pytest.mark.parametrize(
    ("read", "text", "says"),
    [
        (people.region, "Bavaria", "region: 'BAVARIA' is not what follows the country in an ISO 3166-2 code"),
        (people.time_zone, "GMT+1", "timezone: .* is not an IANA name such as America/New_York"),
        (people.language, "Klingon", "language: 'Klingon' is no language: write its tag"),
        (country_code, "Oesterland", "country: 'Oesterland' is no country: write its ISO 3166 code"),
    ],
)
def test_an_unknown_name_is_refused_with_what_to_write(
    read: Callable[[str], str], text: str, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        read(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", ""),
        ("GB", "GB"),
        ("gb", "GB"),
        ("GBR", "GB"),
        ("UK", "GB"),
        ("United Kingdom", "GB"),
        ("England", "GB"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("United States of America", "US"),
        ("États-Unis", "US"),
        ("EE.UU.", "US"),
        ("Deutschland", "DE"),
        ("allemagne", "DE"),
        ("ALEMANIA", "DE"),
        ("Österreich", "AT"),
        ("Côte d\u2019Ivoire", "CI"),
        ("Bosnia and Herzegovina", "BA"),
    ],
)
def test_a_country_is_known_by_code_and_by_name_in_four_languages(text: str, code: str) -> None:
    assert country_code(text) == code


def test_every_country_with_phone_numbers_is_known_by_its_code() -> None:
    assert {country_code(code) for code in phonenumbers.SUPPORTED_REGIONS} == phonenumbers.SUPPORTED_REGIONS


@given(
    st.from_regex(r"[A-Za-z0-9_+-]{1,20}(\.[A-Za-z0-9_+-]{1,8}){0,2}", fullmatch=True),
    st.sampled_from(
        ["client.example", "CLIENT.Example", "a-b.co.uk", "-bad.example", "x.test", "localhost", "b..c"]
    )
    | st.lists(
        st.sampled_from(
            ["client", "a-b", "ab--c", "xn--bcher-kva", "a-", "9", "test", "arpa", "COM", "de", "1a"]
        ),
        min_size=1,
        max_size=4,
    ).map(".".join),
)
def test_an_address_is_what_the_library_makes_of_it(local: str, domain: str) -> None:
    address = f"{local}@{domain}"
    try:
        expected = [validate_email(address, check_deliverability=False).normalized]
    except EmailNotValidError:
        with pytest.raises(people.AddressError):
            people.email_addresses(address)
    else:
        assert people.email_addresses(address) == expected
