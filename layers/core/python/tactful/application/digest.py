"""What happened on a day, and what waits for a person: told to the business once a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from tactful.application.account_events import AccountEvents
from tactful.application.ports import DayBook, TaskBoard
from tactful.application.sending_ports import SendingHealth
from tactful.domain.book.account import Entry
from tactful.domain.book.money import Money, parse_money
from tactful.domain.book.money import totals as summed
from tactful.domain.book.news import PROMISE, REPLIES

# A promise may be made so long ahead; the policy's own limit is below, one made by hand may be above.
_PROMISED_WITHIN = timedelta(days=92)
_A_DAY = timedelta(days=1)
AGES = (("today", 1), ("this week", 7), ("older", None))
"""How long a task has been open, by days below which it counts there."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise whose day has passed without the money."""

    customer: str
    invoices: tuple[str, ...]
    owed: str


@dataclass(frozen=True, slots=True)
class Digest:
    """A civil day at the business. Amounts are by currency; `tasks` are open ones by kind and age."""

    day: date
    sent: Mapping[str, int]
    bounced: int
    complained: int
    answered: Mapping[str, int]
    promised: Mapping[str, Money]
    received: Mapping[str, Money]
    returned: Mapping[str, Money]
    broken: tuple[Broken, ...]
    tasks: Mapping[str, tuple[int, ...]]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        told = (
            self.sent,
            self.answered,
            self.promised,
            self.received,
            self.returned,
            self.broken,
            self.tasks,
        )
        return not any(told) and not self.bounced and not self.complained

    def as_json(self) -> dict[str, object]:
        """For machines, and for the words: amounts as integers in minor units."""
        return {
            "day": self.day.isoformat(),
            "sent": dict(self.sent),
            "bounced": self.bounced,
            "complained": self.complained,
            "answered": dict(self.answered),
            "promised_minor": {currency: amount.minor for currency, amount in self.promised.items()},
            "received_minor": {currency: amount.minor for currency, amount in self.received.items()},
            "returned_minor": {currency: amount.minor for currency, amount in self.returned.items()},
            "broken": [
                {"customer": one.customer, "invoices": list(one.invoices), "owed": one.owed}
                for one in self.broken
            ],
            "tasks": {
                kind: dict(zip([name for name, _ in AGES], ages, strict=True))
                for kind, ages in self.tasks.items()
            },
        }


class DigestDesk(Protocol):
    """Which day was told of last."""

    def is_first(self, day: date) -> bool:
        """Whether nobody was told of a day yet; from now on somebody was. Raises StoreUnavailableError."""
        ...


@dataclass(frozen=True, slots=True)
class MakeDigest:
    """Gathers a day's news: it reads what happened, not the book."""

    events: AccountEvents
    daybook: DayBook
    health: SendingHealth
    tasks: TaskBoard

    def of(self, day: date) -> Digest:
        """The digest of a civil day. Raises StoreUnavailableError."""
        calendar = self.events.calendar
        begin, end = calendar.start_of(day), calendar.start_of(day + _A_DAY)
        news = [entry for _, entry in self.daybook.news(begin, end)]
        tallies = [one for one in self.health.tallies(begin) if begin <= one.since < end]
        sent: Counter[str] = Counter()
        for tally in tallies:
            sent[str(tally.channel)] += tally.accepted
        return Digest(
            day=day,
            sent={channel: number for channel, number in sorted(sent.items()) if number},
            bounced=len({one for tally in tallies for one in tally.bounced}),
            complained=len({one for tally in tallies for one in tally.complained}),
            answered=dict(sorted(Counter(entry.kind for entry in news if entry.kind in REPLIES).items())),
            promised=_sum(news, PROMISE),
            received=_sum(news, "payment"),
            returned=_sum(news, "reversal"),
            broken=self._broken(day, end),
            tasks=self._tasks(end),
        )

    def _broken(self, day: date, end: datetime) -> tuple[Broken, ...]:
        promised = {
            key
            for key, entry in self.daybook.news(end - _PROMISED_WITHIN, end, f"{PROMISE}-")
            if dict(entry.facts).get("date") == day.isoformat()
        }
        broken = []
        for key in sorted(promised):
            account = self.events.store.load(key)
            for promise in account.promises if account else ():
                if account and promise.promised_date == day and promise.is_broken(day + _A_DAY):
                    owed = summed(
                        one.amount_due for one in account.invoices if one.number in promise.invoices
                    ).values()
                    said = ", ".join(map(str, owed))
                    broken.append(Broken(account.customer.name, promise.invoices, said))
        return tuple(broken)

    def _tasks(self, end: datetime) -> Mapping[str, tuple[int, ...]]:
        ages: dict[str, list[int]] = {}
        for _, task in self.tasks.list_open():
            days = max(timedelta(0), end - task.opened_at) / _A_DAY
            place = next(place for place, (_, below) in enumerate(AGES) if below is None or days <= below)
            ages.setdefault(str(task.kind), [0] * len(AGES))[place] += 1
        return {kind: tuple(numbers) for kind, numbers in sorted(ages.items())}


def _sum(news: Sequence[Entry], kind: str) -> Mapping[str, Money]:
    """What the entries of a kind say of money: `GBP 40.00`."""
    amounts = []
    for entry in news:
        if entry.kind == kind:
            currency, _, number = dict(entry.facts).get("amount", "").partition(" ")
            if number:
                amounts.append(parse_money(number.replace(",", ""), currency))
    return summed(amounts)
