from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Hold, HoldKind
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.book.payment import Payment, PaymentKind, record_payment
from tactful.domain.dunning.forecast import (
    ForecastFault,
    ForecastRow,
    News,
    forecast,
)
from tests.support.builders import (
    NINE,
    a_calendar,
    a_contact,
    a_customer,
    a_policy,
    an_account,
    an_invoice,
    money,
)
from tests.support.forecasts import MIDNIGHT, WEEKS, another, rows_of


def paying(minor: int, at: datetime) -> Callable[[Account], Account]:
    def pay(account: Account) -> Account:
        payment = Payment("pay-1", PaymentKind.PAYMENT, "INV-1", money(minor), at)
        return record_payment(account, payment, at.date()).account

    return pay


def test_a_payment_in_the_news_stops_the_reminders_and_is_thanked_for() -> None:
    account = an_account(an_invoice())
    paid_at = datetime(2026, 3, 10, 12, tzinfo=UTC)
    rows = rows_of(account, news=[News(paid_at, account.key, paying(100_00, paid_at))])
    assert [(row.at, row.reminder.stage) for row in rows] == [
        (NINE, "due"),
        (datetime(2026, 3, 5, 9, tzinfo=UTC), "overdue_3"),
        (paid_at, "thank_you"),
    ]


def test_news_at_the_instant_of_a_message_come_first() -> None:
    account = an_account(an_invoice())
    assert rows_of(account, news=[News(NINE, account.key, lambda known: replace(known, invoices=()))]) == []


def test_news_wake_an_account_that_had_nothing_to_do() -> None:
    account = an_account()
    bills = News(NINE, account.key, lambda known: known.with_invoice(an_invoice()))
    assert rows_of(account, news=[bills])[0].at == NINE


def test_news_from_before_the_start_have_happened_when_it_starts() -> None:
    account = an_account(an_invoice())
    void = an_invoice(state=InvoiceState.VOID)
    old = News(MIDNIGHT - WEEKS, account.key, lambda known: known.with_invoice(void))
    assert rows_of(account, news=[old]) == []


def test_news_after_the_end_do_not_happen() -> None:
    account = an_account()
    late = News(MIDNIGHT + WEEKS, account.key, lambda known: known.with_invoice(an_invoice()))
    assert rows_of(account, news=[late]) == []


def test_news_may_come_in_any_order() -> None:
    account = an_account()
    bills = News(MIDNIGHT, account.key, lambda known: known.with_invoice(an_invoice()))
    pays = News(NINE, account.key, paying(100_00, NINE))
    assert rows_of(account, news=[pays, bills]) == rows_of(account, news=[bills, pays])


def test_a_hold_that_ends_wakes_the_account_by_itself() -> None:
    hold = Hold("h", HoldKind.REPLY, MIDNIGHT, until=datetime(2026, 3, 4, tzinfo=UTC))
    rows = rows_of(an_account(an_invoice()).with_hold(hold))
    assert rows[0].at == datetime(2026, 3, 4, 9, tzinfo=UTC)


def test_news_that_change_the_address_are_followed_and_shared_from_then_on() -> None:
    moved = a_customer(a_contact(email="new@client.example", phone=""), customer_id="C-1")
    first, second = another("C-1"), another("C-2", email="new@client.example")
    rows = rows_of(
        first, second, news=[News(MIDNIGHT, first.key, lambda known: replace(known, customer=moved))]
    )
    assert {row.reminder.address for row in rows} == {"new@client.example"}
    assert rows[1].at == NINE + timedelta(days=3)


def test_news_of_nobody_are_refused() -> None:
    with pytest.raises(ValueError, match="news of account nobody, which is not in the book"):
        forecast(
            [], a_policy(), a_calendar(), MIDNIGHT, NINE, news=[News(NINE, "nobody", lambda known: known)]
        )


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="instants with their zone"):
        forecast([], a_policy(), a_calendar(), MIDNIGHT.replace(tzinfo=None), NINE)
    with pytest.raises(ValueError, match="instants with their zone"):
        forecast([], a_policy(), a_calendar(), MIDNIGHT, NINE.replace(tzinfo=None))


def test_news_that_fail_are_the_fault_of_their_account_and_stop_no_other() -> None:
    def fails(account: Account) -> Account:
        raise ValueError(f"{account.customer.id} cannot pay twice")

    broken, fine = another("C-1"), another("C-2", email="bob@client.example")
    found = list(
        forecast(
            [broken, fine],
            a_policy(),
            a_calendar(),
            MIDNIGHT,
            MIDNIGHT + WEEKS,
            news=[
                News(NINE + timedelta(days=1), broken.key, fails),
                News(NINE + timedelta(days=2), broken.key, fails),
            ],
        )
    )
    faults = [row for row in found if isinstance(row, ForecastFault)]
    assert faults == [ForecastFault(NINE + timedelta(days=1), "C-1", "C-1 cannot pay twice")]
    assert [row.customer_id for row in found if isinstance(row, ForecastRow)].count("C-1") == 1
    assert [row.customer_id for row in found if isinstance(row, ForecastRow)].count("C-2") == 4
