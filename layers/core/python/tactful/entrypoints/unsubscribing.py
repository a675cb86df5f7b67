"""The address by which e-mails are unsubscribed (RFC 8058): a POST does it, opening it only asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qs

from tactful.adapters.signatures import reminder_of_unsubscribe
from tactful.application.unsubscribe import Unsubscribe
from tactful.entrypoints.http import Request, Response
from tactful.entrypoints.observability import logger

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; padding: 24px 16px; font: 17px/1.5 system-ui, sans-serif; color: #1f2933; background: #f3f5f7; }}
main {{ max-width: 34rem; margin: 0 auto; padding: 8px 24px 24px; background: #fff; border-radius: 8px; }}
button {{ font: inherit; padding: 10px 18px; border: 0; border-radius: 6px; color: #fff; background: #1d5fa8; }}
button:focus-visible {{ outline: 3px solid #f0b429; outline-offset: 2px; }}
@media (prefers-color-scheme: dark) {{
  body {{ color: #e8ebee; background: #14181c; }}
  main {{ background: #1f252b; }}
}}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""
_ASKED = "will not send you any more e-mails about your invoices. What you owe stays as it is."
_UNKNOWN = (
    "<p>This link is not complete. Reply to one of our e-mails and ask us to stop: that works, too.</p>"
)
_BUTTON = '<form method="post"><button type="submit">Stop these e-mails</button></form>'


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """Answers whoever follows the link in an e-mail's header. `keys` are read when they are first needed."""

    use_case: Unsubscribe
    business: str
    keys: Callable[[], Iterable[bytes]]

    def answer(self, request: Request) -> Response:
        """Whoever opens a link may be a program that looks for bad ones: only a POST changes anything."""
        token = parse_qs(request.raw_query).get("t", [""])[0]
        reminder_id = reminder_of_unsubscribe(token, self.keys())
        if not reminder_id:
            return _page(404, "We do not know this link", _UNKNOWN)
        name = escape(self.business)
        if request.method != "POST":
            return _page(200, "No more e-mails?", f"<p>{name} {_ASKED}</p>\n{_BUTTON}")
        found = self.use_case.unsubscribe(reminder_id)
        logger().info("unsubscribed", extra={"found": found})
        if not found:
            return _page(404, "We do not know this link", _UNKNOWN)
        return _page(
            200, "That is done", f"<p>You will get no more e-mails about your invoices from {name}.</p>"
        )


def _page(status: int, title: str, body: str) -> Response:
    return Response(status, _PAGE.format(title=title, body=body), "text/html; charset=utf-8")
