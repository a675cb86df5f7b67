"""Template files are read, too: what no sample would bring up is found, with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tactful.adapters.template_check import Where, label_words, line_of, template_findings, useless_overlays
from tactful.domain.wording.message import Rule
from tests.rendering.samples import POLICY, TEMPLATES, a_reminder, a_wording, an_account

OWN = "words/en/email/overdue_3/firm.j2"
VALUES = frozenset(a_wording().render_with_values(an_account(), a_reminder(an_account()))[1].values())
BLOCKS = "{% block closing %}Thanks.{% endblock %}{% block subject %}Invoice{% endblock %}"


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))


def put(templates: Path, name: str, text: str) -> None:
    own = templates / "overlay" / name
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(text, encoding="utf-8", newline="")


def found(templates: Path, language: str = "en") -> list[tuple[str, int, Rule, str]]:
    return [
        (place.file, place.line, finding.rule, finding.said)
        for place, finding in template_findings(templates, (language,), VALUES)
    ]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_the_files_that_are_shipped_have_nothing_to_mend(language: str) -> None:
    assert found(TEMPLATES, language) == []


@pytest.mark.parametrize(
    ("opening", "rule", "said"),
    [
        ("{% if count > 99 %}{{ statment }}{% endif %}", Rule.FAULT, "'statment' is undefined"),
        ("{% if count > 99 %}{{ name | shout }}{% endif %}", Rule.FAULT, "there is no shout"),
        ("{% if count > 99 %}{{ name | safe }}{% endif %}", Rule.ESCAPING, "safe"),
        ("{% autoescape false %}{{ count }}{% endautoescape %}", Rule.ESCAPING, "autoescape"),
        ("{% if count > 99 %}{{ name.__class__ }}{% endif %}", Rule.FAULT, "access to __class__"),
        ('{{ name["__class__"] }}', Rule.FAULT, "access to what begins with _"),
        ("{% if count %}", Rule.FAULT, "Encountered unknown tag 'endblock'."),
    ],
)
def test_what_no_sample_would_bring_up_is_found_with_its_line(
    templates: Path, opening: str, rule: Rule, said: str
) -> None:
    text = "{% extends layout %}\n{% block opening %}\n" + opening + "{% endblock %}" + BLOCKS
    put(templates, OWN, text)
    ((file, line, of, what),) = found(templates)
    assert (file, line, of) == (f"templates/overlay/{OWN}", 3, rule)
    assert what.startswith(said)


def test_a_block_that_is_missing_or_misspelled_is_named(templates: Path) -> None:
    put(templates, OWN, "{% extends layout %}\n{% block openning %}Hi{% endblock %}" + BLOCKS)
    assert [(line, said) for _, line, _, said in found(templates)] == [
        (1, "there is no block opening"),
        (2, "no layout shows a block openning"),
    ]


def test_a_file_that_is_not_in_utf_8_is_named(templates: Path) -> None:
    (templates / "words/de/terms.j2").write_bytes("Grüße".encode("latin-1"))
    assert found(templates, "de") == [("templates/words/de/terms.j2", 0, Rule.FAULT, "it is not in UTF-8")]


def test_words_are_found_whole_where_a_client_reads_them(templates: Path) -> None:
    put(templates, "terms.j2", "{# it is late\n #}\nlatest, then\nlate")
    where = line_of(templates, ("none.j2", "terms.j2"), (), "Late")
    assert where == Where("templates/overlay/terms.j2", 4)
    assert line_of(templates, ("none.j2", "terms.j2"), (), "court") is None


def test_labels_are_those_that_stand_beside_a_value() -> None:
    assert {"invoice", "total to pay"} <= label_words(TEMPLATES, ("en",))
    assert label_words(TEMPLATES, ("nl",)) == frozenset()


def test_an_sms_needs_its_words_and_may_have_its_mentions(templates: Path) -> None:
    put(
        templates,
        "words/en/sms/due/firm.txt.j2",
        '{% extends "sms/layout.txt.j2" %}{% block mentions %}{% endblock %}',
    )
    assert [said for *_, said in found(templates)] == ["there is no block words"]


@pytest.mark.parametrize("subject", ["Invoice\r\nBcc: a@b.example", '{{ "x\\r\\nBcc: a@b.example" }}'])
def test_a_line_break_in_a_subject_is_refused(templates: Path, subject: str) -> None:
    text = "{% extends layout %}{% block subject %}" + subject + "{% endblock %}"
    put(templates, OWN, text + "{% block opening %}Hi{% endblock %}{% block closing %}Thanks.{% endblock %}")
    assert [(rule, said) for _, _, rule, said in found(templates)] == [
        (Rule.SUBJECT, "a line break in the subject")
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("phrases.j2", "{% set please_pay", "{% set please_do_pay", "please_pay"),
        ("phrases.j2", '"issued":', '"isued":', "labels.issued"),
        ("documents.j2", '"1_30":', '"1_31":', "statement_of_account.buckets.1_30"),
    ],
)
def test_every_language_has_the_same_phrases_and_labels(
    templates: Path, file: str, old: str, new: str, said: str
) -> None:
    path = templates / "words/de" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert (f"templates/words/de/{file}", 0, Rule.MISSING, said) in found(templates, "de")


@pytest.mark.parametrize(
    "name",
    [
        "words/en/email/overdue_3/frim.j2",
        "words/en/email/overdue3/firm.j2",
        "word/en/email/overdue_3/firm.j2",
        "email/layout.j2",
    ],
)
def test_a_file_that_takes_no_ones_place_is_found(templates: Path, name: str) -> None:
    put(templates, name, "Hello")
    assert [place.file for place, _ in useless_overlays(templates, POLICY)] == [f"templates/overlay/{name}"]


@pytest.mark.parametrize(
    "name",
    [
        OWN,
        "words/nl/email/overdue_3/firm.j2",
        "words/de-AT/terms.j2",
        "words/en/sms/deposit/final.txt.j2",
        "email/layout.html.j2",
        "README.md",
        "words/.gitkeep",
    ],
)
def test_a_file_that_replaces_or_adds_words_is_not(templates: Path, name: str) -> None:
    put(templates, name, "Hello")
    stage = POLICY.stages[0].model_copy(update={"name": "deposit"})
    policy = POLICY.model_copy(update={"ladders": {"upfront": (stage,)}})
    assert list(useless_overlays(templates, policy)) == []
