"""HTTP requests as the API delivers them (payload format 2.0), and answers to them."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """One request: method, path and query exactly as they came, header names in lower case, the body's own bytes."""

    method: str
    path: str
    raw_query: str
    headers: dict[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. The body tells a person what was wrong and what to do; it never repeats the request."""

    status: int
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"

    def as_dict(self) -> dict[str, Any]:
        return {
            "statusCode": self.status,
            "headers": {"content-type": self.content_type},
            "body": self.body,
        }


def forbidden() -> Response:
    """The answer to what is not signed as it has to be."""
    return Response(403, "the signature is missing, wrong or too old")


def decode(event: dict[str, Any]) -> Request:
    """The request in an API event; a body that is not the base64 or text it claims to be is taken as empty."""
    body = event.get("body") or ""
    try:
        raw = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
    except ValueError:
        raw = b""
    return Request(
        method=((event.get("requestContext") or {}).get("http") or {}).get("method") or "",
        path=event.get("rawPath") or "",
        raw_query=event.get("rawQueryString") or "",
        headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
        body=raw,
    )
