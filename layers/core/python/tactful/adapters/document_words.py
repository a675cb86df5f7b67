"""The words and formats of a document: those of the language that its reader is written to in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tactful.adapters.formats import Formats
from tactful.adapters.jinja import Pages
from tactful.adapters.languages import Languages, Tongue
from tactful.adapters.message_values import View, single_line
from tactful.application.documents import DocumentError, Envelope
from tactful.domain.book.contact_log import Reminder

_WORDS = "documents.j2"
_LAYOUT = "letter/words.txt.j2"
_PARTS = (
    *("dear", "page", "of", "columns", "statement_of_account", "final_demand", "handoff"),
    *("outcomes", "channels", "pauses", "left_out"),
)


@dataclass(frozen=True, slots=True)
class Language:
    """One language's templates, and how it writes amounts and dates."""

    pages: Pages
    formats: Formats

    def labels(self, view: View) -> dict[str, Any]:
        """The words around what a document says: those of documents.j2, and the labels of e-mails."""
        with self.pages.faults_of(_WORDS):
            values = self.pages.with_phrases(self.pages.plain, view.values())
            known = vars(self.pages.plain.get_template(_WORDS).make_module(values))
        try:
            shared = {
                "labels": values["labels"],
                "pay_labels": values["pay_labels"],
                "regards": values["regards"],
            }
            return {name: known[name] for name in _PARTS} | shared
        except KeyError as error:
            raise DocumentError(f"{_WORDS}: it does not set {error}; add it") from error

    def letter(self, view: View, reminder: Reminder) -> Mapping[str, Any]:
        """The words of a reminder's e-mail: its subject, and its paragraphs before and after the invoices."""
        name = f"email/{reminder.wording or reminder.stage}/{reminder.tone}.j2"
        with self.pages.faults_of(name):
            values = self.pages.with_phrases(self.pages.plain, view.values())
            said = self.pages.plain.get_template(name).render(values, layout=_LAYOUT)
            words: dict[str, Any] = json.loads(said)
        return words

    def phrases(self, view: View) -> dict[str, Any]:
        """The phrases and macros that all wording files share."""
        with self.pages.faults_of("phrases.j2"):
            return self.pages.with_phrases(self.pages.plain, view.values())


class DocumentLanguages:
    """Finds the language for a document."""

    def __init__(self, languages: Languages) -> None:
        self._languages = languages

    def language_of(self, envelope: Envelope, *, at_home: bool = False) -> Language:
        """The language the envelope names, else the customer's own or (`at_home`) the business's.

        Raises DocumentError if there are no words for documents in it, nor in the business's.
        """
        own = "" if at_home else envelope.customer.language
        reader = replace(envelope.customer, language=envelope.language or own)
        tongue = self._languages.tongue_for(reader, _WORDS)
        if tongue is None:
            raise DocumentError(f"{_WORDS}: no language has the words of documents; add it")
        if envelope.language and not _is(tongue, envelope.language):
            raise DocumentError(
                f"there are no words for documents in {envelope.language!r}: add them to templates/words/"
            )
        return Language(Pages(self._languages.templates, tongue.folders), Formats(tongue.locale))


def _is(tongue: Tongue, tag: str) -> bool:
    return str(tongue.locale.language) == tag.partition("-")[0].lower()


def bare_view(formats: Formats, *, business: str, contact_email: str) -> View:
    """What the phrases can say where there is no message: who the business is."""
    return View(
        formats=formats,
        business=single_line(business),
        name="",
        contact_email=single_line(contact_email),
        lines=(),
        earliest=None,
        totals=(),
        to_pay=(),
        already_due=(),
        pay_to=(),
        settled=False,
        asks=False,
        promised="",
        discount=None,
        reference="",
    )
