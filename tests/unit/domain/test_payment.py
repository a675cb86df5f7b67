from __future__ import annotations

from dataclasses import replace

import pytest

from tactful.domain.book.account import Account, Thanks
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.book.payment import Payment, PaymentKind, fits, record_payment
from tests.support.builders import DUE, NINE, an_account, an_invoice, money


def a_payment(
    minor: int = 100_00,
    *,
    number: str = "INV-1",
    currency: str = "GBP",
    kind: PaymentKind = PaymentKind.PAYMENT,
) -> Payment:
    return Payment("pay-1", kind, number, money(minor, currency), NINE)


def paid(account: Account, payment: Payment) -> Account:
    return record_payment(account, payment, DUE).account


def test_the_payment_that_settles_the_account_owes_the_client_a_thank_you() -> None:
    account = paid(an_account(an_invoice()), a_payment())
    assert account.thanks == Thanks("pay-1", NINE, ("INV-1",))


def test_a_payment_that_leaves_another_invoice_open_owes_thanks_for_a_part() -> None:
    account = paid(an_account(an_invoice(), an_invoice("INV-2")), a_payment())
    assert account.thanks == Thanks("pay-1", NINE, ("INV-1",), money(100_00))


def test_thanks_for_a_part_give_way_to_those_for_the_whole() -> None:
    account = paid(an_account(an_invoice(), an_invoice("INV-2")), a_payment())
    account = paid(account, replace(a_payment(), id="pay-2", invoice_number="INV-2"))
    assert account.thanks is not None
    assert account.thanks.part is None


def test_money_for_an_account_that_owed_nothing_owes_no_thank_you() -> None:
    account = paid(an_account(an_invoice(state=InvoiceState.PAID)), a_payment())
    assert account.thanks is None


def test_a_reversal_takes_back_the_thank_you() -> None:
    account = paid(an_account(an_invoice()), a_payment())
    account = paid(account, replace(a_payment(kind=PaymentKind.REVERSAL), id="rev-1"))
    assert account.thanks is None
    assert [invoice.amount_due for invoice in account.invoices] == [money(100_00)]


def test_the_timeline_tells_what_was_due_before() -> None:
    change = record_payment(an_account(an_invoice()), a_payment(30_00), DUE)
    assert [(entry.id, entry.kind, dict(entry.facts)) for entry in change.entries] == [
        (
            "payment-INV-1-pay-1",
            "payment",
            {"invoice": "INV-1", "amount": "GBP 30.00", "due_before": "GBP 100.00"},
        )
    ]


@pytest.mark.parametrize("payment", [a_payment(number="INV-9"), a_payment(currency="EUR")])
def test_an_unknown_invoice_or_another_currency_does_not_fit(payment: Payment) -> None:
    account = an_account(an_invoice())
    assert not fits(account, payment)
    with pytest.raises(ValueError, match="pay-1 does not fit an invoice of the account"):
        record_payment(account, payment, DUE)
