"""How each part of the book looks as an item, there and back; codec.py says how its values do."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tactful.adapters.dynamodb.codec import Item, fields_of, instant, part_from
from tactful.adapters.store_rules import address_key
from tactful.domain.book.account import (
    Account,
    AddressContact,
    AddressRecord,
    Entry,
    Suppression,
    Task,
    TaskDone,
    Thanks,
)
from tactful.domain.book.agreements import Approval, Extension, Hold, Plan, Promise
from tactful.domain.book.answers import Answer
from tactful.domain.book.contact_log import ManualContact, Reminder, ReminderStatus
from tactful.domain.book.customer import Channel, Customer
from tactful.domain.book.invoice import Invoice
from tactful.domain.book.news import NEWS
from tactful.domain.sending.health import Tally
from tactful.domain.sending.settle import settle_from
from tactful.domain.sending.state import SendingState

Child = Answer | Approval | Extension | Hold | Invoice | ManualContact | Plan | Promise | Reminder

# The working set of an account is one range of sort keys: the profile first, then its children. The timeline and
# the tasks sort behind it.
PROFILE = "ACCOUNT"
CHILDREN: Mapping[str, type[Child]] = {
    "ANSWER": Answer,
    "APPROVAL": Approval,
    "CONTACT": ManualContact,
    "EXTENSION": Extension,
    "HOLD": Hold,
    "INVOICE": Invoice,
    "PLAN": Plan,
    "PROMISE": Promise,
    "REMINDER": Reminder,
}
_KINDS = {kind: name for name, kind in CHILDREN.items()}
AFTER_CHILDREN = "REMINDER$"

ADDRESS = "ADDRESS"
BOOK = ("SETTINGS", "BOOK")
SENDING = ("SETTINGS", "SENDING")
ROUND = ("SETTINGS", "ROUND")
DIGEST = ("SETTINGS", "DIGEST")
HEALTH = "HEALTH"
# What the last look before a message needs: of a profile its version, of addresses and what is stopped all.
LAST_LOOK = (
    *("pk", "sk", "version"),
    *("accounts", "recent", "suppression", "no_calls"),
    *("stops", "mails_per_minute"),
)
DUE_INDEX = "due"
TASKS = "TASKS"
UNSETTLED = "UNSETTLED"
NO_ACCOUNT = "UNMATCHED"
_SHARDS = 8
_NEXT_ACTION = ("next_action_at", "index_pk", "index_sk")
# More are read by a query, which costs less then.
_LISTED_CHILDREN = 12
_KEEP_INBOUND = timedelta(days=400)


def account_pk(account_key: str) -> str:
    """The partition of an account."""
    return f"ACCOUNT#{account_key}"


def account_key_in(pk: str) -> str:
    """The account key in a partition key; empty for the tasks of no account."""
    return pk.removeprefix("ACCOUNT#") if pk != NO_ACCOUNT else ""


def due_shards() -> list[str]:
    """The partitions of the due index, which share the load of a big day."""
    return [f"DUE#{shard}" for shard in range(_SHARDS)]


def idle_shards() -> list[str]:
    """The partitions of accounts that owe something and for which there is nothing to do."""
    return [f"IDLE#{shard}" for shard in range(_SHARDS)]


def child_sk(child: Child) -> str:
    """The sort key of a child: what it is, and its number or id."""
    return invoice_sk(child.number) if isinstance(child, Invoice) else f"{_KINDS[type(child)]}#{child.id}"


def invoice_sk(number: str) -> str:
    """The sort key of an invoice in its account."""
    return f"INVOICE#{number}"


def reminder_sk(reminder_id: str) -> str:
    """The sort key of a reminder that has an item of its own."""
    return f"REMINDER#{reminder_id}"


def reminder_id_in(sk: str) -> str:
    """The id of the reminder in the sort key of an item of its own."""
    return sk.partition("#")[2]


def child_item(account_key: str, child: Child, version: int) -> Item:
    """`version` is the account's by the commit that writes this child. One whose outcome is not known can be found."""
    item = {"pk": account_pk(account_key), "sk": child_sk(child), "version": version, **fields_of(child)}
    if isinstance(child, Reminder):
        item["rank"] = child.status.rank
        if child.is_unsettled:
            item |= {"index_pk": UNSETTLED, "index_sk": f"{instant(settle_from(child))}#{child.id}"}
    return item


