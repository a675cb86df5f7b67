"""Invoices that a file states more than once: in the same words, in others, or it cannot be told."""

from __future__ import annotations

from array import array
from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

# So many invoices whose lines all repeat one total, and none whose lines do not, are no coincidence.
_PROOF = 5


class Repetition(StrEnum):
    """How another record speaks of the same invoice.

    `UNCLEAR`: it has the same amounts and something else besides, so it may be an item of its own at the same price.
    """

    AGAIN = "again"
    OTHERWISE = "otherwise"
    UNCLEAR = "unclear"


@dataclass(slots=True)
class _Stated:
    """What is said of one invoice: the facts of each record, where each was said first, and whole records."""

    facts: dict[int, int] = field(default_factory=dict)
    first: dict[int, int] = field(default_factory=dict)
    whole: dict[int, int] = field(default_factory=dict)
    wholes: dict[int, int] = field(default_factory=dict)


class Repeats:
    """Remembers a few numbers for each invoice of a file, so that a million of them cost 32 MB.

    Fill it in the order of the records, then ask. Two invoices are the same if their keys are, and say the same if
    their facts are; all are compared by their 64-bit hashes. `lines_agree` says that the file has a record for each
    item, and that all repeat the facts of their invoice.
    """

    def __init__(self, *, lines_agree: bool) -> None:
        self._lines_agree = lines_agree
        self._keys = array("q")
        self._facts = array("q")
        self._wholes = array("q")
        self._records = array("q")
        self._stated: dict[int, _Stated] | None = None

    def note(self, key: Hashable, facts: Hashable, whole: Hashable, record: int) -> None:
        """An invoice is stated in a record: what tells it, what counts of it, and all that the record says."""
        self._keys.append(hash(key))
        self._facts.append(hash(facts))
        self._wholes.append(hash(whole))
        self._records.append(record)

    @property
    def any(self) -> bool:
        """Whether any invoice is stated more than once."""
        return bool(self._all())

    def of(self, key: Hashable, record: int) -> tuple[Repetition, int] | None:
        """How an invoice is said again, and in which other record; None for the first or only time."""
        stated = self._all().get(hash(key))
        if stated is None or record not in stated.facts:
            return None
        facts, whole = stated.facts[record], stated.whole[record]
        if len(stated.first) > 1:
            return Repetition.OTHERWISE, next(at for said, at in stated.first.items() if said != facts)
        if self._lines_agree:
            first = stated.first[facts]
            return (Repetition.AGAIN, first) if first < record else None
        if len(stated.wholes) > 1:
            return Repetition.UNCLEAR, next(at for said, at in stated.wholes.items() if said != whole)
        first = stated.wholes[whole]
        return (Repetition.AGAIN, first) if first < record else None

    def _all(self) -> dict[int, _Stated]:
        if self._stated is None:
            self._stated = self._repeated()
            agreeing = [one for one in self._stated.values() if len(one.first) == 1 and len(one.wholes) > 1]
            disagree = any(len(one.first) > 1 for one in self._stated.values())
            self._lines_agree = self._lines_agree or (len(agreeing) >= _PROOF and not disagree)
        return self._stated

    def _repeated(self) -> dict[int, _Stated]:
        ordered = sorted(self._keys)
        twice = {key for key, following in pairwise(ordered) if key == following}
        found: dict[int, _Stated] = {}
        if twice:
            for key, facts, whole, record in zip(
                self._keys, self._facts, self._wholes, self._records, strict=True
            ):
                if key in twice:
                    stated = found.setdefault(key, _Stated())
                    stated.facts[record] = facts
                    stated.whole[record] = whole
                    stated.first.setdefault(facts, record)
                    stated.wholes.setdefault(whole, record)
        self._keys, self._facts, self._wholes, self._records = (array("q") for _ in range(4))
        return found
