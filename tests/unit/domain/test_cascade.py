from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Customer, Purpose
from tactful.domain.book.invoice import InvoiceKind
from tactful.domain.dunning.cascade import origins_for
from tactful.domain.dunning.policy import Policy
from tests.support.builders import a_policy, a_stage, an_invoice

ANYBODY = Customer("C-9", "Anybody", country="GB")
VIP = Customer("C-2", "Vip", country="GB", segment="vip")
KNOWN = Customer("C-1", "Known", country="GB", segment="vip")
AMERICAN = Customer("C-3", "American", country="US")

US = {
    "name": "us",
    "title": "United States",
    "countries": ["US"],
    "rules": [
        {"source": "Law of the land, 1", "minimum_gap_days": 5},
        {"source": "Law of the land, 2", "consumers_only": True, "cap": {"contacts": 1, "days": 7}},
    ],
}


def cascade() -> Policy:
    return a_policy(
        segments={"vip": {"grace_days": 10, "minimum_gap_days": 7}},
        customers={"C-1": {"minimum_gap_days": 2, "chase": False}},
        packs=[US],
    )


def test_a_policy_without_overrides_and_packs_is_the_same_for_everybody() -> None:
    policy = a_policy()
    assert policy.for_customer(VIP, "US") is policy


def test_a_segment_has_its_own_values_and_keeps_the_others() -> None:
    own = cascade().for_customer(VIP)
    assert (own.grace_days, own.minimum_gap_days, own.chase) == (10, 7, True)
    assert own.first_contact_tone is Tone.NEUTRAL


def test_a_customers_own_value_beats_the_segments() -> None:
    own = cascade().for_customer(KNOWN)
    assert (own.grace_days, own.minimum_gap_days, own.chase) == (10, 2, False)


def test_whoever_has_nothing_of_their_own_has_the_policys_values() -> None:
    own = cascade().for_customer(ANYBODY)
    assert (own.grace_days, own.minimum_gap_days, own.chase) == (0, 3, True)


def test_what_comes_out_for_a_customer_is_settled() -> None:
    own = cascade().for_customer(KNOWN)
    assert (own.segments, own.customers, own.packs) == ({}, {}, ())
    assert own.for_customer(KNOWN) is own


def test_a_customers_policy_is_worked_out_once() -> None:
    policy = cascade()
    assert policy.for_customer(KNOWN) is policy.for_customer(KNOWN)
    assert policy.for_customer(ANYBODY) is policy.for_customer(replace(ANYBODY, id="C-10"))
    assert policy.for_customer(ANYBODY) is not policy.for_customer(AMERICAN)


def test_a_pack_tightens_also_what_a_customer_has_of_its_own() -> None:
    own = cascade().for_customer(replace(KNOWN, country="US"))
    assert own.minimum_gap_days == 5
    assert cascade().for_customer(replace(VIP, country="US")).minimum_gap_days == 7


def test_the_businesss_country_counts_where_the_clients_is_not_known() -> None:
    nowhere = replace(ANYBODY, country="")
    assert cascade().for_customer(nowhere, "US").minimum_gap_days == 5
    assert cascade().for_customer(nowhere, "GB").minimum_gap_days == 3
    assert cascade().for_customer(ANYBODY, "US").minimum_gap_days == 3


@pytest.mark.parametrize(
    ("purpose", "caps"), [(Purpose.BUSINESS, 1), (Purpose.CONSUMER, 2), (Purpose.UNKNOWN, 2)]
)
def test_a_rule_for_consumers_spares_only_those_known_to_be_businesses(purpose: Purpose, caps: int) -> None:
    assert len(cascade().for_customer(replace(AMERICAN, purpose=purpose)).caps) == caps


def test_closed_days_of_a_customer_come_on_top_of_the_policys() -> None:
    policy = a_policy(closed_days=["2026-12-24"], customers={"C-1": {"closed_days": ["2026-08-03"]}})
    assert policy.for_customer(KNOWN).closed_days == {date(2026, 12, 24), date(2026, 8, 3)}


def test_of_amounts_and_tone_rules_only_what_is_named_changes() -> None:
    policy = a_policy(
        minimum_amounts={"GBP": 500, "EUR": 700},
        tone_rules={"loyal": 0, "new": 1},
        segments={"vip": {"minimum_amounts": {"EUR": 9000, "USD": 1}, "tone_rules": {"new": -1}}},
    )
    own = policy.for_customer(VIP)
    assert own.minimum_amounts == {"GBP": 500, "EUR": 9000, "USD": 1}
    assert (own.tone_rules.loyal, own.tone_rules.new, own.tone_rules.broken_promises) == (0, -1, 1)


def test_a_window_of_ones_own_replaces_the_policys_as_a_whole() -> None:
    policy = a_policy(segments={"vip": {"contact_window": {"saturday": "10:00-12:00"}}})
    assert [str(hours) for hours in policy.for_customer(VIP).windows] == [
        *["None"] * 5,
        "10:00-12:00",
        "None",
    ]


def test_the_origin_of_every_value_is_known() -> None:
    policy = cascade()
    assert origins_for(policy, ANYBODY, "GB") == {}
    assert origins_for(policy, KNOWN, "GB") == {
        "grace_days": "segment vip",
        "minimum_gap_days": "customer C-1",
        "chase": "customer C-1",
    }
    assert origins_for(policy, replace(KNOWN, country="US"), "US") == {
        "grace_days": "segment vip",
        "minimum_gap_days": "pack us: Law of the land, 1",
        "chase": "customer C-1",
        "further_caps": "pack us: Law of the land, 2",
    }


def test_a_rule_that_changes_nothing_is_nowhere_the_origin() -> None:
    assert origins_for(cascade(), VIP, "US")["minimum_gap_days"] == "segment vip"


def test_the_origin_of_an_invoices_ladder_is_known() -> None:
    policy = a_policy(
        ladders={"short": [a_stage("step", 1, Tone.FIRM)]},
        ladder_by_kind={"deposit": "short"},
        customers={"C-1": {"ladder": "short"}},
        invoices={"I-1": {"ladder": "standard"}, "I-2": {"chase": False}},
    )
    deposit = replace(an_invoice("I-3"), kind=InvoiceKind.DEPOSIT)
    assert origins_for(policy, ANYBODY, "GB", an_invoice("I-3")) == {}
    assert origins_for(policy, KNOWN, "GB", an_invoice("I-3")) == {"ladder": "customer C-1"}
    assert origins_for(policy, KNOWN, "GB", deposit) == {"ladder": "kind deposit"}
    assert origins_for(policy, KNOWN, "GB", an_invoice("I-1")) == {"ladder": "invoice I-1"}
    assert origins_for(policy, ANYBODY, "GB", an_invoice("I-2")) == {"chase": "invoice I-2"}
