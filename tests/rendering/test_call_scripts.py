"""What is said in a call, in each language: by situation and tone, to the right person, and nothing that is not so."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tactful.adapters.call_scripts import PARTS, JinjaCallScripts
from tactful.adapters.languages import Languages
from tactful.adapters.sample_calls import SampleCall, sample_calls
from tactful.adapters.whereabouts import dialled
from tactful.application.ports import WordingError
from tactful.domain.book.customer import Contact, Purpose
from tactful.domain.calls.sheet import Offers
from tactful.domain.wording.message import Rule
from tests.rendering.samples import LONDON, POLICY, TEMPLATES
from tests.rendering.test_wording_check import found_with

LANGUAGES = {"en": "GB", "de": "DE", "fr": "FR", "es": "ES"}
AT = datetime(2026, 3, 26, 10, tzinfo=UTC)


def scripts(templates: Path = TEMPLATES) -> JinjaCallScripts:
    return JinjaCallScripts(
        Languages(templates, "en", "GB"),
        business_name="Example Trading",
        contact_email="accounts@example.com",
        calendar=LONDON,
    )


def calls(language: str = "en") -> list[SampleCall]:
    return list(sample_calls(POLICY, LONDON, language, LANGUAGES[language], "EUR"))


def one_call(title: str, language: str = "en") -> SampleCall:
    return next(call for call in calls(language) if call.title == title)


def said(call: SampleCall) -> dict[str, str]:
    return dict(scripts().script(call.account, call.sheet, call.at))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_call_has_all_parts_and_none_is_left_to_be_filled_but_the_caller_s(language: str) -> None:
    for call in calls(language):
        script = said(call)
        assert tuple(script) == PARTS
        assert all(script.values())
        assert "{" not in script["offers"]
        assert "Example Trading" in script["opening"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_opening_that_anybody_may_hear_names_neither_the_amount_nor_the_invoice(language: str) -> None:
    for call in calls(language):
        opening = said(call)["opening"]
        assert "1042" not in opening.replace("{{7*7}}", "")
        assert "\N{EURO SIGN}" not in opening


@pytest.mark.parametrize("language", LANGUAGES)
def test_tones_and_situations_ask_differently(language: str) -> None:
    by_title = {call.title: said(call)["question"] for call in calls(language) if "one invoice" in call.title}
    overdue = {question for title, question in by_title.items() if title.startswith("call, overdue")}
    neutral = {question for title, question in by_title.items() if ", neutral:" in title}
    assert len(overdue) == 4
    assert len(neutral) >= 6


def test_a_person_is_asked_for_what_only_it_knows_and_a_business_who_looks_after_invoices() -> None:
    call = one_call("call, overdue, neutral: one invoice")
    assert "look after the invoices of Hollis & Daughters" in said(call)["identity_check"]
    customer = replace(call.account.customer, purpose=Purpose.CONSUMER)
    to_a_person = replace(call, account=replace(call.account, customer=customer))
    assert "Hollis" not in said(to_a_person)["identity_check"]
    assert "Which e-mail address" in said(to_a_person)["identity_check"]


def test_whoever_is_named_like_the_customer_is_taken_for_a_person() -> None:
    call = one_call("call, overdue, neutral: one invoice")
    customer = replace(call.account.customer, name="Ann Lee", purpose=Purpose.UNKNOWN)
    sheet = replace(call.sheet, contact=Contact("Ann Lee", phone="+447700900123"))
    found = dict(scripts().script(replace(call.account, customer=customer), sheet, AT))
    assert "Which e-mail address" in found["identity_check"]


def test_only_what_may_be_offered_is_said() -> None:
    call = one_call("call, overdue, neutral: one invoice")
    offers = said(call)["offers"].splitlines()
    assert offers[0] == "Payment now: I will send you again how to pay."
    assert offers[1].startswith("A day that suits you, up to ")
    assert offers[2] == "Payment in 3 parts:"
    assert offers[3].startswith("\N{EURO SIGN}411.50 on ")
    bare = replace(call.sheet, offers=Offers(call.sheet.offers.promise_until))
    said_bare = dict(scripts().script(call.account, bare, AT))["offers"].splitlines()
    assert [line for line in said_bare if not line.startswith("(")] == [offers[1]]


def test_a_name_is_text_and_nothing_else() -> None:
    call = one_call("call, overdue, neutral: a nasty name")
    customer = replace(call.account.customer, purpose=Purpose.BUSINESS)
    found = dict(scripts().script(replace(call.account, customer=customer), call.sheet, AT))
    assert "{{7*7}}" in found["identity_check"]
    assert "\nBcc" not in found["identity_check"]


def test_a_script_that_lacks_a_part_is_refused_with_its_name(tmp_path: Path) -> None:
    templates = Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))
    own = templates / "overlay/words/en/calls.j2"
    own.parent.mkdir(parents=True)
    own.write_text("{% set opening = 'Hello' %}{% set close = 'Bye' %}", encoding="utf-8")
    call = one_call("call, overdue, neutral: one invoice")
    with pytest.raises(WordingError, match=r"calls\.j2: it does not set identity_check, question, offers"):
        scripts(templates).script(call.account, call.sheet, AT)


def test_an_overlay_that_threatens_or_names_what_is_not_there_is_refused_with_its_place(
    tmp_path: Path,
) -> None:
    shipped = (TEMPLATES / "words/en/calls.j2").read_text(encoding="utf-8")
    threat = shipped.replace("Is anything about it not in order?\n", "Or we will take you to court.\n", 1)
    assert threat != shipped
    found = found_with(tmp_path / "threat", "words/en/calls.j2", threat)
    assert {(one.file, one.rule) for one in found} == {("templates/overlay/words/en/calls.j2", Rule.THREAT)}
    broken = shipped.replace("{{ promise_until }}", "{{ promise_til }}")
    (one,) = found_with(tmp_path / "broken", "words/en/calls.j2", broken)
    assert (one.file, one.rule) == ("templates/overlay/words/en/calls.j2", Rule.FAULT)
    assert "'promise_til' is undefined" in one.said
    assert one.line > 1


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+441632960001", "01632 960001 (from abroad +44 1632 960001)"),
        ("+4930123456", "030 123456 (from abroad +49 30 123456)"),
        ("+33123456789", "01 23 45 67 89 (from abroad +33 1 23 45 67 89)"),
        ("12", "12"),
    ],
)
def test_a_number_is_shown_as_it_is_dialled_at_home_and_from_abroad(phone: str, shown: str) -> None:
    assert dialled(phone) == shown
