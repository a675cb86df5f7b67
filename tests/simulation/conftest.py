from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.simulation.schedule import threads


@pytest.fixture(scope="session")
def pool() -> Iterator[ThreadPoolExecutor]:
    """The threads that schedules run their processes in."""
    with threads() as made:
        yield made
