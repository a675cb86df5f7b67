"""What keeps an invoice from being chased, and what ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Hold, HoldKind, Instalment, Plan, Promise
from tactful.domain.book.contact_log import Tone
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Decision, Nothing, ReasonCode, Send, Wait
from tests.support.builders import DUE, NINE, a_calendar, a_policy, a_reminder, an_account, an_invoice, money
from tests.support.pure_sender import PureSender

OVERDUE = an_invoice(due=DUE - timedelta(days=30))


def decided(account: Account, now: datetime = NINE, zone: str = "Etc/UTC") -> Decision:
    return decide(account, a_policy(), a_calendar(zone), now)


def only_code(decision: Decision) -> ReasonCode:
    (reason,) = decision.reasons
    return reason.code


def promising(account: Account, *days: date, made_at: datetime = NINE) -> Account:
    promises = tuple(
        Promise(f"p-{number}", ("INV-1",), day, made_at + timedelta(hours=number))
        for number, day in enumerate(days)
    )
    return replace(account, promises=promises)


def planning(account: Account, *parts: tuple[date, int]) -> Account:
    instalments = tuple(Instalment(day, money(minor)) for day, minor in parts)
    return replace(account, plan=Plan("plan-1", ("INV-1",), instalments, NINE))


@pytest.mark.parametrize("state", [InvoiceState.PAID, InvoiceState.VOID, InvoiceState.WRITTEN_OFF])
def test_a_closed_invoice_is_never_chased(state: InvoiceState) -> None:
    assert only_code(decided(an_account(replace(OVERDUE, state=state)))) is ReasonCode.NOTHING_OPEN


def test_a_disputed_invoice_is_left_to_a_person() -> None:
    decision = decided(an_account(replace(OVERDUE, state=InvoiceState.DISPUTED)))
    assert isinstance(decision, Nothing)
    assert only_code(decision) is ReasonCode.DISPUTED


def test_a_dispute_about_one_invoice_leaves_the_others_chaseable() -> None:
    disputed = replace(OVERDUE, number="INV-2", state=InvoiceState.DISPUTED)
    decision = decided(an_account(OVERDUE, disputed))
    assert isinstance(decision, Send)
    assert [chased.number for chased in decision.reminder.invoices] == ["INV-1"]


def test_a_hold_pauses_until_it_ends() -> None:
    until = datetime(2026, 3, 11, 14, tzinfo=UTC)
    account = an_account(OVERDUE).with_hold(Hold("h-1", HoldKind.REPLY, NINE, until))
    decision = decided(account)
    assert isinstance(decision, Wait)
    assert (decision.until, str(decision.reasons[0])) == (until, "on_hold: INV-1 reply")
    assert isinstance(decided(account, until), Send)


def test_the_longest_of_several_holds_counts() -> None:
    account = an_account(OVERDUE).with_hold(Hold("h-1", HoldKind.REPLY, NINE, NINE + timedelta(days=9)))
    account = account.with_hold(Hold("h-2", HoldKind.MANUAL, NINE, NINE + timedelta(days=2)))
    decision = decided(account)
    assert isinstance(decision, Wait)
    assert decision.until == NINE + timedelta(days=9)


def test_a_hold_without_an_end_waits_for_a_person() -> None:
    account = an_account(OVERDUE).with_hold(Hold("h-1", HoldKind.LEGAL, NINE))
    account = account.with_hold(Hold("h-2", HoldKind.REPLY, NINE, NINE + timedelta(days=2)))
    assert isinstance(decided(account), Nothing)


def test_a_hold_on_one_invoice_leaves_the_others_chaseable() -> None:
    account = an_account(OVERDUE, replace(OVERDUE, number="INV-2"))
    decision = decided(account.with_hold(Hold("h-1", HoldKind.MANUAL, NINE, invoices=("INV-1",))))
    assert isinstance(decision, Send)
    assert [chased.number for chased in decision.reminder.invoices] == ["INV-2"]


def test_a_promise_pauses_through_its_day_in_the_businesss_zone() -> None:
    account = promising(an_account(OVERDUE), date(2026, 3, 6))
    decision = decided(account, zone="Australia/Sydney")
    assert isinstance(decision, Wait)
    assert only_code(decision) is ReasonCode.PROMISED
    assert decision.until == datetime(2026, 3, 6, 13, tzinfo=UTC)


def test_a_broken_promise_starts_a_new_round_after_its_date() -> None:
    account = promising(an_account(OVERDUE), date(2026, 3, 6))
    sender = PureSender(a_policy(), a_calendar(), NINE)
    key = sender.add(account)
    sender.run_until(NINE + timedelta(days=60), key)
    assert [(s.reminder.stage, s.reminder.occurrence, s.reminder.at.date()) for s in sender.sent] == [
        ("overdue_3", "2026-03-06", date(2026, 3, 9)),
        ("overdue_10", "2026-03-06", date(2026, 3, 16)),
        ("overdue_21", "2026-03-06", date(2026, 3, 27)),
    ]
    assert "promise_broken: INV-1 2026-03-06" in sender.sent[0].reminder.reasons


def test_a_broken_promise_raises_the_tone_one_step_above_what_was_delivered_and_is_mentioned() -> None:
    account = promising(an_account(OVERDUE), date(2026, 3, 6))
    account = account.with_reminder(
        a_reminder(account, [OVERDUE], stage="overdue_3", days=3, tone=Tone.NEUTRAL, at=NINE)
    )
    decision = decided(account, NINE + timedelta(days=7))
    assert isinstance(decision, Send)
    assert (decision.reminder.stage, decision.reminder.tone) == ("overdue_3", Tone.FIRM)
    assert decision.reminder.promised == date(2026, 3, 6)


def test_the_latest_promise_counts() -> None:
    account = promising(an_account(OVERDUE), date(2026, 2, 27), date(2026, 3, 6))
    assert only_code(decided(account)) is ReasonCode.PROMISED


def test_a_promise_for_a_day_before_the_due_date_does_not_hurry_the_ladder() -> None:
    account = promising(an_account(an_invoice(due=DUE + timedelta(days=30))), date(2026, 2, 27))
    decision = decided(account)
    assert isinstance(decision, Wait)
    assert only_code(decision) is ReasonCode.STAGE_NOT_REACHED


def test_a_plan_that_is_not_behind_pauses_until_its_next_instalment_has_passed() -> None:
    account = planning(an_account(OVERDUE), (date(2026, 3, 10), 40_00), (date(2026, 4, 10), 60_00))
    decision = decided(account)
    assert isinstance(decision, Wait)
    assert only_code(decision) is ReasonCode.PLAN_KEPT
    assert decision.until == datetime(2026, 3, 11, tzinfo=UTC)


def test_a_missed_instalment_starts_a_round_from_its_own_date() -> None:
    account = planning(an_account(OVERDUE), (date(2026, 3, 10), 40_00), (date(2026, 4, 10), 60_00))
    sender = PureSender(a_policy(), a_calendar(), NINE)
    key = sender.add(account)
    (first, *_) = sender.run_until(NINE + timedelta(days=20), key)
    assert (first.reminder.stage, first.reminder.occurrence) == ("overdue_3", "2026-03-10")
    assert first.reminder.at.date() == date(2026, 3, 13)


def test_a_kept_plan_outlasts_a_broken_promise() -> None:
    account = planning(an_account(OVERDUE), (date(2026, 3, 10), 100_00))
    account = promising(account, date(2026, 2, 20))
    assert only_code(decided(account)) is ReasonCode.PLAN_KEPT


def test_a_promise_made_after_a_missed_instalment_is_waited_for() -> None:
    account = planning(an_account(OVERDUE), (date(2026, 2, 10), 100_00))
    account = promising(account, date(2026, 3, 20))
    decision = decided(account)
    assert isinstance(decision, Wait)
    assert only_code(decision) is ReasonCode.PROMISED


def test_a_claim_in_flight_is_waited_for() -> None:
    account = an_account(OVERDUE)
    first = decided(account)
    assert isinstance(first, Send)
    decision = decided(account.with_claim(first.reminder), NINE + timedelta(minutes=5))
    assert isinstance(decision, Wait)
    assert decision.until == first.reminder.lease_until
    assert only_code(decision) is ReasonCode.CLAIM_IN_FLIGHT
