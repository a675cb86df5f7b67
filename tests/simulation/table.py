"""A DynamoDB table in memory that answers botocore's requests: conditions, transactions, the lagging index."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from tests.simulation.expressions import Item, holds, revision, updated

Key = tuple[str, str]
# What one write leaves: the key, the item before and the item after, each None for none.
Watcher = Callable[[Key, Item | None, Item | None], None]
NO_LAG = timedelta()
_CONDITION = "ConditionalCheckFailedException"


def client_error(
    code: str, operation: str, status: int = 400, message: str = "", *, more: Mapping[str, Any] | None = None
) -> ClientError:
    """An error as botocore raises it."""
    response: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response | dict(more or {}), operation)


class SimulatedTable:
    """Strongly consistent, but for its index, which learns of each write after `lag()`.

    `watch` sees every write. Items are never changed in place: readers may keep them.
    """

    def __init__(self, now: Callable[[], datetime], lag: Callable[[], timedelta]) -> None:
        self._now = now
        self._lag = lag
        self.items: dict[str, dict[str, Item]] = {}
        self.watchers: list[Watcher] = []
        self._indexed: dict[str, dict[Key, str]] = {}
        self._unindexed: list[tuple[datetime, Key]] = []
        self._index_of: dict[Key, str] = {}

    def item(self, key: Key) -> Item | None:
        return self.items.get(key[0], {}).get(key[1])

    def copy_from(self, other: SimulatedTable) -> None:
        """Hold what another table holds now."""
        self.items = {pk: dict(found) for pk, found in other.items.items()}
        for pk, found in self.items.items():
            for sk in found:
                self._index((pk, sk))

    def get_item(self, **request: Any) -> Any:
        found = self.item(_key(request["Key"]))
        return {} if found is None else {"Item": found}

    def batch_get_item(self, **request: Any) -> Any:
        ((name, wanted),) = request["RequestItems"].items()
        keys = [_key(key) for key in wanted["Keys"]]
        if len(set(keys)) != len(keys) or not 0 < len(keys) <= 100:
            raise client_error("ValidationException", "BatchGetItem")
        names = wanted.get("ExpressionAttributeNames", {})
        only = [names.get(name, name) for name in wanted.get("ProjectionExpression", "").split(",") if name]
        whole = [item for key in keys if (item := self.item(key)) is not None]
        found = [{n: item[n] for n in only if n in item} if only else item for item in whole]
        return {"Responses": {name: found}, "UnprocessedKeys": {}}

    def query(self, **request: Any) -> Any:
        condition, values = request["KeyConditionExpression"], request["ExpressionAttributeValues"]
        names = request.get("ExpressionAttributeNames", {})
        found = self._in_index(values) if "IndexName" in request else self._in_partition(values)
        after = request.get("ExclusiveStartKey")
        rows = [item for _, item in found if holds(condition, item, values, names)]
        if after is not None:
            rows = rows[rows.index(next(row for row in rows if _same_key(row, after))) + 1 :]
        if not request.get("ScanIndexForward", True):
            rows.reverse()
        limit = request.get("Limit", len(rows))
        more = {"LastEvaluatedKey": rows[limit - 1]} if limit < len(rows) else {}
        return {"Items": rows[:limit], "Count": len(rows[:limit]), **more}

    def _in_partition(self, values: Mapping[str, Any]) -> list[tuple[str, Item]]:
        """The rows of the partitions that the request could mean: one of its values is the partition key."""
        partitions = [value["S"] for value in values.values() if "S" in value and value["S"] in self.items]
        return sorted(pair for pk in partitions for pair in self.items[pk].items())

    def _in_index(self, values: Mapping[str, Any]) -> list[tuple[str, Item]]:
        self._catch_up()
        partitions = [value["S"] for value in values.values() if "S" in value and value["S"] in self._indexed]
        rows = sorted((sk, key, pk) for pk in partitions for key, sk in self._indexed[pk].items())
        return [
            (sk, {"pk": {"S": key[0]}, "sk": {"S": key[1]}, "index_pk": {"S": pk}, "index_sk": {"S": sk}})
            for sk, key, pk in rows
        ]

    def put_item(self, **request: Any) -> Any:
        item = request["Item"]
        self._check(request, _key(item), "PutItem")
        self._write(_key(item), item)
        return {}

    def update_item(self, **request: Any) -> Any:
        key = _key(request["Key"])
        self._check(request, key, "UpdateItem")
        return {"Attributes": self._write(key, self._updated(key, request))}

    def delete_item(self, **request: Any) -> Any:
        key = _key(request["Key"])
        self._check(request, key, "DeleteItem")
        self._write(key, None)
        return {}

    def batch_write_item(self, **request: Any) -> Any:
        ((_, writes),) = request["RequestItems"].items()
        keys = [
            _key(w["PutRequest"]["Item"] if "PutRequest" in w else w["DeleteRequest"]["Key"]) for w in writes
        ]
        if len(set(keys)) != len(keys) or not 0 < len(keys) <= 25:
            raise client_error("ValidationException", "BatchWriteItem")
        for key, write in zip(keys, writes, strict=True):
            self._write(key, write["PutRequest"]["Item"] if "PutRequest" in write else None)
        return {"UnprocessedItems": {}}

    def batch_execute_statement(self, **request: Any) -> Any:
        return {
            "Responses": [
                self._executed(one["Statement"], one["Parameters"]) for one in request["Statements"]
            ]
        }

    def _executed(self, statement: str, parameters: list[Any]) -> dict[str, Any]:
        change = revision(statement, parameters)
        key = _key(change["Key"])
        if self.item(key) is None or not self._holds(change, key):
            return {"Error": {"Code": "ConditionalCheckFailed", "Message": ""}}
        self._write(key, self._updated(key, change))
        return {}

    def transact_write_items(self, **request: Any) -> Any:
        actions = [(kind, action) for part in request["TransactItems"] for kind, action in part.items()]
        keys = [_key(action["Item"] if kind == "Put" else action["Key"]) for kind, action in actions]
        if len(set(keys)) != len(keys) or not 0 < len(keys) <= 100:
            raise client_error("ValidationException", "TransactWriteItems")
        held = [self._holds(action, key) for (_, action), key in zip(actions, keys, strict=True)]
        if not all(held):
            reasons = [{"Code": "None" if fine else "ConditionalCheckFailed"} for fine in held]
            raise client_error(
                "TransactionCanceledException", "TransactWriteItems", more={"CancellationReasons": reasons}
            )
        for (kind, action), key in zip(actions, keys, strict=True):
            match kind:
                case "Put":
                    self._write(key, action["Item"])
                case "Update":
                    self._write(key, self._updated(key, action))
                case "Delete":
                    self._write(key, None)
        return {}

    def _updated(self, key: Key, request: Mapping[str, Any]) -> Item:
        known = self.item(key) or {"pk": {"S": key[0]}, "sk": {"S": key[1]}}
        values = request.get("ExpressionAttributeValues", {})
        return updated(
            request["UpdateExpression"], known, values, request.get("ExpressionAttributeNames", {})
        )

    def _holds(self, request: Mapping[str, Any], key: Key) -> bool:
        condition = request.get("ConditionExpression", "")
        values, names = (
            request.get("ExpressionAttributeValues", {}),
            request.get("ExpressionAttributeNames", {}),
        )
        return not condition or holds(condition, self.item(key) or {}, values, names)

    def _check(self, request: Mapping[str, Any], key: Key, operation: str) -> None:
        if not self._holds(request, key):
            wanted = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
            found = self.item(key)
            raise client_error(_CONDITION, operation, more={"Item": found} if wanted and found else None)

    def _write(self, key: Key, item: Item | None) -> Item | None:
        before = self.item(key)
        for watcher in self.watchers:
            watcher(key, before, item)
        partition = self.items.setdefault(key[0], {})
        if item is None:
            partition.pop(key[1], None)
        else:
            partition[key[1]] = item
        lag = self._lag()
        if lag:
            self._unindexed.append((self._now() + lag, key))
        else:
            self._index(key)
        return item

    def _catch_up(self) -> None:
        waiting = self._unindexed
        self._unindexed = [(at, key) for at, key in waiting if at > self._now()]
        for at, key in waiting:
            if at <= self._now():
                self._index(key)

    def _index(self, key: Key) -> None:
        item = self.item(key) or {}
        old, new = self._index_of.pop(key, None), item.get("index_pk", {}).get("S")
        if old is not None:
            del self._indexed[old][key]
        if new is not None and "index_sk" in item:
            self._indexed.setdefault(new, {})[key] = item["index_sk"]["S"]
            self._index_of[key] = new


def _key(item: Mapping[str, Any]) -> Key:
    return item["pk"]["S"], item["sk"]["S"]


def _same_key(row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return _key(row) == _key(other)
