"""What was given up on: the dead-letter queues, Amazon SQS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from tactful.adapters.aws_errors import SQS, classified

# The most that SQS hands out or takes at once.
_BATCH = 10
# Long enough to hand ten messages on; what is not handed on then comes again.
_VISIBILITY_SECONDS = 60
_COUNTED = "ApproximateNumberOfMessages"


class DeadLettersClient(Protocol):
    """The part of boto3's `sqs` client that is used here."""

    def get_queue_attributes(self, **request: object) -> Any: ...
    def receive_message(self, **request: object) -> Any: ...
    def send_message_batch(self, **request: object) -> Any: ...
    def delete_message_batch(self, **request: object) -> Any: ...


class Kind(StrEnum):
    """Whose messages they are."""

    IMPORT = "import"
    PLAN = "plan"
    SWEEP = "sweep"
    SEND = "send"
    DELIVERY = "delivery"
    MAIL = "mail"
    DIGEST = "digest"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class SqsDeadLetters:
    """`queues` has the queue that messages of a kind came from. Ticks came from none: the next one does their work."""

    client: DeadLettersClient
    dead: Mapping[Kind, str]
    queues: Mapping[Kind, str]

    def waiting(self, kind: Kind) -> int:
        """About how many messages lie there. Raises StoreUnavailableError."""
        with classified(SQS):
            answer = self.client.get_queue_attributes(QueueUrl=self.dead[kind], AttributeNames=[_COUNTED])
        return int(answer["Attributes"][_COUNTED])

    def redrive(self, kind: Kind, most: int) -> int:
        """Hand at most so many messages back to their queue, or drop those of ticks; how many. Raises
        StoreUnavailableError.

        One that is handed back and not deleted is handed back twice, which changes nothing: whoever reads it looks at
        the book first.
        """
        moved = 0
        while moved < most and (messages := self._received(kind, min(_BATCH, most - moved))):
            done = self._handed_back(kind, messages)
            self._delete(kind, done)
            moved += len(done)
            if len(done) < len(messages):
                break
        return moved

    def _received(self, kind: Kind, most: int) -> list[dict[str, Any]]:
        with classified(SQS):
            answer = self.client.receive_message(
                QueueUrl=self.dead[kind],
                MaxNumberOfMessages=most,
                VisibilityTimeout=_VISIBILITY_SECONDS,
                WaitTimeSeconds=1,
            )
        return list(answer.get("Messages", ()))

    def _handed_back(self, kind: Kind, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those of the messages that their queue took; all of those that came from none."""
        if kind not in self.queues:
            return messages
        entries = [
            {"Id": str(place), "MessageBody": message["Body"]} for place, message in enumerate(messages)
        ]
        with classified(SQS):
            answer = self.client.send_message_batch(QueueUrl=self.queues[kind], Entries=entries)
        refused = {int(failed["Id"]) for failed in answer.get("Failed", ())}
        return [message for place, message in enumerate(messages) if place not in refused]

    def _delete(self, kind: Kind, messages: list[dict[str, Any]]) -> None:
        if not messages:
            return
        entries = [
            {"Id": str(place), "ReceiptHandle": message["ReceiptHandle"]}
            for place, message in enumerate(messages)
        ]
        with classified(SQS):
            self.client.delete_message_batch(QueueUrl=self.dead[kind], Entries=entries)
