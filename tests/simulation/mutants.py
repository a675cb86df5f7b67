"""The program broken on purpose, at its requests: what the simulator must notice."""

# ruff: noqa: ARG001 - each mutant is given the same and uses what it needs

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError
from requests.exceptions import RequestException

from tests.simulation.world import Mutant, World

Effect = Callable[[], Any]
_PROFILE = "ACCOUNT"


def _is_conditional(request: Mapping[str, Any], sk: str) -> bool:
    return "ConditionExpression" in request and request["Item"]["sk"]["S"].startswith(sk)


def _without_condition(action: dict[str, Any]) -> dict[str, Any]:
    """A put that asks for nothing first."""
    return {name: value for name, value in action.items() if name in ("TableName", "Item")}


def no_version_condition(
    world: World, service: str, operation: str, request: dict[str, Any], effect: Effect
) -> Any:
    """Who loaded an account earlier overwrites what somebody else wrote since."""
    if operation == "put_item" and _is_conditional(request, _PROFILE):
        return world.table.put_item(**_without_condition(request))
    if operation == "transact_write_items":
        return _unguarded(world, request, (_PROFILE, "REMINDER#"))
    return effect()


def _unguarded(world: World, request: dict[str, Any], sks: tuple[str, ...]) -> Any:
    """A transaction that asks for nothing before it puts items with these sort keys."""
    parts = [
        {"Put": _without_condition(part["Put"])}
        if "Put" in part and part["Put"]["Item"]["sk"]["S"].startswith(sks)
        else part
        for part in request["TransactItems"]
    ]
    return world.table.transact_write_items(TransactItems=parts)


def sends_again_when_unanswered(
    world: World, service: str, operation: str, request: dict[str, Any], effect: Effect
) -> Any:
    """boto3 as it is: a request to send whose answer is a server's error, or none, is made again."""
    if operation != "send_email":
        return effect()
    try:
        return effect()
    except (ClientError, HTTPClientError, RequestException):
        return effect()


def sends_twice(world: World, service: str, operation: str, request: dict[str, Any], effect: Effect) -> Any:
    """The first answer to a request to send got lost on the way, and the client made it again."""
    if operation == "send_email" and world.random.random() < 0.1:
        effect()
    return effect()


def forgets_claims(
    world: World, service: str, operation: str, request: dict[str, Any], effect: Effect
) -> Any:
    """A claim that was never answered is gone when the account is loaded: it is made, and sent, again."""
    answer = effect()
    return _changed(answer, _without_claims)


def _without_claims(row: dict[str, Any]) -> dict[str, Any]:
    is_unanswered = row.get("latest", {}).get("M", {}).get("status", {}).get("S") in ("claimed", "unknown")
    return {name: value for name, value in row.items() if name != "latest"} if is_unanswered else row


def _changed(answer: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """What was read, with each row changed."""
    if isinstance(answer.get("Responses"), dict):
        rows = {name: [change(row) for row in rows] for name, rows in answer["Responses"].items()}
        return answer | {"Responses": rows}
    return answer | {"Items": [change(row) for row in answer["Items"]]} if "Items" in answer else answer


def looks_at_the_past(
    world: World, service: str, operation: str, request: dict[str, Any], effect: Effect
) -> Any:
    """The last look before sending sees the account as it was claimed, whatever was written since."""
    actor = world.trace[-1].actor
    claimed = world.__dict__.setdefault("claimed", {})
    if operation in ("put_item", "transact_write_items") and actor.startswith("send_reminders"):
        answer = effect()
        part = request if operation == "put_item" else request["TransactItems"][0].get("Put", {})
        claimed[actor, part.get("Item", {}).get("pk", {}).get("S")] = part.get("Item")
        return answer
    if operation != "batch_get_item":
        return effect()
    return _changed(
        effect(),
        lambda row: claimed.get((actor, row["pk"]["S"])) or row if row["sk"]["S"] == _PROFILE else row,
    )


def loses_the_queue(
    world: World, service: str, operation: str, request: dict[str, Any], effect: Effect
) -> Any:
    """Planning takes an account off the index as if it were done once it is queued, and the queue loses messages."""
    answer = effect()
    if operation == "send_message_batch" and world.random.random() < 0.3:
        queue = world.queues[request["QueueUrl"]]
        for message in list(queue.messages):
            queue.delete(message)
            pk = "ACCOUNT#" + message.body.partition(': "')[2].rstrip('"}')
            profile = dict(world.table.item((pk, _PROFILE)) or {})
            if profile:
                world.table.put_item(
                    Item={k: v for k, v in profile.items() if not k.startswith(("index_", "next_"))}
                )
    return answer


def opens_addresses_again(
    world: World, service: str, operation: str, request: dict[str, Any], effect: Effect
) -> Any:
    """An opt-out is taken note of, and not kept."""
    if operation == "update_item" and "suppression" in request["UpdateExpression"]:
        return {"Attributes": world.table.item((request["Key"]["pk"]["S"], "ADDRESS")) or request["Key"]}
    return effect()


def goes_backwards(
    world: World, service: str, operation: str, request: dict[str, Any], effect: Effect
) -> Any:
    """News that come late move a message back."""
    if operation == "put_item" and request["Item"]["sk"]["S"].startswith("REMINDER#"):
        return world.table.put_item(**_without_condition(request))
    if operation == "transact_write_items":
        return _unguarded(world, request, ("REMINDER#",))
    answer = effect()
    if world.trace[-1].actor.startswith("track_delivery") and operation in ("query", "batch_get_item"):
        return _changed(answer, _young)
    return answer


def _young(row: dict[str, Any]) -> dict[str, Any]:
    is_old = row["sk"]["S"].startswith("REMINDER#") and row["status"]["S"] in ("delivered", "bounced")
    return row | {"status": {"S": "claimed"}, "rank": {"N": "0"}} if is_old else row


MUTANTS: Mapping[str, Mutant] = {
    mutant.__name__: mutant
    for mutant in (
        no_version_condition,
        sends_again_when_unanswered,
        sends_twice,
        forgets_claims,
        looks_at_the_past,
        loses_the_queue,
        opens_addresses_again,
        goes_backwards,
    )
}
