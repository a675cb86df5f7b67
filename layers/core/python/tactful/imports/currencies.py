"""Currencies as files name them: by code, symbol or name."""

from __future__ import annotations

import re
from functools import lru_cache

from tactful.domain.book.money import MINOR_DIGITS
from tactful.imports.profile import plain

_SHOWN = 40
# The currencies a symbol can mean. A bare pound sign is taken for sterling: Egypt, Lebanon and Syria write other
# signs, and those of Gibraltar, the Falklands and Saint Helena are pounds sterling in all but name.
_SYMBOLS: dict[str, str] = {
    "\u20ac": "EUR",
    "\u00a3": "GBP",
    "\u20b9": "INR",
    "\u20aa": "ILS",
    "\u20ab": "VND",
    "\u20b4": "UAH",
    "\u20ba": "TRY",
    "\u20bd": "RUB",
    "\u20a6": "NGN",
    "\u20b1": "PHP",
    "\u20b8": "KZT",
    "\u20be": "GEL",
    "\u20bc": "AZN",
    "\u20b2": "PYG",
    "\u20b5": "GHS",
    "\u20a1": "CRC",
    "\u0e3f": "THB",
    "z\u0142": "PLN",
    "K\u010d": "CZK",
    "Ft": "HUF",
    "R$": "BRL",
    "US$": "USD",
    "$US": "USD",
    "U.S.$": "USD",
    "A$": "AUD",
    "AU$": "AUD",
    "CA$": "CAD",
    "CAN$": "CAD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "S$": "SGD",
    "SG$": "SGD",
    "NT$": "TWD",
    "MX$": "MXN",
    "RM": "MYR",
    "Rp": "IDR",
    "SFr.": "CHF",
    "SFr": "CHF",
    "$": (
        "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP UYU BBD BMD BND BSD BZD DOP FJD GYD JMD KYD LRD NAD SBD SRD TTD "
        "XCD CUP CVE NIO ZWG WST TOP"
    ),
    "C$": "CAD NIO",
    "\u00a5": "JPY CNY",
    "\uffe5": "JPY CNY",
    "\u20a9": "KRW KPW",
    "kr": "SEK NOK DKK ISK",
    "kr.": "SEK NOK DKK ISK",
    "Fr": "CHF XAF XOF XPF RWF BIF DJF GNF KMF CDF",
    "Fr.": "CHF XAF XOF XPF RWF BIF DJF GNF KMF CDF",
    "R": "ZAR LSL SZL NAD",
    "Rs": "INR PKR LKR NPR MUR SCR",
    "Rs.": "INR PKR LKR NPR MUR SCR",
    "lei": "RON MDL",
    "Dh": "AED MAD",
    "Dhs": "AED MAD",
    "KSh": "KES",
}
_NAMES: dict[str, str] = {
    "EUR": "euro euros",
    "USD": "usdollar usdollars americandollar unitedstatesdollar dollaramericain dolarestadounidense",
    "GBP": (
        "poundsterling poundssterling britishpound britishpounds britishpoundsterling ukpound sterling "
        "britischespfund pfundsterling livresterling libraesterlina"
    ),
    "CHF": "swissfranc swissfrancs schweizerfranken franken francsuisse francosuizo",
    "SEK": "swedishkrona swedishkronor schwedischekrone couronnesuedoise coronasueca",
    "NOK": "norwegiankrone norwegischekrone couronnenorvegienne coronanoruega",
    "DKK": "danishkrone danischekrone couronnedanoise coronadanesa",
    "PLN": "polishzloty zloty",
    "CZK": "czechkoruna tschechischekrone",
    "HUF": "hungarianforint forint",
    "RON": "romanianleu",
    "CAD": "canadiandollar kanadischerdollar dollarcanadien dolarcanadiense",
    "AUD": "australiandollar australischerdollar dollaraustralien dolaraustraliano",
    "NZD": "newzealanddollar",
    "SGD": "singaporedollar",
    "HKD": "hongkongdollar",
    "JPY": "japaneseyen yen japanischeryen",
    "CNY": "chineseyuan renminbi yuan",
    "INR": "indianrupee indianrupees",
    "AED": "uaedirham unitedarabemiratesdirham",
    "KWD": "kuwaitidinar",
    "ZAR": "southafricanrand rand",
    "MXN": "mexicanpeso pesomexicano",
    "BRL": "brazilianreal",
    "ILS": "israelinewshekel israelishekel",
    "TRY": "turkishlira",
}
# Other codes are words, too, if they are not in capitals: all, top, cup.
_IN_ANY_CASE = frozenset(
    {"EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD", "NZD", "INR"}
)
_BY_NAME = {name: code for code, names in _NAMES.items() for name in names.split()}
_BESIDE_NAME = re.compile(r"(?P<first>[A-Z]{3})\s*[-\u2013:(/,]\s*.*|.*[-\u2013:(/,]\s*(?P<last>[A-Z]{3})\)?")


@lru_cache(maxsize=2**10)
def currencies_of(text: str) -> frozenset[str] | None:
    """The currencies (ISO 4217) that a symbol or a code, or one of each, can mean; None if it is neither."""
    said = text.strip()
    code = said.upper()
    if code in MINOR_DIGITS and (said == code or code in _IN_ANY_CASE):
        return frozenset({code})
    if code == "EURO":
        return frozenset({"EUR"})
    if symbol := _symbol(said):
        return symbol
    for first, second in ((said[:3], said[3:]), (said[-3:], said[:-3])):
        symbol = _symbol(second.strip())
        if first in MINOR_DIGITS and symbol and first in symbol:
            return frozenset({first})
    return None


def currency_code(text: str) -> str:
    """The ISO 4217 code that a cell names: "usd", "Swedish Krona - SEK", "US Dollar". Raises ValueError."""
    said = text.strip()
    if said.upper() in MINOR_DIGITS:
        return said.upper()
    if possible := currencies_of(said):
        if len(possible) == 1:
            return next(iter(possible))
        raise ValueError(f"{said!r} is the sign of several currencies: write the ISO 4217 code, such as EUR")
    if named := _BY_NAME.get(plain(said[:_SHOWN])):
        return named
    found = _BESIDE_NAME.fullmatch(said[:_SHOWN])
    code = (found["first"] or found["last"]) if found else ""
    if code in MINOR_DIGITS:
        return code
    raise ValueError(f"{said[:_SHOWN]!r} is not an ISO 4217 currency code such as EUR")


def _symbol(text: str) -> frozenset[str] | None:
    codes = _SYMBOLS.get(text) or _SYMBOLS.get(text.upper()) or _SYMBOLS.get(text.lower())
    return frozenset(codes.split()) if codes else None
