"""The same file, or another version of it, once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.application.import_ports import Again, SettingsOfUploads
from tactful.application.import_report import Outcome
from tactful.application.ports import AccountStore, StoreUnavailableError
from tactful.application.upload import ImportState, Upload
from tactful.domain.book.account import Account, Change
from tactful.imports.statements import RowOutcome
from tactful.imports.upload_settings import UploadSettings
from tests.support.builders import NINE, money
from tests.unit.application.house import Eventful, out_of_reach
from tests.unit.application.importing import (
    CUSTOMER_HEADER,
    CUSTOMERS,
    INVOICE_HEADER,
    INVOICES,
    Desk,
    customer_line,
    invoice_line,
    text,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Untouchable(AccountStore):
    """A store that must not be asked."""

    def load(self, account_key: str) -> Account | None:
        raise AssertionError(account_key)

    def commit(self, before: Account | None, change: Change) -> None:
        raise AssertionError(before, change)


def again(desk: Desk, *lines: str, after: timedelta = DAY) -> str:
    """Upload invoices where no account may be looked at."""
    report = desk.run(desk.put(INVOICES, text(INVOICE_HEADER, lines), NINE + after), Untouchable())
    return report.outcome


def test_the_same_bytes_again_are_known_without_looking_at_any_account() -> None:
    desk = Desk()
    content = text(INVOICE_HEADER, [invoice_line(), invoice_line("INV-2")])
    first = desk.run(desk.put(INVOICES, content))
    same = desk.run(desk.put(INVOICES, content, NINE + DAY), Untouchable())
    assert (same.outcome, same.same_as) == (Outcome.UNCHANGED, first.upload.id)
    assert same.records == {RowOutcome.UNCHANGED: 2}
    assert desk.written(INVOICES)["same_as"] == first.upload.id
    assert desk.account().book_as_of == NINE + DAY


def test_the_same_bytes_under_another_name_are_known_too() -> None:
    desk = Desk()
    desk.invoices(invoice_line(), key="invoices/2026-03-02.csv")
    assert again(desk, invoice_line()) == Outcome.UNCHANGED


def test_a_file_of_customers_and_one_of_invoices_are_both_known_in_the_end() -> None:
    desk = Desk()
    for day in range(2):
        desk.customers(customer_line(), at=NINE + day * DAY)
        desk.invoices(invoice_line(), at=NINE + day * DAY + HOUR)
    customers = desk.put(CUSTOMERS, text(CUSTOMER_HEADER, [customer_line()]), NINE + 2 * DAY)
    assert desk.run(customers, Untouchable()).outcome is Outcome.UNCHANGED
    assert again(desk, invoice_line(), after=2 * DAY) == Outcome.UNCHANGED


def test_what_another_file_changed_since_is_changed_back() -> None:
    desk = Desk()
    desk.invoices(invoice_line())
    desk.invoices(invoice_line(amount_due="40.00"), at=NINE + HOUR, key="invoices/other.csv")
    report = desk.invoices(invoice_line(), at=NINE + DAY)
    assert report.records == {RowOutcome.CHANGED: 1}
    assert desk.invoice().amount_due == money(100_00)


def test_a_payment_recorded_since_changes_nothing_about_a_file_that_is_known() -> None:
    desk = Desk()
    desk.invoices(invoice_line())
    desk.house.pay()
    before = desk.account()
    assert again(desk, invoice_line()) == Outcome.UNCHANGED
    assert desk.account() == replace(before, book_as_of=NINE + DAY)


def test_once_a_week_the_same_file_is_compared_all_the_same() -> None:
    desk = Desk()
    desk.invoices(invoice_line())
    report = desk.invoices(invoice_line(), at=NINE + 7 * DAY)
    assert (report.outcome, report.records) == (Outcome.DONE, {RowOutcome.UNCHANGED: 1})
    assert desk.invoice().seen_due_at == NINE + 7 * DAY


def test_what_is_uploaded_every_day_is_seen_to_be_unpaid_every_week() -> None:
    desk = Desk()
    for days in range(15):
        desk.invoices(invoice_line(), at=NINE + days * DAY)
        assert desk.invoice().seen_due_at == (NINE + days // 7 * 7 * DAY if days >= 7 else None)


def test_other_settings_make_it_another_file() -> None:
    desk = Desk()
    desk.invoices(invoice_line())
    desk.defaults = UploadSettings(currency="EUR")
    assert desk.invoices(invoice_line(), at=NINE + DAY).outcome is Outcome.DONE


def test_a_file_with_rejected_rows_is_compared_again() -> None:
    desk = Desk()
    lines = invoice_line(), invoice_line("INV-2", status="lost")
    desk.invoices(*lines)
    report = desk.invoices(*lines, at=NINE + DAY)
    assert report.records == {RowOutcome.UNCHANGED: 1, RowOutcome.REJECTED: 1}


def test_an_import_that_broke_off_leaves_nothing_to_rely_on() -> None:
    desk = Desk()
    desk.invoices(invoice_line())
    store = Eventful(desk.house.store, before_commit=(1, out_of_reach))
    with pytest.raises(StoreUnavailableError):
        desk.run(desk.put("invoices/other.csv", text(INVOICE_HEADER, [invoice_line("INV-2")])), store)
    assert desk.imports.contents().files == {}


def test_an_older_version_that_comes_late_changes_nothing_and_leaves_the_report_alone() -> None:
    desk = Desk()
    older = desk.put(INVOICES, text(INVOICE_HEADER, [invoice_line()]), NINE)
    newer = desk.invoices(invoice_line(amount_due="40.00"), at=NINE + HOUR)
    report = desk.run(older)
    assert report.outcome is Outcome.SUPERSEDED
    assert newer.upload.id in report.said
    assert desk.invoice().amount_due == money(40_00)
    assert desk.written(INVOICES)["import"] == newer.upload.id
    assert desk.written(f"{INVOICES}.{older.id}")["superseded"] == report.said


def test_an_import_that_has_begun_is_finished_although_a_later_version_came() -> None:
    desk = Desk()
    lines = [invoice_line(f"INV-{number}", customer=f"C-{number}") for number in range(3)]
    older = desk.put(INVOICES, text(INVOICE_HEADER, lines))
    with pytest.raises(StoreUnavailableError):
        desk.run(older, Eventful(desk.house.store, before_commit=(2, out_of_reach)))
    desk.invoices(invoice_line("INV-0", customer="C-0", amount_due="40.00"), at=NINE + HOUR)
    assert desk.run(older).outcome is Outcome.DONE
    assert desk.invoice("INV-0", "C-0").amount_due == money(40_00)
    assert desk.invoice("INV-2", "C-2").amount_due == money(100_00)


@pytest.mark.parametrize(
    "lost", [[], [invoice_line("INV-2", status="lost")]], ids=["whole", "with a rejected row"]
)
def test_a_file_that_came_after_a_later_one_is_not_what_the_book_agrees_with(lost: list[str]) -> None:
    desk = Desk()
    lines = [invoice_line(amount_due="50.00")]
    older = desk.put("invoices/a.csv", text(INVOICE_HEADER, lines))
    desk.invoices(invoice_line(amount_due="20.00"), *lost, at=NINE + HOUR)
    desk.run(older)
    assert desk.invoice().amount_due == money(20_00)
    report = desk.invoices(*lines, at=NINE + 2 * HOUR)
    assert (report.outcome, desk.invoice().amount_due) == (Outcome.DONE, money(50_00))


def test_the_same_event_twice_reports_the_same_and_writes_nothing() -> None:
    desk = Desk()
    upload = desk.put(INVOICES, text(INVOICE_HEADER, [invoice_line(), invoice_line("INV-2", status="lost")]))
    first, before = desk.run(upload), desk.written(INVOICES)
    second = desk.run(upload, Untouchable())
    assert (second.upload.id, second.outcome, second.counts()) == (
        first.upload.id,
        first.outcome,
        first.counts(),
    )
    assert desk.written(INVOICES) == before
    assert not second.is_news


def test_settings_that_come_after_a_refused_file_make_it_be_read() -> None:
    desk = Desk()
    content = text(INVOICE_HEADER.replace("currency", "memo"), [invoice_line(currency="Brushes")])
    refused = desk.run(desk.put(INVOICES, content))
    assert refused.outcome is Outcome.REFUSED
    beside = desk.put(f"{INVOICES}.settings.yaml", b"currency: GBP\n", NINE + HOUR)
    report = desk.run(beside)
    assert (report.upload, report.outcome) == (refused.upload, Outcome.DONE)
    assert desk.invoice().amount_due == money(100_00)
    assert desk.invoice().reported_at == NINE
    record = desk.imports.find(refused.upload.id)
    assert record is not None
    assert record.state is ImportState.DONE
    assert desk.use_case().run(beside) is None


def test_settings_that_come_while_a_file_is_being_refused_are_not_overlooked() -> None:
    desk = Desk()
    content = text(INVOICE_HEADER.replace("currency", "memo"), [invoice_line(currency="Brushes")])
    upload = desk.put(INVOICES, content)
    use_case = desk.use_case()

    class Late(SettingsOfUploads):
        def settings_for(self, upload: Upload) -> UploadSettings:
            found = use_case.settings.settings_for(upload)
            desk.put(f"{INVOICES}.settings.yaml", b"currency: GBP\n")
            return found

    report = replace(use_case, settings=Late()).run(upload)
    assert report is not None
    assert (report.outcome, report.records) == (Outcome.DONE, {RowOutcome.NEW: 1})


def test_a_file_that_is_helped_or_released_is_tried_again_if_that_breaks_off() -> None:
    desk = Desk()
    content = text(INVOICE_HEADER.replace("currency", "memo"), [invoice_line(currency="Brushes")])
    desk.run(desk.put(INVOICES, content))
    beside = desk.put(f"{INVOICES}.settings.yaml", b"currency: GBP\n", NINE + HOUR)
    with pytest.raises(StoreUnavailableError):
        desk.run(beside, Eventful(desk.house.store, before_commit=(1, out_of_reach)))
    assert desk.run(beside).outcome is Outcome.DONE
    held = desk.run(desk.put("snapshots/open.csv", text(INVOICE_HEADER, []), NINE + 2 * HOUR))
    released = Again(held.upload.id, is_released=True)
    with pytest.raises(StoreUnavailableError):
        desk.use_case(Eventful(desk.house.store, before_commit=(1, out_of_reach))).go_on(released)
    report = desk.use_case().go_on(released)
    assert report is not None
    assert report.presumed_settled == 1


def test_settings_alone_or_beside_what_was_imported_do_nothing() -> None:
    desk = Desk()
    beside = desk.put(f"{INVOICES}.settings.yaml", b"currency: EUR\n")
    assert desk.use_case().run(beside) is None
    desk.invoices(invoice_line(), at=NINE + HOUR)
    assert desk.use_case().run(beside) is None
    assert desk.invoice().amount_due == money(100_00)


def test_settings_that_cannot_be_understood_refuse_the_file() -> None:
    desk = Desk()
    desk.put(f"{INVOICES}.settings.yaml", b"curency: EUR\n")
    report = desk.invoices(invoice_line())
    assert (
        report.said
        == f"{INVOICES}.settings.yaml: line 1: curency: there is no such setting (currency is meant?)"
    )


def test_an_import_has_a_short_name_that_stays() -> None:
    desk = Desk()
    upload = desk.put(INVOICES, b"")
    assert upload.id == replace(upload, at=NINE + DAY, sequencer="FF").id
    assert len(upload.id) == 10
    assert upload.id != desk.put(INVOICES, b"").id
