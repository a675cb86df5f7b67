"""The answers to clients who write, and thanks for a part."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tactful.adapters import gsm7
from tactful.application.ports import WordingError
from tactful.domain.book.account import Account, Thanks
from tactful.domain.book.agreements import Instalment
from tactful.domain.book.answers import Answer, AnswerKind
from tactful.domain.book.contact_log import ANSWER, PART_PAYMENT, Reminder, ReminderStatus, Tone, reminder_id
from tactful.domain.book.customer import Channel
from tactful.domain.book.money import Money
from tactful.domain.dunning.answering import lines_of
from tests.rendering.samples import a_wording, an_account, several_invoices

NOW = datetime(2026, 3, 10, 10, tzinfo=UTC)
"""A Tuesday, five days after the invoice is due."""
PARTS = (Instalment(date(2026, 4, 1), Money(4000, "GBP")), Instalment(date(2026, 5, 1), Money(8000, "GBP")))
SMS = {
    AnswerKind.PLAN_PROPOSED: (
        "would this work? invoice 1042 in 2 parts, the first £40.00 by 1 April 2026, the last by 1 May 2026. Reply "
        "YES, or tell us what would."
    ),
    AnswerKind.PLAN_AGREED: (
        "agreed: invoice 1042 in 2 parts, the first £40.00 by 1 April 2026, the last by 1 May 2026."
    ),
    AnswerKind.PROMISE_NOTED: (
        "thank you. We noted that you will pay invoice 1042 by 20 March 2026. Not right? Reply CHANGE."
    ),
    AnswerKind.DATE_WANTED: (
        "thank you. By which day can we expect your payment for invoice 1042? Please reply with a date."
    ),
    AnswerKind.CHANGE_NOTED: (
        "thank you for telling us. We took back what we noted. Reply with the right day, or we get in touch."
    ),
    AnswerKind.CLAIM_NOTED: (
        "thank you for letting us know. We will look for your payment; reminders pause meanwhile."
    ),
    AnswerKind.EXTENSION_GRANTED: "thank you. You have until 20 March 2026 to pay invoice 1042.",
    AnswerKind.DISPUTE_NOTED: (
        "thank you for telling us. We are looking into it; reminders for invoice 1042 pause until it is settled."
    ),
    AnswerKind.HARDSHIP_NOTED: (
        "thank you for telling us. You get no reminders for now. Someone will contact you to find a way that works "
        "for you."
    ),
    AnswerKind.PAYMENT_DETAILS: (
        "here is how to pay £120.00: Account holder Example Trading Ltd, Sort code 00-00-00, "
        "Account number 12345678, reference 1042. If paid, thank you."
    ),
    AnswerKind.BALANCE: "£120.00 is open (invoice 1042). If paid, thank you.",
    AnswerKind.WHO_WE_ARE: (
        "we write about your invoices with us. You can also reach us at accounts@acme.example."
    ),
    AnswerKind.PASSED_ON: "thank you for your message. Someone will read it and answer you.",
}


def answering(
    account: Account, kind: AnswerKind, channel: Channel, amount: Money | None = None
) -> tuple[Account, Reminder]:
    numbers = account.owed_numbers()
    parts = PARTS if kind in (AnswerKind.PLAN_AGREED, AnswerKind.PLAN_PROPOSED) else ()
    day = date(2026, 3, 20)
    owed = Answer("SM-1", kind, channel, "to", NOW, numbers, day, amount, parts, 14, "Fair Collections Ltd")
    return replace(account, answers=(owed,)), Reminder(
        id=reminder_id(account.key, ANSWER, "SM-1", 1),
        stage=ANSWER,
        occurrence="SM-1",
        attempt=1,
        tone=Tone.FRIENDLY,
        channel=channel,
        address="to",
        contact_name="Ann",
        invoices=lines_of(account, owed),
        status=ReminderStatus.CLAIMED,
        at=NOW,
        lease_until=NOW,
        policy="p/1",
        wording=owed.wording,
        promised=owed.day,
    )


@pytest.mark.parametrize("kind", [kind for kind in AnswerKind if Channel.SMS in kind.channels])
def test_an_answer_by_sms_says_what_was_understood(kind: AnswerKind) -> None:
    account, reminder = answering(an_account(), kind, Channel.SMS)
    text = a_wording().render(account, reminder).text
    assert (
        text
        == f"Acme Ltd: Hello Ann, {SMS[kind]} Questions? Just reply. Reply STOP to opt out {reminder.reference}"
    )
    assert gsm7.segments(text) <= 2


@pytest.mark.parametrize("kind", AnswerKind)
def test_an_answer_by_email_says_the_same_in_html_and_in_text(kind: AnswerKind) -> None:
    account, reminder = answering(several_invoices(), kind, Channel.EMAIL)
    words = a_wording().render(account, reminder)
    assert ("Amount due" in words.text) == kind.lists_invoices
    assert ("Amount due" in words.html) == kind.lists_invoices
    assert "late" not in words.subject
    assert "{" not in words.text + words.subject


def test_a_plan_is_confirmed_with_every_part_and_what_a_part_that_is_late_means() -> None:
    account, reminder = answering(an_account(), AnswerKind.PLAN_AGREED, Channel.EMAIL)
    words = a_wording().render(account, reminder)
    text = " ".join(words.text.split())
    assert words.subject == "Our plan for invoice 1042"
    assert "Instalment 1: £40.00, 1 April 2026 Left after it: £80.00" in text
    assert "Instalment 2: £80.00, 1 May 2026 Left after it: £0.00" in text
    assert "No interest is added. If a part is more than 14 days late, the rest falls due at once." in text
    assert "Instalment</th>" in words.html


def test_a_hand_off_notice_names_who_takes_over_and_how_to_reach_the_business() -> None:
    account, reminder = answering(an_account(), AnswerKind.HANDOFF_NOTICE, Channel.EMAIL)
    words = a_wording().render(account, reminder)
    assert "we have asked Fair Collections Ltd to take it over" in " ".join(words.text.split())
    assert "accounts@acme.example" in words.text


def test_a_part_that_is_promised_is_confirmed_as_a_part() -> None:
    account, reminder = answering(an_account(), AnswerKind.PROMISE_NOTED, Channel.EMAIL, Money(5000, "GBP"))
    text = " ".join(a_wording().render(account, reminder).text.split())
    assert "you will pay £50.00 of invoice 1042 by 20 March 2026" in text


def test_thanks_for_a_part_say_what_came_and_what_is_left() -> None:
    account = an_account()
    account = replace(account, thanks=Thanks("P-1", NOW, ("1042",), Money(3000, "GBP")))
    _, reminder = answering(account, AnswerKind.BALANCE, Channel.SMS)
    thanks = replace(reminder, stage=PART_PAYMENT, occurrence="P-1", wording="")
    assert (
        "received your payment of £30.00. £120.00 is still open." in a_wording().render(account, thanks).text
    )


def test_thanks_for_a_part_ask_for_nothing_while_the_rest_is_not_to_be_asked_for() -> None:
    account = replace(an_account(), thanks=Thanks("P-1", NOW, ("1042",), Money(3000, "GBP")))
    _, reminder = answering(account, AnswerKind.PASSED_ON, Channel.EMAIL)
    thanks = replace(reminder, stage=PART_PAYMENT, occurrence="P-1", wording="")
    text = a_wording().render(account, thanks).text
    assert "received your payment of £30.00." in text
    assert "open" not in text
    assert "Amount" not in text


def test_an_answer_to_what_is_forgotten_is_not_sent() -> None:
    account, reminder = answering(an_account(), AnswerKind.PASSED_ON, Channel.SMS)
    with pytest.raises(WordingError, match="not known any more"):
        a_wording().render(replace(account, answers=()), reminder)
