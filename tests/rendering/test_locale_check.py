"""A message is in one language, writes dates and amounts as its reader's country does, and adds up."""

from __future__ import annotations

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from tactful.adapters.locale_check import formats, other_languages, sums
from tactful.domain.book.account import Account
from tactful.domain.book.customer import Channel
from tactful.domain.wording.message import Rule
from tests.rendering.samples import a_reminder, a_wording, an_account, an_invoice, several_invoices

LABELS = {"en": frozenset({"invoice", "amount due", "bank"}), "de": frozenset({"rechnung", "bank"})}
CURRENCIES = ("EUR", "GBP", "USD")


@pytest.mark.parametrize(
    ("said", "language", "finding"),
    [
        ("Fällig am 5 February 2026", "de", "february is English"),
        ("Due on 5 März 2026", "en", "märz is German"),
        ("Invoice 1042", "de", "invoice is English"),
        ("Rechnung 1042", "en", "rechnung is German"),
        ("Please pay the amount that is open", "de", "please, that, the are English"),
        ("Merci de nous dire quand vous paierez", "es", "merci, nous, vous are French"),
        ("Gracias por escribirnos, para los clientes", "fr", "gracias, los, para, por are Spanish"),
    ],
)
def test_what_is_said_in_another_language_is_found(said: str, language: str, finding: str) -> None:
    assert [one.said for one in other_languages(said, language, LABELS)] == [finding]


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Thank you and hello from Der Laden und Co", "en"),
        ("Bank: Fidor Bank", "de"),
        ("The invoice may be paid in March.", "en"),
        ("Facture du 5 mars", "fr"),
        ("Pagar con tarjeta", "es"),
    ],
)
def test_names_and_words_that_languages_share_are_not(said: str, language: str) -> None:
    assert list(other_languages(said, language, LABELS)) == []


@pytest.mark.parametrize(
    ("said", "locale", "found"),
    [
        ("due on 05/03/2026", "en_GB", ["05/03/2026"]),
        ("fällig am 5.3.2026", "de_DE", ["5.3.2026"]),
        ("due 2026-03-05", "en_US", ["2026-03-05"]),
        ("120,00 is due", "en_GB", ["120,00"]),
        ("1.234.50 is due, 1,234.50 is not", "de_DE", ["1.234.50", "1,234.50"]),
        ("120.00 à régler", "fr_FR", ["120.00"]),
    ],
)
def test_figures_that_are_written_as_elsewhere_are_found(said: str, locale: str, found: list[str]) -> None:
    assert [one.said for one in formats(said, Locale.parse(locale))] == found


@pytest.mark.parametrize(
    ("said", "locale"),
    [
        ("£1,234.50, due on 5 March 2026, sort code 00-00-00, section 4.1", "en_GB"),
        ("1.234,50 €, fällig am 5. März 2026", "de_DE"),
        ("EUR 1\u2019234.50", "de_CH"),
        ("version 1.2.345", "de_DE"),
    ],
)
def test_figures_as_the_country_writes_them_are_not(said: str, locale: str) -> None:
    assert list(formats(said, Locale.parse(locale))) == []


def summed(account: Account, change: tuple[str, str] = ("", "")) -> list[str]:
    words, view = a_wording().render_with_values(account, a_reminder(account))
    return [one.said for one in sums(words.text.replace(*change), view, CURRENCIES)]


def test_an_amount_that_is_listed_or_asked_for_is_said() -> None:
    assert summed(several_invoices()) == []
    assert "£1,294.50 is not said" in summed(several_invoices(), ("£1,294.50", "the total"))
    assert "\u00a380.00 is not said" in summed(several_invoices(), ("£80.00", "some"))


def test_an_amount_that_no_invoice_has_is_found() -> None:
    assert summed(an_account(), ("Thank you for your help.", "A fee of £5.00 is added.")) == [
        "£5.00 is no amount of the account"
    ]
    assert summed(an_account(), ("Thank you for your help.", "Add 5 EUR or US$5.")) == [
        "5 EUR is no amount of the account",
        "US$5 is no amount of the account",
    ]


@given(minors=st.lists(st.integers(1, 10**11), min_size=1, max_size=5), currency=st.sampled_from(CURRENCIES))
def test_whatever_is_owed_its_messages_add_up(minors: list[int], currency: str) -> None:
    account = an_account(*(an_invoice(str(number), minor, currency) for number, minor in enumerate(minors)))
    for channel in (Channel.EMAIL, Channel.SMS):
        words, view = a_wording().render_with_values(account, a_reminder(account, channel=channel))
        found = [*sums(words.text, view, CURRENCIES), *formats(words.text, view.formats.locale)]
        assert found == []


def test_a_finding_says_its_rule() -> None:
    assert [one.rule for one in formats("120,00", Locale.parse("en_GB"))] == [Rule.FORMATS]
