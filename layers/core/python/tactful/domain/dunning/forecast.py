"""What a book will lead to: every message and task to come, by calling decide and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from heapq import heappop, heappush
from operator import attrgetter

from tactful.domain.book.account import Account, AddressContact, AddressRecord, Suppression, TaskKind
from tactful.domain.book.contact_log import Reminder, ReminderStatus
from tactful.domain.book.customer import Channel
from tactful.domain.book.money import totals
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Ask, Decision, Nothing, Reason, Send, Unanswered, Wait
from tactful.domain.dunning.handover import unworded
from tactful.domain.dunning.policy import Policy

# More than an account can have to say and to ask at one instant: beyond that, its decisions go round in circles.
_MOST_STEPS_AT_ONCE = 50

_Address = tuple[Channel, str]

Decide = Callable[[Account, Policy, Calendar, datetime], Decision]
"""What says what to do about an account at an instant (UTC)."""


HasWords = Callable[[Account, Reminder], bool]
"""Whether a message that was decided has words that may be sent; without them a person is asked."""


def _always(account: Account, reminder: Reminder) -> bool:
    del account, reminder
    return True


class RowKind(StrEnum):
    """Whether something leaves by itself or is handed to a person."""

    MESSAGE = "message"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """A message or a task to come. `account` is what it was decided on, as it stood just before.

    `at` is UTC; `local` is the same instant on the client's clock, the first one if it may have several.
    """

    at: datetime
    local: datetime
    account: Account
    reminder: Reminder
    reasons: tuple[Reason, ...]
    task: TaskKind | None = None

    @property
    def kind(self) -> RowKind:
        return RowKind.MESSAGE if self.task is None else RowKind.TASK

    @property
    def customer_id(self) -> str:
        return self.account.customer.id

    @property
    def invoices(self) -> tuple[str, ...]:
        """The numbers of the invoices and credit notes it is about."""
        return tuple([line.number for line in self.reminder.invoices])

    @property
    def amounts(self) -> dict[str, int]:
        """What it is about, credit notes taken off: minor units by currency."""
        sums = totals(line.amount for line in self.reminder.invoices)
        return {currency: amount.minor for currency, amount in sums.items()}


@dataclass(frozen=True, slots=True)
class ForecastFault:
    """An account that cannot be forecast from an instant (UTC) on, and why. The others go on."""

    at: datetime
    customer_id: str
    said: str


@dataclass(frozen=True, slots=True)
class News:
    """Something that happens to an account at an instant (UTC): a payment, a reply, a new invoice."""

    at: datetime
    account_key: str
    change: Callable[[Account], Account]


class NoProgressError(ValueError):
    """Decisions about an account do not get on: they wait for an instant that has passed, or repeat themselves."""


def forecast(
    accounts: Iterable[Account],
    policy: Policy,
    calendar: Calendar,
    start: datetime,
    end: datetime,
    *,
    news: Iterable[News] = (),
    deciding: Decide = decide,
    has_words: HasWords = _always,
) -> Iterator[ForecastRow | ForecastFault]:
    """Yield what happens from `start` until before `end` (UTC), in order of time and then of customer ids.

    Every message arrives and every task waits, and nobody pays, answers or bounces, except as `news` say: those
    happen before anything else at their instant, and the account is decided about again at once. News from before
    `start` happen at `start`. Accounts that share an address see each other's contacts, if all of them are in
    `accounts`. Raises ValueError for an instant without a zone and for news of an unknown account.
    """
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("a forecast needs instants with their zone")
    book = _Book(policy, calendar, deciding, has_words)
    for account in accounts:
        book.open(account)
    happening = sorted(news, key=attrgetter("at"))
    for item in happening:
        if item.account_key not in book.accounts:
            raise ValueError(f"there are news of account {item.account_key}, which is not in the book")
    return _run(book, start.astimezone(UTC), end.astimezone(UTC), happening)


def groups_of(accounts: Iterable[Account]) -> list[list[Account]]:
    """The accounts in groups that share no address with each other, so that each can be forecast by itself.

    Letter case does not tell addresses apart.
    """
    listed = list(accounts)
    leads = list(range(len(listed)))

    def leader(number: int) -> int:
        while leads[number] != number:
            leads[number] = number = leads[leads[number]]
        return number

    first: dict[_Address, int] = {}
    for number, account in enumerate(listed):
        for channel, address in account.customer.addresses():
            leads[leader(number)] = leader(first.setdefault((channel, address.casefold()), number))
    groups: dict[int, list[Account]] = {}
    for number, account in enumerate(listed):
        groups.setdefault(leader(number), []).append(account)
    return list(groups.values())


def _run(
    book: _Book, start: datetime, end: datetime, news: list[News]
) -> Iterator[ForecastRow | ForecastFault]:
    for key in book.accounts:
        book.plan(key, start)
    left = iter(news)
    item = next(left, None)
    while True:
        at = book.next_at()
        if item is not None:
            happens = max(item.at.astimezone(UTC), start)
            at = happens if at is None else min(at, happens)
        if at is None or at >= end:
            return
        found: list[ForecastRow | ForecastFault] = []
        while item is not None and item.at <= at:
            found += book.happen(item, at)
            item = next(left, None)
        for key in book.due(at):
            found += book.act(key, at)
        found.sort(key=attrgetter("customer_id"))
        yield from found


@dataclass(slots=True)
class _Known:
    """What is known of an address to all the accounts that use it."""

    users: set[str] = field(default_factory=set)
    recent: tuple[AddressContact, ...] = ()
    suppression: Suppression | None = None


@dataclass(slots=True)
class _Book:
    """Accounts on their way through time. `planned` has the one instant at which each is looked at next."""

    policy: Policy
    calendar: Calendar
    deciding: Decide
    has_words: HasWords
    accounts: dict[str, Account] = field(default_factory=dict)
    known: dict[_Address, _Known] = field(default_factory=dict)
    planned: dict[str, datetime] = field(default_factory=dict)
    queue: list[tuple[datetime, str]] = field(default_factory=list)
    given_up: set[str] = field(default_factory=set)

    def open(self, account: Account) -> None:
        for record in account.addresses:
            known = self.known.setdefault(_address_of(record), _Known())
            contacts = {*known.recent, *record.recent}
            known.recent = tuple(sorted(contacts, key=attrgetter("at", "account_key")))
            known.suppression = known.suppression or record.suppression
        self._keep(self._up_to_date(account))

    def plan(self, key: str, at: datetime) -> None:
        self.planned[key] = at
        heappush(self.queue, (at, key))

    def next_at(self) -> datetime | None:
        """The next instant at which some account is to be looked at."""
        while self.queue and self.planned.get(self.queue[0][1]) != self.queue[0][0]:
            heappop(self.queue)
        return self.queue[0][0] if self.queue else None

    def due(self, at: datetime) -> Iterator[str]:
        """The accounts to be looked at by an instant, in order of their keys."""
        while (due := self.next_at()) is not None and due <= at:
            key = heappop(self.queue)[1]
            del self.planned[key]
            yield key

    def happen(self, item: News, at: datetime) -> list[ForecastFault]:
        key = item.account_key
        if key in self.given_up:
            return []
        try:
            self._keep(item.change(self._load(key)))
        except Exception as error:  # noqa: BLE001 - news that fail are a fault of their account alone
            return [self._give_up(key, at, error)]
        self.plan(key, at)
        return []

    def act(self, key: str, at: datetime) -> list[ForecastRow | ForecastFault]:
        """All that an account has to say and to ask at an instant; afterwards it waits, or has nothing to do."""
        found: list[ForecastRow | ForecastFault] = []
        try:
            found.extend(self._steps(key, at))
        except Exception as error:  # noqa: BLE001 - one account's fault never stops the others
            found.append(self._give_up(key, at, error))
        return found

    def _steps(self, key: str, at: datetime) -> Iterator[ForecastRow]:
        for _ in range(_MOST_STEPS_AT_ONCE):
            account = self._load(key)
            match self.deciding(account, self.policy, self.calendar, at):
                case Send(reminder=reminder, reasons=reasons) if not self.has_words(account, reminder):
                    step = unworded(reminder)
                    self._keep(account.with_step(step))
                    yield self._row(at, account, step, reasons, TaskKind.MESSAGE_REFUSED)
                case Send(reminder=reminder, reasons=reasons):
                    self._keep(account.with_claim(reminder.advanced(ReminderStatus.DELIVERED)))
                    yield self._row(at, account, reminder, reasons)
                case Ask(kind=kind, step=step, reasons=reasons):
                    self._keep(account.with_step(step))
                    yield self._row(at, account, step, reasons, kind)
                case Unanswered(reminder=reminder):
                    self._keep(account.with_reminder(reminder))
                case Wait(until=until) if until > at:
                    self.plan(key, until)
                    return
                case Wait(until=until):
                    raise NoProgressError(f"account {key} waits until {until}, which has passed at {at}")
                case Nothing():
                    return
        raise NoProgressError(f"account {key} does not come to rest at {at}")

    def _row(
        self,
        at: datetime,
        account: Account,
        reminder: Reminder,
        reasons: tuple[Reason, ...],
        task: TaskKind | None = None,
    ) -> ForecastRow:
        local = at.astimezone(self.calendar.zones_of(account.customer)[0])
        return ForecastRow(at, local, account, reminder, reasons, task)

    def _load(self, key: str) -> Account:
        """The account with what the others know of its addresses by now."""
        account = self.accounts[key]
        if all(len(self.known[address].users) == 1 for address in map(_address_of, account.addresses)):
            return account
        return self._up_to_date(account)

    def _up_to_date(self, account: Account) -> Account:
        return replace(account, addresses=tuple([self._as_known(record) for record in account.addresses]))

    def _as_known(self, record: AddressRecord) -> AddressRecord:
        known = self.known.get(_address_of(record), _Known())
        users = record.accounts | known.users
        return replace(record, recent=known.recent, suppression=known.suppression, accounts=users)

    def _keep(self, account: Account) -> None:
        """Keep an account, and what it knows of its addresses for all who use them."""
        written = {(record.channel, record.address) for record in account.addresses}
        added = [AddressRecord(*pair) for pair in account.customer.addresses() if pair not in written]
        if added:
            account = replace(account, addresses=(*account.addresses, *map(self._as_known, added)))
        for record in account.addresses:
            known = self.known.setdefault(_address_of(record), _Known())
            known.users.add(account.key)
            known.recent, known.suppression = record.recent, record.suppression
        self.accounts[account.key] = account

    def _give_up(self, key: str, at: datetime, error: Exception) -> ForecastFault:
        self.given_up.add(key)
        self.planned.pop(key, None)
        said = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
        return ForecastFault(at, self.accounts[key].customer.id, said)


def _address_of(record: AddressRecord) -> _Address:
    return record.channel, record.address.casefold()
