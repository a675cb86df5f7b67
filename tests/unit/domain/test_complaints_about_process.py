"""More of what users of other programs complain of: exclusions, hours, roles, promises and the end of the ladder."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tactful.domain.book.account import Account, TaskKind, Thanks
from tactful.domain.book.agreements import Hold, HoldKind, Promise
from tactful.domain.book.contact_log import ManualContact, Tone
from tactful.domain.book.customer import Channel, Role
from tactful.domain.book.invoice import Discount, Invoice, InvoiceState
from tactful.domain.book.payment import Payment, PaymentKind, record_payment
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Nothing, ReasonCode, Send, Wait
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import StageKind
from tests.support.builders import (
    DUE,
    EMAIL,
    NINE,
    PHONE,
    a_calendar,
    a_contact,
    a_customer,
    a_policy,
    a_stage,
    a_task_stage,
    an_account,
    an_invoice,
    money,
    suppressed,
)
from tests.support.pure_sender import Fate, PureSender

DAY = timedelta(days=1)


def a_sender(
    account: Account, policy: Policy | None = None, now: datetime = NINE, zone: str = "Etc/UTC"
) -> tuple[PureSender, str]:
    sender = PureSender(policy or a_policy(), a_calendar(zone), now)
    return sender, sender.add(account)


def paid(account: Account, number: str, minor: int) -> Account:
    payment = Payment(f"pay-{number}", PaymentKind.PAYMENT, number, money(minor), NINE)
    return record_payment(account, payment, NINE.date()).account


def stages(sender: PureSender) -> list[str]:
    return [sent.reminder.stage for sent in sender.sent]


def test_ticks_around_midnight_send_a_stage_once() -> None:
    sender, key = a_sender(an_account(an_invoice()))
    for _ in range(60):
        sender.tick(key)
        sender.now += timedelta(hours=1)
    assert stages(sender) == ["due"]


def test_a_long_lived_process_decides_as_a_fresh_one_does() -> None:
    policy, calendar = a_policy(), a_calendar("Europe/London")
    accounts = [
        an_account(an_invoice(due=DUE - days * DAY), customer=a_customer(a_contact(), timezone=zone))
        for days in (0, 5, 12, 30)
        for zone in ("Pacific/Niue", "Europe/Berlin", "Australia/Lord_Howe")
    ]
    for _ in range(3):
        for account in accounts:
            fresh = decide(account, a_policy(), a_calendar("Europe/London"), NINE)
            assert decide(account, policy, calendar, NINE) == fresh


def test_a_repeated_reminder_starts_and_comes_to_an_end() -> None:
    repeat = {"every_days": 7, "times": 3}
    policy = a_policy(
        stages=[a_stage("due", 0, Tone.FRIENDLY), a_stage("again", 7, Tone.NEUTRAL, repeat=repeat)]
    )
    sender, key = a_sender(an_account(an_invoice()), policy)
    sender.run_until(NINE + 365 * DAY, key)
    assert [(s.reminder.stage, s.reminder.occurrence, (s.at - NINE).days) for s in sender.sent] == [
        ("due", "2026-03-02", 0),
        ("again", "2026-03-02", 7),
        ("again", "2026-03-02.2", 14),
        ("again", "2026-03-02.3", 21),
        ("again", "2026-03-02.4", 28),
    ]


def test_a_message_that_somebody_sent_by_hand_delays_the_next_one() -> None:
    by_hand = ManualContact("m-1", NINE - timedelta(hours=16), "email")
    sender, key = a_sender(replace(an_account(an_invoice()), manual_contacts=(by_hand,)))
    sender.run_until(NINE + 5 * DAY, key)
    assert [sent.at for sent in sender.sent] == [by_hand.at + 3 * DAY]


def test_an_invoice_that_is_not_due_for_a_long_time_is_left_in_peace() -> None:
    sender, key = a_sender(an_account(an_invoice(due=DUE + 90 * DAY)))
    sender.run_until(NINE + 80 * DAY, key)
    assert sender.sent == []


def test_a_client_who_pays_by_direct_debit_hears_nothing_until_the_debit_had_its_time() -> None:
    hold = Hold("h-1", HoldKind.DIRECT_DEBIT, NINE, NINE + 5 * DAY, ("INV-1",))
    sender, key = a_sender(an_account(an_invoice()).with_hold(hold))
    assert sender.run_until(NINE + 4 * DAY, key) == []
    assert [sent.at for sent in sender.run_until(NINE + 9 * DAY, key)] == [NINE + 7 * DAY]
    failed, key = a_sender(replace(an_account(an_invoice()), holds=()))
    assert isinstance(failed.tick(key), Send)


def test_payments_have_some_days_to_arrive_before_anything_is_overdue() -> None:
    policy = a_policy(grace_days=4)
    sender, key = a_sender(an_account(an_invoice()), policy)
    sender.run_until(NINE + 8 * DAY, key)
    assert [(s.reminder.stage, (s.at - NINE).days) for s in sender.sent] == [("due", 0), ("overdue_3", 4)]


@pytest.mark.parametrize(
    "account",
    [
        an_account(an_invoice(due=DUE - 30 * DAY)),
        an_account(
            replace(an_invoice(due=DUE + 30 * DAY), issue_date=DUE, discount=Discount(money(1_00), DUE + DAY))
        ),
        replace(an_account(an_invoice(state=InvoiceState.PAID)), thanks=Thanks("p-1", NINE, ("INV-1",))),
        an_account(an_invoice(currency="SEK")),
        an_account(an_invoice(), customer=a_customer(a_contact(email="", phone=""))),
    ],
    ids=["overdue", "new, with a discount", "settled", "no bank details", "no address"],
)
def test_a_customer_who_is_never_to_be_contacted_is_not_by_any_path(account: Account) -> None:
    policy = a_policy(
        customers={"C-1": {"chase": False}}, discount_notice_days=3, welcome={"clients_from": "2026-01-01"}
    )
    sender, key = a_sender(account, policy)
    sender.run_until(NINE + 100 * DAY, key)
    assert (sender.sent, sender.asked) == ([], [])
    assert {reason.code for reason in sender.decide(key).reasons} == {ReasonCode.NEVER_CHASED}


def test_an_excluded_invoice_is_in_no_message() -> None:
    policy = a_policy(invoices={"INV-1": {"chase": False}})
    sender, key = a_sender(an_account(an_invoice(), an_invoice("INV-2")), policy)
    sender.run_until(NINE + 60 * DAY, key)
    assert {line.number for sent in sender.sent for line in sent.reminder.invoices} == {"INV-2"}


def test_nobody_is_chased_on_books_that_are_too_old_and_everybody_is_once_new_ones_came() -> None:
    policy = a_policy(book_at_most_days_old=7)
    account = replace(an_account(an_invoice()), book_as_of=NINE - 7 * DAY)
    sender, key = a_sender(account, policy)
    sender.run_until(NINE + 18 * DAY, key)
    assert sender.sent == []
    assert sender.decide(key).reasons[-1].code is ReasonCode.BOOK_TOO_OLD
    sender.change(key, lambda known: replace(known, book_as_of=sender.now))
    assert [sent.reminder.stage for sent in sender.run_until(sender.now + DAY, key)] == ["overdue_10"]


def test_books_are_fresh_enough_until_the_last_instant() -> None:
    policy = a_policy(book_at_most_days_old=7)
    account = replace(an_account(an_invoice()), book_as_of=NINE - 7 * DAY + timedelta(seconds=1))
    assert isinstance(decide(account, policy, a_calendar(), NINE), Send)


def test_a_sender_that_dies_before_the_provider_answers_loses_nothing_silently() -> None:
    sender, key = a_sender(an_account(an_invoice()))
    sender.run_until(NINE + DAY, key, Fate.SENDER_DIES_FIRST)
    assert sender.sent == []
    assert [lost.reminder.is_unsettled for lost in sender.lost] == [True]


@pytest.mark.parametrize("days_late", range(40, 60, 3))
def test_every_overdue_invoice_is_reminded_of_and_not_only_those_of_one_exact_age(days_late: int) -> None:
    sender, key = a_sender(an_account(an_invoice(due=DUE - days_late * DAY)))
    sender.tick(key)
    assert stages(sender) == ["overdue_21"]


def test_a_client_with_only_blocked_addresses_ends_up_with_a_person_and_not_in_a_queue() -> None:
    sender, key = a_sender(suppressed(an_account(an_invoice()), EMAIL, PHONE))
    sender.run_until(NINE + 60 * DAY, key)
    assert (sender.sent, [ask.kind for ask in sender.asked]) == ([], [TaskKind.NO_USABLE_ADDRESS])
    assert isinstance(sender.decide(key), Nothing)


def test_what_cannot_leave_at_midnight_leaves_when_the_business_opens() -> None:
    sender, key = a_sender(an_account(an_invoice()), now=datetime(2026, 3, 1, 23, 59, tzinfo=UTC))
    sender.run_until(NINE + DAY, key)
    assert [sent.at for sent in sender.sent] == [NINE]


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [(date(2026, 3, 2), 23), (date(2026, 6, 1), 0)],
)
def test_the_hour_of_the_policy_is_the_hour_on_the_wall_in_summer_time_too(day: date, utc_hour: int) -> None:
    policy = a_policy(contact_window={"monday": "10:00-11:00", "tuesday": "10:00-11:00"})
    customer = a_customer(a_contact(), timezone="Australia/Canberra", country="AU")
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    sender, key = a_sender(an_account(an_invoice(due=day), customer=customer), policy, midnight)
    (first, *_) = sender.run_until(midnight + 2 * DAY, key)
    assert first.at.hour == utc_hour


def test_it_is_the_clients_clock_that_counts_and_not_the_businesss() -> None:
    customer = a_customer(a_contact(), timezone="America/Los_Angeles", country="US")
    sender, key = a_sender(an_account(an_invoice(), customer=customer), zone="Europe/Berlin")
    (first, *_) = sender.run_until(NINE + DAY, key)
    assert first.at == datetime(2026, 3, 2, 17, tzinfo=UTC)


def test_a_stage_sixty_days_overdue_is_never_sent_sixty_days_early() -> None:
    policy = a_policy(stages=[a_stage("letter_60", 60, Tone.NEUTRAL)])
    sender, key = a_sender(an_account(an_invoice()), policy, NINE - 70 * DAY)
    sender.run_until(NINE + 70 * DAY, key)
    assert [sent.at for sent in sender.sent] == [NINE + 60 * DAY]


def test_each_invoice_in_a_message_has_its_own_amount() -> None:
    invoices = [an_invoice(f"INV-{n}", minor=n * 10_00, received=n * 1_00) for n in (1, 2, 3)]
    sender, key = a_sender(an_account(*invoices))
    sender.tick(key)
    assert [line.amount for line in sender.sent[0].reminder.invoices] == [
        money(9_00),
        money(18_00),
        money(27_00),
    ]


@pytest.mark.parametrize("settled", ["INV-1", "INV-2"])
def test_paying_one_of_two_invoices_ends_the_chase_of_that_one_alone(settled: str) -> None:
    sender, key = a_sender(an_account(an_invoice("INV-1"), an_invoice("INV-2")))
    sender.tick(key)
    sender.change(key, lambda known: paid(known, settled, 100_00))
    sender.run_until(NINE + 60 * DAY, key)
    (left,) = {"INV-1", "INV-2"} - {settled}
    thanks, *reminders = sender.sent[1:]
    assert thanks.reminder.stage == "part_payment"
    assert [[line.number for line in sent.reminder.invoices] for sent in reminders] == [[left]] * 3


def test_no_person_has_to_write_while_the_client_has_an_address() -> None:
    policy = a_policy(stages=[a_stage("due", 0, Tone.FRIENDLY, Channel.EMAIL, Channel.PERSON)])
    sender, key = a_sender(an_account(an_invoice()), policy)
    sender.tick(key)
    assert [sent.reminder.channel for sent in sender.sent] == [Channel.EMAIL]
    assert sender.asked == []


def test_a_late_stage_can_go_to_the_boss_instead_of_the_inbox_for_invoices() -> None:
    policy = a_policy(
        stages=[
            a_stage("due", 0, Tone.FRIENDLY, Channel.EMAIL),
            a_stage("late", 10, Tone.NEUTRAL, Channel.EMAIL, role=Role.ESCALATION),
        ]
    )
    inbox = a_contact("Inbox", email="invoices@client.example")
    boss = a_contact("Boss", role=Role.ESCALATION, email="boss@client.example")
    sender, key = a_sender(an_account(an_invoice(), customer=a_customer(inbox, boss)), policy)
    sender.run_until(NINE + 20 * DAY, key)
    assert [sent.reminder.contact_name for sent in sender.sent] == ["Inbox", "Boss"]
    assert [sent.reminder.role for sent in sender.sent] == [Role.BILLING, Role.ESCALATION]


def test_forty_invoices_of_different_ages_are_one_statement_and_not_forty_messages() -> None:
    invoices = [an_invoice(f"INV-{age:02d}", due=DUE - age * DAY) for age in range(40)]
    sender, key = a_sender(an_account(*invoices))
    sender.run_until(NINE + 2 * DAY, key)
    assert [len(sent.reminder.invoices) for sent in sender.sent] == [40]


def test_a_promise_pauses_its_invoice_and_a_broken_one_resumes_the_day_after() -> None:
    promise = Promise("p-1", ("INV-1",), DUE + 8 * DAY, NINE)
    account = replace(an_account(an_invoice(due=DUE - 5 * DAY)), promises=(promise,))
    policy = a_policy(stages=[a_stage("overdue_1", 1, Tone.NEUTRAL)])
    sender, key = a_sender(account, policy)
    (first, *_) = sender.run_until(NINE + 30 * DAY, key)
    assert (first.at, first.reminder.promised) == (NINE + 9 * DAY, DUE + 8 * DAY)


def test_a_chase_that_ends_unpaid_says_so_and_is_handed_on() -> None:
    policy = a_policy(
        stages=[a_stage("due", 0, Tone.FRIENDLY), a_task_stage("agency", 30, StageKind.COLLECTIONS)]
    )
    sender, key = a_sender(an_account(an_invoice()), policy)
    sender.run_until(NINE + 90 * DAY, key)
    assert [(ask.kind, ask.step.at) for ask in sender.asked] == [(TaskKind.COLLECTIONS, NINE + 30 * DAY)]
    assert [reason.code for reason in sender.decide(key).reasons] == [ReasonCode.LADDER_FINISHED]


def an_invoice_in(currency: str, days: int) -> Invoice:
    return an_invoice(f"INV-{currency}", due=DUE - days * DAY, currency=currency)


def test_two_currencies_of_one_customer_climb_one_ladder_together() -> None:
    sender, key = a_sender(an_account(an_invoice_in("GBP", 0), an_invoice_in("EUR", 0)))
    sender.run_until(NINE + 60 * DAY, key)
    assert stages(sender) == ["due", "overdue_3", "overdue_10", "overdue_21"]
    assert all(len(sent.reminder.invoices) == 2 for sent in sender.sent)


def test_a_clock_that_jumps_back_sends_nothing_twice() -> None:
    sender, key = a_sender(an_account(an_invoice()))
    sender.tick(key)
    sender.now -= timedelta(hours=1)
    assert isinstance(sender.tick(key), Wait)
    sender.now = NINE + timedelta(minutes=1)
    sender.tick(key)
    assert stages(sender) == ["due"]
