"""Documents as PDF, typeset by typst: templates in templates/letter/, what they say as data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from tactful.adapters import document_sheets
from tactful.adapters.document_words import DocumentLanguages, Language, bare_view
from tactful.adapters.languages import OVERLAY, Languages
from tactful.adapters.message_values import View, single_line
from tactful.adapters.message_view import view_of
from tactful.application.documents import (
    Document,
    DocumentError,
    DocumentPress,
    Envelope,
    Letter,
    Pack,
    Pressed,
    Statement,
)
from tactful.application.ports import WordingError
from tactful.domain.dunning.policy import Policy

_FOLDER, _FONTS = "letter", "fonts"
_TEXTS = frozenset({".typ", ".yaml"})
# Kept readable for as long as a claim lasts, and read out loud by a screen reader.
_STANDARDS = ("a-2a", "ua-1")
_NO_FONT = "could not be displayed with font"
# CLDR: where paper is Letter. Everywhere else it is A4.
_LETTER_PAPER = frozenset(
    ["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"]
)
_PACKAGE = re.compile(rb"""["']@[a-z]""")


class TypstPress(DocumentPress):
    """Sets each document from its template with layout.typ and business.yaml; the business's own files come first.

    A template reaches what is in templates/, and nothing else: no package, no network, no other file. `country` (ISO
    3166) is the business's: it decides on the paper, the client's does where it is not known.
    """

    def __init__(
        self,
        languages: Languages,
        *,
        business_name: str,
        contact_email: str,
        policy: Policy,
        country: str = "",
    ) -> None:
        self._languages = languages
        self._readers = DocumentLanguages(languages)
        self._business_name = business_name
        self._contact_email = contact_email
        self._policy = policy
        self._country = country

    def press(self, document: Document) -> Pressed:
        try:
            values = self._sheet(document)
        except WordingError as error:
            raise DocumentError(str(error)) from error
        return self._typeset(_TEMPLATES[type(document)], values, document.envelope)

    def _sheet(self, document: Document) -> Mapping[str, Any]:
        envelope = document.envelope
        language = self._readers.language_of(envelope, at_home=isinstance(document, Pack))
        view = self._view(document, language)
        words = language.labels(view)
        own = self._own(document, view, language, words)
        locale, formats = language.formats.locale, language.formats
        return {
            "words": words,
            "lang": locale.language,
            "region": locale.territory if locale.territory and locale.territory.isalpha() else None,
            "paper": "us-letter" if (self._country or envelope.customer.country) in _LETTER_PAPER else "a4",
            "business": single_line(self._business_name),
            "contact_email": single_line(self._contact_email),
            "recipient": [] if isinstance(document, Pack) else self._recipient(envelope, language),
            "date": formats.day(envelope.on),
            **own,
        }

    def _own(
        self, document: Document, view: View, language: Language, words: dict[str, Any]
    ) -> dict[str, Any]:
        match document:
            case Statement():
                return document_sheets.statement(document, words, language.formats)
            case Letter():
                return document_sheets.letter(document, view, language, words)
            case Pack():
                return document_sheets.pack(document, words, language.formats)

    def _view(self, document: Document, language: Language) -> View:
        business, email = self._business_name, self._contact_email
        if not isinstance(document, Letter):
            return bare_view(language.formats, business=business, contact_email=email)
        return view_of(
            document.account,
            document.reminder,
            document.envelope.on,
            language.formats,
            business=business,
            contact_email=email,
            policy=self._policy,
        )

    def _recipient(self, envelope: Envelope, language: Language) -> list[str]:
        """What stands in the window: the name, and the address if somebody gave one."""
        customer = envelope.customer
        lines = [customer.name, *envelope.address]
        if envelope.address and customer.country != self._country:
            lines.append(language.formats.locale.territories.get(customer.country, "").upper())
        return [single_line(line) for line in lines if line.strip()]

    def _typeset(self, template: str, values: Mapping[str, Any], envelope: Envelope) -> Pressed:
        files = self._files()
        if template not in files:
            raise DocumentError(f"{_FOLDER}/{template}: there is no such template; add it")
        for name, content in files.items():
            if name.endswith(".typ") and _PACKAGE.search(content):
                raise DocumentError(f"{_FOLDER}/{name}: packages are not loaded; put the file beside it")
        files["data.json"] = json.dumps(values, ensure_ascii=False).encode()
        files["main"] = files.pop(template)
        on = envelope.on
        made_at = int(datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp())
        try:
            return Pressed(self._compiled(files, made_at, _STANDARDS))
        except RuntimeError as error:
            if _NO_FONT not in str(error):
                raise DocumentError(f"{_FOLDER}/{template}: {error}") from error
            return Pressed(self._compiled(files, made_at, ()), unshown=str(error).partition(": ")[2])

    def _compiled(self, files: Mapping[str, bytes], made_at: int, standards: Sequence[str]) -> bytes:
        # Its stubs do not know that the files may be given by name.
        compiled: Any = typst.compile
        made: bytes = compiled(
            dict(files),
            format="pdf",
            root=str(self._languages.templates),
            font_paths=[str(root / _FONTS) for root in self._roots()],
            ignore_system_fonts=True,
            pdf_standards=list(standards),
            timestamp=made_at,
        )
        return made

    def _roots(self) -> list[Path]:
        """The folders with the templates, the business's own last: its files take the place of those shipped."""
        templates = self._languages.templates
        return [root for root in (templates / _FOLDER, templates / OVERLAY / _FOLDER) if root.is_dir()]

    def _files(self) -> dict[str, bytes]:
        """The templates by name. Pictures are found by their path in templates/: only texts are handed over so."""
        return {
            path.name: path.read_bytes()
            for root in self._roots()
            for path in sorted(root.iterdir())
            if path.suffix in _TEXTS
        }


_TEMPLATES: Mapping[type[Document], str] = {
    Statement: "statement.typ",
    Letter: "letter.typ",
    Pack: "handoff.typ",
}
