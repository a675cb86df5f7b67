"""A worker process that is killed between the provider's acceptance and its record, on a local AWS."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tactful.adapters.clock import SandboxClock
from tactful.domain.book.contact_log import Reminder, ReminderStatus
from tests.contract.senders_support import SesStub
from tests.handlers.world import AUTH_TOKEN, CUSTOMERS, EMAIL, KEY, NOW, PHONE, World, event, make_world
from tests.local.http_stub import Silence
from tests.local.ministack import ROOT, LocalAws
from tests.local.twilio_server import TwilioServer
from tests.local.twilio_wire import Fault

DUE = {"Records": [{"messageId": "1", "body": json.dumps({"account": KEY})}]}
WORKER = (
    "import json, sys; from functions.send_reminders.app import handler; handler(json.load(sys.stdin), None)"
)
PATIENCE = 60


@pytest.fixture
def twilio() -> Iterator[TwilioServer]:
    with TwilioServer(auth_token=AUTH_TOKEN, now=lambda: NOW) as server:
        yield server


@pytest.fixture
def world(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch, twilio: TwilioServer) -> Iterator[World]:
    yield from make_world(local_aws, monkeypatch, twilio)


@pytest.fixture
def ses(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[SesStub]:
    """A book whose only client has no phone, and an SES that takes messages and never answers."""
    world.import_book(customers=CUSTOMERS.replace(PHONE, ""))
    with SesStub() as stub:
        stub.answer = Silence.HANG
        monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", stub.url)
        yield stub


def killed_once(has_it: Callable[[], bool]) -> None:
    """Run the sender in a process of its own, and kill it as soon as the provider has the message."""
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    assert worker.stdin is not None
    with worker.stdin as given:
        given.write(json.dumps(DUE).encode())
    deadline = time.monotonic() + PATIENCE
    while not has_it():
        assert worker.poll() is None, "the worker ended before it handed anything over"
        assert time.monotonic() < deadline, "nothing was handed over"
    worker.kill()
    assert worker.wait(PATIENCE) == -signal.SIGKILL


def later(world: World, minutes: int) -> None:
    SandboxClock(world.table).move_to(NOW + timedelta(minutes=minutes))


def only_reminder(world: World) -> Reminder:
    (reminder,) = world.account().reminders
    return reminder


def test_an_sms_of_a_killed_worker_is_found_at_twilio_and_not_sent_again(
    world: World, twilio: TwilioServer
) -> None:
    world.import_book()
    twilio.script([Fault.HANG])
    killed_once(lambda: bool(twilio.messages))
    world.run("send_reminders", DUE)
    later(world, 16)
    world.run("send_reminders", DUE)
    assert only_reminder(world).status is ReminderStatus.UNKNOWN
    later(world, 26)
    assert world.run("sweep_outcomes", event("sweep_outcomes/tick")) == {"sent": 1}
    (sid,) = twilio.messages
    assert (only_reminder(world).status, only_reminder(world).provider_id) == (ReminderStatus.ACCEPTED, sid)
    world.run("send_reminders", DUE)
    assert [post["To"] for post in twilio.posts] == [PHONE]
    assert world.tasks() == []


def test_mail_of_a_killed_worker_is_settled_by_the_news_of_ses_and_not_sent_again(
    world: World, ses: SesStub
) -> None:
    killed_once(lambda: bool(ses.sent))
    world.run("send_reminders", DUE)
    later(world, 16)
    world.run("send_reminders", DUE)
    lost = only_reminder(world)
    assert (lost.status, lost.address) == (ReminderStatus.UNKNOWN, EMAIL)
    news = json.loads(
        json.dumps(event("track_delivery/send")).replace(_tagged("track_delivery/send"), lost.id)
    )
    world.run("track_delivery", news)
    assert only_reminder(world).status is ReminderStatus.ACCEPTED
    later(world, 26 * 60)
    assert world.run("sweep_outcomes", event("sweep_outcomes/tick")) == {}
    assert len(ses.sent) == 1
    assert world.tasks() == []


def test_mail_of_a_killed_worker_of_which_no_news_come_is_a_persons_after_a_day(
    world: World, ses: SesStub
) -> None:
    killed_once(lambda: bool(ses.sent))
    later(world, 16)
    world.run("send_reminders", DUE)
    later(world, 25 * 60)
    assert world.run("sweep_outcomes", event("sweep_outcomes/tick")) == {"ask": 1}
    assert world.tasks() == ["outcome_unknown"]
    assert len(ses.sent) == 1


def _tagged(name: str) -> str:
    """The reminder that a recorded event is about."""
    body = json.loads(event(name)["Records"][0]["body"])
    mail = json.loads(body["Message"])["mail"]
    return str(mail["tags"]["reminder_id"][0])
