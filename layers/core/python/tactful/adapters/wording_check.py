"""Checks every message in every language, by rendering it for sample accounts, the business's own overlay included."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel import Locale
from bs4 import BeautifulSoup

from tactful.adapters.call_scripts import WORDS as CALLS
from tactful.adapters.call_scripts import JinjaCallScripts
from tactful.adapters.email_check import html_findings, same_content
from tactful.adapters.formats import Formats
from tactful.adapters.jinja import JinjaWording
from tactful.adapters.languages import OVERLAY, WORDS, Languages, search_path
from tactful.adapters.locale_check import formats, other_languages, sums
from tactful.adapters.message_values import View
from tactful.adapters.message_view import view_of
from tactful.adapters.preview import Place, places_of
from tactful.adapters.sample_calls import sample_calls
from tactful.adapters.sample_messages import NASTY, Sample, sample_messages
from tactful.adapters.template_check import label_words, line_of, template_findings, useless_overlays
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
# Where words may stand that a message has not from its own file, the likeliest first.
_SHARED = ("phrases.j2", "terms.j2", "email/layout.txt.j2", "email/layout.html.j2", "sms/layout.txt.j2")
# What Python or a template shows in place of words.
_LEFT_OVER = re.compile(r"[{}]+|\bNone\b|<[\w.]+ object at|\bLine\(|\bPayTo\(|\bEarlyPayment\(")
# Kinds of account that bring up no term that the others do not.
_ONLY_LONGER = ("older and younger invoices", "twenty invoices", "a nasty name")
_FAULT = re.compile(r"(?P<file>[^,:]+\.j2), line (?P<line>\d+): (?P<said>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A finding: the file to mend and its line (0 where it is not known), a language, and a message that shows it."""

    file: str
    line: int
    rule: Rule
    said: str
    language: str
    message: str = ""


