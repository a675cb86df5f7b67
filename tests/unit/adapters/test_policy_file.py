from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tactful.adapters.policy_file import PolicyError, load_policy
from tactful.adapters.words_on_disk import words_beside
from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel, Customer, Role
from tactful.domain.dunning.limits import WEEKDAYS, common_window
from tactful.domain.dunning.lint import lint
from tactful.domain.dunning.packs import LIMITS, Basis
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.relationship import ToneRules
from tactful.domain.dunning.stage import Stage, StageKind

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
    messages = [stage for stage in load_policy(STANDARD).stages if stage.kind is StageKind.MESSAGE]
    assert [(stage.name, stage.days, stage.tone, stage.channels[0]) for stage in messages] == [
        ("before_due", -7, Tone.FRIENDLY, Channel.EMAIL),
        ("due", 0, Tone.FRIENDLY, Channel.EMAIL),
        ("overdue_3", 3, Tone.NEUTRAL, Channel.EMAIL),
        ("overdue_10", 10, Tone.FIRM, Channel.SMS),
        ("overdue_21", 21, Tone.FINAL, Channel.EMAIL),
    ]


def test_the_standard_policy_asks_people_for_what_only_people_can_decide() -> None:
    stages = load_policy(STANDARD).stages
    by_hand = [(s.name, s.days, str(s.kind)) for s in stages if s.kind is not StageKind.MESSAGE]
    assert by_hand == [
        ("call_15", 15, "call"),
        ("credit_review", 30, "credit_review"),
        ("collections", 60, "collections"),
    ]
    assert [(s.name, s.role) for s in stages if s.approval] == [("overdue_21", Role.ESCALATION)]


def test_a_deposit_is_never_asked_for_in_a_final_tone() -> None:
    policy = load_policy(STANDARD)
    assert set(policy.ladder_by_kind.values()) == {"deposit"}
    assert [stage.tone for stage in policy.ladders["deposit"] if stage.channels] == [
        Tone.FRIENDLY,
        Tone.NEUTRAL,
        Tone.FIRM,
    ]
    assert {stage.wording for stage in policy.ladders["deposit"] if stage.channels} <= {
        stage.name for stage in policy.stages
    }


def test_there_is_nothing_to_say_about_the_standard_policy_but_that_its_bank_details_are_made_up() -> None:
    findings = lint(load_policy(STANDARD), None, words_beside(STANDARD))
    assert [finding.place for finding in findings] == [("pay_to_is_a_sample",)]


def test_the_standard_policy_gives_what_people_write_the_value_it_would_have_anyway() -> None:
    values = load_policy(STANDARD)
    written = set(yaml.safe_load(STANDARD.read_text(encoding="utf-8")))
    assert set(Policy.model_fields) - written == {"chase", "welcome", "packs", "charge_rules"}
    assert values.tone_rules == ToneRules()


def test_the_standard_policy_keeps_to_office_hours_and_to_few_messages() -> None:
    policy = load_policy(STANDARD)
    assert policy.minimum_gap_days == 3
    assert (policy.cap.contacts, policy.cap.days) == (2, 7)
    assert policy.first_contact_tone is Tone.NEUTRAL
    assert policy.grace_days == 3
    assert [str(hours and hours.end) for hours in policy.windows] == ["17:30:00"] * 5 + ["None"] * 2


def test_the_standard_policy_says_how_to_pay_wherever_it_names_a_minimum() -> None:
    policy = load_policy(STANDARD)
    assert set(policy.minimum_amounts) == set(policy.pay_to) == {"USD", "EUR", "GBP"}


def test_the_sample_bank_details_are_well_formed_and_nobodys() -> None:
    details = load_policy(STANDARD).pay_to
    assert all(one.holder.startswith("Example Trading") for one in details.values())
    iban = details["EUR"].iban.replace(" ", "")
    assert int("".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])) % 97 == 1
    assert iban[4:12] == "00000000"


