from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.invoice import Discount, Invoice, InvoiceKind, InvoiceState
from tactful.domain.book.money import Money, MoneyError
from tests.support.builders import DUE, an_invoice, money

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, 8, tzinfo=UTC)
WEDNESDAY = datetime(2026, 3, 4, 8, tzinfo=UTC)

_LATER_STATEMENTS = st.builds(
    lambda reported, state: an_invoice(reported=reported, state=state, reported_at=WEDNESDAY),
    st.integers(0, 100_00),
    st.sampled_from(InvoiceState),
)


def test_what_is_due_is_the_smaller_of_what_the_books_and_the_payments_say() -> None:
    assert an_invoice(reported=60_00).amount_due == money(60_00)
    assert an_invoice(received=70_00).amount_due == money(30_00)
    assert an_invoice(reported=60_00, received=70_00).amount_due == money(30_00)


@pytest.mark.parametrize("state", [InvoiceState.PAID, InvoiceState.VOID, InvoiceState.WRITTEN_OFF])
def test_nothing_is_due_on_a_closed_invoice(state: InvoiceState) -> None:
    assert an_invoice(state=state).amount_due == money(0)


def test_a_credit_note_is_due_to_the_client() -> None:
    credit = an_invoice(minor=-40_00, reported=-25_00)
    assert credit.is_credit
    assert credit.amount_due == money(-25_00)


def test_part_of_the_money_leaves_the_rest_due() -> None:
    paid = an_invoice().with_payment(money(40_00))
    assert (paid.state, paid.amount_due) == (InvoiceState.OPEN, money(60_00))


@pytest.mark.parametrize("state", [InvoiceState.OPEN, InvoiceState.DISPUTED])
def test_the_whole_money_closes_an_invoice(state: InvoiceState) -> None:
    assert an_invoice(state=state).with_payment(money(100_00)).state is InvoiceState.PAID


def test_too_much_money_leaves_nothing_due() -> None:
    assert an_invoice().with_payment(money(150_00)).amount_due == money(0)


@pytest.mark.parametrize("state", [InvoiceState.VOID, InvoiceState.WRITTEN_OFF])
def test_money_on_a_void_or_written_off_invoice_does_not_change_what_it_is(state: InvoiceState) -> None:
    assert an_invoice(state=state).with_payment(money(100_00)).state is state


def test_money_in_another_currency_is_refused() -> None:
    with pytest.raises(MoneyError, match="GBP and EUR"):
        an_invoice().with_payment(money(100_00, "EUR"))


def test_the_rest_paid_after_a_part_that_only_the_books_know_of_leaves_nothing_due() -> None:
    part_paid_by_cheque = an_invoice(reported=60_00, reported_at=MONDAY)
    assert part_paid_by_cheque.with_payment(money(60_00)).state is InvoiceState.PAID


def test_money_that_the_books_may_have_counted_already_is_known_as_such() -> None:
    statement = an_invoice(reported=60_00, reported_at=TUESDAY)
    assert statement.may_have_counted(MONDAY)
    assert not statement.may_have_counted(WEDNESDAY)
    assert not an_invoice(reported_at=TUESDAY).may_have_counted(MONDAY)


def test_a_reversal_that_comes_before_its_payment_leaves_the_whole_due() -> None:
    assert an_invoice().with_reversal(money(100_00)).with_payment(money(100_00)).amount_due == money(100_00)


def test_money_that_did_not_stay_reopens_a_paid_invoice() -> None:
    returned = an_invoice().with_payment(money(100_00)).with_reversal(money(100_00))
    assert (returned.state, returned.amount_due) == (InvoiceState.OPEN, money(100_00))


def test_money_that_did_not_stay_is_due_again_though_the_books_say_paid() -> None:
    closed_by_the_books = an_invoice(state=InvoiceState.PAID, reported=0, reported_at=MONDAY)
    returned = closed_by_the_books.with_reversal(money(30_00))
    assert (returned.state, returned.amount_due) == (InvoiceState.OPEN, money(30_00))


def test_a_reversal_never_makes_more_due_than_the_total() -> None:
    assert an_invoice().with_reversal(money(40_00)).amount_due == money(100_00)


def test_only_what_was_paid_here_comes_back_with_its_reversal() -> None:
    part_paid_by_cheque = an_invoice(reported=60_00, reported_at=MONDAY)
    returned = part_paid_by_cheque.with_payment(money(60_00)).with_reversal(money(60_00))
    assert (returned.state, returned.amount_due) == (InvoiceState.OPEN, money(60_00))


