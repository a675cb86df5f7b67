"""The code that a banking app reads (EPC069-12): only where the standard has one, and never for another amount."""

from __future__ import annotations

from io import BytesIO

import pytest
import segno

from tactful.adapters.pay_codes import pay_code
from tactful.domain.book.money import Money
from tactful.domain.dunning.pay_to import PayTo

EUROS = PayTo(holder="Example Trading GmbH", iban="DE52 0000 0000 0012 3456 78", bic="EXAMDEFFXXX")
POUNDS = PayTo(holder="Example Trading Ltd", sort_code="00-00-00", account_number="12345678")


def picture_of(*lines: str) -> bytes:
    """The lines that the standard asks for, as a code with its error correction."""
    picture = BytesIO()
    data = "\n".join(lines).encode("iso-8859-1")
    segno.make_qr(data, error="m", boost_error=False).save(picture, kind="png", scale=4)
    return picture.getvalue()


def test_the_code_says_holder_iban_amount_and_the_invoices() -> None:
    assert pay_code(EUROS, Money(123450, "EUR"), ("1042", "1057")) == picture_of(
        "BCD", "002", "2", "SCT", "EXAMDEFFXXX", "Example Trading GmbH", "DE52000000000012345678", "EUR1234.5",
        "", "", "1042, 1057",
    )  # fmt: skip


def test_more_invoices_than_the_standard_has_room_for_are_the_first_and_how_many_more() -> None:
    numbers = [f"INV-2026-{number:04}" for number in range(40)]
    assert pay_code(EUROS, Money(10000, "EUR"), numbers) == picture_of(
        "BCD", "002", "2", "SCT", "EXAMDEFFXXX", "Example Trading GmbH", "DE52000000000012345678", "EUR100",
        "", "", "INV-2026-0000 + 39",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("details", "total"),
    [
        (POUNDS, Money(10000, "GBP")),
        (EUROS, Money(10000, "CHF")),
        (EUROS, Money(0, "EUR")),
        (EUROS, Money(-1, "EUR")),
        (EUROS, Money(100_000_000_000, "EUR")),
    ],
)
def test_there_is_no_code_where_the_standard_has_none(details: PayTo, total: Money) -> None:
    assert pay_code(details, total, ("1042",)) == b""
