from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tactful.application.receive_payment import Matched
from tactful.application.send_reminders import Outcome
from tactful.domain.book.account import TaskKind
from tactful.domain.book.agreements import Promise
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.book.payment import PaymentKind
from tactful.domain.book.stated_charges import StatedCharge, StatedCharges
from tests.support.builders import (
    NINE,
    PHONE,
    a_calendar,
    a_contact,
    a_customer,
    a_reminder,
    an_account,
    an_invoice,
    money,
)
from tests.unit.application.house import House, a_house, a_payment, sent_by

REVERSAL = PaymentKind.REVERSAL


def with_shared_number(house: House) -> list[str]:
    customers = [a_customer(a_contact(), customer_id=customer_id) for customer_id in ("C-1", "C-2")]
    return [house.add(an_account(an_invoice(), customer=customer)) for customer in customers]


def test_a_payment_of_the_whole_ends_chasing_and_is_thanked_for_once() -> None:
    house = a_house()
    key = house.add()
    assert house.payments().receive(a_payment()) is Matched.RECORDED
    assert house.account(key).owes_nothing()
    house.run_for(timedelta(days=40))
    assert [message.words.text for message in sent_by(house.email)] == [
        "Client Ltd: thank_you, friendly: INV-1"
    ]
    assert sent_by(house.sms) == []


def test_a_part_payment_leaves_the_rest_to_be_chased() -> None:
    house = a_house()
    key = house.add()
    house.payments().receive(a_payment(60_00))
    (invoice,) = house.account(key).invoices
    assert (invoice.state, invoice.amount_due) == (InvoiceState.OPEN, money(40_00))
    assert house.act(key).outcome is Outcome.SENT


def test_two_part_payments_that_make_the_whole_are_thanked_for_once() -> None:
    house = a_house()
    house.add()
    house.payments().receive(a_payment(60_00))
    house.payments().receive(a_payment(40_00, payment_id="P-2"))
    house.run_for(timedelta(days=20))
    assert len(sent_by(house.email)) == 1


def test_an_overpayment_leaves_nothing_due_and_no_debt_of_ours_in_other_invoices() -> None:
    house = a_house()
    key = house.add(an_account(an_invoice(), an_invoice("INV-2")))
    house.payments().receive(a_payment(150_00))
    due = {invoice.number: invoice.amount_due for invoice in house.account(key).invoices}
    assert due == {"INV-1": money(0), "INV-2": money(100_00)}


def test_more_money_after_charges_were_stated_is_told_with_the_charges_it_may_be_meant_for() -> None:
    house = a_house()
    account = an_account(an_invoice())
    line = StatedCharge("INV-1", 10, "11.75", money(34), money(40_00))
    step = replace(a_reminder(account, account.invoices), charges=StatedCharges("the law", (line,)))
    house.add(replace(account, reminders=(step,)))
    house.payments().receive(a_payment(140_34))
    facts = dict(house.task(TaskKind.UNMATCHED_PAYMENT).facts)
    assert facts["charges_stated"] == "GBP 40.34 on 2026-03-02"


def test_what_came_in_beyond_what_was_due_is_told_to_a_person_with_where_it_could_go() -> None:
    house = a_house()
    other = an_invoice("INV-2", minor=30_00)
    key = house.add(an_account(an_invoice(), other, an_invoice("INV-3", currency="EUR")))
    for _ in range(2):
        assert house.payments().receive(a_payment(150_00)) is Matched.RECORDED
    task = house.task(TaskKind.UNMATCHED_PAYMENT)
    assert dict(task.facts) == {
        "invoice": "INV-1",
        "amount": "GBP 150.00",
        "why": "GBP 50.00 more than was due on it: pay that back, or put it on other invoices",
        "proposal": "INV-1 GBP 100.00, INV-2 GBP 30.00, left over GBP 20.00",
    }
    assert house.account(key).invoice("INV-2") == other


