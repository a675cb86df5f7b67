"""DynamoDB's condition and update expressions, on items as they travel: `{"S": ...}`, `{"N": ...}` and so on.

Grammar: Amazon DynamoDB developer guide, "Condition and filter expressions" and "Update expressions".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

Item = dict[str, Any]
_Scope = tuple[Item, Mapping[str, Any], Mapping[str, str]]
_Test = Callable[[_Scope], bool]
_Operand = Callable[[_Scope], Any]

_TOKEN = re.compile(r"\s*(<>|<=|>=|[=<>(),+\-]|[:#]?[A-Za-z_][A-Za-z0-9_.#]*)")
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "<>": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}
# Grammar: Amazon DynamoDB developer guide, "PartiQL update statements for DynamoDB".
_STATEMENT = re.compile(
    r'UPDATE "[^"]+"((?: SET [".\w]+=\?| REMOVE [".\w]+)+) WHERE ((?:"\w+"=\?(?: AND )?)+)'
)
_CLAUSES = ("SET", "REMOVE", "ADD", "DELETE")
_SETS = ("SS", "NS", "BS")


@dataclass(slots=True)
class _Tokens:
    left: list[str]

    def peek(self) -> str:
        return self.left[0] if self.left else ""

    def take(self, expected: str = "") -> str:
        token = self.left.pop(0) if self.left else ""
        if not token or (expected and token.upper() != expected):
            raise ValueError(f"expected {expected or 'more'}, found {token!r}")
        return token

    def skip(self, word: str) -> bool:
        if self.peek().upper() != word:
            return False
        self.left.pop(0)
        return True


def _tokens(expression: str) -> _Tokens:
    found, place = [], 0
    while place < len(expression.rstrip()):
        match = _TOKEN.match(expression, place)
        if match is None:
            raise ValueError(f"cannot read {expression[place:]!r}")
        found.append(match[1])
        place = match.end()
    return _Tokens(found)


def holds(expression: str, item: Item, values: Mapping[str, Any], names: Mapping[str, str]) -> bool:
    """Whether a condition holds for an item; an item that is not there is an empty one."""
    return _condition(expression)((item, values, names))


def updated(expression: str, item: Item, values: Mapping[str, Any], names: Mapping[str, str]) -> Item:
    """A new item, as an update expression makes it of an item."""
    scope: _Scope = (item, values, names)
    after = dict(item)
    for change in _update(expression):
        change(scope, after)
    return after


def revision(statement: str, parameters: list[Any]) -> dict[str, Any]:
    """A PartiQL statement that changes one item under a condition, as the UpdateItem that means the same."""
    match = _STATEMENT.fullmatch(statement)
    if match is None:
        raise ValueError(f"{statement} cannot be read")
    clauses = [
        (action, re.findall(r'"(\w+)"', path))
        for action, path in re.findall(r' (SET|REMOVE) ([".\w]+)', match[1])
    ]
    tests = re.findall(r'"(\w+)"=\?', match[2])
    names = {f"#{name}": name for name in {*tests, *(name for _, path in clauses for name in path)}}
    sets = [path for action, path in clauses if action == "SET"]
    values = {f":v{place}": value for place, value in enumerate(parameters)}
    assigned = ", ".join(f"{_named(path)} = :v{place}" for place, path in enumerate(sets))
    removed = ", ".join(_named(path) for action, path in clauses if action == "REMOVE")
    where = {name: parameters[len(sets) + place] for place, name in enumerate(tests)}
    held = [
        f"#{name} = :v{len(sets) + place}" for place, name in enumerate(tests) if name not in ("pk", "sk")
    ]
    return {
        "Key": {name: where[name] for name in ("pk", "sk")},
        "UpdateExpression": f"SET {assigned}" + (f" REMOVE {removed}" if removed else ""),
        "ConditionExpression": " AND ".join(held),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }


def _named(path: list[str]) -> str:
    return ".".join(f"#{name}" for name in path)


@cache
def _condition(expression: str) -> _Test:
    tokens = _tokens(expression)
    test = _either(tokens)
    if tokens.left:
        raise ValueError(f"{expression!r} goes on with {tokens.left}")
    return test


def _either(tokens: _Tokens) -> _Test:
    tests = [_all(tokens)]
    while tokens.skip("OR"):
        tests.append(_all(tokens))
    return lambda scope: any(test(scope) for test in tests)


def _all(tokens: _Tokens) -> _Test:
    tests = [_one(tokens)]
    while tokens.skip("AND"):
        tests.append(_one(tokens))
    return lambda scope: all(test(scope) for test in tests)


def _one(tokens: _Tokens) -> _Test:
    if tokens.skip("NOT"):
        test = _one(tokens)
        return lambda scope: not test(scope)
    if tokens.skip("("):
        inner = _either(tokens)
        tokens.take(")")
        return inner
    if tokens.peek() in _FUNCTIONS:
        return _FUNCTIONS[tokens.take()](*_arguments(tokens))
    return _comparison(tokens)


def _comparison(tokens: _Tokens) -> _Test:
    left = _operand(tokens)
    if tokens.skip("BETWEEN"):
        low = _operand(tokens)
        tokens.take("AND")
        high = _operand(tokens)
        return lambda scope: _is(">=", left(scope), low(scope)) and _is("<=", left(scope), high(scope))
    if tokens.skip("IN"):
        choices = _arguments(tokens)
        return lambda scope: any(_is("=", left(scope), choice(scope)) for choice in choices)
    sign = tokens.take()
    right = _operand(tokens)
    return lambda scope: _is(sign, left(scope), right(scope))


def _is(sign: str, left: Any, right: Any) -> bool:
    """Values of different types are only ever unequal, and an attribute that is not there compares with nothing."""
    if left is None or right is None:
        return sign == "<>" and left is not right
    ((kind, a),), ((other, b),) = left.items(), right.items()
    if kind != other:
        return sign == "<>"
    if kind == "N":
        a, b = Decimal(a), Decimal(b)
    elif kind in _SETS:
        a, b = set(a), set(b)
    return _COMPARISONS[sign](a, b)


def _arguments(tokens: _Tokens) -> list[_Operand]:
    tokens.take("(")
    found = [_operand(tokens)]
    while tokens.skip(","):
        found.append(_operand(tokens))
    tokens.take(")")
    return found


def _operand(tokens: _Tokens) -> _Operand:
    word = tokens.take()
    if word.startswith(":"):
        return lambda scope: scope[1][word]
    if word == "size":
        (of,) = _arguments(tokens)
        return lambda scope: {"N": str(len(next(iter(of(scope).values()))))}
    if word == "if_not_exists":
        known, otherwise = _arguments(tokens)
        return lambda scope: otherwise(scope) if known(scope) is None else known(scope)
    if word == "list_append":
        first, second = _arguments(tokens)
        return lambda scope: {"L": [*first(scope)["L"], *second(scope)["L"]]}
    return lambda scope: _value_at(scope[0], _path(word, scope[2]))


def _path(word: str, names: Mapping[str, str]) -> list[str]:
    return [names[part] if part.startswith("#") else part for part in word.split(".")]


def _value_at(item: Item, path: list[str]) -> Any:
    value: Any = item.get(path[0])
    for part in path[1:]:
        value = (value or {}).get("M", {}).get(part)
    return value


def _begins(value: _Operand, start: _Operand) -> _Test:
    def test(scope: _Scope) -> bool:
        found = value(scope)
        return found is not None and str(found.get("S", "")).startswith(start(scope)["S"])

    return test


def _contains(value: _Operand, part: _Operand) -> _Test:
    def test(scope: _Scope) -> bool:
        found = value(scope)
        if found is None:
            return False
        ((kind, held),) = found.items()
        wanted = part(scope)
        return wanted in held if kind == "L" else next(iter(wanted.values())) in held

    return test


_FUNCTIONS: Mapping[str, Callable[..., _Test]] = {
    "attribute_exists": lambda path: lambda scope: path(scope) is not None,
    "attribute_not_exists": lambda path: lambda scope: path(scope) is None,
    "begins_with": _begins,
    "contains": _contains,
}
_Change = Callable[[_Scope, Item], None]


@cache
def _update(expression: str) -> tuple[_Change, ...]:
    tokens = _tokens(expression)
    return tuple(_changes(tokens))


def _changes(tokens: _Tokens) -> Iterator[_Change]:
    while tokens.left:
        clause = tokens.take().upper()
        if clause not in _CLAUSES:
            raise ValueError(f"{clause} is no clause of an update")
        while True:
            yield _change(clause, tokens)
            if not tokens.skip(","):
                break


def _change(clause: str, tokens: _Tokens) -> _Change:
    target = tokens.take()
    if clause == "REMOVE":
        return lambda scope, after: _put(after, _path(target, scope[2]), None)
    if clause == "SET":
        tokens.take("=")
        value = _sum(tokens)
    else:
        value = _operand(tokens)
    if clause == "ADD":
        return lambda scope, after: _put(after, _path(target, scope[2]), _added(scope, target, value(scope)))
    if clause == "DELETE":
        return lambda scope, after: _put(after, _path(target, scope[2]), _less(scope, target, value(scope)))
    return lambda scope, after: _put(after, _path(target, scope[2]), value(scope))


def _sum(tokens: _Tokens) -> _Operand:
    first = _operand(tokens)
    if tokens.peek() not in ("+", "-"):
        return first
    sign, second = (1 if tokens.take() == "+" else -1), _operand(tokens)
    return lambda scope: {"N": str(Decimal(first(scope)["N"]) + sign * Decimal(second(scope)["N"]))}


def _added(scope: _Scope, target: str, value: Any) -> Any:
    known = _value_at(scope[0], _path(target, scope[2]))
    if known is None:
        return value
    ((kind, more),) = value.items()
    if kind == "N":
        return {"N": str(Decimal(known["N"]) + Decimal(more))}
    return {kind: sorted({*known[kind], *more})}


def _less(scope: _Scope, target: str, value: Any) -> Any:
    known = _value_at(scope[0], _path(target, scope[2]))
    ((kind, gone),) = value.items()
    left = sorted({*(known or {}).get(kind, ())} - {*gone})
    return {kind: left} if left else None


def _put(after: Item, path: list[str], value: Any) -> None:
    """Put a value at a path of a new item, copying what is on the way: older items may share it."""
    place = after
    for part in path[:-1]:
        inner = dict(place[part]["M"])
        place[part] = {"M": inner}
        place = inner
    if value is None:
        place.pop(path[-1], None)
    else:
        place[path[-1]] = value
