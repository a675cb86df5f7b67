from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Promise
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.book.payment import Payment, PaymentKind, record_payment
from tactful.domain.book.record import record_of
from tactful.domain.book.settlement import note_settlements
from tests.support.builders import DUE, NINE, an_account, an_invoice, money

PRESUMED = InvoiceState.PRESUMED_SETTLED
NOT_SETTLED = (InvoiceState.DRAFT, InvoiceState.VOID, InvoiceState.WRITTEN_OFF, PRESUMED)
LATER = DUE + timedelta(days=4)
LAST = DUE + timedelta(days=9)


def paid(
    account: Account, minor: int, on: date, *, number: str = "INV-1", kind: PaymentKind = PaymentKind.PAYMENT
) -> Account:
    payment = Payment(f"{kind}-{number}-{minor}-{on}", kind, number, money(minor), NINE)
    return record_payment(account, payment, on).account


def returned(account: Account, minor: int, on: date, *, number: str = "INV-1") -> Account:
    return paid(account, minor, on, number=number, kind=PaymentKind.REVERSAL)


def reported(account: Account, on: date, **statement: object) -> Account:
    """The account after the books stated INV-1 anew; what was settled by that, was on a date."""
    known = invoice_of(account)
    fresh = replace(an_invoice(reported_at=NINE + timedelta(days=1)), **statement)  # type: ignore[arg-type]
    return note_settlements(account, account.with_invoice(known.with_report(fresh)), on)


def invoice_of(account: Account, number: str = "INV-1") -> Invoice:
    invoice = account.invoice(number)
    assert invoice is not None
    return invoice


def promised(account: Account, *invoices: str, amount: int | None = None, owed: int | None = None) -> Account:
    promise = Promise(
        "p-1",
        invoices or ("INV-1",),
        LATER,
        NINE,
        amount=None if amount is None else money(amount),
        owed=None if owed is None else money(owed),
    )
    return replace(account, promises=(promise,))


def kept_on(account: Account) -> date | None:
    (promise,) = account.promises
    return promise.kept_on


def test_the_payment_that_leaves_nothing_due_settles_an_invoice_on_its_day() -> None:
    part = paid(an_account(an_invoice()), 40_00, DUE)
    assert (invoice_of(part).settled_on, invoice_of(part).paid_on) == (None, DUE)
    assert invoice_of(paid(part, 60_00, LATER)).settled_on == LATER


def test_money_for_a_settled_invoice_does_not_settle_it_again() -> None:
    settled = paid(an_account(an_invoice()), 100_00, DUE)
    assert invoice_of(paid(settled, 10_00, LATER)).settled_on == DUE


def test_an_invoice_that_nothing_happened_to_is_left_alone() -> None:
    account = an_account(an_invoice(), an_invoice("INV-2"))
    assert invoice_of(paid(account, 100_00, DUE), "INV-2") == an_invoice("INV-2")


def test_an_event_that_changes_nothing_leaves_the_account_as_it_is() -> None:
    account = an_account(an_invoice())
    assert note_settlements(account, account, DUE) is account


def test_an_invoice_that_is_due_again_is_not_settled_any_more() -> None:
    back = returned(paid(an_account(an_invoice()), 100_00, DUE), 30_00, LATER)
    assert invoice_of(back).settled_on is None
    assert invoice_of(paid(back, 30_00, LAST)).settled_on == LAST


def test_money_that_went_back_is_no_later_payment() -> None:
    back = returned(paid(an_account(an_invoice()), 50_00, DUE), 10_00, LATER)
    assert invoice_of(back).paid_on == DUE


@pytest.mark.parametrize("state", [InvoiceState.VOID, InvoiceState.WRITTEN_OFF])
def test_an_invoice_that_was_given_up_is_not_settled(state: InvoiceState) -> None:
    account = reported(an_account(an_invoice(reported_at=NINE)), LATER, state=state, settled_on=DUE)
    assert invoice_of(account).settled_on is None


def test_an_invoice_that_was_settled_and_then_given_up_counts_no_more() -> None:
    settled = paid(an_account(an_invoice(reported_at=NINE)), 100_00, DUE)
    assert invoice_of(reported(settled, LATER, state=InvoiceState.VOID)).settled_on is None


def test_books_that_have_nothing_left_due_settle_an_invoice() -> None:
    account = an_account(an_invoice(reported_at=NINE))
    assert invoice_of(reported(account, LATER, reported=money(0))).settled_on == LATER
    assert invoice_of(reported(account, LATER, state=InvoiceState.PAID)).settled_on == LATER


