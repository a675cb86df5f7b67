"""One DynamoDB table behind a botocore client: plain Python values in and out, its errors in the ports' words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from tactful.adapters.aws_errors import CANCELLATIONS, DYNAMODB, Meaning, classified
from tactful.application.ports import AlreadyRecordedError, ConflictError, StoreUnavailableError

Item = Mapping[str, Any]
Key = tuple[str, str]

# The most actions in one transaction, keys in one BatchGetItem, items in one BatchWriteItem, and
# statements in one BatchExecuteStatement.
TRANSACTION_LIMIT = 100
_BATCH_GET_LIMIT = 100
_BATCH_WRITE_LIMIT = 25
_STATEMENT_LIMIT = 25
# A busy table does a batch in part. One that stays busy is left alone: the event comes again.
_BATCH_ATTEMPTS = 5

NOT_THERE = "attribute_not_exists(pk)"
# A reminder's item says how far it got by its rank: these keep what is further.
FURTHER = "attribute_not_exists(pk) OR #rank < :rank"
NOT_FURTHER = "attribute_not_exists(pk) OR #rank <= :rank"
TASK_IS_OPEN = "attribute_exists(pk) AND attribute_not_exists(done_at)"


class DynamoDbClient(Protocol):
    """The part of boto3's `dynamodb` client that is used here."""

    def get_item(self, **request: object) -> Any: ...

    def batch_get_item(self, **request: object) -> Any: ...

    def batch_write_item(self, **request: object) -> Any: ...

    def batch_execute_statement(self, **request: object) -> Any: ...

    def query(self, **request: object) -> Any: ...

    def put_item(self, **request: object) -> Any: ...

    def update_item(self, **request: object) -> Any: ...

    def transact_write_items(self, **request: object) -> Any: ...


class IfRefused(StrEnum):
    """What it means that the condition of one write in a transaction does not hold."""

    CONFLICT = "conflict"
    RECORDED = "recorded"
    LEAVE_IT = "leave_it"


@dataclass(frozen=True, slots=True)
class Write:
    """One action of a transaction: put `item`; or update, delete or only check (by `action`) the item of its key.

    `condition` is a condition expression, its version the number that `:version` stands for, and `rank` what `:rank`
    does. An update has an expression with its values.
    """

    item: Item
    condition: str = ""
    version: int | None = None
    action: str = "Put"
    if_refused: IfRefused = IfRefused.CONFLICT
    expression: str = ""
    values: Item | None = None
    rank: int | None = None

    @property
    def key(self) -> Key:
        return self.item["pk"], self.item["sk"]


@dataclass(frozen=True, slots=True)
class Revision:
    """A change of an item that was read with `version`: values by path (names joined by dots), and paths that go."""

    key: Key
    version: int
    values: Item
    gone: tuple[str, ...] = ()


