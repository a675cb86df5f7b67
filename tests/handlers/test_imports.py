"""Uploads through the import function and the command line, on a local AWS."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from tactful.entrypoints.cli import FAULT, OK, main
from tests.handlers.world import ADMIN, BUCKET, CUSTOMERS, INVOICES, NOW, World, event

_uploads = count(1)


@dataclass(frozen=True, slots=True)
class Context:
    """Lambda's, with so much time left."""

    milliseconds: int

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


def notified(world: World, key: str, content: str, **metadata: str) -> dict[str, Any]:
    """Upload a file; the event that says so."""
    stored = world.aws.client("s3").put_object(
        Bucket=BUCKET, Key=key, Body=content.encode(), Metadata=metadata
    )
    payload = event("import_invoices/invoices_created")
    body = json.loads(payload["Records"][0]["body"])
    number = next(_uploads)
    body["Records"][0]["eventTime"] = (NOW + timedelta(minutes=number)).isoformat()
    body["Records"][0]["s3"]["object"] = {
        "key": key,
        "versionId": stored.get("VersionId", ""),
        "sequencer": f"{number:018X}",
    }
    payload["Records"][0]["body"] = json.dumps(body)
    return payload


def imported(world: World, key: str, content: str, **metadata: str) -> dict[str, Any]:
    """Upload a file and import it; its report."""
    assert world.run("import_invoices", notified(world, key, content, **metadata)) == {
        "batchItemFailures": []
    }
    return report(world, key)


def report(world: World, key: str) -> dict[str, Any]:
    body = world.aws.client("s3").get_object(Bucket=BUCKET, Key=f"reports/{key}.json")["Body"]
    loaded: dict[str, Any] = json.load(body)
    return loaded


def go_on(world: World, context: Context) -> None:
    """Run the function on what it queued for itself."""
    sqs = world.aws.client("sqs")
    (message,) = sqs.receive_message(QueueUrl=world.import_queue_url)["Messages"]
    sqs.delete_message(QueueUrl=world.import_queue_url, ReceiptHandle=message["ReceiptHandle"])
    payload = event("import_invoices/invoices_created")
    payload["Records"][0]["body"] = message["Body"]
    assert world.handle("import_invoices", payload, context) == {"batchItemFailures": []}


def mails(world: World) -> list[dict[str, Any]]:
    return [mail for mail in world.aws.emails() if mail["To"] == [ADMIN]]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command; what it prints."""

    def run(*command: str, code: int = OK) -> str:
        capsys.readouterr()
        assert main(command) == code, capsys.readouterr().err
        printed = capsys.readouterr()
        return printed.out if code == OK else printed.err

    return run


def test_the_admin_is_told_of_a_file_by_e_mail_with_links_that_ask_who_is_there(world: World) -> None:
    before = len(mails(world))
    lost = INVOICES.splitlines()[1].replace("INV-1", "INV-2").replace("open", "lost")
    payload = notified(world, "invoices/march.csv", f"{INVOICES}{lost}\n")
    for _ in range(2):
        world.run("import_invoices", payload)
    (mail,) = mails(world)[before:]
    assert mail["Subject"] == "invoices/march.csv was imported, 1 row not"
    assert "console.aws.amazon.com/s3/object/acme-uploads" in json.dumps(mail)
    rejected = world.aws.client("s3").get_object(Bucket=BUCKET, Key="reports/invoices/march.csv.rejected.csv")
    assert b"INV-2" in rejected["Body"].read()


def test_an_import_stands_even_if_nobody_can_be_told(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FROM_ADDRESS", "no address at all")
    found = imported(world, "invoices/march.csv", INVOICES)
    assert found["new"] == 1
    printed = capsys.readouterr().out
    assert "the report was not mailed" in printed
    assert '"ReportsNotMailed":[1.0]' in printed.replace(" ", "")


def test_settings_come_from_metadata_and_from_beside_the_file(world: World) -> None:
    content = INVOICES.replace("2026-03-06", "06/03/2026").replace("2026-02-04", "04/02/2026")
    assert "date_order" in imported(world, "invoices/a.csv", content)["refused"]
    assert imported(world, "invoices/b.csv", content, **{"date-order": "dmy"})["new"] == 1
    world.run("import_invoices", notified(world, "invoices/a.csv.settings.yaml", "date_order: dmy\n"))
    assert report(world, "invoices/a.csv")["unchanged"] == 1


def test_an_import_without_enough_time_is_gone_on_with_from_the_queue(world: World) -> None:
    numbers = range(6_000)
    rows = [INVOICES.splitlines()[1].replace("INV-1", f"INV-{number}") for number in numbers]
    content = "\n".join([INVOICES.splitlines()[0], *rows])
    short = Context(1_000)
    world.handle("import_invoices", notified(world, "invoices/long.csv", content), short)
    go_on(world, short)
    found = report(world, "invoices/long.csv")
    assert (found["new"], found["rows"], found["parts"]) == (6_000, 6_000, 2)


def test_imports_are_listed_shown_and_undone(world: World, said: Callable[..., str]) -> None:
    assert said("import", "list") == "nothing was imported yet\n"
    imported(world, "customers/customers.csv", CUSTOMERS)
    found = imported(world, "invoices/march.csv", INVOICES)
    listed = said("import", "list")
    assert f"{found['import']}  done  1 new" in listed
    assert [one["upload"] for one in json.loads(said("import", "list", "--json"))] == [
        line.split()[-1] for line in listed.splitlines()
    ]
    shown = said("import", "show", found["import"])
    assert shown.startswith("invoices/march.csv: done (uploaded ")
    assert "profile" in shown
    assert json.loads(said("import", "show", found["import"], "--json")) == found
    assert "add --yes" in said("import", "undo", found["import"], code=FAULT)
    assert said("import", "undo", found["import"], "--yes") == (
        "undone: 1 invoices of 1 customers are as they were before\n"
    )
    assert world.account().invoices == ()
    assert "is undone: only one that is done" in said("import", "undo", found["import"], "--yes", code=FAULT)
    assert "there is no import 'nothing'" in said("import", "show", "nothing", code=FAULT)


def test_what_a_later_import_changed_is_left_and_named(world: World, said: Callable[..., str]) -> None:
    first = imported(world, "invoices/a.csv", INVOICES)
    imported(world, "invoices/b.csv", INVOICES.replace("120.00,120.00", "120.00,20.00"))
    assert said("import", "undo", first["import"], "--yes").splitlines()[1:] == [
        "changed by a later import since",
        "  C-100: INV-1",
    ]
    assert world.account().invoices[0].amount_due.minor == 20_00


def test_a_held_snapshot_is_shown_as_a_task_and_released(world: World, said: Callable[..., str]) -> None:
    imported(world, "invoices/march.csv", INVOICES)
    held = imported(world, "snapshots/open.csv", INVOICES.splitlines()[0] + "\n")
    assert held["outcome"] == "held"
    assert world.tasks() == ["snapshot_held"]
    assert said("import", "release", held["import"]).startswith(
        "released: snapshots/open.csv is being imported"
    )
    go_on(world, Context(900_000))
    assert report(world, "snapshots/open.csv")["presumed_settled"] == 1
    assert world.tasks() == []
