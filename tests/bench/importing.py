"""How fast an invoice file is read, checked and turned into invoices, on one core."""

from __future__ import annotations

import io
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime

from tactful.imports.rows import INVOICE_COLUMNS, InvoiceRow
from tactful.imports.table import read_rows
from tests.bench.result import Result

_ROWS = 50_000
_NOW = datetime(2026, 3, 16, tzinfo=UTC)


def measure() -> Iterator[tuple[str, Result]]:
    """Read a file of 50,000 rows, once for its CPU time and once for its peak of allocated memory."""
    content = _file(_ROWS)
    began = time.process_time()
    read = _read(content)
    seconds = time.process_time() - began
    note = f"parse and validate {read:,} rows, one core; the store is not part of it"
    yield "import_rows_per_second", Result(round(read / seconds), "1/s", note)
    tracemalloc.start()
    _read(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    yield (
        "import_peak_allocated_mb",
        Result(round(peak / 1e6, 2), "MB", f"allocated while reading {read:,} rows"),
    )


def _read(content: bytes) -> int:
    return sum(
        InvoiceRow.model_validate(row.cells).invoice(_NOW).total.minor > 0
        for row in read_rows(io.BytesIO(content), INVOICE_COLUMNS)
    )


def _file(rows: int) -> bytes:
    lines = [",".join(INVOICE_COLUMNS)]
    lines += [
        f"INV-{number:06d},C{number % 4_000},Customer {number % 4_000},2026-02-{number % 27 + 1:02d},"
        f"2026-03-{number % 27 + 1:02d},{number % 900 + 100}.50,{number % 900 + 100}.50,USD,open"
        for number in range(rows)
    ]
    return "\n".join(lines).encode()
