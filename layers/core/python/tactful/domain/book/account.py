"""The account: a customer with everything needed to decide about it. The unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from tactful.domain.book.agreements import Approval, Extension, Hold, Plan, Promise
from tactful.domain.book.answers import Answer
from tactful.domain.book.contact_log import ManualContact, Reminder
from tactful.domain.book.customer import Channel, Customer
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.money import Money

# More than any cap allows within its days, so that forgetting the oldest never hides a contact that counts.
_REMEMBERED_CONTACTS = 20
# An entry costs one write unit for each kilobyte.
_NAMED = 30


class SuppressionReason(StrEnum):
    """Why an address must not be used any more."""

    OPT_OUT = "opt_out"
    COMPLAINT = "complaint"
    BOUNCE = "bounce"
    INVALID = "invalid"
    WRONG_CONTACT = "wrong_contact"


# Whoever wants no SMS, or cannot get any, may still be glad of a call.
_NOT_TO_BE_CALLED = frozenset(
    {SuppressionReason.WRONG_CONTACT, SuppressionReason.INVALID, SuppressionReason.COMPLAINT}
)


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address that must not be used on its channel, since when (UTC) and why. Only a person lifts it."""

    reason: SuppressionReason
    at: datetime

    def outweighs(self, known: Suppression) -> bool:
        """Whether it takes the place of what is known: a client's own word stays when an address works again."""
        asked = SuppressionReason.OPT_OUT
        return self.reason is asked and known.reason is not asked


@dataclass(frozen=True, slots=True)
class AddressContact:
    """A contact made to an address on behalf of some account, for the caps that shared addresses share.

    `how` it was made if it was not by a message: a call to whoever has the address.
    """

    at: datetime
    account_key: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class AddressRecord:
    """What is known of one address: who uses it, whether it is suppressed, and recent contacts to it.

    `no_calls` is since when (UTC) whoever has this phone number wants no calls; messages are another matter.
    """

    channel: Channel
    address: str
    accounts: frozenset[str] = frozenset()
    suppression: Suppression | None = None
    recent: tuple[AddressContact, ...] = ()
    version: int = 0
    no_calls: datetime | None = None

    def is_of(self, reminder: Reminder) -> bool:
        """Whether a reminder goes to this address."""
        return (self.channel, self.address) == (reminder.channel, reminder.address)

    def is_shared_with(self, account_key: str) -> bool:
        """Whether somebody else uses it, too: only then a contact by the account has to be remembered here."""
        return not self.accounts <= {account_key}

    def with_contact(self, contact: AddressContact) -> AddressRecord:
        return replace(self, recent=(*self.recent, contact)[-_REMEMBERED_CONTACTS:])

    def without_contact(self, contact: AddressContact) -> AddressRecord:
        return replace(self, recent=tuple(known for known in self.recent if known != contact))


@dataclass(frozen=True, slots=True)
class Thanks:
    """A thank-you owed for a payment: the one that settled the account, or `part` of what is due."""

    payment_id: str
    at: datetime
    invoices: tuple[str, ...]
    part: Money | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A customer, its invoices, what was agreed, every contact made, and what is known of its addresses.

    `version` counts the commits; `next_action_at` (UTC) is when the account must be looked at again, None if
    nothing is to be done before something happens. `book_as_of` (UTC) is when the business last uploaded its
    invoices, None if that is not to be considered.
    """

    customer: Customer
    invoices: tuple[Invoice, ...] = ()
    promises: tuple[Promise, ...] = ()
    plan: Plan | None = None
    holds: tuple[Hold, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    addresses: tuple[AddressRecord, ...] = ()
    thanks: Thanks | None = None
    next_action_at: datetime | None = None
    version: int = 0
    extensions: tuple[Extension, ...] = ()
    manual_contacts: tuple[ManualContact, ...] = ()
    approvals: tuple[Approval, ...] = ()
    book_as_of: datetime | None = None
    answers: tuple[Answer, ...] = ()

    @property
    def key(self) -> str:
        return self.customer.key

    def invoice(self, number: str) -> Invoice | None:
        return next((invoice for invoice in self.invoices if invoice.number == number), None)

    def reminder(self, reminder_id: str) -> Reminder | None:
        return next((reminder for reminder in self.reminders if reminder.id == reminder_id), None)

    def address_record(self, channel: Channel, address: str) -> AddressRecord | None:
        return next((r for r in self.addresses if r.channel is channel and r.address == address), None)

    def due_date(self, invoice: Invoice) -> date:
        """The invoice's own due date, or the later one that the business granted last."""
        granted = [extension for extension in self.extensions if invoice.number in extension.invoices]
        last = max(granted, key=lambda extension: (extension.granted_at, extension.id), default=None)
        return max(invoice.due_date, last.until) if last else invoice.due_date

    def is_suppressed(self, channel: Channel, address: str) -> bool:
        record = self.address_record(channel, address)
        return record is not None and record.suppression is not None

    def may_be_called(self, phone: str) -> bool:
        """Whether a phone number may be called: it is not known to be wrong, and nobody there wants no calls."""
        record = self.address_record(Channel.SMS, phone)
        if record is None:
            return True
        reason = record.suppression.reason if record.suppression else None
        return record.no_calls is None and reason not in _NOT_TO_BE_CALLED

    def with_invoice(self, invoice: Invoice) -> Account:
        others = tuple(known for known in self.invoices if known.number != invoice.number)
        return replace(self, invoices=(*others, invoice))

    def with_reminder(self, reminder: Reminder) -> Account:
        """The account with a reminder added to its contact log, or replaced there."""
        others = tuple(known for known in self.reminders if known.id != reminder.id)
        return replace(self, reminders=(*others, reminder))

    def with_step(self, step: Reminder) -> Account:
        """The account with a step that was handed over. A call or a letter is one to all who share the contact's
        phone or address: both remember it.
        """
        if step.channel is not Channel.PERSON or not step.is_contact:
            return self.with_reminder(step)
        theirs = self.addresses_of(step)
        made = AddressContact(step.at, self.key, step.detail)
        return replace(
            self.with_reminder(step),
            addresses=tuple(
                record.with_contact(made)
                if (record.channel, record.address) in theirs and record.is_shared_with(self.key)
                else record
                for record in self.addresses
            ),
        )

    def addresses_of(self, step: Reminder) -> frozenset[tuple[Channel, str]]:
        """The addresses of whoever a person contacts in a step, as the contact is now."""
        return frozenset(
            (channel, contact.address(channel))
            for contact in self.customer.contacts
            if (contact.name, contact.role) == (step.contact_name, step.role)
            for channel in (Channel.EMAIL, Channel.SMS)
            if contact.address(channel)
        )

    def with_claim(self, reminder: Reminder) -> Account:
        """The account with a reminder claimed: an address that is shared remembers the contact for the others."""
        contact = AddressContact(at=reminder.at, account_key=self.key)
        return replace(
            self.with_reminder(reminder),
            addresses=tuple(
                record.with_contact(contact)
                if record.is_of(reminder) and record.is_shared_with(self.key)
                else record
                for record in self.addresses
            ),
        )

    def without_claim(self, reminder: Reminder) -> Account:
        """The account as if the claim had never been made: nothing was handed to a provider."""
        contact = AddressContact(at=reminder.at, account_key=self.key)
        return replace(
            self,
            reminders=tuple(known for known in self.reminders if known.id != reminder.id),
            addresses=tuple(
                record.without_contact(contact) if record.is_of(reminder) else record
                for record in self.addresses
            ),
        )

    def with_hold(self, hold: Hold) -> Account:
        others = tuple(known for known in self.holds if known.id != hold.id)
        return replace(self, holds=(*others, hold))

    def owes_nothing(self) -> bool:
        """Whether no invoice has anything left to pay."""
        return all(invoice.amount_due.minor <= 0 for invoice in self.invoices)

    def owed_numbers(self) -> tuple[str, ...]:
        """The numbers of the invoices on which something is due, in order."""
        return tuple(sorted(invoice.number for invoice in self.invoices if invoice.amount_due.minor > 0))

    def open_invoices(self) -> tuple[Invoice, ...]:
        return tuple(invoice for invoice in self.invoices if invoice.state is InvoiceState.OPEN)


