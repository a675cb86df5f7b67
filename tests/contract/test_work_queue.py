from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from tactful.adapters.memory import MemoryWorkQueue
from tactful.adapters.sqs import SqsWorkQueue
from tactful.application.ports import StoreUnavailableError, WorkQueue
from tests.local.ministack import LocalAws


@dataclass(frozen=True, slots=True)
class Queue:
    """A work queue, and what it holds."""

    work: WorkQueue
    queued: Callable[[], list[str]]


@pytest.fixture(params=["memory", "sqs"])
def queue(request: pytest.FixtureRequest) -> Queue:
    if request.param == "memory":
        memory = MemoryWorkQueue()
        return Queue(memory, lambda: list(memory.queued))
    aws: LocalAws = request.getfixturevalue("local_aws")
    client = aws.client("sqs")
    url = client.create_queue(QueueName=f"work-{request.node.name[:40].strip('[]')}")["QueueUrl"]

    def queued() -> list[str]:
        found: list[str] = []
        while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            found.extend(json.loads(message["Body"])["account"] for message in messages)
        return found

    return Queue(SqsWorkQueue(client, url), queued)


def test_every_account_is_queued_however_many(queue: Queue) -> None:
    keys = [f"account{number}" for number in range(23)]
    assert queue.work.put(keys) == 23
    assert sorted(queue.queued()) == sorted(keys)


def test_an_account_that_is_only_to_be_looked_at_says_so(local_aws: LocalAws) -> None:
    client = local_aws.client("sqs")
    url = client.create_queue(QueueName="work-only-look")["QueueUrl"]
    SqsWorkQueue(client, url, only_look=True).put(["a"])
    (message,) = client.receive_message(QueueUrl=url)["Messages"]
    assert json.loads(message["Body"]) == {"account": "a", "only_look": True}


def test_nothing_to_queue_is_no_fault(queue: Queue) -> None:
    assert queue.work.put([]) == 0
    assert queue.queued() == []


class _PickyClient:
    """Refuses each account the given number of times."""

    def __init__(self, **refusals: int) -> None:
        self._refusals = refusals
        self.requests: list[list[str]] = []

    def send_message_batch(self, **request: Any) -> Any:
        keys = {entry["Id"]: json.loads(entry["MessageBody"])["account"] for entry in request["Entries"]}
        self.requests.append(list(keys.values()))
        failed = [number for number, key in keys.items() if self._refusals.get(key, 0) > 0]
        for number in failed:
            self._refusals[keys[number]] -= 1
        return {
            "Failed": [{"Id": number, "SenderFault": False, "Code": "InternalError"} for number in failed]
        }


def test_an_account_that_was_not_taken_is_offered_once_more() -> None:
    client = _PickyClient(b=1)
    assert SqsWorkQueue(client, "url").put(["a", "b", "c"]) == 3
    assert client.requests == [["a", "b", "c"], ["b"]]


def test_an_account_that_is_refused_twice_makes_the_tick_come_again() -> None:
    with pytest.raises(StoreUnavailableError, match="1 accounts could not be queued"):
        SqsWorkQueue(_PickyClient(b=2), "url").put(["a", "b", "c"])


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (ClientError({"Error": {"Code": "RequestThrottled"}}, "SendMessageBatch"), StoreUnavailableError),
        (ClientError({"Error": {"Code": "QueueDoesNotExist"}}, "SendMessageBatch"), ClientError),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:9"), StoreUnavailableError),
    ],
    ids=["throttled", "no such queue", "no connection"],
)
def test_a_queue_that_is_busy_or_away_is_told_from_one_that_is_wrong(
    error: Exception, raised: type[Exception]
) -> None:
    class Failing:
        def send_message_batch(self, **_: object) -> Any:
            raise error

    with pytest.raises(raised):
        SqsWorkQueue(Failing(), "url").put(["a"])
