from __future__ import annotations

import pytest

from tactful.domain.book.answers import AnswerKind
from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel, Contact, Customer, Role
from tactful.domain.dunning.finding import Finding, Level
from tactful.domain.dunning.lint import lint
from tests.support.builders import a_stage
from tests.unit.domain.linting import DUE, FIRM, FIRST, FRIENDLY, NEUTRAL, PACK, REVIEW, found, only, sound


def test_there_is_nothing_to_say_about_a_sound_policy() -> None:
    assert found(sound()) == []


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        (
            {"ladders": {"short": [FIRST]}},
            ("note", "ladders.short", "no invoice climbs the ladder short"),
        ),
        (
            {"ladders": {"short": [FIRST]}, "ladder": "short"},
            ("note", "stages", "no invoice climbs the standard ladder"),
        ),
        (
            {"cap": {"contacts": 3, "days": 7}},
            ("note", "cap", "the cap of 3 in 7 days never counts: a gap of 3 days allows no more anyway"),
        ),
        (
            {"cap": {"contacts": 1, "days": 5}},
            ("note", "cap", "the cap of 1 in 5 days is stricter than the gap of 3 days, which never counts"),
        ),
        (
            {"further_caps": [{"contacts": 10, "days": 30}]},
            (
                "note",
                "further_caps.0",
                "the cap of 10 in 30 days never counts: a gap of 3 days allows no more anyway",
            ),
        ),
        (
            {
                "contact_window": {
                    "monday": "09:00-09:30",
                    "tuesday": "09:00-17:30",
                    "wednesday": "09:00-10:00",
                }
            },
            ("warning", "contact_window.monday", "the window of monday is open for 30 minutes only"),
        ),
        (
            {"minimum_amounts": {"GBP": 99}},
            (
                "warning",
                "minimum_amounts.GBP",
                "the minimum is GBP 0.99: amounts are in minor units (cents, pence)",
            ),
        ),
        (
            {"minimum_amounts": {"USD": 500}},
            (
                "warning",
                "minimum_amounts.USD",
                "USD has a minimum, but nobody can say how to pay in it: it is never asked for",
            ),
        ),
        (
            {"approve_old_debt": {"older_than_days": 90, "over": {"GBP": 100000}}},
            ("note", "approve_old_debt.over", "old debts in EUR need no approval, whatever their size"),
        ),
        (
            {"pay_to_is_a_sample": True},
            (
                "warning",
                "pay_to_is_a_sample",
                "pay_to is still the sample: outside a sandbox nothing is asked for",
            ),
        ),
        (
            {"book_at_most_days_old": None},
            (
                "note",
                "",
                "nothing stops chasing when uploads of invoices cease: who has paid since is chased all the same",
            ),
        ),
        ({"packs": []}, ("note", "", "no packs: the rules of no country are applied")),
    ],
)
def test_values_that_do_not_go_together_are_told(
    changes: dict[str, object], finding: tuple[str, str, str]
) -> None:
    assert finding in found(sound(**changes))


def test_a_cap_on_a_channel_may_be_stricter_than_the_gap() -> None:
    assert found(sound(channel_caps=[{"channel": "sms", "contacts": 1, "days": 7}])) == []


def test_an_amount_in_a_currency_without_minor_units_is_whole() -> None:
    policy = sound(minimum_amounts={"JPY": 500}, pay_to={"JPY": ("Bank",)})
    assert found(policy) == []


