"""What a request is about, in few words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def about(request: Any) -> str:
    """The keys that a request names, with the status and version it writes."""
    return " ".join(_words(request))[:160]


def _words(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "pk" in part and isinstance(part["pk"], dict):
            yield "/".join(_short(part[name]) for name in ("pk", "sk") if name in part)
            yield from (
                f"{name}={_short(part[name])}"
                for name in ("status", "version", "next_action_at")
                if name in part
            )
        else:
            for name, value in part.items():
                yield from _words(value)
                if name in (":pk", ":shard", ":bound", ":status", ":version"):
                    yield _short(value)
    elif isinstance(part, list):
        for value in part:
            yield from _words(value)


def _short(value: Any) -> str:
    text = str(next(iter(value.values()))) if isinstance(value, dict) else str(value)
    kind, _, rest = text.partition("#")
    return f"{kind}#{rest[:6]}..{rest[-6:]}" if len(rest) > 14 else text
