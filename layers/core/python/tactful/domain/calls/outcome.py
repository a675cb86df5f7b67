"""What a call came to: a closed vocabulary, and which of a client's own messages each outcome is like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tactful.domain.book.money import Money, parse_money
from tactful.domain.replies.message import Facts, Intent, Scope, Understood


class CallOutcome(StrEnum):
    """What a call came to."""

    PROMISED = "promised"
    PAID = "paid"
    DISPUTED = "disputed"
    HARDSHIP = "hardship"
    WANTS_TIME = "wants_time"
    WANTS_PLAN = "wants_plan"
    WANTS_COPY = "wants_copy"
    WANTS_DETAILS = "wants_details"
    CALL_LATER = "call_later"
    OTHER_CONTACT = "other_contact"
    WRONG_NUMBER = "wrong_number"
    NO_CALLS = "no_calls"
    NO_CONTACT = "no_contact"
    LAWYER = "lawyer"
    UNHAPPY = "unhappy"
    REFUSED = "refused"
    OTHER = "other"
    NO_ANSWER = "no_answer"

    @property
    def meaning(self) -> Meaning:
        return MEANINGS[self]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an outcome is: in words, and which intent of a message it has; None: nobody was spoken to.

    `needs` and `takes` name the particulars that must and may be told with it; a note always may.
    """

    words: str
    intent: Intent | None
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()
    scope: Scope | None = None


_ABOUT = frozenset({"invoices"})
_WAYS = frozenset({"email", "phone"})
_NOTE = frozenset({"note"})

MEANINGS: Mapping[CallOutcome, Meaning] = {
    CallOutcome.PROMISED: Meaning(
        "will pay by a day", Intent.PROMISE_TO_PAY, frozenset({"day"}), _ABOUT | {"amount"}
    ),
    CallOutcome.PAID: Meaning(
        "says that it is paid", Intent.PAID_CLAIM, takes=_ABOUT | {"day", "amount", "reference"}
    ),
    CallOutcome.DISPUTED: Meaning("disputes it", Intent.DISPUTE, _NOTE, _ABOUT),
    CallOutcome.HARDSHIP: Meaning("cannot pay for now", Intent.HARDSHIP, takes=_ABOUT | {"day"}),
    CallOutcome.WANTS_TIME: Meaning("asks for more time", Intent.EXTENSION_REQUEST, takes=_ABOUT | {"day"}),
    CallOutcome.WANTS_PLAN: Meaning(
        "asks to pay in parts", Intent.PAYMENT_PLAN_REQUEST, takes=_ABOUT | {"day"}
    ),
    CallOutcome.WANTS_COPY: Meaning("wants an invoice again", Intent.INVOICE_COPY_REQUEST, takes=_ABOUT),
    CallOutcome.WANTS_DETAILS: Meaning("wants to know how to pay", Intent.PAYMENT_DETAILS_REQUEST),
    CallOutcome.CALL_LATER: Meaning(
        "wants to be called another time", Intent.CALL_REQUEST, takes=frozenset({"day", "phone"})
    ),
    CallOutcome.OTHER_CONTACT: Meaning(
        "somebody else looks after invoices", Intent.REDIRECT_CONTACT, takes=_WAYS
    ),
    CallOutcome.WRONG_NUMBER: Meaning("the number is not theirs", Intent.WRONG_CONTACT),
    CallOutcome.NO_CALLS: Meaning("wants no more calls", Intent.OPT_OUT, scope=Scope.PHONE),
    CallOutcome.NO_CONTACT: Meaning("wants no calls and no messages", Intent.OPT_OUT, scope=Scope.ALL),
    CallOutcome.LAWYER: Meaning("a lawyer, an insolvency or a court is involved", Intent.LEGAL),
    CallOutcome.UNHAPPY: Meaning("is not happy with you", Intent.COMPLAINT, _NOTE),
    CallOutcome.REFUSED: Meaning("will not pay, and does not say why", Intent.UNKNOWN),
    CallOutcome.OTHER: Meaning("something else: a person decides", Intent.UNKNOWN, _NOTE, _ABOUT),
    CallOutcome.NO_ANSWER: Meaning("nobody was spoken to who may know of it", None),
}


@dataclass(frozen=True, slots=True)
class Called:
    """A call that was made: what it came to, who made it, and the particulars of the outcome.

    `day` is a civil date: the one promised, asked for, or of a payment. `amount` is a part of what is due, a plain
    decimal such as "400.00" in the currency of the debt.
    """

    outcome: CallOutcome
    by: str
    day: date | None = None
    amount: str = ""
    invoices: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    reference: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError for an outcome that lacks something, or is told what does not belong to it."""
        meaning = self.outcome.meaning
        told = {name for name in _PARTICULARS if getattr(self, name)}
        if lacking := sorted(meaning.needs - told):
            raise ValueError(f"{self.outcome} ({meaning.words}) needs {_options(lacking)}")
        if more := sorted(told - meaning.needs - meaning.takes - {"note"}):
            raise ValueError(f"{_options(more)} does not go with {self.outcome} ({meaning.words})")
        if len(self.note) > _LONGEST_NOTE:
            raise ValueError(f"a note of {len(self.note):,} letters: at most {_LONGEST_NOTE:,} are kept")
        if self.outcome is CallOutcome.OTHER_CONTACT and not (self.email or self.phone or self.note):
            raise ValueError(f"{self.outcome} ({meaning.words}) needs --email, --phone or --note")

    def understood(self, owed: Iterable[Money]) -> Understood | None:
        """What it means, as if the client had written it; None if nobody was spoken to.

        `owed` are the amounts that are due, whose currency an amount is in. Raises ValueError if it is no amount, or
        if there are several currencies.
        """
        meaning = self.outcome.meaning
        if meaning.intent is None:
            return None
        intent, day = meaning.intent, self.day
        amount = _part(self.amount, {one.currency for one in owed}) if self.amount else None
        facts = Facts(
            promise_date=day if intent is Intent.PROMISE_TO_PAY else None,
            paid_date=day if intent is Intent.PAID_CLAIM else None,
            requested_date=day if intent in _ASKED_FOR else None,
            amount_minor=amount.minor if amount else None,
            currency=amount.currency if amount else "",
            invoices=self.invoices,
            contact_email=self.email,
            contact_phone=self.phone,
            payment_ref=self.reference,
            opt_out_scope=meaning.scope,
        )
        return Understood(intent, facts=facts, because={intent: f"said in a call: {self.outcome}"})


def _part(amount: str, currencies: set[str]) -> Money:
    if len(currencies) != 1:
        what = "something is due in several currencies" if currencies else "nothing is due"
        raise ValueError(f"{what}: leave out --amount, and say it in --note")
    part = parse_money(amount, currencies.pop(), is_typed=True)
    if part.minor <= 0:
        raise ValueError(f"{part} is no amount that can be paid: name more than nothing")
    return part


# An account is loaded with the notes of all calls.
_LONGEST_NOTE = 500
_PARTICULARS = ("day", "amount", "invoices", "email", "phone", "reference", "note")
_ASKED_FOR = frozenset(
    {Intent.EXTENSION_REQUEST, Intent.PAYMENT_PLAN_REQUEST, Intent.HARDSHIP, Intent.CALL_REQUEST}
)
_OPTIONS = {"day": "--on", "invoices": "--invoice"}


def _options(names: list[str]) -> str:
    return ", ".join(_OPTIONS.get(name, f"--{name}") for name in names)