class Table:
    """A table with the string keys pk and sk. Its methods raise ConflictError and StoreUnavailableError."""

    def __init__(self, client: DynamoDbClient, name: str) -> None:
        self._client = client
        self.name = name

    def get(self, pk: str, sk: str) -> dict[str, Any] | None:
        """One item, strongly consistent."""
        with classified(DYNAMODB):
            answer = self._client.get_item(
                TableName=self.name, Key=_packed({"pk": pk, "sk": sk}), ConsistentRead=True
            )
        return _unpacked(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Iterable[Key], only: Sequence[str] = ()) -> dict[Key, dict[str, Any]]:
        """Those of the items that exist, strongly consistent; of each only some attributes, or all.

        What is left out costs as much to read, but nothing to carry and to unpack.
        """
        names = {f"#{number}": name for number, name in enumerate(only)}
        projection: dict[str, object] = (
            {"ProjectionExpression": ",".join(names), "ExpressionAttributeNames": names} if names else {}
        )
        wanted = [_packed({"pk": pk, "sk": sk}) for pk, sk in dict.fromkeys(keys)]
        found: dict[Key, dict[str, Any]] = {}
        for start in range(0, len(wanted), _BATCH_GET_LIMIT):
            pending = wanted[start : start + _BATCH_GET_LIMIT]
            for _ in range(_BATCH_ATTEMPTS):
                request = {self.name: {"Keys": pending, "ConsistentRead": True, **projection}}
                with classified(DYNAMODB):
                    answer = self._client.batch_get_item(RequestItems=request)
                items = (_unpacked(item) for item in answer["Responses"].get(self.name, ()))
                found.update({(item["pk"], item["sk"]): item for item in items})
                pending = answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
                if not pending:
                    break
            else:
                raise StoreUnavailableError(f"BatchGetItem: {len(pending)} items were not read")
        return found

    def query(
        self, condition: str, values: Item, *, index: str | None = None, at_once: int = 0
    ) -> Iterator[dict[str, Any]]:
        """The items for a key condition, in order of the sort key; of an index, which lags behind, only keys.

        They are read as they are asked for, `at_once` of them at a time: 0 is as many as the table gives.
        """
        request: dict[str, object] = {
            "TableName": self.name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": _packed(values),
            **({"IndexName": index} if index else {"ConsistentRead": True}),
            **({"Limit": at_once} if at_once else {}),
        }
        while True:
            with classified(DYNAMODB):
                answer = self._client.query(**request)
            yield from map(_unpacked, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def put(
        self, item: Item, condition: str = "", *, version: int | None = None, rank: int | None = None
    ) -> None:
        """Put one item. Raises ConflictError if the condition does not hold."""
        with classified(DYNAMODB):
            self._client.put_item(**self._parameters(Write(item, condition, version, rank=rank)))

    def put_once(self, item: Item) -> None:
        """Put one item, unless there is one under its key."""
        with classified(DYNAMODB):
            try:
                self._client.put_item(**self._parameters(Write(item, NOT_THERE)))
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise

    def put_many(self, items: Iterable[Item]) -> None:
        """Put items whatever was there, one by one in any order: for what may be written again, or in vain."""
        wanted = [{"PutRequest": {"Item": _packed(item)}} for item in items]
        for start in range(0, len(wanted), _BATCH_WRITE_LIMIT):
            pending = wanted[start : start + _BATCH_WRITE_LIMIT]
            for _ in range(_BATCH_ATTEMPTS):
                with classified(DYNAMODB):
                    answer = self._client.batch_write_item(RequestItems={self.name: pending})
                pending = answer.get("UnprocessedItems", {}).get(self.name, [])
                if not pending:
                    break
            else:
                raise StoreUnavailableError(f"BatchWriteItem: {len(pending)} items were not written")

    def update(
        self, pk: str, sk: str, expression: str, values: Item, *, condition: str = ""
    ) -> dict[str, Any]:
        """Update one item, which need not exist; the whole item afterwards.

        Raises ConflictError if the condition does not hold.
        """
        with classified(DYNAMODB):
            answer = self._client.update_item(
                TableName=self.name,
                Key=_packed({"pk": pk, "sk": sk}),
                UpdateExpression=expression,
                ExpressionAttributeValues=_packed(values),
                ReturnValues="ALL_NEW",
                **({"ConditionExpression": condition} if condition else {}),
            )
        return _unpacked(answer["Attributes"])

    def revise_each(self, revisions: Sequence[Revision]) -> list[bool]:
        """Change items, each only if it still has its version, and whatever becomes of the others; whether it was.

        PartiQL statements in one request cost as much as each by itself, unlike a transaction.
        """
        done: list[bool] = []
        for start in range(0, len(revisions), _STATEMENT_LIMIT):
            part = revisions[start : start + _STATEMENT_LIMIT]
            with classified(DYNAMODB):
                answer = self._client.batch_execute_statement(
                    Statements=[self._statement(revision) for revision in part]
                )
            done += ["Error" not in one for one in answer["Responses"]]
        return done

    def _statement(self, revision: Revision) -> dict[str, object]:
        sets = "".join(f" SET {_quoted(path)}=?" for path in revision.values)
        gone = "".join(f" REMOVE {_quoted(path)}" for path in revision.gone)
        guard = 'WHERE "pk"=? AND "sk"=? AND "version"=?'
        values = [*revision.values.values(), *revision.key, revision.version]
        packer = TypeSerializer()
        return {
            "Statement": f'UPDATE "{self.name}"{sets}{gone} {guard}',
            "Parameters": [packer.serialize(value) for value in values],
        }

    def transact(self, writes: Sequence[Write]) -> None:
        """Do all writes or none, leaving alone what is marked so and is there already.

        Raises AlreadyRecordedError, ConflictError, StoreUnavailableError. The client repeats a request whose
        answer got lost under the same token, so it never fails on what it wrote itself.
        """
        left = list(writes)
        while left:
            actions = [{write.action: self._parameters(write)} for write in left]
            try:
                with classified(DYNAMODB):
                    self._client.transact_write_items(TransactItems=actions)
            except ClientError as error:
                if error.response["Error"]["Code"] != "TransactionCanceledException":
                    raise
                left = _without_known(left, error)
            else:
                return

    def _parameters(self, write: Write) -> dict[str, object]:
        pk, sk = write.key
        what = (
            {"Item": _packed(write.item)} if write.action == "Put" else {"Key": _packed({"pk": pk, "sk": sk})}
        )
        parameters: dict[str, object] = {"TableName": self.name, **what}
        if write.condition:
            parameters["ConditionExpression"] = write.condition
        if write.values:
            parameters["UpdateExpression"] = write.expression
            parameters["ExpressionAttributeValues"] = _packed(write.values)
        guards = {"version": write.version, "rank": write.rank}
        named = {name: number for name, number in guards.items() if f":{name}" in write.condition}
        if named:
            parameters["ExpressionAttributeNames"] = {f"#{name}": name for name in named}
            parameters["ExpressionAttributeValues"] = _packed(
                {f":{n}": number for n, number in named.items()}
            )
        return parameters


def version_is(version: int) -> str:
    """The condition under which an item that was read with a version (0 for none) is still the same."""
    return "#version = :version" if version else NOT_THERE


def _quoted(path: str) -> str:
    return ".".join(f'"{name}"' for name in path.split("."))


def _without_known(writes: list[Write], error: ClientError) -> list[Write]:
    """What is left of a cancelled transaction when it only met what may be left alone; else raises why."""
    codes = [reason.get("Code", "None") for reason in error.response.get("CancellationReasons", ())]
    refused = [write for write, code in zip(writes, codes, strict=True) if code == "ConditionalCheckFailed"]
    meanings = {CANCELLATIONS.get(code, Meaning.FAULT) for code in codes if code != "None"}
    said = "TransactWriteItems: " + ", ".join(sorted({code for code in codes if code != "None"}))
    if any(write.if_refused is IfRefused.RECORDED for write in refused):
        raise AlreadyRecordedError(said) from error
    if Meaning.FAULT in meanings or not meanings:
        raise error
    if Meaning.LATER in meanings:
        raise StoreUnavailableError(said) from error
    if any(write.if_refused is IfRefused.CONFLICT for write in refused) or "TransactionConflict" in codes:
        raise ConflictError(said) from error
    return [write for write in writes if write not in refused]


def _packed(values: Item) -> dict[str, Any]:
    packer = TypeSerializer()
    return {name: packer.serialize(value) for name, value in values.items()}


def _unpacked(item: Item) -> dict[str, Any]:
    unpacker = TypeDeserializer()
    return {name: unpacker.deserialize(value) for name, value in item.items()}
