"""What is said in a call, from the words of `calls.j2` in the client's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from tactful.adapters.formats import NO_BREAK, Formats
from tactful.adapters.jinja import Pages
from tactful.adapters.languages import Languages
from tactful.adapters.message_values import Part, single_line
from tactful.adapters.message_view import spoken_view
from tactful.adapters.whereabouts import dialled
from tactful.application.calls import CallScripts
from tactful.application.ports import WordingError
from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import ChasedInvoice
from tactful.domain.book.customer import Contact, Purpose
from tactful.domain.calls.sheet import CallSheet, Offers, Situation
from tactful.domain.dunning.calendar import Calendar

WORDS = "calls.j2"
PARTS = ("opening", "identity_check", "question", "offers", "close")
"""What calls.j2 sets, in the order in which it is said."""
CALL_VALUES = frozenset(
    {
        *("situation", "tone", "client", "is_person", "promised", "missed"),
        *("can_pay_now", "promise_until", "more_time_until", "parts"),
    }
)
"""The names of what calls.j2 is given beside the values of messages."""
_PLAIN_SPACES = str.maketrans(dict.fromkeys(NO_BREAK + "\u202f", " "))


class JinjaCallScripts(CallScripts):
    """Writes scripts. Days late are counted at the business, by `calendar`."""

    def __init__(
        self, languages: Languages, *, business_name: str, contact_email: str, calendar: Calendar
    ) -> None:
        self._languages = languages
        self._business_name = business_name
        self._contact_email = contact_email
        self._calendar = calendar
        self._pages = cache(lambda folders: Pages(languages.templates, folders))

    def script(self, account: Account, sheet: CallSheet, at: datetime) -> Sequence[tuple[str, str]]:
        tongue = self._languages.tongue_for(account.customer, WORDS)
        if tongue is None:
            raise WordingError(
                f"{WORDS}: there is no such template in the client's language or yours; add it"
            )
        pages, formats = self._pages(tongue.folders), Formats(tongue.locale)
        view = spoken_view(
            account,
            sheet.lines,
            self._calendar.today(at),
            formats,
            business=self._business_name,
            contact_email=self._contact_email,
            name=sheet.contact.name if sheet.contact else "",
        )
        with pages.faults_of(WORDS):
            values = pages.with_phrases(pages.plain, view.values() | _values(account, sheet, formats))
            said = vars(pages.plain.get_template(WORDS).make_module(values))
        lacking = [part for part in PARTS if not str(said.get(part, "")).strip()]
        if lacking:
            raise WordingError(f"{WORDS}: it does not set {', '.join(lacking)}; add it")
        return tuple((part, _lines(str(said[part]))) for part in PARTS)

    def dialled(self, phone: str) -> str:
        return dialled(phone)


def _values(account: Account, sheet: CallSheet, formats: Formats) -> dict[str, object]:
    return {
        "situation": str(sheet.situation),
        "tone": str(sheet.tone),
        "client": single_line(account.customer.name),
        "is_person": _is_person(account, sheet.contact),
        "promised": formats.day(sheet.promised) if sheet.promised else "",
        "missed": _missed(sheet.lines, formats) if sheet.situation is Situation.PLAN_MISSED else "",
        **_offered(sheet.offers, formats),
    }


def _offered(offers: Offers, formats: Formats) -> dict[str, object]:
    return {
        "can_pay_now": offers.pay_now,
        "promise_until": formats.day(offers.promise_until),
        "more_time_until": formats.day(offers.more_time_until) if offers.more_time_until else "",
        "parts": tuple(
            Part(formats.day(line.date), formats.money(line.total), formats.money(line.balance))
            for line in offers.instalments
        ),
    }


def _missed(lines: Sequence[ChasedInvoice], formats: Formats) -> str:
    return formats.day(min(line.anchor for line in lines))


def _is_person(account: Account, contact: Contact | None) -> bool:
    """Whether a natural person owes it: nobody else may learn of it, at work or at home."""
    purpose = account.customer.purpose
    if purpose is not Purpose.UNKNOWN:
        return purpose is Purpose.CONSUMER
    return contact is None or contact.name in ("", account.customer.name)


def _lines(said: str) -> str:
    """Each line by itself, without the room that a template leaves around it."""
    lines = said.translate(_PLAIN_SPACES).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())
