"""The queues of accounts to act on and of imports to take up again: Amazon SQS."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Protocol

from tactful.adapters.aws_errors import SQS, classified
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
