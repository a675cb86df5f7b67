"""Imports whose runs break off: whatever was done last, the message comes again and the import gets to its end."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tactful.adapters.memory_imports import MemoryImportQueue, MemoryImports, MemoryReports
from tactful.application.import_file import Limits
from tactful.application.import_ports import Again, Contents
from tactful.application.import_report import ImportReport
from tactful.application.ports import StoreUnavailableError
from tactful.application.upload import ImportRecord, ImportState, Upload
from tests.support.builders import NINE
from tests.unit.application.house import out_of_reach
from tests.unit.application.importing import INVOICE_HEADER, INVOICES, Desk, invoice_line, text

SNAPSHOT = "snapshots/open.csv"
LONG, SHORT = timedelta.max, timedelta(0)
LINES = [
    *(invoice_line(f"INV-{number}", customer=f"C-{number % 3}") for number in range(5)),
    invoice_line("INV-5", status="lost"),
]
# More than any of these imports does.
STEPS = 40


@dataclass
class Steps:
    """What an import does beside accounts, counted; just after the `last` of them it breaks off, once."""

    last: int = 0
    done: int = 0

    def step(self) -> None:
        self.done += 1
        if self.done == self.last:
            out_of_reach()


class BreakingReports(MemoryReports):
    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self._steps = steps

    def write(self, key: str, report: Mapping[str, object]) -> str:
        name = super().write(key, report)
        self._steps.step()
        return name

    def keep(self, import_id: str, part: Mapping[str, object]) -> None:
        super().keep(import_id, part)
        self._steps.step()


class BreakingImports(MemoryImports):
    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self._steps = steps

    def note(self, record: ImportRecord) -> None:
        super().note(record)
        self._steps.step()

    def begin(self) -> int:
        change = super().begin()
        self._steps.step()
        return change

    def end(self, change: int, contents: Contents) -> None:
        super().end(change, contents)
        self._steps.step()


class BreakingQueue(MemoryImportQueue):
    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self._steps = steps

    def put(self, again: Again) -> None:
        super().put(again)
        self._steps.step()


def a_desk(steps: Steps) -> Desk:
    """A book with an invoice that the file has another amount for, and one that it lacks."""
    desk = Desk(limits=Limits(at_once=2, reserve=timedelta(minutes=1)))
    desk.invoices(
        invoice_line("INV-0", customer="C-0", amount_due="50.00"), invoice_line("OLD", customer="C-9")
    )
    desk.reports, desk.queue = BreakingReports(steps), BreakingQueue(steps)
    imports = BreakingImports(steps)
    imports.__dict__ |= {name: value for name, value in vars(desk.imports).items() if name != "_steps"}
    desk.imports = imports
    return desk


def import_through(desk: Desk, upload: Upload, time_left: timedelta) -> None:
    """Every message, and again what breaks off."""
    messages: deque[Upload | Again] = deque([upload])
    while messages:
        try:
            handled(desk, messages[0], time_left)
            messages.popleft()
        except StoreUnavailableError:
            pass
        messages.extend(desk.queue.queued)
        desk.queue.queued.clear()


def handled(desk: Desk, message: Upload | Again, time_left: timedelta) -> ImportReport | None:
    use_case = desk.use_case()
    if isinstance(message, Upload):
        return use_case.run(message, lambda: time_left)
    return use_case.go_on(message, lambda: time_left)


def told(desk: Desk, key: str) -> dict[str, Any]:
    """The report but for what a second try cannot know: which customers were new before the first."""
    report = desk.written(key)
    return {word: said for word, said in report.items() if word not in ("customers", "parts")}


@pytest.mark.parametrize("key", [INVOICES, SNAPSHOT])
@pytest.mark.parametrize("time_left", [LONG, SHORT], ids=["one run", "many runs"])
def test_wherever_an_import_breaks_off_it_ends_as_if_it_had_not(key: str, time_left: timedelta) -> None:
    whole_steps = Steps()
    whole = a_desk(whole_steps)
    upload = whole.put(key, text(INVOICE_HEADER, LINES), NINE + timedelta(days=1))
    import_through(whole, upload, time_left)
    assert 4 < whole_steps.done < STEPS
    for last in range(1, whole_steps.done + 1):
        desk = a_desk(Steps(last))
        desk.put(key, text(INVOICE_HEADER, LINES), NINE + timedelta(days=1))
        import_through(desk, upload, time_left)
        record = desk.imports.find(upload.id)
        assert record is not None
        assert record.state is ImportState.DONE, last
        assert told(desk, key) == told(whole, key), last
        for customer in ("C-0", "C-1", "C-2", "C-9"):
            assert desk.account(customer).invoices == whole.account(customer).invoices, last


def test_a_file_that_broke_off_at_its_very_end_is_not_taken_for_one_that_is_known() -> None:
    steps = Steps()
    desk = a_desk(steps)
    upload = desk.put(INVOICES, text(INVOICE_HEADER, LINES[:1]), NINE + timedelta(days=1))
    while upload.id not in {one.import_id for one in desk.imports.contents().files.values()}:
        steps.done, steps.last = 0, steps.last + 1
        with pytest.raises(StoreUnavailableError):
            desk.run(upload)
    assert desk.run(upload).counts()["changed"] == 1
