from __future__ import annotations

import base64
from typing import Any

import pytest

from tactful.entrypoints.http import Request, Response, decode


def test_a_request_is_read_as_it_came() -> None:
    request = decode(
        {
            "rawPath": "/prod/webhooks/twilio/status",
            "rawQueryString": "r=a%2Bb",
            "requestContext": {"http": {"method": "POST"}},
            "headers": {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "X-A": "1"},
            "body": base64.b64encode(b"From=%2B44&Body=Caf\xc3\xa9+%F0%9F%98%80").decode(),
            "isBase64Encoded": True,
        }
    )
    assert request.method == "POST"
    assert request.path == "/prod/webhooks/twilio/status"
    assert request.raw_query == "r=a%2Bb"
    assert request.headers["x-a"] == "1"
    assert request.content_type == "application/x-www-form-urlencoded"
    assert request.body == b"From=%2B44&Body=Caf\xc3\xa9+%F0%9F%98%80"


def test_a_body_that_is_plain_text_is_taken_as_it_is() -> None:
    assert decode({"body": '{"é": 1}', "isBase64Encoded": False}).body == '{"é": 1}'.encode()


@pytest.mark.parametrize("event", [{}, dict.fromkeys(["rawPath", "rawQueryString", "headers", "body"])])
def test_a_request_of_nothing_is_empty(event: dict[str, Any]) -> None:
    assert decode(event) == Request("", "", "", {}, b"")


@pytest.mark.parametrize(
    "event",
    [
        {"body": "not base64!", "isBase64Encoded": True},
        {"body": "YQ", "isBase64Encoded": True},
        {"body": "\ud800"},
    ],
)
def test_a_body_that_is_not_what_it_claims_to_be_is_empty(event: dict[str, Any]) -> None:
    assert decode(event).body == b""


def test_a_request_without_a_content_type_has_none() -> None:
    assert decode({}).content_type == ""


def test_an_answer_is_what_the_api_expects() -> None:
    assert Response(403, "no").as_dict() == {
        "statusCode": 403,
        "headers": {"content-type": "text/plain; charset=utf-8"},
        "body": "no",
    }
