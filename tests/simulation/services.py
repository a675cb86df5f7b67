"""The services that the program asks, and how they fail it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Protocol

from botocore.exceptions import ReadTimeoutError
from requests.exceptions import ReadTimeout

from tests.simulation.baton import Actor
from tests.simulation.faults import Fault
from tests.simulation.objects import ObjectStore
from tests.simulation.providers import Providers
from tests.simulation.queues import Queue
from tests.simulation.table import SimulatedTable, client_error

_THROTTLES: Mapping[str, tuple[str, int]] = {
    "dynamodb": ("ProvisionedThroughputExceededException", 400),
    "sqs": ("RequestThrottled", 400),
    "s3": ("SlowDown", 503),
    "sesv2": ("TooManyRequestsException", 429),
}
_TWILIO_BUSY = (429, '{"code": 20429, "message": "Too Many Requests", "status": 429}')


class Surroundings(Protocol):
    """The part of a world that its services need."""

    at: datetime
    step: int
    random: Random
    duplicating: float
    table: SimulatedTable
    objects: ObjectStore
    queues: dict[str, Queue]
    providers: Providers

    @property
    def running(self) -> str: ...

    def let_others_on(self, actor: Actor) -> None: ...


@dataclass(frozen=True, slots=True)
class Services:
    """Does what a request asks for: as a whole, in part, torn apart, or not at all."""

    world: Surroundings

    def effect(self, service: str, operation: str, request: dict[str, Any]) -> Any:
        actor = self.world.running
        match service:
            case "dynamodb":
                return getattr(self.world.table, operation)(**request)
            case "sqs":
                return self._enqueue(request)
            case "sesv2" if operation == "send_email":
                return self.world.providers.send_email(request, self.world.step, actor)
            case "sesv2":
                quota = {"Max24HourSend": 50000.0, "MaxSendRate": 14.0, "SentLast24Hours": 0.0}
                return {"SendQuota": quota, "SendingEnabled": True, "ProductionAccessEnabled": True}
            case "twilio":
                return self.world.providers.twilio(
                    operation, request["url"], request["fields"], self.world.step, actor
                )
            case "s3":
                return getattr(self.world.objects, operation)(**request)
            case _:
                raise AssertionError(f"{service} is not simulated")

    def _enqueue(self, request: Mapping[str, Any]) -> dict[str, Any]:
        queue = self.world.queues[request["QueueUrl"]]
        for entry in request["Entries"]:
            for _ in range(
                2 if self.world.duplicating and self.world.random.random() < self.world.duplicating else 1
            ):
                queue.put(json.loads(entry["MessageBody"]), self.world.at)
        return {"Successful": [{"Id": entry["Id"]} for entry in request["Entries"]], "Failed": []}

    def failed(self, service: str, operation: str, fault: Fault) -> Any:
        if fault is not Fault.THROTTLED:
            raise ReadTimeout("lost") if service == "twilio" else ReadTimeoutError(endpoint_url="simulated")
        if service == "twilio":
            return _TWILIO_BUSY
        code, status = _THROTTLES[service]
        raise client_error(code, operation, status, "Maximum sending rate exceeded.")

    def in_part(self, operation: str, request: dict[str, Any]) -> Any:
        """A batch that is done but for its last part."""
        if operation == "send_message_batch":
            kept = request["Entries"][:-1]
            if kept:
                self._enqueue(request | {"Entries": kept})
            return {"Failed": [{"Id": request["Entries"][-1]["Id"], "SenderFault": False}]}
        if operation == "batch_execute_statement":
            done = self.world.table.batch_execute_statement(Statements=request["Statements"][:-1])
            return {"Responses": [*done["Responses"], {"Error": {"Code": "ThrottlingError"}}]}
        ((name, wanted),) = request["RequestItems"].items()
        if operation == "batch_write_item":
            if wanted[:-1]:
                self.world.table.batch_write_item(RequestItems={name: wanted[:-1]})
            return {"UnprocessedItems": {name: wanted[-1:]}}
        keys = wanted["Keys"]
        found: dict[str, Any] = {"Responses": {name: []}}
        if keys[:-1]:
            found = self.world.table.batch_get_item(RequestItems={name: wanted | {"Keys": keys[:-1]}})
        return found | {"UnprocessedKeys": {name: wanted | {"Keys": keys[-1:]}}}

    def is_torn(self, operation: str, request: Mapping[str, Any]) -> bool:
        if operation == "batch_get_item":
            ((_, wanted),) = request["RequestItems"].items()
            return len(wanted["Keys"]) > 1
        return operation == "query" and "IndexName" not in request and "Limit" not in request

    def torn(self, actor: Actor, operation: str, request: dict[str, Any]) -> Any:
        """A read of several items: the first of them before, the others after something else happened."""
        if operation == "batch_get_item":
            ((name, wanted),) = request["RequestItems"].items()
            cut = self.world.random.randint(1, len(wanted["Keys"]) - 1)
            first = self.world.table.batch_get_item(
                RequestItems={name: wanted | {"Keys": wanted["Keys"][:cut]}}
            )
            self.world.let_others_on(actor)
            second = self.world.table.batch_get_item(
                RequestItems={name: wanted | {"Keys": wanted["Keys"][cut:]}}
            )
            return {"Responses": {name: first["Responses"][name] + second["Responses"][name]}}
        rows = self.world.table.query(**request)["Items"]
        seen = rows[: self.world.random.randint(0, len(rows))]
        self.world.let_others_on(actor)
        later = self.world.table.query(**request)["Items"]
        last = seen[-1]["sk"]["S"] if seen else ""
        return {"Items": [*seen, *(row for row in later if row["sk"]["S"] > last)]}
