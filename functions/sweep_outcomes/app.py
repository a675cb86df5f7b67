"""EventBridge Scheduler: a tick, find out what became of messages whose outcome is not known."""

from __future__ import annotations

from typing import Any

from tactful.bootstrap import sweep_outcomes
from tactful.entrypoints.observability import count, logger
from tactful.entrypoints.ticks import scheduled_time


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Settle what can be settled by now."""
    del context
    scheduled_time(event)
    settled = dict(sweep_outcomes().sweep())
    logger().info("swept", extra={"settled": settled})
    count(**{f"Outcome{verdict.title().replace('_', '')}": number for verdict, number in settled.items()})
    return settled