def test_money_for_an_invoice_that_was_settled_before_is_no_news() -> None:
    house = a_house()
    house.add(an_account(an_invoice(state=InvoiceState.PAID), an_invoice("INV-2")))
    house.payments().receive(a_payment(150_00))
    assert house.task_kinds() == []


def test_money_that_went_back_is_never_too_much() -> None:
    house = a_house()
    house.add(an_account(an_invoice(received=60_00)))
    house.payments().receive(a_payment(100_00, kind=REVERSAL))
    assert house.task_kinds() == []


def test_a_payment_without_an_invoice_is_proposed_for_the_oldest_ones_of_its_customer() -> None:
    house = a_house()
    house.add(an_account(an_invoice("INV-2"), an_invoice("INV-1"), an_invoice("CN-1", minor=-20_00)))
    assert house.payments().receive(a_payment(160_00, number=""), "C-1") is Matched.FOR_A_PERSON
    facts = dict(house.task(TaskKind.UNMATCHED_PAYMENT).facts)
    assert facts["proposal"] == "INV-1 GBP 100.00, INV-2 GBP 80.00, CN-1 GBP -20.00"


def test_nothing_is_proposed_for_money_that_went_back_or_of_an_unknown_customer() -> None:
    house = a_house()
    house.add()
    house.payments().receive(a_payment(number="INV-9", kind=REVERSAL), "C-1")
    house.payments().receive(a_payment(number="INV-9", payment_id="P-2"), "C-9")
    assert ["proposal" in dict(task.facts) for _, task in house.store.list_open()] == [False, False]


def test_a_payment_that_went_back_is_due_again_and_is_not_thanked_for() -> None:
    house = a_house()
    key = house.add()
    house.payments().receive(a_payment())
    house.payments().receive(a_payment(payment_id="P-2", kind=REVERSAL))
    (invoice,) = house.account(key).invoices
    assert (invoice.state, invoice.amount_due) == (InvoiceState.OPEN, money(100_00))
    assert house.act(key).outcome is Outcome.DEFERRED
    house.run_for(timedelta(days=4))
    assert house.account(key).reminders[0].at == NINE + timedelta(days=3)
    assert "due" in sent_by(house.email)[0].words.text


def test_a_part_that_went_back_does_not_start_the_ladder_anew() -> None:
    house = a_house()
    key = house.add()
    house.act(key)
    house.payments().receive(a_payment())
    house.payments().receive(a_payment(30_00, payment_id="P-2", kind=REVERSAL))
    (invoice,) = house.account(key).invoices
    assert invoice.amount_due == money(30_00)
    house.run_for(timedelta(days=4))
    assert [reminder.stage for reminder in house.account(key).reminders] == ["due", "overdue_3"]


def test_a_reversal_under_the_id_of_its_payment_is_not_taken_for_a_repetition() -> None:
    house = a_house()
    key = house.add()
    house.payments().receive(a_payment())
    house.payments().receive(a_payment(kind=REVERSAL))
    assert house.account(key).invoices[0].amount_due == money(100_00)


def test_a_reversal_that_comes_before_its_payment_leaves_the_invoice_due() -> None:
    house = a_house()
    key = house.add()
    house.payments().receive(a_payment(payment_id="P-2", kind=REVERSAL))
    house.payments().receive(a_payment())
    assert house.account(key).invoices[0].amount_due == money(100_00)


def test_a_payment_that_is_reported_again_counts_once() -> None:
    house = a_house()
    key = house.add()
    for _ in range(3):
        assert house.payments().receive(a_payment(60_00)) is Matched.RECORDED
    assert house.account(key).invoices[0].amount_due == money(40_00)
    assert house.entry_kinds(key) == ["payment"]


def test_two_payments_of_one_amount_are_two() -> None:
    house = a_house()
    key = house.add()
    house.payments().receive(a_payment(30_00))
    house.payments().receive(a_payment(30_00, payment_id="P-2"))
    assert house.account(key).invoices[0].amount_due == money(40_00)


