"""SQS: somebody wants a document of an account."""

from __future__ import annotations

from typing import Any

from tactful.entrypoints.document_orders import fill
from tactful.entrypoints.queues import process_batch


def handler(event: dict[str, Any], context: object) -> Any:
    """Make every document that the batch's messages order."""
    del context
    return process_batch(event, fill)
