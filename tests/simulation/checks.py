"""What must hold of every schedule, from what the providers took, what was recorded, and what is left in the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import ReminderStatus, account_key_of
from tactful.domain.dunning.decision import Ask, Send
from tests.simulation.book import Client
from tests.simulation.expressions import Item
from tests.simulation.providers import DELIVERED, Acceptance
from tests.simulation.table import Key
from tests.simulation.world import World

_ZONE = ZoneInfo("Europe/London")
_GAP, _WEEK, _MOST = timedelta(days=3), timedelta(days=7), 2
# A run of a function may take so long between deciding and handing over.
_RUN = timedelta(minutes=15)
# They chase nothing.
_COURTESIES = ("thank_you", "part_payment", "answer")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that was recorded at a step: nothing against it may be handed over by who looks at the book later.

    `of` is an invoice number, an account key or an address; a stop is of a channel, empty for all.
    """

    kind: str
    of: str
    step: int


@dataclass
class Watch:
    """Sees every request and every write of a world, and keeps what is wrong in `faults`."""

    world: World
    clients: tuple[Client, ...]
    faults: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    _read: dict[tuple[str, str], tuple[int, datetime]] = field(default_factory=dict)
    _wrote: dict[tuple[str, str], int] = field(default_factory=dict)
    _accepted: list[tuple[Acceptance, Item, datetime]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.world.on_accept.append(self.accepted)
        self.world.on_request.append(self.requested)
        self.world.table.watchers.append(self.written)

    def wrong(self, what: str) -> None:
        self.faults.append(f"step {self.world.step}: {what}")
        self.world.note(f"WRONG: {what}")

    def recorded(self, kind: str, of: str) -> None:
        self.facts.append(Fact(kind, of, self.world.step))
        self.world.note(f"recorded: {kind} {of}")

    def requested(
        self, actor: str, step: int, service: str, operation: str, request: Mapping[str, Any]
    ) -> None:
        if service != "dynamodb":
            return
        for pk in _partitions_read(operation, request):
            self._read[actor, pk] = (step, self.world.at)
        for pk in _partitions_written(operation, request):
            self._wrote[actor, pk] = step

    def accepted(self, taken: Acceptance) -> None:
        """A message was taken, and may reach the client from now on."""
        key = account_key_of(taken.reminder_id)
        pk = f"ACCOUNT#{key}"
        reminder = self._claim(pk, taken.reminder_id)
        if reminder is None:
            self.wrong(f"{taken.reminder_id} was sent without a claim")
            return
        looked, looked_at = self._read.get((taken.actor, pk), (0, self.world.at))
        if looked <= self._wrote.get((taken.actor, pk), 0):
            self.wrong(f"{taken.reminder_id} was sent without another look after the claim")
        self._check_once(taken, reminder)
        self._check_spaced(taken, key, reminder)
        self._check_facts(taken, key, reminder, looked)
        local = looked_at.astimezone(_ZONE)
        if local.weekday() > 4 or not (9, 0) <= (local.hour, local.minute) < (17, 30):
            self.wrong(f"{taken.reminder_id} was sent outside the contact window, at {local:%a %H:%M}")
        self._accepted.append((taken, reminder, looked_at))

    def _claim(self, pk: str, reminder_id: str) -> Item | None:
        """A reminder as the table holds it: the latest of an account lies in its profile."""
        latest: Item = (self.world.table.item((pk, "ACCOUNT")) or {}).get("latest", {}).get("M", {})
        if latest.get("id", {}).get("S") == reminder_id:
            return latest
        return self.world.table.item((pk, f"REMINDER#{reminder_id}"))

    def _check_once(self, taken: Acceptance, reminder: Item) -> None:
        said = _said(reminder)
        for before, other, _ in self._accepted:
            if before.reminder_id == taken.reminder_id:
                self.wrong(f"{taken.reminder_id} was accepted twice, first at step {before.step}")
            elif (
                account_key_of(before.reminder_id) == account_key_of(taken.reminder_id)
                and _said(other) == said
                and not before.is_known_not_delivered(taken.at)
            ):
                self.wrong(f"{said} was sent twice, as {before.reminder_id} and {taken.reminder_id}")

    def _check_spaced(self, taken: Acceptance, key: str, reminder: Item) -> None:
        if _said(reminder)[0] in _COURTESIES:
            return
        before = [
            other.at
            for other, item, _ in self._accepted
            if (account_key_of(other.reminder_id) == key or other.address == taken.address)
            and not other.is_known_not_delivered(taken.at)
            and _said(item)[0] not in _COURTESIES
        ]
        if any(taken.at - at < _GAP - _RUN for at in before):
            self.wrong(f"{taken.reminder_id} was sent within the minimum gap")
        if sum(taken.at - at < _WEEK - _RUN for at in before) >= _MOST:
            self.wrong(f"{taken.reminder_id} was sent beyond the cap")

    def _check_facts(self, taken: Acceptance, key: str, reminder: Item, looked: int) -> None:
        thanks = _said(reminder)[0] in _COURTESIES
        stops: dict[str, bool] = {}
        for fact in self.facts:
            if fact.step >= looked:
                continue
            match fact.kind:
                case "paid" if fact.of in _numbers(reminder) and not thanks:
                    self.wrong(f"{taken.reminder_id} asks for {fact.of}, which was paid at step {fact.step}")
                case "held" if fact.of == key and not thanks:
                    self.wrong(f"{taken.reminder_id} was sent on a hold of step {fact.step}")
                case "opted out" if fact.of == taken.address:
                    self.wrong(f"{taken.reminder_id} was sent after the opt-out of step {fact.step}")
                case "stopped" | "resumed":
                    stops[fact.of] = fact.kind == "stopped"
        for channel, stopped in stops.items():
            if stopped and channel in ("", taken.channel):
                self.wrong(f"{taken.reminder_id} was sent although sending is stopped")

    def written(self, key: Key, before: Item | None, after: Item | None) -> None:
        """A write: what is known only ever grows."""
        if (
            key[1] == "ADDRESS"
            and before
            and "suppression" in before
            and (not after or "suppression" not in after)
        ):
            self.wrong(f"a suppression was taken back: {key[0]}")
        was, became = _reminder_in(before), _reminder_in(after)
        if not was or not became or was["id"] != became["id"]:
            return
        old, new = (ReminderStatus(item["status"]["S"]) for item in (was, became))
        if new.rank < old.rank:
            self.wrong(f"{became['id']['S']} went back from {old} to {new}")

    def at_end(self) -> list[str]:
        """What is wrong once everything has happened; the faults found before come first."""
        console = self.world.deployments[-1].console
        events = console.account_events()
        open_tasks = {key for key, _ in console.task_board().list_open()}
        for client in self.clients:
            account = events.store.load(client.key)
            if account is None:
                self.wrong(f"{client.customer_id} is gone")
                continue
            self._check_end_of(client, account, events.decide(account), client.key in open_tasks)
        counted = sum(
            self.world.counts[name] for name in ("Sent", "Deferred", "Blocked", "Task", "Failed", "Unknown")
        )
        if self.world.counts["Considered"] != counted:
            self.wrong(f"the counts do not add up: {dict(self.world.counts)}")
        if self.world.counts["Considered"] < self.world.counts["Handled"]:
            self.wrong(f"accounts were handled and not counted: {dict(self.world.counts)}")
        return self.faults

    def _check_end_of(self, client: Client, account: Account, decision: object, has_task: bool) -> None:  # noqa: FBT001
        now = self.world.now()
        if isinstance(decision, Send | Ask):
            self.wrong(f"{client.customer_id} was left behind: {type(decision).__name__} is still to be done")
        if account.next_action_at is not None and account.next_action_at < now - timedelta(hours=1):
            self.wrong(f"{client.customer_id} is due since {account.next_action_at} and nothing happens")
        taken = {
            a.reminder_id: a for a, _, _ in self._accepted if account_key_of(a.reminder_id) == client.key
        }
        known = {reminder.id: reminder for reminder in account.reminders}
        for reminder in account.reminders:
            is_open = reminder.status in (ReminderStatus.CLAIMED, ReminderStatus.UNKNOWN)
            if is_open and not has_task and "unknown_outcome" not in reminder.detail:
                self.wrong(
                    f"{client.customer_id}: {reminder.id} is {reminder.status} for ever and nobody is told"
                )
            if reminder.id in taken and taken[reminder.id].is_heard:
                self._check_told(taken[reminder.id], reminder.status)
        for lost in taken.keys() - known.keys():
            self.wrong(f"{client.customer_id}: {lost} was sent and is not in the contact log")
        excused = {fact.of for fact in self.facts}
        # Who shares an address waits until the other's messages leave room.
        reached = any(a.address in (client.email, client.phone) for a, _, _ in self._accepted)
        untouched = not reached and not has_task and not any(r.channel == "person" for r in account.reminders)
        spared = excused & {
            client.key,
            client.email,
            client.phone,
            *(number for number, _ in client.invoices),
        }
        if untouched and not spared and min(due for _, due in client.invoices) < "2026-03-10":
            self.wrong(f"{client.customer_id} was forgotten: no message and no task")

    def _check_told(self, taken: Acceptance, status: ReminderStatus) -> None:
        expected = ("delivered", "bounced") if taken.fate == DELIVERED else ("bounced", "failed", "delivered")
        if str(status) not in expected:
            self.wrong(f"{taken.reminder_id} is {status}, and the provider told that it was {taken.fate}")


def _reminder_in(item: Item | None) -> Item | None:
    """The reminder that an item is, or holds."""
    if item and item["sk"]["S"] == "ACCOUNT":
        latest: Item | None = item.get("latest", {}).get("M")
        return latest
    return item if item and item["sk"]["S"].startswith("REMINDER#") else None


def _said(reminder: Item) -> tuple[str, str]:
    return reminder["stage"]["S"], reminder["occurrence"]["S"]


def _numbers(reminder: Item) -> set[str]:
    return {line["M"]["number"]["S"] for line in reminder["invoices"]["L"]}


def _partitions_read(operation: str, request: Mapping[str, Any]) -> set[str]:
    """The accounts whose profile is read, strongly consistent."""
    match operation:
        case "get_item" if request.get("ConsistentRead"):
            keys = [request["Key"]]
        case "batch_get_item":
            ((_, wanted),) = request["RequestItems"].items()
            keys = wanted["Keys"] if wanted.get("ConsistentRead") else []
        case "query" if request.get("ConsistentRead"):
            values = (value.get("S", "") for value in request["ExpressionAttributeValues"].values())
            return {value for value in values if value.startswith("ACCOUNT#")}
        case _:
            return set()
    return {key["pk"]["S"] for key in keys if key["sk"]["S"] == "ACCOUNT"}


def _partitions_written(operation: str, request: Mapping[str, Any]) -> set[str]:
    match operation:
        case "put_item":
            keys = [request["Item"]]
        case "update_item" | "delete_item":
            keys = [request["Key"]]
        case "transact_write_items":
            actions = [action for part in request["TransactItems"] for action in part.values()]
            keys = [action.get("Item") or action["Key"] for action in actions]
        case _:
            return set()
    return {key["pk"]["S"] for key in keys if key["sk"]["S"] == "ACCOUNT"}
