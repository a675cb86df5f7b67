"""The simulator finds what it is there to find: each way to break the program is noticed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.simulation.mutants import MUTANTS
from tests.simulation.schedule import play

_WITHIN = 300
# What must be said of each, among other things.
_SAID = {
    "no_version_condition": "was sent on a hold|went back|was paid",
    "sends_again_when_unanswered": "accepted twice",
    "sends_twice": "accepted twice",
    "forgets_claims": "accepted twice",
    "looks_at_the_past": "was paid|on a hold",
    "loses_the_queue": "forgotten|left behind",
    "opens_addresses_again": "after the opt-out",
    "goes_backwards": "went back|left behind|the provider told",
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_program_is_noticed(name: str, pool: ThreadPoolExecutor) -> None:
    words = _SAID[name].split("|")
    wrong = (said for seed in range(_WITHIN) for said in play(seed, pool, MUTANTS[name]).wrong)
    assert any(word in said for said in wrong for word in words)
