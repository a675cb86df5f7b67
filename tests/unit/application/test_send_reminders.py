from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.application.ports import (
    Accepted,
    OutcomeUnknown,
    Outgoing,
    Refusal,
    Refused,
    Rendered,
    Wording,
    WordingError,
)
from tactful.application.send_reminders import Outcome
from tactful.application.track_delivery import DeliveryReport
from tactful.domain.book.account import Account, Change, Suppression, SuppressionReason, TaskKind
from tactful.domain.book.agreements import Hold, HoldKind
from tactful.domain.book.contact_log import Reminder, ReminderStatus, Tone
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.dunning.stage import StageKind
from tests.support.builders import (
    EMAIL,
    NINE,
    PHONE,
    a_contact,
    a_customer,
    a_policy,
    a_stage,
    a_task_stage,
    an_account,
    an_invoice,
    money,
)
from tests.unit.application.house import (
    Contended,
    Eventful,
    House,
    WatchedSender,
    a_house,
    out_of_reach,
    sent_by,
    somebody_was_faster,
)

BUSY = Refused(Refusal.RETRY_LATER, "throttled")
UNSET = Refused(Refusal.CONFIGURATION, "sender_not_verified")
TIMEOUT = OutcomeUnknown("read_timeout")


def test_the_fingerprint_of_the_words_that_were_handed_over_stays_with_the_reminder() -> None:
    house = a_house()
    key = house.add()
    house.act(key)
    (sent,) = sent_by(house.email)
    (reminder,) = house.account(key).reminders
    text = sent.words
    said = f"{text.subject}\n{text.text}" if text.subject else text.text
    assert reminder.status is ReminderStatus.ACCEPTED
    assert reminder.text_hash == hashlib.sha256(said.encode()).hexdigest()


def test_a_due_account_gets_one_message_and_the_providers_id_is_recorded() -> None:
    house = a_house()
    key = house.add()
    acted = house.act(key)
    assert acted.outcome is Outcome.SENT
    (message,) = sent_by(house.email)
    assert (message.address, message.reminder_id) == (EMAIL, house.reminder(key).id)
    assert message.words.text == "Client Ltd: due, friendly: INV-1"
    assert message.latest == NINE + timedelta(hours=8, minutes=30)
    assert house.reminder(key).status is ReminderStatus.ACCEPTED
    assert house.reminder(key).provider_id == "memory-1"
    assert house.account(key).next_action_at == NINE + timedelta(days=3)


def test_a_message_is_claimed_before_the_provider_gets_it() -> None:
    seen: list[ReminderStatus] = []
    house = a_house()
    key = house.add()

    def look(message: Outgoing) -> None:
        reminder = house.account(key).reminder(message.reminder_id)
        assert reminder is not None
        seen.append(reminder.status)

    house.email = WatchedSender(Accepted("m-1"), look)
    house.act(key)
    assert seen == [ReminderStatus.CLAIMED]


def test_a_queue_message_that_comes_twice_sends_once() -> None:
    house = a_house()
    key = house.add()
    assert [house.act(key).outcome for _ in range(3)] == [Outcome.SENT, Outcome.DEFERRED, Outcome.DEFERRED]
    assert len(sent_by(house.email)) == 1


def test_a_queue_message_that_comes_a_week_late_sends_what_is_right_then() -> None:
    house = a_house()
    key = house.add()
    house.clock.advance(timedelta(days=7))
    assert house.act(key).outcome is Outcome.SENT
    assert house.reminder(key).stage == "overdue_3"


def test_a_message_asks_for_what_is_left_after_a_part_payment() -> None:
    house = a_house()
    key = house.add()
    house.pay(60_00)
    house.act(key)
    assert [chased.amount for chased in house.reminder(key).invoices] == [money(40_00)]


def _paid(house: House, key: str) -> None:
    del key
    house.pay()


def _opted_out(house: House, key: str) -> None:
    del key
    house.store.suppress(Channel.EMAIL, EMAIL, Suppression(SuppressionReason.OPT_OUT, NINE))


def _held(house: House, key: str) -> None:
    hold = Hold("H-1", HoldKind.DISPUTE, NINE, NINE + timedelta(days=9))
    house.events().apply(key, lambda account: Change(account.with_hold(hold)))


def _disputed(house: House, key: str) -> None:
    house.events().apply(
        key, lambda account: Change(account.with_invoice(an_invoice(state=InvoiceState.DISPUTED)))
    )


def _part_paid(house: House, key: str) -> None:
    del key
    house.pay(60_00)


def _moved(house: House, key: str) -> None:
    customer = a_customer(a_contact(email="new@client.example"))
    house.events().apply(key, lambda account: Change(replace(account, customer=customer)))


