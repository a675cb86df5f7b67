from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from tactful.application.ports import Accepted
from tactful.application.send_reminders import Outcome
from tactful.application.track_delivery import DeliveryReport, Tracked
from tactful.domain.book.account import SuppressionReason, TaskKind
from tactful.domain.book.contact_log import Reminder, ReminderStatus, reminder_id
from tactful.domain.book.customer import Channel
from tests.support.builders import EMAIL, NINE, PHONE, a_contact, a_customer, an_account, an_invoice
from tests.unit.application.house import House, WatchedSender, a_house, sent_by

ACCEPTED, DELIVERED = ReminderStatus.ACCEPTED, ReminderStatus.DELIVERED
BOUNCED, FAILED = ReminderStatus.BOUNCED, ReminderStatus.FAILED


def sent(house: House) -> tuple[str, str]:
    """An account with a message on its way: its key and the message's id."""
    key = house.add()
    house.act(key)
    (reminder,) = house.account(key).reminders
    return key, reminder.id


def report(
    reminder: str,
    status: ReminderStatus | None,
    *,
    code: str = "",
    suppress: SuppressionReason | None = None,
    at_minute: int = 1,
) -> DeliveryReport:
    at = NINE + timedelta(minutes=at_minute)
    return DeliveryReport(reminder, at, code or str(status), status, "m-1", suppress)


def log(house: House, key: str) -> list[Reminder]:
    return list(house.account(key).reminders)


def test_a_delivery_is_recorded() -> None:
    house = a_house()
    key, message = sent(house)
    assert house.deliveries().record(report(message, DELIVERED)) is Tracked.RECORDED
    assert [reminder.status for reminder in log(house, key)] == [DELIVERED]
    assert house.entry_kinds(key) == ["decided", "delivered"]


@pytest.mark.parametrize("order", list(permutations([ACCEPTED, FAILED, DELIVERED])))
def test_whatever_order_the_news_come_in_a_delivery_is_a_delivery(order: tuple[ReminderStatus, ...]) -> None:
    house = a_house()
    key, message = sent(house)
    for status in order:
        house.deliveries().record(report(message, status))
    assert [reminder.status for reminder in log(house, key)] == [DELIVERED]


@pytest.mark.parametrize("order", list(permutations([DELIVERED, BOUNCED])))
def test_mail_that_came_back_after_all_did_not_arrive(order: tuple[ReminderStatus, ...]) -> None:
    house = a_house()
    key, message = sent(house)
    for status in order:
        house.deliveries().record(report(message, status))
    assert [reminder.status for reminder in log(house, key)] == [BOUNCED]


def test_the_same_report_again_changes_nothing() -> None:
    house = a_house()
    key, message = sent(house)
    for _ in range(5):
        house.deliveries().record(report(message, DELIVERED))
    assert house.account(key).version == 3
    assert house.entry_kinds(key) == ["decided", "delivered"]


def test_a_delay_is_noted_and_moves_nothing() -> None:
    house = a_house()
    key, message = sent(house)
    house.deliveries().record(report(message, None, code="DeliveryDelay: MailboxFull"))
    assert [reminder.status for reminder in log(house, key)] == [ACCEPTED]
    assert house.entry_kinds(key) == ["decided", "delayed"]


@pytest.mark.parametrize("reminder", ["", "no-id-of-ours", reminder_id("a" * 16, "due", "2026-03-02", 1)])
def test_news_of_a_message_that_is_not_ours_is_left_alone(reminder: str) -> None:
    house = a_house()
    sent(house)
    assert house.deliveries().record(report(reminder, DELIVERED)) is Tracked.NOT_OURS


def test_news_of_a_reminder_that_the_account_never_had_is_left_alone() -> None:
    house = a_house()
    key, _ = sent(house)
    unknown = reminder_id(key, "due", "2026-03-02", 9)
    suppressing = report(unknown, BOUNCED, suppress=SuppressionReason.BOUNCE)
    assert house.deliveries().record(suppressing) is Tracked.NOT_OURS
    assert not house.account(key).is_suppressed(Channel.EMAIL, EMAIL)


