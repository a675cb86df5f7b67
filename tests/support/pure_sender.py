"""The sender's steps on accounts in memory: decide, claim, decide once more, hand over, record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tactful.adapters.store_rules import with_contacts_of
from tactful.domain.book.account import Account, AddressRecord, Suppression
from tactful.domain.book.contact_log import Reminder, ReminderStatus
from tactful.domain.book.customer import Channel
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Ask, Decision, Nothing, Send, Unanswered, Wait
from tactful.domain.dunning.policy import Policy

# More decisions than any test's days need.
_ENOUGH = 2_000


class Fate(StrEnum):
    """What happens to a message that is handed over, or to the sender itself."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    UNANSWERED = "unanswered"
    SENDER_DIES_FIRST = "sender_dies_first"


_STATUS = {
    Fate.ACCEPTED: ReminderStatus.ACCEPTED,
    Fate.DELIVERED: ReminderStatus.DELIVERED,
    Fate.BOUNCED: ReminderStatus.BOUNCED,
    Fate.FAILED: ReminderStatus.FAILED,
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A message handed to a provider: on which account, as it stood just then without the claim, and when."""

    account: Account
    reminder: Reminder
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A task given to a person: about which account, as it stood just then, and when."""

    account: Account
    ask: Ask
    at: datetime


def _nobody_looks(happened: Sent | Asked) -> None:
    del happened


def _nothing_happens() -> None:
    """Between the claim and the hand-over."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """A call or a letter that was asked for, and the addresses its contact then had."""

    at: datetime
    account_key: str
    how: str
    addresses: frozenset[tuple[Channel, str]]


@dataclass
class PureSender:
    """Accounts that may share addresses, one policy, and a clock that tests move."""

    policy: Policy
    calendar: Calendar
    now: datetime
    accounts: dict[str, Account] = field(default_factory=dict)
    records: dict[tuple[Channel, str], AddressRecord] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    asked: list[Ask] = field(default_factory=list)
    lost: list[Unanswered] = field(default_factory=list)
    by_hand: list[ByHand] = field(default_factory=list)
    on_send: Callable[[Sent], None] = _nobody_looks
    on_ask: Callable[[Asked], None] = _nobody_looks

    def add(self, account: Account) -> str:
        for record in account.addresses:
            pair = (record.channel, record.address)
            known = self.records.get(pair, record)
            self.records[pair] = replace(known, accounts=known.accounts | {account.key})
        self.accounts[account.key] = account
        return account.key

    def load(self, key: str) -> Account:
        """The account with what is known of its contacts' addresses, as a store would load it."""
        account = self.accounts[key]
        pairs = {
            (channel, contact.address(channel)): None
            for contact in account.customer.contacts
            for channel in (Channel.EMAIL, Channel.SMS)
            if contact.address(channel)
        }
        known = tuple(self.records.setdefault(pair, AddressRecord(*pair)) for pair in pairs)
        return replace(account, addresses=known)

    def commit(self, account: Account) -> None:
        self.accounts[account.key] = account
        for record in account.addresses:
            self.records[(record.channel, record.address)] = record

    def change(self, key: str, event: Callable[[Account], Account]) -> None:
        self.commit(event(self.load(key)))

    def link(self, key: str) -> None:
        """Note that an account uses the addresses of its contacts, as an import does."""
        for record in self.load(key).addresses:
            users = record.accounts | {key}
            if users != record.accounts:
                linked = with_contacts_of(
                    replace(record, accounts=users), (self.accounts[user] for user in users)
                )
                self.records[record.channel, record.address] = linked

    def suppress(self, channel: Channel, address: str, suppression: Suppression) -> None:
        record = self.records.get((channel, address), AddressRecord(channel, address))
        self.records[(channel, address)] = replace(record, suppression=suppression)

    def decide(self, key: str) -> Decision:
        return decide(self.load(key), self.policy, self.calendar, self.now)

    def tick(
        self, key: str, fate: Fate = Fate.DELIVERED, *, meanwhile: Callable[[], None] = _nothing_happens
    ) -> Decision:
        """Act once on an account; `meanwhile` happens between the claim and the hand-over."""
        decision = self.decide(key)
        match decision:
            case Send(reminder=reminder):
                self._send(key, reminder, fate, meanwhile)
            case Ask(step=step):
                self.on_ask(Asked(self.load(key), decision, self.now))
                self.change(key, lambda account: account.with_step(step))
                self.asked.append(decision)
                if step.channel is Channel.PERSON and step.is_contact:
                    self.by_hand.append(ByHand(self.now, key, step.detail, self._addresses_of(key, step)))
            case Unanswered(reminder=reminder):
                self.change(key, lambda account: account.with_reminder(reminder))
                self.lost.append(decision)
            case Wait() | Nothing():
                pass
        return decision

    def _addresses_of(self, key: str, step: Reminder) -> frozenset[tuple[Channel, str]]:
        return frozenset(
            (channel, contact.address(channel))
            for contact in self.accounts[key].customer.contacts
            for channel in (Channel.EMAIL, Channel.SMS)
            if (contact.name, contact.role) == (step.contact_name, step.role) and contact.address(channel)
        )

    def _send(self, key: str, reminder: Reminder, fate: Fate, meanwhile: Callable[[], None]) -> None:
        self.commit(self.load(key).with_claim(reminder))
        meanwhile()
        if fate is Fate.SENDER_DIES_FIRST:
            return
        fresh = self.load(key).without_claim(reminder)
        again = decide(fresh, self.policy, self.calendar, self.now)
        if not isinstance(again, Send) or not again.reminder.same_message(reminder):
            self.commit(fresh)
            return
        sent = Sent(fresh, reminder, self.now)
        self.on_send(sent)
        self.sent.append(sent)
        if fate in _STATUS:
            self.change(key, lambda account: account.with_reminder(reminder.advanced(_STATUS[fate])))

    def run_until(self, end: datetime, key: str, fate: Fate = Fate.DELIVERED) -> list[Sent]:
        """Act whenever the account says it is due, up to `end`; what was sent on the way."""
        before = len(self.sent)
        for _ in range(_ENOUGH):
            if self.now >= end:
                return self.sent[before:]
            match self.tick(key, fate):
                case Wait(until=until):
                    self.now = min(max(until, self.now + timedelta(seconds=1)), end)
                case Nothing():
                    self.now = end
                case _:
                    pass
        raise AssertionError(f"{key} does not come to rest: {self.decide(key)}")