@pytest.mark.parametrize(
    ("override", "field"),
    [
        ({"first_contact_tone": "firm"}, "first_contact_tone"),
        ({"tone_rules": {"new": 1}}, "tone_rules"),
        ({"catch_up_days": 6}, "catch_up_days"),
        ({"grace_days": 0}, "grace_days"),
        ({"minimum_gap_days": 2}, "minimum_gap_days"),
        ({"cap": {"contacts": 3, "days": 7}}, "cap"),
        ({"cap": {"contacts": 2, "days": 6}}, "cap"),
        ({"channel_caps": []}, "channel_caps"),
        ({"channel_caps": [{"channel": "sms", "contacts": 2, "days": 9}]}, "channel_caps"),
        ({"contact_window": {"saturday": "09:00-12:00"}}, "contact_window"),
        ({"contact_window": {"monday": "08:00-12:00"}}, "contact_window"),
        ({"minimum_amounts": {"GBP": 100}}, "minimum_amounts"),
        ({"approve_old_debt": {"older_than_days": 91, "over": {"GBP": 5, "EUR": 5}}}, "approve_old_debt"),
        ({"approve_old_debt": {"older_than_days": 90, "over": {"GBP": 6, "EUR": 5}}}, "approve_old_debt"),
        ({"approve_old_debt": {"older_than_days": 90, "over": {"GBP": 5}}}, "approve_old_debt"),
    ],
)
@pytest.mark.parametrize("place", ["segments", "customers"])
def test_an_override_that_is_less_careful_is_warned_of(
    place: str, override: dict[str, object], field: str
) -> None:
    policy = sound(
        grace_days=3,
        channel_caps=[{"channel": "sms", "contacts": 1, "days": 9}],
        approve_old_debt={"older_than_days": 90, "over": {"GBP": 5, "EUR": 5}},
        **{place: {"key": override}},
    )
    assert only(policy) == ("warning", f"{place}.key.{field}", f"is less careful than the policy's {field}")


@pytest.mark.parametrize(
    "override",
    [
        {"chase": False},
        {"first_contact_tone": "friendly"},
        {"tone_rules": {"broken_promises": 0, "loyal_settled": 1}},
        {"catch_up_days": 8},
        {"grace_days": 4},
        {"minimum_gap_days": 4},
        {"cap": {"contacts": 2, "days": 8}},
        {"channel_caps": [{"channel": "sms", "contacts": 1, "days": 10}]},
        {"contact_window": {"monday": "10:00-17:00"}},
        {"closed_days": ["2026-12-24"]},
        {"minimum_amounts": {"GBP": 500, "EUR": 100}},
        {"approve_old_debt": {"older_than_days": 80, "over": {"GBP": 5, "EUR": 4}}},
    ],
)
def test_an_override_that_is_as_careful_or_more_is_fine(override: dict[str, object]) -> None:
    policy = sound(
        grace_days=3,
        channel_caps=[{"channel": "sms", "contacts": 1, "days": 9}],
        approve_old_debt={"older_than_days": 90, "over": {"GBP": 5, "EUR": 5}},
        segments={"vip": override},
    )
    assert found(policy) == []


def test_chasing_some_where_nobody_is_chased_is_less_careful() -> None:
    policy = sound(chase=False, customers={"C-1": {"chase": True}})
    assert only(policy)[1] == "customers.C-1.chase"


def test_a_window_that_a_packs_rules_close_altogether_is_told() -> None:
    pack = PACK | {"rules": [{"source": "A law, section 1", "contact_window": {"sunday": "09:00-17:00"}}]}
    assert only(sound(packs=[pack])) == (
        "warning",
        "contact_window",
        "has no hour in common with the pack us: its clients are never contacted",
    )
    weekend = {"contact_window": {"monday": "09:00-10:00"}}
    open_pack = PACK | {
        "rules": [{"source": "A law, section 1", "contact_window": {"tuesday": "09:00-17:00"}}]
    }
    assert only(sound(packs=[open_pack], segments={"vip": weekend}))[1] == "segments.vip.contact_window"


ANN = Contact("Ann", email="ann@client.example", phone="+441632960001")
BOSS = Contact("Boss", Role.ESCALATION, email="boss@client.example")


def test_overrides_that_fit_nobody_are_told() -> None:
    policy = sound(segments={"vip": {"grace_days": 5}}, customers={"C-2": {"grace_days": 5}})
    assert found(policy, [Customer("C-1", "One", (ANN,), segment="small")]) == [
        ("warning", "segments.vip", "no customer is in this segment"),
        ("warning", "customers.C-2", "no customer has this id"),
    ]
    assert found(policy, [Customer("C-2", "Two", (ANN,), segment="vip")]) == []


def test_a_channel_on_which_nobody_can_be_reached_is_told() -> None:
    policy = sound(stages=[a_stage("due", 0, FRIENDLY, Channel.SMS, Channel.PERSON), FIRST])
    assert found(policy, [Customer("C-1", "One", (BOSS, Contact("Ann", email="a@b.example")))]) == [
        ("warning", "stages.0.channels", "no contact can be reached by sms"),
        ("warning", "stages.1.channels", "no contact can be reached by sms"),
    ]


