"""What SES is handed of the files that go with an e-mail."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tactful.application.ports import Attachment
from tests.contract.senders_support import SesStub, a_ses_sender, an_outgoing


@pytest.fixture
def ses(monkeypatch: pytest.MonkeyPatch) -> Iterator[SesStub]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with SesStub() as stub:
        yield stub


def test_a_picture_that_the_html_names_goes_inline_and_a_document_as_an_attachment(ses: SesStub) -> None:
    files = (
        Attachment("pay-eur.png", "image/png", b"\x89PNG", content_id="pay-eur"),
        Attachment("statement.pdf", "application/pdf", b"%PDF"),
    )
    message = an_outgoing("dana@client.example.com")
    a_ses_sender(ses.url).send(replace(message, words=replace(message.words, attachments=files)))

    assert ses.sent[0]["Content"]["Simple"]["Attachments"] == [
        {
            "RawContent": b64encode(b"\x89PNG").decode(),
            "FileName": "pay-eur.png",
            "ContentType": "image/png",
            "ContentDisposition": "INLINE",
            "ContentTransferEncoding": "BASE64",
            "ContentId": "pay-eur",
        },
        {
            "RawContent": b64encode(b"%PDF").decode(),
            "FileName": "statement.pdf",
            "ContentType": "application/pdf",
            "ContentDisposition": "ATTACHMENT",
            "ContentTransferEncoding": "BASE64",
        },
    ]
