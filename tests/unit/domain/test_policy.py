from __future__ import annotations

from datetime import time

import pytest
from pydantic import ValidationError

from tactful.domain.book.contact_log import Tone
from tactful.domain.dunning.limits import Hours
from tactful.domain.dunning.policy import Policy
from tests.support.builders import a_policy, a_stage, policy_values

FRIENDLY, FIRM = Tone.FRIENDLY, Tone.FIRM


def faults(**changes: object) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as refusal:
        a_policy(**changes)
    return [(".".join(map(str, fault["loc"])), fault["msg"]) for fault in refusal.value.errors()]


def test_a_window_is_read_from_its_plain_form() -> None:
    assert a_policy().windows == (*[Hours(start=time(9), end=time(17, 30))] * 5, None, None)


def test_a_policy_names_itself_with_its_version() -> None:
    assert a_policy(version=7).label == "standard/7"


@pytest.mark.parametrize(
    ("changes", "place", "says"),
    [
        ({"contact_window": {"moonday": "09:00-17:30"}}, "", "moonday is no weekday; use monday, tuesday"),
        ({"contact_window": {}}, "", "name at least one weekday"),
        ({"contact_window": {"monday": "09:00"}}, "contact_window.monday", "is not a window such as"),
        ({"contact_window": {"monday": "17:30-09:00"}}, "contact_window.monday", "must start before it ends"),
        ({"contact_window": {"monday": "09:00-09:00"}}, "contact_window.monday", "must start before it ends"),
        ({"contact_window": {"monday": "9-17:30"}}, "contact_window.monday.start", "valid time format"),
        ({"contact_window": {"monday": "09:00Z-17:30"}}, "contact_window.monday", "leave out the zone"),
        ({"stages": []}, "stages", "at least 1 item"),
        ({"stages": [a_stage("a_stage", 400, FIRM)]}, "stages.0.days", "less than or equal to 365"),
        ({"stages": [a_stage("A stage", 1, FIRM)]}, "stages.0.name", "match pattern"),
        ({"stages": [a_stage("one", 1, FIRM), a_stage("one", 2, FIRM)]}, "", "a name of its own"),
        ({"stages": [a_stage("two", 2, FIRM), a_stage("one", 1, FIRM)]}, "", "one must come after two"),
        ({"stages": [a_stage("one", 1, FIRM), a_stage("two", 1, FIRM)]}, "", "two must come after one"),
        ({"stages": [a_stage("one", 1, FIRM), a_stage("two", 2, FRIENDLY)]}, "", "two is milder than one"),
        (
            {"stages": [a_stage("thank_you", 1, FIRM)]},
            "stages.0.name",
            "thank_you is the name of the message after",
        ),
        ({"minimum_amounts": {"ZZZ": 500}}, "", "minimum_amounts: 'ZZZ' is not an ISO 4217"),
        ({"pay_to": {"gbp": ["Bank"]}}, "", "pay_to: 'gbp' is not an ISO 4217"),
        ({"cap": {"contacts": 0, "days": 7}}, "cap.contacts", "greater than or equal to 1"),
        ({"minimum_gap_days": 0}, "minimum_gap_days", "greater than or equal to 1"),
        ({"first_contact_tone": "rude"}, "first_contact_tone", "'friendly', 'neutral', 'firm' or 'final'"),
        ({"grace": 3}, "grace", "Extra inputs are not permitted"),
    ],
)
def test_a_faulty_policy_is_refused_with_the_place_and_the_fault(
    changes: dict[str, object], place: str, says: str
) -> None:
    found = faults(**changes)
    assert [where for where, what in found if says in what] == [place], found


def test_every_fault_is_named_at_once() -> None:
    found = faults(minimum_gap_days=0, first_contact_tone="rude", thanks_expire_after_days=0)
    assert {place for place, _ in found} == {
        "minimum_gap_days",
        "first_contact_tone",
        "thanks_expire_after_days",
    }


def test_a_stage_without_channels_is_refused() -> None:
    stage = a_stage("one", 1, FIRM) | {"channels": ()}
    assert faults(stages=[stage])[0] == (
        "stages.0.channels",
        "Tuple should have at least 1 item after validation, not 0",
    )


def test_a_policy_cannot_be_changed_once_read() -> None:
    policy = Policy.model_validate(policy_values())
    with pytest.raises(ValidationError, match="frozen"):
        setattr(policy, "minimum_gap_days", 1)  # noqa: B010


def test_made_up_bank_details_never_face_real_clients() -> None:
    sample = a_policy(pay_to_is_a_sample=True)
    assert sample.for_real_clients().pay_to == {}
    assert a_policy().for_real_clients().pay_to == a_policy().pay_to
