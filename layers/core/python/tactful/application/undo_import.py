"""Undoing an import: accounts go back to what they were, each as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tactful.application.account_events import AccountEvents
from tactful.application.ports import StoreUnavailableError
from tactful.domain.book.account import Account, Change
from tactful.domain.book.undo import Undone, undo_import


@dataclass(slots=True)
class UndoReport:
    """How many accounts went back, and how many of their invoices; what stays as it is, and why.

    `refused` has the ids of customers (the key of an account that failed), each with the reason; `overtaken` those with
    invoices that a later import changed since, each with the numbers.
    """

    accounts: int = 0
    restored: int = 0
    removed: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    overtaken: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    @property
    def invoices(self) -> int:
        return self.restored + self.removed


@dataclass(frozen=True, slots=True)
class UndoImport:
    """Undoes an import, one commit an account, with its next action recomputed. Nothing is sent by it."""

    events: AccountEvents

    def run(self, import_id: str, account_keys: Iterable[str]) -> UndoReport:
        """Undo an import on all accounts that it may have touched; on others that changes nothing.

        An account is refused if the customer was contacted since, or money, a promise or a hold concerns what would go
        back. Doing it again changes nothing more. Raises StoreUnavailableError: do it again.
        """
        report = UndoReport()
        for key in dict.fromkeys(account_keys):
            try:
                undone, account = self._undo(key, import_id)
            except StoreUnavailableError:
                raise
            except Exception as error:  # noqa: BLE001 - one account never stops the others
                report.refused.append((key, f"could not be undone ({type(error).__name__})"))
                continue
            if undone is None or account is None:
                continue
            if undone.refused:
                report.refused.append((account.customer.id, undone.refused))
            if undone.overtaken:
                report.overtaken.append((account.customer.id, undone.overtaken))
            report.accounts += undone.is_anything
            report.restored += len(undone.restored)
            report.removed += len(undone.removed)
        return report

    def _undo(self, key: str, import_id: str) -> tuple[Undone | None, Account | None]:
        last: Undone | None = None

        def undo(account: Account) -> Change:
            nonlocal last
            last = undo_import(account, import_id, self.events.clock.now())
            return last.change

        account = self.events.apply(key, undo)
        return last, account
