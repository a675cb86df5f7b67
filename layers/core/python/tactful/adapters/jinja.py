"""Wording from Jinja templates: e-mail as HTML and text that say the same, SMS in at most two segments."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from textwrap import wrap
from typing import Any

from css_inline import CSSInliner
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tactful.adapters import gsm7
from tactful.adapters.formats import NO_BREAK, Formats
from tactful.adapters.languages import Languages, search_path
from tactful.adapters.message_values import (
    ChargeLine,
    EarlyPayment,
    Line,
    Part,
    PayTo,
    PlanTerms,
    View,
    single_line,
)
from tactful.adapters.message_view import view_of
from tactful.adapters.words_on_disk import SUFFIXES
from tactful.application.ports import Rendered, Wording, WordingError
from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import Reminder
from tactful.domain.book.customer import Channel
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import DISCOUNT

_TEXT_WIDTH = 72
_PLAIN_SPACES = str.maketrans(dict.fromkeys(NO_BREAK + "\u202f", " "))
# An SMS first does without the client's name, then says the business's name shorter and shorter, and at last does
# without what it need not mention, until it fits: letters of the business's name, of the client's, and room to mention.
_SMS_TRIES = (
    (48, 32, True),
    (48, 0, True),
    (32, 0, True),
    (20, 0, True),
    (48, 0, False),
    (32, 0, False),
    (20, 0, False),
)
_SMS_SEGMENTS = 2
_SMS_OPT_OUT = "STOP"
_VALUES = frozenset({Line, PayTo, Part, PlanTerms, ChargeLine, EarlyPayment})
_HARMLESS = frozenset({str, int, bool, tuple, type(None), EarlyPayment})

# What a faulty template may raise besides Jinja's own errors, for instance by adding a number to a text.
_FAULTS = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError)


class JinjaWording(Wording):
    """Renders `email/<wording>/<tone>.j2` and `sms/<wording>/<tone>.txt.j2` of the client's language.

    `wording` is what the reminder names, or else its stage.
    An e-mail's wording file is poured into three layouts (subject, text and HTML), so that they cannot differ.
    `phrases.j2` holds the phrases that all of them share. Days late are counted at the business, by `calendar`.
    """

    def __init__(
        self,
        languages: Languages,
        *,
        business_name: str,
        contact_email: str,
        policy: Policy,
        calendar: Calendar,
    ) -> None:
        self._languages = languages
        self._business_name = business_name
        self._contact_email = contact_email
        self._policy = policy
        self._calendar = calendar
        self._pages: dict[tuple[str, ...], Pages] = {}

    def render(self, account: Account, reminder: Reminder) -> Rendered:
        """The words for a reminder. Raises WordingError for a template or message that cannot be sent."""
        return self.render_with_values(account, reminder)[0]

    def render_with_values(self, account: Account, reminder: Reminder) -> tuple[Rendered, View]:
        """The words for a reminder, and the values that they are made with. Raises WordingError as `render` does."""
        words = reminder.wording or reminder.stage
        if reminder.channel is Channel.PERSON:
            raise WordingError(f"channel {reminder.channel} has no wording: a person finds the words")
        name = f"{reminder.channel}/{words}/{reminder.tone}{SUFFIXES[reminder.channel]}"
        tongue = self._languages.tongue_for(account.customer, name)
        if tongue is None:
            raise WordingError(f"{name}: there is no such template in the client's language or yours; add it")
        pages = self._pages.get(tongue.folders)
        if pages is None:
            pages = self._pages[tongue.folders] = Pages(self._languages.templates, tongue.folders)
        formats = Formats(tongue.locale, gsm7.is_plain if reminder.channel is Channel.SMS else None)
        view = self._view(account, reminder, formats)
        write = _sms if reminder.channel is Channel.SMS else _email
        return write(pages, name, view), view

    def _view(self, account: Account, reminder: Reminder, formats: Formats) -> View:
        view = view_of(
            account,
            reminder,
            self._calendar.today(reminder.at),
            formats,
            business=self._business_name,
            contact_email=self._contact_email,
            policy=self._policy,
        )
        if (reminder.wording or reminder.stage) == DISCOUNT and view.discount is None:
            raise WordingError(
                "discount: there is none on these invoices that can still be had; send nothing"
            )
        return view


def _email(pages: Pages, name: str, view: View) -> Rendered:
    with pages.faults_of(name):
        values = view.values()
        # Made anew for the page: a macro of plain text, called from it, would pass for escaped.
        plain, html = pages.with_phrases(pages.plain, values), pages.with_phrases(pages.html, values)
        wording = pages.plain.get_template(name)
        subject = wording.render(plain, layout="email/subject.txt.j2")
        text = wording.render(plain, layout="email/layout.txt.j2")
        page = pages.html.get_template(name).render(html, layout="email/layout.html.j2")
        words = Rendered(
            text=text.translate(_PLAIN_SPACES),
            subject=single_line(subject),
            html=inlined(page),
            attachments=tuple(way.code for way in view.pay_to if way.code),
        )
    if not words.subject:
        raise WordingError(f"{name}: the subject is empty; give it words")
    return words


def _sms(pages: Pages, name: str, view: View) -> Rendered:
    text = ""
    for business_limit, name_limit, has_room in _SMS_TRIES:
        shorter = view.for_sms(business_limit, name_limit, has_room=has_room)
        with pages.faults_of(name):
            values = pages.with_phrases(pages.plain, shorter.values())
            text = single_line(pages.plain.get_template(name).render(values))
        unknown = gsm7.unspellable(text)
        if unknown:
            raise WordingError(f"{name}: {unknown} cannot be sent by SMS; use plain letters and signs")
        text = gsm7.spelled(text)
        if _SMS_OPT_OUT not in text:
            raise WordingError(f"{name}: it does not say how to opt out; mention {_SMS_OPT_OUT}")
        if view.reference not in text:
            raise WordingError(f"{name}: it does not say its reference; mention {{{{ message_reference }}}}")
        if gsm7.segments(text) <= _SMS_SEGMENTS:
            return Rendered(text=text)
    raise WordingError(
        f"{name}: {len(text)} letters are {gsm7.segments(text)} segments, {_SMS_SEGMENTS} are allowed; shorten it"
    )


@lru_cache(maxsize=1)
def _inliner() -> CSSInliner:
    # A remote style sheet or a file of this machine is nothing that an e-mail may reach for.
    return CSSInliner(keep_at_rules=False, load_remote_stylesheets=False)


def inlined(html: str) -> str:
    """A page with its style sheet written into its elements: many mail programs drop the sheet."""
    return _inliner().inline(html)


class Pages:
    """The templates of one language, for plain text and for HTML."""

    def __init__(self, templates: Path, folders: tuple[str, ...]) -> None:
        self._templates = templates
        places = search_path(templates, folders)
        self.plain = environment_of(places, autoescape=False)
        self.html = environment_of(places, autoescape=True)

    def with_phrases(
        self, environment: ImmutableSandboxedEnvironment, values: dict[str, object]
    ) -> dict[str, object]:
        """What a message is made of, with the phrases that all wording files share."""
        phrases = environment.get_template("phrases.j2").make_module(values)
        shared = {key: value for key, value in vars(phrases).items() if not key.startswith("_")}
        return values | shared

    @contextmanager
    def faults_of(self, name: str) -> Iterator[None]:
        """Whatever a wording file raises is a WordingError that says where."""
        try:
            yield
        except TemplateNotFound as error:
            missing = error.name or name
            raise WordingError(f"{missing}: there is no such template; add it") from error
        except _FAULTS as error:
            raise WordingError(f"{self._place(error, name)}: {error}") from error

    def _place(self, error: Exception, name: str) -> str:
        """The file and line of the template that raised an error."""
        frames = traceback.extract_tb(error.__traceback__)
        inside = [frame for frame in frames if Path(frame.filename).is_relative_to(self._templates)]
        if not inside:
            return name
        return f"{Path(inside[-1].filename).relative_to(self._templates)}, line {inside[-1].lineno}"


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which looks at each attribute anew: those of our own plain values are known to be harmless."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if type(obj) in _VALUES and type(value) in _HARMLESS and not attr.startswith("_"):
            return True
        return super().is_safe_attribute(obj, attr, value)


def environment_of(places: list[Path], *, autoescape: bool) -> ImmutableSandboxedEnvironment:
    """What templates are read and rendered in: strict about values, and without a way to anything but them."""
    environment = _Sandbox(
        loader=FileSystemLoader(places),
        autoescape=autoescape,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["paragraphs"] = _paragraphs
    environment.filters["filled"] = _filled
    return environment


def _paragraphs(text: str) -> list[str]:
    """What blank lines separate, each joined to a single line; escaped text stays escaped."""
    space = type(text)(" ")
    blocks = groupby(text.splitlines(), key=lambda line: bool(line.strip()))
    return [space.join(line.strip() for line in lines) for filled, lines in blocks if filled]


def _filled(text: str) -> str:
    """A paragraph of plain text in lines that every mail program shows whole; nothing is torn apart."""
    return "\n".join(wrap(text, _TEXT_WIDTH, break_long_words=False, break_on_hyphens=False))
