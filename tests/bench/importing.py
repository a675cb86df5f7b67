"""How fast an export is read and checked, on one core, how much memory that takes, and what other readers take.

Each run is a process of its own: the two readings of `imports/reading.py`, the one that decides how the file is meant
and the one that hands out its invoices. The store is no part of it.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tactful.adapters.profile_files import load_profiles
from tactful.imports.profile import FileKind
from tactful.imports.reading import read_file
from tactful.imports.statement import StatedInvoice
from tactful.imports.upload_settings import UploadSettings
from tests.bench.exports import export
from tests.bench.result import Result

_ROOT = Path(__file__).resolve().parents[2]
_OTHERS = _ROOT / ".tools/bench/bin/python"
_SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
_COMPARED_ROWS = 200_000
_TIMES = 3


@dataclass(frozen=True, slots=True)
class _Run:
    """One file that was read: seconds of CPU, and the peak of resident memory."""

    rows: int
    seconds: float
    megabytes: float


def measure() -> Iterator[tuple[str, Result]]:
    """Read exports of three sizes, then one size beside pandas and polars."""
    runs = {name: _in_a_process_of_its_own(rows) for name, rows in _SIZES.items()}
    largest = runs["1m"]
    speeds = ", ".join(f"{run.rows:,}: {run.rows / run.seconds:,.0f}" for run in runs.values())
    note = f"read twice, checked and turned into statements, one core; by rows {speeds}"
    yield "import_rows_per_second", Result(round(largest.rows / largest.seconds), "1/s", note)
    for name, run in runs.items():
        size = export(run.rows).stat().st_size / 1e6
        note = f"resident at its peak while {run.rows:,} rows ({size:,.1f} MB) are read"
        yield f"import_peak_mb_{name}", Result(round(run.megabytes, 1), "MB", note)
    yield from _compared()


def _compared() -> Iterator[tuple[str, Result]]:
    """How many times the CPU time of another reader with the same checks in plain Python ours takes."""
    export(_COMPARED_ROWS)
    ours = median(_in_a_process_of_its_own(_COMPARED_ROWS).seconds for _ in range(_TIMES))
    for other in ("pandas", "polars"):
        theirs = median(_seconds_of(other) for _ in range(_TIMES))
        note = (
            f"{ours:.2f} s of CPU against {theirs:.2f} s for read_csv as text and the same checks row by row, "
            f"{_COMPARED_ROWS:,} rows, median of {_TIMES}"
        )
        yield f"import_vs_{other}_cpu_ratio", Result(round(ours / theirs, 2), "", note)


def _seconds_of(other: str) -> float:
    script = _ROOT / "tests/bench/other_readers.py"
    command = [str(_OTHERS), str(script), other, str(export(_COMPARED_ROWS))]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    if answer["good"] != _COMPARED_ROWS:
        raise RuntimeError(f"{other} found {answer['good']:,} good rows")
    return float(answer["seconds"])


def _in_a_process_of_its_own(rows: int) -> _Run:
    export(rows)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_run, rows).result()


def _run(rows: int) -> _Run:
    profiles = load_profiles(_ROOT / "templates/profiles")
    with export(rows).open("rb") as file:
        began = time.process_time()
        reading = read_file(file, FileKind.INVOICES, UploadSettings(), profiles)
        read = sum(isinstance(item, StatedInvoice) for item in reading.items())
        seconds = time.process_time() - began
    if read != rows:
        raise RuntimeError(f"{read:,} of {rows:,} rows were read: {reading.warnings}")
    return _Run(rows, seconds, _peak_megabytes())


def _peak_megabytes() -> float:
    """Of this process alone: what getrusage tells includes the process that it was made from."""
    status = Path("/proc/self/status")
    if status.exists():
        (peak,) = (line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(peak) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
