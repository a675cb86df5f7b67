from __future__ import annotations

from datetime import timedelta

import pytest

from tactful.application.ports import StoreUnavailableError
from tactful.application.receive_reply import InboundMessage, Received, ReceiveReply
from tactful.application.send_reminders import Outcome
from tactful.domain.book.account import SuppressionReason, TaskKind
from tactful.domain.book.customer import Channel
from tactful.domain.replies.message import Intent
from tests.support.builders import EMAIL, NINE, PHONE, a_contact, a_customer, an_account, an_invoice
from tests.unit.application.house import Eventful, House, a_house, out_of_reach, sent_by

OTHER_EMAIL = "bo@other.example"


def two_who_share_a_phone(house: House) -> list[str]:
    customers = [
        a_customer(a_contact()),
        a_customer(a_contact("Bo", email=OTHER_EMAIL), customer_id="C-2"),
    ]
    return [house.add(an_account(an_invoice(), customer=customer)) for customer in customers]


def received(house: House, text: str, *, address: str = PHONE) -> Received:
    message = InboundMessage("SM-1", Channel.SMS, address, text, house.clock.now(), (("Body", text),))
    return house.replies().receive(message)


def test_an_opt_out_reaches_every_account_that_shares_the_number() -> None:
    house = a_house()
    keys = two_who_share_a_phone(house)
    assert received(house, "STOP") == Received(Intent.OPT_OUT, 2, confirm_opt_out=True)
    assert all(house.account(key).is_suppressed(Channel.SMS, PHONE) for key in keys)
    assert [house.entry_kinds(key) for key in keys] == [["opt_out"], ["opt_out"]]
    house.run_for(timedelta(days=30))
    assert sent_by(house.sms) == []
    assert {message.address for message in sent_by(house.email)} == {EMAIL, OTHER_EMAIL}


def test_an_opt_out_reaches_an_account_that_is_opened_later() -> None:
    house = a_house()
    received(house, "STOP")
    key = house.add(an_account(an_invoice(), customer=a_customer(a_contact(email=""))))
    assert house.act(key).outcome is Outcome.TASK
    assert house.task_kinds() == [TaskKind.NO_USABLE_ADDRESS]


def test_a_bare_stop_needs_nobody_to_read_it() -> None:
    house = a_house()
    key = house.add()
    received(house, "Stop.")
    assert house.task_kinds() == []
    assert house.account(key).holds == ()


@pytest.mark.parametrize("word", ["START", "YES", "yes please"])
def test_nothing_that_a_client_writes_undoes_an_opt_out(word: str) -> None:
    house = a_house()
    key = house.add()
    house.answer("STOP")
    house.answer(word, message_id="SM-2")
    assert house.account(key).is_suppressed(Channel.SMS, PHONE)


def test_what_is_not_understood_pauses_chasing_and_goes_to_a_person() -> None:
    house = a_house()
    key = house.add()
    assert received(house, "the cat is on the mat") == Received(Intent.UNKNOWN, 1)
    assert house.act(key).outcome is Outcome.DEFERRED
    assert house.account(key).next_action_at == NINE + timedelta(days=7)
    ((account, task),) = house.store.list_open()
    assert (account, task.kind) == (key, TaskKind.READ_REPLY)
    assert ("text", "the cat is on the mat") in task.facts


def test_chasing_goes_on_when_the_pause_after_a_reply_is_over() -> None:
    house = a_house()
    house.add()
    received(house, "who is this?")
    house.run_for(timedelta(days=7) - timedelta(minutes=15))
    assert sent_by(house.email) == []
    house.run_for(timedelta(minutes=15))
    assert len(sent_by(house.email)) == 1


def test_a_wish_to_be_left_alone_with_more_to_say_is_obeyed_and_read() -> None:
    house = a_house()
    key = house.add()
    assert received(house, "I paid this in May, stop texting me").understood is Intent.OPT_OUT
    assert house.account(key).is_suppressed(Channel.SMS, PHONE)
    assert house.task_kinds() == [TaskKind.MATCH_PAYMENT]
    assert house.account(key).holds != ()


def test_a_reply_of_somebody_unknown_is_a_task() -> None:
    house = a_house()
    assert received(house, "wrong person I think", address="+447400999999").accounts == 0
    ((account, task),) = house.store.list_open()
    assert (account, task.kind) == ("", TaskKind.UNMATCHED_REPLY)
    assert ("from", "+447400999999") in task.facts


def test_an_opt_out_of_somebody_unknown_is_obeyed() -> None:
    house = a_house()
    assert received(house, "STOP", address="+447400999999") == Received(
        Intent.OPT_OUT, 0, confirm_opt_out=True
    )
    record = house.store.find(Channel.SMS, "+447400999999")
    assert record is not None
    assert record.suppression is not None
    assert record.suppression.reason is SuppressionReason.OPT_OUT


@pytest.mark.parametrize("text", ["STOP", "I will pay on Friday"])
def test_a_message_that_comes_again_changes_nothing(text: str) -> None:
    house = a_house()
    key = house.add()
    received(house, text)
    before, tasks, entries = house.account(key), house.task_kinds(), house.entry_kinds(key)
    house.clock.advance(timedelta(hours=3))
    received(house, text)
    after = house.account(key)
    assert (after.holds, after.next_action_at, after.version) == (
        before.holds,
        before.next_action_at,
        before.version,
    )
    assert house.task_kinds() == tasks
    assert house.entry_kinds(key) == entries


def test_an_opt_out_that_was_interrupted_reaches_the_others_when_it_comes_again() -> None:
    house = a_house()
    keys = two_who_share_a_phone(house)
    store = Eventful(house.store, before_commit=(2, out_of_reach))
    interrupted = ReceiveReply(house.events(store), house.store, house.store, house.store, house.queue)
    with pytest.raises(StoreUnavailableError):
        interrupted.receive(InboundMessage("SM-1", Channel.SMS, PHONE, "STOP", NINE))
    assert all(house.account(key).is_suppressed(Channel.SMS, PHONE) for key in keys)
    received(house, "STOP")
    assert [house.entry_kinds(key) for key in keys] == [["opt_out"], ["opt_out"]]


@pytest.mark.parametrize("text", ["STOP", "stop by our office?", ""])
def test_every_message_is_kept_as_it_came(text: str) -> None:
    house = a_house()
    received(house, text)
    assert house.store.kept == {("sms", "SM-1"): (("Body", text),)}
