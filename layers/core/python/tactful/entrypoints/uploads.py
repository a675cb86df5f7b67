"""S3 notifications: which files were uploaded."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from tactful.application.import_upload import Upload
from tactful.entrypoints.queues import NotOursError


def uploads_in(message: dict[str, Any]) -> list[Upload]:
    """The uploads a notification names; none for the test message that S3 sends when it is set up.

    Keys are decoded once: S3 encodes a space as `+` and a plus as `%2B`. Raises NotOursError for anything that
    is no S3 notification.
    """
    if message.get("Event") == "s3:TestEvent":
        return []
    try:
        return [
            Upload(
                bucket=record["s3"]["bucket"]["name"],
                key=unquote_plus(record["s3"]["object"]["key"]),
                version=record["s3"]["object"].get("versionId") or "",
                at=datetime.fromisoformat(record["eventTime"]),
            )
            for record in message["Records"]
        ]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise NotOursError(f"the message is no S3 notification ({type(error).__name__})") from error
