"""The queues of accounts to act on, of imports to take up again and of documents to make: Amazon SQS."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Protocol

from tactful.adapters.aws_errors import SQS, classified
from tactful.application.documents import DocumentOrder, DocumentOrders
from tactful.application.import_ports import Again, ImportQueue
from tactful.application.ports import StoreUnavailableError, WorkQueue

# The most that one SendMessageBatch takes.
_BATCH = 10


class SqsClient(Protocol):
    """The part of boto3's `sqs` client that is used here."""

    def send_message_batch(self, **request: object) -> Any: ...


class SqsWorkQueue(WorkQueue):
    """One message per account; its body is the JSON object `{"account": key}`.

    With `only_look` it also has `"only_look": true`: the account is only to be scheduled anew.
    """

    def __init__(self, client: SqsClient, queue_url: str, *, only_look: bool = False) -> None:
        self._client = client
        self._queue_url = queue_url
        self._more = {"only_look": True} if only_look else {}

    def put(self, account_keys: Sequence[str]) -> int:
        for start in range(0, len(account_keys), _BATCH):
            refused = self._send(self._send(account_keys[start : start + _BATCH]))
            if refused:
                raise StoreUnavailableError(f"{len(refused)} accounts could not be queued")
        return len(account_keys)

    def _send(self, account_keys: Sequence[str]) -> list[str]:
        """Send one batch (an empty one is no request); the accounts that were not taken."""
        if not account_keys:
            return []
        entries = [
            {"Id": str(position), "MessageBody": json.dumps({"account": key, **self._more})}
            for position, key in enumerate(account_keys)
        ]
        with classified(SQS):
            answer = self._client.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
        return [account_keys[int(failed["Id"])] for failed in answer.get("Failed", ())]


class SqsDocumentOrders(DocumentOrders):
    """One message per document: `{"account": key, "kind": kind}`, and whatever else the order says by its name."""

    def __init__(self, client: SqsClient, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def put(self, order: DocumentOrder) -> None:
        said = {
            "account": order.account_key,
            "kind": order.kind,
            "wording": order.wording,
            "tone": order.tone,
            "language": order.language,
            "address": order.address,
            "pay_by": order.pay_by.isoformat() if order.pay_by else None,
        }
        body = json.dumps({name: value for name, value in said.items() if value}, ensure_ascii=False)
        with classified(SQS):
            answer = self._client.send_message_batch(
                QueueUrl=self._queue_url, Entries=[{"Id": "0", "MessageBody": body}]
            )
        if answer.get("Failed"):
            raise StoreUnavailableError("the document could not be ordered")


class SqsImportQueue(ImportQueue):
    """One message per import: `{"import": id, "part": number, "release": whether a person lets it pass}`."""

    def __init__(self, client: SqsClient, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def put(self, again: Again) -> None:
        body = json.dumps({"import": again.import_id, "part": again.part, "release": again.is_released})
        entries = [{"Id": "0", "MessageBody": body}]
        with classified(SQS):
            answer = self._client.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
        if answer.get("Failed"):
            raise StoreUnavailableError("the import could not be queued")
