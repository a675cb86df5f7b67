from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.town import ADMIN, FROM_ADDRESS, Town
from tests.local import stack
from tests.local.ministack import ROOT
from tests.local.twilio_server import TwilioServer


@pytest.fixture(scope="session")
def town() -> Iterator[Town]:
    """The real template on a local AWS with IAM enforced, and a local Twilio."""
    with TwilioServer() as twilio:
        parameters = {
            "FromAddress": FROM_ADDRESS,
            "ReportAddress": ADMIN,
            "ReplyDomain": "reply.acme.example",
            "TwilioBaseUrl": twilio.url,
            "TwilioMessagingServiceSid": "MG" + "0" * 32,
        }
        with stack.running(ROOT / "build/e2e", parameters) as deployed:
            deployed.verify_sender(FROM_ADDRESS)
            deployed.set_twilio_secret(account_sid=twilio.account_sid, auth_token=twilio.auth_token)
            yield Town(deployed, twilio)
