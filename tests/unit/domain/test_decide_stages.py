"""Which stage of the ladder an account has reached, what one message holds, and when there is nothing to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tactful.domain.book.account import Account, Thanks
from tactful.domain.book.agreements import Promise
from tactful.domain.book.contact_log import ReminderStatus, Tone
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import InvoiceKind, InvoiceState
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Decision, Nothing, Reason, ReasonCode, Send, Wait, next_action_at
from tests.support.builders import (
    DUE,
    NINE,
    a_calendar,
    a_policy,
    a_reminder,
    a_stage,
    an_account,
    an_invoice,
    money,
)
from tests.support.pure_sender import Fate, PureSender

POLICY = a_policy()
CALENDAR = a_calendar()


def decided(account: Account, now: datetime = NINE) -> Decision:
    return decide(account, POLICY, CALENDAR, now)


def sent(account: Account, now: datetime = NINE) -> Send:
    decision = decided(account, now)
    assert isinstance(decision, Send), decision
    return decision


def codes(decision: Decision) -> set[ReasonCode]:
    return {reason.code for reason in decision.reasons}


@pytest.mark.parametrize(
    ("days_after_due", "stage"),
    [
        (-7, "before_due"),
        (-1, "before_due"),
        (0, "due"),
        (2, "due"),
        (3, "overdue_3"),
        (9, "overdue_3"),
        (10, "overdue_10"),
        (20, "overdue_10"),
        (21, "overdue_21"),
        (400, "overdue_21"),
    ],
)
def test_a_late_account_gets_one_message_at_the_stage_it_has_reached(days_after_due: int, stage: str) -> None:
    account = an_account(an_invoice(due=NINE.date() - timedelta(days=days_after_due)))
    assert sent(account).reminder.stage == stage


def test_an_account_waits_for_its_first_stage() -> None:
    decision = decided(an_account(an_invoice(due=DUE + timedelta(days=10))))
    assert decision == Wait(
        datetime(2026, 3, 5, 9, tzinfo=UTC), (Reason(ReasonCode.STAGE_NOT_REACHED, "2026-03-12"),)
    )


def test_after_a_stage_the_account_waits_for_the_next_one() -> None:
    invoice = an_invoice()
    account = an_account(invoice)
    account = account.with_reminder(a_reminder(account, [invoice]))
    assert decided(account) == Wait(
        datetime(2026, 3, 5, 9, tzinfo=UTC), (Reason(ReasonCode.ALREADY_SENT, "due"),)
    )


def test_a_stage_that_falls_on_a_weekend_waits_for_monday() -> None:
    account = an_account(an_invoice(due=date(2026, 3, 7)))
    account = account.with_reminder(a_reminder(account, account.invoices, stage="before_due", days=-7))
    decision = decided(account, datetime(2026, 3, 7, 9, tzinfo=UTC))
    assert isinstance(decision, Wait)
    assert decision.until == datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert codes(decision) == {ReasonCode.STAGE_REACHED, ReasonCode.OUTSIDE_WINDOW}


def test_after_the_last_stage_there_is_nothing_to_do() -> None:
    invoice = an_invoice()
    account = an_account(invoice)
    account = account.with_reminder(a_reminder(account, [invoice], stage="overdue_21", days=21))
    decision = decided(account, NINE + timedelta(days=30))
    assert decision == Nothing((Reason(ReasonCode.LADDER_FINISHED, "overdue_21"),))
    assert next_action_at(decision, NINE) is None


def test_an_account_without_open_invoices_has_nothing_to_do() -> None:
    assert decided(an_account()) == Nothing((Reason(ReasonCode.NOTHING_OPEN),))


def test_the_whole_ladder_is_climbed_once_when_every_message_is_delivered() -> None:
    sender = PureSender(POLICY, CALENDAR, datetime(2026, 2, 1, tzinfo=UTC))
    key = sender.add(an_account(an_invoice()))
    sender.run_until(datetime(2027, 2, 1, tzinfo=UTC), key)
    assert [(s.reminder.stage, s.reminder.tone, s.reminder.at.date()) for s in sender.sent] == [
        ("before_due", Tone.FRIENDLY, date(2026, 2, 23)),
        ("due", Tone.FRIENDLY, date(2026, 3, 2)),
        ("overdue_3", Tone.NEUTRAL, date(2026, 3, 5)),
        # Thursday the 12th is day 10, but the third contact in seven days is not before then.
        ("overdue_10", Tone.FIRM, date(2026, 3, 12)),
        ("overdue_21", Tone.FINAL, date(2026, 3, 23)),
    ]


def test_a_message_says_everything_that_is_owed_at_the_stage_of_the_worst() -> None:
    old = an_invoice("INV-1", due=DUE - timedelta(days=12))
    new = an_invoice("INV-2", due=DUE, minor=20_00)
    not_yet = an_invoice("INV-3", due=DUE + timedelta(days=30))
    reminder = sent(an_account(new, not_yet, old)).reminder
    assert reminder.stage == "overdue_10"
    assert reminder.occurrence == str(old.due_date)
    assert [(c.number, c.days, c.amount) for c in reminder.invoices] == [
        ("INV-1", 10, money(100_00)),
        ("INV-2", 0, money(20_00)),
    ]


def test_twenty_invoices_of_one_day_make_one_message() -> None:
    invoices = [an_invoice(f"INV-{number:02d}") for number in range(20)]
    sender = PureSender(POLICY, CALENDAR, NINE)
    key = sender.add(an_account(*invoices))
    sender.run_until(NINE + timedelta(days=2), key)
    assert [len(s.reminder.invoices) for s in sender.sent] == [20]


def test_what_is_not_overdue_waits_to_be_listed_with_an_older_invoice_that_is_being_chased() -> None:
    old = an_invoice("INV-1", due=DUE - timedelta(days=12))
    new = an_invoice("INV-2", due=DUE)
    account = an_account(old, new)
    earlier = a_reminder(account, [old], stage="overdue_10", days=10, at=NINE - timedelta(days=3))
    decision = decided(account.with_reminder(earlier))
    assert codes(decision) == {ReasonCode.LISTED_WITH_OLDER}
    assert isinstance(decision, Wait)
    assert decision.until.date() == DUE + timedelta(days=3)


def test_news_of_a_younger_invoice_is_told_at_the_stage_of_the_worst_that_is_still_chased() -> None:
    old = an_invoice("INV-1", due=DUE - timedelta(days=12))
    new = an_invoice("INV-2", due=DUE - timedelta(days=3))
    account = an_account(old, new)
    earlier = a_reminder(
        account, [old], stage="overdue_10", days=10, at=NINE - timedelta(days=3), occurrence=str(old.due_date)
    )
    reminder = sent(account.with_reminder(earlier)).reminder
    assert (reminder.stage, reminder.occurrence) == ("overdue_10", f"{old.due_date}.2")
    assert [(chased.number, chased.days) for chased in reminder.invoices] == [("INV-1", 10), ("INV-2", 3)]


def test_after_a_call_about_an_old_invoice_news_of_a_younger_one_is_told_at_the_message_before_the_call() -> (
    None
):
    call = {"name": "call_15", "days": 15, "kind": "call"}
    stages = [a_stage(*values) for values in (("due", 0, Tone.FRIENDLY), ("overdue_10", 10, Tone.FIRM))]
    policy = a_policy(stages=[*stages, call, a_stage("last", 30, Tone.FINAL)])
    old = an_invoice("INV-1", due=DUE - timedelta(days=18))
    account = an_account(old, an_invoice("INV-2", due=DUE))
    called = a_reminder(account, [old], stage="call_15", days=15, at=NINE - timedelta(days=3))
    account = account.with_reminder(called)
    courtesy = decide(account, policy, CALENDAR, NINE)
    assert codes(courtesy) == {ReasonCode.LISTED_WITH_OLDER}
    overdue = account.with_invoice(an_invoice("INV-2", due=DUE - timedelta(days=10)))
    news = decide(overdue, policy, CALENDAR, NINE)
    assert isinstance(news, Send)
    assert (news.reminder.stage, [line.days for line in news.reminder.invoices]) == ("overdue_10", [15, 10])


def test_an_invoice_with_which_the_ladder_is_done_is_listed_but_sets_no_stage() -> None:
    old = an_invoice("INV-1", due=DUE - timedelta(days=40))
    new = an_invoice("INV-2", due=DUE)
    account = an_account(old, new)
    earlier = a_reminder(account, [old], stage="overdue_21", days=21, at=NINE - timedelta(days=9))
    reminder = sent(account.with_reminder(earlier)).reminder
    assert reminder.stage == "due"
    assert [chased.number for chased in reminder.invoices] == ["INV-1", "INV-2"]


def test_an_invoice_imported_late_gets_a_round_of_its_own() -> None:
    invoice = an_invoice()
    account = an_account(invoice)
    account = account.with_reminder(a_reminder(account, [invoice])).with_invoice(an_invoice("INV-2"))
    decision = decided(account)
    assert isinstance(decision, Wait)
    reminder = sent(account, decision.until).reminder
    assert reminder.stage == "overdue_3"
    account = account.with_invoice(replace(invoice, state=InvoiceState.PAID))
    moved = an_invoice("INV-2", due=DUE)
    later = decide(
        account.with_invoice(moved),
        a_policy(stages=[{"name": "due", "days": 0, "tone": "friendly", "channels": ["email"]}]),
        CALENDAR,
        decision.until,
    )
    assert isinstance(later, Send)
    assert (later.reminder.stage, later.reminder.occurrence) == ("due", f"{DUE}.2")


def test_a_round_whose_message_bounced_is_tried_again_and_not_the_one_that_arrived() -> None:
    first, second = an_invoice("INV-1"), an_invoice("INV-2")
    account = an_account(first, second)
    bounced = a_reminder(account, [first], status=ReminderStatus.BOUNCED, at=NINE - timedelta(days=4))
    arrived = a_reminder(account, [second], occurrence=f"{DUE}.2", at=NINE - timedelta(days=4))
    account = account.with_reminder(bounced).with_reminder(arrived)
    reminder = sent(account).reminder
    assert (reminder.occurrence, reminder.attempt, reminder.channel) == (str(DUE), 2, Channel.SMS)


def test_an_old_debt_is_climbed_one_step_at_a_time_with_days_between() -> None:
    sender = PureSender(POLICY, CALENDAR, NINE)
    key = sender.add(an_account(an_invoice(due=DUE - timedelta(days=90))))
    sender.run_until(NINE + timedelta(days=365), key)
    assert [(s.reminder.stage, s.reminder.tone, s.reminder.at.date()) for s in sender.sent] == [
        ("overdue_21", Tone.NEUTRAL, date(2026, 3, 2)),
        ("overdue_21", Tone.FIRM, date(2026, 3, 9)),
        ("overdue_21", Tone.FINAL, date(2026, 3, 16)),
    ]
    assert [s.reminder.held_back for s in sender.sent] == [True, True, False]


def test_words_that_were_held_back_are_not_repeated_before_they_have_arrived() -> None:
    sender = PureSender(POLICY, CALENDAR, NINE)
    key = sender.add(an_account(an_invoice(due=DUE - timedelta(days=90))))
    sender.run_until(NINE + timedelta(days=365), key, Fate.ACCEPTED)
    assert [(s.reminder.stage, s.reminder.tone) for s in sender.sent] == [("overdue_21", Tone.NEUTRAL)]


def test_credit_notes_are_netted_and_named() -> None:
    account = an_account(an_invoice(), an_invoice("CN-1", minor=-30_00))
    reminder = sent(account).reminder
    assert sorted((chased.number, chased.amount) for chased in reminder.invoices) == [
        ("CN-1", money(-30_00)),
        ("INV-1", money(100_00)),
    ]


def test_a_credit_note_in_another_currency_is_not_netted() -> None:
    account = an_account(an_invoice(), an_invoice("CN-1", minor=-100_00, currency="EUR"))
    assert [chased.number for chased in sent(account).reminder.invoices] == ["INV-1"]


@pytest.mark.parametrize("credit", [-100_00, -150_00])
def test_a_client_whose_credit_covers_the_debt_is_not_asked_for_money(credit: int) -> None:
    decision = decided(an_account(an_invoice(), an_invoice("CN-1", minor=credit)), NINE)
    assert codes(decision) == {ReasonCode.CREDIT_COVERS}


def test_a_cancelled_credit_note_is_not_netted() -> None:
    account = an_account(an_invoice(), an_invoice("CN-1", minor=-100_00, state=InvoiceState.VOID))
    assert [chased.number for chased in sent(account).reminder.invoices] == ["INV-1"]


def test_less_than_the_minimum_is_not_asked_for() -> None:
    assert codes(decided(an_account(an_invoice(minor=4_99)))) == {ReasonCode.BELOW_MINIMUM}
    assert sent(an_account(an_invoice(minor=5_00))).reminder.stage == "due"


def test_small_invoices_are_asked_for_together_once_they_add_up() -> None:
    account = an_account(an_invoice("INV-1", minor=3_00), an_invoice("INV-2", minor=2_00))
    assert len(sent(account).reminder.invoices) == 2


def test_a_small_amount_in_one_currency_does_not_silence_another() -> None:
    account = an_account(an_invoice("INV-1", minor=3_00), an_invoice("INV-2", currency="EUR"))
    reminder = sent(account)
    assert [chased.number for chased in reminder.reminder.invoices] == ["INV-2"]
    assert ReasonCode.BELOW_MINIMUM in codes(reminder)


def test_a_currency_without_a_minimum_has_none() -> None:
    assert sent(an_account(an_invoice(minor=1, currency="EUR"))).reminder.stage == "due"


def test_a_due_date_that_moves_starts_a_new_round() -> None:
    invoice = an_invoice()
    account = an_account(invoice)
    account = account.with_reminder(a_reminder(account, [invoice])).with_invoice(
        an_invoice(due=DUE + timedelta(days=7))
    )
    decision = decided(account, NINE + timedelta(days=3))
    assert isinstance(decision, Send)
    assert (decision.reminder.stage, decision.reminder.occurrence) == ("before_due", "2026-03-09")


def a_settled_account() -> Account:
    account = an_account(an_invoice(state=InvoiceState.PAID, received=100_00))
    return replace(account, thanks=Thanks("pay-1", NINE, ("INV-1",)))


def test_a_client_who_paid_everything_is_thanked_once() -> None:
    sender = PureSender(POLICY, CALENDAR, NINE)
    key = sender.add(a_settled_account())
    sender.run_until(NINE + timedelta(days=30), key)
    assert [(s.reminder.stage, s.reminder.tone, s.reminder.occurrence) for s in sender.sent] == [
        ("thank_you", Tone.FRIENDLY, "pay-1")
    ]
    assert sender.sent[0].reminder.invoices[0].amount == money(100_00)


def test_thanks_wait_for_the_gap_after_a_reminder() -> None:
    account = a_settled_account()
    account = account.with_reminder(a_reminder(account, account.invoices, at=NINE - timedelta(days=1)))
    decision = decided(account)
    assert isinstance(decision, Wait)
    assert decision.until == NINE + timedelta(days=2)
    assert codes(decision) == {ReasonCode.PAYMENT_SETTLED, ReasonCode.MINIMUM_GAP}


def test_late_thanks_are_not_sent() -> None:
    assert isinstance(decided(a_settled_account(), NINE + timedelta(days=10)), Nothing)


def test_a_new_debt_comes_before_thanks() -> None:
    account = a_settled_account().with_invoice(an_invoice("INV-2"))
    assert sent(account).reminder.stage == "due"


def test_thanks_that_bounced_are_tried_on_the_next_channel_and_then_given_up() -> None:
    sender = PureSender(POLICY, CALENDAR, NINE)
    key = sender.add(a_settled_account())
    sender.run_until(NINE + timedelta(days=30), key, Fate.BOUNCED)
    assert [s.reminder.channel for s in sender.sent] == [Channel.EMAIL, Channel.SMS]
    assert sender.asked == []


def test_the_same_facts_give_the_same_reminder() -> None:
    account = an_account(an_invoice())
    assert sent(account) == sent(account)


def test_a_reminder_tells_its_policy_its_reasons_and_when_the_window_closes() -> None:
    decision = sent(an_account(an_invoice()))
    assert decision.latest == datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
    assert decision.reminder.policy == "standard/1"
    assert decision.reminder.reasons == ("stage_reached: due INV-1",)
    assert decision.reminder.lease_until == NINE + timedelta(minutes=15)


def test_a_promise_for_another_invoice_pauses_only_that_one() -> None:
    promise = Promise("p-1", ("INV-1",), DUE + timedelta(days=20), NINE)
    account = replace(an_account(an_invoice("INV-1"), an_invoice("INV-2")), promises=(promise,))
    assert [chased.number for chased in sent(account).reminder.invoices] == ["INV-2"]


def test_of_two_equally_bad_invoices_on_different_ladders_the_order_of_the_book_does_not_choose() -> None:
    policy = a_policy(
        ladders={"deposit": [a_stage("deposit_3", 3, Tone.NEUTRAL)]}, ladder_by_kind={"deposit": "deposit"}
    )
    plain = an_invoice("INV-1", due=DUE - timedelta(days=3))
    deposit = replace(plain, number="INV-2", kind=InvoiceKind.DEPOSIT)
    for account in (an_account(plain, deposit), an_account(deposit, plain)):
        decision = decide(account, policy, CALENDAR, NINE)
        assert isinstance(decision, Send)
        assert decision.reminder.stage == "overdue_3"
        assert [str(reason) for reason in decision.reasons] == ["stage_reached: overdue_3 INV-1"]