@pytest.mark.parametrize(
    "state", [InvoiceState.DISPUTED, InvoiceState.VOID, InvoiceState.WRITTEN_OFF, InvoiceState.OPEN]
)
def test_a_reversal_reopens_nothing_but_a_paid_invoice(state: InvoiceState) -> None:
    assert an_invoice(state=state, received=10_00).with_reversal(money(10_00)).state is state


def test_a_newer_statement_is_taken_over() -> None:
    known = an_invoice(reported_at=MONDAY)
    newer = an_invoice(due=date(2026, 3, 9), reported=80_00, reported_at=TUESDAY)
    assert known.with_report(newer) == newer


def test_a_file_uploaded_earlier_changes_nothing() -> None:
    known = an_invoice(reported=50_00, reported_at=TUESDAY)
    assert known.with_report(an_invoice(reported_at=MONDAY)) is known


def test_a_statement_that_says_nothing_new_changes_nothing() -> None:
    known = an_invoice(reported_at=MONDAY)
    assert known.with_report(an_invoice(reported_at=TUESDAY)) is known


def test_a_stale_file_that_is_uploaded_again_does_not_undo_a_payment() -> None:
    paid = an_invoice(reported_at=MONDAY).with_payment(money(100_00))
    assert paid.with_report(an_invoice(reported_at=WEDNESDAY)).state is InvoiceState.PAID


def test_a_stale_file_does_not_undo_a_part_payment() -> None:
    part_paid = an_invoice(reported_at=MONDAY).with_payment(money(30_00))
    assert part_paid.with_report(an_invoice(reported_at=WEDNESDAY)).amount_due == money(70_00)


def test_a_stale_file_does_not_undo_the_payment_of_the_rest() -> None:
    part_paid_by_cheque = an_invoice(reported=60_00, reported_at=MONDAY)
    paid = part_paid_by_cheque.with_payment(money(60_00))
    assert paid.with_report(an_invoice(reported=60_00, reported_at=WEDNESDAY)).state is InvoiceState.PAID


def test_a_statement_with_nothing_left_due_closes_an_invoice() -> None:
    known = an_invoice(reported_at=MONDAY)
    assert known.with_report(an_invoice(reported=0, reported_at=TUESDAY)).state is InvoiceState.PAID


def test_the_books_may_close_an_invoice_that_was_paid_elsewhere() -> None:
    known = an_invoice(reported_at=MONDAY)
    closed = known.with_report(an_invoice(state=InvoiceState.WRITTEN_OFF, reported_at=TUESDAY))
    assert closed.state is InvoiceState.WRITTEN_OFF


def test_the_currency_of_an_invoice_with_payments_cannot_change() -> None:
    part_paid = an_invoice(reported_at=MONDAY).with_payment(money(30_00))
    with pytest.raises(MoneyError, match=r"currency: EUR, but GBP 30\.00 has been paid"):
        part_paid.with_report(an_invoice(currency="EUR", reported_at=TUESDAY))


def test_the_currency_of_an_invoice_without_payments_may_be_corrected() -> None:
    corrected = an_invoice(reported_at=MONDAY).with_report(an_invoice(currency="EUR", reported_at=TUESDAY))
    assert corrected.amount_due == money(100_00, "EUR")


@given(st.lists(st.integers(1, 60_00), max_size=5), _LATER_STATEMENTS)
def test_no_file_makes_more_due_than_the_payments_leave(amounts: list[int], statement: Invoice) -> None:
    invoice = an_invoice(reported_at=MONDAY)
    for minor in amounts:
        invoice = invoice.with_payment(Money(minor, "GBP"))
    assert invoice.with_report(statement).amount_due.minor <= max(0, 100_00 - sum(amounts))


@given(st.lists(st.integers(1, 60_00), max_size=5), _LATER_STATEMENTS)
def test_the_same_statement_again_changes_nothing(amounts: list[int], statement: Invoice) -> None:
    invoice = an_invoice(reported_at=MONDAY)
    for minor in amounts:
        invoice = invoice.with_payment(Money(minor, "GBP"))
    once = invoice.with_report(statement)
    assert once.with_report(statement) == once


