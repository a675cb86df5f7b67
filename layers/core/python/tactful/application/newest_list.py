"""The newest list of all open invoices that was taken over: older files that come after it must not outdo it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tactful.application.import_ports import ImportParts
from tactful.application.upload import Upload
from tactful.domain.book.snapshot import Listed

_NAME = "newest.snapshot"


@dataclass(frozen=True, slots=True)
class OpenList:
    """What was open at an instant (UTC), by the import of that list."""

    import_id: str
    at: datetime
    listed: Listed


@dataclass(frozen=True, slots=True)
class NewestList:
    """Files may be taken over in another order than they were uploaded: what an older one brings may be settled."""

    parts: ImportParts

    def note(self, upload: Upload, listed: Listed) -> None:
        """Remember a list, unless there is a newer one. Before it settles anything: whoever sees none is seen by it."""
        known = self.parts.last(_NAME)
        if known and datetime.fromisoformat(known["at"]) > upload.at:
            return
        said = {"import": upload.id, "at": upload.at.isoformat(), "listed": listed.as_text()}
        self.parts.keep(_NAME, said)

    def since(self, upload: Upload) -> OpenList | None:
        """The list if it was uploaded after a file."""
        known = self.parts.last(_NAME)
        if not known or datetime.fromisoformat(known["at"]) <= upload.at:
            return None
        return OpenList(
            known["import"], datetime.fromisoformat(known["at"]), Listed.from_text(known["listed"])
        )

    def forget(self, import_id: str) -> None:
        """A list that is undone says nothing any more."""
        known = self.parts.last(_NAME)
        if known and known["import"] == import_id:
            self.parts.keep(_NAME, {})
