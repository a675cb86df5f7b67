from __future__ import annotations

import pytest
from pydantic import ValidationError

from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Role
from tactful.domain.dunning.stage import Ladder, Stage, StageKind

A_MESSAGE = {"name": "due", "days": 0, "tone": "friendly", "channels": ["email"]}
A_CALL = {"name": "call", "days": 15, "kind": "call"}
A_REVIEW = {"name": "review", "days": 30, "kind": "credit_review"}


def faults(values: dict[str, object]) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as refusal:
        Stage.model_validate(values)
    return [(".".join(map(str, fault["loc"])), fault["msg"]) for fault in refusal.value.errors()]


def a_ladder(*days: int, grace_days: int = 0, **last: object) -> Ladder:
    stages = [
        {"name": f"stage_{index}", "days": day, "tone": "friendly", "channels": ["email"]}
        for index, day in enumerate(days)
    ]
    stages[-1].update(last)
    return Ladder.of("standard", [Stage.model_validate(stage) for stage in stages], grace_days)


def days_of(ladder: Ladder) -> list[int]:
    return [rung.days for rung in ladder.contacts]


def test_a_stage_is_a_message_to_whoever_pays_bills_unless_it_says_otherwise() -> None:
    stage = Stage.model_validate(A_MESSAGE)
    assert (stage.kind, stage.role, stage.approval, stage.wording) == (
        StageKind.MESSAGE,
        Role.BILLING,
        False,
        "",
    )


@pytest.mark.parametrize(
    ("kind", "contacts"),
    [("message", True), ("call", True), ("letter", True), ("credit_review", False), ("collections", False)],
)
def test_the_client_hears_of_messages_calls_and_letters_only(kind: str, *, contacts: bool) -> None:
    assert StageKind(kind).contacts_the_client is contacts


@pytest.mark.parametrize(
    ("values", "place", "says"),
    [
        (
            {"name": "due", "days": 0, "tone": "firm"},
            "channels",
            "say how a message is sent: email, sms or person",
        ),
        ({"name": "due", "days": 0, "channels": ["email"]}, "tone", "say how a message is worded: friendly,"),
        (A_MESSAGE | {"channels": ["email", "email"]}, "channels", "name each channel once"),
        (
            A_MESSAGE | {"channels": ["person", "sms"]},
            "channels",
            "person must be the last, for nothing comes",
        ),
        (A_MESSAGE | {"channels": ["fax"]}, "channels.0", "'email', 'sms' or 'person'"),
        (A_MESSAGE | {"notes": "Say hello"}, "notes", "a message has no notes; leave it out"),
        (A_CALL | {"channels": ["sms"]}, "channels", "a call has no channels; leave it out"),
        (A_CALL | {"approval": True}, "approval", "a call has no approval; leave it out"),
        (A_CALL | {"wording": "due"}, "wording", "a call has no wording; leave it out"),
        (A_CALL | {"kind": "letter", "notes": "Hello"}, "notes", "a letter has no notes; leave it out"),
        (A_REVIEW | {"role": "owner"}, "role", "a credit_review has no role; leave it out"),
        (A_REVIEW | {"kind": "collections", "notes": "Hi"}, "notes", "a collections has no notes"),
        (
            A_MESSAGE | {"name": "thank_you"},
            "name",
            "thank_you is the name of a message outside the ladder; use",
        ),
        (A_MESSAGE | {"name": "welcome"}, "name", "welcome is the name of a message outside the ladder"),
        (A_MESSAGE | {"name": "discount"}, "name", "discount is the name of a message outside the ladder"),
        (A_MESSAGE | {"wording": "Due!"}, "wording", "match pattern"),
        (
            A_MESSAGE | {"kind": "visit"},
            "kind",
            "'message', 'call', 'letter', 'credit_review' or 'collections'",
        ),
        (A_MESSAGE | {"days": -61}, "days", "greater than or equal to -60"),
        (A_MESSAGE | {"role": "boss"}, "role", "'billing', 'escalation' or 'owner'"),
        (
            A_MESSAGE | {"repeat": {"every_days": 0, "times": 1}},
            "repeat.every_days",
            "greater than or equal to 1",
        ),
        (A_MESSAGE | {"repeat": {"every_days": 7, "times": 13}}, "repeat.times", "less than or equal to 12"),
        (A_MESSAGE | {"tune": "firm"}, "tune", "Extra inputs are not permitted"),
    ],
)
def test_a_faulty_stage_is_refused_with_the_place_and_the_remedy(
    values: dict[str, object], place: str, says: str
) -> None:
    found = faults(values)
    assert [where for where, what in found if says in what] == [place], found


