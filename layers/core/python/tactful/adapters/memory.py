"""Every port in memory: for tests and for trying things out in one process. Nothing outlives the process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tactful.adapters.store_rules import (
    address_key,
    in_order,
    known_addresses,
    progress_entries,
    with_contacts_of,
)
from tactful.application.ports import (
    TOO_LATE,
    Accepted,
    AccountPage,
    AccountStore,
    AddressBook,
    AlreadyRecordedError,
    BookStatus,
    Clock,
    ConflictError,
    DueAccount,
    DueIndex,
    Inbox,
    InvoiceDirectory,
    MessageSender,
    Outgoing,
    OwingAccounts,
    Refusal,
    Refused,
    ReminderDesk,
    Rendered,
    Round,
    Rounds,
    SendOutcome,
    TaskBoard,
    TaskDesk,
    Timeline,
    Wording,
    WorkQueue,
)
from tactful.application.sending_ports import (
    MailAccount,
    MailQuota,
    Pace,
    SendingHealth,
    SendingSwitch,
    SentMessages,
    Unsettled,
)
from tactful.domain.book.account import Account, AddressRecord, Change, Entry, Suppression, Task, TaskDone
from tactful.domain.book.contact_log import Reminder
from tactful.domain.book.customer import Channel
from tactful.domain.sending.health import Tally, slot_of
from tactful.domain.sending.settle import NotFound, Search, settle_from
from tactful.domain.sending.state import SendingState

_BEGINS_TO_BE_SHARED = 2


class MemoryClock(Clock):
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def reading_at(self, instant: datetime) -> datetime:
        return instant

    def move_to(self, at: datetime) -> None:
        self._at = at

    def advance(self, by: timedelta) -> None:
        self._at += by


class MemoryStore(
    AccountStore,
    AddressBook,
    BookStatus,
    DueIndex,
    Inbox,
    InvoiceDirectory,
    OwingAccounts,
    ReminderDesk,
    Rounds,
    TaskBoard,
    TaskDesk,
    Timeline,
):
    """Everything that the table holds. `kept` shows what the ports only write."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._addresses: dict[str, AddressRecord] = {}
        self._timelines: dict[str, dict[str, Entry]] = {}
        self._tasks: dict[tuple[str, str], Task] = {}
        self._book_as_of: datetime | None = None
        self._round: Round | None = None
        self.sending = SendingState()
        self.kept: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """All lines of all timelines, each with its account key."""
        return ((key, entry) for key, known in self._timelines.items() for entry in known.values())

    def load(self, account_key: str) -> Account | None:
        account = self._accounts.get(account_key)
        if account is None:
            return None
        records = (
            self.find(channel, address) or AddressRecord(channel, address)
            for channel, address in known_addresses(account)
        )
        return in_order(replace(account, addresses=tuple(records), book_as_of=self._book_as_of))

    def load_many(self, account_keys: Sequence[str]) -> tuple[Mapping[str, Account], SendingState]:
        found = {key: account for key in account_keys if (account := self.load(key)) is not None}
        return found, self.sending

    def recheck(self, account: Account) -> tuple[Account | None, SendingState]:
        return self.load(account.key), self.sending

    def record(self, changes: Sequence[tuple[Account, Account]]) -> Sequence[str]:
        missed = []
        for before, after in changes:
            try:
                self.commit(before, Change(after))
            except ConflictError:
                missed.append(after.key)
        return missed

    def note(self, entries: Sequence[tuple[str, Entry]]) -> None:
        for key, entry in entries:
            self._timelines.setdefault(key, {})[entry.id] = entry

    def advance(self, account: Account, reminder: Reminder) -> bool:
        stored = self._accounts[account.key]
        known = stored.reminder(reminder.id)
        if known is not None and known.status.rank >= reminder.status.rank:
            return False
        self._accounts[account.key] = stored.with_reminder(reminder)
        return True

    def commit(self, before: Account | None, change: Change) -> None:
        after = change.account
        stored = self._accounts.get(after.key)
        timeline = self._timelines.setdefault(after.key, {})
        if any(entry.id in timeline for entry in change.entries):
            raise AlreadyRecordedError("an entry of the change is on the timeline")
        if (stored.version if stored else 0) != (before.version if before else 0):
            raise ConflictError("the account was changed since")
        changed = {
            address_key(record.channel, record.address): record
            for record in after.addresses
            if before is None or record != before.address_record(record.channel, record.address)
        }
        for key, record in changed.items():
            if record.version != (self._addresses[key].version if key in self._addresses else 0):
                raise ConflictError("an address was changed since")
        self._accounts[after.key] = replace(
            after,
            addresses=(),
            book_as_of=None,
            version=(stored.version if stored else 0) + 1,
            reminders=tuple(_furthest(reminder, stored) for reminder in after.reminders),
        )
        for key, record in changed.items():
            used = record.accounts | {after.key}
            self._addresses[key] = replace(record, accounts=used, version=record.version + 1)
        timeline.update({entry.id: entry for entry in change.entries})
        for task in change.tasks:
            self._tasks.setdefault((after.key, task.id), task)
        for end in change.done:
            self.close(after.key, end)

    def timeline(self, account_key: str, beginning: str = "") -> Sequence[Entry]:
        account = self._accounts.get(account_key)
        told = progress_entries(account.reminders) if account else ()
        entries = [*self._timelines.get(account_key, {}).values(), *told]
        found = [entry for entry in entries if entry.id.startswith(beginning)]
        return tuple(sorted(found, key=lambda entry: (entry.at, entry.id)))

    def find(self, channel: Channel, address: str) -> AddressRecord | None:
        record = self._addresses.get(address_key(channel, address))
        return replace(record, address=address) if record else None

    def suppress(self, channel: Channel, address: str, suppression: Suppression) -> AddressRecord:
        known = self.find(channel, address) or AddressRecord(channel, address)
        newer = suppression if not known.suppression or suppression.outweighs(known.suppression) else None
        return self._know(replace(known, suppression=newer or known.suppression))

    def forbid_calls(self, phone: str, at: datetime) -> AddressRecord:
        known = self.find(Channel.SMS, phone) or AddressRecord(Channel.SMS, phone)
        return self._know(replace(known, no_calls=known.no_calls or at))

    def link(self, account_key: str, addresses: Iterable[tuple[Channel, str]]) -> None:
        for channel, address in addresses:
            known = self.find(channel, address) or AddressRecord(channel, address)
            used = replace(known, accounts=known.accounts | {account_key})
            if len(used.accounts) == _BEGINS_TO_BE_SHARED:
                used = with_contacts_of(used, filter(None, map(self.load, used.accounts)))
            self._know(used)

    def _know(self, record: AddressRecord) -> AddressRecord:
        known = replace(record, version=record.version + 1)
        self._addresses[address_key(record.channel, record.address)] = known
        return known

    def note_upload(self, at: datetime) -> None:
        self._book_as_of = max(at, self._book_as_of or at)

    def due(self, until: datetime) -> Iterator[DueAccount]:
        waiting = [
            (account.next_action_at, key) for key, account in self._accounts.items() if account.next_action_at
        ]
        yield from (DueAccount(key, at) for at, key in sorted(waiting) if at <= until)

    def unsettled(self, until: datetime) -> Iterator[str]:
        open_ones = [
            (settle_from(reminder), reminder.id)
            for account in self._accounts.values()
            for reminder in account.reminders
            if reminder.is_unsettled
        ]
        yield from (reminder_id for at, reminder_id in sorted(open_ones) if at <= until)

    def page(self, after: str, limit: int) -> AccountPage:
        owing = sorted(
            key
            for key, account in self._accounts.items()
            if account.next_action_at or not account.owes_nothing()
        )
        found = [key for key in owing if key > after][:limit]
        return AccountPage(tuple(found), found[-1] if found and found[-1] != owing[-1] else "")

    def last_round(self) -> Round | None:
        return self._round

    def note_round(self, current: Round) -> None:
        self._round = current

    def accounts_with(self, invoice_number: str) -> tuple[str, ...]:
        return tuple(
            sorted(key for key, account in self._accounts.items() if account.invoice(invoice_number))
        )

    def open(self, task: Task) -> None:
        self._tasks.setdefault(("", task.id), task)

    def list_open(self) -> Sequence[tuple[str, Task]]:
        opened = [(key, task) for (key, _), task in self._tasks.items() if not task.done_at]
        return sorted(opened, key=lambda pair: (pair[1].opened_at, pair[1].id))

    def close(self, account_key: str, done: TaskDone) -> None:
        task = self.task(account_key, done.task_id)
        if task is not None:
            self._tasks[account_key, done.task_id] = task.done(done)

    def task(self, account_key: str, task_id: str) -> Task | None:
        return self._tasks.get((account_key, task_id))

    def keep(self, source: str, message_id: str, fields: Sequence[tuple[str, str]], at: datetime) -> None:
        del at
        self.kept.setdefault((source, message_id), tuple(fields))


