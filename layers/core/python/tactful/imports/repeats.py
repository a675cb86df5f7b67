"""Invoices that a file states more than once: in the same words, or in others."""

from __future__ import annotations

from array import array
from collections.abc import Hashable
from itertools import pairwise


class Repeats:
    """Remembers a few numbers for each invoice of a file, so that a million of them cost 24 MB.

    Fill it in the order of the records, then ask. Two invoices are the same if their keys are, and say the same if
    their facts are; both are compared by their 64-bit hashes.
    """

    def __init__(self) -> None:
        self._keys = array("q")
        self._facts = array("q")
        self._records = array("q")
        self._stated: dict[int, list[tuple[int, int]]] | None = None

    def note(self, key: Hashable, facts: Hashable, record: int) -> None:
        """An invoice is stated in a record."""
        self._keys.append(hash(key))
        self._facts.append(hash(facts))
        self._records.append(record)

    @property
    def any(self) -> bool:
        """Whether any invoice is stated more than once."""
        return bool(self._all())

    def same_before(self, key: Hashable, record: int) -> int:
        """The first record that says the same of the invoice as this one; 0 if this is the first."""
        stated = self._of(key)
        facts = next((facts for at, facts in stated if at == record), None)
        return next((at for at, said in stated if said == facts and at < record), 0)

    def contradicting(self, key: Hashable, record: int) -> int:
        """A record that says something else of the same invoice; 0 if none does."""
        stated = self._of(key)
        facts = next((facts for at, facts in stated if at == record), None)
        return next((at for at, said in stated if said != facts), 0) if facts is not None else 0

    def _of(self, key: Hashable) -> list[tuple[int, int]]:
        return self._all().get(hash(key), [])

    def _all(self) -> dict[int, list[tuple[int, int]]]:
        if self._stated is None:
            self._stated = self._repeated()
        return self._stated

    def _repeated(self) -> dict[int, list[tuple[int, int]]]:
        ordered = sorted(self._keys)
        twice = {key for key, following in pairwise(ordered) if key == following}
        found: dict[int, list[tuple[int, int]]] = {}
        if twice:
            for key, facts, record in zip(self._keys, self._facts, self._records, strict=True):
                if key in twice:
                    found.setdefault(key, []).append((record, facts))
        self._keys, self._facts, self._records = array("q"), array("q"), array("q")
        return found
