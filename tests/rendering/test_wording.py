from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.adapters import gsm7
from tactful.domain.book.contact_log import THANK_YOU, Tone
from tactful.domain.book.customer import Channel
from tests.rendering.samples import (
    WORDINGS,
    a_reminder,
    a_wording,
    an_account,
    an_invoice,
    several_invoices,
)

NASTY = (
    "{{7*7}}",
    "{% raw %}",
    "<script>alert(1)</script>",
    '"; Bcc: everybody@example.com',
    "Jane\r\nBcc: everybody@example.com",
    "Zoë O’Brien — Söhne",
    "山田 太郎",
    "Γιώργος 🦊",
    "\u202eevil\u202c",
    "€ ^{}[]~|\\",
    "Sir Bartholomew Featherstonehaugh-Cholmondeley of Wotton-under-Edge, and his Brothers and Sisters",
    "",
)
nasty_names = st.sampled_from(NASTY) | st.text(max_size=200)


def tags_of(html: str) -> list[str]:
    return re.findall(r"<(\w+)", html)


@pytest.mark.parametrize(("stage", "tone"), WORDINGS)
def test_every_sms_says_who_writes_how_to_answer_and_how_to_opt_out(stage: str, tone: Tone) -> None:
    account = several_invoices()
    text = a_wording().render(account, a_reminder(account, stage, tone, Channel.SMS)).text
    assert text.startswith("Acme Ltd: ")
    assert "Just reply." in text
    assert re.search(r"Reply STOP to opt out #[A-Z2-7]{4}$", text)


@pytest.mark.parametrize(("stage", "tone"), WORDINGS)
def test_every_reminder_says_what_holds_if_it_is_paid_and_the_thank_you_asks_for_nothing(
    stage: str, tone: Tone
) -> None:
    account = several_invoices()
    email = a_wording().render(account, a_reminder(account, stage, tone)).text
    sms = a_wording().render(account, a_reminder(account, stage, tone, Channel.SMS)).text
    asks = stage != THANK_YOU
    assert ("please ignore this message" in email) is asks
    assert ("If paid, thank you." in sms) is asks
    assert ("to pay" in email) is asks


@pytest.mark.parametrize("stage", ["before_due", "due", "overdue_3"])
def test_a_usual_first_message_by_sms_is_paid_as_one_segment(stage: str) -> None:
    account = an_account()
    for tone in (Tone.FRIENDLY, Tone.NEUTRAL):
        text = a_wording().render(account, a_reminder(account, stage, tone, Channel.SMS)).text
        assert gsm7.segments(text) == 1, text


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 3, 3), "Due: 5 March 2026 (in 2 days)"),
        (date(2026, 3, 4), "Due: 5 March 2026 (in 1 day)"),
        (date(2026, 3, 5), "Due: 5 March 2026 (today)"),
        (date(2026, 3, 6), "Due: 5 March 2026 (1 day late)"),
        (date(2027, 3, 5), "Due: 5 March 2026 (365 days late)"),
    ],
)
def test_lateness_is_counted_in_civil_days(day: date, said: str) -> None:
    account = an_account()
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    assert said in a_wording().render(account, a_reminder(account, at=at)).text


def test_lateness_is_counted_in_the_zone_of_the_business() -> None:
    account = an_account(an_invoice(due=date(2026, 6, 1)))
    just_past_midnight_in_london = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    words = a_wording().render(account, a_reminder(account, at=just_past_midnight_in_london))
    assert "(1 day late)" in words.text


def test_an_invoice_whose_payment_was_promised_is_late_since_its_own_due_date() -> None:
    account = an_account(an_invoice(due=date(2026, 2, 1)))
    promised = a_reminder(an_account(an_invoice(due=date(2026, 3, 5))))
    assert "Due: 1 February 2026 (35 days late)" in a_wording().render(account, promised).text


