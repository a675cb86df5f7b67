from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count

import pytest

from tactful.adapters.dead_letters import Kind, SqsDeadLetters
from tests.local.ministack import LocalAws

_numbers = count()


@pytest.fixture
def queue(local_aws: LocalAws) -> Callable[[], str]:
    """Makes a queue; its URL."""
    client = local_aws.client("sqs")
    return lambda: str(client.create_queue(QueueName=f"dead-{next(_numbers)}")["QueueUrl"])


def bodies(local_aws: LocalAws, url: str) -> list[str]:
    client, found = local_aws.client("sqs"), list[str]()
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        found += [message["Body"] for message in messages]
    return sorted(found)


def put(local_aws: LocalAws, url: str, number: int) -> list[str]:
    written = [json.dumps({"account": f"{place:03d}"}) for place in range(number)]
    for body in written:
        local_aws.client("sqs").send_message(QueueUrl=url, MessageBody=body)
    return written


def test_all_that_was_given_up_on_is_handed_back_once(local_aws: LocalAws, queue: Callable[[], str]) -> None:
    dead, alive = queue(), queue()
    letters = SqsDeadLetters(local_aws.client("sqs"), {Kind.SEND: dead}, {Kind.SEND: alive})
    written = put(local_aws, dead, 23)
    assert letters.waiting(Kind.SEND) == 23
    assert letters.redrive(Kind.SEND, 1_000) == 23
    assert letters.waiting(Kind.SEND) == 0
    assert bodies(local_aws, alive) == written
    assert letters.redrive(Kind.SEND, 1_000) == 0


def test_no_more_is_handed_back_than_was_asked_for(local_aws: LocalAws, queue: Callable[[], str]) -> None:
    dead, alive = queue(), queue()
    letters = SqsDeadLetters(local_aws.client("sqs"), {Kind.SEND: dead}, {Kind.SEND: alive})
    put(local_aws, dead, 15)
    assert letters.redrive(Kind.SEND, 12) == 12
    assert letters.waiting(Kind.SEND) == 3
    assert len(bodies(local_aws, alive)) == 12


def test_what_came_from_no_queue_is_dropped(local_aws: LocalAws, queue: Callable[[], str]) -> None:
    dead = queue()
    letters = SqsDeadLetters(local_aws.client("sqs"), {Kind.PLAN: dead}, {})
    put(local_aws, dead, 2)
    assert letters.redrive(Kind.PLAN, 10) == 2
    assert letters.waiting(Kind.PLAN) == 0
