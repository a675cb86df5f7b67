"""Sends a client its statement of account: printed, kept, and told of in an e-mail that it goes with."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tactful.application.account_events import AccountEvents
from tactful.application.documents import DocumentArchive, DocumentKind, DocumentOrder
from tactful.application.make_documents import MakeDocuments
from tactful.domain.book.account import Account, Change, Entry
from tactful.domain.book.answers import Answer, AnswerKind
from tactful.domain.dunning.answering import where_to_tell


@dataclass(frozen=True, slots=True)
class SendStatement:
    """The e-mail is a message of the engine: within the contact window, never twice, to no suppressed address."""

    documents: MakeDocuments
    archive: DocumentArchive
    events: AccountEvents

    def send(self, order: DocumentOrder) -> str:
        """Make and keep the statement, and owe the client the e-mail; the address it goes to.

        The same statement on the same day is sent once. Raises ValueError if nobody may be written to, and what
        MakeDocuments raises.
        """
        if order.kind is not DocumentKind.STATEMENT:
            raise ValueError(
                f"a {order.kind} is not sent by e-mail: print it, or let its stage send its words"
            )
        (made,) = self.documents.make_into(self.archive, order)
        told: list[str] = []

        def owed(account: Account) -> Change:
            policy = self.events.policy.for_customer(account.customer, self.events.calendar.business_country)
            where = where_to_tell(account, policy, AnswerKind.STATEMENT, "")
            if where is None:
                raise ValueError(
                    "there is no e-mail address that may be used: print the statement and post it"
                )
            told[:] = [where[1]]
            known = f"statement-{made.key.rpartition('/')[2].removesuffix('.pdf')}"
            if any(answer.id == known for answer in account.answers):
                return Change(account)
            now = self.events.clock.now()
            answer = Answer(known, AnswerKind.STATEMENT, *where, now, document=made.key)
            entry = Entry(f"owed-{known}", now, "statement_owed", (("document", made.key),))
            return Change(replace(account, answers=(*account.answers, answer)), (entry,))

        self.events.apply(order.account_key, owed)
        return told[0]
