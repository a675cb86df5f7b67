"""HTTP API: Twilio and payment providers tell us something."""

from __future__ import annotations

from typing import Any

from tactful.bootstrap import webhooks
from tactful.entrypoints.http import decode


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Verify, record and answer."""
    del context
    return webhooks().answer(decode(event)).as_dict()
