"""EventBridge Scheduler: it is morning at the business, tell what happened yesterday."""

from __future__ import annotations

from typing import Any

from tactful.console import send_digest
from tactful.entrypoints.observability import count, logger


def handler(event: dict[str, Any], context: object) -> dict[str, str]:
    """Send the digest, unless it was sent already."""
    del event, context
    sent = send_digest().send()
    outcome = type(sent).__name__.lower() if sent else "nothing"
    logger().info("digest", extra={"outcome": outcome})
    count(DigestsNotSent=outcome in ("refused", "outcomeunknown"))
    return {"outcome": outcome}
