"""The words in which an admin is told of an import, or of a day: Jinja templates in a folder of email/."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import wrap
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from tactful.application.import_ports import ReportWording
from tactful.application.ports import Rendered, WordingError
from tactful.domain.book.money import Money

IMPORT_REPORT, DIGEST = "email/import_report", "email/digest"
_TEXT_WIDTH = 72
_LONGEST_SUBJECT = 150
_FAULTS = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError)


class JinjaReportWording(ReportWording):
    """Pours `words.j2` into a layout of text and one of HTML, so that they cannot differ."""

    def __init__(self, templates: Path, business_name: str, folder: str = IMPORT_REPORT) -> None:
        self._folder = folder
        self._business_name = business_name
        self._plain = _environment(templates, autoescape=False)
        self._html = _environment(templates, autoescape=True)

    def render(self, report: Mapping[str, Any], links: Mapping[str, str]) -> Rendered:
        values = {
            "report": report,
            "links": {"rejected": "", **links},
            "business": self._business_name,
            "money": lambda minor, currency: str(Money(minor, currency)),
        }
        try:
            words: Any = self._plain.get_template(f"{self._folder}/words.j2").make_module(values)
            return Rendered(
                subject=" ".join(str(words.subject).split())[:_LONGEST_SUBJECT],
                text=self._plain.get_template(f"{self._folder}/layout.txt.j2").render(values).lstrip(),
                html=self._html.get_template(f"{self._folder}/layout.html.j2").render(values).lstrip(),
            )
        except _FAULTS as error:
            raise WordingError(f"{self._folder}: {type(error).__name__}: {error}") from error


def _environment(templates: Path, *, autoescape: bool) -> SandboxedEnvironment:
    # Not the immutable one: words.j2 gathers its facts in a list.
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(templates),
        autoescape=autoescape,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["paragraphs"] = _paragraphs
    environment.filters["filled"] = _filled
    return environment


def _paragraphs(text: str) -> list[str]:
    """What blank lines separate, each joined to a single line; escaped text stays escaped."""
    parts = [part.split() for part in text.split("\n\n")]
    return [type(text)(" ").join(words) for words in parts if words]


def _filled(text: str) -> str:
    return "\n".join(wrap(text, _TEXT_WIDTH, break_long_words=False, break_on_hyphens=False))
