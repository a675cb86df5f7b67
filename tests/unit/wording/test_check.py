"""Each rule has a message that breaks it, in more than one language, and one that does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tactful.domain.wording.check import check, lix
from tactful.domain.wording.message import REASONS, Message, Rule

FOOTER = {
    "en": "If you would rather not get e-mails about your invoices, tell us so: we will stop.",
    "de": "Möchten Sie lieber nicht angeschrieben werden? Dann hören wir damit auf.",
    "fr": "Si vous préférez ne pas recevoir d'e-mails, dites-le-nous : nous arrêterons.",
    "es": "Si prefiere no recibir correos, díganoslo: dejaremos de enviarlos.",
}


def an_email(
    said: str = "", *, language: str = "en", subject: str = "Invoice 1042 from Acme", **facts: Any
) -> Message:
    text = f"Acme\n\n{said}\n\n{FOOTER[language]}"
    message = Message(language, "", "email", "neutral", "Acme", text, subject, (said,))
    return replace(message, **facts)


def an_sms(said: str, *, language: str = "en") -> Message:
    return Message(language, "", "sms", "neutral", "Acme", said)


def broken(message: Message) -> list[Rule]:
    return [finding.rule for finding in check(message)]


@pytest.mark.parametrize("language", FOOTER)
def test_a_plain_message_has_nothing_to_mend(language: str) -> None:
    assert check(an_email("1042: 120,00", language=language)) == ()


@pytest.mark.parametrize(
    ("rule", "language", "said"),
    [
        (Rule.THREAT, "en", "Otherwise we will take legal action."),
        (Rule.THREAT, "en", "A debt collector will call."),
        (Rule.THREAT, "en", "We will have to take further action."),
        (Rule.THREAT, "de", "Sonst übergeben wir an ein Inkassobüro."),
        (Rule.THREAT, "fr", "Nous saisirons le tribunal."),
        (Rule.THREAT, "es", "Acudiremos a un abogado."),
        (Rule.SHAMING, "en", "You have failed to pay."),
        (Rule.SHAMING, "de", "Sie haben unsere Nachricht ignoriert."),
        (Rule.SHAMING, "fr", "C'est inacceptable."),
        (Rule.SHAMING, "es", "Es su culpa."),
        (Rule.URGENCY, "en", "Please pay immediately."),
        (Rule.URGENCY, "de", "Bitte zahlen Sie umgehend."),
        (Rule.URGENCY, "fr", "Merci de régler au plus vite."),
        (Rule.URGENCY, "es", "Pague cuanto antes."),
        (Rule.LEGAL_CLAIM, "en", "Statutory interest has been added."),
        (Rule.LEGAL_CLAIM, "de", "Wir berechnen Verzugszinsen."),
        (Rule.LEGAL_CLAIM, "fr", "Des pénalités s'ajoutent."),
        (Rule.LEGAL_CLAIM, "es", "Se añade un recargo."),
        (Rule.PROMOTION, "en", "Have a look at our new products."),
        (Rule.PROMOTION, "de", "Abonnieren Sie unseren Newsletter."),
        (Rule.PROMOTION, "fr", "Profitez de nos offres."),
        (Rule.PROMOTION, "es", "Vea nuestras ofertas."),
        (Rule.EXCLAMATION, "en", "Please pay!"),
        (Rule.CAPITALS, "en", "Please pay TODAY, it is IMPORTANT."),
    ],
)
def test_words_that_no_client_should_read_are_found(rule: Rule, language: str, said: str) -> None:
    assert rule in broken(an_email(said, language=language))


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("If you cannot pay all at once, tell us.", "en"),
        ("The collected works of an author.", "en"),
        ("Wir gehen dem nach.", "de"),
        ("Quelle est la bonne date ?", "fr"),
    ],
)
def test_words_that_only_look_like_those_are_not(said: str, language: str) -> None:
    assert check(an_email(said, language=language)) == ()


@pytest.mark.parametrize("facts", [{"states_charges": True}, {"is_plan": True}])
def test_a_claim_is_fine_where_its_fact_is_given(facts: dict[str, Any]) -> None:
    assert broken(an_email("Interest: none is added.", **facts)) == []


@pytest.mark.parametrize("said", ["Fair Collections will write to you.", "Fair Collections"])
def test_a_name_is_nobodys_choice_of_words(said: str) -> None:
    named = replace(an_email(said, subject="Invoice from Acme Collections"), business="Acme Collections")
    email = replace(named, text=named.text.replace("Acme", "Acme Collections", 1))
    assert broken(replace(email, partner="Fair Collections")) == []
    assert Rule.THREAT in broken(email)


def test_a_discount_is_named_in_the_notice_of_it_alone() -> None:
    said = "The early-payment discount ends on 5 March 2026."
    assert broken(an_email(said)) == [Rule.PROMOTION]
    assert broken(an_email(said, is_discount=True)) == []


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "Invoice 1042 is overdue"),
        ("de", "Mahnung zu Rechnung 1042"),
        ("fr", "Facture 1042 impayée"),
        ("es", "Factura 1042 vencida"),
    ],
)
def test_a_subject_tells_nobody_of_a_debt(language: str, subject: str) -> None:
    assert Rule.GLIMPSE in broken(an_email(language=language, subject=subject))


def test_only_the_first_words_of_an_sms_are_seen_by_others() -> None:
    late = "Acme: Hello, invoice 1042 is overdue. Reply STOP to opt out"
    later = "Acme: Hello Jane Doe, our records show that invoice 1042 is 3 days late. Reply STOP to opt out"
    assert broken(an_sms(late)) == [Rule.GLIMPSE]
    assert broken(an_sms(later)) == []


def test_a_message_says_who_writes() -> None:
    assert broken(an_sms("Hello, a note. Reply STOP to opt out")) == [Rule.SENDER]


def test_a_message_says_how_to_be_left_alone() -> None:
    assert broken(an_sms("Acme: a note.")) == [Rule.LEFT_ALONE]
    bare = replace(an_email(), text="Acme\n\nA note.")
    assert broken(bare) == [Rule.LEFT_ALONE]


@pytest.mark.parametrize("subject", ["", "x" * 79])
def test_a_subject_is_there_and_not_too_long(subject: str) -> None:
    assert broken(an_email(subject=subject)) == [Rule.SUBJECT]


@pytest.mark.parametrize(("country", "wrong"), [("GB", "installment"), ("US", "instalment")])
def test_a_country_has_its_own_spelling(country: str, wrong: str) -> None:
    found = check(an_email(f"Your {wrong} is due.", country=country))
    assert [(finding.rule, finding.said) for finding in found] == [(Rule.SPELLING, wrong)]


def test_one_exclamation_mark_is_fine_in_a_friendly_message() -> None:
    assert broken(an_email("Thank you!", tone="friendly")) == []
    assert broken(an_email("Thank you! Really!", tone="friendly")) == [Rule.EXCLAMATION]


def test_sentences_that_are_hard_to_read_are_found() -> None:
    hard = (
        "Notwithstanding the aforementioned contractual stipulations concerning remuneration, the undersigned "
        "respectfully requests immediate reconciliation of outstanding obligations pertaining to accounts"
    )
    assert Rule.READABILITY in broken(an_email(hard))
    assert lix(("The cat sat. It was fat.",)) < 10


def test_a_language_without_lists_is_checked_for_what_every_language_needs() -> None:
    message = Message("nl", "NL", "sms", "neutral", "Acme", "Acme: hallo.")
    assert broken(message) == [Rule.LEFT_ALONE]


def test_every_rule_says_why_and_what_to_do() -> None:
    assert set(REASONS) == set(Rule)
    assert all(reason.why and reason.remedy for reason in REASONS.values())
