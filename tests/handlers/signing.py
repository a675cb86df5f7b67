"""Requests as the HTTP API hands them over, signed as providers sign them."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from tactful.adapters.signatures import PAYMENT_SIGNATURE_HEADER, payment_signature, twilio_signature
from tests.handlers.world import AUTH_TOKEN, NOW, PAYMENTS_KEY, PHONE, PUBLIC_URL, REMINDER

INBOUND, STATUS, PAYMENTS = "/webhooks/twilio/inbound", "/webhooks/twilio/status", "/webhooks/payments"
FORM = "application/x-www-form-urlencoded; charset=UTF-8"


def request(path: str, body: bytes, headers: Mapping[str, str], query: str = "") -> dict[str, Any]:
    """A request; its body comes in base64, as forms do."""
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"host": "abc123.execute-api.eu-west-1.amazonaws.com", **headers},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def from_twilio(
    path: str, fields: Sequence[tuple[str, str]], query: str = "", *, prefix: str = ""
) -> dict[str, Any]:
    """A form that Twilio signed for the public URL; it arrives under `prefix`, which Twilio knows nothing of."""
    url = f"{PUBLIC_URL}{path}" + (f"?{query}" if query else "")
    headers = {"content-type": FORM, "x-twilio-signature": twilio_signature(url, fields, AUTH_TOKEN)}
    return request(prefix + path, urlencode(fields).encode(), headers, query)


def inbound(sid: str, text: str, sender: str = PHONE) -> dict[str, Any]:
    """A client writes an SMS."""
    return from_twilio(INBOUND, [("MessageSid", sid), ("From", sender), ("Body", text), ("FromZip", "")])


def status(word: str, code: str = "", reminder: str = REMINDER) -> dict[str, Any]:
    """Twilio reports on the SMS of a reminder."""
    fields = [
        ("MessageSid", "SM" + "b1" * 16),
        ("MessageStatus", word),
        *([("ErrorCode", code)] if code else []),
    ]
    return from_twilio(STATUS, fields, f"r={reminder}")


def payment(body: bytes) -> dict[str, Any]:
    """A payment provider's event, signed now."""
    signature = payment_signature(body, PAYMENTS_KEY.encode(), NOW)
    headers = {"content-type": "application/json", PAYMENT_SIGNATURE_HEADER.lower(): signature}
    return request(PAYMENTS, body, headers)
