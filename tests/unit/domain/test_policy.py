from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import time

import pytest
from pydantic import ValidationError

from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import Invoice, InvoiceKind
from tactful.domain.dunning.limits import Hours
from tactful.domain.dunning.policy import Policy
from tests.support.builders import a_policy, a_stage, an_invoice, policy_values

FRIENDLY, FIRM = Tone.FRIENDLY, Tone.FIRM
A_CALL: dict[str, object] = {"name": "call", "days": 5, "kind": "call"}
A_REVIEW: dict[str, object] = {"name": "review", "days": 30, "kind": "credit_review"}
A_PACK = {"name": "us", "title": "US", "rules": [{"source": "Some law, section 1", "minimum_gap_days": 2}]}


def faults(**changes: object) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as refusal:
        a_policy(**changes)
    return [(".".join(map(str, fault["loc"])), fault["msg"]) for fault in refusal.value.errors()]


def test_a_window_is_read_from_its_plain_form() -> None:
    assert a_policy().windows == (*[Hours(start=time(9), end=time(17, 30))] * 5, None, None)


def test_a_policy_names_itself_with_its_version() -> None:
    assert a_policy(version=7).label == "standard/7"


REPEAT = {"every_days": 7, "times": 2}


@pytest.mark.parametrize(
    ("changes", "place", "says"),
    [
        (
            {"contact_window": {"moonday": "09:00-17:30"}},
            "contact_window.moonday",
            "no weekday; use monday, t",
        ),
        ({"contact_window": {}}, "contact_window", "name at least one weekday"),
        (
            {"contact_window": {"monday": "09:00"}},
            "contact_window.monday",
            "is not a window; write hours such as 09:00",
        ),
        (
            {"contact_window": {"monday": 9}},
            "contact_window.monday",
            "9 is not a window; write hours such as",
        ),
        ({"contact_window": {"monday": "17:30-09:00"}}, "contact_window.monday", "not 17:30 to 09:00; write"),
        ({"contact_window": {"monday": "09:00-09:00"}}, "contact_window.monday", "must start before it ends"),
        ({"contact_window": {"monday": "9-17:30"}}, "contact_window.monday.start", "valid time format"),
        ({"contact_window": {"monday": "09:00Z-17:30"}}, "contact_window.monday", "leave out the zone"),
        ({"contact_window": {"monday": "09:00-17:30Z"}}, "contact_window.monday", "leave out the zone"),
        ({"name": ""}, "name", "at least 1 character"),
        ({"version": 0}, "version", "greater than or equal to 1"),
        ({"stages": []}, "stages", "at least 1 item"),
        ({"stages": [a_stage("a_stage", 400, FIRM)]}, "stages.0.days", "less than or equal to 365"),
        ({"stages": [a_stage("A stage", 1, FIRM)]}, "stages.0.name", "match pattern"),
        (
            {"stages": [a_stage("one", 1, FIRM), a_stage("one", 2, FIRM)]},
            "stages.1.name",
            "one is used twice; give every stage a name of its own",
        ),
        (
            {"stages": [a_stage("two", 2, FIRM), a_stage("one", 1, FIRM)]},
            "stages.1.days",
            "one must come after two; order them by days",
        ),
        (
            {"stages": [a_stage("one", 1, FIRM), a_stage("two", 1, FIRM)]},
            "stages.1.days",
            "two must come after one",
        ),
        (
            {"stages": [a_stage("one", 1, FIRM), a_stage("two", 2, FRIENDLY)]},
            "stages.1.tone",
            "two is milder than one before it; tones only rise",
        ),
        (
            {"stages": [a_stage("one", 1, FIRM), A_CALL | {"days": 2}, a_stage("two", 3, FRIENDLY)]},
            "stages.2.tone",
            "two is milder than one before it",
        ),
        (
            {"stages": [a_stage("one", 1, FIRM) | {"repeat": REPEAT}, a_stage("two", 2, FIRM)]},
            "stages.0.repeat",
            "one repeats, but only the last contact may; remove it",
        ),
        (
            {"stages": [a_stage("one", 1, FIRM), A_REVIEW | {"repeat": REPEAT}]},
            "stages.1.repeat",
            "review repeats, but only the last contact may",
        ),
        ({"ladders": {"short": []}}, "ladders.short", "at least 1 item"),
        (
            {"ladders": {"standard": [a_stage("one", 1, FIRM)]}},
            "ladders.standard",
            "standard is the ladder in stages; use another name",
        ),
        ({"ladder": "slow"}, "ladder", "there is no ladder 'slow'; name one of standard"),
        (
            {"ladder_by_kind": {"deposit": "fast"}, "ladders": {"short": [a_stage("one", 1, FIRM)]}},
            "ladder_by_kind.deposit",
            "there is no ladder 'fast'; name one of short, standard",
        ),
        ({"ladder_by_kind": {"gift": "standard"}}, "ladder_by_kind.gift.[key]", "'deposit' or 'upfront'"),
        ({"segments": {"vip": {"ladder": "slow"}}}, "segments.vip.ladder", "there is no ladder 'slow'"),
        ({"customers": {"C-1": {"ladder": "slow"}}}, "customers.C-1.ladder", "there is no ladder 'slow'"),
        ({"invoices": {"I-1": {"ladder": "slow"}}}, "invoices.I-1.ladder", "there is no ladder 'slow'"),
        ({"segments": {"vip": {"grace": 3}}}, "segments.vip.grace", "Extra inputs are not permitted"),
        ({"segments": {"vip": {"pay_to": {}}}}, "segments.vip.pay_to", "Extra inputs are not permitted"),
        ({"segments": {"vip": {}}}, "segments.vip", "nothing is different here; say what is, or remove it"),
        ({"customers": {"C-1": {"ladder": None}}}, "customers.C-1.ladder", "valid string"),
        ({"invoices": {"I-1": {"grace_days": 3}}}, "invoices.I-1.grace_days", "Extra inputs"),
        ({"minimum_amounts": {"ZZZ": 500}}, "minimum_amounts.ZZZ", "'ZZZ' is not an ISO 4217"),
        ({"minimum_amounts": {"GBP": 5.5}}, "minimum_amounts.GBP", "valid integer"),
        ({"minimum_amounts": {"GBP": -1}}, "minimum_amounts.GBP", "greater than or equal to 0"),
        ({"pay_to": {"gbp": ["Bank"]}}, "pay_to.gbp", "'gbp' is not an ISO 4217"),
        ({"pay_to": {"GBP": []}}, "pay_to.GBP", "at least 1 item"),
        ({"cap": {"contacts": 0, "days": 7}}, "cap.contacts", "greater than or equal to 1"),
        ({"channel_caps": [{"contacts": 1, "days": 7}]}, "channel_caps.0.channel", "Field required"),
        ({"minimum_gap_days": 0}, "minimum_gap_days", "greater than or equal to 1"),
        ({"grace_days": 61}, "grace_days", "less than or equal to 60"),
        ({"first_contact_tone": "rude"}, "first_contact_tone", "'friendly', 'neutral', 'firm' or 'final'"),
        ({"tone_rules": {"loyal": -2}}, "tone_rules.loyal", "greater than or equal to -1"),
        ({"tone_rules": {"late": 1}}, "tone_rules.late", "Extra inputs are not permitted"),
        (
            {"approve_old_debt": {"older_than_days": 90, "over": {}}},
            "approve_old_debt.over",
            "at least 1 item",
        ),
        (
            {"approve_old_debt": {"older_than_days": 90, "over": {"zzz": 1}}},
            "approve_old_debt.over.zzz",
            "not an",
        ),
        ({"thanks_channels": ["person"]}, "thanks_channels", "thanks are sent by themselves; name email"),
        (
            {"thanks_channels": [], "discount_notice_days": 3},
            "discount_notice_days",
            "it has no channel to be sent on; name one in thanks_channels",
        ),
        (
            {"thanks_channels": [], "welcome": {"clients_from": "2026-01-01"}},
            "welcome",
            "it has no channel to be sent on",
        ),
        ({"packs": [A_PACK, A_PACK]}, "packs.1.name", "there are two packs named us; rename one"),
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


def test_everything_that_does_not_fit_together_is_named_at_once() -> None:
    found = faults(ladder="slow", segments={"vip": {"ladder": "fast"}}, thanks_channels=["person"])
    assert [place for place, _ in found] == ["ladder", "segments.vip.ladder", "thanks_channels"]


def test_every_stage_out_of_order_is_named_at_once() -> None:
    stages = [a_stage("three", 3, FIRM), a_stage("two", 2, FIRM), a_stage("one", 1, FRIENDLY)]
    assert [place for place, _ in faults(stages=stages)] == [
        "stages.1.days",
        "stages.2.days",
        "stages.2.tone",
    ]


def test_a_decision_of_the_business_may_fall_on_the_day_of_a_contact() -> None:
    policy = a_policy(stages=[a_stage("one", 30, FIRM), A_REVIEW])
    assert [stage.name for stage in policy.stages] == ["one", "review"]


def test_the_last_contact_may_repeat_though_decisions_come_after_it() -> None:
    policy = a_policy(stages=[a_stage("one", 1, FIRM) | {"repeat": REPEAT}, A_REVIEW])
    assert policy.stages[0].repeat is not None
    assert (policy.stages[0].repeat.every_days, policy.stages[0].repeat.times) == (7, 2)


def test_what_a_policy_leaves_out_is_as_careful_as_the_standard() -> None:
    policy = Policy.model_validate({"name": "mine", "version": 1, "stages": [a_stage("due", 0, FRIENDLY)]})
    assert policy.first_contact_tone is Tone.NEUTRAL
    assert policy.minimum_gap_days == 3
    assert str(policy.cap) == "2 in 7 days"
    assert [str(hours) for hours in policy.windows] == ["09:00-17:30"] * 5 + ["None"] * 2
    assert (policy.hold_days_after_reply, policy.thanks_expire_after_days) == (7, 10)
    assert policy.pay_to == {}


def test_a_stage_whose_only_channel_has_no_provider_asks_a_person() -> None:
    stages = [a_stage("one", 1, FIRM, Channel.SMS), a_stage("two", 2, FIRM), A_CALL]
    policy = a_policy(
        stages=stages, ladders={"short": [a_stage("step", 1, FIRM, Channel.SMS, Channel.PERSON)]}
    )
    without = policy.without(Channel.SMS)
    assert [stage.channels for stage in without.stages] == [(Channel.PERSON,), (Channel.EMAIL,), ()]
    assert without.ladders["short"][0].channels == (Channel.PERSON,)
    assert without.thanks_channels == (Channel.EMAIL,)


@pytest.mark.parametrize(
    ("invoice", "ladder"),
    [
        (an_invoice("I-1"), "standard"),
        (replace(an_invoice("I-2"), kind=InvoiceKind.DEPOSIT), "short"),
        (replace(an_invoice("I-3"), kind=InvoiceKind.UPFRONT), "standard"),
        (an_invoice("I-4"), "slow"),
        (replace(an_invoice("I-4"), kind=InvoiceKind.DEPOSIT), "slow"),
        (replace(an_invoice("I-5"), kind=InvoiceKind.DEPOSIT), "short"),
    ],
)
def test_an_invoice_climbs_its_own_ladder_else_that_of_its_kind_else_the_customers(
    invoice: Invoice, ladder: str
) -> None:
    policy = a_policy(
        ladders={"short": [a_stage("step", 1, FIRM)], "slow": [a_stage("step", 60, FIRM)]},
        ladder_by_kind={"deposit": "short"},
        invoices={"I-4": {"ladder": "slow"}, "I-5": {"chase": False}},
    )
    assert policy.ladder_for(invoice).name == ladder


def test_all_caps_hold_together() -> None:
    policy = a_policy(further_caps=[{"contacts": 5, "days": 30}])
    assert [str(cap) for cap in policy.caps] == ["2 in 7 days", "5 in 30 days"]


def test_a_policy_can_be_handed_to_another_process() -> None:
    policy = a_policy(segments={"vip": {"grace_days": 9}}, packs=[A_PACK])
    assert pickle.loads(pickle.dumps(policy)) == policy  # noqa: S301


def test_a_policy_cannot_be_changed_once_read() -> None:
    policy = Policy.model_validate(policy_values())
    with pytest.raises(ValidationError, match="frozen"):
        setattr(policy, "minimum_gap_days", 1)  # noqa: B010


def test_made_up_bank_details_never_face_real_clients() -> None:
    sample = a_policy(pay_to_is_a_sample=True)
    assert sample.for_real_clients().pay_to == {}
    assert a_policy().for_real_clients().pay_to == a_policy().pay_to
