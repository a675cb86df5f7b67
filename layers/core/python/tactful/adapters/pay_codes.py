"""The code that a banking app reads to fill in a transfer: EPC069-12, "Quick Response Code: Guidelines to Enable Data
Capture for the Initiation of a SEPA Credit Transfer", version 2.1, for euros to an IBAN.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from io import BytesIO

from tactful.domain.book.money import Money
from tactful.domain.dunning.pay_to import PayTo

_LEAST, _MOST = 1, 99_999_999_999
_LONGEST_TEXT = 140
_LONGEST_NUMBER = 100
_DOTS = 4


def pay_code(details: PayTo, total: Money, references: Sequence[str]) -> bytes:
    """The code as a picture (PNG); empty where no standard has one: no IBAN, no euros, or an amount out of its range.

    It quotes the invoices, unless they are more than the standard has room for.
    """
    if total.currency != "EUR" or not details.iban or not _LEAST <= total.minor <= _MOST:
        return b""
    text = ", ".join(references)
    if len(text) > _LONGEST_TEXT:
        text = f"{references[0][:_LONGEST_NUMBER]} + {len(references) - 1}"
    return _drawn(details.holder, details.iban.replace(" ", ""), details.bic, total.decimal(), text)


@lru_cache(maxsize=64)
def _drawn(holder: str, iban: str, bic: str, amount: Decimal, text: str) -> bytes:
    from segno.helpers import make_epc_qr  # noqa: PLC0415

    picture = BytesIO()
    code = make_epc_qr(holder, iban, amount, text=text or holder, bic=bic or None)
    code.save(picture, kind="png", scale=_DOTS)
    return picture.getvalue()
