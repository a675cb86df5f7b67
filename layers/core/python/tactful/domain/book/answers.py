"""What a client is to be told once: the answer to a message, or what a person of the business decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tactful.domain.book.agreements import Instalment
from tactful.domain.book.customer import Channel
from tactful.domain.book.money import Money


class AnswerKind(StrEnum):
    """What an answer says: of several, the first in this order.

    Their words are in templates/words/<language>/<channel>/answer_<kind>/. The first four tell what a person decided.
    """

    HANDOFF_NOTICE = "handoff_notice"
    PLAN_AGREED = "plan_agreed"
    PLAN_PROPOSED = "plan_proposed"
    STATEMENT = "statement"

    HARDSHIP_NOTED = "hardship_noted"
    DISPUTE_NOTED = "dispute_noted"
    PROMISE_NOTED = "promise_noted"
    DATE_WANTED = "date_wanted"
    CHANGE_NOTED = "change_noted"
    CLAIM_NOTED = "claim_noted"
    EXTENSION_GRANTED = "extension_granted"
    PAYMENT_DETAILS = "payment_details"
    BALANCE = "balance"
    WHO_WE_ARE = "who_we_are"
    PASSED_ON = "passed_on"

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Where it may be said: an SMS carries no document, and a hand-off is nothing for whoever else sees a phone."""
        by_email = self in (AnswerKind.HANDOFF_NOTICE, AnswerKind.STATEMENT)
        return (Channel.EMAIL,) if by_email else (Channel.EMAIL, Channel.SMS)

    @property
    def lists_invoices(self) -> bool:
        """Whether it shows what is due, and how it is paid."""
        return self in (AnswerKind.PAYMENT_DETAILS, AnswerKind.BALANCE)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer owed since an instant (UTC). `id` is that of the message which it answers.

    `day` is the civil date and `amount` the part of what is due that were understood, for the client to confirm.
    `instalments` are those of a plan that is proposed or agreed on, `rest_due_after` as in the plan, and `partner` is
    who takes over what could not be settled. `document` is the key of the document that goes with it.
    """

    id: str
    kind: AnswerKind
    channel: Channel
    address: str
    at: datetime
    invoices: tuple[str, ...] = ()
    day: date | None = None
    amount: Money | None = None
    instalments: tuple[Instalment, ...] = ()
    rest_due_after: int | None = None
    partner: str = ""
    document: str = ""

    @property
    def wording(self) -> str:
        """The name of its words."""
        return f"answer_{self.kind}"
