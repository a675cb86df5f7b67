"""An e-mail as it came, read by the standard library: who wrote, what, and what the receiving server thinks of it.

Every part of it may be wrong, or made to do harm: what cannot be read is left out; texts, parts and headers have
limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import Message
from email.utils import getaddresses

# People write less; what is quoted below may be long, and is not read anyway.
_LONGEST_TEXT = 200_000
_MOST_PARTS = 100
_MOST_ADDRESSES = 50
_LONGEST_HEADER = 4_000
_HEADERS = (
    *("Subject", "From", "Auto-Submitted", "Precedence", "X-Autoreply", "X-Autorespond", "X-Auto-Reply"),
    *("X-Autoreply-From", "X-Failed-Recipients", "Content-Type", "List-Id", "Return-Path"),
)
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Resent-To")
_DMARC = re.compile(r"\bdmarc=(\w+)", re.IGNORECASE)
_SERVER = re.compile(r"\s*(?:\S*\.)?amazonses\.com\s*;", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<([^<>@\s]{1,200})@[^<>\s]{1,200}>")
_QUOTES = (
    "blockquote, .gmail_quote, .yahoo_quoted, #divRplyFwdMsg ~ *, #divRplyFwdMsg, #appendonsend ~ *,"
    " style, script, title"
)
_ON_NEW_LINES = frozenset(("br", "p", "div", "li", "tr", "h1", "h2", "h3", "ul", "ol", "table", "hr"))


class UnreadableMailError(ValueError):
    """The bytes are no e-mail that can be read. The message says why."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail. `sender` and `recipients` are bare addresses; `references` the local parts of message ids.

    `dmarc`, `spam` and `virus` are the receiving server's verdicts in lower case, empty if it gave none. `report` is
    the kind of a multipart/report. `attachments` are file names.
    """

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    text: str
    headers: dict[str, str] = field(default_factory=dict)
    references: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    dmarc: str = ""
    spam: str = ""
    virus: str = ""
    report: str = ""


def read_mail(raw: bytes) -> Mail:
    """Read an e-mail. Raises UnreadableMailError."""
    if raw.count(b"multipart/") > _MOST_PARTS:
        raise UnreadableMailError("the mail has more parts within parts than can be read")
    try:
        # Bytes in headers that are no text are replaced; a modern policy would try to parse what nobody asked for.
        return _mail(message_from_bytes(raw, policy=policy.compat32))
    except Exception as error:  # whatever a parser stumbles at, a person can look at the mail
        raise UnreadableMailError(f"the mail cannot be read ({type(error).__name__})") from error


def _mail(parsed: Message) -> Mail:
    text, attachments = _content(parsed)
    senders = _addresses(parsed, "From")
    return Mail(
        message_id=next(iter(_MESSAGE_ID.findall(_header(parsed, "Message-ID"))), ""),
        sender=senders[0] if len(senders) == 1 else "",
        recipients=tuple(address for name in _RECIPIENTS for address in _addresses(parsed, name)),
        text=text,
        headers={name: value for name in _HEADERS if (value := _header(parsed, name))},
        references=tuple(
            dict.fromkeys(
                _MESSAGE_ID.findall(f"{_header(parsed, 'In-Reply-To')} {_header(parsed, 'References')}")
            )
        ),
        attachments=attachments,
        dmarc=_verdict(parsed),
        spam=_header(parsed, "X-SES-Spam-Verdict").strip().lower(),
        virus=_header(parsed, "X-SES-Virus-Verdict").strip().lower(),
        report=str(parsed.get_param("report-type") or "").lower()
        if parsed.get_content_type() == "multipart/report"
        else "",
    )


def _header(parsed: Message, name: str) -> str:
    """The topmost header of a name, decoded: the receiving server puts its own above all others."""
    value = str(parsed.get(name) or "")[:_LONGEST_HEADER]
    if "=?" not in value:
        return " ".join(value.split())
    from email.errors import HeaderParseError  # noqa: PLC0415
    from email.header import decode_header, make_header  # noqa: PLC0415

    try:
        return " ".join(str(make_header(decode_header(value))).split())
    except (HeaderParseError, LookupError, ValueError):
        return " ".join(value.split())


def _addresses(parsed: Message, name: str) -> list[str]:
    values = [str(value)[:_LONGEST_HEADER] for value in parsed.get_all(name, [])[:_MOST_ADDRESSES]]
    found = [address.strip() for _, address in getaddresses(values) if "@" in address]
    return found[:_MOST_ADDRESSES]


def _verdict(parsed: Message) -> str:
    """What the receiving server says of DMARC. A header of that name further down is the sender's own."""
    results = str(parsed.get("Authentication-Results") or "")
    found = [one.lower() for one in _DMARC.findall(results)] if _SERVER.match(results) else []
    # The sender has a say in the addresses that stand in the same line: what speaks against it counts.
    return next((one for one in found if one != "pass"), found[0] if found else "")


def _content(parsed: Message) -> tuple[str, tuple[str, ...]]:
    plain, html, attachments = "", "", []
    for part in _leaves(parsed):
        kind, name = part.get_content_type(), _file_name(part)
        if name or part.get_content_disposition() == "attachment" or not kind.startswith("text/"):
            if name or kind.startswith(("application/", "image/", "audio/", "video/", "message/")):
                attachments.append((name or kind)[:200])
        elif kind == "text/html":
            html = html or _decoded(part)
        else:
            plain = plain or _decoded(part)
    return (plain if plain.strip() else _words_of(html)), tuple(attachments)


def _leaves(parsed: Message) -> Iterator[Message]:
    """The parts that are no containers, in order. A mail inside the mail is somebody else's words."""
    waiting, seen = [parsed], 0
    while waiting and seen < _MOST_PARTS:
        part, seen = waiting.pop(), seen + 1
        inside = part.get_payload()
        if isinstance(inside, list) and part.get_content_maintype() == "multipart":
            waiting.extend(reversed([one for one in inside if isinstance(one, Message)][:_MOST_PARTS]))
        else:
            yield part


def _file_name(part: Message) -> str:
    try:
        return " ".join((part.get_filename() or "").split())
    except (LookupError, ValueError, TypeError):
        return "attachment"


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    content = payload[: 4 * _LONGEST_TEXT] if isinstance(payload, bytes) else b""
    try:
        text = content.decode(part.get_content_charset() or "utf-8", errors="replace")
    except (LookupError, ValueError):
        text = content.decode("utf-8", errors="replace")
    return text[:_LONGEST_TEXT]


def _words_of(html: str) -> str:
    """The text of an HTML body without what it quotes."""
    if not html.strip():
        return ""
    from bs4 import BeautifulSoup  # noqa: PLC0415
    from bs4.element import NavigableString  # noqa: PLC0415

    if html.casefold().count("<blockquote") > _MOST_PARTS:
        html = html[: html.casefold().index("<blockquote")]
    page = BeautifulSoup(html, "html.parser")
    for quoted in page.select(_QUOTES):
        quoted.extract()
    words = [
        str(node)
        if type(node) is NavigableString
        else "\n"
        if getattr(node, "name", "") in _ON_NEW_LINES
        else ""
        for node in page.descendants
    ]
    return "\n".join(" ".join(line.split()) for line in "".join(words).splitlines()).strip()
