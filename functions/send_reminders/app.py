"""SQS: accounts are due, do what they need now."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tactful.bootstrap import send_reminders
from tactful.entrypoints.observability import count, logger
from tactful.entrypoints.queues import account_in, process_batch, readable


def handler(event: dict[str, Any], context: object) -> Any:
    """Act on each account of the batch; what is known not to be done comes again."""
    del context
    sending, counts = send_reminders(), Counter[str]()

    def handle(message: dict[str, Any]) -> None:
        key = account_in(message)
        acted = sending.act_on(key, batch)
        reminder = acted.reminder.id if acted.reminder else ""
        logger().info("acted", extra={"account": key, "outcome": str(acted.outcome), "reminder": reminder})
        counts.update(("Considered", *acted.counters))

    try:
        with sending.batch([account_in(message) for message in readable(event, account_in)]) as batch:
            return process_batch(event, handle)
    finally:
        count(**counts)
