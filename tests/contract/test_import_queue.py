from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tactful.adapters.memory_imports import MemoryImportQueue
from tactful.adapters.sqs import SqsImportQueue
from tactful.application.import_ports import Again, ImportQueue
from tactful.application.ports import StoreUnavailableError
from tactful.entrypoints.uploads import again_in
from tests.local.ministack import LocalAws


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue of imports, and what whoever works on it reads there."""

    imports: ImportQueue
    read: Callable[[], list[Again | None]]


@pytest.fixture(params=["memory", "sqs"])
def queue(request: pytest.FixtureRequest) -> Queue:
    if request.param == "memory":
        memory = MemoryImportQueue()
        return Queue(memory, lambda: [*memory.queued])
    aws: LocalAws = request.getfixturevalue("local_aws")
    client = aws.client("sqs")
    url = client.create_queue(QueueName=f"imports-{request.node.name[:40].strip('[]')}")["QueueUrl"]

    def read() -> list[Again | None]:
        found: list[Again | None] = []
        while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            found.extend(again_in(json.loads(message["Body"])) for message in messages)
        return found

    return Queue(SqsImportQueue(client, url), read)


@pytest.mark.parametrize("again", [Again("abc234defg", 3), Again("abc234defg", is_released=True)])
def test_what_is_queued_is_read_as_it_was_meant(queue: Queue, again: Again) -> None:
    queue.imports.put(again)
    assert queue.read() == [again]


def test_an_import_that_the_queue_does_not_take_is_tried_again_later() -> None:
    class Client:
        def send_message_batch(self, **_: object) -> Any:
            return {"Failed": [{"Id": "0", "Code": "InternalError", "SenderFault": False}]}

    with pytest.raises(StoreUnavailableError):
        SqsImportQueue(Client(), "http://127.0.0.1:9/queue").put(Again("abc234defg", 3))
