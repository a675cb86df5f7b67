"""The words that are shipped have nothing to mend; an overlay that is broken or unsafe is refused with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tactful.adapters.email_check import contrast
from tactful.adapters.languages import Languages
from tactful.adapters.wording_check import Found, WordingCheck
from tactful.domain.wording.message import Rule
from tests.rendering.samples import LONDON, POLICY, TEMPLATES

WORDS = "words/en/email/overdue_3/neutral.j2"
PLACE = f"overlay/{WORDS}, line 1: "


def a_check(templates: Path = TEMPLATES) -> WordingCheck:
    return WordingCheck(Languages(templates, "en", "GB"), POLICY, LONDON)


def found_with(tmp_path: Path, name: str, text: str) -> tuple[Found, ...]:
    """What is found in English with a file of the business's own."""
    templates = Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))
    own = templates / "overlay" / name
    own.parent.mkdir(parents=True)
    own.write_text(text, encoding="utf-8")
    checking = a_check(templates)
    return checking.run([place for place in checking.places() if place.language == "en"])


def own_words(
    *,
    subject: str = "Invoice from {{ business }}",
    opening: str = "{{ statement }}.",
    closing: str = "Thanks.",
) -> str:
    return (
        "{% extends layout %}{% block subject %}" + subject + "{% endblock %}"
        "{% block opening %}" + opening + "{% endblock %}{% block closing %}" + closing + "{% endblock %}"
    )


@pytest.mark.parametrize("language", sorted(Languages(TEMPLATES, "en").folders))
def test_the_words_that_are_shipped_have_nothing_to_mend(language: str) -> None:
    checking = a_check()
    places = [place for place in checking.places() if place.language == language]
    assert len(places) == 1
    assert checking.run(places) == ()


def test_a_business_may_say_it_in_its_own_words(tmp_path: Path) -> None:
    assert found_with(tmp_path, WORDS, own_words(opening="Dear client, {{ statement }}.")) == ()


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        (
            own_words(opening="{{ statment }}"),
            Rule.FAULT,
            f"{PLACE}'statment' is undefined",
        ),
        (
            own_words(opening="{{ business.__class__ }}"),
            Rule.FAULT,
            PLACE,
        ),
        (
            own_words(opening="{% if count %}"),
            Rule.FAULT,
            PLACE,
        ),
        ("{% extends layout %}", Rule.FAULT, "no attribute 'subject'"),
        (
            own_words(opening="{{ name | safe }} {{ statement }}"),
            Rule.ESCAPING,
            "markup in a name becomes markup",
        ),
        (own_words(opening="<script>alert(1)</script> {{ statement }}"), Rule.HTML, "<script>"),
        (
            own_words(opening='<img alt="x" src="https://t.example/x.gif"> {{ statement }}'),
            Rule.HTML,
            "https://t.example",
        ),
        (
            own_words(opening='<a href="javascript:alert(1)">pay</a> {{ statement }}'),
            Rule.HTML,
            "a link to javascript:",
        ),
        (own_words(subject="Invoice from {{ business }} is overdue"), Rule.GLIMPSE, "overdue"),
        (own_words(closing="Otherwise we go to court."), Rule.THREAT, "court"),
    ],
)
def test_an_overlay_that_is_broken_or_unsafe_is_refused_with_its_place(
    tmp_path: Path, text: str, rule: Rule, said: str
) -> None:
    found = [one for one in found_with(tmp_path, WORDS, text) if one.rule is rule]
    assert [one.file for one in found[:1]] == [f"templates/overlay/{WORDS}"]
    assert said in found[0].said


def test_a_layout_that_says_more_in_html_than_in_text_is_found(tmp_path: Path) -> None:
    layout = (TEMPLATES / "email/layout.html.j2").read_text(encoding="utf-8")
    changed = layout.replace("{{ hello }}</p>", "{{ hello }}</p><p>Reference 4711</p>")
    found = found_with(tmp_path, "email/layout.html.j2", changed)
    assert {(one.rule, one.said) for one in found} == {(Rule.SAME_CONTENT, "4711")}


def test_pale_letters_are_found_in_light_and_in_dark_mode(tmp_path: Path) -> None:
    layout = (TEMPLATES / "email/layout.html.j2").read_text(encoding="utf-8")
    changed = layout.replace("#5b6773", "#b0b8c0").replace("#a7b1bb", "#454d55")
    said = {
        one.said for one in found_with(tmp_path, "email/layout.html.j2", changed) if one.rule is Rule.CONTRAST
    }
    assert "#b0b8c0 on #ffffff" in said
    assert any("in dark mode" in one for one in said)


def test_a_language_without_a_file_that_others_have_is_told_so(tmp_path: Path) -> None:
    templates = Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))
    (templates / "words/de/sms/due/friendly.txt.j2").unlink()
    checking = a_check(templates)
    found = checking.run([place for place in checking.places() if place.language == "de"])
    missing = [one.file for one in found if one.rule is Rule.MISSING]
    assert missing == ["templates/words/de/sms/due/friendly.txt.j2"]


def test_a_date_in_another_language_is_found(tmp_path: Path) -> None:
    templates = Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))
    file = templates / "words/de/email/due/friendly.j2"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("{% block closing %}", "{% block closing %}Bis February."), encoding="utf-8")
    checking = a_check(templates)
    found = checking.run([place for place in checking.places() if place.language == "de"])
    assert {(one.rule, one.said) for one in found} == {(Rule.LANGUAGES, "february is English")}


@pytest.mark.parametrize(
    ("letters", "behind", "ratio"),
    [("000000", "ffffff", 21.0), ("ffffff", "ffffff", 1.0), ("767676", "ffffff", 4.54)],
)
def test_contrast_is_as_the_guideline_works_it_out(letters: str, behind: str, ratio: float) -> None:
    assert abs(contrast(letters, behind) - ratio) < 0.01
