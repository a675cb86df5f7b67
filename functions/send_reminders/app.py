"""SQS: an account is due, do what it needs now."""

from __future__ import annotations

from typing import Any

from tactful.bootstrap import send_reminders
from tactful.entrypoints.observability import count, logger
from tactful.entrypoints.queues import account_in, process_batch


def handler(event: dict[str, Any], context: object) -> Any:
    """Act on each account of the batch; what is known not to be done comes again."""
    del context

    def handle(message: dict[str, Any]) -> None:
        key = account_in(message)
        acted = send_reminders().act_on(key)
        reminder = acted.reminder.id if acted.reminder else ""
        logger().info("acted", extra={"account": key, "outcome": str(acted.outcome), "reminder": reminder})
        count(**{acted.outcome.name.title(): 1, "Considered": 1})

    return process_batch(event, handle)