def test_a_number_that_two_customers_have_is_a_persons_to_match() -> None:
    house = a_house()
    keys = with_shared_number(house)
    assert house.payments().receive(a_payment()) is Matched.FOR_A_PERSON
    ((account, task),) = house.store.list_open()
    assert (account, task.kind) == ("", TaskKind.UNMATCHED_PAYMENT)
    assert ("why", "2 customers have this number") in task.facts
    assert not any(house.account(key).owes_nothing() for key in keys)


def test_a_number_that_two_customers_have_is_told_apart_by_the_customer() -> None:
    house = a_house()
    first, second = with_shared_number(house)
    assert house.payments().receive(a_payment(), "C-2") is Matched.RECORDED
    assert not house.account(first).owes_nothing()
    assert house.account(second).owes_nothing()


def test_a_payment_for_an_invoice_of_somebody_else_is_a_persons_to_match() -> None:
    house = a_house()
    key = house.add()
    assert house.payments().receive(a_payment(), "C-9") is Matched.FOR_A_PERSON
    assert not house.account(key).owes_nothing()


def test_a_payment_for_an_unknown_invoice_is_one_task_however_often_it_comes() -> None:
    house = a_house()
    key = house.add()
    for _ in range(2):
        assert house.payments().receive(a_payment(number="INV-9")) is Matched.FOR_A_PERSON
    ((_, task),) = house.store.list_open()
    assert ("why", "no invoice has this number") in task.facts
    assert ("amount", "GBP 100.00") in task.facts
    assert not house.account(key).owes_nothing()


def test_a_payment_in_another_currency_is_a_persons_to_match() -> None:
    house = a_house()
    key = house.add()
    assert house.payments().receive(a_payment(currency="EUR")) is Matched.FOR_A_PERSON
    assert house.account(key).invoices[0].amount_due == money(100_00)
    assert house.task_kinds() == [TaskKind.UNMATCHED_PAYMENT]


def test_a_payment_recorded_after_a_reminder_stops_the_next_one() -> None:
    house = a_house()
    invoice = an_invoice()
    key = house.add(an_account(invoice, reminders=[a_reminder(an_account(), [invoice])]))
    house.clock.move_to(NINE + timedelta(days=3))
    house.payments().receive(a_payment())
    assert house.act(key).outcome is Outcome.SENT
    assert [reminder.stage for reminder in house.account(key).reminders] == ["due", "thank_you"]


def test_thanks_come_by_sms_where_there_is_no_email() -> None:
    house = a_house()
    house.add(an_account(an_invoice(), customer=a_customer(a_contact(email=""))))
    house.payments().receive(a_payment())
    house.tick()
    assert [message.address for message in sent_by(house.sms)] == [PHONE]


def test_a_payment_settles_and_keeps_a_promise_on_its_day_at_the_business_however_late_it_is_told() -> None:
    house = House(calendar=a_calendar("Pacific/Kiritimati"))
    promise = Promise("p-1", ("INV-1",), date(2026, 3, 3), NINE)
    key = house.add(replace(an_account(an_invoice()), promises=(promise,)))
    house.clock.advance(timedelta(days=9))
    house.payments().receive(a_payment(at=NINE + timedelta(hours=6)))
    account = house.account(key)
    assert account.invoices[0].settled_on == date(2026, 3, 3)
    assert [known.kept_on for known in account.promises] == [date(2026, 3, 3)]


def test_a_reversal_undoes_what_its_payment_settled_and_kept() -> None:
    house = a_house()
    promise = Promise("p-1", ("INV-1",), date(2026, 3, 9), NINE)
    key = house.add(replace(an_account(an_invoice()), promises=(promise,)))
    house.payments().receive(a_payment())
    house.payments().receive(a_payment(kind=REVERSAL, payment_id="R-1"))
    account = house.account(key)
    assert (account.invoices[0].settled_on, account.promises[0].kept_on) == (None, None)