@given(st.integers(0, 100_00), st.lists(st.tuples(st.booleans(), st.integers(1, 150_00)), max_size=6))
def test_what_is_due_stays_between_nothing_and_the_total(
    reported: int, movements: list[tuple[bool, int]]
) -> None:
    invoice = replace(an_invoice(reported_at=MONDAY), reported=Money(reported, "GBP"))
    for came_in, minor in movements:
        amount = Money(minor, "GBP")
        invoice = invoice.with_payment(amount) if came_in else invoice.with_reversal(amount)
        assert 0 <= invoice.amount_due.minor <= 100_00


def test_books_that_repeat_that_an_overdue_invoice_is_unpaid_are_remembered_once_a_week() -> None:
    known = an_invoice(due=date(2026, 3, 1), reported_at=MONDAY)
    within = an_invoice(due=date(2026, 3, 1), reported_at=MONDAY + timedelta(days=6, hours=23))
    assert known.with_report(within) is known
    again = known.with_report(replace(within, reported_at=MONDAY + timedelta(days=7)))
    assert again == replace(known, seen_due_at=MONDAY + timedelta(days=7))
    assert again.with_report(replace(within, reported_at=MONDAY + timedelta(days=13))) is again
    later = MONDAY + timedelta(days=14)
    assert again.with_report(replace(within, reported_at=later)).last_report_at == later


@pytest.mark.parametrize(("due", "is_remembered"), [(date(2026, 3, 8), True), (date(2026, 3, 9), False)])
def test_books_that_repeat_what_is_not_overdue_yet_are_not_remembered(
    due: date,
    is_remembered: bool,  # noqa: FBT001
) -> None:
    known = an_invoice(due=due, reported_at=MONDAY)
    again = known.with_report(an_invoice(due=due, reported_at=MONDAY + timedelta(days=7)))
    assert (again.seen_due_at is not None) == is_remembered


def test_books_that_repeat_that_an_invoice_is_paid_are_not_remembered() -> None:
    known = an_invoice(reported=0, state=InvoiceState.PAID, reported_at=MONDAY)
    report = replace(known, reported_at=MONDAY + timedelta(days=60))
    assert known.with_report(report) is known


def test_statements_without_a_time_are_taken_as_they_come() -> None:
    known = an_invoice(due=date(2026, 1, 1))
    assert known.with_report(an_invoice(due=date(2026, 1, 1))) is known
    assert known.with_report(an_invoice(due=date(2026, 1, 1), reported_at=MONDAY)) is known
    timed = an_invoice(due=date(2026, 1, 1), reported_at=MONDAY)
    assert timed.with_report(an_invoice(due=date(2026, 1, 1))) is timed


def test_a_file_from_before_the_last_repetition_changes_nothing() -> None:
    known = replace(an_invoice(reported_at=MONDAY), seen_due_at=WEDNESDAY)
    assert known.with_report(an_invoice(reported=0, reported_at=TUESDAY)) is known
    assert known.last_report_at == WEDNESDAY


def test_news_of_the_books_start_the_week_anew() -> None:
    known = replace(an_invoice(reported_at=MONDAY), seen_due_at=TUESDAY)
    news = known.with_report(an_invoice(reported=50_00, reported_at=WEDNESDAY))
    assert (news.seen_due_at, news.last_report_at) == (None, WEDNESDAY)


def test_what_was_noted_here_outlives_a_newer_statement() -> None:
    known = replace(an_invoice(reported_at=MONDAY), was_disputed=True, paid_on=DUE, settled_on=DUE)
    after = known.with_report(an_invoice(reported=50_00, reported_at=TUESDAY))
    assert (after.was_disputed, after.paid_on, after.settled_on) == (True, DUE, DUE)
    assert after.reported == money(50_00)


def test_a_date_of_settlement_that_the_books_state_replaces_the_one_noted_here() -> None:
    known = replace(an_invoice(reported_at=MONDAY), settled_on=DUE)
    stated = replace(an_invoice(reported_at=TUESDAY), settled_on=date(2026, 2, 20))
    assert known.with_report(stated).settled_on == date(2026, 2, 20)


def test_a_statement_takes_over_the_kind_and_the_discount() -> None:
    discount = Discount(money(2_00), date(2026, 2, 20))
    stated = replace(an_invoice(reported_at=TUESDAY), kind=InvoiceKind.DEPOSIT, discount=discount)
    after = an_invoice(reported_at=MONDAY).with_report(stated)
    assert (after.kind, after.discount) == (InvoiceKind.DEPOSIT, discount)
