"""Messages of the document queue: which document somebody wants of which account."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tactful.entrypoints.observability import count, logger
from tactful.entrypoints.queues import NotOursError, account_in

if TYPE_CHECKING:
    from tactful.application.documents import DocumentOrder


def order_in(message: dict[str, Any]) -> DocumentOrder:
    """The order in a message. Raises NotOursError for anything that is none, or that cannot be filled."""
    from tactful.application.documents import DocumentKind, DocumentOrder
    from tactful.domain.book.contact_log import Tone

    address = message.get("address", [])
    if not isinstance(address, list):
        raise NotOursError("the order's address is no list of lines")
    try:
        return DocumentOrder(
            account_key=account_in(message),
            kind=DocumentKind(message.get("kind", "")),
            wording=str(message.get("wording", "")),
            tone=Tone(message["tone"]) if "tone" in message else None,
            language=str(message.get("language", "")),
            address=tuple(str(line) for line in address),
            pay_by=date.fromisoformat(message["pay_by"]) if "pay_by" in message else None,
        )
    except (TypeError, ValueError) as error:
        raise NotOursError(f"the message orders no document: {error}") from error


def fill(message: dict[str, Any]) -> None:
    """Make what a message orders, and keep it. A letter for which there is no reason any more is not made."""
    from tactful.console import document_archive, make_documents
    from tactful.domain.documents.letter import NothingToDemandError

    order = order_in(message)
    try:
        made = make_documents().make_into(document_archive(), order)
    except NothingToDemandError:
        logger().info("the letter is not needed any more", extra={"kind": str(order.kind)})
        count(DocumentsNotNeeded=1)
        return
    unshown = sum(bool(file.unshown) for file in made)
    if unshown:
        logger().warning("no font has some of the letters", extra={"document": made[0].key})
    logger().info("document made", extra={"document": made[0].key, "bytes": len(made[0].content)})
    count(DocumentsMade=1, DocumentsUnshown=unshown)
