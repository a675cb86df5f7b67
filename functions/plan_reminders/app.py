"""EventBridge Scheduler: a tick, find what is due and queue it."""

from __future__ import annotations

from typing import Any

from tactful.bootstrap import plan_reminders, reschedule
from tactful.entrypoints.observability import count, gauge, logger
from tactful.entrypoints.ticks import scheduled_time


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Queue the accounts that were due at the tick's scheduled time, and some of all after the policy has changed."""
    del context
    planned = plan_reminders().at(scheduled_time(event))
    rescheduled = 0 if planned.stopped else reschedule().go_on()
    counts = {"queued": planned.queued, "rescheduled": rescheduled, "stopped": len(planned.stops)}
    logger().info("planned", extra=counts | {"lag_seconds": int(planned.lag.total_seconds())})
    count(AccountsQueued=planned.queued, AccountsRescheduled=rescheduled, SendingStopped=len(planned.stops))
    gauge("OldestDueSeconds", int(planned.lag.total_seconds()))
    return counts
