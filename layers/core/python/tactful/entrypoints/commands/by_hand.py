"""`tactful contact`, `promise`, `extend`, `hold` and `lift`: what somebody did or agreed with a customer."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

from tactful.entrypoints.commands.inputs import day, instant

if TYPE_CHECKING:
    from tactful.application.account_events import AccountEvents
    from tactful.domain.book.account import Account

_FINE = 0


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add these commands to a command line."""
    contact = commands.add_parser(
        "contact", help="note a contact made by hand: reminders keep their distance from it"
    )
    contact.add_argument("customer", metavar="CUSTOMER", help="the customer's id")
    contact.add_argument("--how", required=True, metavar="WORD", help="call, letter, visit, email or sms")
    contact.add_argument("--at", type=instant, metavar="TIME", help="when, with its zone (now)")
    contact.add_argument("--note", default="", metavar="TEXT", help="kept with it")
    contact.set_defaults(run=note_contact)

    promise = commands.add_parser("promise", help="note that a customer promised to pay by a date")
    _add_agreement(promise, "--by", "the promised date")
    promise.set_defaults(run=note_promise)

    extend = commands.add_parser("extend", help="grant a later due date")
    _add_agreement(extend, "--until", "the new due date")
    extend.set_defaults(run=grant_extension)

    hold = commands.add_parser("hold", help="pause reminders, until a date or until `lift`")
    _add_agreement(
        hold, "--until", "the day on which it ends; left out, until somebody lifts it", required=False
    )
    hold.add_argument(
        "--kind",
        default="manual",
        metavar="KIND",
        help="manual, dispute, hardship, legal, direct_debit, paid_claim",
    )
    hold.add_argument("--note", default="", metavar="TEXT", help="kept with it")
    hold.set_defaults(run=put_hold)

    lift = commands.add_parser("lift", help="end a hold")
    lift.add_argument("customer", metavar="CUSTOMER", help="the customer's id")
    lift.add_argument("hold", metavar="HOLD_ID", help="as `tactful hold` named it")
    lift.set_defaults(run=lift_hold)


def _add_agreement(
    parser: argparse.ArgumentParser, date: str, help_text: str, *, required: bool = True
) -> None:
    parser.add_argument("customer", metavar="CUSTOMER", help="the customer's id")
    parser.add_argument(date, dest="date", type=day, required=required, metavar="DATE", help=help_text)
    parser.add_argument(
        "--invoice",
        action="append",
        default=[],
        metavar="NUMBER",
        help="which (all that are due); may be repeated",
    )


def note_contact(arguments: argparse.Namespace) -> int:
    """Note a contact made by hand."""
    from tactful.console import by_hand

    account = by_hand().contact(arguments.customer, arguments.how, arguments.at, arguments.note)
    return _told("noted", account)


def note_promise(arguments: argparse.Namespace) -> int:
    """Note a promise."""
    from tactful.console import by_hand

    return _told("noted", by_hand().promise(arguments.customer, tuple(arguments.invoice), arguments.date))


def grant_extension(arguments: argparse.Namespace) -> int:
    """Grant a later due date."""
    from tactful.console import by_hand

    return _told("granted", by_hand().extend(arguments.customer, tuple(arguments.invoice), arguments.date))


def put_hold(arguments: argparse.Namespace) -> int:
    """Pause reminders."""
    from tactful.console import by_hand
    from tactful.domain.book.agreements import HoldKind

    kinds = [str(kind) for kind in HoldKind]
    if arguments.kind not in kinds:
        raise ValueError(f"there is no hold of kind {arguments.kind!r}: name one of {', '.join(kinds)}")
    kind, invoices = HoldKind(arguments.kind), tuple(arguments.invoice)
    account = by_hand().hold(arguments.customer, kind, arguments.date, invoices, arguments.note)
    newest = max(account.holds, key=lambda hold: hold.since)
    return _told(f"on hold as {newest.id}", account)


def lift_hold(arguments: argparse.Namespace) -> int:
    """End a hold."""
    from tactful.console import by_hand

    return _told("lifted", by_hand().lift(arguments.customer, arguments.hold, getpass.getuser()))


def what_follows(events: AccountEvents, account: Account) -> str:
    """What the engine makes of the account now, in a line."""
    explanation = events.explain(account)
    reasons = "; ".join(str(reason) for reason in explanation.decision.reasons)
    following = explanation.next_action_at
    until = f" until {following.isoformat()}" if explanation.verdict == "wait" and following else ""
    return f"what follows: {explanation.verdict}{until} ({reasons})"


def _told(what: str, account: Account) -> int:
    from tactful.console import account_events

    sys.stdout.write(f"{what}; {what_follows(account_events(), account)}\n")
    return _FINE
