"""Files of all open invoices, from the upload on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.application.import_desk import ImportDesk
from tactful.application.import_file import Limits
from tactful.application.import_ports import Again
from tactful.application.import_report import ImportReport, Outcome
from tactful.application.undo_import import UndoImport
from tactful.application.upload import ImportState
from tactful.domain.book.account import TaskKind
from tactful.domain.book.invoice import InvoiceState
from tactful.imports.statements import RowOutcome
from tests.support.builders import NINE
from tests.unit.application.house import Eventful
from tests.unit.application.importing import (
    INVOICE_HEADER,
    INVOICES,
    Desk,
    customer_line,
    invoice_line,
    text,
)

HOUR = timedelta(hours=1)
SNAPSHOT = "snapshots/open.csv"
BOOK = [invoice_line(f"INV-{number}", customer=f"C-{number % 5}") for number in range(30)]
SMALL = Limits(at_once=7, reserve=timedelta(minutes=1))


def a_book(limits: Limits | None = None) -> Desk:
    desk = Desk(limits=limits or Limits())
    desk.run(desk.put(INVOICES, text(INVOICE_HEADER, BOOK)))
    return desk


def snapshot(desk: Desk, *lines: str, key: str = SNAPSHOT) -> ImportReport:
    return desk.run(desk.put(key, text(INVOICE_HEADER, lines), NINE + HOUR))


def states(desk: Desk) -> dict[str, str]:
    invoices = (invoice for number in range(5) for invoice in desk.account(f"C-{number}").invoices)
    return {invoice.number: invoice.state for invoice in invoices}


def test_what_a_snapshot_lacks_is_presumed_settled_and_told() -> None:
    desk = a_book()
    report = snapshot(desk, *BOOK[3:], invoice_line("INV-NEW", customer="C-0"))
    assert (report.outcome, report.presumed_settled) == (Outcome.DONE, 3)
    found = states(desk)
    assert {number for number, state in found.items() if state == InvoiceState.PRESUMED_SETTLED} == {
        "INV-0",
        "INV-1",
        "INV-2",
    }
    assert desk.written(SNAPSHOT)["presumed_settled"] == 3
    assert desk.written(SNAPSHOT)["mode"] == "snapshot"


def test_a_setting_makes_a_snapshot_of_any_file_of_invoices() -> None:
    desk = a_book()
    upload = desk.put(INVOICES, text(INVOICE_HEADER, BOOK[1:]), NINE + HOUR, mode="snapshot")
    assert desk.run(upload).presumed_settled == 1


def test_what_comes_back_is_told_to_be_open_again() -> None:
    desk = a_book()
    snapshot(desk, *BOOK[1:])
    report = desk.run(desk.put(SNAPSHOT, text(INVOICE_HEADER, BOOK), NINE + 2 * HOUR))
    assert report.reopened == 1
    assert states(desk)["INV-0"] == InvoiceState.OPEN


def test_a_row_that_is_rejected_is_still_on_the_list() -> None:
    desk = a_book()
    report = snapshot(desk, BOOK[0].replace("open", "lost"), *BOOK[1:])
    assert report.records == {RowOutcome.UNCHANGED: 29, RowOutcome.REJECTED: 1}
    assert report.presumed_settled == 0


def test_the_rejected_rows_of_a_snapshot_are_no_list_of_what_is_open() -> None:
    desk = a_book()
    snapshot(desk, BOOK[0].replace("open", "lost"), *BOOK[1:])
    rejected = desk.reports.written[f"reports/{SNAPSHOT}.rejected.csv"]
    mended = desk.put("snapshots/mended.csv", rejected.replace("lost", "open").encode(), NINE + 2 * HOUR)
    report = desk.run(mended)
    assert (report.outcome, report.presumed_settled) == (Outcome.DONE, 0)
    assert report.records == {RowOutcome.UNCHANGED: 1}


def test_a_snapshot_that_shrinks_is_held_and_nothing_changes() -> None:
    desk = a_book()
    before = states(desk)
    report = snapshot(desk, *BOOK[:5])
    assert report.outcome is Outcome.HELD
    assert desk.written(SNAPSHOT)["held"] == report.said
    assert "5 invoices" in report.said
    assert states(desk) == before
    assert [task.kind for _, task in desk.house.store.list_open()] == [TaskKind.SNAPSHOT_HELD]
    assert desk.imports.contents().files != {}


def test_a_person_can_let_it_pass() -> None:
    desk = a_book()
    held = snapshot(desk, *BOOK[:5])
    released = Again(held.upload.id, is_released=True)
    report = desk.use_case().go_on(released)
    assert report is not None
    assert (report.outcome, report.presumed_settled) == (Outcome.DONE, 25)
    assert list(desk.house.store.list_open()) == []
    assert desk.use_case().go_on(released) is None


def test_a_later_file_takes_the_place_of_one_that_is_held() -> None:
    desk = a_book()
    held = snapshot(desk, *BOOK[:5])
    desk.run(desk.put(SNAPSHOT, text(INVOICE_HEADER, BOOK), NINE + 2 * HOUR))
    assert list(desk.house.store.list_open()) == []
    assert desk.use_case().go_on(Again(held.upload.id, is_released=True)) is None


def test_a_snapshot_may_take_several_runs() -> None:
    split, whole = a_book(SMALL), a_book()
    lines = (*BOOK[3:], invoice_line("INV-NEW", customer="C-9"))
    whole_report = snapshot(whole, *lines)
    upload = split.put(SNAPSHOT, text(INVOICE_HEADER, lines), NINE + HOUR)
    first = split.use_case().run(upload, lambda: timedelta(0))
    assert first is not None
    assert first.outcome is Outcome.PAUSED
    while split.queue.queued:
        split.go_on()
    report = split.written(SNAPSHOT)
    assert report["parts"] > 3
    assert report == whole.written(SNAPSHOT) | {"parts": report["parts"]}
    assert report["presumed_settled"] == whole_report.presumed_settled == 3
    assert states(split) == states(whole)


def test_a_held_snapshot_is_remembered_as_held() -> None:
    desk = a_book()
    held = snapshot(desk, *BOOK[:5])
    record = desk.imports.find(held.upload.id)
    assert record is not None
    assert (record.state, record.said) == (ImportState.HELD, held.said)


def test_settings_that_make_a_held_file_pass_leave_nobody_anything_to_decide() -> None:
    desk = a_book()
    held = snapshot(desk, *BOOK[:5])
    desk.run(desk.put(f"{SNAPSHOT}.settings.yaml", b"currency: GBP\n", NINE + 2 * HOUR))
    assert [task.kind for _, task in desk.house.store.list_open()] == [TaskKind.SNAPSHOT_HELD]
    report = desk.run(desk.put(f"{SNAPSHOT}.settings.yaml", b"mode: incremental\n", NINE + 3 * HOUR))
    assert (report.upload.id, report.outcome) == (held.upload.id, Outcome.DONE)
    assert list(desk.house.store.list_open()) == []


def test_what_failed_is_still_on_the_list_under_whatever_id_its_customer_is_known() -> None:
    desk = Desk()
    desk.invoices(
        invoice_line("INV-A", customer="", name="Acme"), invoice_line("INV-B", customer="C-2", name="Bee")
    )
    desk.customers(customer_line("17", name="Acme"), at=NINE + HOUR)

    def fails() -> None:
        raise ValueError("a fault of the program")

    lines = (
        invoice_line("INV-A", customer="17", name="Acme", amount_due="90.00"),
        invoice_line("INV-B", customer="C-2"),
    )
    upload = desk.put(SNAPSHOT, text(INVOICE_HEADER, lines), NINE + 2 * HOUR)
    report = desk.run(upload, Eventful(desk.house.store, before_commit=(1, fails)))
    assert (report.counts()["rejected"], report.presumed_settled) == (1, 0)
    assert desk.invoice("INV-A", "Acme").state is InvoiceState.OPEN


@pytest.mark.parametrize("time_left", [timedelta.max, timedelta(0)], ids=["one run", "many runs"])
def test_an_older_file_that_is_taken_over_later_brings_back_nothing_that_the_list_lacks(
    time_left: timedelta,
) -> None:
    desk = Desk(limits=replace(SMALL, at_once=1))
    lines = (
        invoice_line("PAID", customer="C-1"),
        invoice_line("OPEN", customer="C-2"),
        invoice_line("GONE", customer="C-3"),
    )
    older = desk.put(INVOICES, text(INVOICE_HEADER, lines))
    snapshot(desk, invoice_line("OPEN", customer="C-2"), invoice_line("NEW", customer="C-1"))
    desk.use_case().run(older, lambda: time_left)
    while desk.queue.queued:
        desk.go_on()
    found = [
        desk.invoice(number, customer).state
        for number, customer in (("PAID", "C-1"), ("OPEN", "C-2"), ("NEW", "C-1"))
    ]
    assert found == [InvoiceState.PRESUMED_SETTLED, InvoiceState.OPEN, InvoiceState.OPEN]
    report = desk.written(INVOICES)
    assert (report["new"], report["presumed_settled"]) == (2, 2)
    assert "uploaded later" in report["warnings"][0]


def test_a_list_that_was_undone_is_no_reason_to_presume_anything() -> None:
    desk = Desk()
    older = desk.put(INVOICES, text(INVOICE_HEADER, [invoice_line("INV-1")]))
    listed = snapshot(desk, invoice_line("INV-2"))
    undoing = UndoImport(desk.house.events())
    ImportDesk(desk.imports, desk.reports, desk.reports, desk.imports, desk.queue, undoing).undo(
        listed.upload.id
    )
    desk.run(older)
    assert desk.invoice("INV-1").state is InvoiceState.OPEN


def test_a_list_that_is_released_after_a_later_one_settles_nothing_that_one_has() -> None:
    desk = Desk()
    desk.invoices(invoice_line("INV-1"))
    held = snapshot(desk)
    later = desk.put("snapshots/later.csv", text(INVOICE_HEADER, [invoice_line("INV-1")]), NINE + 2 * HOUR)
    desk.run(later)
    report = desk.use_case().go_on(Again(held.upload.id, is_released=True))
    assert report is not None
    assert (report.outcome, report.presumed_settled) == (Outcome.DONE, 0)
    assert desk.invoice().state is InvoiceState.OPEN
