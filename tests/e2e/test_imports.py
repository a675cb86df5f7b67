"""Files through the deployed stack: settings beside them, e-mails about them, snapshots, and taking them back."""

from __future__ import annotations

from typing import Any

import pytest

from tactful import console
from tactful.domain.book.account import TaskKind
from tactful.domain.book.customer import account_key
from tests.e2e.town import ADMIN, Town

pytestmark = pytest.mark.xdist_group("deployed")

HEADER = "Invoice Number,Contact Name,Invoice Date,Due Date,Total,Amount Due,Status\n"


def rows(prefix: str, *days: str) -> str:
    """Invoices of one customer without an id, in the words of no product in particular."""
    lines = (f'{prefix}-{day[:2]},{prefix} Ltd,03/04/2026,{day},"1,200.00","1,200.00",Sent\n' for day in days)
    return HEADER + "".join(lines)


def again(town: Town, key: str, seen: dict[str, Any]) -> dict[str, Any]:
    """The report that comes after one that was seen."""
    return town.until(lambda: None if (report := town.report(key)) == seen else report)


def mails(town: Town, subject: str) -> list[dict[str, Any]]:
    sent = (mail for mail in town.stack.aws.emails() if mail["To"] == [ADMIN])
    return [mail for mail in sent if mail["Subject"] == subject]


def test_a_file_that_leaves_questions_is_read_when_they_are_answered_beside_it(town: Town) -> None:
    key = "invoices/ambiguous.csv"
    refused = town.upload(key, rows("AMB", "05/06/2026", "06/07/2026"))
    assert "date_order" in refused["refused"]
    town.stack.upload(f"{key}.settings.yaml", b"date_order: dmy\ncurrency: GBP\n")
    report = again(town, key, refused)
    assert (report["outcome"], report["new"], report["import"]) == ("done", 2, refused["import"])
    assert [one["due_date"] for one in report["first_invoices"]] == ["2026-06-05", "2026-07-06"]
    assert report["totals"] == {"GBP": {"stated_minor": 240_000, "due_minor": 240_000}}
    town.until(lambda: mails(town, f"{key} was imported") or None)
    assert len(mails(town, f"{key} was not imported")) == 1


def test_a_list_of_nothing_is_held_for_a_person_and_changes_nothing(town: Town) -> None:
    client = town.client(due="2026-12-01")
    report = town.upload("snapshots/empty.csv", HEADER)
    assert report["outcome"] == "held"
    assert town.account(client).open_invoices()
    kinds = [task.kind for task in town.tasks_of_nobody()]
    assert TaskKind.SNAPSHOT_HELD in kinds


def test_an_import_is_taken_back_from_the_command_line(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    key = "invoices/mistake.csv"
    town.stack.aws.client("s3").put_object(
        Bucket=town.stack.outputs.upload_bucket_name,
        Key=key,
        Body=rows("ERR", "05/06/2026").encode(),
        Metadata={"currency": "GBP", "date-order": "dmy"},
    )
    report = again(town, key, {})
    assert report["new"] == 1
    for name, value in town.environment("import_invoices").items():
        monkeypatch.setenv(name, value)
    console.import_desk.cache_clear()
    undone = console.import_desk().undo(report["import"])
    console.import_desk.cache_clear()
    assert (undone.invoices, undone.refused) == (1, [])
    account = town.load(account_key("ERR Ltd"))
    assert account is None or account.invoices == ()
