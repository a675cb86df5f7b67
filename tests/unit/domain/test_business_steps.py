"""Decisions inside the business: when a client's credit is reviewed, and when a debt is proposed for collections."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tactful.domain.book.account import Account, TaskKind
from tactful.domain.book.agreements import Hold, HoldKind, Promise, Verdict
from tactful.domain.book.contact_log import ChasedInvoice, ReminderStatus, Tone
from tactful.domain.book.customer import Channel, Purpose
from tactful.domain.book.invoice import InvoiceKind
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Ask, Decision, Nothing, ReasonCode, Send, Wait
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import StageKind
from tests.support.builders import (
    DUE,
    NINE,
    a_calendar,
    a_contact,
    a_customer,
    a_policy,
    a_reminder,
    a_stage,
    a_step_of_a_person,
    a_task_stage,
    an_account,
    an_invoice,
    answered,
    money,
)
from tests.support.pure_sender import Fate, PureSender

REVIEW = a_task_stage("review", 14, StageKind.CREDIT_REVIEW)
HAND_OFF = a_task_stage("hand_off", 60, StageKind.COLLECTIONS)
DUE_AND_FIRM = (a_stage("due", 0, Tone.FRIENDLY), a_stage("late", 10, Tone.NEUTRAL))


def a_business_policy(*stages: dict[str, object], **more: object) -> Policy:
    return a_policy(stages=stages or (*DUE_AND_FIRM, REVIEW, HAND_OFF), **more)


def owing_since(days: int, *, purpose: Purpose = Purpose.UNKNOWN) -> Account:
    """An account with one invoice that fell due so many days before DUE."""
    customer = a_customer(a_contact(), purpose=purpose)
    return an_account(an_invoice(due=DUE - timedelta(days=days)), customer=customer)


def told(account: Account, days: int, *, stage: str = "late", delivered: bool = True) -> Account:
    """The account after a message at a stage, some days before NINE."""
    (invoice,) = account.invoices
    status = ReminderStatus.DELIVERED if delivered else ReminderStatus.BOUNCED
    reminder = a_reminder(
        account, [invoice], stage=stage, days=days, at=NINE - timedelta(days=9), status=status
    )
    return account.with_reminder(replace(reminder, occurrence=str(invoice.due_date)))


def decided(account: Account, policy: Policy | None = None, now: datetime = NINE) -> Decision:
    return decide(account, policy or a_business_policy(), a_calendar(), now)


def asked(account: Account, policy: Policy | None = None) -> Ask:
    decision = decided(account, policy)
    assert isinstance(decision, Ask), decision
    return decision


def test_a_credit_review_is_a_task_beside_the_ladder_and_no_contact() -> None:
    ask = asked(told(owing_since(14), 10))
    assert (ask.kind, ask.step.stage, ask.step.channel) == (TaskKind.CREDIT_REVIEW, "review", Channel.PERSON)
    assert ask.step.status is ReminderStatus.HANDED_OVER
    assert not ask.step.is_contact
    assert [str(reason) for reason in ask.reasons] == ["stage_reached: review INV-1"]
    assert ask.step.invoices == (ChasedInvoice("INV-1", DUE - timedelta(days=14), 14, money(100_00)),)


def test_a_credit_review_is_asked_for_on_its_day_and_not_before() -> None:
    decision = decided(told(owing_since(13), 10))
    assert isinstance(decision, Wait)
    assert decision.until == NINE + timedelta(days=1)


def test_the_clients_message_goes_out_on_the_day_of_a_review_all_the_same() -> None:
    sender = PureSender(a_business_policy(), a_calendar(), NINE)
    key = sender.add(owing_since(14))
    assert isinstance(sender.tick(key), Ask)
    assert isinstance(sender.tick(key), Send)


def test_a_review_needs_no_gap_to_the_last_message() -> None:
    account = owing_since(14)
    recent = a_reminder(account, account.invoices, stage="late", days=10, at=NINE - timedelta(hours=1))
    assert asked(account.with_reminder(recent)).kind is TaskKind.CREDIT_REVIEW


def test_a_review_waits_for_the_hours_in_which_people_work() -> None:
    decision = decided(told(owing_since(14), 10), now=NINE - timedelta(hours=3))
    assert isinstance(decision, Wait)
    assert decision.until == NINE
    assert [reason.code for reason in decision.reasons] == [
        ReasonCode.STAGE_REACHED,
        ReasonCode.OUTSIDE_WINDOW,
    ]


def test_a_review_is_asked_for_once() -> None:
    sender = PureSender(a_business_policy(), a_calendar(), NINE)
    key = sender.add(told(owing_since(14), 10))
    sender.run_until(NINE + timedelta(days=40), key)
    assert [ask.kind for ask in sender.asked] == [TaskKind.CREDIT_REVIEW]


def test_a_review_in_the_days_of_grace_is_asked_for_once() -> None:
    policy = a_business_policy(
        a_stage("due", 0, Tone.FRIENDLY), a_task_stage("review", 2, StageKind.CREDIT_REVIEW), grace_days=4
    )
    sender = PureSender(policy, a_calendar(), NINE)
    key = sender.add(owing_since(0))
    sender.run_until(NINE + timedelta(days=20), key)
    assert [(ask.step.stage, ask.step.at.date()) for ask in sender.asked] == [("review", date(2026, 3, 6))]


def test_one_review_is_about_all_the_invoices_that_have_reached_it() -> None:
    young = an_invoice("INV-2", due=DUE - timedelta(days=14), minor=20_00)
    new = an_invoice("INV-3", due=DUE)
    account = told(owing_since(30), 10).with_invoice(young).with_invoice(new)
    step = asked(account).step
    assert step.occurrence == str(DUE - timedelta(days=30))
    assert [(line.number, line.days, line.amount) for line in step.invoices] == [
        ("INV-1", 14, money(100_00)),
        ("INV-2", 14, money(20_00)),
    ]


def test_an_invoice_that_reaches_its_review_later_gets_one_of_its_own() -> None:
    sender = PureSender(a_business_policy(), a_calendar(), NINE)
    key = sender.add(owing_since(14).with_invoice(an_invoice("INV-2", due=DUE - timedelta(days=10))))
    sender.run_until(NINE + timedelta(days=10), key)
    assert [[line.number for line in ask.step.invoices] for ask in sender.asked] == [["INV-1"], ["INV-2"]]
    assert [ask.step.occurrence for ask in sender.asked] == ["2026-02-16", "2026-02-20"]


def test_two_reviews_from_the_same_date_have_names_of_their_own() -> None:
    account = owing_since(14)
    first = a_step_of_a_person(
        account, TaskKind.CREDIT_REVIEW, account.invoices, stage="review", days=14, occurrence="2026-02-16"
    )
    account = account.with_reminder(first).with_invoice(an_invoice("INV-2", due=DUE - timedelta(days=14)))
    step = asked(account).step
    assert (step.occurrence, [line.number for line in step.invoices]) == ("2026-02-16.2", ["INV-2"])
    assert step.id != first.id


def test_a_broken_promise_starts_a_round_with_a_review_of_its_own() -> None:
    account = owing_since(40)
    first = a_step_of_a_person(account, TaskKind.CREDIT_REVIEW, account.invoices, stage="review", days=14)
    promise = Promise("p-1", ("INV-1",), DUE - timedelta(days=14), NINE - timedelta(days=20))
    account = replace(account.with_reminder(first), promises=(promise,))
    assert asked(account).step.occurrence == str(DUE - timedelta(days=14))


@pytest.mark.parametrize("kind", [TaskKind.CALL, TaskKind.COLLECTIONS])
def test_only_a_step_of_its_own_kind_makes_a_review_taken(kind: TaskKind) -> None:
    account = owing_since(14)
    other = a_step_of_a_person(account, kind, account.invoices, stage="other", days=14)
    assert asked(account.with_reminder(other)).kind is TaskKind.CREDIT_REVIEW


def test_the_review_of_what_is_on_hold_waits_for_its_end() -> None:
    hold = Hold("h-1", HoldKind.REPLY, NINE, NINE + timedelta(days=2))
    decision = decided(told(owing_since(14), 10).with_hold(hold))
    assert isinstance(decision, Wait)
    assert decision.until == NINE + timedelta(days=2)


def test_collections_are_proposed_once_the_ladder_is_finished_and_the_day_has_come() -> None:
    ask = asked(told(owing_since(60), 10), a_business_policy(*DUE_AND_FIRM, HAND_OFF))
    assert (ask.kind, ask.step.stage) == (TaskKind.COLLECTIONS, "hand_off")


def test_collections_are_not_proposed_before_their_day() -> None:
    decision = decided(told(owing_since(59), 10), a_business_policy(*DUE_AND_FIRM, HAND_OFF))
    assert isinstance(decision, Wait)
    assert decision.until == NINE + timedelta(days=1)


@pytest.mark.parametrize(("days", "delivered"), [(0, True), (10, False)])
def test_collections_are_not_proposed_before_the_last_stage_was_said(days: int, delivered: bool) -> None:  # noqa: FBT001
    account = told(owing_since(60), days, delivered=delivered)
    assert isinstance(decided(account, a_business_policy(*DUE_AND_FIRM, HAND_OFF)), Send)


def test_collections_are_not_proposed_while_the_last_words_were_milder_than_meant() -> None:
    account = told(owing_since(60), 10)
    (mild,) = account.reminders
    account = account.with_reminder(replace(mild, held_back=True, tone=Tone.FRIENDLY))
    decision = decided(account, a_business_policy(*DUE_AND_FIRM, HAND_OFF))
    assert isinstance(decision, Send)
    assert decision.reminder.tone is Tone.NEUTRAL


@pytest.mark.parametrize("purpose", [Purpose.BUSINESS, Purpose.UNKNOWN])
def test_the_debt_of_whoever_is_not_known_to_be_a_consumer_may_go_to_collections(purpose: Purpose) -> None:
    account = told(owing_since(60, purpose=purpose), 10)
    assert asked(account, a_business_policy(*DUE_AND_FIRM, HAND_OFF)).kind is TaskKind.COLLECTIONS


def test_the_debt_of_a_consumer_is_not_proposed_for_collections_unless_the_policy_says_so() -> None:
    account = told(owing_since(60, purpose=Purpose.CONSUMER), 10)
    decision = decided(account, a_business_policy(*DUE_AND_FIRM, HAND_OFF))
    assert isinstance(decision, Nothing)
    assert [str(reason) for reason in decision.reasons] == ["ladder_finished: late"]
    allowed = a_business_policy(*DUE_AND_FIRM, HAND_OFF, collections_for_consumers=True)
    assert asked(account, allowed).kind is TaskKind.COLLECTIONS


def test_a_consumers_credit_may_be_reviewed() -> None:
    account = told(owing_since(14, purpose=Purpose.CONSUMER), 10)
    assert asked(account).kind is TaskKind.CREDIT_REVIEW


def test_a_declined_final_demand_counts_as_said_so_that_collections_can_be_proposed() -> None:
    account = owing_since(60)
    step = a_step_of_a_person(account, TaskKind.APPROVAL, account.invoices, stage="late", days=10)
    account = answered(account.with_reminder(step), step, Verdict.DECLINED)
    assert asked(account, a_business_policy(*DUE_AND_FIRM, HAND_OFF)).kind is TaskKind.COLLECTIONS


@pytest.mark.parametrize("tone", [Tone.FRIENDLY, Tone.FINAL])
def test_a_letter_at_the_end_finishes_the_ladder_whatever_its_tone(tone: Tone) -> None:
    letter = a_task_stage("letter", 10, StageKind.LETTER, tone=tone)
    policy = a_business_policy(a_stage("due", 0, Tone.FRIENDLY), letter, HAND_OFF)
    sender = PureSender(policy, a_calendar(), NINE)
    key = sender.add(owing_since(60))
    sender.run_until(NINE + timedelta(days=40), key, Fate.BOUNCED)
    assert [ask.kind for ask in sender.asked] == [TaskKind.LETTER, TaskKind.COLLECTIONS]


@pytest.mark.parametrize("kind", [StageKind.CREDIT_REVIEW, StageKind.COLLECTIONS])
def test_a_ladder_of_decisions_alone_writes_to_nobody_and_asks_on_its_day(kind: StageKind) -> None:
    policy = a_business_policy(a_task_stage("look", 30, kind))
    sender = PureSender(policy, a_calendar(), NINE)
    key = sender.add(owing_since(0))
    sender.run_until(NINE + timedelta(days=90), key)
    assert [(ask.step.stage, ask.step.at) for ask in sender.asked] == [("look", NINE + timedelta(days=30))]
    assert sender.sent == []


def test_a_review_before_the_first_message_is_asked_for() -> None:
    policy = a_business_policy(
        a_task_stage("review", 5, StageKind.CREDIT_REVIEW), a_stage("late", 10, Tone.NEUTRAL)
    )
    assert asked(owing_since(5), policy).kind is TaskKind.CREDIT_REVIEW


def test_a_decision_about_what_a_credit_note_covers_is_not_asked_for() -> None:
    policy = a_business_policy(a_task_stage("look", 30, StageKind.CREDIT_REVIEW))
    account = owing_since(40).with_invoice(an_invoice("CN-1", minor=-100_00))
    assert isinstance(decided(account, policy), Nothing)
    assert asked(owing_since(40), policy).kind is TaskKind.CREDIT_REVIEW


def test_stages_of_one_name_in_two_ladders_are_asked_about_on_their_own_days() -> None:
    policy = a_business_policy(
        a_stage("due", 0, Tone.FRIENDLY),
        REVIEW,
        ladders={
            "deposit": [
                a_stage("due", 0, Tone.FRIENDLY),
                a_task_stage("review", 20, StageKind.CREDIT_REVIEW),
            ]
        },
        ladder_by_kind={"deposit": "deposit"},
    )
    sender = PureSender(policy, a_calendar(), NINE)
    deposit = replace(an_invoice("DEP-1", due=DUE - timedelta(days=20)), kind=InvoiceKind.DEPOSIT)
    key = sender.add(owing_since(20).with_invoice(deposit))
    sender.run_until(NINE + timedelta(days=30), key)
    assert [[(line.number, line.days) for line in ask.step.invoices] for ask in sender.asked] == [
        [("DEP-1", 20)],
        [("INV-1", 14)],
    ]


def test_the_order_of_the_invoices_does_not_choose_the_decision() -> None:
    policy = a_business_policy(*DUE_AND_FIRM, REVIEW, HAND_OFF)
    old = an_invoice("INV-1", due=DUE - timedelta(days=60))
    new = an_invoice("INV-2", due=DUE - timedelta(days=14))
    account = an_account(old, new)
    account = account.with_reminder(a_reminder(account, [old, new], stage="late", days=10, at=NINE))
    turned = replace(account, invoices=(new, old))
    assert asked(account, policy).step == asked(turned, policy).step
