from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel, Customer, Purpose
from tactful.domain.dunning.limits import WEEKDAYS, Cap, Hours
from tactful.domain.dunning.packs import LIMITS, Pack, Rule, packs_for
from tactful.domain.dunning.policy import Policy
from tests.support.builders import a_policy, a_stage

LAW = "Some law, section 1"
CLIENT = Customer("C-1", "Client", country="US")


def a_pack(name: str, *countries: str, **limit: object) -> dict[str, object]:
    rules = [{"source": LAW, **({field: value} if field else {})} for field, value in limit.items()]
    return {"name": name, "title": name, "countries": list(countries), "rules": rules}


def faults(model: type[Pack | Rule], values: object) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as refusal:
        model.model_validate(values)
    return [(".".join(map(str, fault["loc"])), fault["msg"]) for fault in refusal.value.errors()]


def tightened(policy: Policy, purpose: Purpose = Purpose.UNKNOWN, **limit: object) -> Policy:
    packed = policy.changed(packs=(Pack.model_validate(a_pack("us", "US", **limit)),))
    return packed.for_customer(Customer("C-1", "Client", country="US", purpose=purpose))


def test_a_packs_window_leaves_the_common_hours() -> None:
    policy = a_policy(
        contact_window={"monday": "09:00-17:30", "tuesday": "08:00-09:00", "friday": "09:00-12:00"}
    )
    window = {"monday": "08:00-16:00", "tuesday": "09:00-20:00", "sunday": "08:00-20:00"}
    own = tightened(policy, contact_window=window)
    assert {day: str(hours) for day, hours in own.contact_window.items()} == {"monday": "09:00-16:00"}


@pytest.mark.parametrize(("own", "packs", "expected"), [(3, 5, 5), (3, 2, 3)])
def test_of_two_gaps_the_longer_holds(own: int, packs: int, expected: int) -> None:
    assert tightened(a_policy(minimum_gap_days=own), minimum_gap_days=packs).minimum_gap_days == expected


def test_a_cap_holds_besides_the_policys_unless_that_is_as_strict() -> None:
    assert [str(cap) for cap in tightened(a_policy(), cap={"contacts": 3, "days": 30}).caps] == [
        "2 in 7 days",
        "3 in 30 days",
    ]
    for implied in ({"contacts": 2, "days": 7}, {"contacts": 3, "days": 7}, {"contacts": 2, "days": 6}):
        assert [str(cap) for cap in tightened(a_policy(), cap=implied).caps] == ["2 in 7 days"]


def test_a_cap_on_a_channel_holds_besides_those_of_other_channels() -> None:
    policy = a_policy(channel_caps=[{"channel": "email", "contacts": 1, "days": 7}])
    own = tightened(policy, channel_cap={"channel": "sms", "contacts": 1, "days": 7})
    assert [str(cap) for cap in own.channel_caps] == ["email 1 in 7 days", "sms 1 in 7 days"]
    again = tightened(own, channel_cap={"channel": "sms", "contacts": 2, "days": 7})
    assert again.channel_caps == own.channel_caps


@pytest.mark.parametrize(
    ("own", "packs", "expected"), [("firm", "neutral", "neutral"), ("friendly", "firm", "friendly")]
)
def test_of_two_first_tones_the_milder_holds(own: str, packs: str, expected: str) -> None:
    assert (
        tightened(a_policy(first_contact_tone=own), first_contact_tone=packs).first_contact_tone == expected
    )


def test_an_sms_may_need_consent_and_collections_may_be_forbidden() -> None:
    assert tightened(a_policy(), sms_needs_consent=True).sms_needs_consent
    own = tightened(a_policy(collections_for_consumers=True), no_collections=True)
    assert not own.collections_for_consumers


def test_final_messages_of_all_ladders_may_need_approval() -> None:
    policy = a_policy(
        stages=[a_stage("firm", 1, Tone.FIRM), a_stage("final", 5, Tone.FINAL)],
        ladders={
            "short": [
                a_stage("only", 1, Tone.FINAL),
                {"name": "call", "days": 2, "kind": "call", "tone": "final"},
            ]
        },
    )
    own = tightened(policy, final_needs_approval=True)
    assert [stage.approval for stage in own.stages] == [False, True]
    assert [stage.approval for stage in own.ladders["short"]] == [True, False]


