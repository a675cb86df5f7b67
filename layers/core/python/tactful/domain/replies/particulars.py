"""What a text states beside its intent: amounts, invoice numbers, references, ways to reach somebody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_SIGNS = {"£": "GBP", "€": "EUR", "¥": "JPY"}
_DOLLARS: Mapping[str, str] = {"US": "USD", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD"}
_CODES = ("usd", "gbp", "eur", "cad", "aud", "nzd", "chf", "inr", "zar", "sgd", "jpy")
_WORDS = {
    **dict.fromkeys(("quid", "pounds", "pound", "sterling"), "GBP"),
    **dict.fromkeys(("euros", "euro"), "EUR"),
    **dict.fromkeys(("rupees", "rs"), "INR"),
    **dict.fromkeys(("rand",), "ZAR"),
    **dict.fromkeys(("francs", "franken"), "CHF"),
}
_DOLLAR_WORDS = ("dollars", "dollar", "bucks", "buck")
_NUMBER = r"\d{1,3}(?:[,.' ]\d{3})+(?:[.,]\d{2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
_NAMED = "|".join(_CODES)
_NAMED_AFTER = "|".join((*_CODES, *_WORDS, *_DOLLAR_WORDS))
_AMOUNT = re.compile(
    rf"""
      (?P<before>[£€¥$]|\b(?:us|c|a|au|nz|ca)\$|\b(?:{_NAMED})\s?)\s?
        (?P<n1>{_NUMBER})(?P<k1>k\b)?(?:\s?(?P<code>{_NAMED})\b)?
    | (?<![\w.,/#-])(?P<n2>{_NUMBER})(?P<k2>k\b)?\s?(?P<after>[£€$]|(?:{_NAMED_AFTER})\b)
    """,
    re.VERBOSE,
)
_BARE = re.compile(
    rf"\b(?:pay|send|sent|paid|do|manage|offer|afford|said|owe|quoted|agreed|of|transferred|price(?: was)?)\s+"
    rf"(?:you\s+)?"
    rf"(?:only\s+|about\s+|just\s+)?(?P<n>{_NUMBER})(?![\w/:.-]|\s*(?:%|percent|days?|weeks?|months?|working|business|hours?|units?|items?|times?|x\b))"
)
_RATE = re.compile(r"^\s*(?:/|per\s|an?\s+(?:hour|hr|unit|head|item|piece)|each\b|p\.?h\b)")
_TOTAL = re.compile(r"\b(?:total(?:ling)?|in all|altogether|all in)\b")
_MOST_DIGITS = 9

_INVOICE = re.compile(
    r"(?<![\w@./-])(?P<full>(?:inv(?:oice)?|rechnung|facture|factura)[\s.:#-]*(?:no\.?|number|num|nr\.?|#)?[\s.:#-]*(?=[\w/-]*\d)(?P<number>[a-z]{0,6}[-/]?\d[\w/-]*))|(?<![\w/])#\s?(?P<hash>\d[\w-]*)",
)
_WORD_PREFIX = re.compile(r"^inv-?\d", re.IGNORECASE)
_MORE = re.compile(r"\s*(?:,|and|&|\+|und|et|y)\s*#?(?P<number>(?:inv-?)?\d[\w/-]*)")
_NO_INVOICE = re.compile(
    r"\b(?:po|p\.o\.|ticket|case|cheque|check|chq|credit note|account|acct|ref(?:erence)?|conf(?:irmation)?|order|ext|"
    r"apt|unit|card|trace|job|policy|line|no)\.?\s*(?:no\.?|number|num|#)?\s*#?\s*$"
)
_FOR_NUMBERS = re.compile(
    r"\b(?:payment|paid|pay)\s+(?:for|of|on)\s+#?(?P<number>\d{3,}[\w-]*)(?!\s*(?:[£$€.,]\d|%|dollars|pounds|quid|bucks))"
)
_REFERENCE = re.compile(
    r"\b(?:ref(?:erence)?|conf(?:irmation)?|trace|transaction(?:\s+id)?|txn|utr|receipt|cheque|check|chq|auth(?:orisation|orization)?(?:\s+code)?)"
    r"\s*(?:no\.?|number|num|is|was|code|id)?\s*[:#.]*\s*(?P<ref>(?=[\w/-]*\d)[\w][\w/-]{2,})",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?<![\w#£$€.-])(?:\+?\d{1,3}[\s.-]?)?(?:\(\d{2,5}\)[\s.-]?)?\d[\d\s.-]{6,14}\d(?![\w-])"
)
_PHONE_DIGITS = range(7, 16)


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum in minor units (hundredths) at a place of a text; the currency is empty if nothing names it."""

    start: int
    end: int
    minor: int
    currency: str


def amounts_in(text: str, locale: str) -> list[Amount]:
    """The sums in a plain text, in its order; sums for each of something are none."""
    found = [
        _amount(match, locale) for match in _AMOUNT.finditer(text) if not _RATE.match(text[match.end() :])
    ]
    taken = [(one.start, one.end) for one in found]
    for match in _BARE.finditer(text):
        start, end = match.span("n")
        if not any(start < other_end and other_start < end for other_start, other_end in taken):
            found.append(Amount(start, end, _minor(match["n"]), ""))
    return sorted(found, key=lambda one: one.start)


def the_amount(text: str, locale: str) -> Amount | None:
    """The sum that a text is about: a total beats its parts, of several parts it is the first."""
    found = amounts_in(text, locale)
    total = next(
        (
            one
            for one in found
            if _TOTAL.search(text[max(0, one.start - 12) : one.start] + " " + text[one.end : one.end + 10])
        ),
        None,
    )
    return total or next(iter(found), None)


def _amount(match: re.Match[str], locale: str) -> Amount:
    number = match["n1"] or match["n2"]
    minor = _minor(number) * (1_000 if match["k1"] or match["k2"] else 1)
    named = (match["code"] or match["before"] or match["after"] or "").strip()
    return Amount(match.start(), match.end(), minor, _currency(named, locale))


def _minor(number: str) -> int:
    cents = re.search(r"[.,](\d{1,2})$", number)
    whole = re.sub(r"\D", "", number[: cents.start()] if cents else number)[:_MOST_DIGITS]
    return int(whole or 0) * 100 + (int(cents[1].ljust(2, "0")) if cents else 0)


def _currency(named: str, locale: str) -> str:
    if named in _SIGNS:
        return _SIGNS[named]
    if named in _CODES:
        return named.upper()
    if named in _WORDS:
        return _WORDS[named]
    prefix = named.removesuffix("$")
    if prefix and named.endswith("$"):
        return {"us": "USD", "c": "CAD", "ca": "CAD", "a": "AUD", "au": "AUD", "nz": "NZD"}[prefix]
    return _DOLLARS.get(locale.replace("_", "-").rpartition("-")[2].upper(), "USD")


def invoices_in(text: str) -> tuple[str, ...]:
    """The invoice numbers that a text names, as they are written."""
    found: list[str] = []
    for match in _INVOICE.finditer(text.casefold()):
        if match["hash"] and _NO_INVOICE.search(text[: match.start()].casefold()):
            continue
        group = "number" if match["number"] else "hash"
        start, end = match.span(group)
        if match["number"] and _WORD_PREFIX.match(match["full"]):
            start = match.start()
        found.append(text[start:end].rstrip("-/"))
        found += _following(text, match.end())
    for match in _FOR_NUMBERS.finditer(text.casefold()):
        start, end = match.span("number")
        found += [text[start:end], *_following(text, end)]
    return tuple(dict.fromkeys(found))


def _following(text: str, place: int) -> list[str]:
    """Numbers that a list goes on with."""
    found: list[str] = []
    while match := _MORE.match(text.casefold(), place):
        number = match["number"]
        if len(re.sub(r"\D", "", number)) < 3:  # noqa: PLR2004 - a shorter one is a quantity
            break
        start, place = match.span("number")
        found.append(text[start:place])
    return found


def reference_in(text: str) -> str:
    """The reference of a payment; empty if none is given."""
    match = _REFERENCE.search(text)
    return match["ref"].rstrip("-/.") if match else ""


def email_in(text: str) -> str:
    """The first e-mail address; empty if there is none."""
    match = _EMAIL.search(text)
    return match[0].rstrip(".") if match else ""


def phone_in(text: str) -> str:
    """The first phone number as it is written; empty if there is none."""
    for match in _PHONE.finditer(_EMAIL.sub(" ", text)):
        written = match[0].strip()
        if len(re.sub(r"\D", "", written)) in _PHONE_DIGITS and not re.fullmatch(
            r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|20\d\d-\d\d-\d\d", written
        ):
            return written
    return ""
