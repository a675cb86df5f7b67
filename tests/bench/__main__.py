"""`make bench`: run every benchmark and write build/bench/results.json."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import (
    cold_starts,
    engine,
    forecasting,
    import_costs,
    importing,
    naive,
    replies,
    scale,
    sending_costs,
    sending_cpu,
)
from tests.bench.result import Result

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "build/bench/results.json"
BENCHMARKS: tuple[Callable[[], Iterator[tuple[str, Result]]], ...] = (
    engine.measure,
    forecasting.measure,
    importing.measure,
    import_costs.measure,
    sending_costs.measure,
    sending_cpu.measure,
    naive.measure,
    cold_starts.measure,
    replies.measure,
    scale.measure,
)


def main() -> None:
    """Run all, print a line each, and write them as a flat JSON object."""
    results: dict[str, dict[str, object]] = {}
    for measure in BENCHMARKS:
        for name, result in measure():
            results[name] = {"value": result.value, "unit": result.unit, "note": result.note}
            print(f"{name:<28} {result.value:>14,.2f} {result.unit:<12} {result.note}", flush=True)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(results, indent=2) + "\n")
    print(f"written to {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
