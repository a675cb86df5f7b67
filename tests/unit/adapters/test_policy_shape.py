"""What a policy file is built like: fields, lists, and nothing that goes on without end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tactful.adapters.policy_file import PolicyError, load_policy

STANDARD = Path(__file__).parents[3] / "templates" / "policies" / "standard.yaml"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    return tmp_path / "policy.yaml"


def faults(policy: Path, text: str) -> tuple[str, ...]:
    policy.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(policy)
    return caught.value.faults


def standard_with(old: str, new: str) -> str:
    text = STANDARD.read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


BEGIN = "begin with name, version and stages, as in templates/policies/standard.yaml"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ("# later\n", "it is empty"),
        ("- a list", "it is a list, which has no fields"),
        ("just words", "it is a single value, which has no fields"),
    ],
)
def test_a_file_that_holds_no_fields_is_refused_with_how_to_begin(policy: Path, text: str, said: str) -> None:
    assert faults(policy, text) == (f"{said}: {BEGIN}",)


def test_an_empty_pack_is_refused_with_how_to_begin(policy: Path) -> None:
    policy.write_text(STANDARD.read_text(encoding="utf-8"), encoding="utf-8")
    (policy.parent / "packs").mkdir()
    (policy.parent / "packs" / "us.yaml").write_text("", encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(policy)
    assert caught.value.faults == (
        "packs/us.yaml: it is empty: begin with name, title and rules, as in templates/policies/packs/us.yaml",
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "ladders:\n",
            "ladders: {x: 3}\nladder_by_kind: {}\nsegments:\n",
            "ladders.x: should be a list of stages",
        ),
        ("ladders:\n", "ladders:\n  x: []\n", "ladders.x: is empty; name at least one"),
        (
            "channels: [sms, email]",
            "channels: sms",
            "should be a list, not 'sms'; write a list such as [email, sms]",
        ),
        ("thanks_channels: [email, sms]", "thanks_channels: email", "write a list such as [email, sms]"),
        (
            "cap: {contacts: 2, days: 7}",
            "cap: 2",
            "cap: should be fields with their values, not 2; write it as",
        ),
        (
            "further_caps: []",
            "further_caps: 3",
            "write a list such as [{contacts: 4, days: 30}]",
        ),
        (
            "channel_caps: []",
            "channel_caps: {sms: 1}",
            "write a list such as [{channel: sms, contacts: 1, days: 7}]",
        ),
        (
            "pay_to:\n",
            "pay_to:\n  CHF: IBAN CH00\n",
            "pay_to.CHF: should be fields with their values, not 'IBAN CH00'; write it as",
        ),
    ],
)
def test_what_should_be_a_list_or_fields_is_told_with_an_example_of_that_place(
    policy: Path, old: str, new: str, told: str
) -> None:
    assert told in "\n".join(faults(policy, standard_with(old, new)))


def test_aliases_that_multiply_without_end_are_refused_at_once(policy: Path) -> None:
    laughs = ["a0: &a0 [ha, ha]", *[f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]]
    (fault,) = faults(policy, "\n".join(laughs))
    assert fault.startswith("line 2: what it repeats with aliases (*) comes to more than ")
    assert fault.endswith(" values: write out what is meant")


def test_an_alias_may_repeat_what_is_said_elsewhere(policy: Path) -> None:
    text = standard_with("monday: 09:00-17:30", "monday: &hours 09:00-17:30")
    policy.write_text(text.replace("tuesday: 09:00-17:30", "tuesday: *hours"), encoding="utf-8")
    assert load_policy(policy).windows[1] == load_policy(STANDARD).windows[1]


@pytest.mark.parametrize("levels", [60, 500, 20_000, 300_000])
@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ("{a: ", "}"), ("- ", "")])
def test_what_is_nested_too_deep_is_told_as_that(policy: Path, levels: int, opened: str, closed: str) -> None:
    (fault,) = faults(policy, "name: x\nstages:\n  " + opened * levels + "1" + closed * levels)
    assert fault.endswith("nested more than 40 levels deep: write it flatter, as in the standard policy")


def test_a_value_that_holds_itself_is_told_as_that(policy: Path) -> None:
    (fault,) = faults(policy, "name: x\nstages: &a\n  - *a")
    assert fault == "line 2: it contains itself: write out what is meant instead of the alias"
