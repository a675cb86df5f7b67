"""What an import leaves behind for its undoing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

_Facts = TypeVar("_Facts")


@dataclass(frozen=True, slots=True)
class Imported(Generic[_Facts]):
    """Which import changed something last, and what it was `before`; None if the import brought it.

    `over` is the import whose change this one replaced, empty for none. `money_since` says that money came in or went
    back afterwards.
    """

    id: str
    before: _Facts | None = None
    over: str = ""
    money_since: bool = False


def changed_by(
    change: Imported[_Facts] | None, facts: Any, last: Imported[_Facts] | None
) -> Imported[_Facts] | None:
    """What to remember when an import changes facts that an import (`last`) may have changed before.

    One import may change something more than once: what it was before all that is remembered.
    """
    if change is None:
        return None
    if last is not None and last.id == change.id:
        return last
    return replace(change, before=replace(facts, imported=None), over=last.id if last else "")
