"""The simulator finds what it is there to find: each way to break the program is noticed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.simulation.mutants import MUTANTS
from tests.simulation.schedule import play

_WITHIN = 300


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_program_is_noticed(name: str, pool: ThreadPoolExecutor) -> None:
    assert any(play(seed, pool, MUTANTS[name]).wrong for seed in range(_WITHIN))
