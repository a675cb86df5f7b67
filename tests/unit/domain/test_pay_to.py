"""How an amount is paid: whole details or a refusal that says what is missing."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tactful.domain.dunning.pay_to import PayTo


def test_a_plain_list_of_lines_is_kept_as_it_stands() -> None:
    assert PayTo.model_validate(["Bankgiro 000-0000"]).lines == ("Bankgiro 000-0000",)
    assert PayTo.model_validate(["Bankgiro 000-0000"]).transfer == ()


def test_the_fields_of_a_transfer_come_in_one_order_and_without_those_that_are_empty() -> None:
    details = PayTo(
        account_number="12345678", sort_code="00-00-00", holder="Example Ltd", link="https://pay.example"
    )
    assert details.transfer == (
        ("holder", "Example Ltd"),
        ("sort_code", "00-00-00"),
        ("account_number", "12345678"),
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "say an iban, an account_number, a link or lines"),
        ([], "say an iban, an account_number, a link or lines"),
        ({"iban": "DE52 0000 0000 0012 3456 78"}, "say who holds the account"),
        ({"holder": "A", "sort_code": "00-00-00"}, "say the number of the account"),
        ({"holder": "A", "iban": "DE53 0000 0000 0012 3456 78"}, "its check digits do not fit"),
        ({"holder": "A", "account_number": "1", "routing_number": "12"}, "should match pattern"),
        ({"link": "http://pay.example"}, "should match pattern"),
        ({"link": "javascript:alert(1)"}, "should match pattern"),
        ({"ibna": "x"}, "Extra inputs are not permitted"),
    ],
)
def test_details_that_nobody_could_pay_by_are_refused(values: Any, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        PayTo.model_validate(values)