def profile_item(account: Account, version: int, wrote: Mapping[str, int]) -> Item:
    """`wrote` has the children of this commit by sort key: their version, or 0 for those deleted.

    The latest reminder lies in the profile, so that claiming it and recording it is one write each. The keys of the
    children are listed while they are few: accounts can then be read together.
    """
    item: Item = {
        "pk": account_pk(account.key),
        "sk": PROFILE,
        "version": version,
        "wrote": dict(wrote),
        "customer": fields_of(account.customer),
    }
    if account.thanks:
        item["thanks"] = fields_of(account.thanks)
    latest = latest_reminder(account)
    if latest:
        item["latest"] = fields_of(replace(latest, progress=()))
    children = [child_sk(child) for child in children_of(account) if has_own_item(child, latest)]
    if len(children) <= _LISTED_CHILDREN:
        item["children"] = children
    return item | _next_action(account)


def recorded(account: Account, version: int) -> tuple[Item, tuple[str, ...]]:
    """What recording a provider's answer changes in the profile: values by path, and the paths that go."""
    latest = latest_reminder(account)
    if latest is None:
        raise ValueError(f"account {account.key} has no reminder to record")
    action = _next_action(account)
    values = {
        "version": version,
        "wrote": {},
        "latest.status": str(latest.status),
        "latest.provider_id": latest.provider_id,
        **action,
    }
    return values, tuple(name for name in _NEXT_ACTION if name not in action)


def _next_action(account: Account) -> Item:
    shard = zlib.crc32(account.key.encode()) % _SHARDS
    if account.next_action_at:
        at = instant(account.next_action_at)
        return {"next_action_at": at, "index_pk": f"DUE#{shard}", "index_sk": f"{at}#{account.key}"}
    if not account.owes_nothing():
        return {"index_pk": f"IDLE#{shard}", "index_sk": account.key}
    return {}


def reminder_from(item: Item) -> Reminder:
    """A reminder from an item of its own."""
    return part_from(Reminder, item)


def children_of(account: Account) -> Iterator[Child]:
    """Everything of an account that may have an item of its own."""
    yield from account.answers
    yield from account.approvals
    yield from account.manual_contacts
    yield from account.extensions
    yield from account.holds
    yield from account.invoices
    yield from (account.plan,) if account.plan else ()
    yield from account.promises
    yield from account.reminders


def latest_reminder(account: Account) -> Reminder | None:
    """The one that lies in the profile."""
    return max(account.reminders, key=lambda reminder: (reminder.at, reminder.id), default=None)


def has_own_item(child: Child, latest: Reminder | None) -> bool:
    """Whether a child has an item of its own: the latest reminder only if there was news of it."""
    if latest is None or not isinstance(child, Reminder) or child.id != latest.id:
        return True
    return bool(child.progress) or child.status is ReminderStatus.UNKNOWN


def children_listed(profile: Item) -> list[str] | None:
    """The sort keys of all children there may be; None if they are too many to be listed."""
    listed: list[str] | None = profile.get("children")
    if listed is None or "latest" not in profile:
        return listed
    return list(dict.fromkeys((*listed, reminder_sk(profile["latest"]["id"]))))


def account_from(profile: Item, children: Mapping[str, Item]) -> Account:
    """An account from its profile and its children by sort key; nothing yet of its addresses and of the book."""
    parts: dict[type[Child], list[Any]] = {kind: [] for kind in CHILDREN.values()}
    for sk, item in children.items():
        kind = CHILDREN[sk.partition("#")[0]]
        parts[kind].append(part_from(kind, item))
    if "latest" in profile:
        parts[Reminder] = _with_latest(parts[Reminder], part_from(Reminder, profile["latest"]))
    next_action_at = profile.get("next_action_at")
    return Account(
        customer=part_from(Customer, profile["customer"]),
        invoices=tuple(parts[Invoice]),
        promises=tuple(parts[Promise]),
        plan=next(iter(parts[Plan]), None),
        holds=tuple(parts[Hold]),
        reminders=tuple(parts[Reminder]),
        thanks=part_from(Thanks, profile["thanks"]) if "thanks" in profile else None,
        next_action_at=datetime.fromisoformat(next_action_at) if next_action_at else None,
        version=int(profile["version"]),
        extensions=tuple(parts[Extension]),
        manual_contacts=tuple(parts[ManualContact]),
        approvals=tuple(parts[Approval]),
        answers=tuple(parts[Answer]),
    )


def _with_latest(reminders: list[Reminder], latest: Reminder) -> list[Reminder]:
    """News of the latest reminder may have been written beside the profile: whichever got further counts."""
    others = [known for known in reminders if known.id != latest.id]
    told = next((known for known in reminders if known.id == latest.id), latest)
    if told.status.rank < latest.status.rank:
        return [*others, replace(latest, progress=told.progress)]
    return [*others, replace(told, provider_id=told.provider_id or latest.provider_id)]


def book_as_of(item: Item) -> datetime | None:
    """When invoices were last uploaded, from the book's item; None if there is none."""
    return datetime.fromisoformat(item["as_of"]) if item else None


