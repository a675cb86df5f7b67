from __future__ import annotations

import json
from typing import Any

import pytest

from tactful.entrypoints.queues import NotOursError, account_in, process_batch


@pytest.fixture(autouse=True)
def _service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "queues-test")


def batch(*bodies: str) -> dict[str, Any]:
    return {
        "Records": [
            {"messageId": f"m-{number}", "body": body, "eventSource": "aws:sqs", "attributes": {}}
            for number, body in enumerate(bodies)
        ]
    }


def accounts(*keys: str) -> dict[str, Any]:
    return batch(*(json.dumps({"account": key}) for key in keys))


def returned(answer: Any) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_every_message_of_a_batch_is_handled_in_order() -> None:
    handled: list[str] = []
    answer = process_batch(accounts("a", "b", "c"), lambda message: handled.append(account_in(message)))
    assert handled == ["a", "b", "c"]
    assert returned(answer) == []


def test_only_the_message_that_failed_comes_again() -> None:
    handled: list[str] = []

    def handle(message: dict[str, Any]) -> None:
        if message["account"] == "c":
            raise RuntimeError
        handled.append(message["account"])

    assert returned(process_batch(accounts("a", "b", "c", "d"), handle)) == ["m-2"]
    assert handled == ["a", "b", "d"]


def test_a_batch_of_which_nothing_could_be_done_comes_again_whole() -> None:
    def handle(message: dict[str, Any]) -> None:
        raise RuntimeError(message["account"])

    assert returned(process_batch(accounts("a", "b"), handle)) == ["m-0", "m-1"]


@pytest.mark.parametrize("body", ["", "hello", "[]", "7", "null", "{"])
def test_a_message_that_is_no_json_object_stops_no_other(body: str) -> None:
    handled: list[dict[str, Any]] = []
    assert returned(process_batch(batch(body, '{"account": "a"}'), handled.append)) == ["m-0"]
    assert handled == [{"account": "a"}]


def test_a_failure_is_logged_without_the_words_of_the_message(capsys: pytest.CaptureFixture[str]) -> None:
    def handle(message: dict[str, Any]) -> None:
        raise RuntimeError(message["text"])

    process_batch(batch('{"text": "call me on +447400123456"}'), handle)
    logged = capsys.readouterr()
    assert "447400123456" not in logged.out + logged.err


@pytest.mark.parametrize(
    "message", [{}, {"account": ""}, {"account": None}, {"account": 7}, {"Account": "a"}]
)
def test_a_message_that_names_no_account_is_left_for_a_person(message: dict[str, Any]) -> None:
    with pytest.raises(NotOursError):
        account_in(message)