def test_a_pack_binds_its_countries_and_one_without_binds_where_no_other_does() -> None:
    packs = [
        Pack.model_validate(a_pack(name, *countries, minimum_gap_days=2))
        for name, countries in {"us": ["US", "PR"], "other": [], "west": ["US"]}.items()
    ]
    assert [pack.name for pack in packs_for(packs, "US")] == ["us", "west"]
    assert [pack.name for pack in packs_for(packs, "PR")] == ["us"]
    assert [pack.name for pack in packs_for(packs, "FR")] == ["other"]
    assert [pack.name for pack in packs_for(packs, "")] == ["other"]


@pytest.mark.parametrize(
    ("changes", "place", "says"),
    [
        ({"source": "A law"}, "source", "at least 10 characters"),
        ({"basis": "rumour"}, "basis", "'law' or 'practice'"),
        ({"minimum_gap_days": 0}, "minimum_gap_days", "greater than or equal to 1"),
        ({"sms_needs_consent": False}, "sms_needs_consent", "should be True"),
        ({"final_needs_approval": False}, "final_needs_approval", "should be True"),
        ({"no_collections": False}, "no_collections", "should be True"),
        ({"contact_window": {}}, "contact_window", "name at least one weekday"),
        ({"grace_days": 3}, "grace_days", "Extra inputs are not permitted"),
        (
            {"cap": {"contacts": 1, "days": 7}},
            "",
            "a rule limits one thing, so that its source is clear; name exactly one of contact_window",
        ),
    ],
)
def test_a_faulty_rule_is_refused(changes: dict[str, object], place: str, says: str) -> None:
    found = faults(Rule, {"source": LAW, "minimum_gap_days": 2} | changes)
    assert [where for where, what in found if says in what] == [place], found


def test_a_rule_that_limits_nothing_is_refused() -> None:
    assert "name exactly one of" in faults(Rule, {"source": LAW})[0][1]


@pytest.mark.parametrize(
    ("country", "says"),
    [
        ("UK", "'UK' is no country: the United Kingdom is GB"),
        ("EL", "Greece is GR"),
        ("EU", "name the member states one by one"),
        ("us", "'us' is no country: write ISO 3166 codes such as US"),
        ("USA", "'USA' is no country"),
        ("ÄÖ", "'ÄÖ' is no country"),
    ],
)
def test_what_is_no_code_of_a_country_is_refused(country: str, says: str) -> None:
    ((place, said),) = faults(Pack, a_pack("mine", country, minimum_gap_days=2))
    assert place == "countries"
    assert says in said


def test_a_pack_without_rules_is_refused() -> None:
    assert faults(Pack, a_pack("mine", "US")) == [
        ("rules", "Tuple should have at least 1 item after validation, not 0")
    ]


def windows() -> st.SearchStrategy[dict[str, str]]:
    hours = st.builds(
        lambda start, length: f"{start:02d}:00-{start + length:02d}:00",
        st.integers(0, 11),
        st.integers(1, 12),
    )
    return st.dictionaries(st.sampled_from(WEEKDAYS), hours, min_size=1)


CAPS = st.fixed_dictionaries({"contacts": st.integers(1, 4), "days": st.integers(1, 30)})
TONES = st.sampled_from(Tone)
YES = st.sampled_from([True])
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "contact_window": windows(),
    "minimum_gap_days": st.integers(1, 10),
    "cap": CAPS,
    "channel_cap": st.fixed_dictionaries(
        {"contacts": st.integers(1, 4), "days": st.integers(1, 30), "channel": st.sampled_from(Channel)}
    ),
    "first_contact_tone": TONES,
    "sms_needs_consent": YES,
    "final_needs_approval": YES,
    "no_collections": YES,
}


@st.composite
def rules(draw: st.DrawFn) -> dict[str, object]:
    limit = draw(st.sampled_from(LIMITS))
    return {"source": LAW, "consumers_only": draw(st.booleans()), limit: draw(VALUES[limit])}


