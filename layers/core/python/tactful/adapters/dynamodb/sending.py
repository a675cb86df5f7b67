"""What holds for all that is sent, in one item."""

from __future__ import annotations

from collections.abc import Callable

from tactful.adapters.dynamodb import items
from tactful.adapters.dynamodb.table import Table, version_is
from tactful.application.ports import ConflictError, StoreUnavailableError
from tactful.application.sending_ports import SendingSwitch
from tactful.domain.sending.state import SendingState

_ATTEMPTS = 5


class DynamoSendingSwitch(SendingSwitch):
    """The item SETTINGS/SENDING, which the last look before each message reads."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def read(self) -> SendingState:
        return items.sending_state_from(self._table.get(*items.SENDING) or {})

    def change(self, change: Callable[[SendingState], SendingState]) -> SendingState:
        for _ in range(_ATTEMPTS):
            item = self._table.get(*items.SENDING) or {}
            version = int(item.get("version", 0))
            changed = change(items.sending_state_from(item))
            try:
                self._table.put(
                    items.sending_item(changed, version + 1), version_is(version), version=version or None
                )
            except ConflictError:
                continue
            return changed
        raise StoreUnavailableError(f"what is stopped was changed {_ATTEMPTS} times meanwhile: try again")
