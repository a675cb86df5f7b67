"""The words are about the invoice that brought the message up, and true for whatever else is listed with it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel
from tactful.domain.book.money import Money
from tests.rendering.samples import (
    WORDINGS,
    a_reminder,
    a_wording,
    an_account,
    an_account_of_all_ages,
    an_invoice,
)

OLD = date(2026, 1, 5)
YOUNG = date(2026, 4, 15)


def words(
    account: Account, stage: str, tone: Tone = Tone.FRIENDLY, channel: Channel = Channel.EMAIL, *, about: str
) -> str:
    reminder = a_reminder(account, stage, tone, channel, occurrence=about)
    return " ".join(a_wording().render(account, reminder).text.split())


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS])
@pytest.mark.parametrize("about", ["2026-03-05", "2026-03-05.2"])
def test_the_words_are_about_the_invoice_whose_round_it_is_and_not_about_an_older_one(
    about: str, channel: Channel
) -> None:
    text = words(an_account_of_all_ages(), "overdue_3", channel=channel, about=about)
    assert "3 invoices (£245.00) are open, among them invoice 1042, due on 5 March 2026" in text
    assert "earliest" not in text


def test_of_invoices_of_one_day_the_words_are_about_the_largest() -> None:
    account = an_account(
        an_invoice("1001", 5000, due=OLD),
        an_invoice("1041", 1000),
        an_invoice("1042", 12000),
        an_invoice("1043", 2000),
    )
    assert "among them invoice 1042, due on 5 March 2026" in words(account, "overdue_3", about="2026-03-05")


def test_without_an_invoice_of_the_round_the_words_are_about_the_one_due_for_longest() -> None:
    text = words(an_account_of_all_ages(), "overdue_3", about="payment-7")
    assert "3 invoices (£245.00) are open, the earliest due on 5 January 2026" in text


def test_a_note_before_the_due_date_does_not_say_first_of_an_invoice_that_is_not() -> None:
    account = an_account(an_invoice("1001", 5000, due=OLD), an_invoice())
    reminder = a_reminder(account, "before_due", Tone.FRIENDLY)
    assert (
        a_wording().render(account, reminder).subject == "2 invoices from Acme Ltd: one due on 5 March 2026"
    )


def test_an_sms_that_cannot_spell_the_number_speaks_of_one_of_them() -> None:
    account = an_account(an_invoice("1001", 5000, due=OLD), an_invoice("№ 42/β-山"))
    text = words(account, "overdue_3", channel=Channel.SMS, about="2026-03-05")
    assert "2 invoices (£170.00) are open, one of them due on 5 March 2026" in text


def test_an_email_with_invoices_that_are_not_due_yet_says_how_much_is() -> None:
    text = words(an_account_of_all_ages(), "overdue_3", about="2026-03-05")
    assert "Total to pay: £245.00 Of this already due: £170.00" in text


@pytest.mark.parametrize("day", [date(2026, 3, 4), date(2026, 4, 16)])
def test_an_email_about_what_is_all_due_or_all_not_due_has_one_total(day: date) -> None:
    account = an_account(an_invoice(), an_invoice("1061", due=YOUNG))
    reminder = a_reminder(account, at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    assert "already due" not in a_wording().render(account, reminder).text


def test_credit_notes_are_taken_off_what_is_already_due() -> None:
    account = an_account(an_invoice(), an_invoice("1061", due=YOUNG), an_invoice("CN-7", -2000, due=OLD))
    assert "Of this already due: £100.00" in words(account, "overdue_3", about="2026-03-05")


@pytest.mark.parametrize(("stage", "tone"), [w for w in WORDINGS if w[0].startswith("overdue")])
def test_no_reminder_asks_for_all_that_is_listed(stage: str, tone: Tone) -> None:
    for channel in (Channel.EMAIL, Channel.SMS):
        text = words(an_account_of_all_ages(), stage, tone, channel, about="2026-03-05")
        assert not re.search(r"Please pay(?! what is due)|Please arrange it|the amount below", text)


def test_two_hundred_invoices_are_all_listed_and_gmail_shows_the_whole_of_the_message() -> None:
    invoices = [
        replace(
            an_invoice(f"INV-2026-{number:05}"), issue_date=date(2026, 2, 3), reported=Money(100_00, "GBP")
        )
        for number in range(200)
    ]
    account = an_account(*invoices)
    words = a_wording().render(account, a_reminder(account))
    assert all(invoice.number in words.html and invoice.number in words.text for invoice in invoices)
    assert "£20,000.00" in words.html
    assert "How to pay £20,000.00" in words.text
    # What comes after 102 KB is hidden behind a link.
    assert len(words.html.encode()) < 102_000