def test_a_wrong_value_is_told_with_its_line_its_place_and_what_would_be_right(policy: Path) -> None:
    text = standard_with("tone: neutral", "tone: angry")
    right = "should be 'friendly', 'neutral', 'firm' or 'final', not 'angry'"
    assert faults(policy, text) == (f"line {line_of(text, 'tone: angry')}: stages.overdue_3.tone: {right}",)


def test_every_fault_is_listed_at_once_in_the_order_of_the_file(policy: Path) -> None:
    text = (
        standard_with("days: -7", "days: soon")
        .replace("minimum_gap_days: 3", "minimal_gap_days: 3")
        .replace("closed_days: []", "closed_days:")
        .replace("ladder: standard", "ladder: strict")
        .replace("days: 9\n", "days: 3\n")
        .replace("segments: {}", "segments: {vip: {ladder: slow, grace: 3, cap: {contacts: 0, days: 7}}}")
        .replace("  GBP: 500\n", "  GBP: 500\n  USD: 900\n", 1)
    )
    told = [fault.split(": ", 2) for fault in faults(policy, text)]
    assert [(place, said) for _, place, said in told] == [
        (
            "stages.before_due.days",
            "should be a valid integer, unable to parse string as an integer, not 'soon'",
        ),
        ("ladders.deposit.deposit_9.days", "deposit_9 must come after deposit_4; order them by days"),
        ("ladder", "there is no ladder 'strict'; name one of deposit, standard"),
        ("minimal_gap_days", "Extra inputs are not permitted; remove it, or correct its spelling"),
        ("closed_days", "has no value; give it one, or remove the line"),
        ("minimum_amounts.USD", "named twice; keep one"),
        ("segments.vip.cap.contacts", "should be greater than or equal to 1, not 0"),
        ("segments.vip.grace", "Extra inputs are not permitted; remove it, or correct its spelling"),
        ("segments.vip.ladder", "there is no ladder 'slow'; name one of deposit, standard"),
    ]
    assert [line for line, _, _ in told[:2]] == [
        f"line {line_of(text, 'days: soon')}",
        f"line {line_of(text, 'name: deposit_9') + 1}",
    ]


def test_what_is_missing_is_told_with_the_line_of_what_lacks_it(policy: Path) -> None:
    text = standard_with("version: 2\n", "").replace("    days: 10\n", "")
    assert faults(policy, text) == (
        "version: Field required; add it",
        f"line {line_of(text, '- name: overdue_10')}: stages.overdue_10.days: Field required; add it",
    )


def test_a_fault_that_only_follows_from_another_is_not_listed(policy: Path) -> None:
    (told,) = faults(policy, standard_with("channels: [sms, email]", "channels: [fax]"))
    assert told.endswith("stages.overdue_10.channels.1: should be 'email', 'sms' or 'person', not 'fax'")


