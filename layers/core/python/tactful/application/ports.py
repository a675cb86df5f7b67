"""What the use cases need from the outside world, in the words of the domain.

Every port has a memory adapter and a real one, held to the same contract suite.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tactful.domain.book.account import Account, AddressRecord, Change, Entry, Suppression, Task, TaskDone
from tactful.domain.book.contact_log import Reminder
from tactful.domain.book.customer import Channel
from tactful.domain.sending.state import SendingState


class ConflictError(Exception):
    """Somebody else changed the account since it was loaded: load it again and decide again."""


class AlreadyRecordedError(Exception):
    """An entry of this change is on the timeline already: the same event came twice."""


class StoreUnavailableError(Exception):
    """The store is throttled or unreachable. Nothing was lost: the event must be tried again later."""


class Clock(Protocol):
    """The time. In a sandbox stack it can be moved."""

    def now(self) -> datetime:
        """The present instant (UTC, aware)."""
        ...

    def reading_at(self, instant: datetime) -> datetime:
        """What this clock shows at an instant of the real world, such as AWS puts into its events."""
        ...


class AccountStore(Protocol):
    """Accounts, strongly consistent."""

    def load(self, account_key: str) -> Account | None:
        """The account with all that is needed to decide about it, or None if there is none."""
        ...

    def commit(self, before: Account | None, change: Change) -> None:
        """Write what differs between `before` (as loaded; None for a new account) and the changed account.

        Atomic: entries, tasks and the account's new version are written together or not at all. `before.version`
        must still be the stored one.
        Raises ConflictError if it is not, AlreadyRecordedError if an entry exists, StoreUnavailableError.
        """
        ...


class ReminderDesk(Protocol):
    """What sending and following reminders needs of the accounts beside loading and committing one."""

    def load_many(self, account_keys: Sequence[str]) -> tuple[Mapping[str, Account], SendingState]:
        """Those of some accounts that there are, by key, as `load` gives them and cheaper; and what is stopped."""
        ...

    def recheck(self, account: Account) -> tuple[Account | None, SendingState]:
        """An account that was loaded as it is at this moment, and what is stopped. Raises StoreUnavailableError.

        The last look before something is handed to a provider.
        """
        ...

    def record(self, changes: Sequence[tuple[Account, Account]]) -> Sequence[str]:
        """Commit several accounts at once, each before and after; keys of those that were not, for any reason.

        An account may differ only in the status and provider id of its latest reminder and in its next action.
        Raises StoreUnavailableError.
        """
        ...

    def note(self, entries: Sequence[tuple[str, Entry]]) -> None:
        """Put entries on the timelines of accounts (by key), whatever follows: why something is going to be done."""
        ...

    def advance(self, account: Account, reminder: Reminder) -> bool:
        """Write how far a reminder of an account got, unless more is known of it already; whether it was written.

        The account's version stays: it is news of the reminder alone.
        """
        ...


class AddressBook(Protocol):
    """What is known of addresses, across accounts."""

    def find(self, channel: Channel, address: str) -> AddressRecord | None:
        """What is known of an address, or None if no account ever used it and nobody suppressed it."""
        ...

    def suppress(self, channel: Channel, address: str, suppression: Suppression) -> AddressRecord:
        """Forbid an address on its channel, for every account, now and later. The first suppression stays,
        but for an opt-out, which takes the place of any other reason.
        """
        ...

    def forbid_calls(self, phone: str, at: datetime) -> AddressRecord:
        """Remember, for every account, that nobody is to be called on a phone number (E.164); since when first."""
        ...

    def link(self, account_key: str, addresses: Iterable[tuple[Channel, str]]) -> None:
        """Remember that an account uses these addresses."""
        ...


class BookStatus(Protocol):
    """How recent the book is: every account that is loaded says so in `book_as_of`."""

    def note_upload(self, at: datetime) -> None:
        """Remember an upload of invoices at an instant (UTC). One before the last changes nothing."""
        ...


@dataclass(frozen=True, slots=True)
class DueAccount:
    """An account by its key, and since when its next action is due (UTC)."""

    key: str
    since: datetime


class DueIndex(Protocol):
    """The accounts with something due: reading it costs what is due and nothing else."""

    def due(self, until: datetime) -> Iterator[DueAccount]:
        """The accounts whose next action is at or before `until` (UTC), the longest due first."""
        ...


class Timeline(Protocol):
    """What happened to accounts, in order."""

    def timeline(self, account_key: str, beginning: str = "") -> Sequence[Entry]:
        """The entries of an account, oldest first; only those whose ids begin so."""
        ...


class DayBook(Protocol):
    """The news of all accounts by day: those lines of timelines whose kind is in NEWS."""

    def news(self, begin: datetime, end: datetime, beginning: str = "") -> Iterator[tuple[str, Entry]]:
        """The news from one instant until before another (UTC), each with its account key, in no order; only those
        whose ids begin so.
        """
        ...


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Some accounts, and from where the next ones are to be read; empty after the last."""

    keys: tuple[str, ...]
    following: str