def _closing_time(house: House, key: str) -> None:
    del key
    house.clock.advance(timedelta(hours=8, minutes=30))


@pytest.mark.parametrize("event", [_paid, _opted_out, _held, _disputed, _part_paid, _moved, _closing_time])
def test_what_happens_between_claim_and_sending_withholds_the_message(
    event: Callable[[House, str], None],
) -> None:
    house = a_house()
    key = house.add()
    store = Eventful(house.store, after_commit=(1, lambda: event(house, key)))
    assert house.sending(store).act_on(key).outcome is Outcome.BLOCKED
    assert sent_by(house.email) == []
    assert house.account(key).reminders == ()
    assert all(record.recent == () for record in house.account(key).addresses)
    assert "reminder_withheld" in house.entry_kinds(key)


def test_a_withheld_message_is_decided_anew_with_what_is_known_now() -> None:
    house = a_house()
    key = house.add()
    store = Eventful(house.store, after_commit=(1, lambda: _opted_out(house, key)))
    house.sending(store).act_on(key)
    assert [acted.outcome for acted in house.tick()] == [Outcome.SENT]
    assert [message.address for message in sent_by(house.sms)] == [PHONE]
    assert sent_by(house.email) == []


def test_a_payment_that_lands_while_the_provider_has_the_message_is_not_lost() -> None:
    house = a_house()
    key = house.add()
    house.email = WatchedSender(Accepted("m-1"), lambda _: house.pay())
    assert house.act(key).outcome is Outcome.SENT
    account = house.account(key)
    assert account.owes_nothing()
    assert house.reminder(key).status is ReminderStatus.ACCEPTED


def test_a_delivery_report_faster_than_the_providers_answer_is_not_undone() -> None:
    house = a_house()
    key = house.add()

    def delivered(message: Outgoing) -> None:
        house.deliveries().record(
            DeliveryReport(message.reminder_id, NINE, "Delivery", ReminderStatus.DELIVERED)
        )

    house.email = WatchedSender(Accepted("m-1"), delivered)
    house.act(key)
    assert house.reminder(key).status is ReminderStatus.DELIVERED
    assert house.reminder(key).provider_id == "m-1"


def test_two_workers_on_one_account_send_once() -> None:
    house = a_house()
    key = house.add()
    other: list[Outcome] = []

    def meanwhile() -> None:
        other.append(house.act(key).outcome)

    first = house.sending(Eventful(house.store, before_commit=(1, meanwhile))).act_on(key)
    assert (other, first.outcome) == ([Outcome.SENT], Outcome.DEFERRED)
    assert len(sent_by(house.email)) == 1


@pytest.mark.parametrize("answer", [out_of_reach, somebody_was_faster])
def test_a_claim_whose_own_answer_was_lost_is_known_as_ours(answer: Callable[[], None]) -> None:
    house = a_house()
    key = house.add()
    assert house.sending(Eventful(house.store, after_commit=(1, answer))).act_on(key).outcome is Outcome.SENT
    assert len(sent_by(house.email)) == 1
    assert house.reminder(key).status is ReminderStatus.ACCEPTED


def test_a_second_worker_leaves_a_claim_in_flight_alone() -> None:
    house = a_house()
    key = house.add()
    other: list[Outcome] = []

    def meanwhile() -> None:
        other.append(house.act(key).outcome)

    first = house.sending(Eventful(house.store, after_commit=(1, meanwhile))).act_on(key)
    assert (other, first.outcome) == ([Outcome.DEFERRED], Outcome.SENT)
    assert len(sent_by(house.email)) == 1


def test_two_accounts_that_share_an_address_are_not_both_written_to() -> None:
    house = a_house()
    customers = [a_customer(a_contact(), customer_id=customer_id) for customer_id in ("C-1", "C-2")]
    keys = [house.add(an_account(an_invoice(), customer=customer)) for customer in customers]
    other: list[Outcome] = []

    def meanwhile() -> None:
        other.append(house.act(keys[1]).outcome)

    first = house.sending(Eventful(house.store, before_commit=(1, meanwhile))).act_on(keys[0])
    assert (other, first.outcome) == ([Outcome.SENT], Outcome.DEFERRED)
    assert len(sent_by(house.email)) == 1


def test_of_customers_who_share_a_phone_and_an_address_only_one_is_to_be_called_a_day() -> None:
    house = a_house(policy=a_policy(stages=[a_task_stage("call", 0, StageKind.CALL)]))
    customers = [a_customer(a_contact(), customer_id=customer_id) for customer_id in ("C-1", "C-2", "C-3")]
    keys = [house.add(an_account(an_invoice(), customer=customer)) for customer in customers]
    assert [house.act(key).outcome for key in keys] == [Outcome.TASK, Outcome.DEFERRED, Outcome.DEFERRED]
    assert house.act(keys[1]).reasons[-1] == "minimum_gap: 3 days"


