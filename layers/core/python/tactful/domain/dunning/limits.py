"""When and how often: the parts of a policy that a jurisdiction may tighten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Self, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from tactful.domain.book.customer import Channel
from tactful.domain.book.money import MoneyError, digits_of
from tactful.domain.dunning.strict import Fault, Strict, refuse

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
            raise ValueError(
                f"the window must start before it ends, not {self.start:%H:%M} to {self.end:%H:%M}; "
                "write hours such as 09:00-17:30"
            )
        return self

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def common(self, other: Hours) -> Hours | None:
        """The part of the day that lies in both, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Hours(start=start, end=end) if start < end else None


class Cap(Strict):
    """At most `contacts` contacts in any `days` days (of 24 hours), over all channels."""

    contacts: int = Field(ge=1, le=10, description="At most so many contacts")
    days: int = Field(ge=1, le=60, description="in any so many days")

    def __str__(self) -> str:
        return f"{self.contacts} in {self.days} days"


class ChannelCap(Cap):
    """A cap on the contacts made on one channel."""

    channel: Channel = Field(description="The channel whose contacts are counted")

    def __str__(self) -> str:
        return f"{self.channel} {super().__str__()}"


def _hours(value: object) -> object:
    """Read "09:00-17:30" as a start and an end."""
    if isinstance(value, Hours | Mapping):
        return value
    start, dash, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    if not dash:
        raise ValueError(f"{value!r} is not a window; write hours such as 09:00-17:30")
    return {"start": start.strip(), "end": end.strip()}


def _weekdays(window: Mapping[str, Hours]) -> Mapping[str, Hours]:
    if not window:
        raise ValueError("name at least one weekday, or nothing can ever be sent")
    unknown: list[Fault] = [
        ((day,), f"{day} is no weekday; use {', '.join(WEEKDAYS)}") for day in window if day not in WEEKDAYS
    ]
    refuse("Window", unknown)
    return window


def currencies(by_currency: Mapping[str, _Value]) -> Mapping[str, _Value]:
    """Refuse a key that is no ISO 4217 code."""
    faults: list[Fault] = []
    for currency in by_currency:
        try:
            digits_of(currency)
        except MoneyError as error:
            faults.append(((currency,), f"{error}; write a code such as EUR"))
    refuse("Amounts", faults)
    return by_currency


_WRITTEN_HOURS = {
    "type": "string",
    "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9] *- *([01][0-9]|2[0-3]):[0-5][0-9]$",
    "examples": ["09:00-17:30"],
}

Window = Annotated[
    Mapping[str, Annotated[Hours, BeforeValidator(_hours), WithJsonSchema(_WRITTEN_HOURS)]],
    AfterValidator(_weekdays),
]
"""Contact hours by weekday; a day that is not named is closed."""

MinorUnits = Annotated[int, Field(ge=0, strict=True)]

Amounts = Annotated[Mapping[str, MinorUnits], AfterValidator(currencies)]
"""Minor units by currency."""


def common_window(one: Mapping[str, Hours], other: Mapping[str, Hours]) -> dict[str, Hours]:
    """The hours that lie in both windows, by weekday; a day with none is left out."""
    return {
        day: both
        for day in WEEKDAYS
        if day in one and day in other and (both := one[day].common(other[day])) is not None
    }
