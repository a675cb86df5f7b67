from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Promise
from tactful.domain.book.record import PaymentRecord, record_of
from tests.support.builders import DUE, NINE, an_account, an_invoice


def settled(number: str, days_late: int) -> Account:
    return an_account(replace(an_invoice(number), settled_on=DUE + timedelta(days=days_late)))


def with_promises(*kept_on: date | None) -> Account:
    promises = tuple(
        Promise(f"p-{number}", ("INV-1",), DUE, NINE, kept_on=day) for number, day in enumerate(kept_on)
    )
    return replace(an_account(an_invoice()), promises=promises)


def test_a_client_of_whom_nothing_is_known_has_the_benefit_of_the_doubt() -> None:
    record = record_of(an_account(an_invoice()), DUE)
    assert record == PaymentRecord()
    assert record.share_on_time == 1.0


def test_what_was_paid_by_its_due_date_is_on_time_and_early_is_no_better() -> None:
    days_late = {"A": -10, "B": 0, "C": 1, "D": 7}
    invoices = [invoice for number, days in days_late.items() for invoice in settled(number, days).invoices]
    record = record_of(an_account(*invoices), DUE)
    assert (record.settled, record.on_time, record.share_on_time) == (4, 2, 0.5)
    assert record.mean_days_late == 2.0
    # Deviations from 2 of 0, 0, 1 and 7 days: the root of (4 + 4 + 1 + 25) / 4.
    assert record.spread_days_late == pytest.approx(2.9154759)


def test_only_settled_invoices_count_as_payments() -> None:
    both = an_account(*settled("A", 4).invoices, an_invoice("B"))
    record = record_of(both, DUE + timedelta(days=90))
    assert (record.settled, record.on_time, record.mean_days_late, record.spread_days_late) == (
        1,
        0,
        4.0,
        0.0,
    )


def test_promises_are_kept_in_time_or_broken_once_their_day_is_over() -> None:
    account = with_promises(DUE - timedelta(days=1), DUE, DUE + timedelta(days=1), None)
    on_the_day = record_of(account, DUE)
    assert (on_the_day.promises_kept, on_the_day.promises_broken) == (2, 0)
    after = record_of(account, DUE + timedelta(days=1))
    assert (after.promises_kept, after.promises_broken) == (2, 2)


def test_promises_and_disputes_are_counted_beside_payments() -> None:
    account = with_promises(DUE, None)
    disputed = replace(an_invoice("B"), was_disputed=True)
    paid = replace(an_invoice("C"), settled_on=DUE, was_disputed=True)
    record = record_of(account.with_invoice(disputed).with_invoice(paid), DUE + timedelta(days=1))
    assert (record.promises_kept, record.promises_broken, record.disputes, record.settled) == (1, 1, 2, 1)
    unpaid = record_of(account.with_invoice(disputed), DUE + timedelta(days=1))
    assert (unpaid.promises_kept, unpaid.promises_broken, unpaid.disputes, unpaid.settled) == (1, 1, 1, 0)
