"""Messages of the import queue: which files were uploaded, and which imports are to be taken up again."""

from __future__ import annotations

import traceback
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from tactful.application.import_ports import Again
from tactful.application.import_report import ImportReport, Outcome
from tactful.application.ports import OutcomeUnknown, Refusal, Refused
from tactful.application.upload import Upload
from tactful.entrypoints.observability import count, logger
from tactful.entrypoints.queues import NotOursError


def again_in(message: dict[str, Any]) -> Again | None:
    """The import to take up again, or None if the message is about something else. Raises NotOursError."""
    if "import" not in message:
        return None
    import_id, part, release = message["import"], message.get("part"), message.get("release")
    if not isinstance(import_id, str) or type(part) is not int or not isinstance(release, bool):
        raise NotOursError("the message names no import")
    return Again(import_id, part, release)


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
                sequencer=record["s3"]["object"].get("sequencer") or "",
            )
            for record in message["Records"]
        ]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise NotOursError(f"the message is no S3 notification ({type(error).__name__})") from error


def tell(report: ImportReport | None) -> None:
    """Log and count what became of a file, and tell the admin. A failed e-mail is counted and logged, no more."""
    from tactful.bootstrap import tell_admin

    if report is None:
        logger().info("nothing to import")
        return
    logger().info(
        "imported", extra={"import": report.upload.id, "outcome": str(report.outcome), **report.counts()}
    )
    for error in report.faults:
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{place.name}, line {place.lineno}"
        logger().error("a customer was not taken over", extra={"error": type(error).__name__, "where": where})
    if not report.is_news or report.outcome is Outcome.PAUSED:
        return
    try:
        told = tell_admin().tell(report)
    except Exception as error:  # noqa: BLE001 - the import is over and must not be repeated for an e-mail
        told = Refused(Refusal.CONFIGURATION, type(error).__name__)
    is_lost = isinstance(told, Refused | OutcomeUnknown)
    if isinstance(told, Refused | OutcomeUnknown):
        logger().warning("the report was not mailed", extra={"import": report.upload.id, "why": told.code})
    count(
        RowsImported=report.accepted,
        RowsRejected=report.counts()["rejected"],
        FilesRefused=report.outcome is Outcome.REFUSED,
        FilesHeld=report.outcome is Outcome.HELD,
        ReportsNotMailed=is_lost,
    )
