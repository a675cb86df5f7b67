"""What is stopped, counted and only pretended, on a stack."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tactful.adapters.dynamodb.sending import DynamoSendingHealth
from tactful.domain.book.contact_log import ReminderStatus
from tactful.entrypoints.cli import FAULT, OK, main
from tests.handlers.world import KEY, NOW, World

ACCOUNT = {"Records": [{"messageId": "m-1", "body": json.dumps({"account": KEY})}]}
TICK = {"scheduled_time": (NOW + timedelta(hours=1)).isoformat()}


def say(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    capsys.readouterr()
    assert main(command) == OK, capsys.readouterr().err
    return capsys.readouterr().out


def metrics(capsys: pytest.CaptureFixture[str]) -> dict[str, float]:
    """What was written for CloudWatch since the last look, by name."""
    found: dict[str, float] = {}
    for line in capsys.readouterr().out.splitlines():
        written = json.loads(line)
        for told in written.get("_aws", {}).get("CloudWatchMetrics", ()):
            found |= {one["Name"]: written[one["Name"]][0] for one in told["Metrics"]}
    return found


def test_a_stop_is_obeyed_until_somebody_resumes(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.import_book()
    before = len(world.twilio.posts)
    said = say(capsys, "stop", "--by", "Bea", "--why", "wrong amounts")
    assert said.startswith("stopped: everything  2026-03-16 09:30 UTC by Bea: wrong amounts")
    world.run("send_reminders", ACCOUNT)
    assert world.run("plan_reminders", TICK) == {"queued": 0, "rescheduled": 0, "stopped": 1}
    assert len(world.twilio.posts) == before
    assert json.loads(say(capsys, "sending", "--json"))["stops"][0]["by"] == "Bea"
    assert say(capsys, "resume") == "nothing is stopped\n"
    world.run("send_reminders", ACCOUNT)
    assert len(world.twilio.posts) == before + 1


def test_a_stop_of_one_channel_is_shown_as_such(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    del world
    say(capsys, "stop", "--channel", "sms", "--by", "Bea", "--until", "2026-03-16T12:00:00Z")
    assert "stopped: sms" in say(capsys, "sending")
    assert "until 2026-03-16 12:00 UTC" in say(capsys, "sending")
    assert main(["stop", "--until", "2026-03-16T09:00:00Z"]) == FAULT
    assert "has passed" in capsys.readouterr().err


def test_a_run_tells_how_much_waits_and_for_how_long(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.import_book()
    capsys.readouterr()
    assert world.run("plan_reminders", TICK)["queued"] == 1
    told = metrics(capsys)
    assert told["AccountsQueued"] == 1
    assert 0 <= told["OldestDueSeconds"] < 60
    assert "SendingStopped" not in told


def test_what_a_batch_did_is_counted_also_for_the_guards(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.import_book()
    capsys.readouterr()
    world.run("send_reminders", ACCOUNT)
    assert metrics(capsys) == {"Sent": 1, "Considered": 1}
    (tally,) = DynamoSendingHealth(world.table).tallies(NOW)
    assert tally.accepted == 1


def test_what_keeps_an_account_from_being_written_to_is_counted_by_its_reason(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    world.run("send_reminders", ACCOUNT)
    assert metrics(capsys) == {"Blocked": 1, "BlockedNoSuchAccount": 1, "Considered": 1}


def test_a_dry_run_does_everything_but_the_call(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRY_RUN", "true")
    world.import_book()
    before = len(world.twilio.posts)
    world.run("send_reminders", ACCOUNT)
    (reminder,) = world.account().reminders
    assert reminder.status is ReminderStatus.ACCEPTED
    assert reminder.provider_id == f"dry-run-{reminder.id}"
    assert len(world.twilio.posts) == before


@pytest.mark.parametrize(
    "item",
    [
        {"stops": "everything", "mails_per_minute": 60},
        {"stops": [{"channel": "fax", "since": "2026-03-16T09:00:00Z", "by": "Bea"}]},
        {"stops": [], "mails_per_minute": "soon"},
    ],
)
def test_while_it_cannot_be_read_what_is_stopped_nothing_is_sent_and_it_comes_again(
    world: World, item: dict[str, object]
) -> None:
    world.import_book()
    world.table.put({"pk": "SETTINGS", "sk": "SENDING", "version": 1, **item})
    answer = world.run("send_reminders", ACCOUNT)
    assert [failed["itemIdentifier"] for failed in answer["batchItemFailures"]] == ["m-1"]
    assert world.twilio.posts == []
    assert world.account().reminders == ()
    world.table.put({"pk": "SETTINGS", "sk": "SENDING", "version": 2, "stops": []})
    world.run("send_reminders", ACCOUNT)
    assert len(world.twilio.posts) == 1


def test_an_account_that_is_only_looked_at_is_sent_nothing(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.import_book()
    capsys.readouterr()
    message = {"messageId": "m-1", "body": json.dumps({"account": KEY, "only_look": True})}
    assert world.run("send_reminders", {"Records": [message]}) == {"batchItemFailures": []}
    assert world.twilio.posts == []
    assert world.account().reminders == ()
    assert metrics(capsys) == {"Considered": 1, "Deferred": 1, "DeferredRescheduled": 1}