def test_a_disputed_invoice_that_is_paid_is_settled_and_stays_disputed_on_the_record() -> None:
    disputed = reported(an_account(an_invoice(reported_at=NINE)), DUE, state=InvoiceState.DISPUTED)
    settled = invoice_of(paid(disputed, 100_00, LATER))
    assert (settled.state, settled.settled_on, settled.was_disputed) == (InvoiceState.PAID, LATER, True)


def test_a_dispute_stays_on_the_record_when_the_books_drop_it() -> None:
    disputed = reported(an_account(an_invoice(reported_at=NINE)), DUE, state=InvoiceState.DISPUTED)
    agreed = reported(disputed, LATER, reported_at=NINE + timedelta(days=2))
    assert (invoice_of(agreed).state, invoice_of(agreed).was_disputed) == (InvoiceState.OPEN, True)
    assert not invoice_of(an_account(an_invoice())).was_disputed


def test_the_date_that_the_books_state_counts_more_than_ours_whichever_comes_first() -> None:
    fresh = an_account(an_invoice(reported_at=NINE))
    stated_later = reported(paid(fresh, 100_00, LAST), LAST, state=InvoiceState.PAID, settled_on=DUE)
    stated_first = paid(reported(fresh, DUE, state=InvoiceState.PAID, settled_on=DUE), 100_00, LAST)
    assert invoice_of(stated_later).settled_on == invoice_of(stated_first).settled_on == DUE


def test_books_settle_no_invoice_before_a_part_that_was_paid_here() -> None:
    part = paid(an_account(an_invoice(reported_at=NINE)), 40_00, LATER)
    assert invoice_of(reported(part, DUE, state=InvoiceState.PAID)).settled_on == LATER


def test_an_invoice_first_seen_as_paid_has_no_date_but_the_one_it_comes_with() -> None:
    empty = an_account()
    for stated in (None, DUE):
        seen = an_account(replace(an_invoice(state=InvoiceState.PAID), settled_on=stated))
        assert invoice_of(note_settlements(empty, seen, LATER)).settled_on == stated


def test_an_invoice_first_seen_as_disputed_is_on_the_record() -> None:
    seen = an_account(an_invoice(state=InvoiceState.DISPUTED))
    assert invoice_of(note_settlements(an_account(), seen, LATER)).was_disputed


@pytest.mark.parametrize("total", [-20_00, 0])
def test_what_never_asked_for_money_is_never_settled(total: int) -> None:
    seen = an_account(replace(an_invoice(minor=total, state=InvoiceState.PAID), settled_on=DUE))
    assert invoice_of(note_settlements(an_account(), seen, LATER)).settled_on is None


def test_a_stale_file_does_not_undo_what_a_payment_settled() -> None:
    settled = paid(an_account(an_invoice(reported_at=NINE)), 100_00, LATER)
    assert invoice_of(reported(settled, LAST)).settled_on == LATER
    assert invoice_of(reported(settled, LAST, reported_at=NINE - timedelta(days=1))).settled_on == LATER


def test_a_promise_is_kept_on_the_day_on_which_nothing_is_left_due_of_it() -> None:
    account = promised(an_account(an_invoice(), an_invoice("INV-2"), an_invoice("INV-3")), "INV-1", "INV-2")
    account = paid(account, 100_00, DUE)
    assert kept_on(account) is None
    account = paid(account, 100_00, LATER, number="INV-2")
    assert kept_on(account) == LATER
    assert kept_on(paid(account, 100_00, LAST, number="INV-3")) == LATER


def test_a_promise_is_undone_by_money_that_did_not_stay() -> None:
    account = paid(promised(an_account(an_invoice())), 100_00, DUE)
    account = returned(account, 1_00, LATER)
    assert kept_on(account) is None
    assert kept_on(paid(account, 1_00, LAST)) == LAST


@pytest.mark.parametrize(("minor", "is_kept"), [(29_99, False), (30_00, True), (30_01, True)])
def test_a_promise_of_a_part_is_kept_by_that_part(minor: int, is_kept: bool) -> None:  # noqa: FBT001
    account = promised(an_account(an_invoice(reported=80_00, reported_at=NINE)), amount=30_00, owed=80_00)
    assert kept_on(paid(account, minor, DUE)) == (DUE if is_kept else None)


