"""What of a message must be as its reader's language and country have it: words, dates, amounts, and their sums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale
from babel.numbers import get_currency_symbol, get_decimal_symbol

from tactful.adapters.message_values import EarlyPayment, View
from tactful.domain.wording.message import Finding, Rule
from tactful.domain.wording.vocabulary import SMALL_WORDS

# Months of one language that are words, or months, of another one as well.
_SHARED_MONTHS = frozenset({"may", "mai", "mars", "marzo"})
# So many small words of another language are no quotation any more.
_SENTENCE_OF_ANOTHER = 3
_SHORT_LABEL = 4
# An SMS writes the Swiss 1'234.50 with a plain sign.
_PLAIN = str.maketrans("\u2019", "'")
_FIGURES_ONLY = re.compile(r"\b(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2})\b")
_NUMBER = r"\d(?:[\d.,]*\d)?"
_TWO_DECIMALS = re.compile(r"(?<![\d.,])\d[\d.,]*([.,])\d{2}(?![\d.,]*\d)")


def other_languages(said: str, language: str, labels: dict[str, frozenset[str]]) -> Iterator[Finding]:
    """Months, labels and sentences of another language. `labels` are those of each language, in small letters."""
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", said)}
    flat = " ".join(said.casefold().split())
    own = labels.get(language, frozenset())
    for other in sorted(SMALL_WORDS.keys() - {language}):
        name = str(Locale.parse(other).english_name)
        for month in sorted(words & (_months(other) - _months(language) - _SHARED_MONTHS)):
            yield Finding(Rule.LANGUAGES, f"{month} is {name}", month)
        small = sorted(words & SMALL_WORDS[other] - SMALL_WORDS.get(language, frozenset()))
        if len(small) >= _SENTENCE_OF_ANOTHER:
            yield Finding(Rule.LANGUAGES, f"{', '.join(small)} are {name}", small[0])
        for label in dict.fromkeys(_strange(labels.get(other, frozenset()), own).findall(flat)):
            yield Finding(Rule.LANGUAGES, f"{label} is {name}", label)


@cache
def _strange(labels: frozenset[str], own: frozenset[str]) -> re.Pattern[str]:
    """The labels that a language has not itself; a short one may be a word anywhere."""
    strange = [
        label for label in labels if len(label) > _SHORT_LABEL and not any(label in known for known in own)
    ]
    return re.compile(
        rf"\b(?:{'|'.join(map(re.escape, sorted(strange, reverse=True)))})\b" if strange else r"(?!)"
    )


@cache
def _months(language: str) -> frozenset[str]:
    names = Locale.parse(language).months["format"]["wide"].values()
    return frozenset(str(name).casefold() for name in names)


def formats(said: str, locale: Locale) -> Iterator[Finding]:
    """Dates in figures alone, and numbers with the decimal sign of another country."""
    for date in dict.fromkeys(_FIGURES_ONLY.findall(said)):
        yield Finding(Rule.FORMATS, date)
    sign = get_decimal_symbol(locale)
    for number in _TWO_DECIMALS.finditer(said):
        if number.group(1) != sign:
            yield Finding(Rule.FORMATS, number.group())


def sums(said: str, view: View, currencies: tuple[str, ...]) -> Iterator[Finding]:
    """Amounts that an e-mail lists and asks for and does not say, and amounts that no invoice of the account has."""
    flat = _flat(said)
    is_long = "\n" in said
    for amount in dict.fromkeys((*(line.amount for line in view.lines), *view.to_pay) if is_long else ()):
        if _flat(amount) not in flat:
            yield Finding(Rule.SUMS, f"{_flat(amount)} is not said")
    for known in sorted((_flat(amount) for amount in _amounts(view)), key=len, reverse=True):
        flat = flat.replace(known, " ")
    signs = {*currencies, *(get_currency_symbol(code, view.formats.locale) for code in currencies)}
    for sign in sorted(signs):
        for strange in dict.fromkeys(
            re.findall(rf"{_NUMBER} ?{re.escape(sign)}|{re.escape(sign)} ?{_NUMBER}", flat)
        ):
            yield Finding(Rule.SUMS, f"{strange} is no amount of the account", strange)


def _flat(said: str) -> str:
    """As it stands in an e-mail or an SMS: with plain spaces, and without typographic signs."""
    return " ".join(said.translate(_PLAIN).split())


def _amounts(view: View) -> Iterator[str]:
    yield from (*view.totals, *view.to_pay, *view.already_due)
    for line in view.lines:
        yield from filter(None, (line.amount, line.total, line.paid, line.credited))
        yield from _early(line.discount)
    yield from _early(view.discount)
    yield from filter(None, (view.sum, *(charge.amount for charge in view.charges)))
    yield from (said for way in view.pay_to for said in (way.total, *way.lines))
    for part in view.instalments:
        yield from filter(None, (part.amount, part.balance, part.interest))


def _early(payment: EarlyPayment | None) -> Iterator[str]:
    """The amounts of a discount; of several currencies, listed in one text, none can be told from the other."""
    if payment:
        yield from (payment.off, payment.left)
