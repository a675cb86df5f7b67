from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from tactful.adapters.memory import MemoryStore
from tactful.application.ports import (
    Accepted,
    ConflictError,
    OutcomeUnknown,
    Refusal,
    Refused,
    SendOutcome,
    StoreUnavailableError,
)
from tactful.application.send_reminders import Outcome
from tactful.application.track_delivery import DeliveryReport
from tactful.domain.book.account import (
    Account,
    AddressRecord,
    Change,
    Suppression,
    SuppressionReason,
    Task,
    TaskKind,
)
from tactful.domain.book.contact_log import ReminderStatus
from tactful.domain.book.customer import Channel
from tests.support.builders import (
    EMAIL,
    NINE,
    PHONE,
    a_contact,
    a_customer,
    an_account,
    an_invoice,
)
from tests.unit.application.house import (
    Eventful,
    House,
    Unrecording,
    a_house,
    out_of_reach,
    sent_by,
)

BUSY = Refused(Refusal.RETRY_LATER, "throttled")
UNSET = Refused(Refusal.CONFIGURATION, "sender_not_verified")
TIMEOUT = OutcomeUnknown("read_timeout")


@pytest.mark.parametrize(
    ("answer", "outcome", "status"),
    [
        (Accepted("m-1"), Outcome.SENT, ReminderStatus.ACCEPTED),
        (Refused(Refusal.MESSAGE, "too_large"), Outcome.FAILED, ReminderStatus.FAILED),
        (Refused(Refusal.ADDRESS, "21211"), Outcome.FAILED, ReminderStatus.FAILED),
        (Refused(Refusal.CONSENT, "21610"), Outcome.FAILED, ReminderStatus.FAILED),
        (BUSY, Outcome.DEFERRED, None),
        (UNSET, Outcome.DEFERRED, None),
        (TIMEOUT, Outcome.UNKNOWN, ReminderStatus.CLAIMED),
    ],
)
def test_every_answer_of_a_provider_has_its_outcome(
    answer: SendOutcome, outcome: Outcome, status: ReminderStatus | None
) -> None:
    house = a_house(email=[answer])
    key = house.add()
    assert house.act(key).outcome is outcome
    assert [reminder.status for reminder in house.account(key).reminders] == ([status] if status else [])


def test_a_busy_provider_is_asked_again_a_quarter_of_an_hour_later() -> None:
    house = a_house(email=[BUSY])
    key = house.add()
    house.act(key)
    assert house.account(key).next_action_at == NINE + timedelta(minutes=15)
    assert house.tick() == []
    house.clock.advance(timedelta(minutes=15))
    assert [acted.outcome for acted in house.tick()] == [Outcome.SENT]
    assert [acted.status for acted in house.account(key).reminders] == [ReminderStatus.ACCEPTED]


def test_a_provider_busy_until_closing_time_sends_the_next_morning() -> None:
    house = a_house(email=[BUSY] * 33)
    key = house.add()
    house.run_for(timedelta(hours=24))
    assert len(sent_by(house.email)) == 34
    assert house.reminder(key).at == NINE + timedelta(days=1)


def test_a_misconfigured_channel_opens_one_task_a_day_and_loses_nothing() -> None:
    house = a_house(email=[UNSET] * 12)
    customers = [
        a_customer(a_contact(email=f"{name}@client.example"), customer_id=name)
        for name in ("C-1", "C-2", "C-3")
    ]
    keys = [house.add(an_account(an_invoice(), customer=customer)) for customer in customers]
    house.tick()
    house.run_for(timedelta(hours=2))
    assert house.task_kinds() == [TaskKind.CHANNEL_MISCONFIGURED]
    house.clock.move_to(NINE + timedelta(days=1))
    house.tick()
    assert house.task_kinds() == [TaskKind.CHANNEL_MISCONFIGURED] * 2
    house.run_for(timedelta(hours=2))
    assert [house.reminder(key).status for key in keys] == [ReminderStatus.ACCEPTED] * 3


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [(Refusal.ADDRESS, SuppressionReason.INVALID), (Refusal.CONSENT, SuppressionReason.OPT_OUT)],
)
def test_an_address_that_a_provider_refuses_is_suppressed_and_the_next_channel_is_used(
    refusal: Refusal, reason: SuppressionReason
) -> None:
    house = a_house(email=[Refused(refusal, "no")])
    key = house.add()
    house.act(key)
    record = house.store.find(Channel.EMAIL, EMAIL)
    assert record is not None
    assert record.suppression == Suppression(reason, NINE)
    assert [acted.outcome for acted in house.tick()] == [Outcome.SENT]
    assert [message.address for message in sent_by(house.sms)] == [PHONE]


