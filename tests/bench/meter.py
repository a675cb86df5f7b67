"""A DynamoDB client that counts the request units which AWS charges for what goes through it.

It counts by the sizes of items, because local engines report transactions as too cheap (Amazon DynamoDB Developer
Guide, "DynamoDB read and write operations" and "DynamoDB item sizes and formats"): a write unit for each KB of an item,
twice that in a transaction, one for each entry of the index that is made and one for each that is taken out; a read
unit for each 4 KB, half of that on the index.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

_WRITE_UNIT = 1024
_READ_UNIT = 4096
_INDEX = ("index_pk", "index_sk")

Packed = Mapping[str, Mapping[str, Any]]


@dataclass(slots=True)
class Units:
    """Request units so far. `index` is that part of `writes` which keeps the index."""

    reads: float = 0
    writes: int = 0
    index: int = 0
    requests: int = 0

    def __sub__(self, other: Units) -> Units:
        return Units(
            self.reads - other.reads,
            self.writes - other.writes,
            self.index - other.index,
            self.requests - other.requests,
        )


class Meter:
    """Hands everything on to a client. Knows of items what was written through it."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._items: dict[tuple[str, str], tuple[int, tuple[str, ...]]] = {}
        self.units = Units()

    def used(self) -> Units:
        """The units so far, as they stay."""
        return self.units - Units()

    def get_item(self, **request: object) -> Any:
        answer = self._sent("get_item", request)
        self.units.reads += _reads(_size(answer.get("Item", {})))
        return answer

    def batch_get_item(self, **request: Any) -> Any:
        answer = self._sent("batch_get_item", request)
        ((table, asked),) = request["RequestItems"].items()
        found = answer["Responses"].get(table, [])
        self.units.reads += sum(_reads(_size(item)) for item in found) + len(asked["Keys"]) - len(found)
        return answer

    def batch_write_item(self, **request: Any) -> Any:
        answer = self._sent("batch_write_item", request)
        for write in next(iter(request["RequestItems"].values())):
            self._put(write["PutRequest"]["Item"])
        return answer

    def query(self, **request: object) -> Any:
        answer = self._sent("query", request)
        found = sum(map(_size, answer["Items"]))
        self.units.reads += _reads(found) / (2 if "IndexName" in request else 1)
        return answer

    def scan(self, **request: object) -> Any:
        answer = self._sent("scan", request)
        self.units.reads += _reads(sum(map(_size, answer["Items"]))) / 2
        return answer

    def put_item(self, **request: Any) -> Any:
        answer = self._sent("put_item", request)
        self._put(request["Item"])
        return answer

    def update_item(self, **request: Any) -> Any:
        answer = self._sent("update_item", request)
        self._put(answer["Attributes"])
        return answer

    def batch_execute_statement(self, **request: Any) -> Any:
        """Each statement ends with the two parts of its key and a version; a refused one is charged as well."""
        answer = self._sent("batch_execute_statement", request)
        for statement in request["Statements"]:
            pk, sk, _ = statement["Parameters"][-3:]
            self._put(
                self._client.get_item(TableName=self._table(statement), Key={"pk": pk, "sk": sk})["Item"]
            )
        return answer

    def transact_write_items(self, **request: Any) -> Any:
        answer = self._sent("transact_write_items", request)
        for action in request["TransactItems"]:
            ((kind, parameters),) = action.items()
            if kind == "Put":
                self._put(parameters["Item"], times=2)
            else:
                self.units.writes += 2 * _writes(self._known(parameters["Key"])[0])
        return answer

    def _sent(self, operation: str, request: Mapping[str, object]) -> Any:
        self.units.requests += 1
        return getattr(self._client, operation)(**request)

    @staticmethod
    def _table(statement: Mapping[str, Any]) -> str:
        return str(statement["Statement"]).split('"')[1]

    def _known(self, key: Packed) -> tuple[int, tuple[str, ...]]:
        return self._items.get((key["pk"]["S"], key["sk"]["S"]), (0, ()))

    def _put(self, item: Packed, times: int = 1) -> None:
        before, was = self._known(item)
        size, entry = _size(item), tuple(item[name]["S"] for name in _INDEX if name in item)
        index = (bool(was) + bool(entry)) if was != entry else 0
        self._items[item["pk"]["S"], item["sk"]["S"]] = size, entry
        self.units.index += index
        self.units.writes += times * _writes(max(size, before)) + index


def _writes(size: int) -> int:
    return max(1, ceil(size / _WRITE_UNIT))


def _reads(size: int) -> int:
    return max(1, ceil(size / _READ_UNIT))


def _size(item: Packed) -> int:
    return sum(len(name.encode()) + _size_of(value) for name, value in item.items())


def _size_of(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return 1 + (len(Decimal(content).as_tuple().digits) + 1) // 2
        case "M":
            return 3 + len(content) + _size(content)
        case "L":
            return 3 + len(content) + sum(map(_size_of, content))
        case "SS":
            return sum(len(text.encode()) for text in content)
        case _:
            return 1