def _furthest(reminder: Reminder, stored: Account | None) -> Reminder:
    """News of a reminder are written beside the account's version: a commit does not set them back."""
    told = stored.reminder(reminder.id) if stored else None
    if told is None or told.status.rank < reminder.status.rank:
        return reminder
    known = told if told.status.rank > reminder.status.rank else replace(reminder, progress=told.progress)
    return replace(known, provider_id=told.provider_id or reminder.provider_id)


class MemoryWorkQueue(WorkQueue):
    """The accounts queued, in order, in `queued`."""

    def __init__(self) -> None:
        self.queued: list[str] = []

    def put(self, account_keys: Sequence[str]) -> int:
        self.queued.extend(account_keys)
        return len(account_keys)


class MemoryMailAccount(MailAccount):
    """An e-mail provider's account with a quota, by default one that is never used up."""

    def __init__(self, quota: MailQuota | None = None) -> None:
        self.given = quota

    def quota(self) -> MailQuota | None:
        return self.given


class MemoryPace(Pace):
    """Waits for nothing, and remembers for which channels it was to wait."""

    def __init__(self) -> None:
        self.waited: list[Channel] = []

    def wait(self, channel: Channel, state: SendingState) -> None:
        del state
        self.waited.append(channel)


class MemorySendingSwitch(SendingSwitch):
    """What is stopped in a store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def read(self) -> SendingState:
        return self._store.sending

    def change(self, change: Callable[[SendingState], SendingState]) -> SendingState:
        self._store.sending = change(self._store.sending)
        return self._store.sending


class MemorySendingHealth(SendingHealth):
    """What was counted, by channel and quarter of an hour."""

    def __init__(self) -> None:
        self._counted: dict[tuple[datetime, Channel], Tally] = {}

    def count(self, tally: Tally) -> None:
        slot = slot_of(tally.since)
        known = self._counted.get((slot, tally.channel), Tally(tally.channel, slot))
        self._counted[slot, tally.channel] = replace(
            known,
            accepted=known.accepted + tally.accepted,
            bounced=known.bounced | tally.bounced,
            complained=known.complained | tally.complained,
        )

    def tallies(self, begin: datetime) -> Sequence[Tally]:
        return [self._counted[key] for key in sorted(self._counted) if key[0] >= slot_of(begin)]


class MemoryUnsettled(Unsettled):
    """The messages of a store whose outcome is not known."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def due(self, until: datetime) -> Iterator[str]:
        return self._store.unsettled(until)


