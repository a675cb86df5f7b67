"""What clients and users of other reminder programs complain of, each as a sentence that stays true here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Hold, HoldKind
from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.book.payment import Payment, PaymentKind, record_payment
from tactful.domain.dunning.decision import Nothing, ReasonCode, Send
from tests.support.builders import (
    DUE,
    NINE,
    a_calendar,
    a_contact,
    a_customer,
    a_policy,
    a_reminder,
    a_stage,
    an_account,
    an_invoice,
    contacted_by_another,
    money,
)
from tests.support.pure_sender import Fate, PureSender


def a_sender(*accounts: Account, now: datetime = NINE) -> PureSender:
    sender = PureSender(a_policy(), a_calendar(), now)
    for account in accounts:
        sender.add(account)
    return sender


def numbers(sender: PureSender) -> list[list[str]]:
    return [[chased.number for chased in sent.reminder.invoices] for sent in sender.sent]


def paid(account: Account, number: str, minor: int, at: datetime = NINE) -> Account:
    payment = Payment(f"pay-{number}-{at}", PaymentKind.PAYMENT, number, money(minor), at)
    return record_payment(account, payment, payment.at.date()).account


def test_a_hundred_ticks_in_a_day_send_one_message() -> None:
    sender = a_sender(account := an_account(an_invoice()))
    for _ in range(100):
        sender.tick(account.key, Fate.ACCEPTED)
        sender.now += timedelta(minutes=5)
    assert len(sender.sent) == 1


def test_the_ladder_ends_and_nobody_is_reminded_daily_for_ever() -> None:
    sender = a_sender(account := an_account(an_invoice()))
    sender.run_until(NINE + timedelta(days=3 * 365), account.key)
    assert len(sender.sent) == 4
    assert isinstance(sender.decide(account.key), Nothing)


def test_a_second_worker_that_finds_a_claim_sends_nothing() -> None:
    sender = a_sender(account := an_account(an_invoice()))

    def another_worker() -> None:
        for _ in range(8):
            sender.tick(account.key)

    sender.tick(account.key, meanwhile=another_worker)
    assert len(sender.sent) == 1


def test_a_payment_between_choosing_and_sending_stops_the_message() -> None:
    sender = a_sender(account := an_account(an_invoice()))
    sender.tick(
        account.key,
        meanwhile=lambda: sender.change(account.key, lambda known: paid(known, "INV-1", 100_00)),
    )
    assert sender.sent == []
    assert sender.load(account.key).reminders == ()


def test_a_part_payment_between_choosing_and_sending_never_leaves_the_old_amount_in_a_message() -> None:
    sender = a_sender(account := an_account(an_invoice()))
    sender.tick(
        account.key,
        meanwhile=lambda: sender.change(account.key, lambda known: paid(known, "INV-1", 40_00)),
    )
    assert sender.sent == []
    sender.tick(account.key)
    assert [sent.reminder.invoices[0].amount for sent in sender.sent] == [money(60_00)]


def test_a_contact_who_leaves_between_choosing_and_sending_is_not_written_to() -> None:
    sender = a_sender(account := an_account(an_invoice()))
    successor = a_customer(a_contact("Bob", email="bob@client.example"))
    sender.tick(
        account.key,
        meanwhile=lambda: sender.change(account.key, lambda known: replace(known, customer=successor)),
    )
    assert sender.sent == []
    sender.tick(account.key)
    assert [sent.reminder.address for sent in sender.sent] == ["bob@client.example"]


def test_a_message_names_only_the_customers_own_invoices_and_addresses() -> None:
    other = a_customer(a_contact(email="zoe@other.example", phone=""), customer_id="C-2")
    sender = a_sender(an_account(an_invoice()), an_account(an_invoice("INV-9"), customer=other))
    for key in list(sender.accounts):
        sender.tick(key)
    assert numbers(sender) == [["INV-1"], ["INV-9"]]
    assert [sent.reminder.address for sent in sender.sent] == ["ann@client.example", "zoe@other.example"]


def test_a_credit_that_arrives_ends_the_chase() -> None:
    sender = a_sender(account := an_account(an_invoice()))
    sender.tick(account.key)
    sender.change(account.key, lambda known: known.with_invoice(an_invoice("CN-1", minor=-100_00)))
    sender.run_until(NINE + timedelta(days=90), account.key)
    assert len(sender.sent) == 1


def test_a_stopped_customer_hears_nothing_until_the_stop_is_lifted() -> None:
    hold = Hold("h-1", HoldKind.MANUAL, NINE)
    sender = a_sender(account := an_account(an_invoice()).with_hold(hold))
    sender.run_until(NINE + timedelta(days=90), account.key)
    assert sender.sent == []
    sender.change(account.key, lambda known: replace(known, holds=()))
    sender.now = NINE
    assert isinstance(sender.decide(account.key), Send)


def test_days_of_outage_are_caught_up_by_one_message_at_the_right_stage() -> None:
    sender = a_sender(account := an_account(an_invoice()))
    sender.tick(account.key)
    sender.now = NINE + timedelta(days=10)
    sender.run_until(NINE + timedelta(days=12), account.key)
    assert [sent.reminder.stage for sent in sender.sent] == ["due", "overdue_10"]


def test_an_old_book_loaded_for_the_first_time_starts_with_one_gentle_message() -> None:
    invoices = [an_invoice(f"INV-{age}", due=DUE - timedelta(days=age)) for age in (3, 20, 90, 400)]
    sender = a_sender(account := an_account(*invoices))
    sender.run_until(NINE + timedelta(days=2), account.key)
    assert len(sender.sent) == 1
    assert (sender.sent[0].reminder.stage, sender.sent[0].reminder.tone) == ("overdue_21", Tone.NEUTRAL)


def test_a_stage_before_the_due_date_is_sent_before_the_due_date() -> None:
    sender = a_sender(account := an_account(an_invoice()), now=NINE - timedelta(days=30))
    (first, *_) = sender.run_until(NINE, account.key)
    assert (first.reminder.stage, first.at) == ("before_due", NINE - timedelta(days=7))


def test_an_invoice_due_today_is_due_and_not_overdue() -> None:
    sender = a_sender(account := an_account(an_invoice()))
    sender.tick(account.key)
    assert sender.sent[0].reminder.stage == "due"


def test_a_part_paid_invoice_is_reminded_of_with_what_is_left() -> None:
    sender = a_sender(account := paid(an_account(an_invoice()), "INV-1", 99_00))
    sender.run_until(NINE + timedelta(days=30), account.key)
    assert [sent.reminder.stage for sent in sender.sent] == ["part_payment"]
    sender = a_sender(account := paid(an_account(an_invoice()), "INV-1", 60_00))
    sender.tick(account.key)
    assert sender.sent[0].reminder.invoices[0].amount == money(40_00)


def test_a_part_payment_does_not_start_the_ladder_again() -> None:
    sender = a_sender(account := an_account(an_invoice()))
    sender.run_until(NINE + timedelta(days=4), account.key)
    sender.change(account.key, lambda known: paid(known, "INV-1", 50_00, sender.now))
    sender.run_until(NINE + timedelta(days=40), account.key)
    stages = [sent.reminder.stage for sent in sender.sent]
    assert stages == ["due", "overdue_3", "part_payment", "overdue_10", "overdue_21"]


def test_paying_the_oldest_of_three_does_not_make_the_ladder_jump() -> None:
    invoices = [an_invoice(f"INV-{age}", due=DUE - timedelta(days=age)) for age in (10, 3, 0)]
    sender = a_sender(account := an_account(*invoices))
    sender.tick(account.key)
    sender.change(account.key, lambda known: paid(known, "INV-10", 100_00))
    sender.run_until(NINE + timedelta(days=30), account.key)
    assert [(sent.reminder.stage, sent.at.date()) for sent in sender.sent] == [
        ("overdue_10", date(2026, 3, 2)),
        # The invoice of the day would come to day 3 on the 5th; the older one comes to day 10 on the 9th.
        ("part_payment", date(2026, 3, 5)),
        ("overdue_10", date(2026, 3, 9)),
        ("overdue_10", date(2026, 3, 12)),
        ("overdue_21", date(2026, 3, 20)),
        ("overdue_21", date(2026, 3, 23)),
    ]


def test_an_invoice_taken_out_of_a_message_can_still_be_reminded_of() -> None:
    hold = Hold("h-1", HoldKind.MANUAL, NINE, NINE + timedelta(days=1), ("INV-2",))
    sender = a_sender(account := an_account(an_invoice(), an_invoice("INV-2")).with_hold(hold))
    sender.run_until(NINE + timedelta(days=4), account.key)
    assert numbers(sender) == [["INV-1"], ["INV-1", "INV-2"]]


def test_one_reminded_invoice_does_not_skip_the_whole_customer() -> None:
    account = an_account(an_invoice(), an_invoice("INV-2"))
    account = account.with_reminder(a_reminder(account, account.invoices[:1], at=NINE - timedelta(days=5)))
    sender = a_sender(account)
    sender.tick(account.key)
    assert numbers(sender) == [["INV-1", "INV-2"]]


@pytest.mark.parametrize("zone", ["Pacific/Niue", "Pacific/Kiritimati", "Australia/Sydney", "Europe/London"])
def test_a_due_date_never_passes_through_a_time_zone(zone: str) -> None:
    customer = a_customer(a_contact(), timezone=zone)
    sender = PureSender(a_policy(), a_calendar(zone), datetime(2026, 3, 20, tzinfo=UTC))
    key = sender.add(an_account(an_invoice(due=date(2026, 3, 31)), customer=customer))
    (first, *_) = sender.run_until(datetime(2026, 4, 1, tzinfo=UTC), key)
    assert first.reminder.invoices[0].anchor == date(2026, 3, 31)
    assert first.at.astimezone(a_calendar(zone).business_zone).date() == date(2026, 3, 24)


def test_a_pause_ends_at_its_own_instant_and_not_at_midnight_elsewhere() -> None:
    until = datetime(2026, 3, 4, 13, 45, tzinfo=UTC)
    sender = a_sender(account := an_account(an_invoice()).with_hold(Hold("h-1", HoldKind.REPLY, NINE, until)))
    (first, *_) = sender.run_until(NINE + timedelta(days=3), account.key)
    assert first.at == until


def test_a_robots_inbox_is_not_written_to_when_it_bounces_but_the_next_person_is() -> None:
    robot = a_contact("Robot", email="robot@client.example", phone="")
    boss = a_contact("Boss", email="boss@client.example", phone="")
    sender = a_sender(account := an_account(an_invoice(), customer=a_customer(robot, boss)))
    sender.tick(account.key, Fate.BOUNCED)
    sender.tick(account.key)
    assert [sent.reminder.contact_name for sent in sender.sent] == ["Robot", "Boss"]


def test_a_bounced_message_is_no_step_towards_a_harsher_one() -> None:
    email_only = a_customer(a_contact(phone=""))
    sender = a_sender(account := an_account(an_invoice(), customer=email_only))
    sender.run_until(NINE + timedelta(days=40), account.key, Fate.BOUNCED)
    assert {sent.reminder.tone for sent in sender.sent} == {Tone.FRIENDLY, Tone.NEUTRAL}


def test_a_message_to_one_company_of_a_group_delays_the_next_companys_to_the_same_inbox() -> None:
    account = contacted_by_another(an_account(an_invoice()), "ann@client.example", NINE - timedelta(days=2))
    sender = a_sender(account)
    sender.run_until(NINE + timedelta(days=2), account.key)
    assert [sent.at for sent in sender.sent] == [NINE + timedelta(days=1)]


def test_a_reminder_in_one_currency_waits_when_only_another_has_bank_details() -> None:
    sender = a_sender(account := an_account(an_invoice(currency="SEK")))
    decision = sender.tick(account.key)
    assert sender.sent == []
    assert ReasonCode.NO_PAY_TO_DETAILS in {reason.code for reason in decision.reasons}


def test_amounts_in_two_currencies_stay_two_amounts() -> None:
    sender = a_sender(account := an_account(an_invoice(), an_invoice("INV-2", currency="EUR")))
    sender.tick(account.key)
    assert [chased.amount for chased in sender.sent[0].reminder.invoices] == [
        money(100_00),
        money(100_00, "EUR"),
    ]


def test_a_void_or_paid_invoice_never_appears_beside_an_open_one() -> None:
    others = [an_invoice(f"INV-{state}", state=state) for state in InvoiceState if state != InvoiceState.OPEN]
    sender = a_sender(account := an_account(an_invoice(), *others))
    sender.tick(account.key)
    assert numbers(sender) == [["INV-1"]]


def test_a_late_ladder_spaces_its_messages_instead_of_sending_every_stage_at_once() -> None:
    sender = a_sender(account := an_account(an_invoice(due=DUE - timedelta(days=20))))
    sender.run_until(NINE + timedelta(days=30), account.key)
    assert [(s.reminder.stage, s.reminder.tone, s.reminder.at.date()) for s in sender.sent] == [
        ("overdue_10", Tone.NEUTRAL, date(2026, 3, 2)),
        ("overdue_21", Tone.FIRM, date(2026, 3, 9)),
        ("overdue_21", Tone.FINAL, date(2026, 3, 16)),
    ]
    assert sender.sent[1].at - sender.sent[0].at >= timedelta(days=3)


def test_a_policy_with_one_stage_sends_one_message() -> None:
    sender = a_sender(account := an_account(an_invoice()))
    sender.policy = a_policy(stages=[a_stage("once", 0, Tone.FRIENDLY, Channel.SMS)])
    sender.run_until(NINE + timedelta(days=365), account.key)
    assert [sent.reminder.channel for sent in sender.sent] == [Channel.SMS]