@pytest.mark.parametrize(
    ("old", "new", "place", "remedy"),
    [
        (
            "monday: 09:00-17:30",
            "monday: 9-17",
            "contact_window.monday.end",
            "write hours such as 09:00-17:30",
        ),
        ("monday: 09:00-17:30", "monday: 17:30", "contact_window.monday", "write hours such as 09:00-17:30"),
        ("monday: 09:00-17:30", "monday: 930", "contact_window.monday", "write hours such as 09:00-17:30"),
        ("closed_days: []", "closed_days: [christmas]", "closed_days.1", "write a date such as 2026-12-24"),
        ("closed_days: []", "closed_days: [2026-02-30]", "closed_days.1", "write a date such as 2026-12-24"),
        ("closed_days: []", "closed_days: 2026-12-24", "closed_days", "write a list such as [2026-12-24]"),
        ('"12345678"', "12345678", "pay_to.USD.account_number", "put it in quotes"),
        (
            "name: before_due",
            "name: Before due",
            "stages.Before due.name",
            "lower-case letters, digits and _",
        ),
        ("cap: {contacts: 2", "cap: {contacts: 0", "cap.contacts", "greater than or equal to 1, not 0"),
        (
            "ladder: standard",
            "packs: [us]\nladder: standard",
            "packs",
            "the files in the folder packs/ beside",
        ),
        (
            "pay_to_is_a_sample: true",
            "pay_to_is_a_sample: ",
            "pay_to_is_a_sample",
            "has no value; give it one",
        ),
        (
            "kind: call\n",
            "kind: call\n    channels: [sms]\n",
            "stages.call_15.channels",
            "a call has no channels",
        ),
        ("days: 21", "days: 9", "stages.overdue_21.days", "must come after call_15; order them by days"),
        ("segments: {}", "segments: {vip: {}}", "segments.vip", "nothing is different here; say what is"),
        ("segments: {}", "segments: [vip]", "segments", "as in the standard policy"),
        ("invoices: {}", "invoices: {0815: {ladder: x}}", "invoices.0815.ladder", "there is no ladder 'x'"),
    ],
)
def test_a_usual_mistake_comes_with_its_place_and_its_remedy(
    policy: Path, old: str, new: str, place: str, remedy: str
) -> None:
    text = standard_with(old, new)
    told = faults(policy, text)[0]
    assert f": {place}: " in told
    assert remedy in told
    assert told.startswith("line ")


def test_the_line_of_a_fault_is_that_of_the_field(policy: Path) -> None:
    text = standard_with("thursday: 09:00-17:30", "thursday: never")
    (told,) = faults(policy, text)
    assert told.startswith(f"line {line_of(text, 'thursday: never')}: contact_window.thursday: ")


def test_numbers_and_words_that_yaml_would_change_stay_what_was_written(policy: Path) -> None:
    text = standard_with("customers: {}", "customers: {0042: {chase: false}, NO: {chase: false}}")
    policy.write_text(
        text.replace('account_number: "12345678"', "account_number: 00012345"),
        encoding="utf-8",
    )
    read = load_policy(policy)
    assert set(read.customers) == {"0042", "NO"}
    assert read.pay_to["GBP"].account_number == "00012345"


def test_a_key_that_is_named_twice_is_refused_for_one_of_them_would_be_lost(policy: Path) -> None:
    text = standard_with("  GBP: 500", "  GBP: 500\n  USD: 900")
    assert faults(policy, text) == (
        f"line {line_of(text, '  USD: 900')}: minimum_amounts.USD: named twice; keep one",
    )


A_PACK = """\
name: us
title: United States
countries: [US]
rules:
  - minimum_gap_days: 9
    source: Some law, section 1
"""


@pytest.fixture
def packs(policy: Path) -> Path:
    policy.write_text(STANDARD.read_text(encoding="utf-8"), encoding="utf-8")
    folder = policy.parent / "packs"
    folder.mkdir()
    return folder


def test_all_packs_beside_a_policy_hold(policy: Path, packs: Path) -> None:
    (packs / "zz.yaml").write_text(A_PACK.replace("name: us", "name: extra"), encoding="utf-8")
    (packs / "us.yaml").write_text(A_PACK, encoding="utf-8")
    (packs / "notes.txt").write_text("not a pack", encoding="utf-8")
    read = load_policy(policy)
    assert [pack.name for pack in read.packs] == ["extra", "us"]
    assert read.for_customer(Customer("C-1", "One", country="US")).minimum_gap_days == 9


