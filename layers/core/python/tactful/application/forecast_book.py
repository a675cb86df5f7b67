"""The forecast of a whole book as it is shown: small rows, and what their SMS cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from operator import attrgetter

from tactful.application.ports import Wording, WordingError
from tactful.domain.book.account import Account, TaskKind
from tactful.domain.book.contact_log import Reminder, Tone
from tactful.domain.book.customer import Channel, Role
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.forecast import ForecastFault, ForecastRow, RowKind, forecast, groups_of
from tactful.domain.dunning.policy import Policy

# A process that starts reads the templates and works out the calendar: smaller books are done sooner without it.
_WORTH_A_PROCESS = 1_000
# Enough parts to show progress and to share the work evenly; each has to warm up.
_PARTS = 16

Progress = Callable[[int, int], None]
"""Told how many accounts are done, and of how many."""


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """A row of a forecast as it is shown. `amounts` are minor units by currency.

    `segments` are those that an SMS is sent and paid as: None for anything else, and for words that cannot be found.
    """

    at: datetime
    local: datetime
    customer_id: str
    kind: RowKind
    task: TaskKind | None
    stage: str
    occurrence: str
    tone: Tone
    channel: Channel
    to: str
    contact_role: Role | None
    invoices: tuple[str, ...]
    amounts: dict[str, int]
    reasons: tuple[str, ...]
    segments: int | None = None


@dataclass(frozen=True, slots=True)
class BookForecast:
    """The rows of a forecast, in order of time and then of customer ids, and the accounts it gave up on."""

    lines: tuple[ForecastLine, ...]
    faults: tuple[ForecastFault, ...]


@dataclass(frozen=True, slots=True)
class ForecastBook:
    """Forecasts a book, a big one in several processes: whatever is injected must be fit for pickle.

    `wording` makes the words once in each process, None if there are none to be had; `segments` says how many
    segments an SMS is sent as. Only SMS are put into words: their words decide what they cost.
    """

    policy: Policy
    calendar: Calendar
    wording: Callable[[], Wording] | None
    segments: Callable[[str], int]

    def run(
        self,
        accounts: Sequence[Account],
        start: datetime,
        end: datetime,
        *,
        processes: int = 1,
        progress: Progress | None = None,
    ) -> BookForecast:
        """All rows from `start` until before `end` (UTC)."""
        done, found = 0, []
        for count, part in self._parts(accounts, start, end, processes):
            found.append(part)
            done += count
            if progress:
                progress(done, len(accounts))
        lines = sorted((line for part in found for line in part.lines), key=attrgetter("at", "customer_id"))
        faults = sorted(
            (fault for part in found for fault in part.faults), key=attrgetter("at", "customer_id")
        )
        return BookForecast(tuple(lines), tuple(faults))

    def _parts(
        self, accounts: Sequence[Account], start: datetime, end: datetime, processes: int
    ) -> Iterator[tuple[int, BookForecast]]:
        """What comes of each part of the book as soon as it is known, with its number of accounts."""
        if processes <= 1 or len(accounts) < _WORTH_A_PROCESS:
            wording = self.wording() if self.wording else None
            for part in _in_parts(accounts):
                yield len(part), self._part(part, start, end, wording)
            return
        # A fresh process has no threads or locks of this one.
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            running = {pool.submit(self._part, part, start, end): len(part) for part in _in_parts(accounts)}
            for finished in as_completed(running):
                yield running.pop(finished), finished.result()

    def _part(
        self, accounts: Sequence[Account], start: datetime, end: datetime, wording: Wording | None = None
    ) -> BookForecast:
        lines: list[ForecastLine] = []
        faults: list[ForecastFault] = []
        segments: dict[str, int] = {}
        words = wording or (self.wording() if self.wording else None)

        def has_words(account: Account, reminder: Reminder) -> bool:
            if words is None or reminder.channel is not Channel.SMS:
                return True
            try:
                segments[reminder.id] = self.segments(words.render(account, reminder).text)
            except WordingError as error:
                faults.append(ForecastFault(reminder.at, account.customer.id, f"wording: {error}"))
                return False
            return True

        for row in forecast(accounts, self.policy, self.calendar, start, end, has_words=has_words):
            if isinstance(row, ForecastFault):
                faults.append(row)
            else:
                lines.append(line_of(row, segments.get(row.reminder.id)))
        return BookForecast(tuple(lines), tuple(faults))


def line_of(row: ForecastRow, segments: int | None = None) -> ForecastLine:
    """A row without its account."""
    reminder = row.reminder
    return ForecastLine(
        at=row.at,
        local=row.local,
        customer_id=row.customer_id,
        kind=row.kind,
        task=row.task,
        stage=reminder.stage,
        occurrence=reminder.occurrence,
        tone=reminder.tone,
        channel=reminder.channel,
        to=reminder.address,
        contact_role=reminder.role,
        invoices=row.invoices,
        amounts=row.amounts,
        reasons=tuple([str(reason) for reason in row.reasons]),
        segments=segments,
    )


def _in_parts(accounts: Sequence[Account]) -> list[list[Account]]:
    """The accounts in parts of about the same size; those that share an address stay together."""
    size = max(1, len(accounts) // _PARTS)
    parts: list[list[Account]] = [[]]
    for group in groups_of(accounts):
        if len(parts[-1]) >= size:
            parts.append([])
        parts[-1] += group
    return parts
