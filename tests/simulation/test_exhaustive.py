"""One reminder's life with every fault at every request."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.simulation.exhaustive import HARD, LIVES, pairs, requests_of, singles


@pytest.mark.parametrize("life", LIVES)
def test_no_single_fault_doubles_or_loses_a_reminder(life: str, pool: ThreadPoolExecutor) -> None:
    explored = singles(life, pool)
    assert explored.lives > 4 * len(requests_of(life, pool).seen)
    assert not explored.wrong, str(explored)


def test_no_two_crashes_or_lost_replies_double_or_lose_a_reminder(pool: ThreadPoolExecutor) -> None:
    explored = pairs("email", pool, HARD)
    assert explored.lives > len(requests_of("email", pool).seen) ** 2
    assert not explored.wrong, str(explored)
