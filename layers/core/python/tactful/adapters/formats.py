"""Amounts, dates, numbers, lists and plurals as a locale writes them, from CLDR's data (by Babel)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol, parse_pattern

from tactful.domain.book.money import Money, digits_of

NO_BREAK = "\u00a0"
"""Keeps an amount or a date on one line, for as long as words are still to be broken into lines."""
_SIGN = "\u00a4"
_BREAKABLE = str.maketrans(dict.fromkeys(" \u202f", NO_BREAK))


@dataclass(frozen=True, slots=True)
class Formats:
    """How one locale writes. `can_spell` tells whether a currency's sign can be shown at all: else its ISO code is.

    Amounts and dates hold together by no-break spaces.
    """

    locale: Locale
    can_spell: Callable[[str], bool] | None = None

    @property
    def language_tag(self) -> str:
        """The locale as a BCP 47 tag, for HTML: `en-GB`."""
        return str(self.locale).replace("_", "-")

    def money(self, amount: Money) -> str:
        """`£1,234.50`, `1.234,50 €`: with as many decimals as the currency has (ISO 4217)."""
        return _money(self.locale, self.can_spell, amount)

    def day(self, day: date) -> str:
        """`5 March 2026`, `March 5, 2026`, `5. März 2026`."""
        return _day(self.locale, day)

    def percent(self, percent: Decimal) -> str:
        """`11.75%`, `11,75 %`."""
        written = format_percent(percent / 100, locale=self.locale, decimal_quantization=False)
        return written.translate(_BREAKABLE)

    def short_day(self, day: date) -> str:
        """`5 Mar 2026`, `Mar 5, 2026`, `05.03.2026`: for a table."""
        return format_date(day, "medium", locale=self.locale).translate(_BREAKABLE)

    def number(self, number: int) -> str:
        return format_decimal(number, locale=self.locale).translate(_BREAKABLE)

    def listed(self, parts: Iterable[str]) -> str:
        """`A`, `A and B`, `A, B and C`."""
        return format_list([str(part) for part in parts], locale=self.locale)

    def plural(self, count: int, *, other: str, **forms: str) -> str:
        """The words for a count, by the locale's own plural forms (`one`, `few`, `many`, ...); `{n}` is the count."""
        form = self.locale.plural_form(abs(count))
        return forms.get(form, other).replace("{n}", self.number(count))


# A message says the same amounts and days in several places, and many clients owe by the same day.
@lru_cache(maxsize=4096)
def _money(locale: Locale, can_spell: Callable[[str], bool] | None, amount: Money) -> str:
    sign = get_currency_symbol(amount.currency, locale)
    pattern: str = locale.currency_formats["standard"].pattern
    if can_spell is not None and not can_spell(sign):
        sign, pattern = amount.currency, pattern.replace(_SIGN, _SIGN * 2)
    # CLDR parts letters from digits; Babel leaves that to its caller.
    if pattern.startswith(_SIGN) and sign[-1].isalpha():
        pattern = pattern.replace(_SIGN + "#", _SIGN + NO_BREAK + "#")
    exact = parse_pattern(pattern)
    # CLDR writes some currencies without the minor units that ISO 4217 gives them.
    exact.frac_prec = (digits_of(amount.currency),) * 2
    written = format_currency(amount.decimal(), amount.currency, exact, locale=locale, currency_digits=False)
    return written.translate(_BREAKABLE)


@lru_cache(maxsize=4096)
def _day(locale: Locale, day: date) -> str:
    written = format_date(day, "long", locale=locale).translate(_BREAKABLE)
    # French counts the first of a month alone as an ordinal, which CLDR's patterns cannot say.
    return f"1er{written[1:]}" if locale.language == "fr" and day.day == 1 else written
