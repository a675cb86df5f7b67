"""The simulated table is held to the contract of the real ones, through the adapters that use it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

import pytest

from tactful.adapters.dynamodb.table import Table
from tests.contract.store_support import Stores, table_stores
from tests.contract.test_account_store import *  # noqa: F403 - its tests, once more
from tests.contract.test_account_surroundings import *  # noqa: F403
from tests.contract.test_address_book import *  # noqa: F403
from tests.contract.test_due_index import *  # noqa: F403
from tests.contract.test_inbox import *  # noqa: F403
from tests.contract.test_invoice_directory import *  # noqa: F403
from tests.contract.test_rounds import *  # noqa: F403
from tests.contract.test_task_board import *  # noqa: F403
from tests.contract.test_timeline import *  # noqa: F403
from tests.simulation.table import NO_LAG, SimulatedTable

_NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class _OneAtATime:
    """Schedules have one process at work at any time; some contracts have many."""

    def __init__(self) -> None:
        self._table = SimulatedTable(lambda: _NOW, lambda: NO_LAG)
        self._lock = Lock()

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def ask(**request: Any) -> Any:
            with self._lock:
                return getattr(self._table, operation)(**request)

        return ask


@pytest.fixture
def dynamodb() -> _OneAtATime:
    return _OneAtATime()


@pytest.fixture
def table(dynamodb: Any) -> Table:
    return Table(dynamodb, "simulated")


@pytest.fixture
def stores(table: Table) -> Stores:
    return table_stores(table)


def test_the_index_learns_of_a_write_later() -> None:
    clock = [_NOW]
    made = SimulatedTable(lambda: clock[0], lambda: timedelta(seconds=30))
    table = Table(made, "simulated")
    table.put({"pk": "A", "sk": "B", "index_pk": "DUE#0", "index_sk": "1"})

    def found() -> list[dict[str, object]]:
        return list(table.query("index_pk = :shard", {":shard": "DUE#0"}, index="due"))

    assert found() == []
    clock[0] += timedelta(seconds=30)
    assert [item["pk"] for item in found()] == ["A"]
