"""When a message may leave: gap, caps and window; and how strong its tone may be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import ReminderStatus, Tone
from tactful.domain.book.customer import Channel
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Decision, ReasonCode, Send, Wait
from tests.support.builders import (
    DUE,
    EMAIL,
    NINE,
    a_calendar,
    a_contact,
    a_customer,
    a_policy,
    a_reminder,
    a_stage,
    an_account,
    an_invoice,
    contacted_by_another,
    holidays_on,
)

OLD = an_invoice("INV-OLD", due=DUE - timedelta(days=60))
INVOICE = an_invoice(due=DUE - timedelta(days=21))


def decided(account: Account, now: datetime = NINE) -> Decision:
    return decide(account, a_policy(), a_calendar(), now)


def waits_until(account: Account, now: datetime = NINE) -> tuple[datetime, set[ReasonCode]]:
    decision = decided(account, now)
    assert isinstance(decision, Wait), decision
    return decision.until, {
        reason.code
        for reason in decision.reasons
        if reason.code not in (ReasonCode.STAGE_REACHED, ReasonCode.TONE_CAPPED)
    }


def after_contacts(*days_ago: float, status: ReminderStatus = ReminderStatus.ACCEPTED) -> Account:
    """An account with an overdue invoice, contacted about another one so many days ago."""
    account = an_account(INVOICE)
    for number, days in enumerate(days_ago):
        account = account.with_reminder(
            a_reminder(account, [OLD], at=NINE - timedelta(days=days), occurrence=f"r{number}", status=status)
        )
    return account


def tone_after(*delivered: Tone, first_contact: Tone = Tone.NEUTRAL, about: str = "INV-1") -> Tone:
    account = an_account(INVOICE)
    for number, tone in enumerate(delivered):
        account = account.with_reminder(
            a_reminder(
                account,
                [an_invoice(about)],
                tone=tone,
                occurrence=f"r{number}",
                at=NINE - timedelta(days=20 + number),
            )
        )
    decision = decide(account, a_policy(first_contact_tone=first_contact), a_calendar(), NINE)
    assert isinstance(decision, Send)
    assert decision.reminder.stage == "overdue_21"
    return decision.reminder.tone


def test_the_minimum_gap_is_kept_to_the_second() -> None:
    assert waits_until(after_contacts(2.75)) == (NINE + timedelta(hours=6), {ReasonCode.MINIMUM_GAP})
    assert isinstance(decided(after_contacts(3)), Send)


def test_a_contact_about_another_invoice_counts_towards_the_gap() -> None:
    assert ReasonCode.MINIMUM_GAP in waits_until(after_contacts(1))[1]


@pytest.mark.parametrize("status", [ReminderStatus.BOUNCED, ReminderStatus.FAILED])
def test_a_message_that_reached_nobody_is_no_contact(status: ReminderStatus) -> None:
    assert isinstance(decided(after_contacts(0.1, status=status)), Send)


@pytest.mark.parametrize("status", [ReminderStatus.UNKNOWN, ReminderStatus.ACCEPTED])
def test_a_message_that_may_have_arrived_is_a_contact(status: ReminderStatus) -> None:
    assert ReasonCode.MINIMUM_GAP in waits_until(after_contacts(0.1, status=status))[1]


def test_the_cap_counts_the_last_seven_days() -> None:
    until, why = waits_until(after_contacts(6, 3))
    assert (until, why) == (NINE + timedelta(days=1), {ReasonCode.CONTACT_CAP})
    assert isinstance(decided(after_contacts(7, 3)), Send)


def test_a_wait_for_the_cap_ends_inside_the_window() -> None:
    friday = NINE + timedelta(days=4)
    account = an_account(INVOICE)
    for number, at in enumerate((friday - timedelta(days=6), friday - timedelta(days=3))):
        account = account.with_reminder(a_reminder(account, [OLD], at=at, occurrence=f"r{number}"))
    until, why = waits_until(account, friday)
    assert until == datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert why == {ReasonCode.CONTACT_CAP, ReasonCode.OUTSIDE_WINDOW}


def test_a_contact_made_for_another_account_with_the_same_address_counts() -> None:
    account = contacted_by_another(an_account(INVOICE), EMAIL, NINE - timedelta(days=1))
    assert waits_until(account) == (NINE + timedelta(days=2), {ReasonCode.MINIMUM_GAP})


def test_a_contact_of_ones_own_is_counted_once() -> None:
    account = an_account(INVOICE)
    account = account.with_claim(a_reminder(account, [OLD], at=NINE - timedelta(days=4)))
    assert isinstance(
        decided(account.with_reminder(a_reminder(account, [OLD], at=NINE - timedelta(days=4)))), Send
    )


def test_a_night_waits_for_the_morning_of_the_client() -> None:
    sydney = a_customer(a_contact(), timezone="Australia/Sydney", country="AU")
    until, why = waits_until(an_account(INVOICE, customer=sydney))
    assert until == datetime(2026, 3, 2, 22, tzinfo=UTC)
    assert why == {ReasonCode.OUTSIDE_WINDOW}


def test_a_client_without_a_zone_is_contacted_by_the_businesss_clock() -> None:
    account = an_account(INVOICE, customer=a_customer(a_contact(), timezone=""))
    decision = decide(account, a_policy(), a_calendar("Asia/Tokyo"), NINE)
    assert isinstance(decision, Wait)
    assert decision.until == datetime(2026, 3, 3, 0, tzinfo=UTC)


def test_a_holiday_defers_and_does_not_drop() -> None:
    calendar = a_calendar(holidays=holidays_on(date(2026, 3, 2), date(2026, 3, 3)))
    decision = decide(an_account(INVOICE), a_policy(), calendar, NINE)
    assert isinstance(decision, Wait)
    assert decision.until == datetime(2026, 3, 4, 9, tzinfo=UTC)


def test_a_decision_made_early_is_still_due_when_the_window_opens() -> None:
    account = an_account(INVOICE)
    until, _ = waits_until(account, NINE - timedelta(hours=5))
    assert isinstance(decided(account, until), Send)


def test_a_wait_for_a_later_stage_never_hides_one_that_is_due_earlier() -> None:
    policy = a_policy(
        minimum_gap_days=14,
        stages=[a_stage("note", 0, Tone.FRIENDLY), a_stage("call", 5, Tone.FRIENDLY, Channel.PERSON)],
    )
    account = an_account(OLD, an_invoice("INV-2"))
    account = account.with_reminder(a_reminder(account, [OLD], stage="call", days=5, at=NINE))
    decision = decide(account, policy, a_calendar(), NINE)
    assert isinstance(decision, Wait)
    moment = NINE
    while moment < decision.until:
        assert isinstance(decide(account, policy, a_calendar(), moment), Wait)
        moment += timedelta(hours=1)


def test_a_first_contact_is_gentle_however_old_the_debt() -> None:
    assert tone_after() is Tone.NEUTRAL
    assert tone_after(first_contact=Tone.FRIENDLY) is Tone.FRIENDLY


def test_a_capped_tone_says_so() -> None:
    decision = decided(an_account(INVOICE))
    assert "tone_capped: final to neutral" in {str(reason) for reason in decision.reasons}


@pytest.mark.parametrize(
    ("delivered", "allowed"),
    [
        ((Tone.FRIENDLY,), Tone.NEUTRAL),
        ((Tone.NEUTRAL,), Tone.FIRM),
        ((Tone.FIRM,), Tone.FINAL),
        ((Tone.FINAL,), Tone.FINAL),
        ((Tone.FIRM, Tone.FRIENDLY), Tone.FINAL),
    ],
)
def test_the_tone_rises_one_step_above_what_was_delivered(delivered: tuple[Tone, ...], allowed: Tone) -> None:
    assert tone_after(*delivered) is allowed


def test_what_was_delivered_about_another_invoice_does_not_make_the_first_contact_about_this_one_harsher() -> (
    None
):
    assert tone_after(Tone.FINAL, about="INV-OLD") is Tone.NEUTRAL


def test_a_credit_note_that_was_named_before_does_not_make_a_new_invoice_harsher() -> None:
    credit = an_invoice("CN-1", minor=-10_00)
    account = an_account(INVOICE, credit)
    earlier = a_reminder(account, [OLD, credit], tone=Tone.FINAL, at=NINE - timedelta(days=30))
    decision = decided(account.with_reminder(earlier))
    assert isinstance(decision, Send)
    assert decision.reminder.tone is Tone.NEUTRAL


@pytest.mark.parametrize(
    "status",
    [ReminderStatus.ACCEPTED, ReminderStatus.UNKNOWN, ReminderStatus.BOUNCED, ReminderStatus.FAILED],
)
def test_a_message_not_known_to_have_arrived_is_no_step_of_tone(status: ReminderStatus) -> None:
    account = an_account(INVOICE)
    earlier = a_reminder(account, [INVOICE], tone=Tone.FIRM, at=NINE - timedelta(days=30), status=status)
    decision = decided(account.with_reminder(earlier))
    assert isinstance(decision, Send)
    assert decision.reminder.tone is Tone.NEUTRAL
