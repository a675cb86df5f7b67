"""What Twilio shows of the messages it was given, on a real wire."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tactful.adapters.secrets import TwilioCredentials
from tactful.adapters.twilio import TwilioSentMessages, twilio_messages
from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import UNANSWERED, Reminder, ReminderStatus
from tactful.domain.book.customer import Channel
from tactful.domain.sending.settle import Found, NotFound
from tests.contract.senders_support import SHORT, a_twilio_sender, an_outgoing
from tests.contract.store_support import a_customer, a_reminder, an_invoice
from tests.local.twilio_server import TwilioServer
from tests.local.twilio_wire import ACCOUNT_SID, AUTH_TOKEN, Fault

NOW = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
PHONE = "+15005550006"


@pytest.fixture
def twilio() -> Iterator[TwilioServer]:
    with TwilioServer(now=lambda: NOW) as server:
        yield server


def sent_messages(server: TwilioServer) -> TwilioSentMessages:
    credentials = TwilioCredentials(ACCOUNT_SID, AUTH_TOKEN)
    return TwilioSentMessages(twilio_messages(credentials, base_url=server.url, timeout=SHORT))


def lost(*, at: datetime = NOW, attempt: int = 1) -> Reminder:
    account = Account(a_customer(), (an_invoice(),))
    reminder = a_reminder(account, at=at, attempt=attempt)
    unanswered = reminder.advanced(ReminderStatus.UNKNOWN, detail=UNANSWERED)
    return replace(unanswered, channel=Channel.SMS, address=PHONE)


def hand_over(server: TwilioServer, reminder: Reminder) -> None:
    text = f"Acme: invoice 1042 is open. Reply STOP to opt out {reminder.reference}"
    a_twilio_sender(server.url).send(an_outgoing(PHONE, text=text))


def test_a_message_is_found_by_its_reference_also_while_it_waits_to_be_sent(twilio: TwilioServer) -> None:
    reminder = lost()
    hand_over(twilio, reminder)
    (sid,) = twilio.messages
    assert sent_messages(twilio).find(reminder) == Found(sid, ReminderStatus.ACCEPTED, "accepted")


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.HANG, Fault.HTML, Fault.EMPTY])
def test_a_message_whose_answer_was_lost_is_found(twilio: TwilioServer, fault: Fault) -> None:
    reminder = lost()
    twilio.script([fault])
    hand_over(twilio, reminder)
    assert isinstance(sent_messages(twilio).find(reminder), Found)


def test_how_far_a_message_got_is_told(twilio: TwilioServer) -> None:
    reminder = lost()
    hand_over(twilio, reminder)
    (sid,) = twilio.messages
    twilio.report(sid, "undelivered", 30003)
    assert sent_messages(twilio).find(reminder) == Found(sid, ReminderStatus.FAILED, "30003")


def test_a_message_that_was_never_taken_is_absent(twilio: TwilioServer) -> None:
    hand_over(twilio, lost(attempt=2))
    assert sent_messages(twilio).find(lost()) is NotFound.ABSENT


def test_what_the_client_wrote_is_no_message_of_ours(twilio: TwilioServer) -> None:
    reminder = lost()
    twilio.client_says("http://127.0.0.1:9/", PHONE, PHONE, f"Reply STOP to opt out {reminder.reference}?")
    assert sent_messages(twilio).find(reminder) is NotFound.ABSENT


def test_a_message_with_the_reference_from_before_the_claim_is_another(twilio: TwilioServer) -> None:
    reminder = lost(at=NOW + timedelta(hours=1))
    hand_over(twilio, reminder)
    assert sent_messages(twilio).find(reminder) is NotFound.ABSENT


def test_nothing_can_be_told_where_the_account_keeps_no_bodies(twilio: TwilioServer) -> None:
    hand_over(twilio, lost(attempt=2))
    for message in twilio.messages.values():
        message.body = ""
    assert sent_messages(twilio).find(lost()) is NotFound.CANNOT_TELL


@pytest.mark.parametrize("token", [AUTH_TOKEN, "another"])
def test_nothing_can_be_told_while_twilio_does_not_answer(twilio: TwilioServer, token: str) -> None:
    url = "http://127.0.0.1:9" if token == AUTH_TOKEN else twilio.url
    messages = twilio_messages(TwilioCredentials(ACCOUNT_SID, token), base_url=url, timeout=SHORT)
    assert TwilioSentMessages(messages).find(lost()) is NotFound.CANNOT_TELL
