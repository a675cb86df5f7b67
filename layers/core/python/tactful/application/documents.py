"""What is printed, in domain words, and who prints, keeps and orders it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import Reminder, Tone
from tactful.domain.book.customer import Customer
from tactful.domain.documents.handoff import Handoff
from tactful.domain.documents.ledger import Ledger


class DocumentKind(StrEnum):
    """What can be printed about an account. A letter has the words of any stage."""

    STATEMENT = "statement"
    FINAL_DEMAND = "final-demand"
    LETTER = "letter"
    HANDOFF = "handoff"


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whom a document goes to, and its civil date at the business.

    `address` is where the customer is, line by line: the book does not know it. `language` is a BCP 47 tag, empty for
    the customer's own.
    """

    customer: Customer
    on: date
    address: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of account."""

    envelope: Envelope
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class Letter:
    """The words and invoices of a reminder as a letter. `pay_by` is a civil date, None where none is set."""

    envelope: Envelope
    account: Account
    reminder: Reminder
    kind: DocumentKind = DocumentKind.LETTER
    pay_by: date | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """The file that is handed over: in the business's own language if the envelope names none."""

    envelope: Envelope
    handoff: Handoff


Document = Statement | Letter | Pack


@dataclass(frozen=True, slots=True)
class Pressed:
    """A document as PDF. `unshown` says which letters no font had: such a document must not leave unseen."""

    pdf: bytes
    unshown: str = ""


class DocumentError(ValueError):
    """A document cannot be made: a template is broken, or words or details are missing. The message says which."""


class DocumentPress(Protocol):
    """Prints. The same facts give the same bytes."""

    def press(self, document: Document) -> Pressed:
        """The document as PDF. Raises DocumentError."""
        ...


class DocumentArchive(Protocol):
    """Where documents are kept for whoever prints and files them."""

    def keep(self, key: str, content: bytes) -> None:
        """Keep a file; the same key again has the same content. Raises StoreUnavailableError."""
        ...


class DocumentShelf(Protocol):
    """Where documents are fetched from that go with a message."""

    def fetch(self, key: str) -> bytes:
        """The file that was kept under a key. Raises StoreUnavailableError, also if there is none any more."""
        ...


@dataclass(frozen=True, slots=True)
class DocumentOrder:
    """A document that somebody wants of an account.

    `wording` and `tone` are a letter's. `address`, `language` and `pay_by` are as in Envelope and Letter.
    """

    account_key: str
    kind: DocumentKind
    wording: str = ""
    tone: Tone | None = None
    language: str = ""
    address: tuple[str, ...] = ()
    pay_by: date | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a letter without words, and for words that no letter has."""
        is_letter = self.kind is DocumentKind.LETTER
        if is_letter and not (self.wording and self.tone):
            raise ValueError("a letter has a wording and a tone: name both, for example overdue_10 and firm")
        if not is_letter and (self.wording or self.tone):
            raise ValueError(
                f"a {self.kind} has words of its own: name a wording and a tone only of a letter"
            )


class DocumentOrders(Protocol):
    """Orders that are filled later, outside of what cannot wait."""

    def put(self, order: DocumentOrder) -> None:
        """Order a document. Raises StoreUnavailableError."""
        ...