def test_a_consent_that_only_the_provider_knew_to_be_gone_is_a_suppression_for_others_too() -> None:
    house = a_house(email=[Refused(Refusal.CONSENT, "21610")])
    first = house.add(an_account(an_invoice(), customer=a_customer(a_contact(phone=""))))
    other = house.add(an_account(an_invoice(), customer=a_customer(a_contact(phone=""), customer_id="C-2")))
    house.act(first)
    house.act(other)
    house.run_for(timedelta(days=4))
    assert len(sent_by(house.email)) == 1
    assert [task.kind for key, task in house.store.list_open() if key == other] == [
        TaskKind.NO_USABLE_ADDRESS
    ]


def test_a_message_that_a_provider_refuses_as_it_is_becomes_a_task() -> None:
    house = a_house(email=[Refused(Refusal.MESSAGE, "too_large")])
    key = house.add()
    house.act(key)
    ((account, task),) = house.store.list_open()
    assert (account, task.kind) == (key, TaskKind.MESSAGE_REFUSED)
    assert ("detail", "too_large") in task.facts
    record = house.store.find(Channel.EMAIL, EMAIL)
    assert record is not None
    assert record.suppression is None


def test_a_message_of_unknown_outcome_is_never_sent_again_and_becomes_a_task_a_day_later() -> None:
    house = a_house(email=[TIMEOUT])
    key = house.add()
    house.act(key)
    assert house.act(key).outcome is Outcome.DEFERRED
    house.run_for(timedelta(hours=23))
    assert house.task_kinds() == []
    house.run_for(timedelta(hours=2))
    assert len(sent_by(house.email)) == 1
    assert sent_by(house.sms) == []
    assert house.task_kinds() == [TaskKind.OUTCOME_UNKNOWN]
    assert house.reminder(key).status is ReminderStatus.UNKNOWN
    assert "outcome_unknown" in house.entry_kinds(key)


@pytest.mark.parametrize("waits", [timedelta(minutes=5), timedelta(hours=1)])
def test_the_providers_own_event_settles_an_unknown_outcome(waits: timedelta) -> None:
    house = a_house(email=[TIMEOUT])
    key = house.add()
    house.act(key)
    house.run_for(waits)
    (message,) = sent_by(house.email)
    house.deliveries().record(
        DeliveryReport(message.reminder_id, house.clock.now(), "Delivery", ReminderStatus.DELIVERED, "m-7")
    )
    house.run_for(timedelta(days=2))
    assert house.reminder(key).status is ReminderStatus.DELIVERED
    assert house.reminder(key).provider_id == "m-7"
    assert len(sent_by(house.email)) == 1


def test_a_sender_that_dies_after_the_provider_took_the_message_does_not_send_it_again() -> None:
    house = House(store=Unrecording())
    key = house.add()
    store = Eventful(house.store, before_commit=(2, out_of_reach))
    with pytest.raises(StoreUnavailableError):
        house.sending(store).act_on(key)
    house.act(key)
    house.run_for(timedelta(days=2))
    assert len(sent_by(house.email)) == 1
    assert house.task_kinds() == [TaskKind.OUTCOME_UNKNOWN]


def test_what_cannot_be_recorded_together_is_recorded_account_by_account() -> None:
    house = House(store=Unrecording())
    key = house.add()
    assert house.act(key).outcome is Outcome.SENT
    assert house.reminder(key).status is ReminderStatus.ACCEPTED