def test_what_is_stated_is_what_is_still_due_as_the_reminder_decided_it() -> None:
    decided = a_reminder(an_account(an_invoice(minor=2500)))
    words = a_wording().render(an_account(an_invoice(minor=10000)), decided)
    assert "£25.00" in words.text
    assert "100.00" not in words.text


def test_a_credit_note_is_taken_off_the_total_and_is_not_late() -> None:
    account = an_account(an_invoice(minor=12000), an_invoice("CN-7", -2000, due=date(2026, 1, 1)))
    text = a_wording().render(account, a_reminder(account)).text
    assert "Credit note CN-7\n  Amount due: -£20.00" in text
    assert "Total to pay: £100.00" in text
    assert "January" not in text


def test_each_currency_has_its_own_total_and_its_own_way_to_pay() -> None:
    text = a_wording().render(several_invoices(), a_reminder(several_invoices())).text
    euros = text.split("How to pay €750.00:")[1].split("\n\n")[0]
    assert euros.splitlines()[1:] == [
        "  Account holder: Example Trading GmbH",
        "  IBAN: DE52 0000 0000 0012 3456 78",
        "  Reference: 1061",
    ]
    assert "Total to pay: €750.00\nTotal to pay: £1,294.50\n" in text


def test_many_invoices_are_a_count_and_a_total_by_sms_and_all_listed_by_email() -> None:
    account = an_account(*(an_invoice(f"{number}", 1000) for number in range(2001, 2021)))
    sms = a_wording().render(account, a_reminder(account, channel=Channel.SMS)).text
    email = a_wording().render(account, a_reminder(account))
    assert "20 invoices (£200.00) are open, the earliest due on 5 March 2026" in sms
    assert email.subject.startswith("20 invoices from ")
    assert all(f"Invoice {number}\n" in email.text for number in range(2001, 2021))
    assert "Reference: the invoice numbers above" in email.text


def test_currencies_without_decimals_and_with_three_are_stated_as_they_are_written() -> None:
    account = an_account(an_invoice(minor=120000, currency="JPY"), an_invoice("2", 1234567, "KWD"))
    text = a_wording().render(account, a_reminder(account, THANK_YOU, Tone.FRIENDLY)).text
    assert "JP¥120,000 " in text
    assert "KWD 1,234.567" in text


def test_without_a_contact_the_customer_is_greeted() -> None:
    account = an_account(name="Hollis & Daughters Ltd")
    reminder = a_reminder(account, contact="")
    assert "Hello Hollis & Daughters Ltd,\n" in a_wording().render(account, reminder).text
    assert "Hello Hollis &amp; Daughters Ltd," in a_wording().render(account, reminder).html


def test_an_sms_greets_nobody_rather_than_garbling_a_name() -> None:
    account = an_account()
    reminder = a_reminder(account, channel=Channel.SMS, contact="山田 太郎")
    assert a_wording().render(account, reminder).text.startswith("Acme Ltd: Hello, a reminder")


@pytest.mark.parametrize("number", ["№ 42/β-山", "A-VERY-LONG-INVOICE-NUMBER-2026-0001"])
def test_an_sms_leaves_out_an_invoice_number_that_it_could_only_state_wrongly(number: str) -> None:
    account = an_account(an_invoice(number))
    text = a_wording().render(account, a_reminder(account, channel=Channel.SMS)).text
    assert "an invoice (£120.00) was due" in text
    assert number in a_wording().render(account, a_reminder(account)).subject


def test_typographic_letters_do_not_make_an_sms_dearer() -> None:
    account = an_account()
    reminder = a_reminder(account, channel=Channel.SMS, contact="Zoë O’Brien")
    text = a_wording("Łukasz — Söhne & “Co”").render(account, reminder).text
    assert text.startswith('Lukasz - Söhne & "Co": Hello Zoe O\'Brien, ')


def test_a_long_name_of_the_business_is_shortened_before_an_sms_takes_a_third_segment() -> None:
    account = several_invoices()
    reminder = a_reminder(account, "overdue_21", Tone.FINAL, Channel.SMS, contact="Bartholomew Featherstone")
    text = (
        a_wording("Schneider & Partners International Consulting and Trading Company")
        .render(account, reminder)
        .text
    )
    assert text.startswith("Schneider &")
    assert "..." in text
    assert gsm7.segments(text) == 2