class OwingAccounts(Protocol):
    """Every account that owes something, whether it has a next action or not."""

    def page(self, after: str, limit: int) -> AccountPage:
        """At most so many keys from a place on (empty: from the start).

        Whoever reads to the end meets every account whose next action does not change meanwhile, and none twice.
        """
        ...


@dataclass(frozen=True, slots=True)
class Round:
    """How far all accounts have been looked at under some rules, of which `rules` is the fingerprint."""

    rules: str
    after: str = ""
    finished: bool = False


class Rounds(Protocol):
    """The last round over all accounts."""

    def last_round(self) -> Round | None:
        """The last round as it was kept, or None if there never was one."""
        ...

    def note_round(self, current: Round) -> None:
        """Remember how far a round is; it takes the place of the last."""
        ...


class WorkQueue(Protocol):
    """Accounts to be acted on, now."""

    def put(self, account_keys: Sequence[str]) -> int:
        """Queue accounts; the number accepted. Raises StoreUnavailableError if some could not be queued."""
        ...


class InvoiceDirectory(Protocol):
    """Which accounts have an invoice of a number."""

    def accounts_with(self, invoice_number: str) -> tuple[str, ...]:
        """Account keys, none for an unknown number, several if customers share the number."""
        ...


class TaskBoard(Protocol):
    """Tasks for a person, over all accounts. Those of an account are opened by a commit."""

    def open(self, task: Task) -> None:
        """Open a task that belongs to no account. Opening the same id again changes nothing."""
        ...

    def list_open(self) -> Sequence[tuple[str, Task]]:
        """Open tasks, oldest first, each with its account key (empty for none)."""
        ...


class TaskDesk(Protocol):
    """Where a person does single tasks. `account_key` is empty for those of no account."""

    def task(self, account_key: str, task_id: str) -> Task | None:
        """A task, open or done, or None if there never was one."""
        ...

    def close(self, account_key: str, done: TaskDone) -> None:
        """Do a task. One that is done already, or not there, stays as it is."""
        ...


class Inbox(Protocol):
    """Raw inbound messages, kept as they came."""

    def keep(self, source: str, message_id: str, fields: Sequence[tuple[str, str]], at: datetime) -> None:
        """Store a message once; the same id again changes nothing."""
        ...


class Refusal(StrEnum):
    """Why a provider did not take a message, by what to do about it."""

    RETRY_LATER = "retry_later"
    MESSAGE = "message"
    ADDRESS = "address"
    CONSENT = "consent"
    CONFIGURATION = "configuration"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken the message under this id of its own."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider has surely not sent the message. `code` is the provider's word, safe to log."""

    refusal: Refusal
    code: str


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """It cannot be told whether the message was sent: never send it again blindly."""

    code: str


SendOutcome = Accepted | Refused | OutcomeUnknown

TOO_LATE = "contact_window_closed"
"""The code of a refusal by ourselves, between the last look and the provider: the message may leave another day."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an e-mail. With a `content_id` it is a picture that the HTML shows where it names it."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The words of one message. An SMS has a text only."""

    text: str
    subject: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The SHA-256 (hex) of the subject, a line break and the text in UTF-8; of the text alone for an SMS."""
        words = f"{self.subject}\n{self.text}" if self.subject else self.text
        return hashlib.sha256(words.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, ready to hand to a provider. `latest` (UTC) is when it must not leave any more."""

    reminder_id: str
    address: str
    words: Rendered
    latest: datetime
    now: datetime


class MessageSender(Protocol):
    """One channel's provider."""

    def send(self, message: Outgoing) -> SendOutcome:
        """Hand a message over exactly once: no retry inside. Never raises for anything the provider does."""
        ...


class WordingError(Exception):
    """A template is missing, broken or lacks a value. The message names the template and the fault."""


class Wording(Protocol):
    """Turns a decided reminder into words."""

    def render(self, account: Account, reminder: Reminder) -> Rendered:
        """The words for a reminder decided for the account. Raises WordingError."""
        ...
