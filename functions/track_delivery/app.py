"""SNS -> SQS: SES tells what became of an e-mail."""

from __future__ import annotations

from typing import Any

from tactful.bootstrap import track_delivery
from tactful.entrypoints.observability import count, logger
from tactful.entrypoints.queues import process_batch
from tactful.entrypoints.ses_events import report_in


def handler(event: dict[str, Any], context: object) -> Any:
    """Record each event that carries our tag; count the others."""
    del context

    def handle(message: dict[str, Any]) -> None:
        report = report_in(message)
        tracked = track_delivery().record(report) if report else "not_ours"
        logger().info("delivery news", extra={"tracked": str(tracked), "code": report.code if report else ""})
        count(**{"DeliveryReports" if tracked == "recorded" else "EventsNotOurs": 1})

    return process_batch(event, handle)
