"""`tactful understand`: what clients' messages mean, without a stack."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tactful.domain.replies.message import Facts, Incoming, Understood

_FINE, _FAULT = 0, 1


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `understand` to a command line."""
    parser = commands.add_parser(
        "understand",
        help="what clients' messages mean",
        description="Read messages as JSON, one a line, from standard input: id, channel (sms or email), text, locale, "
        "reference_date and headers. Print for each what it means, by which words, as JSON.",
    )
    parser.set_defaults(run=understand_all)


def understand_all(arguments: argparse.Namespace) -> int:
    """Understand every line; one that cannot be read is told of, and the others go on."""
    del arguments
    from tactful.domain.replies.understand import understand

    code = _FINE
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            record = _record(line)
            message = _message(record)
        except ValueError as error:
            sys.stderr.write(f"line {number}: {error}\n")
            code = _FAULT
            continue
        sys.stdout.write(json.dumps(_told(record, understand(message)), ensure_ascii=False) + "\n")
    return code


def _record(line: str) -> Mapping[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise ValueError(f"no JSON: {error}") from None
    if not isinstance(record, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - whatever is wrong with a line is told in the same way
    return record


def _message(record: Mapping[str, Any]) -> Incoming:
    from tactful.domain.replies.message import Incoming

    channel = record.get("channel")
    if channel not in ("sms", "email"):
        raise ValueError(f"channel {channel!r}: give sms or email")
    texts = {name: record.get(name, default) for name, default in (("text", ""), ("locale", "en-GB"))}
    for name, value in texts.items():
        if not isinstance(value, str):
            raise ValueError(f"{name} {value!r}: give a text")  # noqa: TRY004 - as above
    try:
        today = date.fromisoformat(str(record.get("reference_date")))
    except ValueError:
        raise ValueError(
            f"reference_date {record.get('reference_date')!r}: give a day as 2026-03-31"
        ) from None
    headers = record.get("headers") or {}
    if not isinstance(headers, dict):
        raise ValueError("headers: give an object of names and values")  # noqa: TRY004 - as above
    return Incoming(
        channel, texts["text"], texts["locale"], today, {str(k): str(v) for k, v in headers.items()}
    )


def _told(record: Mapping[str, Any], understood: Understood) -> dict[str, Any]:
    return {
        "id": record.get("id"),
        "primary": str(understood.primary),
        "also": [str(intent) for intent in understood.also],
        "facts": _facts(understood.facts),
        "because": {str(intent): words for intent, words in understood.because.items()},
    }


def _facts(facts: Facts) -> dict[str, Any]:
    """The facts; what a message does not state is null, or an empty list."""
    return {
        "promise_date": _day(facts.promise_date),
        "amount_minor": facts.amount_minor,
        "currency": facts.currency or None,
        "invoices": list(facts.invoices),
        "contact_email": facts.contact_email or None,
        "contact_phone": facts.contact_phone or None,
        "opt_out_scope": str(facts.opt_out_scope) if facts.opt_out_scope else None,
        "requested_date": _day(facts.requested_date),
        "paid_date": _day(facts.paid_date),
        "payment_ref": facts.payment_ref or None,
        "rest_date": _day(facts.rest_date),
        "conditional": facts.conditional,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
