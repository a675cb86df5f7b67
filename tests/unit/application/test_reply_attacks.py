"""What replies did wrong once: to others behind an address, to what was not meant, and in the wrong order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tactful.application.receive_reply import InboundMessage
from tactful.domain.book.account import TaskKind
from tactful.domain.book.agreements import HoldKind
from tactful.domain.book.answers import AnswerKind
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import InvoiceState
from tests.support.builders import EMAIL, NINE, PHONE, a_contact, a_customer, a_policy, an_account, an_invoice
from tests.unit.application.house import House, a_house, sent_by

PAY_TO = {"GBP": ("Bank transfer",)}


def two_behind_a_number(house: House) -> list[str]:
    return [
        house.add(an_account(an_invoice(number), customer=a_customer(a_contact(), customer_id=customer)))
        for number, customer in (("INV-1", "C-1"), ("INV-2", "C-2"))
    ]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Stop texting me. INV-1 is wrong, we never ordered it", []),
        ("I lost my job, I will pay INV-1 on Friday", [HoldKind.HARDSHIP]),
        ("please stop texting me, I have paid INV-1", []),
    ],
)
def test_of_another_customer_behind_the_number_only_what_is_said_of_the_person_counts(
    text: str, kinds: list[HoldKind]
) -> None:
    house = a_house()
    _, other = two_behind_a_number(house)
    house.answer(text)
    account = house.account(other)
    assert [hold.kind for hold in account.holds] == kinds
    assert (account.promises, account.answers) == ((), ())


def test_change_from_a_shared_number_takes_back_nobody_s_promise() -> None:
    house = a_house()
    keys = two_behind_a_number(house)
    house.answer("I will pay INV-1 on Friday", message_id="SM-1")
    house.answer("I will pay INV-2 on Friday", message_id="SM-2")
    house.answer("CHANGE", message_id="SM-3")
    assert [len(house.account(key).promises) for key in keys] == [1, 1]


def test_an_answer_that_was_overtaken_by_a_lawyer_or_by_the_money_is_not_given() -> None:
    for after in ("lawyer", "money"):
        house = a_house(policy=a_policy(thanks_channels=[]))
        house.add()
        house.clock.advance(timedelta(hours=12))
        house.answer("I will pay on Friday", message_id="SM-1")
        if after == "lawyer":
            house.answer("talk to my lawyer", message_id="SM-2")
        else:
            house.pay()
        house.run_for(timedelta(days=2))
        assert sent_by(house.sms) == []


def test_only_the_last_of_two_corrections_at_night_is_confirmed_and_none_counts_as_broken() -> None:
    house = a_house()
    key = house.add()
    house.clock.advance(timedelta(hours=12))
    house.answer("I will pay on Friday", message_id="SM-1")
    house.clock.advance(timedelta(minutes=5))
    house.answer("sorry, I meant I will pay on 20 March", message_id="SM-2")
    assert [one.promised_date for one in house.account(key).promises] == [date(2026, 3, 20)]
    house.run_for(timedelta(days=2))
    assert [step.promised for step in house.account(key).reminders] == [date(2026, 3, 20)]


@pytest.mark.parametrize("text", ["I will pay INV-77 on Friday", "invoice 999 is wrong, we never ordered it"])
def test_a_number_that_is_not_owed_stands_for_nothing_else(text: str) -> None:
    house = a_house()
    key = house.add(an_account(an_invoice("INV-1"), an_invoice("INV-2")))
    house.answer(text)
    account = house.account(key)
    assert account.promises == ()
    assert [(hold.kind, hold.until is None) for hold in account.holds] == [(HoldKind.REPLY, False)]
    assert not any(invoice.was_disputed for invoice in account.invoices)
    assert len(house.task_kinds()) == 1


def test_nothing_is_held_for_ever_where_nothing_is_due() -> None:
    house = a_house()
    key = house.add(an_account(an_invoice(state=InvoiceState.PAID, reported=0)))
    house.answer("this is wrong, we never ordered that")
    assert all(hold.until for hold in house.account(key).holds)


def test_what_a_client_also_asks_pauses_what_the_rest_of_the_message_does_not() -> None:
    house = a_house(policy=a_policy(pay_to=PAY_TO))
    key = house.add(an_account(an_invoice("INV-1"), an_invoice("INV-2")))
    house.answer("I paid INV-1 last week. Please call me")
    assert {hold.kind for hold in house.account(key).holds} == {HoldKind.PAID_CLAIM, HoldKind.REPLY}


@pytest.mark.parametrize(
    "text", ["How much do I owe?", "I will pay soon", "HELP!", "what are your bank details?"]
)
def test_what_cannot_be_answered_is_a_task(text: str) -> None:
    house = a_house(policy=a_policy(pay_to=PAY_TO, replies={"answers": False}))
    house.add()
    house.answer(text)
    assert house.task_kinds() == [TaskKind.READ_REPLY]


def test_a_credit_is_no_balance_to_pay() -> None:
    house = a_house(policy=a_policy(pay_to=PAY_TO))
    key = house.add(an_account(an_invoice("CN-1", minor=-100_00)))
    house.answer("How much do I owe?")
    assert [owed.kind for owed in house.account(key).answers] == [AnswerKind.PASSED_ON]
    assert house.task_kinds() == [TaskKind.READ_REPLY]


def test_a_plan_is_not_confirmed_as_a_promise() -> None:
    house = a_house()
    key = house.add()
    house.answer("Can I pay in instalments? I will pay 50 on Friday")
    account = house.account(key)
    assert [owed.kind for owed in account.answers] == [AnswerKind.PASSED_ON]
    assert account.promises == ()


def test_in_a_loop_one_task_tells_and_the_words_are_kept() -> None:
    house = a_house()
    key = house.add()
    for number in range(18):
        house.answer("hello?", message_id=f"SM-{number}")
    house.answer("this is wrong, we never ordered it", message_id="SM-99")
    (last,) = [entry for entry in house.store.timeline(key) if entry.id == "reply-SM-99"]
    assert dict(last.facts)["understood"] == "dispute"
    assert len([task for _, task in house.store.list_open() if "-loop-" in task.id]) == 1


def test_a_mail_that_nothing_proves_is_obeyed_as_an_opt_out_and_otherwise_looked_at() -> None:
    house = a_house()
    key = house.add()
    mail = InboundMessage("m-1", Channel.EMAIL, EMAIL, "I will pay on Friday", NINE, unproven="no DMARC")
    house.replies().receive(mail)
    assert house.account(key).promises == ()
    assert house.task_kinds() == [TaskKind.UNMATCHED_REPLY]
    house.replies().receive(replace(mail, id="m-2", text="unsubscribe. I have paid this"))
    assert house.account(key).holds == ()
    assert house.account(key).is_suppressed(Channel.EMAIL, EMAIL)


def test_a_bare_stop_by_mail_from_an_address_that_nobody_has_is_a_task() -> None:
    house = a_house()
    house.replies().receive(InboundMessage("m-1", Channel.EMAIL, "alias@x.example", "STOP", NINE))
    assert house.task_kinds() == [TaskKind.UNMATCHED_REPLY]


def test_an_opt_out_of_a_channel_that_we_do_not_know_silences_the_one_it_came_on() -> None:
    house = a_house()
    key = house.add(an_account(an_invoice(), customer=a_customer(a_contact(email=""))))
    house.answer("stop emailing me")
    assert house.account(key).is_suppressed(Channel.SMS, PHONE)
