"""How far the import of a list of all open invoices has come, and the same as JSON for the run that goes on with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tactful.application.import_snapshot import Counted, Presumed
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.book.snapshot import BookCount, Listed, Preview, Totals
from tactful.imports.reading import Item
from tactful.imports.statement import Rejected, StatedInvoice

_OWED = (InvoiceState.OPEN, InvoiceState.DISPUTED)


@dataclass(slots=True)
class SnapshotProgress:
    """`preview` and `counted` are for judging the file; `listed` has what was taken over of it, by account."""

    preview: Preview | None = None
    counted: Counted = field(default_factory=Counted)
    listed: Listed = field(default_factory=Listed)

    def see(self, account_key: str, number: str) -> None:
        """The file speaks of an invoice; the key is empty if nobody knows of whose, the number if not even that."""
        if account_key:
            self.listed.add(account_key, number)
        elif number:
            self.listed.mention(number)

    def as_part(self) -> dict[str, object]:
        """As JSON."""
        preview, counted = self.preview, self.counted
        return {
            "preview": preview
            and {
                "totals": _totals(preview.totals),
                "listed": preview.listed.as_text(),
                "rejected": preview.rejected,
            },
            "counted": {
                "totals": _totals(counted.book.totals),
                "missing": counted.book.missing,
                "after": counted.after,
                "is_whole": counted.is_whole,
            },
            "listed": self.listed.as_text(),
        }

    @classmethod
    def of_part(cls, part: Mapping[str, Any]) -> SnapshotProgress:
        """From what `as_part` made."""
        preview, counted = part["preview"], part["counted"]
        book = BookCount(_totals_of(counted["totals"]), counted["missing"])
        return cls(
            Preview(_totals_of(preview["totals"]), Listed.from_text(preview["listed"]), preview["rejected"])
            if preview
            else None,
            Counted(book, counted["after"], counted["is_whole"]),
            Listed.from_text(part["listed"]),
        )


def preview_of(items: Iterable[Item]) -> Preview:
    """What a file says before anything of it is taken over."""
    preview = Preview()
    for item in items:
        if isinstance(item, StatedInvoice):
            nothing = Money(0, item.amount_due.currency)
            preview.add(item.number, item.amount_due if item.state in _OWED else nothing)
        elif isinstance(item, Rejected):
            preview.reject(item.invoice_number)
    return preview


def presumed_as_part(presumed: Presumed, digest: str) -> dict[str, object]:
    """What is presumed settled so far, as JSON."""
    return {
        "digest": digest,
        "accounts": presumed.accounts,
        "after": presumed.after,
        "is_whole": presumed.is_whole,
    }


def presumed_of_part(part: Mapping[str, Any] | None, digest: str) -> Presumed:
    """From what `presumed_as_part` made, if that was of the same file read in the same way."""
    if part is None or part["digest"] != digest:
        return Presumed()
    return Presumed(part["accounts"], part["after"], part["is_whole"])


def _totals(totals: Totals) -> dict[str, object]:
    return {"invoices": dict(totals.invoices), "due": dict(totals.due)}


def _totals_of(part: Mapping[str, Any]) -> Totals:
    return Totals(Counter(part["invoices"]), Counter(part["due"]))
