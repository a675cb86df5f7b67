"""Public holidays by country and region, from the holidays library."""

from __future__ import annotations

import re
import warnings
from datetime import date
from functools import lru_cache


@lru_cache(maxsize=1024)
def public_holidays(country: str, region: str, year: int) -> frozenset[date]:
    """The public holidays of a country (ISO 3166 alpha-2) and of one region of it in a year, as civil dates.

    `region` is the part of an ISO 3166-2 code after the country's; with none, or one that is unknown, only the
    nationwide holidays count. Empty for a country that is unknown. School holidays and bank-only days are left out. A
    holiday that is observed on another day counts on both.
    """
    # Only a code may reach the library: it looks up whatever name it is given among its own attributes.
    if not re.fullmatch(r"[A-Z]{2}", country):
        return frozenset()
    nationwide = _known_holidays(country, None, year)
    if not re.fullmatch(r"[A-Z0-9]{1,3}", region):
        return nationwide
    # Some regions work on a national holiday; banks and head offices elsewhere don't.
    return nationwide | _known_holidays(country, region, year)


def _known_holidays(country: str, region: str | None, year: int) -> frozenset[date]:
    # Imported here: only what decides about contacts needs the library.
    from holidays import country_holidays  # noqa: PLC0415

    with warnings.catch_warnings():
        # A year beyond what a country has fixed is answered with the holidays that are sure: that is enough here.
        warnings.simplefilter("ignore")
        try:
            known = country_holidays(country, subdiv=region, years=year, expand=False)
        except NotImplementedError:
            return frozenset()
    return frozenset(day for day in known if day.year == year)
