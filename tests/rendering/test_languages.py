"""A client is written to in its own language, else the business's, and one message is in one language alone."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from tactful.adapters import gsm7
from tactful.adapters.formats import Formats
from tactful.adapters.jinja import JinjaWording
from tactful.adapters.languages import Languages
from tactful.adapters.webhook_words import WebhookWords
from tactful.application.unsubscribe import UnsubscribePage
from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Instalment, Plan
from tactful.domain.book.contact_log import ChasedInvoice, Tone
from tactful.domain.book.customer import Channel, Customer
from tactful.domain.book.money import MINOR_DIGITS, Money
from tests.rendering.samples import LONDON, POLICY, TEMPLATES, a_reminder, a_wording, an_account, an_invoice

ALL = Languages(TEMPLATES, "en", "GB")
PLAIN = str.maketrans("\u00a0\u202f", "  ")


def a_client(language: str, country: str = "") -> Account:
    account = an_account(an_invoice("1042", 123450, "EUR"))
    return replace(account, customer=replace(account.customer, language=language, country=country))


def said_to(account: Account, *, home: str = "en", country: str = "GB", templates: Path = TEMPLATES) -> str:
    wording = JinjaWording(
        Languages(templates, home, country),
        business_name="Acme Ltd",
        contact_email="accounts@acme.example",
        policy=POLICY,
        calendar=LONDON,
    )
    words = wording.render(account, a_reminder(account, "due", Tone.FRIENDLY))
    return f"{words.subject}\n{words.text}\n{words.html}"


@pytest.mark.parametrize(
    ("language", "greeting", "amount", "day", "tag"),
    [
        ("de", "Guten Tag Jane Doe,", "1.234,50 €", "5. März 2026", "de-DE"),
        ("fr", "Bonjour Jane Doe,", "1 234,50 €", "5 mars 2026", "fr-FR"),
        ("es", "Hola Jane Doe,", "1.234,50 €", "5 de marzo de 2026", "es-ES"),
        ("en-US", "Hello Jane Doe,", "€1,234.50", "March 5, 2026", "en-US"),
        ("en-GB", "Hello Jane Doe,", "€1,234.50", "5 March 2026", "en-GB"),
    ],
)
def test_a_client_reads_its_own_language_dates_and_amounts(
    language: str, greeting: str, amount: str, day: str, tag: str
) -> None:
    country = language.partition("-")[2] or language.upper()
    said = said_to(a_client(language, country))
    text = said.translate(PLAIN)
    assert all(part in text for part in (greeting, amount, day))
    assert f'<html lang="{tag}"' in said


def test_a_client_without_a_language_or_with_one_that_has_no_words_reads_the_businesss() -> None:
    for language in ("", "nl", "zz", "not a language"):
        assert "Guten Tag Jane Doe," in said_to(a_client(language, "NL"), home="de", country="DE")


@pytest.mark.parametrize(
    ("language", "country", "home", "locale"),
    [
        ("de", "AT", "GB", "de_AT"),
        ("de", "CH", "GB", "de_CH"),
        ("de", "", "GB", "de"),
        ("en", "", "", "en_001"),
        ("en", "", "US", "en_US"),
        ("en", "DE", "GB", "en_DE"),
        ("en-US", "DE", "GB", "en_US"),
        ("de-FR", "", "GB", "de"),
        ("fr", "BE", "GB", "fr_BE"),
    ],
)
def test_the_country_decides_how_amounts_and_dates_are_written(
    language: str, country: str, home: str, locale: str
) -> None:
    customer = Customer("C-1", "A", language=language, country=country)
    tongue = Languages(TEMPLATES, "en", home).tongue_for(customer, "email/due/friendly.j2")
    assert tongue is not None
    assert str(tongue.locale) == locale


def test_a_message_whose_words_a_language_lacks_is_in_the_businesss_as_a_whole(tmp_path: Path) -> None:
    templates = Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))
    (templates / "words/de/email/due/friendly.j2").unlink()
    said = said_to(a_client("de", "DE"), templates=templates)
    assert "Hello Jane Doe," in said
    assert "5 March 2026" in said
    assert "Rechnung" not in said


def test_one_folder_is_a_new_language(tmp_path: Path) -> None:
    templates = Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))
    shutil.copytree(templates / "words/en", templates / "words/nl")
    phrases = templates / "words/nl/phrases.j2"
    phrases.write_text(phrases.read_text(encoding="utf-8").replace('"Hello"', '"Hallo"'), encoding="utf-8")
    said = said_to(a_client("nl", "NL"), templates=templates)
    assert "Hallo Jane Doe," in said
    assert "5 maart 2026" in said.replace("\u00a0", " ")


def test_the_united_states_have_their_own_spelling_of_the_same_words() -> None:
    for country, spelled in (("US", "installment"), ("GB", "instalment")):
        account = a_client(f"en-{country}")
        wording = JinjaWording(
            ALL, business_name="A", contact_email="a@a.example", policy=POLICY, calendar=LONDON
        )
        words = wording.render(account, a_reminder(account, "plan_missed", Tone.FRIENDLY))
        assert f"your {spelled}" in words.subject


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "SMS"),
        ("fr", "SMS"),
        ("es", "SMS"),
        ("en", "text messages"),
        ("nl", "text messages"),
    ],
)
def test_an_opt_out_is_confirmed_in_the_language_of_whoever_opted_out(language: str, said: str) -> None:
    words = WebhookWords(TEMPLATES, "en", "GB", "Acme Ltd").opt_out(Customer("C-1", "A", language=language))
    assert words.startswith("Acme Ltd")
    assert said in words
    assert gsm7.segments(words) == 1
    assert not gsm7.strangers(words)


def test_a_number_that_nobody_has_is_answered_in_the_businesss_language() -> None:
    assert "SMS" in WebhookWords(TEMPLATES, "de", "DE", "Acme").opt_out(None)


@pytest.mark.parametrize(
    ("language", "asked", "done", "unknown"),
    [
        ("en", "Stop these e-mails", "That is done", "We do not know this link"),
        ("de", "Diese E-Mails abbestellen", "Das ist erledigt", "Diesen Link kennen wir nicht"),
        ("fr", "Ne plus recevoir ces e-mails", "C’est fait", "Nous ne connaissons pas ce lien"),
        ("es", "Dejar de recibir estos correos", "Hecho", "No conocemos este enlace"),
    ],
)
def test_the_page_to_unsubscribe_is_in_the_language_of_whoever_opens_it(
    language: str, asked: str, done: str, unknown: str
) -> None:
    words = WebhookWords(TEMPLATES, "en", "GB", "Acme & <b>Sons</b>")
    reader = Customer("C-1", "A", language=language)
    for page, said in zip(UnsubscribePage, (asked, done, unknown), strict=True):
        html = words.page(page, reader)
        assert said in html
        assert html.startswith("<!DOCTYPE html>")
        assert f'<html lang="{language}' in html
        assert ("<form" in html) is (page is UnsubscribePage.ASKED)
        assert "<b>" not in html
    assert "Acme &amp; &lt;b&gt;Sons&lt;/b&gt;" in words.page(UnsubscribePage.DONE, reader)


def test_the_page_of_a_link_that_is_nobodys_is_in_the_businesss_language() -> None:
    html = WebhookWords(TEMPLATES, "de", "DE", "Acme").page(UnsubscribePage.UNKNOWN, None)
    assert "Diesen Link kennen wir nicht" in html


@pytest.mark.parametrize(
    ("locale", "amount", "written"),
    [
        ("en_GB", Money(123450, "GBP"), "£1,234.50"),
        ("en_GB", Money(-2000, "GBP"), "-£20.00"),
        ("en_GB", Money(123450, "USD"), "US$1,234.50"),
        ("en_US", Money(123450, "USD"), "$1,234.50"),
        ("en_GB", Money(123450, "CHF"), "CHF 1,234.50"),
        ("en_GB", Money(120000, "JPY"), "JP¥120,000"),
        ("de_DE", Money(1234567, "KWD"), "1.234,567 KWD"),
        ("de_CH", Money(123450, "CHF"), "CHF 1’234.50"),
        ("fr_FR", Money(123450, "EUR"), "1 234,50 €"),
        ("es_ES", Money(123450, "EUR"), "1.234,50 €"),
    ],
)
def test_an_amount_is_written_as_the_locale_does(locale: str, amount: Money, written: str) -> None:
    shown = Formats(Locale.parse(locale)).money(amount).translate(PLAIN)
    assert shown == written


@given(
    minor=st.integers(-(10**12), 10**12),
    currency=st.sampled_from(sorted(MINOR_DIGITS)),
    locale=st.sampled_from(["en_GB", "en_US", "de_DE", "de_CH", "fr_FR", "es_ES"]),
)
def test_no_minor_unit_is_lost_in_writing(minor: int, currency: str, locale: str) -> None:
    shown = Formats(Locale.parse(locale)).money(Money(minor, currency))
    digits = "".join(letter for letter in shown if letter.isdigit())
    assert int(digits) == abs(minor)
    assert ("-" in shown or "−" in shown) is (minor < 0)


@given(minor=st.integers(0, 10**9), currency=st.sampled_from(["EUR", "GBP", "USD", "CHF", "INR", "PLN"]))
def test_an_amount_in_an_sms_needs_no_letter_that_would_double_its_price(minor: int, currency: str) -> None:
    for locale in ("en_GB", "de_DE", "fr_FR", "es_ES"):
        shown = Formats(Locale.parse(locale), gsm7.is_plain).money(Money(minor, currency))
        assert gsm7.is_plain(shown.translate(PLAIN))


@pytest.mark.parametrize(
    ("locale", "day", "written"),
    [
        ("fr_FR", date(2026, 3, 1), "1er mars 2026"),
        ("fr_FR", date(2026, 3, 11), "11 mars 2026"),
        ("de_DE", date(2026, 3, 1), "1. März 2026"),
        ("es_ES", date(2026, 3, 1), "1 de marzo de 2026"),
    ],
)
def test_a_day_is_written_as_the_language_does(locale: str, day: date, written: str) -> None:
    assert Formats(Locale.parse(locale)).day(day).translate(PLAIN) == written


def test_plurals_lists_and_percentages_are_the_locales_own() -> None:
    german, french = Formats(Locale.parse("de_DE")), Formats(Locale.parse("fr_FR"))
    assert french.plural(0, one="{n} jour", other="{n} jours") == "0 jour"
    assert german.plural(0, one="{n} Tag", other="{n} Tage") == "0 Tage"
    assert german.plural(1234, one="{n} Tag", other="{n} Tage") == "1.234 Tage"
    assert german.listed(["A", "B", "C"]) == "A, B und C"
    assert german.percent(Decimal("11.75")).replace("\u00a0", " ") == "11,75 %"


def test_a_first_reminder_by_sms_is_paid_as_one_segment_in_every_language() -> None:
    for language in ("de", "fr", "es"):
        account = a_client(language)
        wording = JinjaWording(
            ALL, business_name="Acme", contact_email="a@a.example", policy=POLICY, calendar=LONDON
        )
        text = wording.render(account, a_reminder(account, "overdue_3", channel=Channel.SMS)).text
        assert "STOP" in text
        assert gsm7.segments(text) == 1


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_an_sms_about_an_ordinary_debt_fits_two_segments_in_every_tone(language: str) -> None:
    due = date(2026, 9, 25)
    owed = [an_invoice("RE-2026-00123", 1234567, "EUR", due), an_invoice("RE-2026-00124", 765432, "USD", due)]
    reader = Customer(
        "C-1", "Hollis", language=language, country={"en": "GB"}.get(language, language.upper())
    )
    broken = replace(an_account(*owed), customer=reader)
    parts = tuple(Instalment(due + timedelta(days=30 * n), Money(30000, "EUR")) for n in range(3))
    plan = Plan("P-1", ("RE-2026-00123",), parts, datetime(2026, 9, 1, tzinfo=UTC))
    missed = replace(an_account(an_invoice("RE-2026-00123", 90000, "EUR", due)), customer=reader, plan=plan)
    at = datetime(2026, 11, 5, 10, tzinfo=UTC)
    for tone in Tone:
        promise = a_reminder(
            broken, "broken_promise", tone, Channel.SMS, at=at, occurrence=str(due), promised=due
        )
        instalments = replace(
            a_reminder(missed, "plan_missed", tone, Channel.SMS, at=at, occurrence=str(due)),
            invoices=(ChasedInvoice("RE-2026-00123", due, 3, Money(60000, "EUR")),),
        )
        for account, reminder in ((broken, promise), (missed, instalments)):
            said = a_wording("Example Trading Ltd").render(account, reminder).text
            assert gsm7.segments(said) <= 2, said
