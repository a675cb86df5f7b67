"""Each step of a use case fails in turn, before or after it took effect; then the event comes again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

import pytest

from tactful.adapters.memory import MemorySender
from tactful.application.ports import (
    Accepted,
    AccountStore,
    AddressBook,
    Inbox,
    InvoiceDirectory,
    MessageSender,
    OutcomeUnknown,
    Outgoing,
    Refusal,
    Refused,
    ReminderDesk,
    Rendered,
    SendOutcome,
    TaskBoard,
    Wording,
)
from tactful.application.receive_payment import ReceivePayment
from tactful.application.receive_reply import InboundMessage, ReceiveReply
from tactful.application.send_reminders import Outcome, SendReminders
from tactful.application.track_delivery import DeliveryReport, TrackDelivery
from tactful.domain.book.account import (
    Account,
    AddressRecord,
    Change,
    Entry,
    Suppression,
    SuppressionReason,
    Task,
)
from tactful.domain.book.contact_log import Reminder, ReminderStatus, reminder_id
from tactful.domain.book.customer import Channel, account_key
from tactful.domain.sending.state import SendingState
from tests.support.builders import DUE, NINE, PHONE, a_contact, a_customer, an_account, an_invoice
from tests.unit.application.house import House, a_payment, sent_by

_T = TypeVar("_T")


class DiedError(Exception):
    """The process ended here, or its call was never answered."""


@dataclass
class Fault:
    """Lets the nth call of a run fail, before or after its effect."""

    at: int
    after: bool
    calls: int = 0

    def call(self, effect: Callable[[], _T]) -> _T:
        self.calls += 1
        strikes = self.calls == self.at
        if strikes and not self.after:
            raise DiedError
        result = effect()
        if strikes:
            raise DiedError
        return result


@dataclass
class FaultyStore(AccountStore, ReminderDesk, AddressBook, TaskBoard, InvoiceDirectory, Inbox):
    house: House
    fault: Fault

    def load_many(self, account_keys: Sequence[str]) -> tuple[Mapping[str, Account], SendingState]:
        return self.fault.call(lambda: self.house.store.load_many(account_keys))

    def recheck(self, account: Account) -> tuple[Account | None, SendingState]:
        return self.fault.call(lambda: self.house.store.recheck(account))

    def record(self, changes: Sequence[tuple[Account, Account]]) -> Sequence[str]:
        return self.fault.call(lambda: self.house.store.record(changes))

    def note(self, entries: Sequence[tuple[str, Entry]]) -> None:
        self.fault.call(lambda: self.house.store.note(entries))

    def advance(self, account: Account, reminder: Reminder) -> bool:
        return self.fault.call(lambda: self.house.store.advance(account, reminder))

    def load(self, account_key: str) -> Account | None:
        return self.fault.call(lambda: self.house.store.load(account_key))

    def commit(self, before: Account | None, change: Change) -> None:
        self.fault.call(lambda: self.house.store.commit(before, change))

    def find(self, channel: Channel, address: str) -> AddressRecord | None:
        return self.fault.call(lambda: self.house.store.find(channel, address))

    def forbid_calls(self, phone: str, at: datetime) -> AddressRecord:
        return self.fault.call(lambda: self.house.store.forbid_calls(phone, at))

    def suppress(self, channel: Channel, address: str, suppression: Suppression) -> AddressRecord:
        return self.fault.call(lambda: self.house.store.suppress(channel, address, suppression))

    def link(self, account_key: str, addresses: object) -> None:
        raise AssertionError(f"only imports link addresses: {account_key}, {addresses}")

    def open(self, task: Task) -> None:
        self.fault.call(lambda: self.house.store.open(task))

    def list_open(self) -> list[tuple[str, Task]]:
        raise AssertionError("no use case lists tasks")

    def accounts_with(self, invoice_number: str) -> tuple[str, ...]:
        return self.fault.call(lambda: self.house.store.accounts_with(invoice_number))

    def keep(self, source: str, message_id: str, fields: Sequence[tuple[str, str]], at: datetime) -> None:
        self.fault.call(lambda: self.house.store.keep(source, message_id, fields, at))


@dataclass
class FaultySender(MessageSender):
    sender: MessageSender
    fault: Fault

    def send(self, message: Outgoing) -> SendOutcome:
        return self.fault.call(lambda: self.sender.send(message))


@dataclass
class FaultyWording(Wording):
    wording: Wording
    fault: Fault

    def render(self, account: Account, reminder: Reminder) -> Rendered:
        return self.fault.call(lambda: self.wording.render(account, reminder))


class Ledger(MemorySender):
    """A provider that remembers what may have reached the client."""

    def __init__(self, first: SendOutcome) -> None:
        super().__init__([first])
        self.may_have_arrived: list[str] = []

    def send(self, message: Outgoing) -> SendOutcome:
        outcome = super().send(message)
        if not isinstance(outcome, Refused):
            self.may_have_arrived.append(message.reminder_id)
        return outcome


ANSWERS: tuple[SendOutcome, ...] = (
    Accepted("m-1"),
    OutcomeUnknown("read_timeout"),
    *(Refused(refusal, "no") for refusal in Refusal),
)


def struck(fault: Fault, answer: SendOutcome) -> tuple[House, str, Ledger, Ledger]:
    """A house in which the queue's message was handled once, with the fault, then again, then by two days' ticks."""
    email, sms = Ledger(answer), Ledger(Accepted("m-1"))
    house = House(email=email, sms=sms)
    key = house.add()
    store = FaultyStore(house, fault)
    senders = {Channel.EMAIL: FaultySender(email, fault), Channel.SMS: FaultySender(sms, fault)}
    sending = SendReminders(
        house.events(store),
        store,
        store,
        store,
        senders,
        FaultyWording(house.wording, fault),
        house.new_token,
        house.pace,
        house.guard,
    )
    try:
        sending.act_on(key)
    except DiedError:
        house.act(key)
    house.run_for(timedelta(days=2))
    return house, key, email, sms


def calls_of(answer: SendOutcome) -> int:
    fault = Fault(at=0, after=False)
    house, _, email, _ = struck(fault, answer)
    assert len(sent_by(email)) >= 1
    assert house.clock.now().date() > DUE
    return fault.calls


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_no_fault_sends_twice_or_loses_a_message_in_silence(answer: SendOutcome, after: bool) -> None:  # noqa: FBT001
    calls = calls_of(answer)
    assert calls >= 6
    for at in range(1, calls + 1):
        house, key, email, sms = struck(Fault(at, after), answer)
        arrived = [*email.may_have_arrived, *sms.may_have_arrived]
        rounds = {reminder_id(key, "due", str(DUE), attempt) for attempt in range(1, 9)}
        assert len([sent for sent in arrived if sent in rounds]) <= 1, at
        assert set(arrived) <= rounds, at
        log = house.account(key).reminders
        was_sent = any(reminder.status is ReminderStatus.ACCEPTED for reminder in log)
        has_task = any(account == key for account, _ in house.store.list_open())
        assert was_sent or has_task, at
        assert not any(reminder.status is ReminderStatus.CLAIMED for reminder in log), at
        assert house.act(key).outcome in (Outcome.DEFERRED, Outcome.BLOCKED), at


def _pay(house: House, store: FaultyStore) -> None:
    ReceivePayment(house.events(store), store, store).receive(a_payment(60_00))


def _pay_for_nothing_known(house: House, store: FaultyStore) -> None:
    ReceivePayment(house.events(store), store, store).receive(a_payment(number="INV-9"))


def _answer(text: str) -> Callable[[House, FaultyStore], None]:
    message = InboundMessage("SM-1", Channel.SMS, PHONE, text, NINE, (("Body", text),))

    def answer(house: House, store: FaultyStore) -> None:
        ReceiveReply(house.events(store), store, store, store, house.queue).receive(message)

    return answer


def _bounce(house: House, store: FaultyStore) -> None:
    sent = reminder_id(account_key("C-1"), "due", str(DUE), 1)
    report = DeliveryReport(sent, NINE, "Bounce", ReminderStatus.BOUNCED, suppress=SuppressionReason.BOUNCE)
    TrackDelivery(house.events(store), store, store, house.health).record(report)


EVENTS = {
    "payment": _pay,
    "payment for nothing known": _pay_for_nothing_known,
    "stop": _answer("STOP"),
    "stop with more to say": _answer("I paid, stop texting me"),
    "reply": _answer("hello"),
    "bounce": _bounce,
}


def _after(event: Callable[[House, FaultyStore], None], fault: Fault) -> object:
    """Everything there is in a house of two accounts with one phone after an event that failed and came again."""
    house = House()
    customers = [a_customer(a_contact()), a_customer(a_contact(email="bo@other.example"), customer_id="C-2")]
    keys = [
        house.add(an_account(an_invoice(f"INV-{number}"), customer=customer))
        for number, customer in enumerate(customers, 1)
    ]
    house.act(keys[0])
    try:
        event(house, FaultyStore(house, fault))
    except DiedError:
        event(house, FaultyStore(house, Fault(at=0, after=False)))
    accounts = [house.account(key) for key in keys]
    unguarded = [
        replace(account, addresses=tuple(replace(record, version=0) for record in account.addresses))
        for account in accounts
    ]
    return unguarded, [house.store.timeline(key) for key in keys], house.store.list_open(), house.store.kept


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_an_event_that_failed_anywhere_and_came_again_has_its_whole_effect_once(
    event: Callable[[House, FaultyStore], None],
    after: bool,  # noqa: FBT001
) -> None:
    undisturbed = Fault(at=0, after=False)
    expected = _after(event, undisturbed)
    assert undisturbed.calls >= 2
    for at in range(1, undisturbed.calls + 1):
        assert _after(event, Fault(at, after)) == expected, at
