from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tactful.domain.charges.plan_agreement import AgreedInvoice, agreement_of
from tactful.domain.charges.plans import PlanSchedule, PlanTerms, equal_parts, schedule
from tactful.domain.charges.rhythm import MONTHLY
from tests.support.builders import DUE, an_account, an_invoice, money
from tests.support.plans import AGREED, always

ACCOUNT = an_account(an_invoice(received=40_00), an_invoice("INV-2"), an_invoice("INV-3", currency="EUR"))
NUMBERS = ("INV-1", "INV-2")
DEBT = money(160_00)
TERMS = PlanTerms(DEBT, equal_parts(DEBT, 2), date(2026, 4, 1), AGREED, MONTHLY)


def agreed(**changes: object) -> PlanSchedule:
    return schedule(replace(TERMS, **changes), always)  # type: ignore[arg-type]


def test_an_agreement_says_who_owes_what_and_how_it_is_paid() -> None:
    agreement = agreement_of(ACCOUNT, NUMBERS, agreed(), AGREED, "office@seller.example")
    assert (agreement.customer_id, agreement.customer_name) == ("C-1", "Client Ltd")
    assert agreement.invoices == (
        AgreedInvoice("INV-1", DUE, money(60_00)),
        AgreedInvoice("INV-2", DUE, money(100_00)),
    )
    assert (agreement.debt, agreement.agreed_on, agreement.write_to) == (
        DEBT,
        AGREED,
        "office@seller.example",
    )
    assert [line.total for line in agreement.schedule.lines] == [money(80_00), money(80_00)]
    assert agreement.may_pay_earlier


def test_an_agreement_says_what_a_missed_part_means_and_that_there_is_no_interest() -> None:
    plain = agreement_of(ACCOUNT, NUMBERS, agreed(), AGREED, "x@y.example")
    assert (plain.rest_due_after, plain.yearly_rate) == (None, None)
    strict = agreed(rest_due_after=0, yearly_rate=Decimal("4.5"))
    agreement = agreement_of(ACCOUNT, NUMBERS, strict, AGREED, "x@y.example")
    assert (agreement.rest_due_after, agreement.yearly_rate) == (0, Decimal("4.5"))


def test_an_agreement_about_something_else_than_is_due_is_refused() -> None:
    for numbers, said in (
        (("INV-1",), "GBP 60.00"),
        (("INV-1", "INV-2", "INV-3"), "EUR 100.00 and GBP 160.00"),
        ((), "nothing"),
    ):
        with pytest.raises(ValueError, match=f"for GBP 160.00, but {said} is due on its invoices"):
            agreement_of(ACCOUNT, numbers, agreed(), AGREED, "x@y.example")


def test_an_agreement_about_an_unknown_invoice_is_refused() -> None:
    with pytest.raises(ValueError, match="the account has no invoice INV-9"):
        agreement_of(ACCOUNT, (*NUMBERS, "INV-9"), agreed(), AGREED, "x@y.example")
