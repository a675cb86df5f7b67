"""`tactful timeline`: everything that happened to a customer, in order."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tactful.domain.book.account import Entry

_FINE = 0
_SHOWN = 160


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `timeline` to a command line."""
    parser = commands.add_parser("timeline", help="everything that happened to a customer, in order")
    parser.add_argument("customer", metavar="CUSTOMER", help="the customer's id")
    parser.add_argument("--json", action="store_true", help="print JSON, with all the facts")
    parser.set_defaults(run=show_timeline)


def show_timeline(arguments: argparse.Namespace) -> int:
    """Print the timeline, and what is agreed and on hold now."""
    from tactful.console import account_events, timeline
    from tactful.domain.book.agreements import HOLDS
    from tactful.domain.book.customer import account_key

    events = account_events()
    account = events.store.load(account_key(arguments.customer))
    if account is None:
        raise ValueError(
            f"there is no customer {arguments.customer!r}: see the customer_id column of the upload"
        )
    entries = timeline().timeline(account.key)
    if arguments.json:
        told = [{"id": e.id, "at": e.at.isoformat(), "kind": e.kind, "facts": dict(e.facts)} for e in entries]
        sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
        return _FINE
    for entry in entries:
        _print(entry)
    now = events.clock.now()
    today = events.calendar.today(now)
    for promise in account.promises:
        if promise.is_running(today):
            sys.stdout.write(f"promised by {promise.promised_date}: {', '.join(promise.invoices)}\n")
    for hold in account.holds:
        if hold.is_active(now):
            until = f"{hold.until.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if hold.until else "until lifted"
            about = ", ".join(hold.invoices) or "all invoices"
            sys.stdout.write(
                f"on hold ({hold.kind}) {until}: {about}; ended by {HOLDS[hold.kind].ended_by}\n"
            )
    if not entries:
        sys.stdout.write("nothing has happened yet\n")
    return _FINE


def _print(entry: Entry) -> None:
    facts = "; ".join(f"{name}: {' '.join(said.split())}" for name, said in entry.facts if said)
    shown = facts if len(facts) <= _SHOWN else f"{facts[: _SHOWN - 3]}..."
    sys.stdout.write(f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M}  {entry.kind:<24}  {shown}\n")
