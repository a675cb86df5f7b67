"""Amounts of money: integer minor units with an ISO 4217 currency, never a float."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

# ISO 4217 active codes by number of minor-unit digits; every code not named here is unknown to us.
_DIGITS: dict[int, str] = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY "
        "COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF "
        "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR "
        "MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG "
        "SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST "
        "XCD YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
}
# Longer ones are no amounts, and take long to read.
_PLAIN = re.compile(r"([+-]?)(?=\.?[0-9])([0-9]{0,300})(?:\.([0-9]{0,300}))?")
MINOR_DIGITS: dict[str, int] = {code: digits for digits, codes in _DIGITS.items() for code in codes.split()}


class MoneyError(ValueError):
    """An amount or a currency that cannot be read exactly; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents, pence, yen) of one currency. May be negative: a credit."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def decimal(self) -> Decimal:
        """The amount in major units, with the currency's own number of decimals: 1050 USD -> 10.50."""
        return Decimal(self.minor).scaleb(-digits_of(self.currency))

    def __str__(self) -> str:
        return f"{self.currency} {self.decimal():,}"

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise MoneyError(f"{self.currency} and {other.currency} cannot be added: convert one first")


def digits_of(currency: str) -> int:
    """How many minor-unit digits a currency has (ISO 4217). Raises MoneyError for an unknown code."""
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        raise MoneyError(f"{currency!r} is not an ISO 4217 currency code") from None


_A_GROUP = 3


def parse_money(text: str, currency: str, *, is_typed: bool = False) -> Money:
    """Read a plain decimal ("1050", "10.50", "-3.00") as exact minor units.

    Raises MoneyError for anything else: grouping signs, exponents, more decimals than the currency has. Machines
    may write further zeros; where a person typed it (`is_typed`), "1.000" may mean a thousand.
    """
    digits = digits_of(currency)
    plain = _PLAIN.fullmatch(text.strip())
    if plain is None:
        raise MoneyError(f"{text!r} is not a plain decimal amount such as 1050.00")
    sign, whole, decimals = plain[1], plain[2], plain[3] or ""
    seems_grouped = is_typed and len(decimals) == _A_GROUP != digits
    if seems_grouped or decimals[digits:].strip("0"):
        raise MoneyError(f"{text!r} has more than {digits} decimals, which {currency} does not have")
    return Money(int(f"{sign}{whole}{decimals[:digits]:0<{digits}}"), currency)


def totals(amounts: Iterable[Money]) -> dict[str, Money]:
    """Sum per currency, in alphabetical order of the currency code."""
    sums: dict[str, int] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, 0) + amount.minor
    return {currency: Money(sums[currency], currency) for currency in sorted(sums)}