def test_the_next_stage_is_sent_after_a_message_of_unknown_outcome() -> None:
    house = a_house(email=[TIMEOUT])
    key = house.add()
    house.act(key)
    house.run_for(timedelta(days=4))
    assert [reminder.stage for reminder in house.account(key).reminders] == ["due", "overdue_3"]


def test_why_a_message_was_sent_is_kept_beside_its_claim() -> None:
    house = a_house()
    key = house.add()
    house.act(key)
    (entry,) = house.store.timeline(key, f"decided-{house.reminder(key).id}")
    assert (entry.at, entry.kind) == (NINE, "decided")
    facts = dict(entry.facts)
    assert facts["policy"] == "standard/1"
    assert facts["invoices"] == "INV-1 +0 due"
    assert "minimum_gap 3 days" in facts["passed"]
    assert "closed" not in facts


def test_why_a_person_was_asked_is_kept_with_the_gate_that_was_closed() -> None:
    house = a_house()
    key = house.add(an_account(an_invoice(), customer=a_customer()))
    house.act(key)
    (entry,) = house.store.timeline(key, f"decided-{house.reminder(key).id}")
    assert dict(entry.facts)["closed"] == "address no_address"


def test_a_claim_that_was_given_back_is_decided_and_explained_anew() -> None:
    house = a_house(email=[Refused(Refusal.RETRY_LATER, "throttled")])
    key = house.add()
    house.act(key)
    house.clock.advance(timedelta(minutes=15))
    house.act(key)
    assert len(house.store.timeline(key, f"decided-{house.reminder(key).id}")) == 2
    assert house.reminder(key).status is ReminderStatus.ACCEPTED


def test_what_is_kept_of_a_decision_names_nobody_and_no_address() -> None:
    house = a_house()
    key = house.add()
    house.act(key)
    (entry,) = house.store.timeline(key, "decided-")
    assert not [said for _, said in entry.facts for private in ("Ann", EMAIL, PHONE) if private in said]


class ForgetfulBook(MemoryStore):
    """An address book that cannot be written, and where no task of its own can be opened."""

    def suppress(self, channel: Channel, address: str, suppression: Suppression) -> AddressRecord:
        raise ConflictError(f"{channel} of {address} is being changed: {suppression}")

    def open(self, task: Task) -> None:
        raise ConflictError(task.id)


@pytest.mark.parametrize(
    ("answer", "left"),
    [(Refused(Refusal.CONSENT, "21610"), [ReminderStatus.FAILED]), (UNSET, [])],
)
def test_a_refusal_is_recorded_whatever_else_fails(answer: SendOutcome, left: list[ReminderStatus]) -> None:
    house = a_house(email=[answer])
    house.store = ForgetfulBook()
    key = house.add()
    with pytest.raises(StoreUnavailableError):
        house.act(key)
    assert [reminder.status for reminder in house.account(key).reminders] == left


class OneTooMany(MemoryStore):
    """Records no batch together, and of one account nothing at all after its claim."""

    broken = ""

    def record(self, changes: Sequence[tuple[Account, Account]]) -> Sequence[str]:
        return [after.key for _, after in changes]

    def commit(self, before: Account | None, change: Change) -> None:
        taken = any(reminder.status is ReminderStatus.ACCEPTED for reminder in change.account.reminders)
        if change.account.key == self.broken and taken:
            raise ValueError("this account cannot be written")
        super().commit(before, change)


def test_one_answer_that_cannot_be_recorded_loses_no_other() -> None:
    house = a_house()
    store = house.store = OneTooMany()
    people = [a_contact(email=f"ann{number}@client.example", phone="") for number in range(3)]
    customers = [a_customer(one, customer_id=one.email) for one in people]
    keys = [house.add(an_account(an_invoice(), customer=customer)) for customer in customers]
    store.broken = keys[0]

    def send_all() -> None:
        with house.sending().batch(keys) as batch:
            for key in keys:
                house.sending().act_on(key, batch)

    with pytest.raises(ValueError, match="cannot be written"):
        send_all()
    statuses = [house.reminder(key).status for key in keys]
    assert statuses == [ReminderStatus.CLAIMED, ReminderStatus.ACCEPTED, ReminderStatus.ACCEPTED]
