from __future__ import annotations

from pathlib import Path

import pytest

from tactful.adapters.policy_file import PolicyError, load_policy
from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel

STANDARD = Path(__file__).parents[3] / "templates" / "policies" / "standard.yaml"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    return Path(tmp_path / "policy.yaml")


def faults(policy: Path, text: str) -> tuple[str, ...]:
    policy.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(policy)
    return caught.value.faults


def standard_with(old: str, new: str) -> str:
    text = STANDARD.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    return text.replace(old, new, 1)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_standard_policy_climbs_from_a_friendly_note_to_a_final_one() -> None:
    ladder = [
        (stage.name, stage.days, stage.tone, stage.channels[0]) for stage in load_policy(STANDARD).stages
    ]
    assert ladder == [
        ("before_due", -7, Tone.FRIENDLY, Channel.EMAIL),
        ("due", 0, Tone.FRIENDLY, Channel.EMAIL),
        ("overdue_3", 3, Tone.NEUTRAL, Channel.EMAIL),
        ("overdue_10", 10, Tone.FIRM, Channel.SMS),
        ("overdue_21", 21, Tone.FINAL, Channel.EMAIL),
    ]


def test_the_standard_policy_keeps_to_office_hours_and_to_few_messages() -> None:
    policy = load_policy(STANDARD)
    assert policy.minimum_gap_days == 3
    assert (policy.cap.contacts, policy.cap.days) == (2, 7)
    assert policy.first_contact_tone is Tone.NEUTRAL
    assert [str(hours and hours.end) for hours in policy.windows] == ["17:30:00"] * 5 + ["None"] * 2


def test_the_standard_policy_says_how_to_pay_wherever_it_names_a_minimum() -> None:
    policy = load_policy(STANDARD)
    assert set(policy.minimum_amounts) == set(policy.pay_to) == {"USD", "EUR", "GBP"}


def test_the_sample_bank_details_are_well_formed_and_nobodys() -> None:
    details = {currency: " ".join(lines) for currency, lines in load_policy(STANDARD).pay_to.items()}
    assert all("Example Trading" in lines for lines in details.values())
    iban = details["EUR"].split("IBAN ")[1].replace(" ", "")
    assert int("".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])) % 97 == 1
    assert iban[4:12] == "00000000"


def test_a_wrong_value_is_told_with_its_line_its_place_and_what_would_be_right(policy: Path) -> None:
    text = standard_with("tone: neutral", "tone: angry")
    right = "Input should be 'friendly', 'neutral', 'firm' or 'final'"
    assert faults(policy, text) == (f"line {line_of(text, 'tone: angry')}: stages.2.tone: {right}",)


def test_every_fault_is_listed_at_once(policy: Path) -> None:
    text = standard_with("days: -7", "days: soon").replace("minimum_gap_days: 3", "minimal_gap_days: 3")
    told = faults(policy, text)
    assert [fault.split(": ")[-2] for fault in told] == [
        "minimum_gap_days",
        "stages.0.days",
        "minimal_gap_days",
    ]
    assert told[0].endswith("Field required; add it")
    assert told[2].endswith("remove it, or correct its spelling")


def test_a_fault_that_only_follows_from_another_is_not_listed(policy: Path) -> None:
    told = faults(policy, standard_with("channels: [sms, email]", "channels: [fax]"))
    assert len(told) == 1
    assert "stages.3.channels.0: Input should be 'email', 'sms' or 'person'" in told[0]


@pytest.mark.parametrize(
    ("old", "new", "place", "remedy"),
    [
        (
            "monday: 09:00-17:30",
            "monday: 9-17",
            "contact_window.monday.start",
            "write hours such as 09:00-17:30",
        ),
        ("closed_days: []", "closed_days: [christmas]", "closed_days.0", "write a date such as 2026-12-24"),
        ("- Sort code 00-00-00", "- 000000", "pay_to.GBP.1", "put it in quotes"),
        ("name: before_due", "name: Before due", "stages.0.name", "use lower-case letters, digits and _"),
        ("contacts: 2", "contacts: 0", "cap.contacts", "greater than or equal to 1"),
    ],
)
def test_a_usual_mistake_comes_with_its_remedy(
    policy: Path, old: str, new: str, place: str, remedy: str
) -> None:
    text = standard_with(old, new)
    told = faults(policy, text)
    assert told[0].startswith(f"line {line_of(text, new)}: {place}: ")
    assert remedy in told[0]


def test_stages_out_of_order_are_told_in_the_policys_own_words(policy: Path) -> None:
    assert faults(policy, standard_with("days: 21", "days: 9")) == (
        "stages: overdue_21 must come after overdue_10; order them by days",
    )


def test_a_key_that_is_named_twice_is_refused_for_one_of_them_would_be_lost(policy: Path) -> None:
    text = standard_with("  GBP: 500", "  GBP: 500\n  USD: 900")
    assert faults(policy, text) == (f"line {line_of(text, '  USD: 900')}: USD: named twice; keep one",)


@pytest.mark.parametrize("text", ["", "- a list", "just words"])
def test_a_file_that_holds_no_fields_is_refused(policy: Path, text: str) -> None:
    assert "as in the standard policy" in faults(policy, text)[0]


@pytest.mark.parametrize(
    "text",
    ["a: [", "a: *nothing", "closed_days: [2026-02-30]", "? [1]\n: 2", "!!python/object:os.system x", "\x07"],
)
def test_what_is_no_plain_yaml_is_refused_with_its_fault(policy: Path, text: str) -> None:
    (fault,) = faults(policy, text)
    assert fault.startswith("it is not YAML: ")


def test_a_file_that_cannot_be_read_is_refused(policy: Path) -> None:
    with pytest.raises(PolicyError, match="it cannot be read"):
        load_policy(policy)
    policy.write_bytes(b"name: \xff")
    with pytest.raises(PolicyError, match="it cannot be read"):
        load_policy(policy)


def test_the_error_names_the_file_and_has_a_line_for_each_fault(policy: Path) -> None:
    policy.write_text("name: mine\n", encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(policy)
    first, *rest = str(caught.value).splitlines()
    assert first == f"{policy} is not a usable policy:"
    assert rest == [f"- {fault}" for fault in caught.value.faults]
