from __future__ import annotations

from datetime import timedelta

import pytest

from tactful.application.ports import Accepted, OutcomeUnknown, Refusal, Refused, SendOutcome
from tactful.application.send_reminders import Outcome
from tactful.application.track_delivery import DeliveryReport
from tactful.domain.book.account import SuppressionReason
from tactful.domain.book.contact_log import ReminderStatus
from tactful.domain.book.customer import Channel
from tests.support.builders import NINE, a_contact, a_customer, an_account, an_invoice
from tests.unit.application.house import House, a_house, sent_by

BUSY = Refused(Refusal.RETRY_LATER, "TooManyRequestsException")
LOST = OutcomeUnknown("ReadTimeoutError")
WRONG = Refused(Refusal.CONFIGURATION, "MailFromDomainNotVerifiedException")
BAD_ADDRESS = Refused(Refusal.ADDRESS, "invalid_address")


def clients(house: House, number: int) -> list[str]:
    people = [a_contact(email=f"ann{n}@client.example", phone=f"+4420794601{n:02d}") for n in range(number)]
    return [
        house.add(an_account(an_invoice(), customer=a_customer(one, customer_id=one.email))) for one in people
    ]


def answering(*answers: SendOutcome) -> House:
    return a_house(email=answers)


@pytest.mark.parametrize(
    ("answer", "pause"),
    [(BUSY, timedelta(minutes=15)), (LOST, timedelta(minutes=15)), (WRONG, timedelta(hours=1))],
)
def test_a_provider_that_takes_nothing_five_times_in_a_row_is_left_alone_for_a_while(
    answer: SendOutcome, pause: timedelta
) -> None:
    house = answering(*[answer] * 20)
    for key in clients(house, 8):
        house.act(key)
    assert len(sent_by(house.email)) == 5
    (stop,) = house.store.sending.stops
    assert (stop.channel, stop.by, stop.until) == (Channel.EMAIL, "circuit breaker", NINE + pause)


def test_what_was_kept_back_is_sent_when_the_provider_is_well_again() -> None:
    house = answering(*[BUSY] * 5)
    keys = clients(house, 8)
    for key in keys:
        house.act(key)
    house.run_for(timedelta(hours=1))
    assert all(house.reminder(key).status is ReminderStatus.ACCEPTED for key in keys)
    assert len(sent_by(house.email)) == 5 + len(keys)


def test_words_that_are_refused_to_everybody_stop_the_channel() -> None:
    house = answering(*[Refused(Refusal.MESSAGE, "BadRequestException")] * 20)
    for key in clients(house, 8):
        house.act(key)
    assert len(sent_by(house.email)) == 5
    assert house.store.sending.stop_of(Channel.EMAIL, NINE) is not None


def test_one_message_that_is_taken_starts_the_row_anew_and_so_does_a_wrong_address() -> None:
    house = answering(*[BUSY] * 4, Accepted("m-1"), *[BUSY] * 4, BAD_ADDRESS, *[BUSY] * 4)
    for key in clients(house, 14):
        house.act(key)
    assert house.store.sending.stops == ()


def test_sms_go_on_while_email_is_left_alone() -> None:
    house = answering(*[BUSY] * 5)
    for key in clients(house, 6):
        house.act(key)
    assert house.store.sending.stop_of(Channel.SMS, NINE) is None


def test_a_batch_counts_once_what_was_taken() -> None:
    house = answering(Accepted("m-1"), BUSY, Accepted("m-2"))
    keys = clients(house, 3)
    with house.sending().batch(keys) as batch:
        outcomes = [house.sending().act_on(key, batch).outcome for key in keys]
        assert list(house.health.tallies(NINE)) == []
    assert outcomes == [Outcome.SENT, Outcome.DEFERRED, Outcome.SENT]
    (tally,) = house.health.tallies(NINE)
    assert (tally.channel, tally.accepted) == (Channel.EMAIL, 2)


@pytest.mark.parametrize(
    ("code", "reason", "counted"),
    [
        ("Bounce: Permanent/General", SuppressionReason.BOUNCE, (1, 0)),
        ("Bounce: Permanent/OnAccountSuppressionList", SuppressionReason.BOUNCE, (0, 0)),
        ("Bounce: Transient/MailboxFull", None, (0, 0)),
        ("Complaint: abuse", SuppressionReason.COMPLAINT, (0, 1)),
    ],
)
def test_a_bounce_for_good_and_a_complaint_are_counted_once_however_often_they_are_told(
    code: str, reason: SuppressionReason | None, counted: tuple[int, int]
) -> None:
    house = a_house()
    key = house.add()
    house.act(key)
    report = DeliveryReport(house.reminder(key).id, NINE, code, ReminderStatus.BOUNCED, suppress=reason)
    for _ in range(2):
        house.deliveries().record(report)
    told = house.health.tallies(NINE)
    assert (sum(len(one.bounced) for one in told), sum(len(one.complained) for one in told)) == counted
