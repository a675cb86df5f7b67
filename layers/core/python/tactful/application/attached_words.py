"""The words of a message with the document that goes with it, if it is to have one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tactful.application.ports import Attachment, Rendered, StoreUnavailableError, Wording, WordingError
from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import ANSWER, Reminder

if TYPE_CHECKING:
    from tactful.application.documents import DocumentShelf


@dataclass(frozen=True, slots=True)
class AttachedWords(Wording):
    """Renders as `words` does, and fetches the document that an answer names."""

    words: Wording
    shelf: DocumentShelf

    def render(self, account: Account, reminder: Reminder) -> Rendered:
        """Raises WordingError, too, for a document that cannot be fetched: a message that names it is not sent bare."""
        rendered = self.words.render(account, reminder)
        key = _document_of(account, reminder)
        if not key:
            return rendered
        try:
            content = self.shelf.fetch(key)
        except StoreUnavailableError as error:
            said = f"{reminder.wording}: its document cannot be fetched ({error}); send it again"
            raise WordingError(said) from error
        kind = reminder.wording.removeprefix("answer_")
        file = Attachment(f"{kind}.pdf", "application/pdf", content)
        return replace(rendered, attachments=(*rendered.attachments, file))


def _document_of(account: Account, reminder: Reminder) -> str:
    if reminder.stage != ANSWER:
        return ""
    return next((owed.document for owed in account.answers if owed.id == reminder.occurrence), "")
