"""One step of a ladder, and the ladder as the engine climbs it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from pydantic import Field, field_validator, model_validator

from tactful.domain.book.contact_log import ANSWER, PART_PAYMENT, THANK_YOU, Tone
from tactful.domain.book.customer import Channel, Role
from tactful.domain.dunning.strict import Fault, Strict, refuse

WELCOME = "welcome"
"""The stage of the notice that greets a client with the first invoice."""
DISCOUNT = "discount"
"""The stage of the notice that a discount for early payment ends soon."""
BROKEN_PROMISE = "broken_promise"
"""The words of a message that speaks of a promise that was not kept."""
PLAN_MISSED = "plan_missed"
"""The words of a message that asks for instalments that were missed, and for nothing else."""

OUTSIDE_THE_LADDER = frozenset({THANK_YOU, PART_PAYMENT, ANSWER, WELCOME, DISCOUNT})
"""The messages that no ladder decides about."""


class StageKind(StrEnum):
    """What a stage does. Only a message leaves by itself; everything else is a task for a person."""

    MESSAGE = "message"
    CALL = "call"
    LETTER = "letter"
    CREDIT_REVIEW = "credit_review"
    COLLECTIONS = "collections"

    @property
    def contacts_the_client(self) -> bool:
        """Whether the client hears of it. The others are decisions inside the business."""
        return self in _CONTACTS


class Repeat(Strict):
    """Says the last stage again every so many days, so many times, and then stops for good."""

    every_days: int = Field(ge=1, le=90, description="Days from one time to the next")
    times: int = Field(ge=1, le=12, description="How many times more, after the first")


_NAME = r"^[a-z][a-z0-9_]{1,30}$"
_CONTACTS = frozenset({StageKind.MESSAGE, StageKind.CALL, StageKind.LETTER})
ONLY_FOR: Mapping[str, frozenset[StageKind]] = {
    "channels": frozenset({StageKind.MESSAGE}),
    "role": _CONTACTS,
    "approval": frozenset({StageKind.MESSAGE}),
    "wording": frozenset({StageKind.MESSAGE, StageKind.LETTER}),
    "notes": frozenset({StageKind.CALL}),
}
"""Which kinds of stage may have a field at all."""


class Stage(Strict):
    """One step of the ladder: when (days from the due date, negative is before), what, and to whom.

    A message has a tone and channels, tried in order. `role` is whom to write to first: whoever has that role,
    else the others. With `approval` it waits for a person each time. `wording` names the words to use, those of the
    stage's own name if it is empty. `notes` are what a caller should know beside the script.
    """

    name: str = Field(
        pattern=_NAME,
        description="What the stage is called in logs, tasks and reports; also names its words",
    )
    days: int = Field(
        ge=-60, le=365, description="Days from the due date on which it is reached; negative is before"
    )
    kind: StageKind = Field(
        default=StageKind.MESSAGE,
        description="A message leaves by itself; a call, a letter, a credit_review and the hand-off to "
        "collections are tasks for a person",
    )
    tone: Tone = Field(default=Tone.NEUTRAL, description="How a message is worded, from mild to strong")
    channels: tuple[Channel, ...] = Field(
        default=(),
        description="How a message is sent: the first channel on which the client can be reached",
    )
    role: Role = Field(
        default=Role.BILLING, description="Whom to contact first: whoever has this role, else the others"
    )
    approval: bool = Field(default=False, description="Whether a person must approve it each time")
    wording: str = Field(
        default="",
        pattern=r"^([a-z][a-z0-9_]{1,30})?$",
        description="The folder of words to use; left out, the one of the stage's own name",
    )
    notes: str = Field(
        default="", max_length=2000, description="What a caller should know beside the script of a call"
    )
    repeat: Repeat | None = Field(
        default=None, description="Say the last stage again, a limited number of times"
    )

    @field_validator("name")
    @classmethod
    def _free(cls, name: str) -> str:
        if name in OUTSIDE_THE_LADDER:
            raise ValueError(f"{name} is the name of a message outside the ladder; use another")
        return name

    @model_validator(mode="after")
    def _whole(self) -> Self:
        faults: list[Fault] = [
            ((name,), f"a {self.kind} has no {name}; leave it out")
            for name, kinds in ONLY_FOR.items()
            if self.kind not in kinds and getattr(self, name) != type(self).model_fields[name].default
        ]
        if self.kind is StageKind.MESSAGE and not self.channels:
            faults.append((("channels",), "say how a message is sent: email, sms or person"))
        if self.kind is StageKind.MESSAGE and "tone" not in self.model_fields_set:
            faults.append((("tone",), "say how a message is worded: friendly, neutral, firm or final"))
        if len(set(self.channels)) != len(self.channels):
            faults.append((("channels",), "name each channel once"))
        if Channel.PERSON in self.channels[:-1]:
            faults.append(
                (("channels",), "person must be the last, for nothing comes after a person was asked")
            )
        refuse("Stage", faults)
        return self


@dataclass(frozen=True, slots=True)
class Rung:
    """A stage at the day on which it is reached; a repeating stage has one rung for each time."""

    stage: Stage
    days: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of one ladder in order of their days: what the client hears, and the business's own decisions."""

    name: str
    contacts: tuple[Rung, ...]
    decisions: tuple[Rung, ...]
    first_overdue: int
    """How many of the contacts are not overdue stages."""
    _days: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, name: str, stages: Iterable[Stage], grace_days: int) -> Self:
        """The ladder of some stages. No overdue stage is reached before the days of grace are over."""
        rungs: dict[bool, dict[int, Rung]] = {True: {}, False: {}}
        for stage in stages:
            again = stage.repeat
            for number in range(1 + (again.times if again else 0)):
                days = stage.days + (number * again.every_days if again else 0)
                if 0 < days < grace_days:
                    days = grace_days
                rungs[stage.kind.contacts_the_client][days] = Rung(stage, days)
        contacts = tuple(rungs[True][days] for days in sorted(rungs[True]))
        decisions = tuple(rungs[False][days] for days in sorted(rungs[False]))
        climbed = tuple(rung.days for rung in contacts)
        return cls(name, contacts, decisions, bisect_right(climbed, 0), climbed)

    def reached(self, age: int, *, only_overdue: bool = False) -> Rung | None:
        """The last contact reached at an age in days, or None."""
        number = bisect_right(self._days, age)
        return self.contacts[number - 1] if number > self._start(only_overdue=only_overdue) else None

    def last_message(self, days: int) -> Rung | None:
        """The last message up to a day that leaves without anybody's approval, or None."""
        for rung in reversed(self.contacts):
            if rung.days <= days and rung.stage.kind is StageKind.MESSAGE and not rung.stage.approval:
                return rung
        return None

    def next_days(self, age: int, *, only_overdue: bool = False) -> int | None:
        """The day of the first contact that comes after an age, or None after the last."""
        number = max(bisect_right(self._days, age), self._start(only_overdue=only_overdue))
        return self._days[number] if number < len(self._days) else None

    def _start(self, *, only_overdue: bool) -> int:
        """The first rung that counts; a ladder without overdue stages is climbed as a whole."""
        return self.first_overdue if only_overdue and self.first_overdue < len(self._days) else 0

    @property
    def last_days(self) -> int | None:
        """The day of the last contact; None in a ladder of decisions alone."""
        return self._days[-1] if self._days else None
