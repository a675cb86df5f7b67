"""S3 -> SQS: a client answered by e-mail."""

from __future__ import annotations

from typing import Any

from tactful.bootstrap import mail_replies
from tactful.entrypoints.observability import count, logger
from tactful.entrypoints.queues import process_batch
from tactful.entrypoints.uploads import uploads_in


def handler(event: dict[str, Any], context: object) -> Any:
    """Take every e-mail that the batch's messages name."""
    del context

    def handle(message: dict[str, Any]) -> None:
        for upload in uploads_in(message):
            taken, understood = mail_replies().take(upload.bucket, upload.key)
            logger().info("e-mail received", extra={"taken": str(taken), "understood": str(understood or "")})
            count(**{f"Mails{taken.title()}": 1})

    return process_batch(event, handle)
