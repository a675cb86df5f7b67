"""What a person does about imports: looking, taking back, letting pass."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tactful.application.import_desk import ImportDesk
from tactful.application.import_ports import Again
from tactful.application.import_report import Outcome
from tactful.application.undo_import import UndoImport
from tactful.application.upload import ImportState
from tactful.domain.book.customer import account_key
from tactful.domain.book.invoice import InvoiceState
from tests.support.builders import NINE, money
from tests.unit.application.importing import (
    INVOICE_HEADER,
    INVOICES,
    Desk,
    customer_line,
    invoice_line,
    text,
)

HOUR = timedelta(hours=1)


def person_at(desk: Desk) -> ImportDesk:
    undoing = UndoImport(desk.house.events())
    return ImportDesk(desk.imports, desk.reports, desk.reports, desk.imports, desk.queue, undoing)


def state(desk: Desk, import_id: str) -> ImportState:
    return person_at(desk).show(import_id)[0].state


def test_imports_are_listed_the_last_first_with_what_became_of_them() -> None:
    desk = Desk()
    first = desk.invoices(invoice_line())
    second = desk.run(desk.put("invoices/empty.csv", b"", NINE + HOUR))
    records = person_at(desk).list()
    assert [(record.id, record.state) for record in records] == [
        (second.upload.id, ImportState.REFUSED),
        (first.upload.id, ImportState.DONE),
    ]
    assert records[1].counts["new"] == 1
    assert records[0].said == second.said


def test_the_report_of_an_import_is_shown_until_a_later_version_has_its_own() -> None:
    desk = Desk()
    first = desk.invoices(invoice_line())
    _, report = person_at(desk).show(first.upload.id)
    assert report is not None
    assert report["rows"] == 1
    desk.invoices(invoice_line("INV-2"), at=NINE + HOUR)
    assert person_at(desk).show(first.upload.id)[1] is None


def test_undoing_makes_the_book_what_it_was() -> None:
    desk = Desk()
    desk.invoices(invoice_line())
    before = desk.account()
    report = desk.invoices(
        invoice_line(amount_due="40.00"), invoice_line("INV-2"), invoice_line(customer="C-2"), at=NINE + HOUR
    )
    undone = person_at(desk).undo(report.upload.id)
    assert (undone.accounts, undone.restored, undone.removed, undone.refused) == (2, 1, 2, [])
    assert desk.account().invoices == before.invoices
    assert desk.account("C-2").invoices == ()
    assert state(desk, report.upload.id) is ImportState.UNDONE
    assert desk.written(INVOICES)["outcome"] == "undone"


def test_only_accounts_that_the_import_changed_are_looked_at() -> None:
    desk = Desk()
    desk.invoices(invoice_line(), invoice_line(customer="C-2"))
    report = desk.invoices(
        invoice_line(amount_due="1.00"), invoice_line(customer="C-2"), at=NINE + HOUR, key="invoices/b.csv"
    )
    assert person_at(desk).undo(report.upload.id).accounts == 1


def test_what_was_undone_is_not_done_again_by_the_same_event_but_by_a_new_upload() -> None:
    desk = Desk()
    content = text(INVOICE_HEADER, [invoice_line()])
    upload = desk.put(INVOICES, content)
    desk.run(upload)
    person_at(desk).undo(upload.id)
    assert desk.run(upload).outcome is Outcome.UNDONE
    assert desk.account().invoices == ()
    again = desk.run(desk.put(INVOICES, content, NINE + HOUR))
    assert again.outcome is Outcome.DONE
    assert desk.invoice().amount_due == money(100_00)


def test_an_import_on_which_somebody_was_written_to_stays_and_can_be_tried_again() -> None:
    desk = Desk()
    desk.customers(customer_line())
    report = desk.invoices(invoice_line(), invoice_line(customer="C-2"))
    desk.house.run_for(timedelta(days=1))
    undone = person_at(desk).undo(report.upload.id)
    assert [customer for customer, _ in undone.refused] == ["C-1"]
    assert desk.invoice().state is InvoiceState.OPEN
    assert desk.account("C-2").invoices == ()
    record, _ = person_at(desk).show(report.upload.id)
    assert (record.state, record.said) == (ImportState.DONE, "1 customers could not be put back")


def test_undoing_a_snapshot_opens_what_it_had_presumed_settled() -> None:
    desk = Desk()
    desk.invoices(invoice_line(), invoice_line("INV-2", customer="C-2"))
    content = text(INVOICE_HEADER, [invoice_line()])
    report = desk.run(desk.put("snapshots/open.csv", content, NINE + HOUR))
    assert desk.invoice("INV-2", "C-2").state is InvoiceState.PRESUMED_SETTLED
    person_at(desk).undo(report.upload.id)
    assert desk.invoice("INV-2", "C-2").state is InvoiceState.OPEN


def test_a_held_snapshot_is_queued_when_it_is_released() -> None:
    desk = Desk()
    desk.invoices(invoice_line())
    held = desk.run(desk.put("snapshots/open.csv", text(INVOICE_HEADER, []), NINE + HOUR))
    assert held.outcome is Outcome.HELD
    person_at(desk).release(held.upload.id)
    assert desk.queue.queued == [Again(held.upload.id, is_released=True)]
    report = desk.use_case().go_on(desk.queue.queued.pop())
    assert report is not None
    assert report.presumed_settled == 1


def test_what_cannot_be_done_is_said() -> None:
    desk = Desk()
    person = person_at(desk)
    done = desk.invoices(invoice_line())
    refused = desk.run(desk.put("invoices/empty.csv", b"", NINE + HOUR))
    held = desk.run(desk.put("snapshots/open.csv", text(INVOICE_HEADER, []), NINE + HOUR))
    with pytest.raises(ValueError, match="there is no import 'nothing': see tactful import list"):
        person.show("nothing")
    with pytest.raises(ValueError, match="is done: only one that is held can be released"):
        person.release(done.upload.id)
    with pytest.raises(ValueError, match="is refused: only one that is done can be undone"):
        person.undo(refused.upload.id)
    later = desk.put("snapshots/open.csv", text(INVOICE_HEADER, [invoice_line()]), NINE + 2 * HOUR)
    desk.run(later)
    with pytest.raises(ValueError, match=f"a later version of .* was uploaded: see import {later.id}"):
        person.release(held.upload.id)
    del desk.reports.parts[done.upload.id]
    with pytest.raises(ValueError, match="it is too long ago"):
        person.undo(done.upload.id)


def test_an_account_that_an_undone_import_opened_is_found_by_its_name_again() -> None:
    desk = Desk()
    report = desk.invoices(invoice_line(customer="", name="New Ltd"))
    person_at(desk).undo(report.upload.id)
    desk.invoices(invoice_line("INV-9", customer="", name="new ltd"), at=NINE + HOUR)
    account = desk.house.store.load(account_key("New Ltd"))
    assert account is not None
    assert [invoice.number for invoice in account.invoices] == ["INV-9"]
