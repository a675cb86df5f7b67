"""What a letter demands: never more than may be chased."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Hold, HoldKind, Promise
from tactful.domain.book.contact_log import Reminder
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.documents.letter import FINAL_DEMAND, NothingToDemandError, letter_about
from tests.support.builders import DUE, NINE, a_calendar, a_policy, an_account, an_invoice

NOW = NINE + timedelta(days=40)


def about(account: Account) -> Reminder:
    return letter_about(account, a_policy(), a_calendar(), NOW, *FINAL_DEMAND)


def numbers(letter: Reminder) -> list[str]:
    return [line.number for line in letter.invoices]


def test_a_final_demand_has_every_overdue_invoice_and_the_credit_notes() -> None:
    later = date(2026, 6, 1)
    letter = about(
        an_account(
            an_invoice("1"),
            an_invoice("2", due=DUE + timedelta(days=1)),
            an_invoice("later", due=later),
            an_invoice("CN", minor=-10_00, due=DUE - timedelta(days=9)),
        )
    )
    assert numbers(letter) == ["CN", "1", "2"]
    assert (letter.stage, letter.tone, letter.occurrence) == ("overdue_21", "final", str(DUE))
    assert letter.contact_name == "Ann"


def test_what_is_disputed_promised_or_on_hold_is_never_demanded() -> None:
    promised = Promise("p", ("promised",), NOW.date() + timedelta(days=9), NINE)
    hold = Hold("h", HoldKind.MANUAL, NINE, None, ("held",))
    account = replace(
        an_account(
            an_invoice("owed"),
            an_invoice("disputed", state=InvoiceState.DISPUTED),
            an_invoice("promised"),
            an_invoice("held"),
        ),
        promises=(promised,),
        holds=(hold,),
    )
    assert numbers(about(account)) == ["owed"]


@pytest.mark.parametrize(
    ("account", "why"),
    [
        (an_account(an_invoice("1", state=InvoiceState.PAID, received=100_00)), "nothing is overdue"),
        (an_account(an_invoice("1", state=InvoiceState.DISPUTED)), "disputed: 1"),
        (an_account(an_invoice("1", due=NOW.date())), "nothing is overdue"),
        (an_account(an_invoice("1"), an_invoice("CN", minor=-100_00)), "credit_covers: GBP"),
    ],
)
def test_a_letter_without_a_demand_is_refused_with_the_reason(account: Account, why: str) -> None:
    with pytest.raises(NothingToDemandError, match=why):
        about(account)


def test_a_letter_obeys_what_is_different_for_its_client() -> None:
    account = an_account(an_invoice())
    in_peace = a_policy(customers={"C-1": {"chase": False}})
    later = NINE + timedelta(days=30)
    with pytest.raises(NothingToDemandError, match="chase: false"):
        letter_about(account, in_peace, a_calendar(), later, *FINAL_DEMAND)
    spared = a_policy(customers={"C-1": {"minimum_amounts": {"GBP": 500_00}}})
    with pytest.raises(NothingToDemandError, match="below_minimum"):
        letter_about(account, spared, a_calendar(), later, *FINAL_DEMAND)
