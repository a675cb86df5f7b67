"""What waits for a person's approval, and what the answer allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tactful.domain.book.account import Account, TaskKind
from tactful.domain.book.agreements import Verdict
from tactful.domain.book.contact_log import ManualContact, Reminder, ReminderStatus, Tone
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import Invoice, InvoiceKind
from tactful.domain.book.payment import Payment, PaymentKind, record_payment
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Ask, Decision, Nothing, ReasonCode, Send, Wait
from tests.support.builders import (
    DUE,
    NINE,
    a_calendar,
    a_policy,
    a_reminder,
    a_stage,
    an_account,
    an_invoice,
    answered,
    money,
)
from tests.support.pure_sender import Fate, PureSender

OLD = an_invoice("INV-1", due=DUE - timedelta(days=21))
STAGES = [
    a_stage("due", 0, Tone.FRIENDLY),
    a_stage("late", 10, Tone.FIRM),
    a_stage("final", 21, Tone.FINAL, approval=True),
]
POLICY = a_policy(stages=STAGES)
OLD_DEBT = a_policy(approve_old_debt={"older_than_days": 90, "over": {"GBP": 50_00}})


def warned(*others: Invoice, invoice: Invoice = OLD, at: datetime = NINE - timedelta(days=8)) -> Account:
    """An account that was told firmly of its old invoice."""
    account = an_account(invoice, *others)
    firm = a_reminder(
        account, [invoice], stage="late", days=10, tone=Tone.FIRM, at=at, occurrence=str(invoice.due_date)
    )
    return account.with_reminder(firm)


def decided(account: Account, now: datetime = NINE) -> Decision:
    return decide(account, POLICY, a_calendar(), now)


def after_asking(account: Account) -> tuple[Account, Reminder]:
    decision = decided(account)
    assert isinstance(decision, Ask), decision
    assert decision.kind is TaskKind.APPROVAL
    return account.with_reminder(decision.step), decision.step


def codes(decision: Decision) -> set[ReasonCode]:
    return {reason.code for reason in decision.reasons}


def test_a_final_demand_is_shown_to_a_person_first() -> None:
    _, step = after_asking(warned())
    assert (step.stage, step.tone, step.channel, step.detail) == (
        "final",
        Tone.FINAL,
        Channel.PERSON,
        "approval",
    )
    assert step.reasons == ("stage_reached: final INV-1", "needs_approval: final")
    assert not step.is_contact


def test_approval_is_asked_for_regardless_of_the_gap_but_not_at_night() -> None:
    account = warned(at=NINE - timedelta(hours=2))
    night = NINE - timedelta(hours=1)
    decision = decided(account, night)
    assert isinstance(decision, Wait)
    assert decision.until == NINE
    assert ReasonCode.OUTSIDE_WINDOW in codes(decision)
    after_asking(account)


def test_approval_is_asked_for_once_and_waited_for() -> None:
    account, _ = after_asking(warned())
    decision = decided(account, NINE + timedelta(days=30))
    assert decision == Nothing(decision.reasons)
    assert str(decision.reasons[-1]) == "with_a_person: approval"


def test_what_was_granted_is_sent_and_says_who_granted_it() -> None:
    account, step = after_asking(warned())
    decision = decided(answered(account, step, Verdict.GRANTED))
    assert isinstance(decision, Send)
    assert (decision.reminder.stage, decision.reminder.tone) == ("final", Tone.FINAL)
    assert (decision.reminder.occurrence, decision.reminder.attempt) == (step.occurrence, 2)
    assert str(decision.reasons[-1]) == "approved: Bea"


def test_what_was_granted_still_keeps_the_gap() -> None:
    account, step = after_asking(warned(at=NINE - timedelta(hours=2)))
    decision = decided(answered(account, step, Verdict.GRANTED))
    assert isinstance(decision, Wait)
    assert decision.until == datetime(2026, 3, 5, 9, tzinfo=UTC)
    assert codes(decision) >= {ReasonCode.APPROVED, ReasonCode.MINIMUM_GAP}


def test_what_was_declined_is_remembered_like_sent() -> None:
    account, step = after_asking(warned())
    decision = decided(answered(account, step, Verdict.DECLINED), NINE + timedelta(days=200))
    assert isinstance(decision, Nothing)
    assert [str(reason) for reason in decision.reasons] == ["ladder_finished: final"]


@pytest.mark.parametrize(("hours", "sent"), [(-1, True), (0, False), (1, False)])
def test_an_approval_is_good_until_its_days_are_over(hours: int, sent: bool) -> None:  # noqa: FBT001
    account, step = after_asking(warned())
    granted = answered(account, step, Verdict.GRANTED, NINE - timedelta(days=7, hours=hours))
    assert isinstance(decided(granted), Send if sent else Ask)


def test_an_approval_that_would_be_too_old_when_the_gap_is_over_is_asked_for_again() -> None:
    account, step = after_asking(warned(at=NINE - timedelta(hours=2)))
    granted = answered(account, step, Verdict.GRANTED, NINE - timedelta(days=5))
    again = decided(granted)
    assert isinstance(again, Ask)
    assert (again.step.occurrence, again.step.attempt) == (step.occurrence, 2)
    assert isinstance(decided(granted.with_reminder(again.step)), Nothing)


def test_a_smaller_amount_than_shown_may_be_sent() -> None:
    account, step = after_asking(warned())
    payment = Payment("pay-1", PaymentKind.PAYMENT, "INV-1", money(40_00), NINE)
    paid = record_payment(account, payment, NINE.date()).account
    decision = decided(answered(paid, step, Verdict.GRANTED))
    assert isinstance(decision, Send)
    assert decision.reminder.invoices[0].amount == money(60_00)


@pytest.mark.parametrize(
    "more",
    [
        replace(OLD, total=money(120_00), reported=money(120_00)),
        an_invoice("INV-2", due=DUE - timedelta(days=10)),
    ],
)
def test_more_than_was_shown_is_asked_for_again(more: Invoice) -> None:
    account, step = after_asking(warned())
    decision = decided(answered(account.with_invoice(more), step, Verdict.GRANTED))
    assert isinstance(decision, Ask)
    assert decision.step.id != step.id


def test_an_invoice_that_was_paid_meanwhile_is_left_out_of_what_was_approved() -> None:
    other = an_invoice("INV-2", due=DUE - timedelta(days=10))
    account, step = after_asking(warned(other))
    payment = Payment("pay-1", PaymentKind.PAYMENT, "INV-2", money(100_00), NINE)
    paid = record_payment(account, payment, NINE.date()).account
    decision = decided(answered(paid, step, Verdict.GRANTED))
    assert isinstance(decision, Send)
    assert [line.number for line in decision.reminder.invoices] == ["INV-1"]


def test_a_later_approval_counts_although_an_earlier_question_was_never_answered() -> None:
    other = an_invoice("INV-2", due=DUE - timedelta(days=10))
    account, _ = after_asking(warned())
    account, step = after_asking(account.with_invoice(other))
    payment = Payment("pay-1", PaymentKind.PAYMENT, "INV-2", money(100_00), NINE)
    granted = answered(account, step, Verdict.GRANTED)
    assert isinstance(decided(record_payment(granted, payment, NINE.date()).account), Send)


def test_a_message_is_never_stronger_than_what_was_approved() -> None:
    account, step = after_asking(warned())
    milder = replace(step, tone=Tone.FIRM)
    granted = answered(account.with_reminder(milder), milder, Verdict.GRANTED)
    decision = decided(granted)
    assert isinstance(decision, Send)
    assert decision.reminder.tone is Tone.FIRM


def test_an_approved_message_that_bounces_goes_by_the_next_channel_without_being_asked_for_again() -> None:
    sender = PureSender(POLICY, a_calendar(), NINE)
    account, step = after_asking(warned())
    key = sender.add(answered(account, step, Verdict.GRANTED))
    sender.tick(key, Fate.BOUNCED)
    sender.tick(key)
    assert [sent.reminder.channel for sent in sender.sent] == [Channel.EMAIL, Channel.SMS]
    assert sender.asked == []


def test_words_that_have_to_be_mild_anyway_need_no_approval() -> None:
    decision = decided(an_account(OLD))
    assert isinstance(decision, Send)
    assert (decision.reminder.stage, decision.reminder.tone) == ("final", Tone.NEUTRAL)
    assert decision.reminder.held_back


def test_a_stage_that_waits_for_approval_holds_up_no_milder_one() -> None:
    account, step = after_asking(warned(an_invoice("INV-2", due=DUE - timedelta(days=10))))
    decision = decided(account)
    assert isinstance(decision, Send)
    assert decision.reminder.stage == "late"
    assert [(line.number, line.days) for line in decision.reminder.invoices] == [("INV-1", 10), ("INV-2", 10)]
    told = account.with_reminder(decision.reminder.advanced(ReminderStatus.DELIVERED))
    granted = answered(told, step, Verdict.GRANTED, NINE + timedelta(days=3))
    final = decided(granted, NINE + timedelta(days=3))
    assert isinstance(final, Send)
    assert final.reminder.stage == "final"


def test_a_stage_of_the_same_name_in_another_ladder_does_not_wait_with_it() -> None:
    policy = a_policy(
        stages=STAGES,
        ladders={"deposit": [a_stage("due", 0, Tone.FRIENDLY), a_stage("final", 10, Tone.FIRM)]},
        ladder_by_kind={"deposit": "deposit"},
    )
    deposit = replace(an_invoice("DEP-1", due=DUE - timedelta(days=10)), kind=InvoiceKind.DEPOSIT)
    account, _ = after_asking(warned(deposit))
    decision = decide(account, policy, a_calendar(), NINE)
    assert isinstance(decision, Send)
    assert (decision.reminder.stage, decision.reminder.tone) == ("final", Tone.FIRM)
    assert decision.reminder.occurrence == str(deposit.due_date)


def test_mild_words_that_are_to_be_said_again_are_not_ended_by_a_message_about_another_invoice() -> None:
    sender = PureSender(POLICY, a_calendar(), NINE)
    key = sender.add(an_account(OLD))
    sender.tick(key)
    late = an_invoice("INV-2", due=DUE - timedelta(days=10))
    sender.change(key, lambda account: account.with_invoice(late))
    sender.run_until(NINE + timedelta(days=25), key)
    assert [(sent.reminder.stage, sent.reminder.tone, sent.at.date()) for sent in sender.sent] == [
        ("final", Tone.NEUTRAL, date(2026, 3, 2)),
        ("late", Tone.FIRM, date(2026, 3, 5)),
    ]
    assert [(ask.kind, ask.step.stage, ask.step.at.date()) for ask in sender.asked][:1] == [
        (TaskKind.APPROVAL, "final", date(2026, 3, 9))
    ]


def test_the_first_contact_about_a_large_old_debt_waits_for_a_person() -> None:
    decision = decide(an_account(an_invoice(due=DUE - timedelta(days=91))), OLD_DEBT, a_calendar(), NINE)
    assert isinstance(decision, Ask)
    assert decision.kind is TaskKind.APPROVAL
    assert str(decision.reasons[-1]) == "old_debt: GBP"


@pytest.mark.parametrize(
    ("days", "minor", "currency"),
    [(90, 100_00, "GBP"), (91, 50_00, "GBP"), (400, 900_00, "EUR")],
)
def test_a_debt_that_is_not_old_or_not_large_or_without_a_limit_needs_no_approval(
    days: int, minor: int, currency: str
) -> None:
    account = an_account(an_invoice(due=DUE - timedelta(days=days), minor=minor, currency=currency))
    assert isinstance(decide(account, OLD_DEBT, a_calendar(), NINE), Send)


def test_old_debts_of_one_currency_add_up() -> None:
    account = an_account(
        an_invoice("INV-1", due=DUE - timedelta(days=91), minor=30_00),
        an_invoice("INV-2", due=DUE - timedelta(days=91), minor=20_01),
    )
    assert isinstance(decide(account, OLD_DEBT, a_calendar(), NINE), Ask)


@pytest.mark.parametrize(("credit", "decision"), [(-49_99, Ask), (-50_00, Send)])
def test_a_credit_note_of_any_age_lessens_an_old_debt(credit: int, decision: type) -> None:
    old = an_invoice(due=DUE - timedelta(days=91))
    account = an_account(old, an_invoice("CN-1", minor=credit))
    assert isinstance(decide(account, OLD_DEBT, a_calendar(), NINE), decision)


def test_a_debt_of_a_client_who_was_contacted_before_is_no_surprise() -> None:
    old = an_invoice(due=DUE - timedelta(days=91))
    account = an_account(old)
    account = account.with_reminder(a_reminder(account, [old], at=NINE - timedelta(days=20)))
    assert isinstance(decide(account, OLD_DEBT, a_calendar(), NINE), Send)


def test_a_debt_that_gets_old_while_a_contact_by_hand_is_waited_for_is_asked_about_in_time() -> None:
    policy = a_policy(approve_old_debt={"older_than_days": 90, "over": {"GBP": 50_00}}, minimum_gap_days=10)
    account = replace(
        an_account(an_invoice(due=DUE - timedelta(days=89))),
        manual_contacts=(ManualContact("m-1", NINE - timedelta(days=1), "call"),),
    )
    decision = decide(account, policy, a_calendar(), NINE)
    assert isinstance(decision, Wait)
    assert decision.until == NINE + timedelta(days=2)
    assert isinstance(decide(account, policy, a_calendar(), decision.until), Ask)


def test_a_call_that_was_asked_for_does_not_stand_for_the_approval_of_an_old_debt() -> None:
    call = {"name": "call_15", "days": 15, "kind": "call"}
    stages = [a_stage("due", 0, Tone.FRIENDLY), call, a_stage("last", 21, Tone.FIRM)]
    policy = a_policy(stages=stages, approve_old_debt={"older_than_days": 90, "over": {"GBP": 1000_00}})
    old = an_invoice("OLD", due=DUE - timedelta(days=400), minor=5000_00)
    sender = PureSender(policy, a_calendar(), NINE)
    key = sender.add(an_account(old, an_invoice("NEW", due=DUE - timedelta(days=14), minor=50_00)))
    sender.run_until(NINE + timedelta(days=30), key)
    assert sender.sent == []
    assert "approval" in {step.detail for step in sender.load(key).reminders}
