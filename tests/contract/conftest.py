"""Every store that the contract suites run against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from tactful.adapters.dynamodb.table import Table
from tests.contract.store_support import (
    Stores,
    create_table,
    dynamodb_local,
    local_folder,
    memory_stores,
    table_stores,
)
from tests.local import ministack

TABLES = ("ministack", "dynamodb_local") if local_folder() else ("ministack",)
_names = (f"table-{number}" for number in count())


@pytest.fixture(scope="session")
def ministack_dynamodb(local_aws: ministack.LocalAws) -> Any:
    return local_aws.client("dynamodb")


@pytest.fixture(scope="session")
def dynamodb_local_dynamodb() -> Iterator[Any]:
    folder = local_folder()
    assert folder is not None
    with dynamodb_local(folder) as client:
        yield client


def _new_table(client: Any) -> Table:
    name = next(_names)
    create_table(client, name)
    return Table(client, name)


@pytest.fixture(params=TABLES)
def dynamodb(request: pytest.FixtureRequest) -> Any:
    """A client of each real table engine."""
    return request.getfixturevalue(f"{request.param}_dynamodb")


@pytest.fixture
def table(dynamodb: Any) -> Table:
    """An empty table on each real table engine."""
    return _new_table(dynamodb)


@pytest.fixture(params=("memory", *TABLES))
def stores(request: pytest.FixtureRequest) -> Stores:
    """An empty store of each kind."""
    if request.param == "memory":
        return memory_stores()
    return table_stores(_new_table(request.getfixturevalue(f"{request.param}_dynamodb")))


@pytest.fixture
def new_table(request: pytest.FixtureRequest) -> Callable[[str], Table]:
    """Makes an empty table on the engine of a name in TABLES."""
    return lambda engine: _new_table(request.getfixturevalue(f"{engine}_dynamodb"))
