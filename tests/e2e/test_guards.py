"""What the deployed stack keeps to itself, keeps from being done, and keeps for another try."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tactful import bootstrap, console
from tactful.domain.book.contact_log import ReminderStatus
from tactful.entrypoints.cli import OK, main
from tests.demo.people import ses_event
from tests.e2e.town import FROM_ADDRESS, OUR_NUMBER, Town
from tests.local.ministack import REGION
from tests.local.twilio_server import TwilioServer

pytestmark = pytest.mark.xdist_group("deployed")

TUESDAY = "2026-03-10T10:00:00+00:00"
EMAIL = {
    "FromEmailAddress": FROM_ADDRESS,
    "Destination": {"ToAddresses": ["somebody@else.example"]},
    "Content": {"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hello"}}}},
}
FUNCTIONS = (
    "import_invoices",
    "plan_reminders",
    "send_reminders",
    "sweep_outcomes",
    "receive_webhooks",
    "receive_email",
    "send_digest",
    "make_documents",
    "track_delivery",
)
Deed = Callable[[Town, Callable[[str], Any]], object]
# What a function must not do, and who alone may do it.
DEEDS: dict[str, tuple[set[str], Deed]] = {
    # Importing may write to the admin alone: MiniStack does not look at whom an e-mail is for.
    "send an e-mail": (
        {"send_reminders", "import_invoices", "send_digest"},
        lambda _, client: client("sesv2").send_email(**EMAIL),
    ),
    "read Twilio's secret": (
        {"send_reminders", "sweep_outcomes", "receive_webhooks"},
        lambda town, client: client("secretsmanager").get_secret_value(
            SecretId=town.stack.outputs.twilio_secret_id
        ),
    ),
    "read the payments key": (
        {"receive_webhooks"},
        lambda town, client: client("secretsmanager").get_secret_value(
            SecretId=town.stack.outputs.payments_secret_id
        ),
    ),
    "read the key of reply addresses": (
        {"send_reminders", "receive_webhooks", "receive_email"},
        lambda town, client: client("secretsmanager").get_secret_value(
            SecretId=town.stack.outputs.link_secret_id
        ),
    ),
    "queue an account": (
        {"plan_reminders", "receive_webhooks", "receive_email"},
        lambda town, client: client("sqs").send_message(
            QueueUrl=town.stack.outputs.send_queue_url, MessageBody=json.dumps({"account": "nobody"})
        ),
    ),
    "queue an import": (
        {"import_invoices"},
        lambda town, client: client("sqs").send_message(
            QueueUrl=town.stack.outputs.import_queue_url,
            MessageBody=json.dumps({"import": "nobody", "part": 0, "release": False}),
        ),
    ),
    "write a report": (
        {"import_invoices"},
        lambda town, client: client("s3").put_object(
            Bucket=town.stack.outputs.report_bucket_name, Key="reports/invoices/tried.csv.json", Body=b"{}"
        ),
    ),
    "upload a file": (
        set(),
        lambda town, client: client("s3").put_object(
            Bucket=town.stack.outputs.upload_bucket_name, Key="invoices/tried.csv", Body=b"x"
        ),
    ),
    "read the whole book": (
        set(),
        lambda town, client: client("dynamodb").scan(TableName=town.stack.outputs.table_name),
    ),
}


def _client_of(town: Town, function: str) -> Callable[[str], Any]:
    """Makes clients with the rights of a function's own role."""
    name = getattr(town.stack.outputs, f"{function}_function_name")
    role = town.stack.aws.client("lambda").get_function_configuration(FunctionName=name)["Role"]
    given = town.stack.aws.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    session = boto3.Session(
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
        region_name=REGION,
    )
    make: Any = session.client
    return lambda service: make(service, endpoint_url=town.stack.aws.endpoint)


def _is_allowed(do: Deed, town: Town, function: str) -> bool:
    try:
        do(town, _client_of(town, function))
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"AccessDenied", "AccessDeniedException"}:
            raise
        return False
    return True


@pytest.mark.parametrize("deed", DEEDS)
def test_only_the_function_whose_work_it_is_may(town: Town, deed: str) -> None:
    allowed, do = DEEDS[deed]
    able = {function for function in FUNCTIONS if _is_allowed(do, town, function)}
    assert able == allowed
    town.settle()


def test_twilio_is_told_where_to_report_and_until_when_to_try(town: Town) -> None:
    client = town.client(due="2026-03-07", email=False)
    town.at(TUESDAY)
    (reminder,) = town.reminders(client, 1)
    (form,) = [form for form in town.twilio.posts if form["To"] == client.phone]
    assert form["StatusCallback"] == (
        f"{town.stack.outputs.webhook_url}/webhooks/twilio/status?r={reminder.id}"
    )
    assert form["ValidityPeriod"] == str(4 * 60 * 60)


