"""Reading a dunning policy from its YAML file, and saying everything that is wrong with one."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tactful.domain.dunning.policy import Policy

# What to do about a fault whose own message does not say it, by pydantic's word for the fault.
_REMEDIES = {
    "missing": "add it",
    "extra_forbidden": "remove it, or correct its spelling",
    "string_pattern_mismatch": "use lower-case letters, digits and _, and begin with a letter",
    "string_type": "put it in quotes",
    "time_parsing": "write hours such as 09:00-17:30",
    "date_from_datetime_parsing": "write a date such as 2026-12-24",
    "model_type": "write it as `field: value`, line by line, as in the standard policy",
}


class PolicyError(ValueError):
    """The file is no usable policy. `faults` are one sentence each: line, place, what is wrong, what to do."""

    def __init__(self, path: Path, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join([f"{path} is not a usable policy:", *(f"- {fault}" for fault in faults)]))


def load_policy(path: Path) -> Policy:
    """The validated policy in a YAML file. Raises PolicyError, which lists every fault."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(path, [f"it cannot be read as UTF-8 text: {error}"]) from error
    try:
        root = yaml.compose(text, yaml.SafeLoader)
        values = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        # A date that does not exist (2026-02-30) comes as a plain ValueError.
        raise PolicyError(path, [f"it is not YAML: {error}"]) from error
    repeated = [f"line {_line_of(key)}: {key.value}: named twice; keep one" for key in _repeated(root)]
    if repeated:
        raise PolicyError(path, repeated)
    try:
        return Policy.model_validate(values)
    except ValidationError as error:
        raise PolicyError(path, [_fault(root, detail) for detail in _primary(error.errors())]) from error


def _primary(details: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out what only follows from another fault: a list counts as empty if none of its items is right."""
    return [
        detail
        for detail in details
        if detail["type"] != "too_short"
        or not any(
            other["loc"][: len(detail["loc"])] == detail["loc"] for other in details if other is not detail
        )
    ]


def _repeated(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """The keys that a mapping names a second time: YAML would silently take the last."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated(item)
    elif isinstance(node, yaml.MappingNode):
        seen: set[Hashable] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    yield key
                seen.add(key.value)
            yield from _repeated(value)


def _fault(root: yaml.Node | None, detail: ErrorDetails) -> str:
    line = _line(root, detail["loc"])
    place = ".".join(str(part) for part in detail["loc"])
    said = detail["msg"].removeprefix("Value error, ")
    remedy = _REMEDIES.get(detail["type"], "")
    where = [f"line {line}"] if line else []
    return "; ".join(filter(None, (": ".join(filter(None, (*where, place, said))), remedy)))


def _line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _line(node: yaml.Node | None, loc: Sequence[int | str]) -> int:
    """The line of the deepest part of a place that the file has; 0 if it has none of it."""
    line = 0
    for part in loc:
        found: yaml.Node | None = None
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = node.value[part]
            line = _line_of(node.value[part])
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == part:
                    found = value
                    line = _line_of(key)
        node = found
    return line
