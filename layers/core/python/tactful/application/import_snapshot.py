"""A snapshot of all open invoices: whether it is believed, and what it lacks is presumed settled.

Both look at every account that owes something, a page at a time, and can be gone on with in another run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from tactful.application.account_events import AccountEvents
from tactful.application.ports import OwingAccounts, StoreUnavailableError, TaskBoard, TaskDesk
from tactful.domain.book.account import Task, TaskDone, TaskKind
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.book.snapshot import BookCount, Limits, Listed, Preview, judge, presume_settled
from tactful.domain.book.summaries import SUMMARIES

# So many accounts are looked at between two questions for the time.
_PAGE = 100

HasTime = Callable[[], bool]


def _always() -> bool:
    return True


def _nowhere(presumed: Presumed) -> None:
    del presumed


@dataclass(slots=True)
class Counted:
    """How far the book was counted: up to the place `after`, empty at first; to the end if `is_whole`."""

    book: BookCount = field(default_factory=BookCount)
    after: str = ""
    is_whole: bool = False


@dataclass(slots=True)
class Presumed:
    """What is presumed settled so far: how many invoices of which accounts, by their keys, for undoing it."""

    accounts: dict[str, int] = field(default_factory=dict)
    after: str = ""
    is_whole: bool = False

    @property
    def invoices(self) -> int:
        return sum(self.accounts.values())


@dataclass(frozen=True, slots=True)
class ImportSnapshot:
    """Before a snapshot is taken over: `count`, then `reasons_to_hold`. Afterwards: `settle`."""

    events: AccountEvents
    owing: OwingAccounts
    tasks: TaskBoard
    desk: TaskDesk
    limits: Limits = field(default_factory=Limits)

    def count(self, file: Preview, so_far: Counted, has_time: HasTime = _always) -> Counted:
        """Count what the book has, and what of that the file lacks, going on from `so_far`, which is changed.

        Raises StoreUnavailableError.
        """
        while not so_far.is_whole and has_time():
            page = self.owing.page(so_far.after, _PAGE)
            for key in page.keys:
                account = self.events.store.load(key)
                if account is not None:
                    so_far.book.add(account, file.listed)
            so_far.after, so_far.is_whole = page.following, not page.following
        return so_far

    def reasons_to_hold(self, file: Preview, counted: Counted) -> tuple[str, ...]:
        """Why a person must look at the file first; empty if nobody need. A file with nothing due needs no count."""
        return judge(file, counted.book, self.limits)

    def hold(self, import_id: str, file_name: str, reasons: tuple[str, ...]) -> None:
        """Ask a person about the file. Asking again changes nothing."""
        facts = (("import", import_id), ("file", file_name), ("found", "; ".join(reasons)))
        kind = TaskKind.SNAPSHOT_HELD
        self.tasks.open(Task(_task_id(import_id), kind, self.events.clock.now(), SUMMARIES[kind], facts))

    def release(self, import_id: str, by: str) -> None:
        """Somebody has looked at the file and lets it pass, or has undone or replaced it: the task is done."""
        self.desk.close("", TaskDone(_task_id(import_id), self.events.clock.now(), by))

    def settle(
        self,
        import_id: str,
        at: datetime,
        listed: Listed,
        so_far: Presumed,
        *,
        keep: Callable[[Presumed], None] = _nowhere,
        has_time: HasTime = _always,
    ) -> Presumed:
        """Presume settled what a file uploaded at an instant (UTC) lacks, going on from `so_far`, which is changed.

        One commit an account. `keep` is told of accounts before they are changed, for they may owe nothing afterwards
        and would not be met again. Whoever goes on from what was kept changes nothing twice, and counts nothing
        twice. An account that fails does not stop the others: what it failed with is raised in the end. Raises
        StoreUnavailableError.
        """
        fault: Exception | None = None
        while not so_far.is_whole and has_time():
            page = self.owing.page(so_far.after, _PAGE)
            lacking = {key: gone for key in page.keys if (gone := self._lacking(key, import_id, at, listed))}
            if lacking:
                so_far.accounts |= lacking
                keep(so_far)
            for key in lacking:
                try:
                    self.events.apply(key, lambda account: presume_settled(account, listed, at, import_id))
                except StoreUnavailableError:
                    raise
                except Exception as error:  # noqa: BLE001 - one account never stops the others
                    fault = error
            so_far.after, so_far.is_whole = page.following, not page.following
        if fault is not None:
            raise fault
        return so_far

    def settle_one(self, key: str, import_id: str, at: datetime, listed: Listed) -> int:
        """Presume settled what a list of an instant (UTC) lacks of one account; how many invoices this import has.

        Doing it again changes nothing. Raises StoreUnavailableError.
        """
        after = self.events.apply(key, lambda account: presume_settled(account, listed, at, import_id))
        invoices = after.invoices if after else ()
        presumed = (one.imported for one in invoices if one.state is InvoiceState.PRESUMED_SETTLED)
        return sum(change is not None and change.id == import_id for change in presumed)

    def _lacking(self, key: str, import_id: str, at: datetime, listed: Listed) -> int:
        """How many invoices of an account the file lacks."""
        account = self.events.store.load(key)
        if account is None:
            return 0
        after = presume_settled(account, listed, at, import_id).account
        return sum(
            now.state is not was.state for now, was in zip(after.invoices, account.invoices, strict=True)
        )


def _task_id(import_id: str) -> str:
    return f"{TaskKind.SNAPSHOT_HELD}-{import_id}"
