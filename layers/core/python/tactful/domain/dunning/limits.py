"""When and how often: the parts of a policy that a jurisdiction may tighten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Self, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from tactful.domain.book.customer import Channel
from tactful.domain.book.money import MoneyError, digits_of
from tactful.domain.dunning.strict import Strict

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_Value = TypeVar("_Value")


class Hours(Strict):
    """The part of a day in which a message may leave, in the recipient's wall-clock time; `end` is outside."""

    start: time
    end: time

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start.tzinfo or self.end.tzinfo:
            raise ValueError("the window is in the recipient's own time: leave out the zone")
        if self.start >= self.end:
            raise ValueError(f"the window must start before it ends, not {self.start} to {self.end}")
        return self

    def common(self, other: Hours) -> Hours | None:
        """The part of the day that lies in both, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Hours(start=start, end=end) if start < end else None


class Cap(Strict):
    """At most `contacts` contacts in any `days` days (of 24 hours), over all channels."""

    contacts: int = Field(ge=1, le=10)
    days: int = Field(ge=1, le=60)


class ChannelCap(Cap):
    """A cap on the contacts made on one channel."""

    channel: Channel


def _hours(value: object) -> object:
    """Read "09:00-17:30" as a start and an end."""
    if isinstance(value, str):
        start, dash, end = value.partition("-")
        if not dash:
            raise ValueError(f"{value!r} is not a window such as 09:00-17:30")
        return {"start": start.strip(), "end": end.strip()}
    return value


def _weekdays(window: Mapping[str, Hours]) -> Mapping[str, Hours]:
    unknown = sorted(set(window) - set(WEEKDAYS))
    if unknown:
        raise ValueError(f"{', '.join(unknown)} is no weekday; use {', '.join(WEEKDAYS)}")
    if not window:
        raise ValueError("name at least one weekday, or nothing can ever be sent")
    return window


def currencies(by_currency: Mapping[str, _Value]) -> Mapping[str, _Value]:
    """Refuse a key that is no ISO 4217 code."""
    for currency in by_currency:
        try:
            digits_of(currency)
        except MoneyError as error:
            raise ValueError(str(error)) from error
    return by_currency


Window = Annotated[Mapping[str, Annotated[Hours, BeforeValidator(_hours)]], AfterValidator(_weekdays)]
"""Contact hours by weekday; a day that is not named is closed."""

Amounts = Annotated[Mapping[str, Annotated[int, Field(ge=0, strict=True)]], AfterValidator(currencies)]
"""Minor units by currency."""


def common_window(one: Mapping[str, Hours], other: Mapping[str, Hours]) -> dict[str, Hours]:
    """The hours that lie in both windows, by weekday; a day with none is left out."""
    return {
        day: both
        for day in WEEKDAYS
        if day in one and day in other and (both := one[day].common(other[day])) is not None
    }
