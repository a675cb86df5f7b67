"""What SES tells of the account, as botocore hands it on."""

from __future__ import annotations

import json

import pytest

from tactful.adapters.ses import SesAccount, SesAccountClient
from tactful.application.sending_ports import MailQuota
from tests.local.http_stub import Answer, HttpStub, Request, Silence


def account(answer: Answer | Silence) -> MailQuota | None:
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    def given(request: Request) -> Answer | Silence:
        assert (request.method, request.path) == ("GET", "/v2/email/account")
        return answer

    with HttpStub(given) as stub:
        client: SesAccountClient = boto3.client(
            "sesv2",
            endpoint_url=stub.url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, read_timeout=0.5),
        )
        return SesAccount(client).quota()


def told(most: float, rate: float, sent: float, *, enabled: bool = True) -> Answer:
    quota = {"Max24HourSend": most, "MaxSendRate": rate, "SentLast24Hours": sent}
    return Answer(body=json.dumps({"SendQuota": quota, "SendingEnabled": enabled}).encode())


@pytest.mark.parametrize(
    ("answer", "quota"),
    [
        (told(50_000, 14, 49_990), MailQuota(840, 10)),
        (told(200, 1, 200), MailQuota(60, 0)),
        (told(200, 1, 250), MailQuota(60, 0)),
        (told(-1, 0.5, 7), MailQuota(30, None)),
        (told(50_000, 14, 0, enabled=False), MailQuota(840, 0)),
        (Answer(status=403, body=b'{"message": "no"}'), None),
        (Answer(body=b"<html>"), None),
        (Answer(body=b"{}"), None),
        (Silence.DROP, None),
    ],
)
def test_the_quota_is_what_ses_says_or_not_known(answer: Answer | Silence, quota: MailQuota | None) -> None:
    assert account(answer) == quota
