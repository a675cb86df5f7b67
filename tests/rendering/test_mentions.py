"""What a message mentions besides the invoices: a promise, a discount, an instalment, a granted extension."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.adapters import gsm7
from tactful.application.ports import WordingError
from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Extension
from tactful.domain.book.contact_log import THANK_YOU, ChasedInvoice, Reminder, Tone
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import Discount
from tactful.domain.book.money import Money
from tactful.domain.dunning.stage import BROKEN_PROMISE, DISCOUNT, WELCOME
from tests.rendering.samples import (
    DISCOUNT_UNTIL,
    a_reminder,
    a_wording,
    an_account,
    an_account_on_a_plan,
    an_invoice,
    asking_for_the_instalment,
    several_invoices,
)

PROMISED = date(2026, 3, 20)


def flat(account: Account, reminder: Reminder) -> str:
    return " ".join(a_wording().render(account, reminder).text.split())


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS])
@pytest.mark.parametrize("tone", Tone)
def test_a_broken_promise_is_mentioned_once_and_kindly(tone: Tone, channel: Channel) -> None:
    account = an_account()
    text = flat(account, a_reminder(account, BROKEN_PROMISE, tone, channel, promised=PROMISED))
    assert text.count("20 March 2026") == 1
    assert "ou told us" in text
    assert "invoice 1042 (£120.00) was due on 5 March 2026" in text
    assert "broke" not in text


def test_an_sms_does_without_the_name_before_it_does_without_anything_else() -> None:
    account = an_account(an_invoice("1042", 99_999_999_999), an_invoice("2", 99_999_999_999, "EUR"))
    name = "Bartholomew Featherstonehaugh"
    text = flat(account, a_reminder(account, BROKEN_PROMISE, Tone.FIRM, Channel.SMS, contact=name))
    assert text.startswith("Acme Ltd: Hello, ")
    assert "8 March 2026" in text
    assert gsm7.segments(text) == 2


def test_words_of_another_stage_are_used_when_the_reminder_names_them() -> None:
    account = an_account()
    for channel in (Channel.EMAIL, Channel.SMS):
        reminder = a_reminder(account, "overdue_10", channel=channel)
        borrowed = replace(reminder, stage="deposit_9", wording="overdue_10")
        assert a_wording().render(account, borrowed) == a_wording().render(account, reminder)


@pytest.mark.parametrize("stage", [WELCOME, DISCOUNT])
def test_a_message_outside_the_ladder_has_friendly_words_only(stage: str) -> None:
    account = an_account()
    with pytest.raises(WordingError, match=rf"^email/{stage}/firm\.j2: there is no such template"):
        a_wording().render(account, a_reminder(account, stage, Tone.FIRM))


def test_a_welcome_says_what_is_due_when_how_to_pay_whom_to_ask_and_how_to_be_left_alone() -> None:
    account = an_account()
    text = flat(account, a_reminder(account, WELCOME, Tone.FRIENDLY))
    for fact in (
        "thank you for your order",
        "invoice 1042 (£120.00) is due on 5 March 2026",
        "How to pay £120.00: Account holder",
        "write to accounts@acme.example",
        "we will stop",
    ):
        assert fact in text


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS])
def test_a_discount_notice_says_the_last_day_what_is_off_and_what_is_due_then(channel: Channel) -> None:
    account = an_account()
    text = flat(account, a_reminder(account, DISCOUNT, Tone.FRIENDLY, channel))
    assert "the early-payment discount on invoice 1042 (£120.00) ends on 15 February 2026" in text
    assert "£117.60" in text
    assert "£2.40 less" in text


def test_a_discount_that_ends_today_is_still_mentioned_and_one_that_ended_yesterday_is_not() -> None:
    account = an_account()
    for stage in ("before_due", "due"):
        for channel in (Channel.EMAIL, Channel.SMS):
            for day, said in ((DISCOUNT_UNTIL, True), (date(2026, 2, 16), False)):
                reminder = a_reminder(account, stage, Tone.FRIENDLY, channel, at=at(day))
                mention = "If paid by 15 February 2026: £117.60 (£2.40 less)"
                assert (mention in flat(account, reminder)) is said


def test_the_last_day_of_a_discount_is_counted_where_the_business_is() -> None:
    account = an_account(replace(an_invoice(), discount=Discount(Money(240, "GBP"), date(2026, 6, 1))))
    just_past_midnight_in_london = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    assert "less" not in flat(account, a_reminder(account, "due", at=just_past_midnight_in_london))


def test_a_discount_notice_after_the_last_day_is_refused() -> None:
    account = an_account()
    with pytest.raises(WordingError, match="there is none on these invoices that can still be had"):
        a_wording().render(account, a_reminder(account, DISCOUNT, Tone.FRIENDLY, at=at(date(2026, 2, 16))))


@pytest.mark.parametrize("off", [Money(0, "GBP"), Money(12000, "GBP"), Money(240, "EUR")])
def test_a_discount_that_leaves_nothing_or_takes_nothing_off_is_not_mentioned(off: Money) -> None:
    account = an_account(replace(an_invoice(), discount=Discount(off, date(2026, 12, 31))))
    assert "less" not in flat(account, a_reminder(account, "due"))


def test_a_thank_you_mentions_no_discount() -> None:
    account = an_account()
    text = flat(account, a_reminder(account, THANK_YOU, Tone.FRIENDLY, at=at(date(2026, 2, 10))))
    assert "less" not in text


def test_an_sms_about_several_invoices_says_what_is_off_by_the_day_that_comes_first() -> None:
    later = replace(an_invoice("1057"), discount=Discount(Money(500, "GBP"), date(2026, 2, 20)))
    account = an_account(an_invoice(), later)
    text = flat(account, a_reminder(account, "before_due", Tone.FRIENDLY, Channel.SMS, at=at(DISCOUNT_UNTIL)))
    assert "If paid by 15 February 2026: £2.40 less." in text
    assert "20 February" not in text


def pounds(minor: int) -> str:
    return f"£{minor // 100:,}.{minor % 100:02}"


@given(minor=st.integers(2, 10**12), off=st.integers(1, 10**12), late=st.integers(-40, 40))
def test_a_discount_is_never_stated_after_its_day_nor_for_more_than_is_due(
    minor: int, off: int, late: int
) -> None:
    account = an_account(
        replace(an_invoice(minor=minor), discount=Discount(Money(off, "GBP"), date(2026, 3, 5)))
    )
    day = date.fromordinal(date(2026, 3, 5).toordinal() + late)
    text = flat(account, a_reminder(account, "due", at=at(day)))
    assert ("If paid by 5 March 2026" in text) is (late <= 0 and off < minor)
    if late <= 0 and off < minor:
        assert f"{pounds(minor - off)} ({pounds(off)} less)" in text


def test_a_missed_instalment_is_asked_for_alone_and_named_as_one() -> None:
    account = an_account_on_a_plan()
    reminder = asking_for_the_instalment(account, at=at(date(2026, 3, 24)))
    email, sms = flat(account, reminder), flat(account, replace(reminder, channel=Channel.SMS))
    for text in (email, sms):
        assert "the instalment on invoice 1042 (£300.00) was due on 20 March 2026" in text
        assert "900.00" not in text
        assert "5 March" not in text
    assert "Instalment due: 20 March 2026 (4 days late) Amount due: £300.00" in email
    html = a_wording().render(account, reminder).html.replace("&nbsp;", " ")
    assert "Instalment due: 20 March 2026" in html


def test_several_missed_instalments_are_due_since_the_first() -> None:
    account = an_account_on_a_plan(date(2026, 3, 20), date(2026, 4, 20), date(2026, 5, 20))
    reminder = asking_for_the_instalment(account, 60000, at=at(date(2026, 4, 24)))
    text = flat(account, reminder)
    assert "instalments on invoice 1042 (£600.00) have been due since 20 March 2026" in text
    assert "Instalments due since: 20 March 2026 (35 days late)" in text


def test_the_last_instalment_is_the_invoice_itself_due_as_the_plan_says() -> None:
    account = an_account_on_a_plan(date(2026, 3, 20), minor=90000)
    reminder = asking_for_the_instalment(account, 90000, at=at(date(2026, 3, 24)))
    text = flat(account, reminder)
    assert "nstalment" not in text
    assert "invoice 1042 (£900.00) was due on 20 March 2026" in text


def test_a_part_of_an_invoice_that_no_plan_covers_is_no_instalment() -> None:
    account = an_account(an_invoice(minor=90000))
    assert "nstalment" not in flat(
        account, asking_for_the_instalment(account, since=date(2026, 3, 5), at=at(date(2026, 3, 8)))
    )


def test_payments_for_several_invoices_are_not_called_the_invoices_when_one_is_an_instalment() -> None:
    planned = an_account_on_a_plan()
    account = replace(planned, invoices=(*planned.invoices, an_invoice("1057", due=date(2026, 3, 21))))
    reminder = asking_for_the_instalment(account, at=at(date(2026, 3, 24)))
    other = ChasedInvoice("1057", date(2026, 3, 21), 3, Money(12000, "GBP"))
    text = flat(account, replace(reminder, invoices=(*reminder.invoices, other)))
    assert "payments for 2 invoices (£420.00) are open, the earliest due on 20 March 2026" in text


def test_an_invoice_is_late_since_the_later_day_that_was_granted() -> None:
    granted = Extension("E-1", ("1042",), date(2026, 4, 1), at(date(2026, 3, 4)))
    account = replace(an_account(), extensions=(granted,))
    text = flat(account, a_reminder(account, at=at(date(2026, 4, 4)), occurrence="2026-04-01"))
    assert "invoice 1042 (£120.00) was due on 1 April 2026" in text
    assert "(3 days late)" in text


def test_whoever_is_asked_for_old_debts_can_say_when_it_was_paid() -> None:
    account = several_invoices()
    asks = "please tell us when, so that we can look for it"
    assert asks in flat(account, a_reminder(account, "overdue_10"))
    assert asks not in flat(account, a_reminder(account, "overdue_3"))
