"""S3 -> SQS: a file was uploaded, import it."""

from __future__ import annotations

from typing import Any

from tactful.bootstrap import import_upload
from tactful.entrypoints.observability import count, logger
from tactful.entrypoints.queues import process_batch
from tactful.entrypoints.uploads import uploads_in


def handler(event: dict[str, Any], context: object) -> Any:
    """Import every file that the batch's notifications name."""
    del context

    def handle(message: dict[str, Any]) -> None:
        for upload in uploads_in(message):
            report = import_upload().run(upload)
            counts = {str(outcome): number for outcome, number in report.counts.items()}
            logger().info(
                "imported", extra={"version": upload.version, "refused": bool(report.refused), **counts}
            )
            count(
                RowsImported=report.accepted,
                RowsRejected=len(report.rejected),
                FilesRefused=bool(report.refused),
            )

    return process_batch(event, handle)
