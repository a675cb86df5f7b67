from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.handlers.world import AUTH_TOKEN, World, make_world
from tests.local.ministack import LocalAws
from tests.local.twilio_server import TwilioServer


@pytest.fixture
def twilio() -> Iterator[TwilioServer]:
    with TwilioServer(auth_token=AUTH_TOKEN) as server:
        yield server


@pytest.fixture
def world(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch, twilio: TwilioServer) -> Iterator[World]:
    yield from make_world(local_aws, monkeypatch, twilio)