def number_item(invoice_number: str, account_key: str) -> Item:
    """Says that an account has an invoice of that number, or nearly had: the invoice's own item decides."""
    return {"pk": f"INVOICE_NUMBER#{invoice_number}", "sk": account_pk(account_key)}


def entry_item(account_key: str, entry: Entry) -> Item:
    """A line of the timeline; its key is what tells a duplicate event. News can be found by the day they came."""
    item = {"pk": account_pk(account_key), "sk": f"TIMELINE#{entry.id}", **fields_of(entry)}
    if entry.kind in NEWS:
        at = instant(entry.at)
        item |= {"index_pk": day_pk(at[:10]), "index_sk": f"{at}#{account_key}#{entry.id}"}
    return item


def day_pk(day: str) -> str:
    """The partition of the due index in which the news of a day lie (ISO, UTC)."""
    return f"NEWS#{day}"


def entry_from(item: Item) -> Entry:
    """A line of the timeline from its item."""
    return part_from(Entry, item)


def task_item(account_key: str, task: Task) -> Item:
    """`account_key` is empty for a task of no account."""
    return {
        **task_key(account_key, task.id),
        "index_pk": TASKS,
        "index_sk": f"{instant(task.opened_at)}#{task.id}",
        **fields_of(task),
    }


def task_key(account_key: str, task_id: str) -> Item:
    """The key of a task; `account_key` is empty for one of no account."""
    return {"pk": account_pk(account_key) if account_key else NO_ACCOUNT, "sk": f"TASK#{task_id}"}


def task_done(done: TaskDone) -> tuple[str, Item]:
    """The update by which a task is done: it leaves the index and stays."""
    values = {":at": instant(done.at), ":by": done.by, ":note": done.note}
    return "SET done_at = :at, done_by = :by, note = :note REMOVE index_pk, index_sk", values


def task_from(item: Item) -> Task:
    """A task from its item."""
    return part_from(Task, item)


def address_pk(channel: Channel, address: str) -> str:
    """The partition of an address."""
    return f"ADDRESS#{address_key(channel, address)}"


def address_item(record: AddressRecord, version: int) -> Item:
    """The address itself is not in its item: who may ask knows it already."""
    item: Item = {
        "pk": address_pk(record.channel, record.address),
        "sk": ADDRESS,
        "version": version,
        "recent": [fields_of(contact) for contact in record.recent],
    }
    if record.accounts:
        item["accounts"] = set(record.accounts)
    if record.suppression:
        item["suppression"] = suppression_map(record.suppression)
    if record.no_calls:
        item["no_calls"] = instant(record.no_calls)
    return item


def suppression_map(suppression: Suppression) -> Item:
    """A suppression as it lies inside an address's item."""
    return fields_of(suppression)


def address_from(channel: Channel, address: str, item: Item) -> AddressRecord:
    """What an item (empty if there is none) says of the address it was read for."""
    return AddressRecord(
        channel=channel,
        address=address,
        accounts=frozenset(item.get("accounts", ())),
        suppression=part_from(Suppression, item["suppression"]) if "suppression" in item else None,
        recent=tuple(part_from(AddressContact, contact) for contact in item.get("recent", ())),
        version=int(item.get("version", 0)),
        no_calls=datetime.fromisoformat(item["no_calls"]) if "no_calls" in item else None,
    )


def sending_state_from(item: Item) -> SendingState:
    """What is stopped, from its item (empty if there is none)."""
    stops = [{"channel": None, **stop} for stop in item.get("stops", ())]
    return part_from(SendingState, {**item, "stops": stops})


def sending_item(state: SendingState, version: int) -> Item:
    """What is stopped, as the item that every worker reads."""
    pk, sk = SENDING
    return {"pk": pk, "sk": sk, "version": version, **fields_of(state)}


def tally_key(channel: Channel, slot: datetime) -> tuple[str, str]:
    """Where it is counted what became of the messages of a channel in a quarter of an hour."""
    return HEALTH, f"{instant(slot)}#{channel}"


def tally_from(item: Item) -> Tally:
    """What was counted in a quarter of an hour."""
    since, _, channel = item["sk"].partition("#")
    return part_from(Tally, {**item, "since": since, "channel": channel})


def inbound_item(source: str, message_id: str, fields: list[tuple[str, str]], at: datetime) -> Item:
    """A raw message, its form fields in order; it expires."""
    return {
        "pk": f"INBOUND#{source}#{message_id}",
        "sk": "INBOUND",
        "at": instant(at),
        "fields": [list(pair) for pair in fields],
        "expires_at": int((at + _KEEP_INBOUND).timestamp()),
    }