@given(contact=nasty_names, customer=nasty_names, number=nasty_names, wording=st.sampled_from(WORDINGS))
def test_whatever_a_client_is_called_an_sms_fits_two_segments_of_plain_letters(
    contact: str, customer: str, number: str, wording: tuple[str, Tone]
) -> None:
    account = an_account(
        an_invoice(number, 99_999_999_999), an_invoice("2", 99_999_999_999, "EUR"), name=customer
    )
    for owed in (account, an_account(an_invoice(number, 99_999_999_999), name=customer)):
        reminder = a_reminder(owed, *wording, Channel.SMS, contact=contact)
        text = (
            a_wording("Schneider & Partners International Consulting and Trading").render(owed, reminder).text
        )
        assert not gsm7.strangers(text)
        assert gsm7.segments(text) <= 2
        assert re.search(r" Reply STOP to opt out #[A-Z2-7]{4}$", text)
        assert "\n" not in text


@given(business=nasty_names)
def test_whatever_the_business_is_called_its_sms_begin_with_it_in_plain_letters(business: str) -> None:
    account = an_account()
    reminder = a_reminder(account, "overdue_21", Tone.FINAL, Channel.SMS)
    text = a_wording(f"Acme {business}").render(account, reminder).text
    assert text.startswith("Acme")
    assert not gsm7.strangers(text)
    assert gsm7.segments(text) <= 2


@given(contact=nasty_names, business=nasty_names, number=nasty_names)
def test_whatever_names_are_they_stay_text_on_one_line_of_an_email(
    contact: str, business: str, number: str
) -> None:
    account = an_account(an_invoice(number))
    words = a_wording(f"Acme {business}").render(account, a_reminder(account, contact=contact))
    plain = a_wording("Acme").render(an_account(an_invoice("X")), a_reminder(an_account(an_invoice("X"))))
    assert words.subject.isprintable()
    assert words.text.count("\n") <= plain.text.count("\n") + 20
    assert tags_of(words.html) == tags_of(plain.html)


def test_a_name_that_looks_like_markup_or_a_template_is_shown_as_it_is() -> None:
    account = an_account(name="x")
    html = a_wording().render(account, a_reminder(account, contact="<script>{{7*7}}</script>")).html
    assert "Hello &lt;script&gt;{{7*7}}&lt;/script&gt;," in html


def test_a_name_cannot_add_a_line_to_the_subject() -> None:
    account = an_account(an_invoice("1042\r\nBcc: everybody@example.com"))
    subject = a_wording("Acme\nLtd").render(account, a_reminder(account)).subject
    assert subject == "Invoice 1042 Bcc: everybody@example.com from Acme Ltd: a reminder"


def test_an_html_email_loads_nothing_and_runs_nothing() -> None:
    account = several_invoices()
    html = a_wording().render(account, a_reminder(account)).html
    assert not re.search(r"<(script|link|iframe|form|input)\b|url\(|@import|https?:|\son\w+=", html)
    assert set(re.findall(r'src="([^"]*)"', html)) == {"cid:pay-eur"}
    assert '<html lang="en-GB"' in html
    assert "<title>3 invoices from Acme Ltd: a reminder</title>" in html
    assert '<meta name="color-scheme" content="light dark">' in html


def test_the_picture_that_an_email_shows_goes_with_it_and_is_the_same_for_the_same_amount() -> None:
    account = several_invoices()
    first, again = (a_wording().render(account, a_reminder(account)).attachments for _ in range(2))
    assert [(file.name, file.content_id, file.content[:4]) for file in first] == [
        ("pay-eur.png", "pay-eur", b"\x89PNG")
    ]
    assert first == again
    assert a_wording().render(account, a_reminder(account, channel=Channel.SMS)).attachments == ()
