"""One figure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """A measured value with its unit, and a note on how it was measured."""

    value: float
    unit: str
    note: str
