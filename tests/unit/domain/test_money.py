from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.money import MINOR_DIGITS, Money, MoneyError, digits_of, parse_money, totals


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1050", "GBP", 1050_00),
        ("10.50", "GBP", 10_50),
        (" 10.5 ", "GBP", 10_50),
        ("-3.00", "EUR", -3_00),
        ("+3", "EUR", 3_00),
        ("10.500", "GBP", 10_50),
        ("1050", "JPY", 1050),
        ("1050.0", "JPY", 1050),
        ("1.234", "KWD", 1234),
    ],
)
def test_a_plain_decimal_is_read_as_exact_minor_units(text: str, currency: str, minor: int) -> None:
    assert parse_money(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text",
    ["", " ", "1,050.00", "1 050", "1e3", "NaN", "Infinity", "10.5.0", "--5", "٣", "10_000", "£5", "."],
)
def test_anything_but_a_plain_decimal_is_refused_with_the_text_in_the_message(text: str) -> None:
    with pytest.raises(MoneyError, match="is not a plain decimal amount such as 1050") as refusal:
        parse_money(text, "GBP")
    assert repr(text) in str(refusal.value)


@pytest.mark.parametrize(("text", "currency"), [("10.005", "GBP"), ("10.5", "JPY"), ("1.2345", "KWD")])
def test_more_decimals_than_the_currency_has_are_refused(text: str, currency: str) -> None:
    with pytest.raises(MoneyError, match=f"more than {digits_of(currency)} decimals"):
        parse_money(text, currency)


def test_a_fraction_of_a_penny_is_refused_however_far_behind_the_point_it_stands() -> None:
    with pytest.raises(MoneyError, match="more than 2 decimals"):
        parse_money("10." + "0" * 40 + "1", "GBP")


def test_an_unknown_currency_is_refused_by_name() -> None:
    with pytest.raises(MoneyError, match="'ZZZ' is not an ISO 4217 currency code"):
        digits_of("ZZZ")


def test_two_currencies_cannot_be_added() -> None:
    with pytest.raises(MoneyError, match="GBP and EUR cannot be added"):
        Money(1, "GBP") + Money(1, "EUR")


def test_an_amount_is_written_with_its_currencys_own_decimals() -> None:
    amounts = [Money(1234567_05, "GBP"), Money(1050, "JPY"), Money(1050, "KWD"), Money(-5, "EUR")]
    assert [str(amount) for amount in amounts] == ["GBP 1,234,567.05", "JPY 1,050", "KWD 1.050", "EUR -0.05"]


def test_totals_are_kept_apart_by_currency() -> None:
    sums = totals([Money(1, "GBP"), Money(5, "EUR"), Money(2, "GBP"), Money(-1, "EUR")])
    assert list(sums.values()) == [Money(4, "EUR"), Money(3, "GBP")]


@given(st.integers(), st.sampled_from(sorted(MINOR_DIGITS)))
def test_an_amount_written_as_a_decimal_is_read_back_to_the_minor_unit(minor: int, currency: str) -> None:
    digits = digits_of(currency)
    units, rest = divmod(abs(minor), 10**digits)
    text = f"{'-' if minor < 0 else ''}{units}" + (f".{rest:0{digits}d}" if digits else "")
    assert parse_money(text, currency) == Money(minor, currency)


@given(st.integers(-(10**18), 10**18), st.sampled_from(sorted(MINOR_DIGITS)))
def test_major_units_are_exact(minor: int, currency: str) -> None:
    assert Money(minor, currency).decimal() * 10 ** digits_of(currency) == Decimal(minor)


def test_further_zeros_are_a_machines_and_refused_where_a_person_typed_them() -> None:
    assert parse_money("1.000", "EUR") == Money(100, "EUR")
    with pytest.raises(MoneyError, match=r"'1\.000' has more than 2 decimals"):
        parse_money("1.000", "EUR", is_typed=True)
    assert parse_money("1.00", "EUR", is_typed=True) == Money(100, "EUR")
