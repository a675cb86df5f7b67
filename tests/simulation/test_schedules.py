"""Random schedules of the whole pipeline. A seed that fails replays with `python -m tests.simulation SEED`."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.local.ministack import ROOT
from tests.simulation.faults import RandomFaults
from tests.simulation.schedule import play

_SEEDS, _AT_ONCE = 500, 50


@pytest.mark.parametrize("first", range(0, _SEEDS, _AT_ONCE))
def test_no_schedule_sends_twice_or_too_late_or_loses_anything(first: int, pool: ThreadPoolExecutor) -> None:
    wrong = {
        seed: played.wrong for seed in range(first, first + _AT_ONCE) if (played := play(seed, pool)).wrong
    }
    assert not wrong, f"replay with: python -m tests.simulation {next(iter(wrong))}"


def test_schedules_are_full_of_faults_and_of_messages(pool: ThreadPoolExecutor) -> None:
    worlds = [play(seed, pool).world for seed in range(40)]
    assert sum(world.faults.struck for world in worlds if isinstance(world.faults, RandomFaults)) > 40
    assert sum(len(world.providers.acceptances) for world in worlds) > 80
    notes = {step.what.partition(" ")[2] for world in worlds for step in world.trace}
    assert {"pays", "is held", "is imported", "is deployed", "opts out"} <= notes


def test_a_seed_is_the_same_schedule_in_another_process(pool: ThreadPoolExecutor) -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "tests.simulation", "11"],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    trace = "\n".join(play(11, pool).trace())
    other = printed.rpartition("\n\nseed ")[0]
    assert hashlib.sha256(trace.encode()).hexdigest() == hashlib.sha256(other.encode()).hexdigest()
