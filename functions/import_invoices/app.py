"""S3 -> SQS: a file was uploaded, import it; or go on with one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tactful.bootstrap import import_upload
from tactful.entrypoints.queues import process_batch
from tactful.entrypoints.uploads import again_in, tell, uploads_in


def handler(event: dict[str, Any], context: Any) -> Any:
    """Import every file that the batch's messages name, as far as the time goes."""

    def time_left() -> timedelta:
        return timedelta(milliseconds=context.get_remaining_time_in_millis()) if context else timedelta.max

    def handle(message: dict[str, Any]) -> None:
        again = again_in(message)
        if again:
            tell(import_upload().go_on(again, time_left))
        else:
            for upload in uploads_in(message):
                tell(import_upload().run(upload, time_left))

    return process_batch(event, handle)
