"""Public holidays by country, from the holidays library."""

from __future__ import annotations

import re
import warnings
from datetime import date
from functools import lru_cache


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The nationwide public holidays of a country (ISO 3166 alpha-2) in a year, as civil dates.

    Empty for a country that is unknown. Holidays of a single region, school holidays and bank-only days are left
    out. A holiday that is observed on another day counts on both.
    """
    # Imported here: only what decides about contacts needs the library.
    from holidays import country_holidays  # noqa: PLC0415

    # Only a code may reach the library: it looks up whatever name it is given among its own attributes.
    if not re.fullmatch(r"[A-Z]{2}", country):
        return frozenset()
    with warnings.catch_warnings():
        # A year beyond what a country has fixed is answered with the holidays that are sure: that is enough here.
        warnings.simplefilter("ignore")
        try:
            known = country_holidays(country, years=year, expand=False)
        except NotImplementedError:
            return frozenset()
    return frozenset(day for day in known if day.year == year)
