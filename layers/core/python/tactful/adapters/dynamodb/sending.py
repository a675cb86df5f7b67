"""What holds for all that is sent: what is stopped, and how it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from tactful.adapters.dynamodb import items
from tactful.adapters.dynamodb.codec import instant
from tactful.adapters.dynamodb.table import Table, version_is
from tactful.application.ports import ConflictError, StoreUnavailableError
from tactful.application.sending_ports import SendingHealth, SendingSwitch
from tactful.domain.sending.health import KEPT, Tally, slot_of
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


class DynamoSendingHealth(SendingHealth):
    """An item for each channel and quarter of an hour in the partition HEALTH; the table forgets them."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def count(self, tally: Tally) -> None:
        slot = slot_of(tally.since)
        added = {
            "accepted": tally.accepted,
            "bounced": set(tally.bounced),
            "complained": set(tally.complained),
        }
        # A set that is empty cannot be written.
        values = {f":{name}": value for name, value in added.items() if value}
        if not values:
            return
        adding = ", ".join(f"{name[1:]} {name}" for name in values)
        expires = int((slot + KEPT + timedelta(days=1)).timestamp())
        self._table.update(
            *items.tally_key(tally.channel, slot),
            f"ADD {adding} SET expires_at = :expires",
            {**values, ":expires": expires},
        )

    def tallies(self, begin: datetime) -> Sequence[Tally]:
        values = {":health": items.HEALTH, ":begin": instant(slot_of(begin))}
        found = self._table.query("pk = :health AND sk >= :begin", values)
        return [items.tally_from(item) for item in found]
