"""Proof of where something came from: e-mail replies, Twilio's webhooks, payment webhooks.

Pure functions over bytes and text. Keys are given in; an empty key proves nothing and never matches.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import parse_qs, parse_qsl

PAYMENT_SIGNATURE_HEADER = "Tactful-Signature"
STRIPE_SIGNATURE_HEADER = "Stripe-Signature"
PAYMENT_TOLERANCE_SECONDS = 300
TWILIO_SIGNATURE_HEADER = "X-Twilio-Signature"
TWILIO_SETTINGS_HEADER = "X-Twilio-Webhooks-Signature-Settings"

_REPLY_PREFIX = "reply+"
_BODY_HASH = "bodySHA256"
_LONGEST_TIMESTAMP = 12
_REPLY_ADDRESS = re.compile(rb"reply\+[a-zA-Z0-9-]{1,60}\.[a-zA-Z0-9]{1,40}@[A-Za-z0-9.-]{1,200}")


def reply_address(reminder_id: str, domain: str, key: bytes) -> str:
    """The address an answer to a reminder goes to: `reply+<reminder id>.<mac>@<domain>`.

    The local part has only `[a-z0-9+.-]` and 56 characters (64 are allowed), and survives mail systems that
    change its case.
    """
    return f"{_REPLY_PREFIX}{reminder_id}.{_reply_mac(reminder_id, key)}@{domain}"


def reminder_of_reply(address: str, keys: Iterable[bytes]) -> str:
    """The id of the reminder that an answer to this bare address belongs to, or an empty string.

    `keys` are the present key and, while keys are being changed, the previous one.
    """
    local = address.strip().lower().rpartition("@")[0]
    reminder_id, _, mac = local.removeprefix(_REPLY_PREFIX).rpartition(".")
    if not local.startswith(_REPLY_PREFIX) or not reminder_id:
        return ""
    given = mac.encode(errors="replace")
    signed = any(hmac.compare_digest(_reply_mac(reminder_id, key).encode(), given) for key in keys if key)
    return reminder_id if signed else ""


def reply_addresses_in(raw: bytes) -> list[str]:
    """What looks like an address for answers to us, anywhere in the source of an e-mail."""
    return [found.decode() for found in _REPLY_ADDRESS.findall(raw)]


def _reply_mac(reminder_id: str, key: bytes) -> str:
    return _mac("reply", reminder_id, key)


def _mac(purpose: str, reminder_id: str, key: bytes) -> str:
    # The name of the purpose keeps this from being taken for a signature of anything else under the same key.
    digest = hmac.digest(key, f"{purpose}:{reminder_id}".encode(errors="replace"), hashlib.sha256)
    return b32encode(digest[:10]).decode().lower()


def unsubscribe_token(reminder_id: str, key: bytes) -> str:
    """What the one-click address of an e-mail carries: it names the message and nobody's data."""
    return f"{reminder_id}.{_mac('unsubscribe', reminder_id, key)}"


def reminder_of_unsubscribe(token: str, keys: Iterable[bytes]) -> str:
    """The id of the reminder by which somebody unsubscribes, or an empty string for a token that is not ours."""
    reminder_id, _, mac = token.strip().rpartition(".")
    given = mac.encode(errors="replace")
    signed = any(
        hmac.compare_digest(_mac("unsubscribe", reminder_id, key).encode(), given) for key in keys if key
    )
    return reminder_id if signed else ""


class _Fields(dict[str, list[str]]):
    """Form fields as Twilio's validator reads repeated ones."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


def twilio_signature(url: str, fields: Iterable[tuple[str, str]], auth_token: str) -> str:
    """What Twilio puts into X-Twilio-Signature for a form sent to `url` (complete, with its query)."""
    from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # noqa: PLC0415

    return str(RequestValidator(auth_token).compute_signature(url, _grouped(fields)))


def is_from_twilio(
    *,
    public_url: str,
    raw_path: str,
    raw_query: str,
    body: bytes,
    signature: str | None,
    auth_tokens: Iterable[str],
    settings: str | None = None,
) -> bool:
    """Whether a webhook request was signed by Twilio with one of our auth tokens. Never raises.

    `public_url` is the address given to Twilio, from configuration: the host a request names proves nothing.
    `raw_path` and `raw_query` are as they came, undecoded. `body` is the form, or JSON whose hash the signed
    query carries. `settings` is the X-Twilio-Webhooks-Signature-Settings header: with HMAC_SHA256 in it, the
    secrets in `auth_tokens` are shared keys. Nothing signed tells the time: the same request is valid again later,
    and must be recognised by its message id.
    """
    # The request validator alone is cheap to import; the whole client is not.
    from twilio.request_validator import (  # noqa: PLC0415
        HMAC_SHA1,
        HMAC_SHA256,
        RequestValidator,
        get_signature_algorithm,
    )

    if not signature:
        return False
    url = public_url.rstrip("/") + raw_path + (f"?{raw_query}" if raw_query else "")
    algorithm = get_signature_algorithm(settings)
    if algorithm not in (HMAC_SHA1, HMAC_SHA256):
        return False
    try:
        content = _signed_content(body, raw_query)
        return any(
            RequestValidator(token).validate(url, content, signature, algorithm)
            for token in auth_tokens
            if token
        )
    except (ValueError, TypeError):
        # An address or a text that cannot be what Twilio signed.
        return False


def _signed_content(body: bytes, raw_query: str) -> str | _Fields:
    text = body.decode()
    if _BODY_HASH in parse_qs(raw_query):
        return text
    return _grouped(parse_qsl(text, keep_blank_values=True, errors="strict"))


def _grouped(fields: Iterable[tuple[str, str]]) -> _Fields:
    grouped = _Fields()
    for name, value in fields:
        grouped.setdefault(name, []).append(value)
    return grouped


def payment_signature(body: bytes, key: bytes, at: datetime) -> str:
    """The Tactful-Signature header of a payment webhook sent at `at`: `t=<unix seconds>,v1=<hex>`."""
    timestamp = str(int(at.timestamp()))
    return f"t={timestamp},v1={_payment_mac(timestamp, body, key)}"


def is_payment_signed(header: str | None, body: bytes, keys: Iterable[bytes], now: datetime) -> bool:
    """Whether the header signs these very bytes with one of `keys`, at most 300 s from `now`. Never raises.

    The header may carry several `v1=` signatures, so that the sender can change keys without a gap. Stripe signs in the
    same way, under a header of its own.
    """
    parts = [part.strip().partition("=") for part in (header or "").split(",")]
    timestamps = [value for name, _, value in parts if name == "t"]
    given = [value.encode(errors="replace") for name, _, value in parts if name == "v1"]
    if len(timestamps) != 1 or not _is_near(timestamps[0], now):
        return False
    expected = [_payment_mac(timestamps[0], body, key).encode() for key in keys if key]
    return any(hmac.compare_digest(mac, signature) for mac in expected for signature in given)


def _is_near(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
        return False
    return abs(now.timestamp() - int(timestamp)) <= PAYMENT_TOLERANCE_SECONDS


def _payment_mac(timestamp: str, body: bytes, key: bytes) -> str:
    return hmac.new(key, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
