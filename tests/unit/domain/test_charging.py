"""What a message states of charges for late payment, and when it states none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Extension, Hold, HoldKind, Instalment, Plan, Verdict
from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel, Purpose
from tactful.domain.book.stated_charges import StatedCharge, StatedCharges, at_most
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Ask, ReasonCode, Send
from tactful.domain.dunning.handover import task_for
from tactful.domain.dunning.policy import Policy
from tests.support.builders import (
    NINE,
    a_calendar,
    a_contact,
    a_customer,
    a_policy,
    a_stage,
    an_account,
    an_invoice,
    answered,
    money,
)
from tests.unit.charges.shipped import rules

CHARGED = {"treatment": "charged", "rules": "uk", "from_tone": "neutral"}
TODAY = NINE.date()
DUE = TODAY - timedelta(days=30)


def policy(**late_payment: object) -> Policy:
    terms = {**CHARGED, **late_payment}
    one = a_policy(
        stages=[a_stage("late", 1, Tone.NEUTRAL, Channel.EMAIL, Channel.SMS)],
        late_payment=terms,
    )
    return one.changed(charge_rules={"uk": rules("uk"), "eu": rules("eu")})


def a_business(*invoices: Any, purpose: Purpose = Purpose.BUSINESS) -> Account:
    customer = replace(a_customer(a_contact()), purpose=purpose)
    return an_account(*(invoices or (an_invoice(due=DUE),)), customer=customer)


def stated(account: Account, terms: Policy | None = None) -> tuple[StatedCharges | None, list[str]]:
    decision = decide(account, terms or policy(), a_calendar(), NINE)
    assert isinstance(decision, Send), decision
    codes = (ReasonCode.CHARGED, ReasonCode.CHARGES_WARNED, ReasonCode.NOT_CHARGED)
    return decision.reminder.charges, [str(reason) for reason in decision.reasons if reason.code in codes]


def test_charges_are_stated_since_the_invoice_was_due_with_their_law() -> None:
    charges, reasons = stated(a_business())
    assert charges is not None
    assert charges.law == "Late Payment of Commercial Debts (Interest) Act 1998"
    assert [(line.number, line.days) for line in charges.lines] == [("INV-1", 30)]
    assert reasons == ["charged: uk"]


def test_a_later_message_states_all_of_it_again_and_adds_nothing_on_top() -> None:
    first, _ = stated(a_business())
    assert first is not None
    reminded = replace(a_business(), reminders=())
    later = decide(reminded, policy(), a_calendar(), NINE + timedelta(days=7))
    assert isinstance(later, Send)
    assert later.reminder.charges is not None
    (was,), (now,) = first.lines, later.reminder.charges.lines
    assert (was.days, now.days) == (30, 37)
    assert now.fixed_sum == was.fixed_sum == money(4000)
    assert now.interest.minor > was.interest.minor


def test_a_warning_names_the_law_and_no_sum() -> None:
    charges, reasons = stated(a_business(), policy(treatment="warning"))
    assert charges == StatedCharges("Late Payment of Commercial Debts (Interest) Act 1998")
    assert reasons == ["charges_warned: uk"]


@pytest.mark.parametrize("terms", [{"treatment": "waived"}, {"from_tone": "firm"}])
def test_charges_are_not_mentioned_where_they_are_waived_or_the_tone_is_milder(terms: dict[str, str]) -> None:
    assert stated(a_business(), policy(**terms)) == (None, [])


@pytest.mark.parametrize("treatment", ["warning", "charged"])
@pytest.mark.parametrize("purpose", [Purpose.CONSUMER, Purpose.UNKNOWN])
def test_nobody_who_may_be_a_consumer_is_told_of_a_law_between_businesses(
    purpose: Purpose, treatment: str
) -> None:
    account = a_business(purpose=purpose)
    assert stated(account, policy(treatment=treatment)) == (None, ["not_charged: purpose is not business"])


def test_a_rate_that_nobody_entered_leaves_the_message_without_charges_and_says_so() -> None:
    account = a_business(an_invoice(due=date(2025, 11, 3), currency="EUR"))
    now = datetime(2026, 7, 6, 9, tzinfo=NINE.tzinfo)
    decision = decide(account, policy(rules="eu"), a_calendar(), now)
    assert isinstance(decision, Send)
    assert decision.reminder.charges is None
    assert any(
        "nobody entered the ECB main refinancing rate for 2026-H2" in str(why) for why in decision.reasons
    )


def test_only_what_is_late_is_charged() -> None:
    charges, _ = stated(a_business(an_invoice(due=DUE), an_invoice("INV-2", due=TODAY + timedelta(days=20))))
    assert charges is not None
    assert [line.number for line in charges.lines] == ["INV-1"]


def test_a_later_due_date_that_was_granted_is_the_one_that_counts() -> None:
    granted = Extension("E-1", ("INV-1",), TODAY - timedelta(days=10), NINE - timedelta(days=40))
    charges, _ = stated(replace(a_business(), extensions=(granted,)))
    assert charges is not None
    assert charges.lines[0].days == 10


def test_days_of_a_dispute_are_not_counted() -> None:
    ended = Hold("H-1", HoldKind.DISPUTE, NINE - timedelta(days=20), NINE - timedelta(days=11), ("INV-1",))
    charges, _ = stated(replace(a_business(), holds=(ended,)))
    assert charges is not None
    assert charges.lines[0].days == 20


def test_an_invoice_that_was_disputed_on_known_days_is_charged_for_the_others() -> None:
    ended = Hold("H-1", HoldKind.DISPUTE, NINE - timedelta(days=20), NINE - timedelta(days=11), ("INV-1",))
    disputed = replace(an_invoice(due=DUE), was_disputed=True)
    # A client who disputed before is written to more mildly.
    charges, _ = stated(replace(a_business(disputed), holds=(ended,)), policy(from_tone="friendly"))
    assert charges is not None
    assert [(line.days, line.percent) for line in charges.lines] == [(20, "11.75")]


def test_a_pause_that_is_no_dispute_costs_no_interest() -> None:
    ended = Hold("H-1", HoldKind.REPLY, NINE - timedelta(days=20), NINE - timedelta(days=11), ("INV-1",))
    charges, _ = stated(replace(a_business(), holds=(ended,)))
    assert charges is not None
    assert charges.lines[0].days == 30


def test_an_invoice_that_was_disputed_on_unknown_days_is_not_charged_and_the_others_are() -> None:
    disputed = replace(an_invoice(due=DUE), was_disputed=True)
    mildly = policy(from_tone="friendly")
    assert stated(a_business(disputed), mildly) == (None, [])
    charges, _ = stated(a_business(disputed, an_invoice("INV-2", due=DUE)), mildly)
    assert charges is not None
    assert [line.number for line in charges.lines] == ["INV-2"]


def test_an_invoice_that_is_due_today_is_not_charged() -> None:
    charges, _ = stated(a_business(an_invoice(due=DUE), an_invoice("INV-2", due=TODAY)))
    assert charges is not None
    assert [line.number for line in charges.lines] == ["INV-1"]


def test_a_plan_has_terms_of_its_own() -> None:
    plan = Plan(
        "P-1", ("INV-1",), (Instalment(TODAY - timedelta(days=3), money(10_000)),), NINE - timedelta(days=20)
    )
    assert stated(replace(a_business(), plan=plan)) == (None, [])


def test_an_sms_states_no_charges() -> None:
    customer = replace(a_customer(a_contact(email="")), purpose=Purpose.BUSINESS)
    charges, reasons = stated(an_account(an_invoice(due=DUE), customer=customer))
    assert (charges, reasons) == (None, [])


def test_what_is_charged_adds_up() -> None:
    line = StatedCharge("INV-1", 30, "11.75", money(966), money(4000))
    assert line.total == money(4966)


def test_no_interest_is_charged_on_what_a_credit_note_pays_for_the_oldest_first() -> None:
    older, newer = an_invoice("INV-2", due=DUE), an_invoice("INV-1", due=DUE + timedelta(days=5))
    credit = an_invoice("CN-1", minor=-140_00, due=DUE)
    charges, _ = stated(a_business(older, newer, credit))
    less, _ = stated(a_business(an_invoice("INV-1", due=DUE + timedelta(days=5), minor=60_00)))
    assert charges is not None
    assert less is not None
    assert charges.lines == less.lines


def test_charges_are_shown_for_approval_and_no_more_than_those_is_sent() -> None:
    stage = a_stage("late", 1, Tone.NEUTRAL, Channel.EMAIL, approval=True)
    terms = a_policy(stages=[stage], late_payment=CHARGED).changed(charge_rules={"uk": rules("uk")})
    account = a_business()
    asked = decide(account, terms, a_calendar(), NINE)
    assert isinstance(asked, Ask)
    shown = asked.step.charges
    assert shown is not None
    facts = dict(task_for(account, terms, a_calendar(), asked.kind, asked.step).facts)
    assert facts["charges"] == f"{shown.lines[0].total} on top ({shown.law})"
    granted = answered(account.with_step(asked.step), asked.step, Verdict.GRANTED)
    sent = decide(granted, terms, a_calendar(), NINE + timedelta(days=2))
    assert isinstance(sent, Send)
    assert sent.reminder.charges == shown


def test_what_was_approved_without_charges_is_sent_without() -> None:
    charges, _ = stated(a_business())
    assert charges is not None
    assert at_most(charges, None) is None
    assert at_most(charges, StatedCharges(charges.law)) is None
    less = replace(charges.lines[0], interest=money(1))
    assert at_most(charges, StatedCharges(charges.law, (less,))) == StatedCharges(charges.law, (less,))


def test_a_dispute_before_the_invoice_was_due_says_nothing_of_a_later_one() -> None:
    old = Hold("H-1", HoldKind.DISPUTE, NINE - timedelta(days=300), NINE - timedelta(days=200))
    disputed = replace(an_invoice(due=DUE), was_disputed=True)
    assert stated(replace(a_business(disputed), holds=(old,)), policy(from_tone="friendly")) == (None, [])


def test_no_single_rate_is_stated_where_it_changed_meanwhile() -> None:
    invoice = an_invoice(due=date(2025, 5, 1), minor=10_000_00, currency="EUR")
    charges, _ = stated(a_business(invoice), policy(rules="eu"))
    assert charges is not None
    assert charges.lines[0].percent == ""


def test_nobody_is_warned_of_charges_that_could_not_be_made() -> None:
    charges, reasons = stated(a_business(an_invoice(due=DUE, currency="EUR")), policy(treatment="warning"))
    assert charges is None
    assert reasons[0].startswith("not_charged: ")
