from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Instalment, Plan, Promise
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.payment import Payment, PaymentKind, record_payment
from tactful.domain.book.record import record_of
from tactful.domain.book.settlement import note_settlements
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Nothing, Reason, ReasonCode, Send
from tactful.domain.dunning.standing import standings_of
from tests.support.builders import DUE, NINE, a_calendar, a_policy, an_account, an_invoice, money

DAY = timedelta(days=1)
SNAPSHOT = NINE + DAY
PRESUMED = InvoiceState.PRESUMED_SETTLED


def reported(number: str = "INV-1", **facts: object) -> Invoice:
    return replace(an_invoice(number, reported_at=NINE), **facts)  # type: ignore[arg-type]


def missing(invoice: Invoice, at: datetime = SNAPSHOT) -> Invoice:
    return invoice.presumed_settled(at, "snapshot")


def lacking(account: Account, *numbers: str, at: datetime = SNAPSHOT) -> Account:
    """The account after a snapshot lacked these invoices."""
    after = account
    for number in numbers:
        known = account.invoice(number)
        assert known is not None
        after = after.with_invoice(missing(known, at))
    return note_settlements(account, after, at.date())


def paid(account: Account, minor: int, *, kind: PaymentKind = PaymentKind.PAYMENT) -> Account:
    payment = Payment(f"{kind}-{minor}", kind, "INV-1", money(minor), SNAPSHOT + DAY)
    return record_payment(account, payment, (SNAPSHOT + DAY).date()).account


def restated(account: Account, **facts: object) -> Account:
    """The account after the books stated INV-1 again, a day after the snapshot."""
    known = account.invoice("INV-1")
    assert known is not None
    statement = reported("INV-1", reported_at=SNAPSHOT + DAY, **facts)
    return note_settlements(account, account.with_invoice(known.with_report(statement)), DUE + 2 * DAY)


def state_of(account: Account) -> InvoiceState:
    invoice = account.invoice("INV-1")
    assert invoice is not None
    return invoice.state


@pytest.mark.parametrize("state", [InvoiceState.OPEN, InvoiceState.DISPUTED, InvoiceState.DRAFT])
def test_what_a_snapshot_lacks_is_presumed_settled_and_nothing_is_due_on_it(state: InvoiceState) -> None:
    after = missing(reported(state=state))
    assert (after.state, after.amount_due, after.reported_at) == (PRESUMED, money(0), SNAPSHOT)
    assert after.reported == money(100_00)


@pytest.mark.parametrize("state", [InvoiceState.PAID, InvoiceState.VOID, InvoiceState.WRITTEN_OFF, PRESUMED])
def test_what_is_closed_stays_as_it_is(state: InvoiceState) -> None:
    closed = reported(state=state)
    assert missing(closed) is closed


def test_a_credit_note_that_a_snapshot_lacks_is_not_netted_any_more() -> None:
    note = an_invoice("CN-1", minor=-80_00, reported_at=NINE)
    assert missing(note).amount_due == money(0)
    account = an_account(reported(), missing(note))
    decision = decide(account, a_policy(), a_calendar(), NINE)
    assert isinstance(decision, Send)
    assert [line.number for line in decision.reminder.invoices] == ["INV-1"]


@pytest.mark.parametrize("at", [NINE, NINE - DAY])
def test_a_snapshot_says_nothing_of_what_was_reported_later_or_at_once(at: datetime) -> None:
    assert missing(reported(), at) == reported()


def test_a_snapshot_says_nothing_of_what_no_file_ever_reported() -> None:
    by_hand = an_invoice()
    assert missing(by_hand) is by_hand


def test_what_was_seen_due_after_the_snapshot_stays_open() -> None:
    seen = reported(seen_due_at=SNAPSHOT + DAY)
    assert missing(seen) is seen


def test_nobody_is_chased_for_what_is_presumed_settled() -> None:
    account = an_account(missing(reported()))
    assert account.owes_nothing()
    decision = decide(account, a_policy(), a_calendar(), NINE + 30 * DAY)
    assert isinstance(decision, Nothing)
    assert decision.reasons == (Reason(ReasonCode.NOTHING_OPEN, "presumed settled INV-1"),)


def test_the_last_three_that_are_presumed_settled_are_named() -> None:
    gone = [missing(reported(f"INV-{n}", due_date=DUE + n * DAY)) for n in range(5)]
    decision = decide(an_account(*gone), a_policy(), a_calendar(), NINE)
    (reason,) = decision.reasons
    assert reason.about == "presumed settled INV-4, INV-3, INV-2 and 2 more"


def test_it_counts_as_paid_nowhere() -> None:
    account = lacking(an_account(reported()), "INV-1")
    assert (account.thanks, account.invoices[0].settled_on) == (None, None)
    assert record_of(account, DUE + 60 * DAY).settled == 0


def test_it_is_open_again_as_it_was_when_it_comes_back() -> None:
    account = an_account(reported(received=money(30_00), was_disputed=True))
    back = restated(lacking(account, "INV-1"))
    known = account.invoices[0]
    assert back.invoices == (replace(known, reported_at=SNAPSHOT + DAY),)
    assert back.invoices[0].amount_due == money(70_00)


def test_an_older_file_does_not_bring_it_back() -> None:
    presumed = missing(reported())
    assert presumed.with_report(reported(reported_at=SNAPSHOT - timedelta(hours=1))) is presumed


