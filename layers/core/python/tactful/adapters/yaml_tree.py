"""Reading YAML so that every value keeps its line, and nothing is silently lost or taken for something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

# libyaml takes a tenth of the time of the parser in Python, and most builds of PyYAML have it.
_FASTEST: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_BOOLEANS = ("true", "True", "TRUE", "false", "False", "FALSE")

# What anybody writes by hand is far below both.
_MOST_LEVELS = 40
_MOST_REPEATED = 10_000
# With fewer marks that can open a level, no nesting is too deep for the stack.
_SURELY_SHALLOW = 2_000

Place = tuple[int | str, ...]
"""Where a value is: keys of mappings and indexes of lists, from the outermost to the innermost."""


_TOO_DEEP = f"nested more than {_MOST_LEVELS} levels deep: write it flatter, as in the standard policy"


class YamlError(ValueError):
    """The text is no YAML. The message says what and where."""


class UnfitYamlError(YamlError):
    """The text is YAML, but no sane file is built so. `line` is 0 if it is about no single one."""

    def __init__(self, line: int, said: str) -> None:
        self.line, self.said = line, said
        super().__init__(f"line {line}: {said}" if line else said)


@dataclass(frozen=True, slots=True)
class YamlFault:
    """Something that is YAML but cannot be meant: its line, its place, and what to do about it."""

    line: int
    place: Place
    said: str


class YamlTree:
    """A YAML text as plain values. Keys are the text as written: 0042 and NO stay what they are.

    Raises YamlError, and UnfitYamlError for what is nested too deep or repeats itself without end. What is named
    twice or has no value is left out of `values` and told in `faults`.
    """

    def __init__(self, text: str) -> None:
        _bound_levels(text)
        loader = _FASTEST(text)
        self.faults: list[YamlFault] = []
        self._met: set[int] = set()
        self._around: list[yaml.Node] = []
        self._repeated = 0
        try:
            self._root = loader.get_single_node()
            self.values = self._value(loader, self._root, ()) if self._root is not None else None
        except yaml.YAMLError as error:
            raise _no_yaml(error) from error
        except RecursionError as error:
            raise UnfitYamlError(0, _TOO_DEEP) from error
        finally:
            loader.dispose()

    def line(self, place: Sequence[int | str]) -> int:
        """The line of the deepest part of a place that the text has; 0 if it has none of it."""
        line = 0
        for line, _ in self._along(place):  # noqa: B007
            pass
        return line

    def named(self, place: Sequence[int | str]) -> str:
        """A place in words: an item of a list that has a name is called by it, others are counted from 1."""
        words = [str(part + 1) if isinstance(part, int) else part for part in place]
        for index, (_, node) in enumerate(self._along(place)):
            if isinstance(place[index], int) and isinstance(node, yaml.MappingNode):
                name = [value.value for key, value in node.value if key.value == "name"]
                if name and isinstance(name[0], str) and name[0]:
                    words[index] = name[0]
        return ".".join(words)

    def _along(self, place: Sequence[int | str]) -> Iterator[tuple[int, yaml.Node]]:
        """The line and the value of each part of a place, as far as the text has it."""
        node = self._root
        for part in place:
            if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                yield _line_of(node), node
            elif isinstance(node, yaml.MappingNode):
                found = [pair for pair in node.value if pair[0].value == part]
                if not found:
                    return
                key, node = found[0]
                yield _line_of(key), node
            else:
                return

    def _value(self, loader: yaml.SafeLoader, node: yaml.Node, place: Place) -> Any:
        self._bound(node)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(loader, node, place)
        self._around.append(node)
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self._value(loader, item, (*place, index)) for index, item in enumerate(node.value)]
            if isinstance(node, yaml.MappingNode):
                return self._mapping(loader, node, place)
        finally:
            self._around.pop()
        raise YamlError(f"line {_line_of(node)}: a policy has no such thing as {node.tag}")

    def _bound(self, node: yaml.Node) -> None:
        """A few aliases of aliases stand for more values than memory holds: refuse them while they are few."""
        if any(node is holder for holder in self._around):
            raise UnfitYamlError(
                _line_of(self._around[-1]),
                "it contains itself: write out what is meant instead of the alias",
            )
        if len(self._around) >= _MOST_LEVELS:
            raise UnfitYamlError(_line_of(node), _TOO_DEEP)
        self._repeated += id(node) in self._met
        self._met.add(id(node))
        if self._repeated > _MOST_REPEATED:
            said = f"what it repeats with aliases (*) comes to more than {_MOST_REPEATED:,} values"
            raise UnfitYamlError(_line_of(node), f"{said}: write out what is meant")

    def _mapping(self, loader: yaml.SafeLoader, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise YamlError(f"line {_line_of(key)}: a field needs a plain name")
            inside = (*place, key.value)
            if key.value in values:
                self._fault(key, inside, "named twice; keep one")
            elif isinstance(value, yaml.ScalarNode) and value.tag == "tag:yaml.org,2002:null":
                self._fault(key, inside, "has no value; give it one, or remove the line")
            else:
                values[key.value] = self._value(loader, value, inside)
        return values

    def _scalar(self, loader: yaml.SafeLoader, node: yaml.ScalarNode, place: Place) -> Any:
        if node.tag == "tag:yaml.org,2002:bool" and node.value not in _BOOLEANS:
            return node.value  # YAML 1.1 takes NO, the country, and on and off for booleans
        if node.tag == "tag:yaml.org,2002:int" and (":" in node.value or node.value[:1] == "0" != node.value):
            return node.value  # YAML 1.1 takes 17:30 for 1050 and 010 for 8
        try:
            return loader.construct_object(node)
        except ValueError as error:
            # A date that does not exist (2026-02-30).
            self._fault(node, place, f"{node.value}: {error}; write a date such as 2026-12-24")
            return node.value

    def _fault(self, node: yaml.Node, place: Place, said: str) -> None:
        self.faults.append(YamlFault(_line_of(node), place, said))


def _bound_levels(text: str) -> None:
    """Refuse what is nested so deep that libyaml would overrun its stack: it counts no levels when it builds nodes."""
    if sum(map(text.count, "[{-:?")) < _SURELY_SHALLOW:
        return
    levels = 0
    try:
        for event in yaml.parse(text, Loader=_FASTEST):
            levels += isinstance(event, yaml.CollectionStartEvent) - isinstance(
                event, yaml.CollectionEndEvent
            )
            if levels > _MOST_LEVELS:
                mark = event.start_mark
                raise UnfitYamlError(mark.line + 1 if mark else 0, _TOO_DEEP)
    except yaml.YAMLError as error:
        raise _no_yaml(error) from error


def _no_yaml(error: yaml.YAMLError) -> YamlError:
    said = str(error).replace('in "<unicode string>", ', "at ")
    return YamlError(" ".join(said.split()))


def _line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
