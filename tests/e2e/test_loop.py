"""The whole loop on the deployed stack, through its public endpoints, with IAM enforced."""

from __future__ import annotations

import json

import pytest

from tactful.domain.book.contact_log import Reminder, ReminderStatus
from tactful.domain.book.customer import Channel
from tests.demo.people import ses_event
from tests.e2e.town import FROM_ADDRESS, Town
from tests.local.ministack import LocalAws

pytestmark = pytest.mark.xdist_group("deployed")

FORM = "application/x-www-form-urlencoded"
# Tuesdays without a public holiday, in the contact window.
TUESDAY, NEXT_TUESDAY = "2026-03-10T10:00:00+00:00", "2026-03-17T10:00:00+00:00"


def _report(town: Town, reminder: Reminder, kind: str) -> None:
    town.stack.report_delivery(ses_event(reminder, kind, reminder.at))


def test_an_email_leaves_once_with_what_it_needs(town: Town) -> None:
    client = town.client(due="2026-03-07")
    town.at(TUESDAY)
    town.at(TUESDAY)
    queue = town.stack.outputs.send_queue_url
    town.stack.aws.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps({"account": client.key}))
    (reminder,) = town.reminders(client, 1)
    town.settle()
    assert (reminder.stage, reminder.channel) == ("overdue_3", Channel.EMAIL)
    (email,) = town.emails_to(client)
    assert email["Source"] == f'"Acme Tools" <{FROM_ADDRESS}>' or FROM_ADDRESS in email["Source"]
    assert client.invoice in email["Subject"]
    assert "£120.00" in email["BodyText"]
    assert "Account number" in email["BodyText"]


def test_a_bounce_falls_to_the_next_channel_and_ends_the_use_of_the_address(town: Town) -> None:
    client = town.client(due="2026-03-07")
    town.at(TUESDAY)
    (email,) = town.reminders(client, 1)
    _report(town, email, "Bounce")
    town.until(lambda: town.account(client).is_suppressed(Channel.EMAIL, client.email) or None)
    town.until(lambda: town.account(client).reminders[0].status is ReminderStatus.BOUNCED or None)
    town.at("2026-03-10T10:15:00+00:00")
    _, text = town.reminders(client, 2)
    assert (text.channel, text.stage, text.occurrence) == (Channel.SMS, email.stage, email.occurrence)
    assert [client.invoice in body for body in town.texts_to(client)] == [True]


def test_a_receipt_says_that_an_sms_was_delivered(town: Town) -> None:
    client = town.client(due="2026-03-07", email=False)
    town.at(TUESDAY)
    (text,) = town.reminders(client, 1)
    assert town.twilio.deliver(text.provider_id) == [204, 204, 204]
    assert town.account(client).reminders[0].status is ReminderStatus.DELIVERED


def test_stop_is_obeyed_for_everybody_who_shares_the_number(town: Town) -> None:
    client = town.client(due="2026-03-07")
    sibling = town.client(due="2026-03-07", email=False, phone_number=client.phone)
    assert town.says(client, "Stop.") == 200
    town.at(TUESDAY)
    (email,) = town.reminders(client, 1)
    assert email.channel is Channel.EMAIL
    (asked,) = town.reminders(sibling, 1)
    assert asked.channel is Channel.PERSON
    assert town.tasks_of(sibling) == ["no_usable_address"]
    assert town.texts_to(client) == []


def test_a_reply_that_nobody_understands_pauses_chasing_and_asks_a_person(town: Town) -> None:
    client = town.client(due="2026-03-07", email=False)
    town.at(TUESDAY)
    town.reminders(client, 1)
    assert town.says(client, "the cat is on the mat") == 200
    assert [hold.kind for hold in town.account(client).holds] == ["reply"]
    assert town.tasks_of(client) == ["read_reply"]


