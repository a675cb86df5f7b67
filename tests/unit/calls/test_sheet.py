"""A caller is told what is so now: whom to call, about what, and what may be offered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tactful.domain.book.account import Account, SuppressionReason, TaskKind
from tactful.domain.book.agreements import Extension, Hold, HoldKind, Instalment, Plan, Promise
from tactful.domain.book.contact_log import Reminder, ReminderStatus, Tone
from tactful.domain.book.customer import Role
from tactful.domain.book.invoice import InvoiceKind
from tactful.domain.calls.sheet import CallSheet, Situation, call_sheet
from tests.support.builders import (
    NINE,
    PHONE,
    a_calendar,
    a_contact,
    a_customer,
    a_policy,
    a_reminder,
    a_step_of_a_person,
    an_account,
    an_invoice,
    money,
    suppressed,
)

LATE = NINE + timedelta(days=15)
OTHER_PHONE = "+441632960002"
OWNER = a_contact("Olga", role=Role.OWNER, email="olga@client.example", phone=OTHER_PHONE)


def sheet(
    account: Account,
    *,
    kind: TaskKind = TaskKind.CALL,
    at: datetime = LATE,
    step: Reminder | None = None,
    **policy: object,
) -> CallSheet:
    return call_sheet(account, a_policy(**policy), a_calendar(), at, kind, step)


def written_to(account: Account, status: ReminderStatus = ReminderStatus.DELIVERED) -> Account:
    return replace(account, reminders=(a_reminder(account, account.invoices, status=status),))


def wanting_no_calls(account: Account, phone: str = PHONE) -> Account:
    return replace(
        account,
        addresses=tuple(
            replace(one, no_calls=NINE) if one.address == phone else one for one in account.addresses
        ),
    )


def test_a_call_speaks_of_what_is_overdue_with_the_credit_notes_that_go_with_it() -> None:
    credit = an_invoice("CN-1", minor=-30_00, due=date(2026, 2, 1))
    later = an_invoice("INV-2", due=date(2026, 6, 1))
    found = sheet(an_account(an_invoice(), credit, later))
    assert [(line.number, line.amount.minor) for line in found.lines] == [("CN-1", -30_00), ("INV-1", 100_00)]
    assert found.totals == (money(70_00),)


def test_whoever_wants_to_be_called_may_ask_about_all_that_is_open() -> None:
    account = an_account(an_invoice(), an_invoice("INV-2", due=date(2026, 6, 1)))
    held = account.with_hold(Hold("reply-1", HoldKind.REPLY, LATE, LATE + timedelta(days=7)))
    found = sheet(held, kind=TaskKind.CALL_BACK)
    assert found.situation is Situation.ASKED_FOR
    assert [line.number for line in found.lines] == ["INV-1", "INV-2"]
    assert found.tone is Tone.FRIENDLY


@pytest.mark.parametrize(
    "settled",
    [
        lambda one: replace(one, invoices=(replace(one.invoices[0], received=money(100_00)),)),
        lambda one: one.with_hold(Hold("D", HoldKind.DISPUTE, NINE)),
        lambda one: replace(one, promises=(Promise("P", ("INV-1",), LATE.date() + timedelta(days=2), LATE),)),
    ],
    ids=["paid", "disputed", "promised"],
)
def test_nobody_is_called_about_what_is_paid_disputed_or_promised_meanwhile(settled: object) -> None:
    account = settled(an_account(an_invoice()))  # type: ignore[operator]
    found = sheet(account)
    assert (found.situation, found.lines) == (Situation.NOTHING_DUE, ())


def test_a_promise_that_was_broken_is_spoken_of_with_its_day() -> None:
    promised = NINE.date() + timedelta(days=9)
    account = replace(an_account(an_invoice()), promises=(Promise("P", ("INV-1",), promised, NINE),))
    found = sheet(account)
    assert (found.situation, found.promised) == (Situation.BROKEN_PROMISE, promised)


def test_a_missed_instalment_is_spoken_of_alone_and_no_second_plan_is_offered() -> None:
    parts = (Instalment(date(2026, 3, 10), money(40_00)), Instalment(date(2026, 4, 10), money(60_00)))
    account = replace(an_account(an_invoice()), plan=Plan("P", ("INV-1",), parts, NINE))
    found = sheet(account)
    assert found.situation is Situation.PLAN_MISSED
    assert found.totals == (money(40_00),)
    assert found.offers.instalments == ()


def test_a_deposit_is_spoken_of_as_what_the_work_waits_for() -> None:
    deposit = replace(an_invoice(), kind=InvoiceKind.DEPOSIT)
    assert sheet(an_account(deposit)).situation is Situation.BEFORE_WORK


@pytest.mark.parametrize(
    ("status", "situation"),
    [
        (ReminderStatus.DELIVERED, Situation.OVERDUE),
        (ReminderStatus.ACCEPTED, Situation.OVERDUE),
        (ReminderStatus.BOUNCED, Situation.NEVER_REACHED),
        (ReminderStatus.FAILED, Situation.NEVER_REACHED),
    ],
)
def test_what_was_written_counts_only_where_it_may_have_arrived(
    status: ReminderStatus, situation: Situation
) -> None:
    assert sheet(written_to(an_account(an_invoice()), status)).situation is situation


def test_nobody_is_told_of_letters_that_were_never_written() -> None:
    account = an_account(an_invoice())
    asked = a_step_of_a_person(account, TaskKind.CALL, account.invoices)
    assert sheet(replace(account, reminders=(asked,))).situation is Situation.NOT_WRITTEN_TO


def test_the_tone_is_that_of_the_step_that_asked_for_the_call() -> None:
    account = an_account(an_invoice())
    step = a_step_of_a_person(account, TaskKind.CALL, account.invoices, tone=Tone.FIRM)
    assert sheet(account, step=step).tone is Tone.FIRM


def test_the_first_is_called_who_may_be_called() -> None:
    account = an_account(an_invoice(), customer=a_customer(a_contact(), OWNER))
    assert [found.contact.name for found in (sheet(account),) if found.contact] == ["Ann"]
    moved = sheet(wanting_no_calls(account))
    assert moved.contact == OWNER
    assert moved.want_no_calls == ("Ann",)
    assert sheet(wanting_no_calls(wanting_no_calls(account), OTHER_PHONE)).contact is None


@pytest.mark.parametrize(
    ("reason", "may"),
    [
        (SuppressionReason.OPT_OUT, True),
        (SuppressionReason.WRONG_CONTACT, False),
        (SuppressionReason.INVALID, False),
    ],
)
def test_an_opt_out_of_sms_is_none_of_calls_and_a_wrong_number_is_not_called(
    reason: SuppressionReason,
    may: object,
) -> None:
    account = suppressed(an_account(an_invoice()), PHONE, reason=reason)
    assert (sheet(account).contact is not None) is may


def test_what_the_policy_allows_may_be_offered() -> None:
    rules = {"promise_at_most_days": 10, "plan_at_most_instalments": 3, "plan_days_between": 30}
    offers = sheet(an_account(an_invoice()), replies=rules).offers
    today = LATE.date()
    assert offers.promise_until == today + timedelta(days=10)
    assert offers.more_time_until is None
    assert sum(part.total.minor for part in offers.instalments) == 100_00
    assert [part.total.minor for part in offers.instalments] == [33_33, 33_33, 33_34]
    assert offers.pay_now


def test_more_time_is_offered_once_where_the_policy_grants_it() -> None:
    rules = {"grant_extensions": True, "extension_at_most_days": 14}
    account = an_account(an_invoice())
    assert sheet(account, replies=rules).offers.more_time_until == LATE.date() + timedelta(days=14)
    had = replace(account, extensions=(Extension("E", ("INV-1",), NINE.date() + timedelta(days=5), NINE),))
    assert sheet(had, replies=rules).offers.more_time_until is None


def test_nothing_is_offered_in_parts_that_a_credit_note_pays_for_or_in_two_currencies() -> None:
    credit = an_invoice("CN-1", minor=-30_00, due=date(2026, 2, 1))
    assert sheet(an_account(an_invoice(), credit)).offers.instalments == ()
    assert sheet(an_account(an_invoice(), an_invoice("E-1", currency="EUR"))).offers.instalments == ()
    assert not sheet(an_account(an_invoice(currency="CHF"))).offers.pay_now


def test_a_client_whom_the_policy_leaves_in_peace_is_not_called() -> None:
    customers = {"C-1": {"chase": False}}
    assert sheet(an_account(an_invoice()), customers=customers).situation is Situation.NOTHING_DUE


def test_what_is_oldest_is_spoken_of_first_and_what_is_due_today_is_spoken_of() -> None:
    today = an_invoice("INV-1", due=LATE.date())
    older = an_invoice("INV-2", due=LATE.date() - timedelta(days=9))
    lines = sheet(an_account(today, older)).lines
    assert [(line.number, line.anchor) for line in lines] == [
        ("INV-2", older.due_date),
        ("INV-1", today.due_date),
    ]


def test_an_invoice_of_a_client_who_asked_to_be_called_counts_from_its_later_due_date() -> None:
    later = LATE.date() + timedelta(days=5)
    account = replace(an_account(an_invoice()), extensions=(Extension("E", ("INV-1",), later, NINE),))
    found = sheet(account, kind=TaskKind.CALL_BACK)
    assert [line.anchor for line in found.lines] == [later]
    assert found.reasons == ()


def test_whoever_wanted_no_calls_and_asks_to_be_called_is() -> None:
    account = wanting_no_calls(
        an_account(an_invoice(), customer=a_customer(a_contact("Bo", phone=""), a_contact()))
    )
    found = sheet(account, kind=TaskKind.CALL_BACK)
    assert found.contact == a_contact()
    assert found.want_no_calls == ("Ann",)


def test_more_time_for_another_invoice_was_none_for_this_one() -> None:
    rules = {"grant_extensions": True}
    account = an_account(an_invoice(), an_invoice("INV-2", due=date(2026, 8, 1)))
    other = Extension("E", ("INV-2",), date(2026, 9, 1), NINE)
    assert sheet(replace(account, extensions=(other,)), replies=rules).offers.more_time_until is not None


def test_a_cent_is_not_offered_in_parts() -> None:
    assert sheet(an_account(an_invoice(currency="EUR", minor=1))).offers.instalments == ()


def test_how_to_pay_is_offered_for_every_currency_that_the_policy_knows() -> None:
    assert sheet(an_account(an_invoice(), an_invoice("E-1", currency="EUR"))).offers.pay_now
