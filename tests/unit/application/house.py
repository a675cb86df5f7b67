"""The use cases on the memory adapters, and ways to let something happen in the middle of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import count

from tactful.adapters.memory import (
    MemoryClock,
    MemoryMailAccount,
    MemoryPace,
    MemorySender,
    MemorySendingHealth,
    MemorySendingSwitch,
    MemoryStore,
    MemoryUnsettled,
    MemoryWording,
    MemoryWorkQueue,
)
from tactful.application.account_events import AccountEvents
from tactful.application.answer_approval import AnswerApproval
from tactful.application.by_hand import ByHand
from tactful.application.guard import Guard
from tactful.application.plan_reminders import PlanReminders
from tactful.application.ports import (
    AccountStore,
    ConflictError,
    MessageSender,
    Outgoing,
    SendOutcome,
    StoreUnavailableError,
    Wording,
    WorkQueue,
)
from tactful.application.receive_payment import ReceivePayment
from tactful.application.receive_reply import InboundMessage, ReceiveReply
from tactful.application.second_reader import SecondReader
from tactful.application.send_reminders import Acted, SendReminders
from tactful.application.sending_ports import SentMessages
from tactful.application.sweep_outcomes import SweepOutcomes
from tactful.application.track_delivery import DeliveryReport, TrackDelivery
from tactful.domain.book.account import Account, Change, Task, TaskKind
from tactful.domain.book.agreements import Verdict
from tactful.domain.book.contact_log import Reminder, ReminderStatus
from tactful.domain.book.customer import Channel
from tactful.domain.book.payment import Payment, PaymentKind
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.policy import Policy
from tactful.domain.sending.settle import Found, NotFound, Search
from tests.support.builders import NINE, PHONE, a_calendar, a_policy, an_account, an_invoice, money

# More than any test has.
_PER_RUN = 100_000


def nothing_happens() -> None:
    """What happens in the middle of most things."""


class Eventful(AccountStore):
    """A store in which something happens just before or just after its nth load or commit."""

    def __init__(
        self,
        store: AccountStore,
        *,
        before_commit: tuple[int, Callable[[], None]] = (0, nothing_happens),
        after_commit: tuple[int, Callable[[], None]] = (0, nothing_happens),
    ) -> None:
        self._store = store
        self._before, self._after = before_commit, after_commit
        self.commits = 0

    def load(self, account_key: str) -> Account | None:
        return self._store.load(account_key)

    def commit(self, before: Account | None, change: Change) -> None:
        self.commits += 1
        number = self.commits
        if self._before[0] == number:
            self._before[1]()
        self._store.commit(before, change)
        if self._after[0] == number:
            self._after[1]()


class Contended(AccountStore):
    """A store in which somebody else always was faster."""

    def __init__(self, store: AccountStore) -> None:
        self._store = store
        self.commits = 0

    def load(self, account_key: str) -> Account | None:
        return self._store.load(account_key)

    def commit(self, before: Account | None, change: Change) -> None:
        del before, change
        self.commits += 1
        raise ConflictError("somebody else was faster")


class WatchedSender(MessageSender):
    """Lets something happen while the provider has the message."""

    def __init__(self, outcome: SendOutcome, meanwhile: Callable[[Outgoing], object]) -> None:
        self._outcome, self._meanwhile = outcome, meanwhile

    def send(self, message: Outgoing) -> SendOutcome:
        self._meanwhile(message)
        return self._outcome


class Unrecording(MemoryStore):
    """A store that cannot be reached whenever several accounts are to be recorded together."""

    def record(self, changes: Sequence[tuple[Account, Account]]) -> Sequence[str]:
        raise StoreUnavailableError(f"{len(changes)} accounts were not recorded")


class Taken(SentMessages):
    """What a provider shows of the messages it took."""

    def __init__(self, sender: MessageSender) -> None:
        self._sender = sender

    def find(self, reminder: Reminder) -> Search:
        if not isinstance(self._sender, MemorySender):
            return NotFound.CANNOT_TELL
        taken = any(message.reminder_id == reminder.id for message in self._sender.sent)
        return Found("found", ReminderStatus.ACCEPTED) if taken else NotFound.ABSENT


def out_of_reach() -> None:
    raise StoreUnavailableError("the store is out of reach")


def somebody_was_faster() -> None:
    raise ConflictError("somebody else was faster")


@dataclass
class House:
    """One table, one clock and one provider a channel. It is nine on Monday, and an_account()'s invoice is due."""

    store: MemoryStore = field(default_factory=MemoryStore)
    clock: MemoryClock = field(default_factory=lambda: MemoryClock(NINE))
    email: MessageSender = field(default_factory=MemorySender)
    sms: MessageSender = field(default_factory=MemorySender)
    policy: Policy = field(default_factory=a_policy)
    calendar: Calendar = field(default_factory=a_calendar)
    wording: Wording = field(default_factory=MemoryWording)
    pace: MemoryPace = field(default_factory=MemoryPace)
    mail: MemoryMailAccount = field(default_factory=MemoryMailAccount)
    health: MemorySendingHealth = field(default_factory=MemorySendingHealth)
    ask_above: int = 10_000
    queue: MemoryWorkQueue = field(default_factory=MemoryWorkQueue)
    second_reader: SecondReader | None = None
    numbers: Iterator[int] = field(default_factory=count)

    @cached_property
    def guard(self) -> Guard:
        """That of the only worker there is."""
        return Guard(MemorySendingSwitch(self.store), self.health, self.clock)

    def add(self, account: Account | None = None) -> str:
        """Put an account (an_account() with an_invoice() if none is given) into the store; its key."""
        added = account or an_account(an_invoice())
        self.store.link(added.key, [(record.channel, record.address) for record in added.addresses])
        self.store.commit(None, self.events().scheduled(Change(replace(added, addresses=()))))
        return added.key

    def account(self, key: str) -> Account:
        account = self.store.load(key)
        assert account is not None
        return account

    def reminder(self, key: str) -> Reminder:
        """The only reminder of an account."""
        (reminder,) = self.account(key).reminders
        return reminder

    def events(self, store: AccountStore | None = None) -> AccountEvents:
        return AccountEvents(store or self.store, self.policy, self.calendar, self.clock)

    def sending(self, store: AccountStore | None = None) -> SendReminders:
        senders = {Channel.EMAIL: self.email, Channel.SMS: self.sms}
        return SendReminders(
            self.events(store),
            self.store,
            self.store,
            self.store,
            senders,
            self.wording,
            self.new_token,
            self.pace,
            self.guard,
        )

    def new_token(self) -> str:
        return str(next(self.numbers))

    def act(self, key: str) -> Acted:
        return self.sending().act_on(key)

    def replies(self) -> ReceiveReply:
        return ReceiveReply(self.events(), self.store, self.store, self.store, self.queue, self.second_reader)

    def payments(self) -> ReceivePayment:
        return ReceivePayment(self.events(), self.store, self.store)

    def deliveries(self) -> TrackDelivery:
        return TrackDelivery(self.events(), self.store, self.store, self.health)

    def approve(self, task_id: str, verdict: Verdict = Verdict.GRANTED) -> None:
        AnswerApproval(self.events()).answer(task_id, verdict, "Bea")

    def by_hand(self) -> ByHand:
        return ByHand(self.events())

    def deliver(self, reminder_id: str) -> None:
        delivered = DeliveryReport(reminder_id, self.clock.now(), "delivered", ReminderStatus.DELIVERED)
        self.deliveries().record(delivered)

    def tick(self) -> list[Acted]:
        """Plan what is due now, and act on each account that was queued."""
        queue = MemoryWorkQueue()
        self.planning(queue, _PER_RUN).at(None)
        acted = [self.act(key) for key in queue.queued]
        self.sweep()
        return acted

    def planning(self, queue: WorkQueue, most: int) -> PlanReminders:
        return PlanReminders(
            self.store,
            queue,
            self.clock,
            most,
            self.mail,
            MemorySendingSwitch(self.store),
            self.health,
            self.store,
            self.ask_above,
        )

    def sweep(self) -> Mapping[str, int]:
        """Find out what became of messages; the SMS provider shows what it took."""
        sent = {Channel.SMS: Taken(self.sms)}
        return SweepOutcomes(self.events(), MemoryUnsettled(self.store), sent).sweep()

    def run_for(self, duration: timedelta) -> list[Acted]:
        """Ticks every quarter of an hour."""
        acted: list[Acted] = []
        end = self.clock.now() + duration
        while self.clock.now() < end:
            self.clock.advance(timedelta(minutes=15))
            acted += self.tick()
        return acted

    def pay(self, minor: int = 100_00, *, number: str = "INV-1", payment_id: str = "P-1") -> None:
        self.payments().receive(a_payment(minor, number=number, payment_id=payment_id, at=self.clock.now()))

    def answer(self, text: str, *, address: str = PHONE, message_id: str = "SM-1") -> None:
        self.replies().receive(
            InboundMessage(message_id, Channel.SMS, address, text, self.clock.now(), (("Body", text),))
        )

    def task(self, kind: TaskKind) -> Task:
        """The only open task of a kind."""
        (task,) = [task for _, task in self.store.list_open() if task.kind is kind]
        return task

    def task_kinds(self) -> list[TaskKind]:
        return [task.kind for _, task in self.store.list_open()]

    def entry_kinds(self, key: str) -> list[str]:
        return [str(entry.kind) for entry in self.store.timeline(key)]


def a_house(
    *, email: Iterable[SendOutcome] = (), sms: Iterable[SendOutcome] = (), policy: Policy | None = None
) -> House:
    """A house whose providers answer with these outcomes first."""
    return House(email=MemorySender(email), sms=MemorySender(sms), policy=policy or a_policy())


def sent_by(sender: MessageSender) -> list[Outgoing]:
    assert isinstance(sender, MemorySender)
    return sender.sent


def a_payment(
    minor: int = 100_00,
    *,
    number: str = "INV-1",
    payment_id: str = "P-1",
    at: datetime = NINE,
    kind: PaymentKind = PaymentKind.PAYMENT,
    currency: str = "GBP",
) -> Payment:
    return Payment(payment_id, kind, number, money(minor, currency), at)
