"""Wording from Jinja templates: e-mail as HTML and text that say the same, SMS in at most two segments."""

from __future__ import annotations

import traceback
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from textwrap import wrap

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tactful.adapters import gsm7
from tactful.application.ports import Rendered, Wording, WordingError
from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import THANK_YOU, ChasedInvoice, Reminder
from tactful.domain.book.customer import Channel
from tactful.domain.book.money import totals
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.policy import Policy

_TEXT_WIDTH = 72
# Keeps an amount or a date on one line, for as long as words are still to be broken into lines.
_NO_BREAK = "\u00a0"
# Subjects are cut by most mail programs well before a name and a number of this length.
_EMAIL_NAME = 80
# An SMS first does without the client's name, then says the business's name shorter and shorter, until it fits.
_SMS_NAMES = ((48, 32), (48, 0), (32, 0), (20, 0))
_SMS_NUMBER = 24
_SMS_SEGMENTS = 2
_SMS_OPT_OUT = "STOP"

# What a faulty template may raise besides Jinja's own errors, for instance by adding a number to a text.
_FAULTS = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class _Line:
    """One invoice or credit note as a message states it. `days` counts from the due date; negative is before."""

    number: str
    due: str
    days: int
    amount: str
    is_credit: bool


@dataclass(frozen=True, slots=True)
class _PayTo:
    """How the total of one currency is paid; `references` are the invoices to quote."""

    total: str
    details: tuple[str, ...]
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _View:
    """All that a template can say. Every value is a single line of plain text.

    Amounts and dates hold together by no-break spaces, which are plain ones again in texts, subjects and SMS.
    """

    business: str
    name: str
    contact_email: str
    lines: tuple[_Line, ...]
    totals: tuple[str, ...]
    pay_to: tuple[_PayTo, ...]
    settled: bool

    def values(self) -> dict[str, object]:
        invoices = [line for line in self.lines if not line.is_credit]
        return {
            "business": self.business,
            "name": self.name,
            "contact_email": self.contact_email,
            "lines": self.lines,
            "count": len(invoices),
            "earliest": max(invoices, key=lambda line: line.days, default=None),
            "totals": self.totals,
            "pay_to": self.pay_to,
            "settled": self.settled,
        }


