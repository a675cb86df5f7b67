"""Whom a message goes to, by which channel, and when a person is asked instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.domain.book.account import Account, TaskKind
from tactful.domain.book.contact_log import ReminderStatus
from tactful.domain.book.customer import Channel, Role
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Ask, Nothing, ReasonCode, Send, Wait
from tactful.domain.dunning.policy import Policy
from tests.support.builders import (
    DUE,
    EMAIL,
    NINE,
    PHONE,
    a_calendar,
    a_contact,
    a_customer,
    a_policy,
    a_reminder,
    a_stage,
    address_records,
    an_account,
    an_invoice,
    sharing,
    suppressed,
)
from tests.support.pure_sender import Fate, PureSender

NOBODY = a_customer(a_contact(email="", phone=""))
PERSON_FIRST = a_policy(
    stages=[
        a_stage("call", 0, a_policy().first_contact_tone, Channel.PERSON),
        a_stage("letter", 14, a_policy().first_contact_tone, Channel.EMAIL),
    ]
)


def a_sender(account: Account, policy: Policy | None = None) -> tuple[PureSender, str]:
    sender = PureSender(policy or a_policy(), a_calendar(), NINE)
    return sender, sender.add(account)


def chosen(account: Account) -> tuple[Channel, str, str]:
    decision = decide(account, a_policy(), a_calendar(), NINE)
    assert isinstance(decision, Send), decision
    return decision.reminder.channel, decision.reminder.address, decision.reminder.contact_name


def with_contact(account: Account, email: str) -> Account:
    who = a_customer(a_contact(email=email, phone=""))
    return replace(account, customer=who, addresses=address_records(who))


def test_the_first_channel_of_the_stage_is_used() -> None:
    assert chosen(an_account(an_invoice())) == (Channel.EMAIL, EMAIL, "Ann")
    assert chosen(an_account(an_invoice(due=DUE - timedelta(days=10)))) == (Channel.SMS, PHONE, "Ann")


def test_the_next_channel_is_used_where_the_first_has_no_address() -> None:
    assert chosen(an_account(an_invoice(), customer=a_customer(a_contact(email=""))))[0] is Channel.SMS


def test_the_billing_contact_comes_before_the_owner_and_the_owner_before_escalation() -> None:
    boss = a_contact("Boss", role=Role.ESCALATION, email="boss@client.example")
    owner = a_contact("Olga", role=Role.OWNER, email="olga@client.example")
    clerk = a_contact("Carl", email="carl@client.example")
    assert chosen(an_account(an_invoice(), customer=a_customer(boss, owner, clerk)))[2] == "Carl"
    assert chosen(an_account(an_invoice(), customer=a_customer(boss, owner)))[2] == "Olga"


def test_a_suppressed_address_is_never_used() -> None:
    account = suppressed(an_account(an_invoice()), EMAIL)
    decision = decide(account, a_policy(), a_calendar(), NINE)
    assert isinstance(decision, Send)
    assert decision.reminder.channel is Channel.SMS
    assert ReasonCode.SUPPRESSED in {reason.code for reason in decision.reasons}


def test_an_opt_out_on_one_channel_is_not_one_on_the_other() -> None:
    assert chosen(suppressed(an_account(an_invoice()), PHONE))[0] is Channel.EMAIL


def test_another_contact_is_tried_before_another_channel() -> None:
    second = a_contact("Bob", email="bob@client.example", phone="")
    account = an_account(an_invoice(), customer=a_customer(a_contact(), second))
    assert chosen(suppressed(account, EMAIL)) == (Channel.EMAIL, "bob@client.example", "Bob")


@pytest.mark.parametrize("fate", [Fate.BOUNCED, Fate.FAILED])
def test_a_message_that_reached_nobody_goes_by_the_next_channel(fate: Fate) -> None:
    sender, key = a_sender(an_account(an_invoice()))
    sender.tick(key, fate)
    sender.tick(key, Fate.DELIVERED)
    assert [(s.reminder.channel, s.reminder.stage, s.reminder.attempt) for s in sender.sent] == [
        (Channel.EMAIL, "due", 1),
        (Channel.SMS, "due", 2),
    ]
    assert sender.sent[0].reminder.id != sender.sent[1].reminder.id


def test_a_person_is_asked_once_when_no_channel_is_left() -> None:
    sender, key = a_sender(an_account(an_invoice()))
    sender.run_until(NINE + timedelta(days=2), key, Fate.BOUNCED)
    assert [ask.kind for ask in sender.asked] == [TaskKind.NO_USABLE_ADDRESS]
    assert len(sender.sent) == 2


def test_a_person_is_asked_for_an_address_once_for_the_whole_ladder() -> None:
    sender, key = a_sender(an_account(an_invoice(), customer=NOBODY))
    sender.run_until(NINE + timedelta(days=60), key)
    assert [ask.kind for ask in sender.asked] == [TaskKind.NO_USABLE_ADDRESS]


def test_a_new_invoice_without_an_address_is_asked_about_again() -> None:
    sender, key = a_sender(an_account(an_invoice(), customer=NOBODY))
    sender.tick(key)
    sender.change(key, lambda account: account.with_invoice(an_invoice("INV-2")))
    sender.tick(key)
    assert len(sender.asked) == 2
    assert sender.asked[0].step.id != sender.asked[1].step.id


@pytest.mark.parametrize(("days", "stage"), [(0, "due"), (21, "overdue_21")])
def test_reminding_goes_on_as_soon_as_there_is_an_address(days: int, stage: str) -> None:
    sender, key = a_sender(an_account(an_invoice(due=DUE - timedelta(days=days)), customer=NOBODY))
    sender.tick(key)
    sender.change(key, lambda account: with_contact(account, "new@client.example"))
    sender.tick(key)
    assert [(s.reminder.stage, s.reminder.address) for s in sender.sent] == [(stage, "new@client.example")]
    assert sender.sent[0].reminder.id != sender.asked[0].step.id


def test_an_amount_that_nobody_can_say_how_to_pay_is_a_persons_to_mend() -> None:
    sender, key = a_sender(an_account(an_invoice(currency="SEK")))
    sender.run_until(NINE + timedelta(days=60), key)
    assert [(ask.kind, ask.step.channel) for ask in sender.asked] == [
        (TaskKind.NO_PAY_TO_DETAILS, Channel.PERSON)
    ]
    assert sender.sent == []


def test_an_amount_is_asked_for_once_there_are_details_for_its_currency() -> None:
    sender, key = a_sender(an_account(an_invoice(currency="SEK", due=DUE - timedelta(days=40))))
    sender.tick(key)
    sender.policy = a_policy(pay_to={"SEK": ("Bankgiro 000-0000",)})
    sender.tick(key)
    assert [s.reminder.stage for s in sender.sent] == ["overdue_21"]


def test_a_step_for_a_person_is_handed_over_once() -> None:
    sender, key = a_sender(an_account(an_invoice()), PERSON_FIRST)
    sender.run_until(NINE + timedelta(days=13), key)
    assert [(ask.kind, ask.step.stage, ask.step.status) for ask in sender.asked] == [
        (TaskKind.STEP_FOR_A_PERSON, "call", ReminderStatus.HANDED_OVER)
    ]


def test_the_ladder_goes_on_after_a_step_for_a_person() -> None:
    sender, key = a_sender(an_account(an_invoice()), PERSON_FIRST)
    sender.run_until(NINE + timedelta(days=30), key)
    assert [s.reminder.stage for s in sender.sent] == ["letter"]


def test_a_person_is_asked_to_contact_a_client_at_a_decent_hour_only() -> None:
    night = NINE - timedelta(hours=4)
    decision = decide(an_account(an_invoice()), PERSON_FIRST, a_calendar(), night)
    assert isinstance(decision, Wait)
    assert decision.until == NINE


def test_an_unanswered_claim_is_to_be_found_out_about_and_is_never_sent_again() -> None:
    sender, key = a_sender(an_account(an_invoice()))
    sender.tick(key, Fate.UNANSWERED)
    sender.run_until(NINE + timedelta(days=2), key)
    assert len(sender.sent) == 1
    assert [lost.reminder.is_unsettled for lost in sender.lost] == [True]
    assert sender.asked == []


def test_news_from_the_provider_settles_an_unknown_outcome() -> None:
    sender, key = a_sender(an_account(an_invoice()))
    sender.tick(key, Fate.UNANSWERED)
    sender.now += timedelta(minutes=15)
    sender.tick(key)
    reminder = sender.sent[0].reminder
    sender.change(key, lambda account: account.with_reminder(reminder.advanced(ReminderStatus.BOUNCED)))
    sender.tick(key)
    assert [s.reminder.channel for s in sender.sent] == [Channel.EMAIL, Channel.SMS]


def test_nothing_is_left_to_do_while_a_person_looks_for_an_address() -> None:
    sender, key = a_sender(an_account(an_invoice(due=DUE - timedelta(days=40)), customer=NOBODY))
    sender.tick(key)
    decision = sender.decide(key)
    assert isinstance(decision, Nothing)
    assert ReasonCode.WITH_A_PERSON in {reason.code for reason in decision.reasons}
    assert not isinstance(decision, Ask)


def test_giving_a_claim_back_keeps_what_was_sent_to_another_address_at_the_same_moment() -> None:
    account = sharing(an_account(an_invoice()))
    by_email = replace(a_reminder(account, account.invoices), address=EMAIL)
    by_sms = replace(by_email, id="another", channel=Channel.SMS, address=PHONE)
    kept = account.with_claim(by_email).with_claim(by_sms).without_claim(by_sms)
    email, sms = (kept.address_record(*pair) for pair in ((Channel.EMAIL, EMAIL), (Channel.SMS, PHONE)))
    assert email is not None
    assert sms is not None
    assert ([contact.at for contact in email.recent], sms.recent) == ([NINE], ())
