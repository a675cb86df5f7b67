"""A client's message as it came, and what was understood of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Intent(StrEnum):
    """What a client wants. Of several the first in this order is the primary one, as `understand` says in detail."""

    AUTO_REPLY = "auto_reply"
    OPT_OUT = "opt_out"
    LEGAL = "legal"
    WRONG_CONTACT = "wrong_contact"
    HARDSHIP = "hardship"
    DISPUTE = "dispute"
    REDIRECT_CONTACT = "redirect_contact"
    PAYMENT_PLAN_REQUEST = "payment_plan_request"
    EXTENSION_REQUEST = "extension_request"
    INVOICE_COPY_REQUEST = "invoice_copy_request"
    PAYMENT_DETAILS_REQUEST = "payment_details_request"
    PROMISE_TO_PAY = "promise_to_pay"
    PAID_CLAIM = "paid_claim"
    CALL_REQUEST = "call_request"
    HELP = "help"
    QUESTION = "question"
    COMPLAINT = "complaint"
    THANKS = "thanks"
    OPT_IN = "opt_in"
    UNKNOWN = "unknown"


class Scope(StrEnum):
    """What an opt-out is about: a channel, everything, or one invoice."""

    SMS = "sms"
    EMAIL = "email"
    PHONE = "phone"
    ALL = "all"
    INVOICE = "invoice"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message by its text, and what it takes to read it.

    `channel` is sms or email, `locale` that of the client (en-GB), `today` the client's day on which it came. The text
    of an e-mail has its signature and the history it quotes; `headers` by name.
    """

    channel: str
    text: str
    locale: str
    today: date
    headers: Mapping[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str:
        """A header's value, whatever the case of its name; empty if there is none."""
        return next(
            (value for known, value in self.headers.items() if known.casefold() == name.casefold()), ""
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message states. Amounts are integer minor units; dates are civil.

    `promise_date` is a commitment by the client, `requested_date` one asked for, `rest_date` that of the second part of
    a promise; `conditional` if the promise hangs on something else. `back_on` is when whoever is away will be back.
    """

    promise_date: date | None = None
    amount_minor: int | None = None
    currency: str = ""
    invoices: tuple[str, ...] = ()
    contact_email: str = ""
    contact_phone: str = ""
    opt_out_scope: Scope | None = None
    requested_date: date | None = None
    paid_date: date | None = None
    payment_ref: str = ""
    rest_date: date | None = None
    conditional: bool = False
    back_on: date | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """What a message means: the primary intent, the others, the facts, and by which of its words.

    `because` has for each intent the words that decided it; nothing if that was the lack of any.
    """

    primary: Intent
    also: tuple[Intent, ...] = ()
    facts: Facts = field(default_factory=Facts)
    because: Mapping[Intent, str] = field(default_factory=dict)