def test_all_that_a_stage_lacks_is_named_at_once() -> None:
    assert [place for place, _ in faults({"name": "due", "days": 0})] == ["channels", "tone"]


def test_a_letter_may_have_words_and_a_role() -> None:
    letter = Stage.model_validate(
        {"name": "by_post", "days": 20, "kind": "letter", "wording": "due", "role": "owner"}
    )
    assert (letter.wording, letter.role, letter.tone) == ("due", Role.OWNER, Tone.NEUTRAL)


def test_a_ladder_reaches_its_stages_on_their_days() -> None:
    ladder = a_ladder(-7, 0, 10)
    assert [
        (age, rung.stage.name if (rung := ladder.reached(age)) else None)
        for age in (-8, -7, -1, 0, 9, 10, 400)
    ] == [
        (-8, None),
        (-7, "stage_0"),
        (-1, "stage_0"),
        (0, "stage_1"),
        (9, "stage_1"),
        (10, "stage_2"),
        (400, "stage_2"),
    ]
    assert [ladder.next_days(age) for age in (-8, -7, 0, 9, 10)] == [-7, 0, 10, 10, None]
    assert ladder.last_days == 10


def test_only_overdue_stages_count_after_a_broken_promise() -> None:
    ladder = a_ladder(-7, 0, 3, 10)
    assert ladder.first_overdue == 2
    assert ladder.reached(2, only_overdue=True) is None
    reached = ladder.reached(3, only_overdue=True)
    assert reached is not None
    assert reached.stage.name == "stage_2"
    assert ladder.next_days(-7, only_overdue=True) == 3
    assert ladder.next_days(3, only_overdue=True) == 10


def test_a_ladder_without_overdue_stages_is_climbed_as_a_whole() -> None:
    ladder = a_ladder(-7, 0)
    reached = ladder.reached(0, only_overdue=True)
    assert reached is not None
    assert reached.stage.name == "stage_1"
    assert ladder.next_days(-8, only_overdue=True) == -7


def test_no_overdue_stage_comes_before_the_grace_is_over() -> None:
    assert days_of(a_ladder(-3, 0, 2, 10, grace_days=5)) == [-3, 0, 5, 10]
    assert days_of(a_ladder(5, 10, grace_days=5)) == [5, 10]


def test_of_two_stages_within_the_grace_the_later_one_is_said() -> None:
    ladder = a_ladder(1, 3, 10, grace_days=5)
    assert [(rung.stage.name, rung.days) for rung in ladder.contacts] == [("stage_1", 5), ("stage_2", 10)]


def test_the_last_stage_is_said_again_as_often_as_it_says() -> None:
    assert days_of(a_ladder(3, 10, repeat={"every_days": 14, "times": 2})) == [3, 10, 24, 38]


def test_the_businesss_own_decisions_are_no_contacts() -> None:
    ladder = Ladder.of(
        "standard", [Stage.model_validate(values) for values in (A_MESSAGE, A_CALL, A_REVIEW)], 0
    )
    assert [rung.stage.name for rung in ladder.contacts] == ["due", "call"]
    assert [(rung.stage.name, rung.days) for rung in ladder.decisions] == [("review", 30)]


def test_a_ladder_of_decisions_alone_says_nothing_to_the_client() -> None:
    ladder = Ladder.of("inside", [Stage.model_validate(A_REVIEW)], 0)
    assert ladder.last_days is None
    assert ladder.reached(100) is None
    assert ladder.next_days(0) is None
