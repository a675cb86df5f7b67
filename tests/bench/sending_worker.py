"""The process in which the CPU of sending is measured: `python -m tests.bench.sending_worker URL` prints it as JSON.

Its environment is that of the function send_reminders.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from statistics import median
from typing import Any

import boto3

from functions.send_reminders.app import handler
from tactful import bootstrap
from tactful.adapters.dynamodb import items
from tactful.adapters.memory import MemoryClock
from tactful.adapters.ses import SesSender
from tactful.domain.book.customer import Channel
from tests.bench.sending_costs import BATCH, Desk
from tests.support.builders import NINE

_ROUNDS, _IN_A_ROUND = 7, 100
_TABLE = "reminders"


def _clock(_: object) -> MemoryClock:
    """A sandbox's own clock is read from the table every time, which no business's stack does."""
    return MemoryClock(NINE)


class _Kept:
    """Keeps what it is to send."""

    def __init__(self) -> None:
        self.mail: dict[str, Any] = {}

    def send_email(self, **request: Any) -> dict[str, str]:
        self.mail = request
        return {"MessageId": "kept"}


class _Bare:
    """The calls that a reminder cannot do without, on clients as boto3 makes them, with what a reminder sends."""

    def __init__(self, url: str, account_key: str, profile_key: str) -> None:
        self._dynamodb = boto3.client("dynamodb", endpoint_url=url)
        self._ses = boto3.client("sesv2", endpoint_url=url)
        self._key = {"pk": {"S": items.account_pk(profile_key)}, "sk": {"S": items.PROFILE}}
        self._profile = self._dynamodb.get_item(TableName=_TABLE, Key=self._key)["Item"]
        sending, kept = bootstrap.send_reminders(), _Kept()
        email = sending.senders[Channel.EMAIL]
        assert isinstance(email, SesSender)
        acted = replace(sending, senders={Channel.EMAIL: replace(email, client=kept)}).act_on(account_key)
        assert kept.mail, acted
        self._mail = kept.mail

    def send(self) -> None:
        for _ in range(_IN_A_ROUND):
            self._ses.send_email(**self._mail)

    def calls(self) -> None:
        """The last look, the claim, the hand-over and the record."""
        request = {_TABLE: {"Keys": [self._key], "ConsistentRead": True}}
        for _ in range(_IN_A_ROUND):
            self._dynamodb.batch_get_item(RequestItems=request)
            self._put()
            self._ses.send_email(**self._mail)
            self._put()

    def _put(self) -> None:
        self._dynamodb.put_item(
            TableName=_TABLE, Item=self._profile, ConditionExpression="attribute_exists(pk)"
        )


def _send(keys: Iterator[str]) -> None:
    for _ in range(_IN_A_ROUND // BATCH):
        bodies = [json.dumps({"account": next(keys)}) for _ in range(BATCH)]
        answer = handler({"Records": [_record(body) for body in bodies]}, None)
        assert not answer["batchItemFailures"], answer


def _record(body: str) -> dict[str, Any]:
    """A message of the queue as Lambda gives it."""
    return {"messageId": "m", "receiptHandle": "r", "body": body, "attributes": {}, "messageAttributes": {}}


def main(url: str) -> None:
    """Print the milliseconds of CPU a reminder takes, and the bare calls: medians of rounds that take turns."""
    vars(bootstrap)["clock_of"] = _clock
    desk = Desk(bootstrap.client_of("dynamodb"), _TABLE)
    keys = [desk.open(number) for number in range((_ROUNDS + 1) * _IN_A_ROUND)]
    to_send = iter(keys)
    bare = _Bare(url, desk.open(len(keys)), keys[0])
    measured: Mapping[str, Callable[[], None]] = {
        "ours": lambda: _send(to_send),
        "send": bare.send,
        "calls": bare.calls,
    }
    for warm in measured.values():
        warm()
    took: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(_ROUNDS):
        for name, run in measured.items():
            before = time.process_time()
            run()
            took[name].append((time.process_time() - before) / _IN_A_ROUND * 1_000)
    print(json.dumps({name: median(times) for name, times in took.items()}))


if __name__ == "__main__":
    main(sys.argv[1])