def test_a_role_that_nobody_has_is_noted() -> None:
    policy = sound(stages=[DUE, FIRST | {"role": "escalation"}, REVIEW])
    assert only(policy, [Customer("C-1", "One", (ANN,))]) == (
        "note",
        "stages.1.role",
        "no contact has the role escalation: others are contacted instead",
    )
    assert found(policy, [Customer("C-1", "One", (ANN, BOSS))]) == []


def test_consent_that_is_needed_but_never_noted_is_told() -> None:
    pack = PACK | {"rules": [{"source": "A law, section 1", "sms_needs_consent": True}]}
    american = Customer("C-1", "One", (ANN,), country="US")
    briton = Customer("C-2", "Two", (ANN,), country="GB")
    assert only(sound(packs=[pack]), [american, briton]) == (
        "warning",
        "sms_needs_consent",
        "an SMS needs consent for 1 of 2 customers, and none is noted: they get none",
    )
    agreed = Customer("C-3", "Three", (Contact("Ann", phone=ANN.phone, sms_consent=True),), country="US")
    assert found(sound(packs=[pack]), [american, agreed]) == []
    assert found(sound(packs=[pack]), [briton]) == []
    by_email = sound(packs=[pack], stages=[a_stage("first", 7, NEUTRAL, Channel.EMAIL)])
    assert found(by_email, [american]) == []


def test_an_empty_list_of_customers_says_nothing() -> None:
    assert found(sound(customers={"C-1": {"grace_days": 5}}), []) == []


def words(*known: str) -> list[tuple[str, str]]:
    policy = sound(
        stages=[
            a_stage("due", 0, FRIENDLY, Channel.EMAIL, Channel.PERSON),
            a_stage("first", 7, FIRM, Channel.SMS) | {"wording": "nudge"},
        ],
        thanks_channels=["email"],
        discount_notice_days=3,
    )
    findings = lint(policy, None, lambda channel, wording, tone: f"{channel}/{wording}/{tone}" in known)
    return [(".".join(map(str, finding.place)), finding.message) for finding in findings]


ANSWERS = [f"{channel}/answer_{kind}/friendly" for kind in AnswerKind for channel in kind.channels]
AGREEMENTS = [
    f"{channel}/{wording}/{tone}"
    for channel in ("email", "sms")
    for wording in ("broken_promise", "plan_missed")
    for tone in Tone
]


def test_an_answer_needs_words_on_the_channel_that_it_is_given_on() -> None:
    assert (
        "replies.answers",
        "there are no words for answer_balance by sms (friendly): it becomes a task",
    ) in words(*(one for one in ANSWERS if one != "sms/answer_balance/friendly"))


def test_every_tone_that_a_message_may_come_in_needs_words() -> None:
    assert words(
        "email/due/friendly",
        "sms/nudge/friendly",
        "sms/nudge/firm",
        "email/thank_you/friendly",
        *ANSWERS,
        *(one for one in AGREEMENTS if one != "sms/plan_missed/final"),
    ) == [
        ("stages.0", "there are no words for due by email (neutral): it becomes a task"),
        ("stages.1", "there are no words for nudge by sms (neutral): it becomes a task"),
        ("stages", "there are no words for plan_missed by sms (final): it becomes a task"),
        ("thanks_channels", "there are no words for part_payment by email (friendly): it becomes a task"),
        ("discount_notice_days", "there are no words for discount by email (friendly): it becomes a task"),
    ]


def test_a_policy_whose_words_are_all_there_is_fine() -> None:
    every = [f"sms/nudge/{tone}" for tone in (FRIENDLY, NEUTRAL, FIRM)]
    outside = ["email/thank_you/friendly", "email/part_payment/friendly", "email/discount/friendly"]
    assert words("email/due/friendly", "email/due/neutral", *every, *outside, *ANSWERS, *AGREEMENTS) == []


def test_warnings_come_before_notes() -> None:
    levels = [finding.level for finding in lint(sound(packs=[], pay_to_is_a_sample=True))]
    assert levels == [Level.WARNING, Level.NOTE]


def test_every_finding_says_what_to_do() -> None:
    (finding,) = lint(sound(cap={"contacts": 1, "days": 5}))
    assert finding == Finding(
        Level.NOTE,
        ("cap",),
        "the cap of 1 in 5 days is stricter than the gap of 3 days, which never counts",
        "say what is meant: minimum_gap_days: 5",
    )
