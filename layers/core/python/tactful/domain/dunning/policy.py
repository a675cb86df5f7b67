"""The dunning policy: ordered stages, contact window, caps and amounts. Plain data, validated as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from tactful.domain.book.contact_log import THANK_YOU, Tone
from tactful.domain.book.customer import Channel
from tactful.domain.book.money import MoneyError, digits_of

_A_PERSON = (Channel.PERSON,)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Hours(_Strict):
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


def _hours(value: object) -> object:
    """Read "09:00-17:30" as a start and an end."""
    if isinstance(value, str):
        start, dash, end = value.partition("-")
        if not dash:
            raise ValueError(f"{value!r} is not a window such as 09:00-17:30")
        return {"start": start.strip(), "end": end.strip()}
    return value


class Cap(_Strict):
    """At most `contacts` contacts in any `days` days (of 24 hours), over all channels."""

    contacts: int = Field(ge=1, le=10)
    days: int = Field(ge=1, le=60)


class Stage(_Strict):
    """One step of the ladder: when (days from the due date, negative is before), tone, channels in order."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{1,30}$")
    days: int = Field(ge=-60, le=365)
    tone: Tone
    channels: tuple[Channel, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _reachable_channels(self) -> Self:
        if len(set(self.channels)) != len(self.channels):
            raise ValueError("channels: name each channel once")
        if Channel.PERSON in self.channels[:-1]:
            raise ValueError("channels: person must be the last, for nothing comes after a person was asked")
        return self

    @field_validator("name")
    @classmethod
    def _free(cls, name: str) -> str:
        if name == THANK_YOU:
            raise ValueError(f"{THANK_YOU} is the name of the message after a payment: use another")
        return name


class Policy(_Strict):
    """A validated dunning policy.

    `minimum_amounts` maps currencies to minor units below which nobody is reminded; a currency that is not
    named has no minimum. `closed_days` are civil dates on which nothing is sent. `pay_to` says, line by line,
    how an amount in a currency is paid: an amount that nobody can say how to pay is not asked for. Raises pydantic's
    ValidationError, which lists every fault with its place.
    """

    name: str
    version: int = Field(ge=1)
    first_contact_tone: Tone
    minimum_gap_days: int = Field(ge=1, le=60)
    cap: Cap
    contact_window: Mapping[str, Annotated[Hours, BeforeValidator(_hours)]]
    closed_days: frozenset[date] = frozenset()
    minimum_amounts: Mapping[str, Annotated[int, Field(ge=0, strict=True)]] = Field(default_factory=dict)
    hold_days_after_reply: int = Field(ge=1, le=60)
    thanks_expire_after_days: int = Field(ge=1, le=60)
    thanks_channels: tuple[Channel, ...] = (Channel.EMAIL, Channel.SMS)
    stages: tuple[Stage, ...] = Field(min_length=1)
    pay_to: Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(default_factory=dict)
    pay_to_is_a_sample: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        unknown = sorted(set(self.contact_window) - set(WEEKDAYS))
        if unknown:
            raise ValueError(f"contact_window: {', '.join(unknown)} is no weekday; use {', '.join(WEEKDAYS)}")
        if not self.contact_window:
            raise ValueError("contact_window: name at least one weekday, or nothing can ever be sent")
        names = [stage.name for stage in self.stages]
        if len(set(names)) != len(names):
            raise ValueError("stages: every stage needs a name of its own")
        for milder, later in zip(self.stages, self.stages[1:], strict=False):
            if later.days <= milder.days:
                raise ValueError(f"stages: {later.name} must come after {milder.name}; order them by days")
            if later.tone.strength < milder.tone.strength:
                raise ValueError(f"stages: {later.name} is milder than {milder.name} before it")
        for field, currencies in (("minimum_amounts", self.minimum_amounts), ("pay_to", self.pay_to)):
            for currency in currencies:
                try:
                    digits_of(currency)
                except MoneyError as error:
                    raise ValueError(f"{field}: {error}") from error
        return self

    def for_real_clients(self) -> Policy:
        """The policy as it may face real clients: made-up bank details are worse than none."""
        return self.model_copy(update={"pay_to": {}}) if self.pay_to_is_a_sample else self

    def without(self, channel: Channel) -> Policy:
        """The policy of a business that has no provider for a channel; a stage with no other asks a person."""
        stages = tuple(
            stage.model_copy(
                update={"channels": tuple(c for c in stage.channels if c is not channel) or _A_PERSON}
            )
            for stage in self.stages
        )
        thanks = tuple(c for c in self.thanks_channels if c is not channel)
        return self.model_copy(update={"stages": stages, "thanks_channels": thanks})

    @property
    def label(self) -> str:
        """How a reminder names the policy that decided it."""
        return f"{self.name}/{self.version}"

    @cached_property
    def windows(self) -> tuple[Hours | None, ...]:
        """The window of each weekday, Monday first; None is closed."""
        return tuple(self.contact_window.get(day) for day in WEEKDAYS)
