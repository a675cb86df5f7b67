"""A gallery of every message in every language: pages that anybody opens in a browser before a deployment."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tactful.adapters import gsm7
from tactful.adapters.call_scripts import JinjaCallScripts
from tactful.adapters.jinja import JinjaWording
from tactful.adapters.languages import Languages
from tactful.adapters.sample_calls import sample_calls
from tactful.adapters.sample_messages import sample_messages
from tactful.application.documents import DocumentPress, Envelope, Letter, Statement
from tactful.application.ports import Rendered, WordingError
from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel
from tactful.domain.documents.ledger import ledger_of
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.policy import Policy

_BUSINESS, _CONTACT = "Example Trading", "accounts@example.com"
_A_LAW = "§ 4"
_AS_OF = date(2026, 3, 26)


@dataclass(frozen=True, slots=True)
class Place:
    """A language and where it is read: `en-US` is `en` in the `US`. Amounts are in `currency`."""

    language: str
    country: str
    currency: str

    @property
    def name(self) -> str:
        return self.language if "-" in self.language else f"{self.language}-{self.country}"


def places_of(languages: Languages, policy: Policy) -> tuple[Place, ...]:
    """Each language that there are words in, where most read it (CLDR), and its variants of countries."""
    likely: Any = get_global("likely_subtags")
    places = []
    for tag in sorted(languages.folders):
        locale = Locale.parse(tag, sep="-")
        country = locale.territory or str(likely[locale.language]).rpartition("_")[2]
        # English without a country is the British one: en-US has the words of the United States.
        country = "GB" if tag == "en" else country
        official = [code for code in get_territory_currencies(country) if code in policy.pay_to]
        currency = next(iter([*official, *sorted(policy.pay_to)]), "")
        if currency:
            places.append(Place(tag, country, currency))
    return tuple(places)


@dataclass(frozen=True, slots=True)
class Shown:
    """One message of the gallery: an e-mail has a `file`, an SMS `segments`, the script of a call only a text; what
    cannot be sent has a `fault`.
    """

    anchor: str
    title: str
    channel: str
    subject: str = ""
    text: str = ""
    file: str = ""
    segments: int = 0
    fault: str = ""


class Gallery:
    """Writes the gallery of a folder of templates. `press` adds the documents; None leaves them out."""

    def __init__(
        self, languages: Languages, policy: Policy, calendar: Calendar, press: DocumentPress | None
    ) -> None:
        self._languages = languages
        self._policy = policy
        self._calendar = calendar
        self._press = press
        self._pages = Environment(
            loader=FileSystemLoader(languages.templates / "preview"),
            autoescape=True,
            undefined=StrictUndefined,
        )

    def write(
        self, folder: Path, places: Sequence[Place], tell: Callable[[str], None]
    ) -> tuple[tuple[Place, int, int], ...]:
        """Write index.html, a page for each place and its e-mails and documents; messages and faults of each."""
        folder.mkdir(parents=True, exist_ok=True)
        names = [place.name for place in places]
        written, pages = [], []
        for place in places:
            tell(place.name)
            own = folder / place.name
            own.mkdir(exist_ok=True)
            shown = [*self._shown(place, own), *self._calls(place)]
            documents = list(self._documents(place, own))
            faults = sum(bool(message.fault) for message in shown)
            page = self._pages.get_template("locale.html.j2").render(
                locale=place.name, locales=names, messages=shown, faults=faults, documents=documents
            )
            (folder / f"{place.name}.html").write_text(page, encoding="utf-8")
            pages.append(
                {"locale": place.name, "messages": len(shown), "faults": faults, "documents": documents}
            )
            written.append((place, len(shown), faults))
        index = self._pages.get_template("index.html.j2").render(
            business=_BUSINESS, policy=self._policy.label, pages=pages
        )
        (folder / "index.html").write_text(index, encoding="utf-8")
        return tuple(written)

    def _shown(self, place: Place, folder: Path) -> Iterator[Shown]:
        wording = JinjaWording(
            self._languages,
            business_name=_BUSINESS,
            contact_email=_CONTACT,
            policy=self._policy,
            calendar=self._calendar,
        )
        samples = sample_messages(self._policy, place.language, place.country, place.currency, _A_LAW)
        for number, sample in enumerate(samples, 1):
            about = (f"m{number}", sample.title, str(sample.reminder.channel))
            try:
                words = wording.render(sample.account, sample.reminder)
            except WordingError as error:
                yield Shown(*about, fault=str(error))
                continue
            if sample.reminder.channel is Channel.SMS:
                yield Shown(*about, text=words.text, segments=gsm7.segments(words.text))
                continue
            file = folder / f"{number}.html"
            file.write_text(_with_pictures(words), encoding="utf-8")
            yield Shown(*about, words.subject, words.text, f"{folder.name}/{file.name}")

    def _calls(self, place: Place) -> Iterator[Shown]:
        """What is said in calls: of several invoices in one tone, since the tones say the same of them."""
        scripts = JinjaCallScripts(
            self._languages, business_name=_BUSINESS, contact_email=_CONTACT, calendar=self._calendar
        )
        calls = sample_calls(self._policy, self._calendar, place.language, place.country, place.currency)
        for number, call in enumerate(calls, 1):
            if not call.title.endswith((": one invoice", f"{Tone.NEUTRAL}: several invoices")):
                continue
            about = (f"c{number}", call.title, "script")
            try:
                parts = scripts.script(call.account, call.sheet, call.at)
            except WordingError as error:
                yield Shown(*about, fault=str(error))
                continue
            yield Shown(*about, text="\n\n".join(said for _, said in parts))

    def _documents(self, place: Place, folder: Path) -> Iterator[tuple[str, str]]:
        if self._press is None:
            return
        samples = sample_messages(self._policy, place.language, place.country, place.currency)
        several = [sample for sample in samples if sample.title.endswith(", final: several invoices")]
        last = [sample for sample in several if sample.reminder.channel is Channel.EMAIL][-1]
        envelope = Envelope(last.account.customer, _AS_OF, language=place.language)
        for name, document in (
            ("Statement", Statement(envelope, ledger_of(last.account, _AS_OF))),
            ("Letter", Letter(envelope, last.account, last.reminder)),
        ):
            file = folder / f"{name.lower()}.pdf"
            file.write_bytes(self._press.press(document).pdf)
            yield name, f"{folder.name}/{file.name}"


def _with_pictures(words: Rendered) -> str:
    """The HTML with the pictures that travel with the e-mail inside it."""
    page = words.html
    for file in words.attachments:
        data = f"data:{file.media_type};base64,{b64encode(file.content).decode()}"
        page = page.replace(f"cid:{file.content_id}", data)
    return page
