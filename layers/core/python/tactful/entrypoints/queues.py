"""SQS batches: each message on its own, and only those that failed come again."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tactful.entrypoints.observability import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord


class NotOursError(ValueError):
    """A message that this queue should not hold. It is left to the dead-letter queue, where a person can look."""


def process_batch(
    event: dict[str, Any], handle: Callable[[dict[str, Any]], None]
) -> PartialItemFailureResponse:
    """Give each message's JSON object to `handle`; a message it raises on is returned to the queue."""
    from aws_lambda_powertools.utilities.batch import (
        BatchProcessor,
        EventType,
        process_partial_response,
    )

    def handle_record(record: SQSRecord) -> None:
        try:
            handle(_json_object(record.body))
        except Exception as error:
            logger().warning(
                "message failed, it comes again",
                extra={"message_id": record.message_id, "error": type(error).__name__},
            )
            raise

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event, handle_record, processor)


def readable(event: dict[str, Any], reads: Callable[[dict[str, Any]], object]) -> list[dict[str, Any]]:
    """The JSON objects of a batch that `reads` takes; the others fail when the batch is processed."""
    found = []
    for record in event.get("Records", ()):
        with suppress(NotOursError):
            message = _json_object(record["body"])
            reads(message)
            found.append(message)
    return found


def account_in(message: dict[str, Any]) -> str:
    """The account key in a message of the send queue. Raises NotOursError if there is none."""
    key = message.get("account")
    if not isinstance(key, str) or not key:
        raise NotOursError("the message names no account")
    return key


def is_only_looked_at(message: dict[str, Any]) -> bool:
    """Whether nothing is to be sent to the account of a message."""
    return message.get("only_look") is True


def _json_object(body: str) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError as error:
        raise NotOursError("the message is no JSON") from error
    if not isinstance(value, dict):
        raise NotOursError("the message is no JSON object")
    return value
