"""Files that take more than one run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.application.import_file import Limits
from tactful.application.import_ports import Again
from tactful.application.import_report import ImportReport, Outcome
from tactful.application.upload import ImportState, Upload
from tactful.imports.statements import RowOutcome
from tests.support.builders import NINE
from tests.unit.adapters.profile_samples_reports import WAVE_LEDGER
from tests.unit.application.importing import INVOICE_HEADER, INVOICES, Desk, invoice_line, text

SMALL = Limits(at_once=3, reserve=timedelta(minutes=1))
NO_TIME = timedelta(seconds=59)
LINES = [
    *(invoice_line(f"INV-{number}", customer=f"C-{number % 4}") for number in range(7)),
    invoice_line("INV-7", status="lost"),
    invoice_line("INV-8", customer="", name="Somebody else"),
]


def run(desk: Desk, upload: Upload, time_left: timedelta = NO_TIME) -> ImportReport:
    """The first run."""
    report = desk.use_case().run(upload, lambda: time_left)
    assert report is not None
    return report


def through(desk: Desk, upload: Upload) -> list[ImportReport]:
    """All runs that it takes."""
    reports = [run(desk, upload)]
    while desk.queue.queued:
        report = desk.go_on(NO_TIME)
        assert report is not None
        reports.append(report)
    return reports


def uploaded(desk: Desk) -> Upload:
    return desk.put(INVOICES, text(INVOICE_HEADER, LINES))


def test_a_file_that_takes_several_runs_is_reported_as_if_it_had_taken_one() -> None:
    split, whole = Desk(limits=SMALL), Desk()
    reports = through(split, uploaded(split))
    whole.run(uploaded(whole))
    assert [report.outcome for report in reports] == [Outcome.PAUSED] * 3 + [Outcome.DONE]
    assert reports[-1].records == {RowOutcome.NEW: 8, RowOutcome.REJECTED: 1}
    assert split.written(INVOICES) == whole.written(INVOICES) | {"parts": 4}
    csv = f"reports/{INVOICES}.rejected.csv"
    assert split.reports.written[csv] == whole.reports.written[csv]
    for customer in ("C-0", "C-1", "C-2", "C-3", "Somebody else"):
        assert split.account(customer).invoices == whole.account(customer).invoices


def test_the_rejected_rows_are_written_by_a_run_of_their_own_when_time_is_short() -> None:
    desk = Desk(limits=replace(SMALL, at_once=100))
    assert run(desk, uploaded(desk)).outcome is Outcome.PAUSED
    report = desk.go_on(NO_TIME)
    assert report is not None
    assert (report.outcome, report.rejected_file) == (Outcome.DONE, f"reports/{INVOICES}.rejected.csv")


def test_with_time_left_one_run_is_enough() -> None:
    desk = Desk(limits=SMALL)
    assert run(desk, uploaded(desk), timedelta(minutes=1)).outcome is Outcome.DONE
    assert desk.queue.queued == []


def test_there_is_no_report_before_the_end() -> None:
    desk = Desk(limits=SMALL)
    upload = uploaded(desk)
    run(desk, upload)
    assert desk.reports.written == {}
    record = desk.imports.find(upload.id)
    assert record is not None
    assert record.state is ImportState.IMPORTING


def test_a_run_that_was_asked_for_twice_is_done_once() -> None:
    desk = Desk(limits=SMALL)
    upload = uploaded(desk)
    run(desk, upload)
    (asked,) = desk.queue.queued
    desk.go_on()
    assert desk.use_case().go_on(asked) is None
    assert desk.use_case().go_on(Again("zzzzzzzzzz", 1)) is None
    while desk.queue.queued:
        desk.go_on()
    assert desk.use_case().go_on(asked) is None
    assert desk.written(INVOICES)["rows"] == 9


def test_a_run_that_broke_off_is_done_again_from_where_the_last_had_ended() -> None:
    desk = Desk(limits=SMALL)
    upload = uploaded(desk)
    run(desk, upload)
    desk.queue.queued.clear()
    desk.run(upload)
    assert desk.written(INVOICES)["rows"] == 9
    assert desk.written(INVOICES)["new"] == 8


def test_rows_that_contradict_each_other_in_different_runs_are_both_rejected() -> None:
    desk = Desk(limits=SMALL)
    lines = [invoice_line("INV-X", total="10.00"), *LINES[:6], invoice_line("INV-X", total="20.00")]
    reports = through(desk, desk.put(INVOICES, text(INVOICE_HEADER, lines)))
    assert reports[-1].records == {RowOutcome.NEW: 6, RowOutcome.REJECTED: 2}
    assert [row["records"] for row in desk.written(INVOICES)["rejected_rows"]] == [[2], [9]]


def test_a_file_whose_settings_change_meanwhile_is_read_from_the_start() -> None:
    desk = Desk(limits=SMALL)
    upload = uploaded(desk)
    run(desk, upload)
    desk.put(f"{INVOICES}.settings.yaml", b"terms_days: 14\n")
    while desk.queue.queued:
        desk.go_on()
    assert desk.written(INVOICES)["rows"] == 9
    assert desk.written(INVOICES)["parts"] == 4


def test_nobody_is_reminded_while_the_rest_of_a_long_file_is_waited_for() -> None:
    desk = Desk(limits=replace(SMALL, bytes_a_run=len(text(INVOICE_HEADER, LINES)) // 2))
    run(desk, uploaded(desk))
    (first, *_) = desk.house.store.page("", 10).keys
    action = desk.house.account(first).next_action_at
    assert action is not None
    assert action >= NINE + 3 * timedelta(minutes=15)


def test_a_ledger_may_take_several_runs_although_its_invoices_stand_all_over_it() -> None:
    split, whole = (
        Desk(limits=replace(SMALL, at_once=at_once), defaults=WAVE_LEDGER.settings) for at_once in (1, 100)
    )
    content = WAVE_LEDGER.text.encode()
    reports = through(split, split.put(INVOICES, content))
    whole.run(whole.put(INVOICES, content))
    assert len(reports) > 2
    written = split.written(INVOICES) | {"customers": whole.written(INVOICES)["customers"]}
    assert written == whole.written(INVOICES) | {"parts": len(reports)}


def test_what_cannot_be_taken_over_is_told_once_in_the_order_of_the_file() -> None:
    desk = Desk(limits=replace(SMALL, at_once=1))
    desk.invoices(invoice_line("INV-B", customer="B"))
    desk.house.pay(60_00, number="INV-B")
    lines = [
        invoice_line("INV-A", customer="A", status="lost"),
        invoice_line("INV-B", customer="B", currency="EUR"),
        invoice_line("INV-C", customer="C"),
        invoice_line("INV-C", customer="C"),
        invoice_line("INV-D", customer="D", status="lost"),
        invoice_line("INV-E", customer="E"),
    ]
    upload = desk.put(INVOICES, text(INVOICE_HEADER, lines), NINE + timedelta(days=1))
    assert len(through(desk, upload)) > 2
    report = desk.written(INVOICES)
    assert [row["records"] for row in report["rejected_rows"]] == [[2], [3], [6]]
    assert (report["rejected"], report["ignored"], report["new"]) == (3, 1, 2)
    assert [one["invoice_number"] for one in report["first_invoices"]] == ["INV-B", "INV-C", "INV-E"]
    csv = desk.reports.written[f"reports/{INVOICES}.rejected.csv"]
    assert [line.split(",")[0] for line in csv.splitlines()[1:]] == ["INV-A", "INV-B", "INV-D"]


def test_a_file_of_rejected_rows_alone_counts_them_once_however_often_it_is_left_off() -> None:
    desk = Desk(limits=SMALL)
    desk.invoices(*(invoice_line(f"OLD-{number}", customer=f"O-{number}") for number in range(250)))
    key = "snapshots/open.csv"
    lost = [invoice_line(f"INV-{number}", status="lost") for number in range(3)]
    held = desk.run(desk.put(key, text(INVOICE_HEADER, lost), NINE + timedelta(days=1)))
    desk.use_case().go_on(Again(held.upload.id, is_released=True), lambda: NO_TIME)
    assert desk.queue.queued != []
    while desk.queue.queued:
        desk.go_on(NO_TIME)
    report = desk.written(key)
    assert (report["rejected"], report["presumed_settled"]) == (3, 250)


@pytest.mark.parametrize("at_once", [1, 2, 4, 100])
def test_where_the_runs_end_makes_no_difference(at_once: int) -> None:
    desk = Desk(limits=replace(SMALL, at_once=at_once))
    reports = through(desk, uploaded(desk))
    assert reports[-1].counts()["rows"] == 9
    assert sum(desk.written(INVOICES)[word] for word in ("new", "rejected")) == 9
