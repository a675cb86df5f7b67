"""Checks every message in every language, by rendering it for sample accounts, the business's own overlay included."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale
from bs4 import BeautifulSoup

from tactful.adapters.email_check import html_findings, same_content
from tactful.adapters.jinja import JinjaWording
from tactful.adapters.languages import WORDS, Languages, search_path
from tactful.adapters.preview import Place, places_of
from tactful.adapters.sample_messages import NASTY, Sample, sample_messages
from tactful.adapters.words_on_disk import SUFFIXES
from tactful.application.ports import Rendered, WordingError
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import DISCOUNT
from tactful.domain.wording.check import check
from tactful.domain.wording.message import Finding, Message, Rule

_BUSINESS, _CONTACT = "Example Trading", "accounts@example.com"
_A_LAW = "§ 4"
_MODEL = "en"


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A finding, the file to mend, the language it was met in, and a message that shows it."""

    file: str
    language: str
    rule: Rule
    said: str
    message: str


class WordingCheck:
    """Renders and checks the words of a folder of templates."""

    def __init__(self, languages: Languages, policy: Policy, calendar: Calendar) -> None:
        self._languages = languages
        self._policy = policy
        self._wording = JinjaWording(
            languages, business_name=_BUSINESS, contact_email=_CONTACT, policy=policy, calendar=calendar
        )

    def places(self) -> tuple[Place, ...]:
        """The languages that there are words in, and where they are read."""
        return places_of(self._languages, self._policy)

    def run(self, places: Sequence[Place]) -> tuple[Found, ...]:
        """Everything that is wrong, each thing once, in order of the files."""
        found: dict[tuple[str, str, Rule, str], Found] = {}
        for one in (*self._missing(places), *(one for place in places for one in self._of(place))):
            found.setdefault((one.file, one.language, one.rule, one.said), one)
        return tuple(sorted(found.values()))

    def _of(self, place: Place) -> Iterator[Found]:
        for sample in sample_messages(self._policy, place.language, place.country, place.currency, _A_LAW):
            file = self._file(sample, place)
            try:
                words = self._wording.render(sample.account, sample.reminder)
            except WordingError as error:
                yield Found(file, place.name, Rule.FAULT, str(error), sample.title)
                continue
            for finding in self._findings(sample, words, place):
                yield Found(file, place.name, finding.rule, finding.said, sample.title)

    def _findings(self, sample: Sample, words: Rendered, place: Place) -> Iterator[Finding]:
        page = BeautifulSoup(words.html, "html.parser")
        is_nasty = sample.title.endswith("a nasty name")
        for finding in check(_message(sample, words, page, place)):
            # No subject has room for every name.
            if not (is_nasty and finding.rule is Rule.SUBJECT):
                yield finding
        yield from _other_languages(f"{words.subject}\n{words.text}", place.language.partition("-")[0])
        if words.html:
            yield from html_findings(words.html, page, place.name)
            yield from same_content(page, words.text, self._headers(place))
        if is_nasty:
            yield from _unescaped(words)

    def _headers(self, place: Place) -> frozenset[str]:
        """The words of labels: a table has them as headers once, and text beside each value."""
        page = next(
            path / "phrases.j2"
            for path in search_path(
                self._languages.templates, (place.language, place.language.partition("-")[0])
            )
            if (path / "phrases.j2").is_file()
        )
        return _label_words(page)

    def _file(self, sample: Sample, place: Place) -> str:
        reminder = sample.reminder
        name = f"{reminder.channel}/{reminder.wording or reminder.stage}/{reminder.tone}{SUFFIXES[reminder.channel]}"
        tongue = self._languages.tongue_for(sample.account.customer, name)
        folders = tongue.folders if tongue else (place.language,)
        templates = self._languages.templates
        there = (path / name for path in search_path(templates, folders))
        file = next((path for path in there if path.is_file()), templates / WORDS / place.language / name)
        return str(Path(templates.name) / file.relative_to(templates))

    def _missing(self, places: Sequence[Place]) -> Iterator[Found]:
        """Files that one language has and another lacks: its clients would be written to in the business's."""
        templates = self._languages.templates
        model = templates / WORDS / _MODEL
        wanted = sorted(path.relative_to(model) for path in model.rglob("*.j2")) if model.is_dir() else []
        for language in sorted({place.language for place in places if "-" not in place.language}):
            places_to_look = search_path(templates, (language,))
            for name in wanted:
                if not any((path / name).is_file() for path in places_to_look):
                    file = Path(templates.name) / WORDS / language / name
                    yield Found(str(file), language, Rule.MISSING, str(name), "")


def _message(sample: Sample, words: Rendered, page: BeautifulSoup, place: Place) -> Message:
    reminder = sample.reminder
    prose = tuple(tag.get_text(" ", strip=True) for tag in page.find_all("p"))
    kind = reminder.wording or reminder.stage
    return Message(
        language=place.language.partition("-")[0],
        country=place.country,
        channel=str(reminder.channel),
        tone=str(reminder.tone),
        business=_BUSINESS,
        text=words.text,
        subject=words.subject,
        prose=prose,
        states_charges=reminder.charges is not None,
        is_plan=kind in ("answer_plan_agreed", "answer_plan_proposed"),
        is_discount=kind == DISCOUNT,
    )


@cache
def _months(language: str) -> frozenset[str]:
    names = Locale.parse(language).months["format"]["wide"].values()
    return frozenset(str(name).casefold() for name in names)


def _other_languages(said: str, language: str) -> Iterator[Finding]:
    """Months of another language: dates are the first thing that is forgotten."""
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", said)}
    for other in ("en", "de", "fr", "es"):
        if other != language:
            # "May" and "mars" are words of their own elsewhere.
            for month in sorted(
                words & (_months(other) - _months(language) - {"may", "mai", "mars", "marzo"})
            ):
                yield Finding(Rule.LANGUAGES, f"{month} is {Locale.parse(other).english_name}")


@cache
def _label_words(page: Path) -> frozenset[str]:
    labels = re.search(r"set labels = \{(.*?)\} %\}", page.read_text(encoding="utf-8"), re.DOTALL)
    values = re.findall(r': "([^"]*)"', labels.group(1)) if labels else []
    return frozenset(word for value in values for word in value.split())


def _unescaped(words: Rendered) -> Iterator[Finding]:
    shown = f"{words.subject} {words.text}"
    greets = NASTY.split("<")[0].strip() in shown.replace("\n", " ")
    if words.html and "<script" in words.html.casefold():
        yield Finding(Rule.ESCAPING, "markup in a name becomes markup of the e-mail")
    if words.html and greets and "{{7*7}}" not in words.html:
        yield Finding(Rule.ESCAPING, "a template in a name is carried out")
