"""What the lint of a policy says: something that is valid, but may not be what was meant."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """A warning is probably a mistake; a note is worth knowing."""

    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth a look: its place in the policy (fields, and indexes of lists), what it is, and what to do."""

    level: Level
    place: tuple[int | str, ...]
    message: str
    remedy: str


def warning(place: tuple[int | str, ...], message: str, remedy: str) -> Finding:
    """A finding that is probably a mistake."""
    return Finding(Level.WARNING, place, message, remedy)


def note(place: tuple[int | str, ...], message: str, remedy: str) -> Finding:
    """A finding that is worth knowing."""
    return Finding(Level.NOTE, place, message, remedy)