class JinjaWording(Wording):
    """Renders `email/<stage>/<tone>.j2` and `sms/<stage>/<tone>.txt.j2` of a folder.

    An e-mail's wording file is poured into three layouts (subject, text and HTML), so that they cannot differ.
    `phrases.j2` holds the phrases that all of them share. Days late are counted at the business, by `calendar`.
    """

    def __init__(
        self,
        templates: Path,
        *,
        business_name: str,
        contact_email: str,
        policy: Policy,
        calendar: Calendar,
    ) -> None:
        self._templates = templates.resolve()
        self._business_name = _single_line(business_name)
        self._contact_email = _single_line(contact_email)
        self._policy = policy
        self._calendar = calendar
        self._plain = _environment(self._templates, autoescape=False)
        self._html = _environment(self._templates, autoescape=True)

    def render(self, account: Account, reminder: Reminder) -> Rendered:
        """The words for a reminder. Raises WordingError for a template or message that cannot be sent."""
        view = self._view(account, reminder)
        if reminder.channel is Channel.SMS:
            return self._sms(reminder, view)
        if reminder.channel is Channel.EMAIL:
            return self._email(reminder, view)
        raise WordingError(f"channel {reminder.channel} has no wording: a person finds the words")

    def _view(self, account: Account, reminder: Reminder) -> _View:
        today = self._calendar.today(reminder.at)
        sums = totals(chased.amount for chased in reminder.invoices)
        settled = reminder.stage == THANK_YOU
        return _View(
            business=_shortened(self._business_name, _EMAIL_NAME),
            name=_shortened(_single_line(reminder.contact_name or account.customer.name), _EMAIL_NAME),
            contact_email=self._contact_email,
            lines=tuple(_line(account, chased, today) for chased in reminder.invoices),
            totals=tuple(_unbroken(total) for total in sums.values()),
            pay_to=()
            if settled
            else tuple(
                _PayTo(_unbroken(total), self._details(currency), _references(reminder, currency))
                for currency, total in sums.items()
            ),
            settled=settled,
        )

    def _details(self, currency: str) -> tuple[str, ...]:
        details = self._policy.pay_to.get(currency, ())
        if not details:
            raise WordingError(
                f"policy {self._policy.label}: pay_to does not say how {currency} is paid; add it"
            )
        return tuple(_single_line(detail) for detail in details)

    def _email(self, reminder: Reminder, view: _View) -> Rendered:
        name = f"email/{reminder.stage}/{reminder.tone}.j2"
        words = Rendered(
            subject=_single_line(self._pour(self._plain, name, view, layout="email/subject.txt.j2")),
            text=self._pour(self._plain, name, view, layout="email/layout.txt.j2").replace(_NO_BREAK, " "),
            html=self._pour(self._html, name, view, layout="email/layout.html.j2"),
        )
        if not words.subject:
            raise WordingError(f"{name}: the subject is empty; give it words")
        return words

    def _sms(self, reminder: Reminder, view: _View) -> Rendered:
        name = f"sms/{reminder.stage}/{reminder.tone}.txt.j2"
        text = ""
        for business_limit, name_limit in _SMS_NAMES:
            shorter = _for_sms(view, business_limit, name_limit)
            text = _single_line(self._pour(self._plain, name, shorter))
            unknown = gsm7.strangers(text)
            if unknown:
                raise WordingError(f"{name}: {unknown} cannot be sent by SMS; use plain letters and signs")
            if _SMS_OPT_OUT not in text:
                raise WordingError(f"{name}: it does not say how to opt out; mention {_SMS_OPT_OUT}")
            if gsm7.segments(text) <= _SMS_SEGMENTS:
                return Rendered(text=text)
        raise WordingError(
            f"{name}: {len(text)} letters are {gsm7.segments(text)} segments, {_SMS_SEGMENTS} are allowed; shorten it"
        )

    def _pour(self, environment: ImmutableSandboxedEnvironment, name: str, view: _View, **layout: str) -> str:
        try:
            values = view.values()
            phrases = environment.get_template("phrases.j2").make_module(values)
            shared = {key: value for key, value in vars(phrases).items() if not key.startswith("_")}
            return environment.get_template(name).render(values | shared | layout)
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


def _environment(templates: Path, *, autoescape: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(templates),
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


def _line(account: Account, chased: ChasedInvoice, today: date) -> _Line:
    invoice = account.invoice(chased.number)
    # After a broken promise or a missed instalment the round's anchor is later than the invoice's own due date.
    due = invoice.due_date if invoice else chased.anchor
    return _Line(
        number=_single_line(chased.number),
        due=_unbroken(f"{due.day} {due:%B %Y}"),
        days=(today - due).days,
        amount=_unbroken(chased.amount),
        is_credit=chased.amount.minor < 0,
    )


def _references(reminder: Reminder, currency: str) -> tuple[str, ...]:
    owed = (c for c in reminder.invoices if c.amount.currency == currency and c.amount.minor > 0)
    return tuple(_single_line(chased.number) for chased in owed)


def _for_sms(view: _View, business_limit: int, name_limit: int) -> _View:
    """The view in letters of an SMS.

    A client's name or an invoice number is whole or left out: a shortened number would name another invoice, and
    no greeting is better than a garbled one.
    """
    business = " ".join(gsm7.spelled(view.business).replace("?", " ").split())
    if not business:
        raise WordingError("the business's name cannot be spelled in an SMS; give it in Latin letters")
    return replace(
        view,
        business=_shortened(business, business_limit),
        name=_spelled(view.name, name_limit),
        lines=tuple(replace(line, number=_spelled(line.number, _SMS_NUMBER)) for line in view.lines),
    )


def _spelled(text: str, limit: int) -> str:
    """The text in letters of an SMS, or nothing if it has a letter without a spelling or is longer than `limit`."""
    spelled = gsm7.spelled(text)
    return spelled if spelled.count("?") == text.count("?") and len(spelled) <= limit else ""


def _unbroken(value: object) -> str:
    return str(value).replace(" ", _NO_BREAK)


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 3].rstrip()}..."


def _single_line(text: str) -> str:
    """A value without line breaks, control characters or invisible ones, which could forge a header or hide words."""
    visible = (
        letter if letter.isprintable() else " " for letter in text if unicodedata.category(letter) != "Cf"
    )
    return " ".join("".join(visible).split())
