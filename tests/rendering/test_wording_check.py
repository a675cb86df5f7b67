"""The words that are shipped have nothing to mend; an overlay that is broken or unsafe is refused with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tactful.adapters.email_check import contrast
from tactful.adapters.languages import Languages
from tactful.adapters.wording_check import Found, WordingCheck
from tactful.domain.dunning.policy import Policy
from tactful.domain.wording.message import Rule
from tests.rendering.samples import LONDON, POLICY, TEMPLATES

WORDS = "words/en/email/overdue_3/neutral.j2"
# A ladder of one stage: the others would only take time where one file is looked at.
SHORT = POLICY.model_copy(update={"stages": [s for s in POLICY.stages if s.name == "overdue_3"]})


def a_check(templates: Path = TEMPLATES, policy: Policy = POLICY) -> WordingCheck:
    return WordingCheck(Languages(templates, "en", "GB"), policy, LONDON)


def found_with(tmp_path: Path, name: str, text: str) -> tuple[Found, ...]:
    """What is found in English with a file of the business's own."""
    templates = Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))
    own = templates / "overlay" / name
    own.parent.mkdir(parents=True)
    own.write_text(text, encoding="utf-8")
    checking = a_check(templates, SHORT)
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
            "'statment' is undefined",
        ),
        (
            own_words(opening="{{ business.__class__ }}"),
            Rule.FAULT,
            "access to __class__",
        ),
        (
            own_words(opening="{% if count %}"),
            Rule.FAULT,
            "unknown tag 'endblock'",
        ),
        ("{% extends layout %}", Rule.FAULT, "there is no block closing"),
        (
            own_words(opening="{{ name | safe }} {{ statement }}"),
            Rule.ESCAPING,
            "safe",
        ),
        (
            own_words(opening="{% autoescape false %}{{ name }}{% endautoescape %} {{ statement }}"),
            Rule.ESCAPING,
            "autoescape",
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
    assert {one.file for one in found} == {f"templates/overlay/{WORDS}"}
    first = max(found, key=lambda one: one.line)
    assert said in first.said
    assert first.line == 1


def test_a_layout_that_says_more_in_html_than_in_text_is_found(tmp_path: Path) -> None:
    layout = (TEMPLATES / "email/layout.html.j2").read_text(encoding="utf-8")
    changed = layout.replace("{{ hello }}</p>", "{{ hello }}</p><p>Reference 4711</p>")
    found = found_with(tmp_path, "email/layout.html.j2", changed)
    assert [(one.file, one.rule, one.said) for one in found] == [
        ("templates/overlay/email/layout.html.j2", Rule.SAME_CONTENT, "4711")
    ]
    line = next(number for number, line in enumerate(changed.splitlines(), 1) if "4711" in line)
    assert found[0].line == line


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


def test_words_that_many_messages_share_are_told_once_at_the_line_of_the_phrase(tmp_path: Path) -> None:
    phrases = (TEMPLATES / "words/en/phrases.j2").read_text(encoding="utf-8")
    changed = phrases.replace("please ignore this message", "please ignore this message, or see our lawyer")
    found = found_with(tmp_path, "words/en/phrases.j2", changed)
    line = next(number for number, line in enumerate(changed.splitlines(), 1) if "lawyer" in line)
    assert [(one.file, one.line, one.rule, one.said) for one in found] == [
        ("templates/overlay/words/en/phrases.j2", line, Rule.THREAT, "lawyer")
    ]


@pytest.mark.parametrize(
    ("opening", "left"),
    [("{{ discount }}, {{ statement }}", "None"), ("{{ '{' }}name} {{ statement }}", "{")],
)
def test_what_is_no_word_is_not_left_in_a_message(tmp_path: Path, opening: str, left: str) -> None:
    found = found_with(tmp_path, WORDS, own_words(opening=opening))
    assert (Rule.FAULT, left) in {(one.rule, one.said) for one in found}


def test_a_fault_that_is_met_in_rendering_alone_is_told_with_its_line(tmp_path: Path) -> None:
    found = found_with(tmp_path, WORDS, own_words(opening="{{ statement }}\n{{ 1 // (count - 1) }}"))
    assert {(one.file, one.line, one.said) for one in found} == {
        (f"templates/overlay/{WORDS}", 2, "integer division or modulo by zero")
    }


@pytest.mark.parametrize(
    ("letters", "behind", "ratio"),
    [("000000", "ffffff", 21.0), ("ffffff", "ffffff", 1.0), ("767676", "ffffff", 4.54)],
)
def test_contrast_is_as_the_guideline_works_it_out(letters: str, behind: str, ratio: float) -> None:
    assert abs(contrast(letters, behind) - ratio) < 0.01


def test_a_page_to_unsubscribe_that_does_not_escape_or_names_what_is_not_there_is_refused(
    tmp_path: Path,
) -> None:
    shipped = (TEMPLATES / "page/unsubscribe.html.j2").read_text(encoding="utf-8")
    unsafe = shipped.replace("{{ done }}", "{{ done | safe }}").replace("{{ button }}", "{{ buton }}")
    found = found_with(tmp_path, "page/unsubscribe.html.j2", unsafe)
    place = "templates/overlay/page/unsubscribe.html.j2"
    assert [(one.file, one.rule, one.said) for one in found] == [
        (place, Rule.FAULT, "'buton' is undefined"),
        (place, Rule.ESCAPING, "safe"),
    ]