def test_when_the_books_say_later_that_it_was_paid_it_counts_as_settled() -> None:
    account = restated(lacking(an_account(reported()), "INV-1"), state=InvoiceState.PAID, reported=money(0))
    assert account.invoices[0].settled_on == DUE + 2 * DAY
    assert record_of(account, DUE + 60 * DAY).settled == 1


def test_money_that_pays_it_whole_makes_it_paid_and_a_part_does_not() -> None:
    account = lacking(an_account(reported()), "INV-1")
    part = paid(account, 40_00)
    assert (state_of(part), part.invoices[0].settled_on) == (PRESUMED, None)
    whole = paid(part, 60_00)
    assert (state_of(whole), whole.invoices[0].settled_on) == (InvoiceState.PAID, DUE + 2 * DAY)
    assert whole.thanks is None


def test_money_that_went_back_is_all_that_is_due_of_it_again() -> None:
    account = paid(lacking(an_account(reported()), "INV-1"), 40_00)
    returned = paid(account, 40_00, kind=PaymentKind.REVERSAL)
    assert (state_of(returned), returned.invoices[0].amount_due) == (InvoiceState.OPEN, money(40_00))


def a_promise(*numbers: str, amount: int | None = None, owed: int = 200_00) -> Promise:
    part = None if amount is None else money(amount)
    return Promise("p-1", numbers, DUE, NINE - DAY, part, money(owed))


def test_a_promise_about_it_is_neither_kept_nor_broken() -> None:
    account = replace(an_account(reported()), promises=(a_promise("INV-1", owed=100_00),))
    after = lacking(account, "INV-1")
    assert after.promises == account.promises
    record = record_of(after, DUE + 9 * DAY)
    assert (record.promises_kept, record.promises_broken) == (0, 0)


def test_a_promise_is_broken_all_the_same_by_another_invoice_that_is_still_open() -> None:
    account = replace(an_account(reported(), reported("INV-2")), promises=(a_promise("INV-1", "INV-2"),))
    record = record_of(lacking(account, "INV-1"), DUE + 9 * DAY)
    assert (record.promises_kept, record.promises_broken) == (0, 1)


def promised_on(account: Account, number: str) -> date | None:
    """The date of the broken promise that a message about an invoice would mention."""
    found = standings_of(account, a_policy(), a_calendar(), NINE + 9 * DAY)
    (standing,) = [one for one in found if one.invoice.number == number]
    return standing.promised


def test_nobody_is_told_of_a_broken_part_promise_that_the_missing_invoice_may_have_kept() -> None:
    promise = a_promise("INV-1", "INV-2", amount=100_00)
    account = replace(an_account(reported(), reported("INV-2")), promises=(promise,))
    assert promised_on(account, "INV-2") == DUE
    assert promised_on(lacking(account, "INV-1"), "INV-2") is None


def test_a_promise_that_was_kept_stays_kept_and_one_is_judged_again_when_the_invoice_is_back() -> None:
    kept = replace(a_promise("INV-1", amount=30_00, owed=100_00), kept_on=DUE)
    account = replace(an_account(reported(received=money(30_00))), promises=(kept,))
    assert lacking(account, "INV-1").promises == (kept,)
    open_again = restated(lacking(replace(account, promises=(a_promise("INV-1", owed=100_00),)), "INV-1"))
    assert record_of(open_again, DUE + 9 * DAY).promises_broken == 1


def test_a_plan_is_not_behind_for_an_invoice_that_is_presumed_settled() -> None:
    plan = Plan(
        "pl-1", ("INV-1", "INV-2"), tuple(Instalment(DUE + n * DAY, money(100_00)) for n in (0, 40)), NINE
    )
    account = replace(an_account(reported(), reported("INV-2")), plan=plan)
    now = NINE + 9 * DAY
    assert isinstance(decide(account, a_policy(), a_calendar(), now), Send)
    assert not isinstance(decide(lacking(account, "INV-1"), a_policy(), a_calendar(), now), Send)


def test_a_draft_is_never_chased_and_nothing_is_due_on_it() -> None:
    draft = reported(state=InvoiceState.DRAFT)
    assert draft.amount_due == money(0)
    decision = decide(an_account(draft), a_policy(), a_calendar(), NINE + 30 * DAY)
    assert isinstance(decision, Nothing)
    assert isinstance(decide(an_account(reported()), a_policy(), a_calendar(), NINE), Send)


def test_a_draft_that_is_issued_becomes_an_open_invoice_less_what_was_paid_on_it() -> None:
    draft = reported(state=InvoiceState.DRAFT).with_payment(money(20_00))
    assert draft.state is InvoiceState.DRAFT
    issued = draft.with_report(reported(reported_at=SNAPSHOT))
    assert (issued.state, issued.amount_due) == (InvoiceState.OPEN, money(80_00))


WELCOMING = {"welcome": {"clients_from": "2026-01-01", "within_days": 14}}


def test_a_draft_is_no_first_invoice_and_gets_no_welcome() -> None:
    policy = a_policy(**WELCOMING)
    old_draft = reported(state=InvoiceState.DRAFT, issue_date=DUE - 300 * DAY)
    fresh = replace(an_invoice("INV-2", due=DUE + 20 * DAY), issue_date=DUE)
    greeting = decide(an_account(old_draft, fresh), policy, a_calendar(), NINE)
    assert isinstance(greeting, Send)
    assert greeting.reminder.stage == "welcome"
    draft_alone = replace(fresh, state=InvoiceState.DRAFT)
    assert isinstance(decide(an_account(draft_alone), policy, a_calendar(), NINE), Nothing)
