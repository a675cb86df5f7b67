"""What a client who wrote is to be told: one answer to one message, to the address that it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tactful.domain.book.customer import Channel
from tactful.domain.book.money import Money


class AnswerKind(StrEnum):
    """What an answer says: of several, the first in this order.

    Their words are in templates/<channel>/answer_<kind>/.
    """

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
    def lists_invoices(self) -> bool:
        """Whether it shows what is due, and how it is paid."""
        return self in (AnswerKind.PAYMENT_DETAILS, AnswerKind.BALANCE)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer owed since an instant (UTC). `id` is that of the message which it answers.

    `day` is the civil date and `amount` the part of what is due that were understood, for the client to confirm.
    """

    id: str
    kind: AnswerKind
    channel: Channel
    address: str
    at: datetime
    invoices: tuple[str, ...] = ()
    day: date | None = None
    amount: Money | None = None

    @property
    def wording(self) -> str:
        """The name of its words."""
        return f"answer_{self.kind}"