@st.composite
def packs(draw: st.DrawFn) -> list[Pack]:
    number = draw(st.integers(1, 3))
    return [
        Pack.model_validate(
            {
                "name": f"pack_{index}",
                "title": "A pack",
                "countries": draw(st.sampled_from([["US"], ["US", "GB"], ["GB"], []])),
                "rules": draw(st.lists(rules(), min_size=1, max_size=4)),
            }
        )
        for index in range(number)
    ]


def policies() -> st.SearchStrategy[Policy]:
    override = st.fixed_dictionaries(
        {"minimum_gap_days": st.integers(1, 10)},
        optional={"cap": CAPS, "contact_window": windows(), "first_contact_tone": TONES},
    )
    return st.builds(
        a_policy,
        contact_window=windows(),
        minimum_gap_days=st.integers(1, 10),
        cap=CAPS,
        further_caps=st.lists(CAPS, max_size=2),
        channel_caps=st.lists(VALUES["channel_cap"], max_size=2),
        first_contact_tone=TONES,
        sms_needs_consent=st.booleans(),
        collections_for_consumers=st.booleans(),
        segments=st.dictionaries(st.just("vip"), override, max_size=1),
        customers=st.dictionaries(st.just("C-1"), override, max_size=1),
    )


def customers() -> st.SearchStrategy[Customer]:
    return st.builds(
        Customer,
        st.sampled_from(["C-1", "C-2"]),
        st.just("Client"),
        country=st.sampled_from(["US", "GB", "FR", ""]),
        segment=st.sampled_from(["vip", ""]),
        purpose=st.sampled_from(Purpose),
    )


def lies_within(inner: Hours | None, outer: Hours | None) -> bool:
    return inner is None or (outer is not None and outer.start <= inner.start and inner.end <= outer.end)


def as_strict(caps: tuple[Cap, ...], than: tuple[Cap, ...]) -> bool:
    """Whether each cap of the other is there, or one that implies it."""
    return all(any(own.contacts <= cap.contacts and own.days >= cap.days for own in caps) for cap in than)


@given(policies(), packs(), customers(), st.sampled_from(["US", "GB", ""]))
def test_no_pack_ever_loosens_a_policy(
    policy: Policy, packs: list[Pack], customer: Customer, home: str
) -> None:
    loose = policy.for_customer(customer, home)
    strict = policy.changed(packs=tuple(packs)).for_customer(customer, home)
    assert all(lies_within(own, before) for own, before in zip(strict.windows, loose.windows, strict=True))
    assert strict.minimum_gap_days >= loose.minimum_gap_days
    assert set(strict.caps) >= set(loose.caps)
    assert set(strict.channel_caps) >= set(loose.channel_caps)
    assert strict.first_contact_tone.strength <= loose.first_contact_tone.strength
    assert strict.sms_needs_consent >= loose.sms_needs_consent
    assert strict.collections_for_consumers <= loose.collections_for_consumers
    for own, before in zip(strict.stages, loose.stages, strict=True):
        assert own.approval >= before.approval
        assert own.model_copy(update={"approval": before.approval}) == before


@given(policies(), packs(), customers())
def test_every_rule_that_binds_is_kept(policy: Policy, packs: list[Pack], customer: Customer) -> None:
    own = policy.changed(packs=tuple(packs)).for_customer(customer)
    for pack in packs_for(packs, customer.country):
        for rule in pack.rules:
            if rule.binds(customer.purpose):
                changed = own.changed(**rule.tightened(own))
                assert changed == own


@given(policies(), packs(), customers())
def test_the_order_of_packs_does_not_matter(policy: Policy, packs: list[Pack], customer: Customer) -> None:
    outcomes = [policy.changed(packs=tuple(order)).for_customer(customer) for order in permutations(packs)]
    first = outcomes[0]
    for other in outcomes[1:]:
        assert other.windows == first.windows
        assert other.minimum_gap_days == first.minimum_gap_days
        assert as_strict(other.caps, first.caps)
        assert as_strict(first.caps, other.caps)
        assert other.first_contact_tone is first.first_contact_tone
        assert other.sms_needs_consent == first.sms_needs_consent
        assert other.collections_for_consumers == first.collections_for_consumers
        assert other.stages == first.stages
