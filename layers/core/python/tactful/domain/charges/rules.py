"""Rules by which late payment is charged: a law's or a contract's, as dated data that people write in YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from tactful.domain.dunning.limits import currencies
from tactful.domain.dunning.strict import Fault, Strict, refuse

Percent = Annotated[Decimal, Field(ge=-10, le=1000, max_digits=9, decimal_places=5)]
Share = Annotated[Decimal, Field(ge=0, le=1000, max_digits=9, decimal_places=5)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=3)]


def _half_year(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}-H[12]", text):
        raise ValueError(f"{text!r} is no half-year; write one such as 2026-H1 or 2026-H2")
    return text


HalfYear = Annotated[str, AfterValidator(_half_year)]


class Per(StrEnum):
    """The time that a contract's rate is for. A month is a twelfth of a year."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class RateCounts(StrEnum):
    """Which half-year's reference rate counts: that in which interest began, for good, or each day's own."""

    WHEN_INTEREST_BEGINS = "when_interest_begins"
    EACH_HALF_YEAR = "each_half_year"


class DayCount(StrEnum):
    """How many days a year has for interest."""

    ACTUAL_365 = "actual/365"
    ACTUAL_360 = "actual/360"
    ACTUAL_ACTUAL = "actual/actual"

    def days_in_year(self, day: date) -> int:
        """The days that the year of a day counts as."""
        if self is DayCount.ACTUAL_ACTUAL:
            return (date(day.year + 1, 1, 1) - date(day.year, 1, 1)).days
        return 360 if self is DayCount.ACTUAL_360 else 365


class Reference(Strict):
    """A reference rate by half-year, in percent, and where new ones are published."""

    name: str = Field(min_length=1, description="What it is called")
    published: str = Field(min_length=1, description="Where the next one is found")
    percent: Mapping[HalfYear, Percent] = Field(description="By half-year, for example 2026-H1: 3.75")


class Band(Strict):
    """A sum that is due once for a debt of at least so much, in the currency's major units."""

    at_least: Amount = Decimal(0)
    sum: Amount


class ChargeRules(Strict):
    """One way to charge for late payment. Interest is simple, and counted in days.

    A law has a `reference` rate and a `margin` over it; a contract has a `rate` for a day, month or year. `fixed_sums`
    (by currency, bands ascending) are due once for each debt. All charges of a debt together stay within
    `cap_percent` of it and `caps`; the yearly rate stays within `most_percent_a_year`.
    """

    title: str = Field(min_length=1, description="The law or agreement, as clients are told of it")
    sources: tuple[str, ...] = Field(min_length=1, description="Where each of the rules is written down")
    for_consumers: bool = Field(default=False, description="Whether consumers may be charged")
    reference: Reference | None = None
    margin: Percent | None = Field(default=None, description="Points over the reference rate")
    rate_counts: RateCounts = RateCounts.EACH_HALF_YEAR
    rate: Percent | None = Field(default=None, description="A contract's own rate")
    per: Per = Per.YEAR
    day_count: DayCount = DayCount.ACTUAL_365
    fixed_sums: Annotated[Mapping[str, tuple[Band, ...]], AfterValidator(currencies)] = Field(
        default_factory=dict
    )
    cap_percent: Share | None = Field(default=None, description="All charges of a debt, in percent of it")
    caps: Annotated[Mapping[str, Amount], AfterValidator(currencies)] = Field(default_factory=dict)
    most_percent_a_year: Share | None = Field(default=None, description="What the law allows at most")
    _file: str = PrivateAttr(default="")

    @property
    def file(self) -> str:
        """Where they were read, for whoever has to add a rate; empty if from no file."""
        return self._file

    def read_from(self, file: str) -> Self:
        """The same rules, which know their file."""
        known = self.model_copy()
        known._file = file  # noqa: SLF001 - its own
        return known

    @model_validator(mode="after")
    def _whole(self) -> Self:
        faults: list[Fault] = []
        if (self.reference is None) != (self.margin is None):
            faults.append((("margin",), "a margin needs a reference rate, and a reference rate a margin"))
        if self.reference is not None and self.rate is not None:
            faults.append(
                (("rate",), "a rate is either a contract's own or one over a reference: leave one out")
            )
        if self.reference is None and self.rate is None and not self.fixed_sums:
            faults.append(((), "it charges nothing: give it a reference and margin, a rate, or fixed_sums"))
        for currency, bands in self.fixed_sums.items():
            starts = [band.at_least for band in bands]
            if not starts or starts[0] != 0 or starts != sorted(set(starts)):
                faults.append((("fixed_sums", currency), "bands ascend, and the first begins at 0"))
        refuse("ChargeRules", faults)
        return self


def half_year(day: date) -> str:
    """`2026-H1` for January to June 2026."""
    return f"{day.year}-H{1 if day.month <= 6 else 2}"  # noqa: PLR2004 - June


def first_day(half: str) -> date:
    """The first day of a half-year."""
    year, _, number = half.partition("-H")
    return date(int(year), 1 if number == "1" else 7, 1)
