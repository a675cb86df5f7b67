"""Secrets, read through the real client from a stub that answers like Secrets Manager."""

from __future__ import annotations

import json
from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config

from tactful.adapters.secrets import SecretError, Secrets, TwilioCredentials, secrets_manager
from tests.local.http_stub import Answer, HttpStub, Request

STORED = {
    "payments": "correct horse",
    "changing": '{"current": "new", "previous": "old"}',
    "braced": '{"is": no JSON',
    "blank": "",
    "twilio": '{"account_sid": "AC1", "auth_token": "now"}',
    "twilio-changing": '{"account_sid": "AC1", "auth_token": "now", "previous_auth_token": "before"}',
    "twilio-unset": '{"auth_token": "generated"}',
}


def _answer(request: Request) -> Answer:
    name = json.loads(request.body)["SecretId"]
    if name not in STORED:
        body = {"__type": "ResourceNotFoundException", "message": "Secrets Manager can't find it."}
        return Answer(400, json.dumps(body).encode(), "application/x-amz-json-1.1")
    body = {"Name": name, "SecretString": STORED[name]}
    return Answer(200, json.dumps(body).encode(), "application/x-amz-json-1.1")


@pytest.fixture
def stub() -> Iterator[HttpStub]:
    with HttpStub(_answer) as server:
        yield server


@pytest.fixture
def secrets(stub: HttpStub) -> Secrets:
    client = boto3.client(
        "secretsmanager",
        endpoint_url=stub.url,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )
    return secrets_manager(client)


@pytest.mark.parametrize(
    ("secret", "keys"),
    [
        ("payments", (b"correct horse",)),
        ("changing", (b"new", b"old")),
        ("braced", (b'{"is": no JSON',)),
    ],
)
def test_a_signing_key_is_a_text_or_while_it_changes_two(
    secrets: Secrets, secret: str, keys: tuple[bytes, ...]
) -> None:
    assert secrets.keys(secret) == keys


def test_the_twilio_secret_may_hold_the_previous_token_too(secrets: Secrets) -> None:
    assert secrets.twilio("twilio") == TwilioCredentials("AC1", "now")
    assert secrets.twilio("twilio").auth_tokens == ("now",)
    assert secrets.twilio("twilio-changing").auth_tokens == ("now", "before")


def test_a_secret_is_fetched_once_and_kept(secrets: Secrets, stub: HttpStub) -> None:
    secrets.keys("payments")
    secrets.keys("payments")

    assert len(stub.requests) == 1


def test_a_secret_that_is_missing_or_incomplete_is_named_with_the_remedy(secrets: Secrets) -> None:
    with pytest.raises(SecretError, match="Secret unknown cannot be read"):
        secrets.keys("unknown")
    with pytest.raises(SecretError, match="Secret blank holds no key: store a text"):
        secrets.keys("blank")
    with pytest.raises(SecretError, match='Secret twilio-unset must be JSON with "account_sid"'):
        secrets.twilio("twilio-unset")


def test_credentials_do_not_show_their_tokens_when_printed(secrets: Secrets) -> None:
    assert repr(secrets.twilio("twilio-changing")) == "TwilioCredentials(account_sid='AC1')"
