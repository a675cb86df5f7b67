"""A standard SQS queue: at least once, in any order, hidden while somebody works on it, dead after too many tries."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any


@dataclass(slots=True)
class QueuedMessage:
    """One message, and since when it can be received."""

    id: str
    body: str
    visible_at: datetime
    receives: int = 0

    def as_record(self) -> dict[str, Any]:
        """As Lambda hands it to a function."""
        return {
            "messageId": self.id,
            "receiptHandle": self.id,
            "body": self.body,
            "attributes": {"ApproximateReceiveCount": str(self.receives)},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:simulated",
            "awsRegion": "eu-west-1",
        }


@dataclass
class Queue:
    """`function` works on it, at most so many runs at once and so many messages each."""

    function: str
    timeout: timedelta
    hidden_for: timedelta
    tries: int = 5
    batch: int = 10
    at_once: int = 3
    at_work: int = 0
    messages: list[QueuedMessage] = field(default_factory=list)
    dead: list[QueuedMessage] = field(default_factory=list)
    _count: int = 0

    def put(self, body: dict[str, Any], at: datetime) -> None:
        self._count += 1
        self.messages.append(QueuedMessage(f"{self.function}-{self._count}", json.dumps(body), at))

    def visible(self, now: datetime) -> list[QueuedMessage]:
        return [message for message in self.messages if message.visible_at <= now]

    def receive(self, now: datetime, random: Random) -> list[QueuedMessage]:
        """Some messages in any order; those that were received too often are dead instead."""
        found = self.visible(now)
        random.shuffle(found)
        found = found[: random.randint(1, self.batch)]
        worn = [message for message in found if message.receives >= self.tries]
        for message in worn:
            self.messages.remove(message)
            self.dead.append(message)
        received = [message for message in found if message not in worn]
        for message in received:
            message.receives += 1
            message.visible_at = now + self.hidden_for
        return received

    def delete(self, message: QueuedMessage) -> None:
        if message in self.messages:
            self.messages.remove(message)

    def redrive(self, now: datetime) -> None:
        """A person puts the dead ones back."""
        for message in self.dead:
            message.receives, message.visible_at = 0, now
        self.messages += self.dead
        self.dead = []

    def next_visible(self) -> datetime | None:
        return min((message.visible_at for message in self.messages), default=None)