def test_a_part_promised_of_an_unknown_debt_is_kept_when_all_is_paid() -> None:
    account = paid(promised(an_account(an_invoice()), amount=30_00), 99_99, DUE)
    assert kept_on(account) is None
    assert kept_on(paid(account, 1, LATER)) == LATER


def test_a_credit_among_the_invoices_of_a_promise_pays_for_no_other() -> None:
    account = promised(an_account(an_invoice(), an_invoice("CN-1", minor=-100_00)), "INV-1", "CN-1")
    assert kept_on(paid(account, 50_00, DUE)) is None
    assert kept_on(paid(account, 100_00, DUE)) == DUE


def test_a_promise_about_an_invoice_that_is_gone_is_judged_by_the_others() -> None:
    assert kept_on(paid(promised(an_account(an_invoice()), "INV-1", "INV-9"), 100_00, DUE)) == DUE


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_payments_in_any_order_settle_and_keep_on_the_day_of_the_last(order: tuple[int, ...]) -> None:
    payments = [(30_00, DUE), (50_00, LATER), (20_00, LAST)]
    account = promised(an_account(an_invoice()))
    for which in order:
        account = paid(account, *payments[which])
    assert (invoice_of(account).settled_on, kept_on(account)) == (LAST, LAST)


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_a_promise_about_two_invoices_is_kept_on_the_day_of_the_last(order: tuple[int, ...]) -> None:
    payments = [("INV-1", DUE), ("INV-2", LAST)]
    account = promised(an_account(an_invoice(), an_invoice("INV-2")), "INV-1", "INV-2")
    for which in order:
        number, day = payments[which]
        account = paid(account, 100_00, day, number=number)
    assert kept_on(account) == LAST


_days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(
    parts=st.lists(st.tuples(st.integers(1, 40_00), _days), min_size=1, max_size=6),
    data=st.data(),
)
def test_reordered_payments_come_to_the_same_end(parts: list[tuple[int, date]], data: st.DataObject) -> None:
    total = sum(minor for minor, _ in parts)
    account = promised(an_account(an_invoice(minor=total), an_invoice("INV-2")))
    in_order = in_another = account
    for minor, day in sorted(parts, key=lambda part: part[1]):
        in_order = paid(in_order, minor, day)
    for minor, day in data.draw(st.permutations(parts)):
        in_another = paid(in_another, minor, day)
    assert in_another.invoices == in_order.invoices
    assert in_another.promises == in_order.promises
    assert invoice_of(in_order).settled_on == max(day for _, day in parts)


_moves = st.lists(
    st.tuples(
        st.sampled_from(["INV-1", "INV-2"]),
        st.sampled_from([*PaymentKind, "report"]),
        st.integers(1, 100_00),
        st.sampled_from(InvoiceState),
        _days,
    ),
    max_size=12,
)


@given(_moves)
def test_the_record_counts_an_invoice_at_most_once_and_never_while_it_is_due(
    moves: list[tuple[str, PaymentKind | str, int, InvoiceState, date]],
) -> None:
    account = promised(an_account(an_invoice(reported_at=NINE), an_invoice("INV-2", reported_at=NINE)))
    disputed: set[str] = set()
    for hour, (number, kind, minor, state, day) in enumerate(moves, start=1):
        before = account
        if isinstance(kind, PaymentKind):
            account = paid(account, minor, day, number=number, kind=kind)
        elif state is PRESUMED:
            missing = invoice_of(account, number).presumed_settled(NINE + timedelta(hours=hour), "snapshot")
            account = note_settlements(account, account.with_invoice(missing), day)
        else:
            statement = an_invoice(
                number, reported=minor, state=state, reported_at=NINE + timedelta(hours=hour)
            )
            changed = account.with_invoice(invoice_of(account, number).with_report(statement))
            account = note_settlements(account, changed, day)
        disputed |= {known.number for known in account.invoices if known.state is InvoiceState.DISPUTED}
        record = record_of(account, day)
        settled = [known for known in account.invoices if known.settled_on is not None]
        assert record.settled == len(settled) <= 2
        assert record.disputes == len(disputed)
        for known in account.invoices:
            if known.amount_due.minor > 0:
                assert known.settled_on is None
            elif invoice_of(before, known.number).amount_due.minor > 0:
                assert (known.settled_on is None) == (known.state in NOT_SETTLED)
        (promise,) = account.promises
        promised_on = invoice_of(account)
        still_due = promised_on.unsettled if promised_on.state is PRESUMED else promised_on.amount_due
        assert (promise.kept_on is not None) == (still_due == Money(0, "GBP"))