def test_a_bounce_suppresses_the_address_and_the_next_channel_is_used_at_once() -> None:
    house = a_house()
    key, message = sent(house)
    house.clock.advance(timedelta(minutes=5))
    house.deliveries().record(report(message, BOUNCED, suppress=SuppressionReason.BOUNCE))
    assert house.account(key).is_suppressed(Channel.EMAIL, EMAIL)
    assert [acted.outcome for acted in house.tick()] == [Outcome.SENT]
    assert [message.address for message in sent_by(house.sms)] == [PHONE]
    assert [(reminder.stage, reminder.attempt) for reminder in log(house, key)] == [("due", 1), ("due", 2)]


def test_a_passing_bounce_tries_the_next_channel_and_keeps_the_address() -> None:
    house = a_house()
    key, message = sent(house)
    house.deliveries().record(report(message, BOUNCED))
    house.tick()
    assert not house.account(key).is_suppressed(Channel.EMAIL, EMAIL)
    assert len(sent_by(house.sms)) == 1
    house.run_for(timedelta(days=4))
    assert [reminder.channel for reminder in log(house, key)] == [Channel.EMAIL, Channel.SMS, Channel.EMAIL]


def test_an_account_none_of_whose_addresses_work_is_a_task_and_not_silence() -> None:
    house = a_house()
    key, message = sent(house)
    house.deliveries().record(report(message, BOUNCED, suppress=SuppressionReason.BOUNCE))
    house.answer("STOP")
    assert [acted.outcome for acted in house.tick()] == [Outcome.TASK]
    assert house.task_kinds() == [TaskKind.NO_USABLE_ADDRESS]
    house.run_for(timedelta(days=30))
    assert len(sent_by(house.email)) == 1
    assert sent_by(house.sms) == []
    assert log(house, key)[0].status is BOUNCED


def test_a_complaint_ends_the_use_of_the_address_and_is_a_task() -> None:
    house = a_house()
    key, message = sent(house)
    complaint = report(message, DELIVERED, code="Complaint: abuse", suppress=SuppressionReason.COMPLAINT)
    house.deliveries().record(complaint)
    house.deliveries().record(complaint)
    assert house.account(key).is_suppressed(Channel.EMAIL, EMAIL)
    assert house.task_kinds() == [TaskKind.COMPLAINT]
    house.run_for(timedelta(days=30))
    assert len(sent_by(house.email)) == 1


def test_a_bounce_reaches_every_account_that_shares_the_address() -> None:
    house = a_house()
    _, message = sent(house)
    other = house.add(an_account(an_invoice(), customer=a_customer(a_contact(phone=""), customer_id="C-2")))
    house.deliveries().record(report(message, BOUNCED, suppress=SuppressionReason.BOUNCE))
    assert house.account(other).is_suppressed(Channel.EMAIL, EMAIL)
    house.run_for(timedelta(days=30))
    assert [account for account, _ in house.store.list_open()] == [other]


def test_the_first_reason_for_a_suppression_stays() -> None:
    house = a_house()
    _, message = sent(house)
    for reason in (SuppressionReason.BOUNCE, SuppressionReason.COMPLAINT):
        house.deliveries().record(report(message, BOUNCED, code=str(reason), suppress=reason))
    record = house.store.find(Channel.EMAIL, EMAIL)
    assert record is not None
    assert record.suppression is not None
    assert record.suppression.reason is SuppressionReason.BOUNCE


@pytest.mark.parametrize("status", [FAILED, BOUNCED])
def test_mail_that_fails_before_its_acceptance_is_recorded_is_made_up_for_at_once(
    status: ReminderStatus,
) -> None:
    house = a_house()
    key = house.add()
    house.email = WatchedSender(
        Accepted("ses-1"), lambda message: house.deliveries().record(report(message.reminder_id, status))
    )
    house.act(key)
    house.clock.advance(timedelta(minutes=15))
    house.tick()
    assert [message.address for message in sent_by(house.sms)] == [PHONE]
