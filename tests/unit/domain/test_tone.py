"""How strongly a message is worded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Promise
from tactful.domain.book.contact_log import ReminderStatus, Tone
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import ReasonCode, Send
from tactful.domain.dunning.policy import Policy
from tests.support.builders import (
    DUE,
    NINE,
    a_calendar,
    a_policy,
    a_reminder,
    a_stage,
    an_account,
    an_invoice,
)

DAY = timedelta(days=1)
INVOICE = an_invoice(due=DUE - 10 * DAY)


def a_policy_saying(tone: Tone, **more: object) -> Policy:
    """A policy that says one thing on the tenth day."""
    return a_policy(stages=[a_stage("late", 10, tone)], **more)


def settled(count: int, *, late: int = 0, disputed: bool = False) -> list[Invoice]:
    """Invoices that were settled, so many days late."""
    due = DUE - 200 * DAY
    return [
        replace(
            an_invoice(f"OLD-{number}", due=due, state=InvoiceState.PAID),
            settled_on=due + late * DAY,
            was_disputed=disputed,
        )
        for number in range(count)
    ]


def after(*delivered: Tone, history: list[Invoice] | None = None, invoice: Invoice = INVOICE) -> Account:
    """An account that was told of its invoice before, in these tones."""
    account = an_account(invoice, *(history or []))
    for number, tone in enumerate(delivered):
        told = a_reminder(
            account,
            [invoice],
            tone=tone,
            stage="early",
            days=1,
            at=NINE - (30 - number) * DAY,
            occurrence=f"r{number}",
        )
        account = account.with_reminder(told)
    return account


def broken(account: Account, *days_ago: int, about: str = "INV-1") -> Account:
    promises = tuple(
        Promise(f"p-{days}", (about,), DUE - days * DAY, NINE - (days + 20) * DAY) for days in days_ago
    )
    return replace(account, promises=promises)


def said(account: Account, policy: Policy) -> Send:
    decision = decide(account, policy, a_calendar(), NINE)
    assert isinstance(decision, Send), decision
    return decision


def tone_of(account: Account, wanted: Tone, **more: object) -> Tone:
    return said(account, a_policy_saying(wanted, **more)).reminder.tone


@pytest.mark.parametrize("tone", Tone)
def test_a_stage_is_said_in_its_own_tone_once_milder_words_have_arrived(tone: Tone) -> None:
    decision = said(after(Tone.FRIENDLY, Tone.NEUTRAL, Tone.FIRM), a_policy_saying(tone))
    assert decision.reminder.tone is tone
    assert not decision.reminder.held_back
    assert [reason.code for reason in decision.reasons] == [ReasonCode.STAGE_REACHED]


@pytest.mark.parametrize(
    ("wanted", "said_in"),
    [
        (Tone.FRIENDLY, Tone.FRIENDLY),
        (Tone.NEUTRAL, Tone.FRIENDLY),
        (Tone.FIRM, Tone.NEUTRAL),
        (Tone.FINAL, Tone.FIRM),
    ],
)
def test_a_loyal_client_hears_it_one_step_milder(wanted: Tone, said_in: Tone) -> None:
    account = after(Tone.FIRM, history=settled(5))
    decision = said(account, a_policy_saying(wanted))
    assert decision.reminder.tone is said_in
    assert "tone_by_record: loyal -1" in [str(reason) for reason in decision.reasons]


@pytest.mark.parametrize(
    ("wanted", "said_in"),
    [
        (Tone.FRIENDLY, Tone.NEUTRAL),
        (Tone.NEUTRAL, Tone.FIRM),
        (Tone.FIRM, Tone.FIRM),
        (Tone.FINAL, Tone.FINAL),
    ],
)
def test_a_client_who_breaks_promises_hears_it_one_step_stronger_but_never_final_by_that(
    wanted: Tone, said_in: Tone
) -> None:
    account = broken(after(Tone.FIRM), 100, 120, about="OLD-1")
    decision = said(account, a_policy_saying(wanted))
    assert decision.reminder.tone is said_in
    assert "tone_by_record: broken_promises +1" in [str(reason) for reason in decision.reasons]


def test_a_record_without_a_rule_changes_nothing_and_is_not_mentioned() -> None:
    decision = said(after(Tone.FIRM, history=settled(5)), a_policy_saying(Tone.FIRM, tone_rules={"loyal": 0}))
    assert decision.reminder.tone is Tone.FIRM
    assert [reason.code for reason in decision.reasons] == [ReasonCode.STAGE_REACHED]


def test_a_client_who_disputed_before_hears_it_milder() -> None:
    account = after(Tone.FIRM, history=settled(1, late=90, disputed=True))
    assert tone_of(account, Tone.FIRM) is Tone.NEUTRAL


@pytest.mark.parametrize(("usual", "said_in"), [(10, Tone.NEUTRAL), (9, Tone.FIRM)])
def test_a_slow_payer_is_spared_while_no_later_than_usual(usual: int, said_in: Tone) -> None:
    assert tone_of(after(Tone.FIRM, history=settled(3, late=usual)), Tone.FIRM) is said_in


def test_the_latest_of_the_invoices_tells_whether_a_slow_payer_is_later_than_usual() -> None:
    account = after(Tone.FIRM, history=settled(3, late=15))
    assert tone_of(account, Tone.FIRM) is Tone.NEUTRAL
    older = account.with_invoice(an_invoice("INV-2", due=DUE - 16 * DAY))
    assert tone_of(older, Tone.FIRM) is Tone.FIRM


def test_lateness_is_counted_from_the_due_date_also_after_a_broken_promise() -> None:
    invoice = an_invoice(due=DUE - 40 * DAY)
    account = broken(after(Tone.FIRM, history=settled(3, late=25), invoice=invoice), 12)
    decision = said(account, a_policy_saying(Tone.NEUTRAL))
    assert ReasonCode.TONE_BY_RECORD not in {reason.code for reason in decision.reasons}


def test_a_broken_promise_raises_the_tone_and_is_mentioned() -> None:
    decision = said(broken(after(Tone.FIRM), 10), a_policy_saying(Tone.NEUTRAL))
    assert (decision.reminder.tone, decision.reminder.promised) == (Tone.FIRM, DUE - 10 * DAY)
    assert "tone_raised: promise of 2026-02-20 broken" in [str(reason) for reason in decision.reasons]


def test_record_and_broken_promise_together_stay_within_one_step() -> None:
    worse = broken(after(Tone.FIRM), 10, 40)
    decision = said(worse, a_policy_saying(Tone.FRIENDLY))
    assert decision.reminder.tone is Tone.NEUTRAL
    better = broken(after(Tone.FIRM, history=settled(5)), 10)
    assert tone_of(better, Tone.NEUTRAL) is Tone.NEUTRAL


def test_of_two_broken_promises_the_later_is_mentioned() -> None:
    account = after(Tone.FIRM).with_invoice(an_invoice("INV-2", due=DUE - 30 * DAY))
    promises = (
        Promise("p-1", ("INV-1",), DUE - 10 * DAY, NINE - 25 * DAY),
        Promise("p-2", ("INV-2",), DUE - 12 * DAY, NINE - 25 * DAY),
    )
    for order in (promises, promises[::-1]):
        decision = said(replace(account, promises=order), a_policy_saying(Tone.NEUTRAL))
        assert decision.reminder.promised == DUE - 10 * DAY
        assert "tone_raised: promise of 2026-02-20 broken" in [str(reason) for reason in decision.reasons]


@pytest.mark.parametrize("first", Tone)
def test_first_contact_is_never_above_the_first_contact_tone_whatever_the_record(first: Tone) -> None:
    account = broken(after(), 10, 40, 50)
    assert tone_of(account, Tone.FINAL, first_contact_tone=first) is first


def test_words_that_are_held_back_say_so() -> None:
    decision = said(after(), a_policy_saying(Tone.FINAL))
    assert decision.reminder.held_back
    assert str(decision.reasons[-1]) == "tone_capped: final to neutral"


def test_what_a_loyal_client_is_spared_is_not_held_back() -> None:
    decision = said(after(history=settled(5)), a_policy_saying(Tone.FIRM))
    assert (decision.reminder.tone, decision.reminder.held_back) == (Tone.NEUTRAL, False)


def test_the_strongest_delivered_words_count_and_not_the_last() -> None:
    assert tone_of(after(Tone.FIRM, Tone.FRIENDLY), Tone.FINAL) is Tone.FINAL


def test_thanks_are_no_step_of_tone_but_a_welcome_is() -> None:
    account = after()
    thanks = a_reminder(account, [INVOICE], stage="thank_you", at=NINE - 20 * DAY)
    assert tone_of(account.with_reminder(thanks), Tone.FINAL, first_contact_tone=Tone.FIRM) is Tone.FIRM
    welcome = replace(thanks, stage="welcome")
    assert tone_of(account.with_reminder(welcome), Tone.FINAL, first_contact_tone=Tone.FIRM) is Tone.NEUTRAL


def test_a_credit_note_is_no_invoice_that_anybody_was_told_of() -> None:
    credit = an_invoice("CN-1", minor=-10_00)
    account = after().with_invoice(credit)
    told = a_reminder(account, [credit], tone=Tone.FINAL, at=NINE - 20 * DAY)
    assert tone_of(account.with_reminder(told), Tone.FINAL) is Tone.NEUTRAL


@pytest.mark.parametrize(
    "status", [s for s in ReminderStatus if s not in (ReminderStatus.CLAIMED, ReminderStatus.DELIVERED)]
)
def test_only_what_was_delivered_is_a_step(status: ReminderStatus) -> None:
    account = an_account(INVOICE)
    channel = Channel.PERSON if status is ReminderStatus.HANDED_OVER else Channel.EMAIL
    told = a_reminder(
        account, [INVOICE], tone=Tone.FIRM, days=1, at=NINE - 30 * DAY, status=status, channel=channel
    )
    decision = decide(account.with_reminder(told), a_policy_saying(Tone.FINAL), a_calendar(), NINE)
    assert isinstance(decision, Send)
    assert decision.reminder.tone is Tone.NEUTRAL
