"""What a person is told and asked: calls, letters, questions, unanswered claims, and clients without common hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tactful.domain.book.account import Account, TaskKind
from tactful.domain.book.agreements import Instalment, Plan
from tactful.domain.book.contact_log import ChasedInvoice, ReminderStatus, Tone
from tactful.domain.book.customer import Channel, Purpose, Role
from tactful.domain.book.invoice import Discount
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Ask, Decision, Nothing, ReasonCode, Send, Unanswered, Wait
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import StageKind
from tests.support.builders import (
    DUE,
    EMAIL,
    NINE,
    a_calendar,
    a_contact,
    a_customer,
    a_policy,
    a_reminder,
    a_stage,
    a_step_of_a_person,
    a_task_stage,
    an_account,
    an_invoice,
    money,
    suppressed,
)
from tests.support.pure_sender import PureSender

DAY = timedelta(days=1)
BILLING = a_contact("Bill", email="bill@client.example")
BOSS = a_contact("Boss", role=Role.ESCALATION, email="boss@client.example")
RUSSIA = ("Europe/Kaliningrad", "Asia/Kamchatka")


def decided(account: Account, policy: Policy | None = None, now: datetime = NINE) -> Decision:
    return decide(account, policy or a_policy(), a_calendar(), now)


def asked(account: Account, policy: Policy | None = None) -> Ask:
    decision = decided(account, policy)
    assert isinstance(decision, Ask), decision
    return decision


def reasons(decision: Decision) -> list[str]:
    return [str(reason) for reason in decision.reasons]


def somewhere_in_russia(code: str) -> tuple[str, ...]:
    return RUSSIA if code == "RU" else ()


def hours_apart() -> tuple[Account, Callable[[Account, datetime], Decision]]:
    """An account whose clocks have no working hour in common, and how it is decided about."""
    customer = a_customer(BOSS, BILLING, timezone="", country="RU")
    calendar = Calendar(ZoneInfo("Etc/UTC"), "GB", country_zones=somewhere_in_russia)
    account = an_account(an_invoice("INV-2"), an_invoice(due=DUE - 3 * DAY), customer=customer)
    return account, lambda known, now: decide(known, a_policy(), calendar, now)


def test_a_person_is_asked_at_any_hour_about_a_client_whose_clocks_have_no_hour_in_common() -> None:
    account, decide_on = hours_apart()
    ask = decide_on(account, NINE - timedelta(hours=7))
    assert isinstance(ask, Ask)
    assert (ask.kind, ask.step.detail) == (TaskKind.NO_COMMON_HOURS, "no_common_hours")
    assert (ask.step.stage, ask.step.occurrence, ask.step.tone) == ("overdue_3", "2026-02-27", Tone.NEUTRAL)
    assert (ask.step.contact_name, ask.step.channel) == ("Bill", Channel.PERSON)
    assert [(line.number, line.days) for line in ask.step.invoices] == [("INV-1", 3), ("INV-2", 0)]
    (reason,) = ask.reasons
    assert reason.code is ReasonCode.NO_COMMON_HOURS
    assert "Europe/Kaliningrad, Asia/Kamchatka" in reason.about


def test_hours_are_asked_for_once_until_there_is_another_invoice() -> None:
    account, decide_on = hours_apart()
    ask = decide_on(account, NINE)
    assert isinstance(ask, Ask)
    account = account.with_reminder(ask.step)
    waiting = decide_on(account, NINE)
    assert isinstance(waiting, Wait)
    assert reasons(waiting)[-1] == "with_a_person: no_common_hours"
    assert waiting.until == datetime(2026, 3, 5, tzinfo=NINE.tzinfo)
    again = decide_on(account.with_invoice(an_invoice("INV-3")), NINE)
    assert isinstance(again, Ask)
    assert again.step.id != ask.step.id


def test_no_hours_are_asked_for_where_only_a_notice_is_owed() -> None:
    customer = a_customer(BILLING, timezone="", country="RU")
    calendar = Calendar(ZoneInfo("Etc/UTC"), "GB", country_zones=somewhere_in_russia)
    invoice = replace(an_invoice(due=DUE + 60 * DAY), discount=Discount(money(1_00), DUE + DAY))
    decision = decide(
        an_account(invoice, customer=customer), a_policy(discount_notice_days=3), calendar, NINE
    )
    assert not isinstance(decision, Send | Ask)
    assert decision.reasons[0].code is ReasonCode.NO_COMMON_HOURS


def test_a_claim_in_flight_and_one_without_an_answer_say_which_stage_they_are_about() -> None:
    account = an_account(an_invoice())
    sent = decided(account)
    assert isinstance(sent, Send)
    claimed, lease = account.with_claim(sent.reminder), sent.reminder.lease_until
    assert reasons(decided(claimed, now=lease - timedelta(seconds=1))) == ["claim_in_flight: due"]
    lost = decided(claimed, now=lease)
    assert isinstance(lost, Unanswered)
    assert reasons(lost) == ["claim_unanswered: due"]
    assert (lost.reminder.status, lost.reminder.detail) == (ReminderStatus.UNKNOWN, "claim_unanswered")


@pytest.mark.parametrize(
    ("kind", "task"), [(StageKind.CALL, TaskKind.CALL), (StageKind.LETTER, TaskKind.LETTER)]
)
def test_a_call_and_a_letter_are_tasks_about_the_contact_with_the_stages_role(
    kind: StageKind, task: TaskKind
) -> None:
    policy = a_policy(stages=[a_task_stage("late", 3, kind, role=Role.ESCALATION)])
    ask = asked(an_account(an_invoice(due=DUE - 3 * DAY), customer=a_customer(BILLING, BOSS)), policy)
    assert (ask.kind, ask.step.contact_name, ask.step.role) == (task, "Boss", Role.ESCALATION)
    assert (ask.step.channel, ask.step.address, ask.step.tone) == (Channel.PERSON, "", Tone.NEUTRAL)


def test_a_message_that_a_person_has_to_write_is_about_the_contact_with_the_stages_role() -> None:
    stage = a_stage("late", 3, Tone.NEUTRAL, Channel.PERSON, role=Role.ESCALATION)
    account = an_account(an_invoice(due=DUE - 3 * DAY), customer=a_customer(BILLING, BOSS))
    ask = asked(account, a_policy(stages=[stage]))
    assert (ask.kind, ask.step.contact_name) == (TaskKind.STEP_FOR_A_PERSON, "Boss")


def test_a_call_to_a_client_without_any_contact_is_still_asked_for() -> None:
    policy = a_policy(stages=[a_task_stage("late", 3, StageKind.CALL)])
    ask = asked(an_account(an_invoice(due=DUE - 3 * DAY), customer=a_customer()), policy)
    assert (ask.step.contact_name, ask.step.address, ask.step.role) == ("", "", None)


def test_a_call_waits_for_the_gap_and_says_so() -> None:
    policy = a_policy(stages=[a_task_stage("late", 3, StageKind.CALL)])
    account = an_account(an_invoice(due=DUE - 3 * DAY))
    recent = a_reminder(account, [], at=NINE - DAY)
    decision = decided(account.with_reminder(recent), policy)
    assert isinstance(decision, Wait)
    assert reasons(decision) == ["stage_reached: late INV-1", "minimum_gap: 3 days"]


def test_a_call_covers_everything_that_is_owed_and_the_ladder_goes_on() -> None:
    policy = a_policy(stages=[a_task_stage("late", 3, StageKind.CALL), a_stage("later", 10, Tone.NEUTRAL)])
    sender = PureSender(policy, a_calendar(), NINE)
    key = sender.add(an_account(an_invoice(due=DUE - 3 * DAY), an_invoice("INV-2", due=DUE - 3 * DAY)))
    sender.run_until(NINE + 8 * DAY, key)
    assert [len(ask.step.invoices) for ask in sender.asked] == [2]
    assert [(sent.reminder.stage, (sent.at - NINE).days) for sent in sender.sent] == [("later", 7)]


def test_the_words_of_a_stage_travel_with_its_message() -> None:
    stage = a_stage("deposit_3", 0, Tone.FRIENDLY, wording="due")
    decision = decided(an_account(an_invoice()), a_policy(stages=[stage]))
    assert isinstance(decision, Send)
    assert (decision.reminder.stage, decision.reminder.wording, decision.reminder.detail) == (
        "deposit_3",
        "due",
        "",
    )


def test_a_question_about_bank_details_names_the_currencies_and_goes_to_billing() -> None:
    account = an_account(
        an_invoice("INV-1", currency="SEK"),
        an_invoice("INV-2", currency="DKK"),
        customer=a_customer(BOSS, BILLING),
    )
    ask = asked(account)
    assert reasons(ask)[-1] == "no_pay_to_details: DKK, SEK"
    assert ask.step.contact_name == "Bill"
    waiting = decided(account.with_reminder(ask.step))
    assert reasons(waiting)[-1] == "with_a_person: no_pay_to_details"


def test_a_question_of_one_kind_does_not_answer_for_another() -> None:
    account = an_account(an_invoice(), customer=a_customer(a_contact(email="", phone="")))
    about_money = a_step_of_a_person(account, TaskKind.NO_PAY_TO_DETAILS, account.invoices)
    assert asked(account.with_reminder(about_money)).kind is TaskKind.NO_USABLE_ADDRESS


def test_an_approval_about_two_currencies_names_both() -> None:
    policy = a_policy(approve_old_debt={"older_than_days": 90, "over": {"GBP": 1, "EUR": 1}})
    old = DUE - 91 * DAY
    account = an_account(an_invoice("INV-1", due=old), an_invoice("INV-2", due=old, currency="EUR"))
    assert reasons(asked(account, policy))[-1] == "old_debt: EUR, GBP"


@pytest.mark.parametrize(("stage", "more"), [("due", {}), ("discount", {"discount_notice_days": 3})])
def test_a_message_waits_for_the_cap_of_its_own_channel(stage: str, more: dict[str, object]) -> None:
    policy = a_policy(
        channel_caps=[{"channel": "sms", "contacts": 1, "days": 4}],
        stages=[a_stage("due", 0, Tone.FRIENDLY, Channel.SMS)],
        thanks_channels=("sms",),
        minimum_gap_days=1,
        **more,
    )
    due = DUE if stage == "due" else DUE + 30 * DAY
    account = an_account(replace(an_invoice(due=due), discount=Discount(money(1_00), DUE + 3 * DAY)))
    recent = a_reminder(account, [], at=NINE - 2 * DAY, channel=Channel.SMS)
    decision = decided(account.with_reminder(recent), policy)
    assert isinstance(decision, Wait)
    assert (decision.until, reasons(decision)[-1]) == (NINE + 2 * DAY, "channel_cap: sms 1 in 4 days")


def test_the_rules_of_the_businesss_country_hold_for_a_client_whose_country_is_not_known() -> None:
    pack = {
        "name": "careful",
        "title": "Everybody there",
        "countries": ["GB"],
        "rules": [{"source": "the law of the land", "first_contact_tone": "friendly"}],
    }
    customer = a_customer(a_contact(), country="", purpose=Purpose.BUSINESS)
    account = an_account(an_invoice(due=DUE - 3 * DAY), customer=customer)
    decision = decided(account, a_policy(packs=[pack]))
    assert isinstance(decision, Send)
    assert decision.reminder.tone is Tone.FRIENDLY


def test_lines_are_in_order_of_their_dates_and_then_of_their_numbers() -> None:
    numbers = ["INV-3", "INV-1", "INV-4", "INV-2"]
    due = {"INV-4": DUE - 3 * DAY}
    account = an_account(*[an_invoice(number, due=due.get(number, DUE)) for number in numbers])
    decision = decided(account)
    assert isinstance(decision, Send)
    assert [line.number for line in decision.reminder.invoices] == ["INV-4", "INV-1", "INV-2", "INV-3"]


def test_a_credit_note_is_listed_by_its_date_and_stands_nowhere_on_a_ladder() -> None:
    decision = decided(an_account(an_invoice(), an_invoice("CN-1", minor=-10_00, due=DUE - DAY)))
    assert isinstance(decision, Send)
    assert decision.reminder.invoices[0] == ChasedInvoice("CN-1", DUE - DAY, 0, money(-10_00))


def test_what_is_listed_with_an_older_invoice_says_which_it_is() -> None:
    old = an_invoice("INV-1", due=DUE - 12 * DAY)
    account = an_account(old, an_invoice("INV-2"))
    told = a_reminder(account, [old], stage="overdue_10", days=10, at=NINE - 3 * DAY)
    assert reasons(decided(account.with_reminder(told))) == ["listed_with_older: INV-2"]


def test_an_invoice_that_is_done_with_keeps_its_stage_in_a_milder_message() -> None:
    old = an_invoice("INV-1", due=DUE - 40 * DAY)
    account = an_account(old, an_invoice("INV-2"))
    told = a_reminder(account, [old], stage="overdue_21", days=21, at=NINE - 9 * DAY)
    decision = decided(account.with_reminder(told))
    assert isinstance(decision, Send)
    assert [(line.number, line.days) for line in decision.reminder.invoices] == [("INV-1", 21), ("INV-2", 0)]


def test_arrears_of_one_penny_are_arrears() -> None:
    parts = (Instalment(DUE - 5 * DAY, money(1)), Instalment(DUE + 9 * DAY, money(99_99)))
    plan = Plan("plan-1", ("INV-1",), parts, NINE - 20 * DAY)
    account = replace(an_account(an_invoice(due=DUE - 30 * DAY)), plan=plan)
    decision = decided(account, a_policy(minimum_amounts={}))
    assert isinstance(decision, Send)
    assert decision.reminder.invoices[0].amount == money(1)


def test_after_a_broken_promise_the_stages_before_the_due_date_wake_nobody() -> None:
    parts = (Instalment(DUE - DAY, money(50_00)), Instalment(DUE + 90 * DAY, money(50_00)))
    plan = Plan("plan-1", ("INV-1",), parts, NINE - 20 * DAY)
    policy = a_policy(stages=[a_stage("soon", -20, Tone.FRIENDLY), a_stage("late", 30, Tone.FRIENDLY)])
    decision = decided(replace(an_account(an_invoice(due=DUE - 30 * DAY)), plan=plan), policy)
    assert isinstance(decision, Wait)
    assert decision.until.date() == DUE + 29 * DAY


def test_an_address_that_is_gone_leaves_an_account_with_nothing_to_do_once_a_person_knows() -> None:
    account = suppressed(
        an_account(an_invoice(due=DUE - 40 * DAY), customer=a_customer(a_contact(phone=""))), EMAIL
    )
    ask = asked(account)
    decision = decided(account.with_reminder(ask.step))
    assert isinstance(decision, Nothing)
    assert reasons(decision)[-2:] == ["no_address", "with_a_person: no_usable_address"]
