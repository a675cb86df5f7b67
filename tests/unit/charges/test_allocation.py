from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.charges.allocation import Allocation, allocate
from tests.support.builders import DUE, an_invoice, money

DAY = timedelta(days=1)
NEW = an_invoice("INV-1", due=DUE)
OLD = an_invoice("INV-2", due=DUE - DAY, minor=50_00)
OLD_TOO = an_invoice("INV-3", due=DUE - DAY, minor=20_00)
CREDIT = an_invoice("CN-1", due=DUE, minor=-30_00)


def said(allocation: Allocation) -> tuple[list[tuple[str, int]], int]:
    return [(line.number, line.amount.minor) for line in allocation.lines], allocation.left_over.minor


def test_the_oldest_is_paid_first_and_of_one_day_the_lower_number() -> None:
    assert said(allocate(money(100_00), [NEW, OLD_TOO, OLD])) == (
        [("INV-2", 50_00), ("INV-3", 20_00), ("INV-1", 30_00)],
        0,
    )


def test_a_part_payment_goes_as_far_as_it_reaches() -> None:
    assert said(allocate(money(10_00), [NEW, OLD])) == ([("INV-2", 10_00)], 0)


def test_what_nothing_is_due_for_is_left_over() -> None:
    assert said(allocate(money(200_00), [NEW, OLD])) == ([("INV-2", 50_00), ("INV-1", 100_00)], 50_00)


def test_what_the_payer_names_comes_first_in_that_order_and_the_rest_is_for_the_oldest() -> None:
    assert said(allocate(money(125_00), [OLD, OLD_TOO, NEW], ["INV-1", "INV-3"])) == (
        [("INV-1", 100_00), ("INV-3", 20_00), ("INV-2", 5_00)],
        0,
    )


def test_an_invoice_that_is_named_twice_is_paid_once() -> None:
    assert said(allocate(money(110_00), [NEW], ["INV-1", "INV-1"])) == ([("INV-1", 100_00)], 10_00)


def test_a_credit_note_pays_what_the_money_does_not_reach_and_no_more() -> None:
    assert said(allocate(money(70_00), [NEW, CREDIT])) == ([("INV-1", 100_00), ("CN-1", -30_00)], 0)
    assert said(allocate(money(90_00), [NEW, CREDIT])) == ([("INV-1", 100_00), ("CN-1", -10_00)], 0)
    assert said(allocate(money(50_00), [NEW, CREDIT])) == ([("INV-1", 80_00), ("CN-1", -30_00)], 0)


def test_a_credit_note_is_left_alone_where_the_money_is_enough() -> None:
    assert said(allocate(money(100_00), [NEW, CREDIT])) == ([("INV-1", 100_00)], 0)
    assert said(allocate(money(130_00), [NEW, CREDIT])) == ([("INV-1", 100_00)], 30_00)


def test_no_money_at_all_uses_up_credit_notes() -> None:
    assert said(allocate(money(0), [NEW, CREDIT])) == ([("INV-1", 30_00), ("CN-1", -30_00)], 0)


def test_a_credit_note_that_is_named_is_used_before_an_older_one() -> None:
    older = an_invoice("CN-0", due=DUE - DAY, minor=-30_00)
    assert said(allocate(money(80_00), [NEW, older, CREDIT], ["CN-1"])) == (
        [("INV-1", 100_00), ("CN-1", -20_00)],
        0,
    )


@pytest.mark.parametrize(
    "state", [InvoiceState.PAID, InvoiceState.VOID, InvoiceState.WRITTEN_OFF, InvoiceState.PRESUMED_SETTLED]
)
def test_nothing_goes_to_an_invoice_that_is_closed(state: InvoiceState) -> None:
    assert said(allocate(money(10_00), [an_invoice(state=state)])) == ([], 10_00)


def test_invoices_in_another_currency_are_not_served() -> None:
    euros = an_invoice("INV-9", due=DUE - 9 * DAY, currency="EUR")
    assert said(allocate(money(10_00), [euros, NEW])) == ([("INV-1", 10_00)], 0)
    assert said(allocate(money(10_00), [euros])) == ([], 10_00)


def test_a_named_invoice_that_is_not_there_or_in_another_currency_is_refused() -> None:
    with pytest.raises(ValueError, match=r"there is no invoice X-1: name some .* \(INV-1, INV-2\)"):
        allocate(money(1), [OLD, NEW], ["X-1"])
    with pytest.raises(ValueError, match="INV-9 is in EUR, and the payment in GBP: leave it out"):
        allocate(money(1), [an_invoice("INV-9", currency="EUR")], ["INV-9"])


def test_money_that_went_back_is_no_payment() -> None:
    with pytest.raises(ValueError, match=r"a payment of GBP -0.01: money that went back is no payment"):
        allocate(money(-1), [NEW])


_INVOICES = st.lists(
    st.builds(
        lambda number, days, minor, currency: an_invoice(
            f"N-{number}", due=DUE + days * DAY, minor=minor, currency=currency
        ),
        st.integers(0, 30),
        st.integers(-5, 5),
        st.integers(-100, 200).filter(bool),
        st.sampled_from(["GBP", "EUR"]),
    ),
    max_size=8,
    unique_by=lambda invoice: invoice.number,
)


@given(st.integers(0, 700), _INVOICES, st.data())
def test_no_money_is_made_or_lost_and_nobody_gets_more_than_is_due(
    minor: int, invoices: list[Invoice], data: st.DataObject
) -> None:
    ours = [invoice.number for invoice in invoices if invoice.total.currency == "GBP"]
    named = data.draw(st.lists(st.sampled_from(ours), max_size=3)) if ours else []
    payment = money(minor)
    allocation = allocate(payment, invoices, named)
    assert sum((line.amount for line in allocation.lines), allocation.left_over) == payment
    assert allocation.left_over.minor >= 0
    due = {invoice.number: invoice.amount_due for invoice in invoices}
    for line in allocation.lines:
        assert line.number in ours
        low, high = sorted((0, due[line.number].minor))
        assert low <= line.amount.minor <= high
        assert line.amount.minor


@given(st.integers(0, 700), _INVOICES, st.data())
def test_nobody_is_served_before_those_in_front_have_all(
    minor: int, invoices: list[Invoice], data: st.DataObject
) -> None:
    ours = [invoice for invoice in invoices if invoice.total.currency == "GBP"]
    named = data.draw(st.lists(st.sampled_from([one.number for one in ours]), unique=True)) if ours else []
    allocation = allocate(money(minor), invoices, named)
    got = {line.number: line.amount for line in allocation.lines}
    queue = sorted(
        ours,
        key=lambda one: (
            named.index(one.number) if one.number in named else len(named),
            one.due_date,
            one.number,
        ),
    )
    for sign in (1, -1):
        of_a_kind = [one for one in queue if one.amount_due.minor * sign > 0]
        full = [got.get(one.number, Money(0, "GBP")) == one.amount_due for one in of_a_kind]
        served = [one.number in got for one in of_a_kind]
        assert all(ahead for ahead, behind in zip(full, served[1:], strict=False) if behind)
    if allocation.left_over.minor:
        assert not any(line.amount.minor < 0 for line in allocation.lines)
        assert all(got[one.number] == one.amount_due for one in ours if one.amount_due.minor > 0)
