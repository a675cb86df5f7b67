"""What a client's reply does to the account: one test for each intent, and for what makes it different."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tactful.application.receive_reply import InboundMessage
from tactful.domain.book.account import Account, TaskKind
from tactful.domain.book.agreements import HoldKind
from tactful.domain.book.answers import AnswerKind
from tactful.domain.book.customer import Channel
from tests.support.builders import (
    DUE,
    EMAIL,
    NINE,
    PHONE,
    a_contact,
    a_customer,
    a_policy,
    an_account,
    an_invoice,
    money,
)
from tests.unit.application.house import House, a_house, sent_by

PAY_TO = {"GBP": ("Bank transfer",)}
FRIDAY = date(2026, 3, 6)


def a_client(house: House, *invoices: str) -> str:
    """Somebody who owes INV-1 (or these), and got a reminder by SMS a minute ago."""
    numbers = invoices or ("INV-1",)
    return house.add(an_account(*(an_invoice(number) for number in numbers)))


def said(house: House, text: str, key: str) -> Account:
    house.answer(text, message_id=f"SM-{len(house.store.kept)}")
    return house.account(key)


def answer_of(account: Account) -> AnswerKind | None:
    return account.answers[-1].kind if account.answers else None


def holds_of(account: Account) -> list[HoldKind]:
    return [hold.kind for hold in account.holds]


CASES: list[tuple[str, AnswerKind | None, list[HoldKind], list[TaskKind]]] = [
    ("I will pay on Friday", AnswerKind.PROMISE_NOTED, [], []),
    ("I'll pay soon", AnswerKind.DATE_WANTED, [HoldKind.REPLY], []),
    ("already paid this yesterday", AnswerKind.CLAIM_NOTED, [HoldKind.PAID_CLAIM], [TaskKind.MATCH_PAYMENT]),
    (
        "this invoice is wrong, we never ordered that",
        AnswerKind.DISPUTE_NOTED,
        [HoldKind.DISPUTE],
        [TaskKind.DISPUTE],
    ),
    (
        "I lost my job and can't pay",
        AnswerKind.HARDSHIP_NOTED,
        [HoldKind.HARDSHIP],
        [TaskKind.HARDSHIP],
    ),
    ("talk to my lawyer, this goes to court", None, [HoldKind.LEGAL], [TaskKind.LEGAL]),
    (
        "can I pay in three instalments?",
        AnswerKind.PASSED_ON,
        [HoldKind.REPLY],
        [TaskKind.PAYMENT_PLAN],
    ),
    (
        "could I have until the 13th please?",
        AnswerKind.PASSED_ON,
        [HoldKind.REPLY],
        [TaskKind.EXTENSION],
    ),
    ("please call me", AnswerKind.PASSED_ON, [HoldKind.REPLY], [TaskKind.CALL_BACK]),
    ("please send me a copy of the invoice", AnswerKind.PASSED_ON, [HoldKind.REPLY], [TaskKind.INVOICE_COPY]),
    ("what are your bank details?", AnswerKind.PAYMENT_DETAILS, [], []),
    ("how much do I owe?", AnswerKind.BALANCE, [], []),
    ("HELP", AnswerKind.WHO_WE_ARE, [], []),
    (
        "your reminders are rude, terrible service",
        AnswerKind.PASSED_ON,
        [HoldKind.REPLY],
        [TaskKind.DISSATISFIED],
    ),
    (
        "please contact bob@other.example about invoices instead",
        AnswerKind.PASSED_ON,
        [HoldKind.REPLY],
        [TaskKind.CONTACT_CHANGE],
    ),
    ("thanks!", None, [], []),
    ("START", None, [], [TaskKind.OPT_IN]),
    ("the cat is on the mat", None, [HoldKind.REPLY], [TaskKind.READ_REPLY]),
    ("STOP", None, [], []),
    ("I'm driving right now, I'll get back to you later", None, [], []),
]


@pytest.mark.parametrize(("text", "answer", "holds", "tasks"), CASES, ids=[case[0][:30] for case in CASES])
def test_a_reply_has_its_effect_its_answer_and_its_task(
    text: str, answer: AnswerKind | None, holds: list[HoldKind], tasks: list[TaskKind]
) -> None:
    house = a_house(policy=a_policy(pay_to=PAY_TO))
    key = a_client(house)
    account = said(house, text, key)
    assert (answer_of(account), holds_of(account), house.task_kinds()) == (answer, holds, tasks)


def test_a_promise_is_noted_confirmed_back_at_once_and_pauses_chasing_through_its_day() -> None:
    house = a_house(policy=a_policy(pay_to=PAY_TO))
    key = a_client(house, "INV-1", "INV-2")
    account = said(house, "I will pay INV-1 on Friday", key)
    ((invoices, day),) = [(promise.invoices, promise.promised_date) for promise in account.promises]
    assert (invoices, day) == (("INV-1",), FRIDAY)
    assert house.queue.queued == [key]
    house.act(key)
    (message,) = sent_by(house.sms)
    assert (message.address, house.reminder(key).wording) == (PHONE, "answer_promise_noted")
    assert house.reminder(key).promised == FRIDAY
    house.run_for(timedelta(days=4))
    assert {line.number for step in house.account(key).reminders for line in step.invoices} == {"INV-2"}


def test_a_later_promise_replaces_the_earlier_one() -> None:
    house = a_house()
    key = a_client(house)
    said(house, "I will pay on Friday", key)
    house.clock.advance(timedelta(minutes=5))
    account = said(house, "sorry, I meant I will pay on 20 March", key)
    assert max(account.promises, key=lambda promise: promise.made_at).promised_date == date(2026, 3, 20)
    house.run_for(timedelta(days=10))
    assert [step.promised for step in house.account(key).reminders] == [date(2026, 3, 20)]


def test_the_word_change_takes_a_misunderstood_promise_back() -> None:
    house = a_house()
    key = a_client(house)
    said(house, "I will pay on Friday", key)
    account = said(house, "Change", key)
    assert (account.promises, answer_of(account)) == ((), AnswerKind.CHANGE_NOTED)
    assert house.task_kinds() == [TaskKind.READ_REPLY]
    assert "promise_withdrawn" in house.entry_kinds(key)


def test_a_promise_of_a_part_is_one_of_that_part() -> None:
    house = a_house()
    account = said(house, "I can pay £40 on Friday", a_client(house))
    assert [promise.amount for promise in account.promises] == [money(40_00)]
    assert account.answers[-1].amount == money(40_00)


def test_who_gives_no_day_twice_is_asked_by_a_person() -> None:
    house = a_house()
    key = a_client(house)
    said(house, "I'll pay soon", key)
    house.act(key)
    account = said(house, "will pay when I can", key)
    assert [owed.kind for owed in account.answers] == [AnswerKind.DATE_WANTED]
    assert house.task_kinds() == [TaskKind.READ_REPLY]


def test_a_promise_too_far_ahead_is_for_a_person_to_accept() -> None:
    house = a_house()
    account = said(house, "I will pay on 30 September", a_client(house))
    assert account.promises == ()
    assert dict(house.task(TaskKind.EXTENSION).facts)["proposal"] == "accept 2026-09-30 for INV-1"


def test_more_time_is_granted_by_itself_once_where_the_policy_allows_it() -> None:
    house = a_house(policy=a_policy(replies={"grant_extensions": True}))
    key = a_client(house)
    account = said(house, "could I have until the 13th please?", key)
    assert [granted.until for granted in account.extensions] == [date(2026, 3, 13)]
    assert (answer_of(account), house.task_kinds()) == (AnswerKind.EXTENSION_GRANTED, [])
    account = said(house, "could I have until the 15th please?", key)
    assert len(account.extensions) == 1
    assert house.task_kinds() == [TaskKind.EXTENSION]


def test_more_time_than_the_policy_allows_is_proposed_to_a_person_up_to_its_limit() -> None:
    house = a_house(policy=a_policy(replies={"grant_extensions": True}))
    said(house, "could I have until the 30th of March please?", a_client(house))
    assert dict(house.task(TaskKind.EXTENSION).facts)["proposal"] == "until 2026-03-16 for INV-1"


def test_instalments_are_proposed_within_the_limits_and_sum_up_to_what_is_due() -> None:
    house = a_house()
    said(house, "can I pay in three instalments?", a_client(house))
    assert dict(house.task(TaskKind.PAYMENT_PLAN).facts)["proposal"] == (
        "for INV-1: 2026-03-09 GBP 33.33, 2026-04-08 GBP 33.33, 2026-05-08 GBP 33.34"
    )


def test_instalments_are_proposed_for_days_that_are_open() -> None:
    house = a_house(policy=a_policy(closed_days=[date(2026, 3, 9)], replies={"plan_days_between": 31}))
    said(house, "can I pay in three instalments?", a_client(house))
    assert dict(house.task(TaskKind.PAYMENT_PLAN).facts)["proposal"] == (
        "for INV-1: 2026-03-10 GBP 33.33, 2026-04-09 GBP 33.33, 2026-05-11 GBP 33.34"
    )


def test_without_an_open_day_the_person_is_told_why_nothing_is_proposed() -> None:
    closed = [date(2026, 3, 9) + timedelta(days=days) for days in range(400)]
    house = a_house(policy=a_policy(closed_days=closed))
    said(house, "can I pay in three instalments?", a_client(house))
    assert dict(house.task(TaskKind.PAYMENT_PLAN).facts)["proposal"] == (
        "no day is open for 400 days after 2026-03-08: see the closed days"
    )


def test_a_dispute_of_one_invoice_leaves_the_others_to_be_chased() -> None:
    house = a_house(policy=a_policy(pay_to=PAY_TO))
    key = a_client(house, "INV-1", "INV-2")
    account = said(house, "INV-2 is wrong, we never received the goods", key)
    assert [(hold.kind, hold.invoices) for hold in account.holds] == [(HoldKind.DISPUTE, ("INV-2",))]
    assert [invoice.number for invoice in account.invoices if invoice.was_disputed] == ["INV-2"]
    house.run_for(timedelta(days=5))
    chased = {line.number for step in house.account(key).reminders for line in step.invoices}
    assert chased == {"INV-1"}


def test_several_intents_are_all_applied_and_answered_once() -> None:
    house = a_house()
    account = said(
        house, "INV-1 is wrong. I paid INV-2 yesterday. Please call me", a_client(house, "INV-1", "INV-2")
    )
    assert {HoldKind.DISPUTE, HoldKind.PAID_CLAIM} <= set(holds_of(account))
    assert {TaskKind.DISPUTE, TaskKind.MATCH_PAYMENT, TaskKind.CALL_BACK} <= set(house.task_kinds())
    assert [owed.kind for owed in account.answers] == [AnswerKind.DISPUTE_NOTED]


def test_a_wrong_number_is_not_written_to_again_by_anybody() -> None:
    house = a_house()
    key = a_client(house)
    account = said(house, "wrong number mate", key)
    record = account.address_record(Channel.SMS, PHONE)
    assert record is not None
    assert record.suppression is not None
    assert house.task_kinds() == [TaskKind.WRONG_CONTACT]


def test_who_wants_nothing_at_all_is_left_alone_on_every_channel() -> None:
    house = a_house()
    account = said(house, "stop all texts and emails, do not contact me again in any way", a_client(house))
    assert account.is_suppressed(Channel.SMS, PHONE)
    assert account.is_suppressed(Channel.EMAIL, EMAIL)


def test_who_wants_email_instead_keeps_getting_email() -> None:
    house = a_house()
    account = said(house, "please stop texting me, email me instead", a_client(house))
    assert account.is_suppressed(Channel.SMS, PHONE)
    assert not account.is_suppressed(Channel.EMAIL, EMAIL)


def test_after_an_opt_out_a_person_decides_how_to_go_on_if_the_policy_says_so() -> None:
    house = a_house(policy=a_policy(replies={"after_opt_out": "ask"}))
    key = a_client(house)
    said(house, "STOP", key)
    assert house.task_kinds() == [TaskKind.OPTED_OUT]
    house.run_for(timedelta(days=10))
    assert sent_by(house.email) == []


def test_an_answer_waits_for_the_contact_window() -> None:
    house = a_house()
    key = a_client(house)
    house.clock.advance(timedelta(hours=12))
    account = said(house, "I will pay on Friday", key)
    assert account.next_action_at == NINE + timedelta(days=1)
    assert house.queue.queued == []


def test_an_answer_is_given_within_the_gap_of_reminders_and_delays_the_next_reminder() -> None:
    house = a_house(policy=a_policy(pay_to=PAY_TO))
    key = a_client(house)
    house.act(key)
    house.clock.advance(timedelta(minutes=1))
    said(house, "how much do I owe?", key)
    house.act(key)
    assert [step.stage for step in house.account(key).reminders] == ["due", "answer"]


def test_no_more_than_three_answers_a_day_are_given() -> None:
    house = a_house()
    key = a_client(house)
    for _ in range(6):
        said(house, "please call me", key)
        house.clock.advance(timedelta(minutes=20))
        house.tick()
    assert len(sent_by(house.sms)) == 3


def test_a_loop_of_messages_is_neither_answered_nor_a_task_each() -> None:
    house = a_house()
    key = a_client(house)
    for _ in range(40):
        said(house, "who is this?", key)
    assert len(house.task_kinds()) == 16
    assert house.entry_kinds(key).count("reply_in_a_loop") == 25


def test_nothing_is_answered_where_the_policy_wants_no_answers() -> None:
    house = a_house(policy=a_policy(replies={"answers": False}))
    key = a_client(house)
    said(house, "I will pay on Friday", key)
    house.run_for(timedelta(days=2))
    assert sent_by(house.sms) == []


def test_two_customers_behind_one_number_are_told_nothing_of_each_other() -> None:
    house = a_house()
    keys = [
        house.add(an_account(an_invoice(number), customer=a_customer(a_contact(), customer_id=customer)))
        for number, customer in (("A-1001", "C-1"), ("B-1002", "C-2"))
    ]
    said(house, "I will pay on Friday", keys[0])
    accounts = [house.account(key) for key in keys]
    assert [holds_of(account) for account in accounts] == [[HoldKind.REPLY], [HoldKind.REPLY]]
    assert [(account.promises, account.answers) for account in accounts] == [((), ()), ((), ())]


def test_of_two_customers_behind_one_number_the_named_invoice_tells_which() -> None:
    house = a_house()
    keys = [
        house.add(an_account(an_invoice(number), customer=a_customer(a_contact(), customer_id=customer)))
        for number, customer in (("A-1001", "C-1"), ("B-1002", "C-2"))
    ]
    said(house, "I will pay invoice B-1002 on Friday", keys[0])
    assert [len(house.account(key).promises) for key in keys] == [0, 1]


def test_an_out_of_office_notice_changes_nothing_and_the_day_of_return_is_noted() -> None:
    house = a_house()
    key = a_client(house)
    before = house.account(key)
    text = "I am out of the office until 16 March. I will reply when I am back."
    house.replies().receive(
        InboundMessage("m-1", Channel.EMAIL, EMAIL, text, NINE, headers={"Auto-Submitted": "auto-replied"})
    )
    assert replace(house.account(key), version=before.version) == before
    (entry,) = house.store.timeline(key)
    assert (entry.kind, dict(entry.facts)["back_on"]) == ("auto_reply", "2026-03-16")


def test_a_message_that_may_not_come_from_whom_it_says_changes_nothing() -> None:
    house = a_house()
    key = a_client(house)
    before = house.account(key)
    house.replies().receive(
        InboundMessage("m-1", Channel.EMAIL, EMAIL, "unsubscribe", NINE, doubtful="DMARC failed")
    )
    assert house.account(key) == before
    assert not house.account(key).is_suppressed(Channel.EMAIL, EMAIL)
    assert house.task_kinds() == [TaskKind.UNMATCHED_REPLY]


def test_a_task_has_all_that_it_takes_to_deal_with_it() -> None:
    house = a_house()
    key = a_client(house)
    said(house, "I paid INV-1 on 28 February, ref ABC123", key)
    facts: dict[str, Any] = dict(house.task(TaskKind.MATCH_PAYMENT).facts)
    assert facts["understood"] == "paid_claim"
    assert facts["because"].startswith("paid_claim: ")
    assert (facts["paid_on"], facts["payment_ref"]) == ("2026-02-28", "ABC123")
    assert facts["invoices"] == f"INV-1 GBP 100.00 due {DUE}"
    assert facts["on_hold"].startswith("paid_claim-SM-0 (paid_claim) until 2026-03-07")