def test_what_somebody_else_signed_is_refused_and_changes_nothing(town: Town) -> None:
    client = town.client(due="2026-03-07", email=False)
    url = f"{town.stack.outputs.webhook_url}/webhooks/twilio"
    with TwilioServer(auth_token="another-token") as stranger:
        assert stranger.client_says(f"{url}/inbound", client.phone, OUR_NUMBER, "STOP")[0] == 403
    town.at(TUESDAY)
    (reminder,) = town.reminders(client, 1)
    assert (reminder.address, reminder.status) == (client.phone, ReminderStatus.ACCEPTED)


def test_a_message_that_is_not_ours_is_kept_for_another_try_and_stops_nobody(town: Town) -> None:
    client = town.client(due="2026-03-07")
    town.settle()
    sqs, queue = town.stack.aws.client("sqs"), town.stack.outputs.send_queue_url
    town.move_to(TUESDAY)
    sqs.send_message_batch(
        QueueUrl=queue,
        Entries=[
            {"Id": "garbage", "MessageBody": "<xml/>"},
            {"Id": "ours", "MessageBody": json.dumps({"account": client.key})},
        ],
    )
    town.reminders(client, 1)
    town.until(lambda: True if town.unfinished()["SendQueue"] == 1 else None)
    sqs.purge_queue(QueueUrl=queue)
    town.settle()


def test_what_is_handed_back_from_the_dead_letters_is_decided_by_what_holds_then(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = {name.upper(): value for name, value in asdict(town.stack.outputs).items()}
    for name, value in (town.stack.aws.environment() | outputs).items():
        monkeypatch.setenv(name, value)
    _forget_clients()
    due, paid = town.client(due="2026-03-07", phone=False), town.client(due="2026-03-07", phone=False)
    town.settle()
    town.move_to(TUESDAY)
    assert town.pays(paid, f"evt-{paid.customer_id}", 120_00) == 200
    sqs = town.stack.aws.client("sqs")
    for client in (due, paid):
        sqs.send_message(
            QueueUrl=town.stack.outputs.send_dead_letters_url,
            MessageBody=json.dumps({"account": client.key}),
        )
    sqs.send_message(QueueUrl=town.stack.outputs.plan_dead_letters_url, MessageBody="{}")
    assert main(["dead-letters", "--json"]) == OK
    assert json.loads(capsys.readouterr().out) == {
        "import": 0,
        "plan": 1,
        "sweep": 0,
        "send": 2,
        "delivery": 0,
        "document": 0,
    }
    assert main(["dead-letters", "redrive", "send"]) == OK
    (reminder,) = town.reminders(due, 1)
    town.settle()
    assert not [one for one in town.account(paid).reminders if not one.is_courtesy]
    event = ses_event(reminder, "Delivery", reminder.at)
    sqs.send_message(QueueUrl=town.stack.outputs.delivery_dead_letters_url, MessageBody=json.dumps(event))
    for kind in ("delivery", "plan"):
        assert main(["dead-letters", "redrive", kind]) == OK
    town.until(lambda: town.reminders(due, 1)[0].status is ReminderStatus.DELIVERED or None)
    _forget_clients()


def _forget_clients() -> None:
    for made_once in (bootstrap.client_of, console.dead_letters):
        made_once.cache_clear()


def test_a_returned_payment_is_chased_again_when_three_days_have_passed(town: Town) -> None:
    client = town.client(due="2026-03-07")
    town.move_to(TUESDAY)
    assert town.pays(client, f"evt-{client.customer_id}", 120_00) == 200
    assert town.pays(client, f"back-{client.customer_id}", 120_00, kind="reversal") == 200
    assert town.account(client).thanks is None
    town.at("2026-03-13T11:00:00+00:00")
    (reminder,) = town.reminders(client, 1)
    assert [str(chased.amount) for chased in reminder.invoices] == ["GBP 120.00"]


def test_logs_hold_no_name_no_address_and_no_words(town: Town) -> None:
    client = town.client(due="2026-03-07", email=False)
    town.at(TUESDAY)
    town.reminders(client, 1)
    assert town.says(client, "Purple monkeys paid it") == 200
    town.settle()
    logs = town.stack.aws.client("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    lines = [
        event["message"]
        for group in groups
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        for event in page["events"]
    ]
    assert any('"outcome":"sent"' in line for line in lines)
    assert any('"understood":"paid_claim"' in line for line in lines)
    private = ("Purple", "Ann", client.invoice, f"Client {client.customer_id[2:]}", "@client", "202555")
    assert not [line for line in lines if any(part in line for part in private)]


def test_every_message_was_worked_on(town: Town) -> None:
    town.settle()
    assert not any(town.stack.dead_letters().values())