class TaskKind(StrEnum):
    """Why a person is needed."""

    NO_USABLE_ADDRESS = "no_usable_address"
    NO_PAY_TO_DETAILS = "no_pay_to_details"
    OUTCOME_UNKNOWN = "outcome_unknown"
    MESSAGE_REFUSED = "message_refused"
    CHANNEL_MISCONFIGURED = "channel_misconfigured"
    READ_REPLY = "read_reply"
    UNMATCHED_REPLY = "unmatched_reply"
    UNMATCHED_PAYMENT = "unmatched_payment"
    COMPLAINT = "complaint"
    STEP_FOR_A_PERSON = "step_for_a_person"
    CALL = "call"
    LETTER = "letter"
    APPROVAL = "approval"
    CREDIT_REVIEW = "credit_review"
    COLLECTIONS = "collections"
    NO_COMMON_HOURS = "no_common_hours"
    SNAPSHOT_HELD = "snapshot_held"
    SENDING_STOPPED = "sending_stopped"
    MATCH_PAYMENT = "match_payment"
    EXTENSION = "extension"
    PAYMENT_PLAN = "payment_plan"
    DISPUTE = "dispute"
    HARDSHIP = "hardship"
    LEGAL = "legal"
    WRONG_CONTACT = "wrong_contact"
    CONTACT_CHANGE = "contact_change"
    CALL_BACK = "call_back"
    DISSATISFIED = "dissatisfied"
    INVOICE_COPY = "invoice_copy"
    OPTED_OUT = "opted_out"
    OPT_IN = "opt_in"
    PAYMENT_DISPUTED = "payment_disputed"


@dataclass(frozen=True, slots=True)
class Task:
    """Something for a person: what happened, and the facts needed to act.

    Open until `done_at` (UTC). A task that is done stays, with who did it.
    """

    id: str
    kind: TaskKind
    opened_at: datetime
    summary: str
    facts: tuple[tuple[str, str], ...] = ()
    done_at: datetime | None = None
    done_by: str = ""
    note: str = ""

    def done(self, end: TaskDone) -> Task:
        """The task after it was done; the first time counts."""
        return self if self.done_at else replace(self, done_at=end.at, done_by=end.by, note=end.note)


@dataclass(frozen=True, slots=True)
class TaskDone:
    """A task that needs nobody any more, since when (UTC), and by whom: a person, or news that settled it."""

    task_id: str
    at: datetime
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. Its id is unique in the account: the same event twice is one entry."""

    id: str
    at: datetime
    kind: str
    facts: tuple[tuple[str, str], ...] = ()


def some_of(numbers: Sequence[str]) -> str:
    """Invoice numbers for an entry, which stays small however many there are."""
    more = f" and {len(numbers) - _NAMED:,} more" if len(numbers) > _NAMED else ""
    return ", ".join(numbers[:_NAMED]) + more


@dataclass(frozen=True, slots=True)
class Change:
    """An account after something happened, with what to write beside it: entries, tasks opened and tasks done.

    To do a task that is not there, or is done already, changes nothing.
    """

    account: Account
    entries: tuple[Entry, ...] = ()
    tasks: tuple[Task, ...] = ()
    done: tuple[TaskDone, ...] = ()
