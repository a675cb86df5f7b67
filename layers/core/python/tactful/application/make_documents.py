"""Making what is printed about an account, and keeping it for a print service and the bookkeeper."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from tactful.application.account_events import AccountEvents
from tactful.application.documents import (
    Document,
    DocumentArchive,
    DocumentKind,
    DocumentOrder,
    DocumentPress,
    Envelope,
    Letter,
    Pack,
    Statement,
)
from tactful.domain.book.account import Account
from tactful.domain.documents.handoff import Creditor, Handoff, as_json, handoff_of
from tactful.domain.documents.ledger import statement_of
from tactful.domain.documents.letter import FINAL_DEMAND, letter_about

# Enough that two documents of an account and a day do not share it.
_HASH_LETTERS = 16


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made: its key without personal data, and what it holds. `unshown` is as in Pressed."""

    key: str
    content: bytes
    unshown: str = ""


@dataclass(frozen=True, slots=True)
class MakeDocuments:
    """Makes documents from the account as it is now. It changes nothing: a printed letter is not a sent one."""

    events: AccountEvents
    press: DocumentPress
    creditor: Creditor

    def make(self, order: DocumentOrder) -> tuple[Made, ...]:
        """The files of an order: a PDF, and beside the hand-off pack the same facts as JSON.

        The same facts on the same day give the same keys and bytes. Raises ValueError if there is no such account or
        nothing to demand of it, DocumentError, StoreUnavailableError.
        """
        account = self.events.store.load(order.account_key)
        if account is None:
            raise ValueError("there is no such customer: see the customer_id column of the upload")
        document = self._document(account, order)
        pressed = self.press.press(document)
        facts = _facts(document.handoff) if isinstance(document, Pack) else b""
        begins = f"documents/{account.key}/{order.kind}/{document.envelope.on}-{_hash(pressed.pdf + facts)}"
        made = Made(f"{begins}.pdf", pressed.pdf, pressed.unshown)
        return (made, Made(f"{begins}.json", facts)) if facts else (made,)

    def make_into(self, archive: DocumentArchive, order: DocumentOrder) -> tuple[Made, ...]:
        """Make an order and keep its files, the PDF last: who sees it finds the others beside it."""
        made = self.make(order)
        for file in reversed(made):
            archive.keep(file.key, file.content)
        return made

    def _document(self, account: Account, order: DocumentOrder) -> Document:
        now = self.events.clock.now()
        today = self.events.calendar.today(now)
        if order.pay_by is not None and order.pay_by < today:
            raise ValueError(f"{order.pay_by} is past: name a day from {today} on by which to pay")
        envelope = Envelope(account.customer, today, order.address, order.language)
        if order.kind is DocumentKind.STATEMENT:
            return Statement(envelope, statement_of(account, today))
        if order.kind is DocumentKind.HANDOFF:
            return Pack(envelope, handoff_of(account, self.creditor, today))
        wording, tone = (order.wording, order.tone) if order.tone else FINAL_DEMAND
        about = letter_about(account, self.events.policy, self.events.calendar, now, wording, tone)
        return Letter(envelope, account, about, order.kind, order.pay_by)


def _facts(handoff: Handoff) -> bytes:
    return (json.dumps(as_json(handoff), ensure_ascii=False, indent=2) + "\n").encode()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_HASH_LETTERS]
