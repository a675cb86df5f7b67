"""SQS: accounts are due, do what they need now."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tactful.bootstrap import send_reminders
from tactful.entrypoints.observability import count, logger
from tactful.entrypoints.queues import account_in, is_only_looked_at, process_batch, readable


def handler(event: dict[str, Any], context: object) -> Any:
    """Act on each account of the batch; what is known not to be done comes again."""
    del context
    sending, counts = send_reminders(), Counter[str]()

    def handle(message: dict[str, Any]) -> None:
        key = account_in(message)
        acted = sending.look_at(key) if is_only_looked_at(message) else sending.act_on(key, batch)
        reminder = acted.reminder.id if acted.reminder else ""
        logger().info("acted", extra={"account": key, "outcome": str(acted.outcome), "reminder": reminder})
        counts.update(("Considered", *acted.counters))

    messages = readable(event, account_in)
    try:
        with sending.batch([account_in(one) for one in messages if not is_only_looked_at(one)]) as batch:
            return process_batch(event, handle)
    finally:
        count(**counts)