def test_a_policy_without_a_folder_of_packs_has_none(policy: Path) -> None:
    policy.write_text(STANDARD.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_policy(policy).packs == ()


def test_faults_in_packs_name_the_file_and_come_after_those_of_the_policy(policy: Path, packs: Path) -> None:
    (packs / "us.yaml").write_text(
        A_PACK.replace("US]", "UK]").replace("days: 9", "days: 0"), encoding="utf-8"
    )
    (packs / "uk.yaml").write_text("name: [", encoding="utf-8")
    text = standard_with("cap: {contacts: 2", "cap: {contacts: 0")
    not_yaml = "while parsing a flow node did not find expected node content at line 2, column 1"
    assert faults(policy, text) == (
        f"line {line_of(text, 'contacts: 0')}: cap.contacts: should be greater than or equal to 1, not 0",
        f"packs/uk.yaml: it is not YAML: {not_yaml}",
        "packs/us.yaml: line 3: countries: 'UK' is no country: the United Kingdom is GB",
        "packs/us.yaml: line 5: rules.1.minimum_gap_days: should be greater than or equal to 1, not 0",
    )


def test_two_packs_of_one_name_are_refused(policy: Path, packs: Path) -> None:
    (packs / "us.yaml").write_text(A_PACK, encoding="utf-8")
    (packs / "usa.yaml").write_text(A_PACK, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(policy)
    assert caught.value.faults == (
        "packs/usa.yaml: line 1: name: another file has a pack named us already; rename one",
    )


def test_the_shipped_packs_bind_the_countries_they_are_for() -> None:
    countries = {pack.name: pack.countries for pack in load_policy(STANDARD).packs}
    assert countries["default"] == frozenset()
    assert countries["uk"] == {"GB"}
    assert "US" in countries["us"]
    assert {"NO", "IS", "LI"} < countries["eu"]
    assert len(countries["eu"]) == 27 + 3


def test_where_no_pack_is_known_the_rules_are_as_strict_as_anywhere() -> None:
    loose = Policy.model_validate(
        {
            "name": "loose",
            "version": 1,
            "stages": [{"name": "final", "days": 1, "tone": "final", "channels": ["email"]}],
            "contact_window": dict.fromkeys(WEEKDAYS, "00:00-23:59"),
            "minimum_gap_days": 1,
            "cap": {"contacts": 10, "days": 10},
            "first_contact_tone": "final",
            "collections_for_consumers": True,
        }
    ).changed(packs=load_policy(STANDARD).packs)
    unknown = loose.for_customer(Customer("C-1", "One"))
    for country in ("US", "GB", "DE", "NO"):
        known = loose.for_customer(Customer("C-1", "One", country=country))
        assert common_window(unknown.contact_window, known.contact_window) == unknown.contact_window
        assert unknown.minimum_gap_days >= known.minimum_gap_days
        assert set(unknown.caps) >= set(known.caps)
        assert unknown.first_contact_tone.strength <= known.first_contact_tone.strength
        assert unknown.sms_needs_consent >= known.sms_needs_consent
        assert unknown.stages[0].approval >= known.stages[0].approval
        assert unknown.collections_for_consumers <= known.collections_for_consumers


def test_every_shipped_rule_says_where_it_comes_from() -> None:
    rules = [rule for pack in load_policy(STANDARD).packs for rule in pack.rules]
    assert rules
    assert all(len(rule.source) > 40 and not rule.source.endswith(".") for rule in rules)


@pytest.mark.parametrize(
    "text",
    ["a: [", "a: *nothing", "? [1]\n: 2", "!!python/object:os.system x", "\x07"],
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


def test_the_manual_explains_every_field() -> None:
    manual = (STANDARD.parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
    fields = {*Policy.model_fields, *Stage.model_fields, *ToneRules.model_fields} - {"packs", "charge_rules"}
    assert sorted(field for field in fields if f"`{field}`" not in manual) == []


def test_the_manual_of_jurisdictions_names_every_pack_and_every_limit() -> None:
    manual = (STANDARD.parents[2] / "docs" / "jurisdictions.md").read_text(encoding="utf-8")
    packs = load_policy(STANDARD).packs
    assert [name for name in (*LIMITS, *(pack.name for pack in packs)) if f"`{name}`" not in manual] == []
    assert {rule.basis for pack in packs for rule in pack.rules} == {Basis.PRACTICE}
