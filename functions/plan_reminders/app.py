"""EventBridge Scheduler: a tick, find what is due and queue it."""

from __future__ import annotations

from typing import Any

from tactful.bootstrap import plan_reminders, reschedule
from tactful.entrypoints.observability import count, logger
from tactful.entrypoints.ticks import scheduled_time


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Queue the accounts that were due at the tick's scheduled time, and some of all after the policy has changed."""
    del context
    queued = plan_reminders().at(scheduled_time(event))
    rescheduled = reschedule().go_on()
    logger().info("planned", extra={"queued": queued, "rescheduled": rescheduled})
    count(AccountsQueued=queued, AccountsRescheduled=rescheduled)
    return {"queued": queued, "rescheduled": rescheduled}