def test_who_has_paid_is_thanked_once_and_left_alone(town: Town) -> None:
    client = town.client(due="2026-03-07")
    town.at(TUESDAY)
    (reminder,) = town.reminders(client, 1)
    _report(town, reminder, "Delivery")
    assert town.pays(client, f"evt-{client.customer_id}", 120_00) == 200
    assert town.pays(client, f"evt-{client.customer_id}", 120_00) == 200
    town.at(NEXT_TUESDAY)
    _, thanks = town.reminders(client, 2)
    assert thanks.stage == "thank_you"
    town.at("2026-03-31T10:00:00+00:00")
    town.until(lambda: town.account(client).next_action_at is None or None)
    assert len(town.emails_to(client)) == 2
    assert town.texts_to(client) == []


def test_a_payment_between_planning_and_sending_stops_the_reminder(town: Town) -> None:
    client = town.client(due="2026-03-07")
    assert town.pays(client, f"evt-{client.customer_id}", 120_00) == 200
    queue = town.stack.outputs.send_queue_url
    town.at(TUESDAY)
    town.stack.aws.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps({"account": client.key}))
    (thanks,) = town.reminders(client, 1)
    assert thanks.is_courtesy


def test_a_number_that_twilio_refuses_is_not_used_again(town: Town) -> None:
    client = town.client(due="2026-03-07", email=False)
    town.twilio.opted_out.add(client.phone)
    town.at(TUESDAY)
    (refused,) = town.reminders(client, 1)
    assert (refused.status, refused.detail) == (ReminderStatus.FAILED, "21610")
    assert town.account(client).is_suppressed(Channel.SMS, client.phone)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty", b"", "empty"),
        ("other-columns", b"a,b,c\n1,2,3\n", "no header row was found"),
        ("half-a-header", b"invoice_number,customer_name\n1,Caf\xc3\xa9\n", "lacks total or amount_due"),
        ("picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a picture"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    town: Town, name: str, content: bytes, why: str
) -> None:
    report = town.upload(f"invoices/{name}.csv", content)
    assert why in report["refused"]
    assert report["rows"] == 0


def test_a_bad_row_is_reported_with_its_record_and_stops_nobody(town: Town) -> None:
    header = "invoice_number,customer_id,customer_name,issue_date,due_date,total,amount_due,currency,status\n"
    good = "BAD-{0},C-BAD,Bad Rows Ltd,2026-01-02,{1},10.00,10.00,GBP,open\n"
    report = town.upload(
        "invoices/one bad+row.csv", header + good.format(1, "31/02/2026") + good.format(2, "2026-03-31")
    )
    assert (report["rows"], report["new"], report["rejected"]) == (2, 1, 1)
    assert report["rejected_rows"][0]["records"] == [2]
    assert "due_date" in report["rejected_rows"][0]["reason"]


@pytest.mark.parametrize(
    ("webhook", "body", "headers", "status"),
    [
        ("payments", b"{}", {}, 403),
        ("payments", b"{}", {"content-type": "text/plain"}, 415),
        ("payments", b"x" * 70_000, {}, 413),
        (
            "twilio/inbound",
            b"Body=STOP&From=%2B12025550100",
            {"content-type": "application/x-www-form-urlencoded"},
            403,
        ),
        ("fax", b"", {}, 404),
    ],
)
def test_a_webhook_that_is_not_right_is_refused(
    town: Town, webhook: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    assert town.post(webhook, body, headers) == status


def test_nothing_ends_as_a_dead_letter(town: Town) -> None:
    assert not any(town.stack.dead_letters().values())


def test_iam_is_enforced(town: Town) -> None:
    aws: LocalAws = town.stack.aws
    configuration = aws.client("lambda").get_function_configuration(
        FunctionName=town.stack.outputs.plan_reminders_function_name
    )
    role = configuration["Role"].rpartition("/")[2]
    policies = aws.client("iam").list_role_policies(RoleName=role)["PolicyNames"]
    documents = [
        json.dumps(aws.client("iam").get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])
        for name in policies
    ]
    assert documents
    assert not any("ses:Send" in document for document in documents)
