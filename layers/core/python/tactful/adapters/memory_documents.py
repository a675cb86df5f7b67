"""The ports of documents in memory."""

from __future__ import annotations

from tactful.application.documents import (
    Document,
    DocumentArchive,
    DocumentOrder,
    DocumentOrders,
    DocumentPress,
    DocumentShelf,
    Pressed,
)
from tactful.application.ports import StoreUnavailableError


class MemoryPress(DocumentPress):
    """Prints the facts themselves."""

    def press(self, document: Document) -> Pressed:
        return Pressed(f"%PDF of {document!r}".encode())


class MemoryArchive(DocumentArchive, DocumentShelf):
    """Keeps files by their key."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def keep(self, key: str, content: bytes) -> None:
        self.kept[key] = content

    def fetch(self, key: str) -> bytes:
        if key not in self.kept:
            raise StoreUnavailableError(f"there is no {key}")
        return self.kept[key]


class MemoryDocumentOrders(DocumentOrders):
    """Remembers what was ordered."""

    def __init__(self) -> None:
        self.ordered: list[DocumentOrder] = []

    def put(self, order: DocumentOrder) -> None:
        self.ordered.append(order)
