"""What may be wrong with a ladder although each of its stages is valid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel
from tactful.domain.dunning.finding import Finding, note, warning
from tactful.domain.dunning.policy import STANDARD_LADDER, Policy
from tactful.domain.dunning.stage import Ladder, Rung, Stage, StageKind

Place = tuple[int | str, ...]

# Words in the name of a stage that say on which side of the due date it belongs.
_AFTER = frozenset({"overdue", "late", "past", "final", "last", "demand", "unpaid"})
_BEFORE = frozenset({"before", "upcoming", "early", "ahead", "soon"})
# Whoever has not answered so many contacts in so many days will not answer the next one either.
_MOST_CONTACTS = 12
_LONGEST_DAYS = 180
# An invoice may fall due on any weekday, and windows are closed on some.
_WEEKDAYS = range(7)


def ladder_findings(policy: Policy) -> Iterator[Finding]:
    """What may be wrong with the ladders of a policy."""
    for name, stages in {STANDARD_LADDER: policy.stages, **policy.ladders}.items():
        place: Place = ("stages",) if name == STANDARD_LADDER else ("ladders", name)
        ladder = Ladder.of(name, stages, policy.grace_days)
        yield from _direction(place, stages)
        yield from _side_of_the_due_date(place, stages)
        yield from _crowded(place, stages, ladder, policy)
        yield from _unreachable(place, stages, ladder, policy)
        yield from _final(place, stages)
        yield from _endless(place, ladder)
        yield from _collections(place, stages, ladder)


def _direction(place: Place, stages: Sequence[Stage]) -> Iterator[Finding]:
    for index, stage in enumerate(stages):
        words = {*stage.name.split("_"), *stage.wording.split("_")}
        here = (*place, index, "days")
        if stage.days <= 0 and words & _AFTER:
            when = "on the due date" if stage.days == 0 else f"{-stage.days} days before the due date"
            yield warning(
                here, f"{stage.name} sounds overdue, but comes {when}", "remove the minus sign, or rename it"
            )
        if stage.days > 0 and words & _BEFORE:
            said = f"{stage.name} sounds early, but comes {stage.days} days after the due date"
            yield warning(here, said, "days before the due date are negative; or rename it")


def _side_of_the_due_date(place: Place, stages: Sequence[Stage]) -> Iterator[Finding]:
    contacts = [stage for stage in stages if stage.kind.contacts_the_client]
    if contacts and all(stage.days <= 0 for stage in contacts):
        said = "the client hears nothing after the due date: no contact has days above 0"
        yield warning(place, said, "add an overdue stage, or check the signs of days")


def _crowded(place: Place, stages: Sequence[Stage], ladder: Ladder, policy: Policy) -> Iterator[Finding]:
    by_stage = {stage.name: index for index, stage in enumerate(stages)}
    days = {rung.stage.name: rung.days for rung in reversed(ladder.contacts)}
    for stage in stages:
        if stage.kind.contacts_the_client and stage.name not in days:
            yield warning(
                (*place, by_stage[stage.name], "days"),
                f"{stage.name} is never reached: at the end of the grace of {policy.grace_days} days, "
                "a later stage takes its place",
                "move it after the grace, or shorten grace_days",
            )
    for earlier, later in pairwise(ladder.contacts):
        apart = later.days - earlier.days
        if apart < policy.minimum_gap_days:
            yield warning(
                (*place, by_stage[later.stage.name], "repeat" if later.stage is earlier.stage else "days"),
                f"{later.stage.name} comes {_days(apart)} after {earlier.stage.name}, but contacts are at least "
                f"{_days(policy.minimum_gap_days)} apart: it will be late",
                "move it, or shorten minimum_gap_days",
            )


def _unreachable(place: Place, stages: Sequence[Stage], ladder: Ladder, policy: Policy) -> Iterator[Finding]:
    by_stage = {stage.name: index for index, stage in enumerate(stages)}
    always = said_on(ladder, policy)
    by_weekday = [said_on(ladder, policy, weekday) for weekday in _WEEKDAYS]
    for rung in ladder.contacts:
        missed = sum(rung.days not in said for said in by_weekday)
        here = (*place, by_stage[rung.stage.name])
        what = f"{rung.stage.name} on day {rung.days}"
        if rung.days not in always:
            yield warning(
                here,
                f"{what} is never said: the gap or a cap holds it back until the next stage takes its place",
                "leave more days before the next stage, or loosen the cap",
            )
        elif missed:
            yield note(
                here,
                f"{what} is skipped for invoices due on {missed} of 7 weekdays: on closed days it waits until the "
                "next stage takes its place",
                "leave more days before the next stage",
            )


def said_on(ladder: Ladder, policy: Policy, due_weekday: int | None = None) -> Mapping[int, int]:
    """On which day each rung (by its day) is said about a single invoice due on a weekday (0 is Monday).

    Without a weekday, no day is closed.
    Everything arrives and every approval is given at once: only gap, caps and closed weekdays hold a stage back.
    """
    said: dict[int, int] = {}
    made: list[tuple[int, Channel | None]] = []
    if not ladder.contacts:
        return said
    last = ladder.contacts[-1].days
    for day in range(ladder.contacts[0].days, last + max(cap.days for cap in policy.caps) + 8):
        rung = ladder.reached(day)
        closed = due_weekday is not None and policy.windows[(due_weekday + day) % 7] is None
        if rung is None or rung.days in said or closed:
            continue
        channel = rung.stage.channels[0] if rung.stage.channels else None
        if _may_contact(policy, made, day, channel):
            said[rung.days] = day
            made.append((day, channel))
    return said


def _may_contact(
    policy: Policy, made: Sequence[tuple[int, Channel | None]], day: int, channel: Channel | None
) -> bool:
    days = [when for when, _ in made]
    own = [when for when, how in made if how is channel]
    return (
        (not days or day - days[-1] >= policy.minimum_gap_days)
        and all(_allows(cap.contacts, cap.days, days, day) for cap in policy.caps)
        and all(_allows(c.contacts, c.days, own, day) for c in policy.channel_caps if c.channel is channel)
    )


def _allows(contacts: int, days: int, made: Sequence[int], day: int) -> bool:
    return len(made) < contacts or day - made[-contacts] >= days


def _final(place: Place, stages: Sequence[Stage]) -> Iterator[Finding]:
    messages = [(index, stage) for index, stage in enumerate(stages) if stage.kind is StageKind.MESSAGE]
    finals = [(index, stage) for index, stage in messages if stage.tone is Tone.FINAL]
    if not finals:
        return
    for index, stage in finals:
        if not stage.approval and stage.channels != (Channel.PERSON,):
            yield warning(
                (*place, index),
                f"{stage.name} is final and leaves without a person's approval",
                "add approval: true",
            )
    index, first = finals[0]
    if not any(stage.tone is Tone.FIRM for _, stage in messages):
        said = (
            f"{first.name} is final, but no firm message comes before it: the tone rises one step at a time"
        )
        yield warning((*place, index), said, "add a stage with tone: firm before it")
    if not any(stage.kind is StageKind.CALL for stage in stages[:index]):
        said = f"nobody calls before {first.name}, which is final"
        yield note(
            (*place, index), said, "add a stage with kind: call before it: a talk settles more than a letter"
        )


def _endless(place: Place, ladder: Ladder) -> Iterator[Finding]:
    if not ladder.contacts:
        return
    last = ladder.contacts[-1].days
    if len(ladder.contacts) > _MOST_CONTACTS or last > _LONGEST_DAYS:
        yield warning(
            place,
            f"chases {len(ladder.contacts)} times, until day {last}: who has not answered by then will not",
            "repeat fewer times, and hand over to a person instead (kind: credit_review or collections)",
        )


def _collections(place: Place, stages: Sequence[Stage], ladder: Ladder) -> Iterator[Finding]:
    for index, stage in enumerate(stages):
        if stage.kind is not StageKind.COLLECTIONS:
            continue
        if not any(other.tone is Tone.FINAL and other.kind is StageKind.MESSAGE for other in stages[:index]):
            yield warning(
                (*place, index),
                f"{stage.name} hands the debt over, but no final message comes before it",
                "add a message with tone: final before it, so that the client can still act",
            )
        last: Rung | None = ladder.contacts[-1] if ladder.contacts else None
        if last is not None and stage.days <= last.days:
            yield note(
                (*place, index, "days"),
                f"{stage.name} waits for {last.stage.name} on day {last.days}: a debt is handed over after the "
                "last contact",
                f"give it more than {last.days} days",
            )


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"
