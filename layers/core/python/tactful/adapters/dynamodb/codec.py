"""Parts of the book as plain values that a table takes, there and back.

Amounts are integer minor units, civil dates ISO dates, instants ISO in UTC with microseconds, so that they sort. What
is None is left out, and what is lacking takes the default of its type: parts may gain fields without old items being
rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

Item = dict[str, Any]
_Part = TypeVar("_Part")


def instant(at: datetime) -> str:
    """An aware instant as text that sorts. Raises ValueError for one without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def fields_of(part: object) -> Item:
    """The fields of a part by name."""
    plain: Item = _plain(part)
    if "imported" in plain:
        plain["imported"] = _shortened(plain["imported"], plain)
    return plain


def part_from(kind: type[_Part], item: Mapping[str, Any]) -> _Part:
    """A part of a kind from its fields; whatever else there is by name is ignored."""
    part: _Part = _reader(kind).validate_python(_spelled_out(item))
    return part


_reader: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)


def _shortened(imported: Item, now: Item) -> Item:
    """What an import changed, as the fields that were different before: so the item stays below one write unit."""
    short = {name: value for name, value in imported.items() if value and name != "before"}
    if "before" not in imported:
        return short
    before = imported["before"]
    names = sorted((before.keys() | now.keys()) - {"imported"})
    return {
        **short,
        "before": {name: before.get(name) for name in names if before.get(name) != now.get(name)},
    }


def _spelled_out(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """An item with all that was before an import's change, as it was before _shortened."""
    imported = item.get("imported", {})
    if "before" not in imported:
        return item
    before = {name: value for name, value in {**item, **imported["before"]}.items() if value is not None}
    before.pop("imported")
    return {**item, "imported": {**imported, "before": before}}


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if is_dataclass(kind):
        named = ((name, getattr(value, name)) for name in _names(kind))
        return {name: _plain(field) for name, field in named if field is not None}
    if kind is tuple:
        return [_plain(element) for element in value]
    if kind is datetime:
        return instant(value)
    if kind is date:
        return value.isoformat()
    return str(value)


# All others are words of a closed vocabulary.
_AS_THEY_ARE = frozenset({str, int, bool})


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
