"""Plain values with parts left out, whose other parts keep their places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Place = tuple[int | str, ...]

_DROPPED = object()


class Pruned:
    """Values read from a file, without the parts that were dropped."""

    def __init__(self, values: Any) -> None:
        self._root = _copy(values)

    def left(self) -> Any:
        """What is left, as plain values."""
        return _left(self._root)

    def original(self, place: Sequence[int | str]) -> Place:
        """Where a place in what is left was before anything was dropped."""
        node, found = self._root, []
        for part in place:
            known = part
            if isinstance(node, list) and isinstance(part, int):
                kept = [index for index, item in enumerate(node) if item is not _DROPPED]
                known = kept[part]
            found.append(known)
            node = _part(node, known)
        return tuple(found)

    def drop(self, place: Place) -> bool:
        """Leave out the deepest part of an original place that is still there; False if that is everything."""
        node, holders = self._root, []
        for part in place:
            inside = _part(node, part)
            if inside is _DROPPED:
                break
            holders.append((node, part))
            node = inside
        if holders:
            holder, part = holders[-1]
            holder[part] = _DROPPED
        return bool(holders)


def _part(node: Any, part: int | str) -> Any:
    if isinstance(node, dict):
        return node.get(part, _DROPPED)
    if isinstance(node, list) and isinstance(part, int):
        return node[part]
    return _DROPPED


def _copy(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _copy(value) for key, value in node.items()}
    return [_copy(item) for item in node] if isinstance(node, list) else node


def _left(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _left(value) for key, value in node.items() if value is not _DROPPED}
    return [_left(item) for item in node if item is not _DROPPED] if isinstance(node, list) else node
