"""SES, DynamoDB and Secrets Manager at their wire, answering from memory: `python -m tests.bench.stub_server PORT`.

It runs in a process of its own, so that what is measured in another is that one's CPU alone.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from tests.simulation.table import SimulatedTable

_OPERATIONS = {
    "BatchExecuteStatement": "batch_execute_statement",
    "BatchGetItem": "batch_get_item",
    "BatchWriteItem": "batch_write_item",
    "GetItem": "get_item",
    "PutItem": "put_item",
    "Query": "query",
    "TransactWriteItems": "transact_write_items",
    "UpdateItem": "update_item",
}
_SECRET = json.dumps({"SecretString": "bench-link-key"}).encode()
_MAIL = json.dumps({"MessageId": "0100018f-stub"}).encode()


def _answer(status: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _of_table(table: SimulatedTable, target: str, body: bytes) -> bytes:
    operation = getattr(table, _OPERATIONS[target.partition(".")[2]])
    try:
        return _answer("200 OK", json.dumps(operation(**json.loads(body)) or {}, default=sorted).encode())
    except ClientError as error:
        code = error.response["Error"]["Code"]
        more: dict[str, Any] = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code}
        more |= {name: error.response[name] for name in ("CancellationReasons",) if name in error.response}
        return _answer("400 Bad Request", json.dumps(more).encode())


def _said(table: SimulatedTable, target: str, body: bytes) -> bytes:
    if target.startswith("DynamoDB"):
        return _of_table(table, target, body)
    return _answer("200 OK", _SECRET if target else _MAIL)


async def _serve(port: int) -> None:
    table = SimulatedTable(lambda: datetime.now(UTC), timedelta)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                fields = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
                body = await reader.readexactly(int(fields.get("content-length", 0)))
                target = next((line for line in head if line.lower().startswith("x-amz-target: ")), "")
                said = _said(table, target.partition(": ")[2], body)
                writer.write(said)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", port)
    async with server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
