"""The values that templates use: plain text, each a single line, written as the client's locale does."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

from tactful.adapters import gsm7
from tactful.adapters.formats import Formats
from tactful.application.ports import Attachment, WordingError

_SMS_NUMBER = 24


@dataclass(frozen=True, slots=True)
class EarlyPayment:
    """What is due if it is paid by a day: `left`, which is less by `off`."""

    until: str
    off: str
    left: str


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice or credit note as a message states it. `days` counts from the day it is due; negative is before.

    `amount` is what is due of it. `total` is said only where that is less, with what was `paid` and `credited` of it.
    `issued` is empty where nobody knows the day. `instalments` is how many missed instalments of a plan are asked for
    instead of the invoice as a whole, or 0.
    """

    number: str
    due: str
    days: int
    amount: str
    is_credit: bool
    instalments: int = 0
    discount: EarlyPayment | None = None
    issued: str = ""
    total: str = ""
    paid: str = ""
    credited: str = ""


@dataclass(frozen=True, slots=True)
class PayTo:
    """How the total of one currency is paid.

    `transfer` has the fields of a bank transfer by name, `link` a page to pay on, `lines` whatever else the business
    says of it, `references` the invoices to quote, and `code` the picture that a banking app reads.
    """

    total: str
    transfer: tuple[tuple[str, str], ...]
    link: str
    direct_debit: bool
    lines: tuple[str, ...]
    references: tuple[str, ...]
    code: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One instalment of a plan, what of it is interest (or nothing), and what is left after it."""

    due: str
    amount: str
    balance: str
    interest: str = ""


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What holds for a plan: the interest a year, if any, and whether a part that is so late makes the rest due."""

    rate: str = ""
    all_falls_due: bool = False
    grace_days: int = 0


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """A charge for late payment as a message states it: interest for some days at a rate, or a fixed sum."""

    number: str
    amount: str
    is_fixed: bool
    days: int = 0
    rate: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """All that a template can say.

    `earliest` is the invoice that the words are about. `totals` are those of the invoices, and `to_pay` the same with
    charges. `already_due` are the totals without what is not due yet,
    empty if they are the same. `discount` is about the discounts that end first. `reference` is what an SMS says of
    itself. `asks` says whether something is asked for at all. `about`, `day` and `sum` are what an answer confirms: the
    invoices, the day and the part that were understood; of thanks for a part, `sum` is that part. `has_room` turns
    false where an SMS needs every letter. Amounts and dates are as `formats` writes them: they hold together by
    no-break spaces, which are plain ones again in texts, subjects and SMS.
    """

    formats: Formats
    business: str
    name: str
    contact_email: str
    lines: tuple[Line, ...]
    earliest: Line | None
    totals: tuple[str, ...]
    to_pay: tuple[str, ...]
    already_due: tuple[str, ...]
    pay_to: tuple[PayTo, ...]
    settled: bool
    asks: bool
    promised: str
    discount: EarlyPayment | None
    reference: str
    about: tuple[str, ...] = ()
    day: str = ""
    sum: str = ""
    instalments: tuple[Part, ...] = ()
    plan: PlanTerms | None = None
    charges: tuple[ChargeLine, ...] = ()
    charges_law: str = ""
    charges_mode: str = ""
    partner: str = ""
    has_room: bool = True

    def values(self) -> dict[str, object]:
        """The values by the names that templates use."""
        invoices = [line for line in self.lines if not line.is_credit]
        oldest = max((line.days for line in invoices), default=0)
        return {
            "language": self.formats.language_tag,
            "plural": self.formats.plural,
            "listed": self.formats.listed,
            "business": self.business,
            "name": self.name,
            "contact_email": self.contact_email,
            "lines": self.lines,
            "count": len(invoices),
            "earliest": self.earliest,
            "nothing_is_older": self.earliest is None or self.earliest.days == oldest,
            "in_instalments": any(line.instalments for line in invoices),
            "totals": self.totals,
            "to_pay": self.to_pay,
            "already_due": self.already_due,
            "pay_to": self.pay_to,
            "settled": self.settled,
            "asks": self.asks,
            "about_invoices": self.about,
            "day": self.day,
            "sum": self.sum,
            "instalments": self.instalments,
            "plan": self.plan,
            "charges": self.charges,
            "charges_law": self.charges_law,
            "charges_mode": self.charges_mode,
            "partner": self.partner,
            "promised": self.promised,
            "discount": self.discount,
            "message_reference": self.reference,
            "has_room": self.has_room,
        }

    def for_sms(self, business_limit: int, name_limit: int, *, has_room: bool) -> View:
        """The view in letters of an SMS. Raises WordingError if the business's name has no spelling in them.

        A client's name or an invoice number is whole or left out: a shortened number would name another invoice, and
        no greeting is better than a garbled one.
        """
        business = " ".join(gsm7.spelled(self.business).replace("?", " ").split())
        if not business:
            raise WordingError("the business's name cannot be spelled in an SMS; give it in Latin letters")
        return replace(
            self,
            business=shortened(business, business_limit),
            name=_spelled(self.name, name_limit),
            lines=tuple(_with_spelled_number(line) for line in self.lines),
            earliest=_with_spelled_number(self.earliest) if self.earliest else None,
            about=tuple(_spelled(number, _SMS_NUMBER) for number in self.about),
            has_room=has_room,
        )


def single_line(text: str) -> str:
    """A value without line breaks, control characters or invisible ones, which could forge a header or hide words."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    visible = (
        letter if letter.isprintable() else " " for letter in text if unicodedata.category(letter) != "Cf"
    )
    return " ".join("".join(visible).split())


def shortened(text: str, limit: int) -> str:
    """The text, cut to so many letters if it is longer."""
    return text if len(text) <= limit else f"{text[: limit - 3].rstrip()}..."


def _with_spelled_number(line: Line) -> Line:
    return replace(line, number=_spelled(line.number, _SMS_NUMBER))


def _spelled(text: str, limit: int) -> str:
    """The text in letters of an SMS, or nothing if it has a letter without a spelling or is longer than `limit`."""
    spelled = gsm7.spelled(text)
    return spelled if spelled.count("?") == text.count("?") and len(spelled) <= limit else ""
