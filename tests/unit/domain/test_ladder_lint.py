from __future__ import annotations

import pytest

from tactful.domain.book.customer import Channel
from tactful.domain.dunning.ladder_lint import said_on
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import Ladder
from tests.support.builders import a_stage
from tests.unit.domain.linting import (
    AGENCY,
    CALL,
    DUE,
    FINAL,
    FIRM,
    FIRST,
    FRIENDLY,
    LAST,
    NEUTRAL,
    REVIEW,
    SECOND,
    SOUND,
    found,
    only,
    sound,
)


def ladder_of(policy: Policy) -> Ladder:
    return Ladder.of("standard", policy.stages, policy.grace_days)


@pytest.mark.parametrize(
    ("stages", "place", "message"),
    [
        (
            [a_stage("overdue_7", -7, FRIENDLY), *SOUND],
            "stages.0.days",
            "overdue_7 sounds overdue, but comes 7 days before the due date",
        ),
        (
            [a_stage("overdue", 0, FRIENDLY), *SOUND[1:]],
            "stages.0.days",
            "overdue sounds overdue, but comes on the due date",
        ),
        (
            [a_stage("hello", -7, FRIENDLY) | {"wording": "late_note"}, *SOUND],
            "stages.0.days",
            "hello sounds overdue, but comes 7 days before the due date",
        ),
        (
            [DUE, a_stage("before_due", 7, NEUTRAL), *SOUND[2:]],
            "stages.1.days",
            "before_due sounds early, but comes 7 days after the due date",
        ),
        (
            [a_stage("hello", -7, FRIENDLY), DUE],
            "stages",
            "the client hears nothing after the due date: no contact has days above 0",
        ),
        (
            [*SOUND[:4], LAST | {"approval": False}, *SOUND[5:]],
            "stages.4",
            "demand is final and leaves without a person's approval",
        ),
        (
            [DUE, FIRST, CALL, LAST, REVIEW, AGENCY],
            "stages.3",
            "demand is final, but no firm message comes before it: the tone rises one step at a time",
        ),
        (
            [DUE, FIRST, SECOND, AGENCY],
            "stages.3",
            "agency hands the debt over, but no final message comes before it",
        ),
        (
            [DUE, FIRST | {"repeat": {"every_days": 10, "times": 11}}],
            "stages",
            "chases 13 times, until day 117: who has not answered by then will not",
        ),
        (
            [DUE, FIRST | {"repeat": {"every_days": 58, "times": 3}}],
            "stages",
            "chases 5 times, until day 181: who has not answered by then will not",
        ),
        (
            [DUE, FIRST | {"repeat": {"every_days": 2, "times": 1}}],
            "stages.1.repeat",
            "first comes 2 days after first, but contacts are at least 3 days apart: it will be late",
        ),
    ],
)
def test_a_ladder_that_cannot_be_meant_is_warned_of(
    stages: list[dict[str, object]], place: str, message: str
) -> None:
    assert ("warning", place, message) in found(sound(stages=stages))


@pytest.mark.parametrize("stages", [[DUE, FIRST | {"repeat": {"every_days": 11, "times": 10}}], [DUE, FIRST]])
def test_a_ladder_that_ends_in_time_is_fine(stages: list[dict[str, object]]) -> None:
    assert found(sound(stages=stages)) == []


def test_a_final_step_by_a_person_needs_no_approval() -> None:
    by_hand = a_stage("demand", 28, FINAL, Channel.PERSON)
    assert found(sound(stages=[*SOUND[:4], by_hand, REVIEW, AGENCY])) == []


@pytest.mark.parametrize(
    ("stages", "place", "message"),
    [
        ([DUE, FIRST, SECOND, LAST, REVIEW], "stages.3", "nobody calls before demand, which is final"),
        (
            [*SOUND[:5], AGENCY | {"days": 28}],
            "stages.5.days",
            "agency waits for demand on day 28: a debt is handed over after the last contact",
        ),
    ],
)
def test_a_ladder_that_could_be_kinder_is_noted(
    stages: list[dict[str, object]], place: str, message: str
) -> None:
    assert only(sound(stages=stages)) == ("note", place, message)


def test_another_ladder_is_looked_at_as_well() -> None:
    policy = sound(
        ladders={"short": [a_stage("late", -1, FRIENDLY), FIRST]}, ladder_by_kind={"deposit": "short"}
    )
    assert only(policy)[1] == "ladders.short.0.days"


def test_of_two_stages_within_the_grace_the_first_is_never_reached() -> None:
    stages = [DUE, a_stage("nudge", 2, FRIENDLY), a_stage("nag", 5, NEUTRAL), SECOND]
    assert only(sound(stages=stages, grace_days=6)) == (
        "warning",
        "stages.1.days",
        "nudge is never reached: at the end of the grace of 6 days, a later stage takes its place",
    )


def test_a_stage_that_the_gap_never_lets_out_is_found_by_climbing_the_ladder() -> None:
    stages = [DUE, a_stage("one", 1, NEUTRAL), a_stage("two", 2, NEUTRAL), SECOND]
    told = found(sound(stages=stages))
    assert (
        "warning",
        "stages.1",
        "one on day 1 is never said: the gap or a cap holds it back until the next stage takes its place",
    ) in told
    assert (
        "warning",
        "stages.2.days",
        "two comes 1 day after one, but contacts are at least 3 days apart: it will be late",
    ) in told


def test_a_stage_that_a_cap_holds_back_for_ever_is_found() -> None:
    told = found(sound(stages=[DUE, a_stage("one", 7, NEUTRAL), SECOND], cap={"contacts": 1, "days": 14}))
    assert ("warning", "stages.1") in [(level, place) for level, place, _ in told]


def test_a_stage_that_is_skipped_on_some_weekdays_is_noted() -> None:
    stages = [DUE, a_stage("one", 5, NEUTRAL), a_stage("two", 8, FIRM)]
    window = dict.fromkeys(["monday", "tuesday", "wednesday"], "09:00-17:30")
    told = found(sound(stages=stages, contact_window=window, minimum_gap_days=3))
    assert [finding[:2] for finding in told] == [("note", "stages.1")]
    assert (
        "one on day 5 is skipped for invoices due on 4 of 7 weekdays: on closed days it waits" in told[0][2]
    )


def test_the_climb_keeps_the_gap_the_caps_and_the_closed_days() -> None:
    stages = [DUE, a_stage("one", 4, NEUTRAL), a_stage("two", 6, NEUTRAL), a_stage("three", 12, FIRM)]
    policy = sound(stages=stages, minimum_gap_days=2)
    assert said_on(ladder_of(policy), policy) == {0: 0, 4: 4, 6: 7, 12: 12}
    assert said_on(ladder_of(policy), policy, 0) == {0: 0, 4: 4, 6: 7, 12: 14}
    assert said_on(ladder_of(policy), policy, 2) == {0: 0, 4: 5, 6: 7, 12: 12}
    capped = sound(
        stages=stages, minimum_gap_days=2, channel_caps=[{"channel": "email", "contacts": 1, "days": 5}]
    )
    assert said_on(ladder_of(capped), capped, 0) == {0: 0, 6: 7, 12: 14}