class MemorySentMessages(SentMessages):
    """What a provider knows, as it is told by reminder id; of all others it has nothing."""

    def __init__(self, known: Mapping[str, Search] | None = None) -> None:
        self.known = dict(known or {})

    def find(self, reminder: Reminder) -> Search:
        return self.known.get(reminder.id, NotFound.ABSENT)


class MemorySender(MessageSender):
    """Answers with the given outcomes in turn, then accepts everything. What it was handed is in `sent`."""

    def __init__(self, outcomes: Iterable[SendOutcome] = ()) -> None:
        self._outcomes = iter(outcomes)
        self.sent: list[Outgoing] = []

    def send(self, message: Outgoing) -> SendOutcome:
        if message.latest <= message.now:
            return Refused(Refusal.RETRY_LATER, TOO_LATE)
        self.sent.append(message)
        return next(self._outcomes, Accepted(f"memory-{len(self.sent)}"))


class MemoryWording(Wording):
    """Plain words that name the stage, the tone and the invoices."""

    def render(self, account: Account, reminder: Reminder) -> Rendered:
        numbers = ", ".join(chased.number for chased in reminder.invoices)
        text = f"{account.customer.name}: {reminder.stage}, {reminder.tone}: {numbers}"
        return Rendered(text=text, subject=f"Invoice {numbers}", html=f"<p>{reminder.stage}</p>")
