"""Replay the schedule of a seed, line by line, or play many: `python -m tests.simulation SEED`, `--seeds 20000`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.local.ministack import ROOT
from tests.simulation import exhaustive
from tests.simulation.faults import RandomFaults
from tests.simulation.mutants import MUTANTS
from tests.simulation.schedule import play, threads

_RESULTS = ROOT / "build" / "simulation" / "results.json"


def main() -> int:
    """1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("seed", type=int, nargs="?", help="replay this schedule and print it")
    parser.add_argument("--mutant", choices=MUTANTS, help="with the program broken on purpose")
    parser.add_argument("--seeds", type=int, default=0, help="play so many schedules")
    parser.add_argument("--first", type=int, default=0, help="the first of their seeds")
    parser.add_argument(
        "--pairs", action="store_true", help="and every pair of faults in one reminder's life"
    )
    arguments = parser.parse_args()
    with threads() as pool:
        if arguments.seed is not None:
            return _replay(arguments.seed, arguments.mutant, pool)
        results = _many(arguments.first, arguments.seeds, pool)
        if arguments.pairs:
            results |= _every_pair(pool)
    _RESULTS.parent.mkdir(parents=True, exist_ok=True)
    _RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    print(json.dumps(results, indent=2))
    return int(bool(results["wrong"]))


def _replay(seed: int, mutant: str | None, pool: ThreadPoolExecutor) -> int:
    played = play(seed, pool, MUTANTS[mutant] if mutant else None)
    print("\n".join(played.trace()))
    print(f"\nseed {seed}:", "; ".join(played.wrong) or "nothing is wrong")
    return int(bool(played.wrong))


def _many(first: int, number: int, pool: ThreadPoolExecutor) -> dict[str, object]:
    wrong: list[int] = []
    totals: Counter[str] = Counter()
    begun = time.monotonic()
    for seed in range(first, first + number):
        played = play(seed, pool)
        faults = played.world.faults
        totals["requests"] += played.world.step
        totals["messages accepted"] += len(played.world.providers.acceptances)
        totals["faults"] += faults.struck if isinstance(faults, RandomFaults) else 0
        if seed % 1000 == 999:
            print(f"{seed + 1 - first} of {number} schedules", file=sys.stderr)
        if played.wrong:
            wrong.append(seed)
            print(f"seed {seed}: {'; '.join(played.wrong)}", file=sys.stderr)
    seconds = round(time.monotonic() - begun)
    return {"schedules": number, **totals, "seconds": seconds, "wrong": wrong}


def _every_pair(pool: ThreadPoolExecutor) -> dict[str, object]:
    found: dict[str, object] = {}
    for life in exhaustive.LIVES:
        single, pair = exhaustive.singles(life, pool), exhaustive.pairs(life, pool)
        found[f"{life}: requests"] = len(exhaustive.requests_of(life, pool).seen)
        found[f"{life}: single faults"] = single.lives
        found[f"{life}: pairs of faults"] = pair.lives
        print(f"{life}: {single.lives} lives with one fault, {pair.lives} with two", file=sys.stderr)
        if single.wrong or pair.wrong:
            found["wrong"] = [str(single), str(pair)]
    return found


if __name__ == "__main__":
    sys.exit(main())