class WordingCheck:
    """Reads, renders and checks the words of a folder of templates."""

    def __init__(self, languages: Languages, policy: Policy, calendar: Calendar) -> None:
        self._languages = languages
        self._policy = policy
        self._calendar = calendar
        self._wording = JinjaWording(
            languages, business_name=_BUSINESS, contact_email=_CONTACT, policy=policy, calendar=calendar
        )

    def places(self) -> tuple[Place, ...]:
        """The languages that there are words in, and where they are read."""
        return places_of(self._languages, self._policy)

    def run(self, places: Sequence[Place]) -> tuple[Found, ...]:
        """Everything that is wrong, each thing once, in order of the files."""
        found: dict[tuple[str, int, Rule, str], Found] = {}
        for one in (
            *self._missing(places),
            *self._useless(),
            *(one for place in places for one in self._of(place)),
        ):
            found.setdefault((one.file, one.line, one.rule, one.said), one)
        return tuple(sorted(found.values()))

    def _of(self, place: Place) -> Iterator[Found]:
        """What is wrong in one language: with its files as they are read, then with its messages."""
        samples = self._samples(place)
        broken = set()
        for one in self._in_files(place, samples[0]):
            broken.add(one.file if one.rule is Rule.FAULT else "")
            yield one
        labels = {
            language: label_words(self._languages.templates, (language,))
            for language in sorted({known.partition("-")[0] for known in self._languages.folders})
        }
        for sample in samples:
            try:
                words, view = self._wording.render_with_values(sample.account, sample.reminder)
            except WordingError as error:
                fault = self._fault(str(error), sample, place)
                # What cannot be read is told once, and cannot be rendered either.
                if broken.isdisjoint((fault.file, self._file(_name(sample), place))):
                    yield fault
                continue
            for finding in self._findings(sample, words, view, labels):
                yield self._found(finding, sample, place)
        if broken.isdisjoint((self._file(CALLS, place), self._file("phrases.j2", place))):
            yield from self._in_calls(place, labels)

    def _in_calls(self, place: Place, labels: dict[str, frozenset[str]]) -> Iterator[Found]:
        """What is wrong with what is said in calls."""
        scripts = JinjaCallScripts(
            self._languages, business_name=_BUSINESS, contact_email=_CONTACT, calendar=self._calendar
        )
        locale = Locale.parse(place.name, sep="-")
        for call in sample_calls(self._policy, self._calendar, place.language, place.country, place.currency):
            try:
                parts = dict(scripts.script(call.account, call.sheet, call.at))
            except WordingError as error:
                known = _FAULT.fullmatch(str(error))
                line, said = (int(known["line"]), known["said"]) if known else (0, str(error))
                yield Found(self._file(CALLS, place), line, Rule.FAULT, said, place.name, call.title)
                return
            said = "\n".join(parts.values())
            message = Message(
                language=locale.language,
                country=locale.territory or "",
                channel="call",
                tone=str(call.sheet.tone),
                business=_BUSINESS,
                text=said,
                subject=parts["opening"],
                prose=tuple(said.splitlines()),
            )
            for finding in (
                *check(message),
                *other_languages(said, locale.language, labels),
                *formats(said, locale),
            ):
                where = line_of(
                    self._languages.templates,
                    (CALLS, "phrases.j2", "terms.j2"),
                    self._folders(place),
                    finding.words or finding.said,
                )
                file, line = (where.file, where.line) if where else (self._file(CALLS, place), 0)
                yield Found(file, line, finding.rule, finding.said, place.name, call.title)

    def _samples(self, place: Place) -> list[Sample]:
        """Every message; where a country has but terms of its own, those that show all of its terms and formats."""
        samples = list(sample_messages(self._policy, place.language, place.country, place.currency, _A_LAW))
        templates = self._languages.templates
        roots = (templates / WORDS / place.language, templates / OVERLAY / WORDS / place.language)
        own = {path.name for root in roots for path in root.rglob("*.j2")}
        if "-" in place.language and own <= {"terms.j2"}:
            return [sample for sample in samples if not sample.title.endswith(_ONLY_LONGER)]
        return samples

    def _in_files(self, place: Place, sample: Sample) -> Iterator[Found]:
        view = view_of(
            sample.account,
            sample.reminder,
            self._calendar.today(sample.reminder.at),
            Formats(Locale.parse(place.name, sep="-")),
            business=_BUSINESS,
            contact_email=_CONTACT,
            policy=self._policy,
        )
        values = frozenset(view.values())
        for at, finding in template_findings(self._languages.templates, self._folders(place), values):
            yield Found(at.file, at.line, finding.rule, finding.said, place.name)

    def _findings(
        self, sample: Sample, words: Rendered, view: View, labels: dict[str, frozenset[str]]
    ) -> Iterator[Finding]:
        page = BeautifulSoup(words.html, "html.parser") if words.html else None
        is_nasty = sample.title.endswith("a nasty name")
        locale = view.formats.locale
        for finding in check(_message(sample, words, page, locale)):
            # No subject has room for every name.
            if not (is_nasty and finding.rule is Rule.SUBJECT):
                yield finding
        said = f"{words.subject}\n{words.text}" if words.subject else words.text
        yield from other_languages(said, locale.language, labels)
        yield from formats(said, locale)
        yield from sums(said, view, tuple(sorted(self._policy.pay_to)))
        if page is not None:
            yield from html_findings(words.html, page, view.formats.language_tag)
            yield from same_content(page, words.text, labels.get(locale.language, frozenset()))
        if is_nasty:
            yield from _unescaped(words)
        else:
            yield from (Finding(Rule.FAULT, left) for left in dict.fromkeys(_LEFT_OVER.findall(said)))

    def _found(self, finding: Finding, sample: Sample, place: Place) -> Found:
        """The finding at the first line that has the words: of the message's own file, else of what files share."""
        name = _name(sample)
        at = line_of(
            self._languages.templates, (name, *_SHARED), self._folders(place), finding.words or finding.said
        )
        file, line = (at.file, at.line) if at else (self._file(name, place), 0)
        return Found(file, line, finding.rule, finding.said, place.name, sample.title)

    def _fault(self, said: str, sample: Sample, place: Place) -> Found:
        known = _FAULT.fullmatch(said)
        if known is None:
            return Found(self._file(_name(sample), place), 0, Rule.FAULT, said, place.name, sample.title)
        file = str(Path(self._languages.templates.name) / known["file"])
        return Found(file, int(known["line"]), Rule.FAULT, known["said"], place.name, sample.title)

    def _folders(self, place: Place) -> tuple[str, ...]:
        """The folders with the words of a place, the closest first."""
        wanted = (place.language, place.language.partition("-")[0])
        return tuple(name for name in dict.fromkeys(wanted) if name in self._languages.folders)

    def _file(self, name: str, place: Place) -> str:
        """The file that has the words of a message, or would have them."""
        templates = self._languages.templates
        there = (path / name for path in search_path(templates, self._folders(place)))
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
                    yield Found(str(file), 0, Rule.MISSING, str(name), language)

    def _useless(self) -> Iterator[Found]:
        for at, finding in useless_overlays(self._languages.templates, self._policy):
            yield Found(at.file, at.line, finding.rule, finding.said, "any")


def _name(sample: Sample) -> str:
    reminder = sample.reminder
    words = reminder.wording or reminder.stage
    return f"{reminder.channel}/{words}/{reminder.tone}{SUFFIXES[reminder.channel]}"


def _message(sample: Sample, words: Rendered, page: BeautifulSoup | None, locale: Locale) -> Message:
    reminder = sample.reminder
    kind = reminder.wording or reminder.stage
    return Message(
        language=locale.language,
        country=locale.territory or "",
        channel=str(reminder.channel),
        tone=str(reminder.tone),
        business=_BUSINESS,
        text=words.text,
        subject=words.subject,
        prose=tuple(tag.get_text(" ", strip=True) for tag in page.find_all("p")) if page else (),
        states_charges=reminder.charges is not None,
        is_plan=kind in ("answer_plan_agreed", "answer_plan_proposed"),
        is_discount=kind == DISCOUNT,
        partner=next((answer.partner for answer in sample.account.answers), ""),
    )


def _unescaped(words: Rendered) -> Iterator[Finding]:
    shown = f"{words.subject} {words.text}"
    greets = NASTY.split("<")[0].strip() in shown.replace("\n", " ")
    if re.search(r"[\r\n]", words.subject) or re.search(r"(?m)^Bcc:", words.text):
        yield Finding(Rule.ESCAPING, "a line break in a name becomes one of the message")
    if words.html and "<script" in words.html.casefold():
        yield Finding(Rule.ESCAPING, "markup in a name becomes markup of the e-mail")
    if words.html and greets and "{{7*7}}" not in words.html:
        yield Finding(Rule.ESCAPING, "a template in a name is carried out")