def test_an_account_that_changes_all_the_time_is_put_off() -> None:
    house = a_house()
    key = house.add()
    acted = house.sending(Contended(house.store)).act_on(key)
    assert (acted.outcome, acted.reasons) == (Outcome.DEFERRED, ("account_contended",))
    assert sent_by(house.email) == []


def test_an_account_that_is_unknown_is_blocked() -> None:
    assert a_house().act("nobody").outcome is Outcome.BLOCKED


class BrokenWording(Wording):
    def render(self, account: Account, reminder: Reminder) -> Rendered:
        del account
        raise WordingError(f"email/{reminder.stage}/{reminder.tone}.j2: 'iban' is undefined")


def test_a_template_that_is_broken_becomes_a_task_that_names_the_fault() -> None:
    house = a_house()
    house.wording = BrokenWording()
    key = house.add()
    assert house.act(key).outcome is Outcome.TASK
    house.run_for(timedelta(days=2))
    ((_, task),) = house.store.list_open()
    assert task.kind is TaskKind.MESSAGE_REFUSED
    assert ("detail", "email/due/friendly.j2: 'iban' is undefined") in task.facts
    assert sent_by(house.email) == []


def test_a_step_for_a_person_is_a_task_once() -> None:
    house = a_house(policy=a_policy(stages=[a_stage("due", 0, Tone.NEUTRAL, Channel.PERSON)]))
    key = house.add()
    assert house.act(key).outcome is Outcome.TASK
    assert house.act(key).outcome is Outcome.BLOCKED
    house.run_for(timedelta(days=2))
    assert house.task_kinds() == [TaskKind.STEP_FOR_A_PERSON]


@pytest.mark.parametrize(
    ("account", "kind"),
    [
        (an_account(an_invoice(), customer=a_customer()), TaskKind.NO_USABLE_ADDRESS),
        (an_account(an_invoice(currency="USD")), TaskKind.NO_PAY_TO_DETAILS),
    ],
)
def test_what_nobody_can_be_told_is_a_task_once(account: Account, kind: TaskKind) -> None:
    house = a_house()
    key = house.add(account)
    assert house.act(key).outcome is Outcome.TASK
    house.run_for(timedelta(days=2))
    assert house.task_kinds() == [kind]


def test_a_message_that_waits_for_the_window_is_put_off_to_it() -> None:
    house = a_house()
    house.clock.move_to(NINE - timedelta(hours=2))
    key = house.add()
    assert house.act(key).outcome is Outcome.DEFERRED
    assert house.account(key).next_action_at == NINE
    assert house.tick() == []


def test_an_account_with_nothing_to_do_leaves_the_index_of_what_is_due() -> None:
    house = a_house()
    key = house.add()
    house.pay()
    thanked = replace(house.account(key), thanks=None)
    house.store.commit(house.account(key), Change(thanked))
    assert house.act(key).outcome is Outcome.BLOCKED
    assert house.account(key).next_action_at is None


def _three_accounts(house: House) -> list[str]:
    contacts = [a_contact(email=f"ann{number}@client.example", phone="") for number in range(3)]
    customers = [a_customer(contact, customer_id=contact.email) for contact in contacts]
    return [house.add(an_account(an_invoice(), customer=customer)) for customer in customers]


def test_what_a_batch_handed_over_is_recorded_together_at_its_end() -> None:
    house = a_house()
    keys = _three_accounts(house)
    with house.sending().batch(keys) as batch:
        assert [house.sending().act_on(key, batch).outcome for key in keys] == [Outcome.SENT] * 3
        assert {house.reminder(key).status for key in keys} == {ReminderStatus.CLAIMED}
    assert {house.reminder(key).status for key in keys} == {ReminderStatus.ACCEPTED}


def test_what_was_handed_over_waits_no_longer_than_a_second_and_a_call_to_be_recorded() -> None:
    house = a_house()
    keys = _three_accounts(house)
    house.email = WatchedSender(Accepted("m-1"), lambda _: house.clock.advance(timedelta(seconds=1.1)))
    with house.sending().batch(keys) as batch:
        for key in keys:
            house.sending().act_on(key, batch)
        statuses = [house.reminder(key).status for key in keys]
    assert statuses == [ReminderStatus.ACCEPTED, ReminderStatus.ACCEPTED, ReminderStatus.CLAIMED]


def test_an_account_that_comes_twice_in_a_batch_is_written_to_once() -> None:
    house = a_house()
    key = house.add()
    with house.sending().batch([key, key]) as batch:
        outcomes = [house.sending().act_on(key, batch).outcome for _ in range(2)]
    assert outcomes == [Outcome.SENT, Outcome.DEFERRED]
    assert len(sent_by(house.email)) == 1
