from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.adapters.memory import MemorySentMessages, MemoryUnsettled
from tactful.application.ports import OutcomeUnknown, Refusal, Refused
from tactful.application.sending_ports import SentMessages
from tactful.application.sweep_outcomes import SweepOutcomes
from tactful.application.track_delivery import DeliveryReport
from tactful.domain.book.account import TaskKind
from tactful.domain.book.contact_log import Reminder, ReminderStatus
from tactful.domain.book.customer import Channel
from tactful.domain.sending.settle import Found, NotFound, Search, UnknownOutcome
from tests.support.builders import a_contact, a_customer, a_policy, an_account, an_invoice
from tests.unit.application.house import House, a_house, sent_by

TIMEOUT = OutcomeUnknown("read_timeout")
DAY = timedelta(days=1)
CANNOT_TELL = NotFound.CANNOT_TELL


def lost_sms() -> tuple[House, str]:
    """An account with an SMS of which nobody knows whether it left."""
    house = a_house(sms=[TIMEOUT])
    customer = a_customer(a_contact(email=""))
    key = house.add(an_account(an_invoice(), customer=customer))
    house.act(key)
    house.clock.advance(timedelta(minutes=30))
    house.act(key)
    assert house.reminder(key).is_unsettled
    return house, key


def lost_mail(rule: UnknownOutcome = UnknownOutcome.ASK) -> tuple[House, str]:
    house = a_house(email=[TIMEOUT], policy=a_policy(unknown_outcome=rule))
    key = house.add()
    house.act(key)
    house.clock.advance(timedelta(minutes=30))
    house.act(key)
    return house, key


def sweep(house: House, search: Search, key: str) -> dict[str, int]:
    known = MemorySentMessages({house.reminder(key).id: search})
    return dict(SweepOutcomes(house.events(), MemoryUnsettled(house.store), {Channel.SMS: known}).sweep())


@pytest.mark.parametrize("status", [ReminderStatus.ACCEPTED, ReminderStatus.DELIVERED])
def test_an_sms_that_the_provider_has_was_sent(status: ReminderStatus) -> None:
    house, key = lost_sms()
    assert sweep(house, Found("SM-9", status), key) == {"sent": 1}
    assert (house.reminder(key).status, house.reminder(key).provider_id) == (status, "SM-9")
    house.run_for(DAY)
    assert len(sent_by(house.sms)) == 1
    assert house.task_kinds() == []


def test_an_sms_that_the_provider_has_and_could_not_deliver_is_a_failure() -> None:
    house, key = lost_sms()
    sweep(house, Found("SM-9", ReminderStatus.FAILED, "30003"), key)
    assert (house.reminder(key).status, house.reminder(key).detail) == (ReminderStatus.FAILED, "30003")


def test_an_sms_that_the_provider_does_not_have_is_decided_anew() -> None:
    house, key = lost_sms()
    assert sweep(house, NotFound.ABSENT, key) == {"not_sent": 1}
    assert house.account(key).reminders == ()
    house.tick()
    assert len(sent_by(house.sms)) == 2
    assert house.reminder(key).status is ReminderStatus.ACCEPTED


def test_an_sms_of_which_nothing_can_be_told_waits_a_day_and_is_then_a_persons() -> None:
    house, key = lost_sms()
    assert sweep(house, CANNOT_TELL, key) == {"wait": 1}
    assert house.task_kinds() == []
    house.clock.advance(DAY)
    assert sweep(house, CANNOT_TELL, key) == {"ask": 1}
    assert house.task_kinds() == [TaskKind.OUTCOME_UNKNOWN]
    assert sweep(house, CANNOT_TELL, key) == {}


def test_mail_of_which_no_news_came_for_a_day_is_a_persons() -> None:
    house, key = lost_mail()
    assert house.sweep() == {}
    house.clock.advance(DAY)
    assert house.sweep() == {"ask": 1}
    assert house.task_kinds() == [TaskKind.OUTCOME_UNKNOWN]
    assert house.reminder(key).status is ReminderStatus.UNKNOWN
    assert "outcome_asked" in house.entry_kinds(key)


def test_the_policy_may_let_such_mail_count_as_sent_and_go_on() -> None:
    house, key = lost_mail(UnknownOutcome.SKIP)
    house.clock.advance(DAY)
    assert house.sweep() == {"skip": 1}
    house.run_for(timedelta(days=4))
    assert house.task_kinds() == []
    assert [reminder.stage for reminder in house.account(key).reminders] == ["due", "overdue_3"]


def test_the_providers_news_settle_mail_before_and_after_it_was_given_up() -> None:
    for waits in (timedelta(hours=1), timedelta(days=2)):
        house, key = lost_mail()
        house.clock.advance(waits)
        house.sweep()
        report = DeliveryReport(
            house.reminder(key).id, house.clock.now(), "Send", ReminderStatus.ACCEPTED, "s-1"
        )
        house.deliveries().record(report)
        assert house.reminder(key).status is ReminderStatus.ACCEPTED
        assert house.task_kinds() == []
        assert house.sweep() == {}


def test_one_message_that_fails_keeps_none_of_the_others() -> None:
    class Faulty(SentMessages):
        def find(self, reminder: Reminder) -> Search:
            if reminder.invoices[0].number == "INV-1":
                raise LookupError("no such thing")
            return Found("SM-9", ReminderStatus.ACCEPTED)

    house = a_house(sms=[TIMEOUT, TIMEOUT])
    keys = []
    for number in (1, 2):
        customer = a_customer(a_contact(email="", phone=f"+44163296000{number}"), customer_id=f"C-{number}")
        keys.append(house.add(an_account(an_invoice(f"INV-{number}"), customer=customer)))
    for _ in range(2):
        for key in keys:
            house.act(key)
        house.clock.advance(timedelta(minutes=30))
    faulty = SweepOutcomes(house.events(), MemoryUnsettled(house.store), {Channel.SMS: Faulty()})
    assert faulty.sweep() == {"failed": 1, "sent": 1}
    assert replace(faulty, most=1).sweep() == {"failed": 1}


def test_a_busy_provider_leaves_nothing_to_find_out() -> None:
    house = a_house(email=[Refused(Refusal.RETRY_LATER, "throttled")])
    house.act(house.add())
    house.clock.advance(DAY)
    assert house.sweep() == {}
