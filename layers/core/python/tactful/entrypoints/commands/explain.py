"""`tactful explain`: what would be done about a customer at a moment, and why."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tactful.entrypoints.commands.inputs import (
    SAMPLE_PAY_TO,
    STANDARD_POLICY,
    Fault,
    add_book,
    add_business,
    calendar_of,
    instant,
    read_accounts,
    read_policy,
    tell_faults,
    tell_notes,
)

if TYPE_CHECKING:
    from tactful.domain.book.account import Account
    from tactful.domain.dunning.calendar import Calendar
    from tactful.domain.dunning.policy import Policy

_FINE, _FAULTS = 0, 1


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `explain` to a command line."""
    command = commands.add_parser(
        "explain",
        help="say what would be done about a customer, and why",
        description="With a customer alone: now, on a stack. With --invoices: at any moment, on files.",
    )
    command.add_argument("id", nargs="?", metavar="CUSTOMER", help="the customer's id")
    command.add_argument("--customer", metavar="ID", help="the same")
    add_book(command, required=False)
    command.add_argument("--policy", type=Path, default=STANDARD_POLICY, metavar="YAML")
    command.add_argument(
        "--at", type=instant, metavar="TIME", help="an instant with its zone: 2026-03-02T09:00:00Z (now)"
    )
    add_business(command)
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run, usage=command.error)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0: fine; 1: a file has faults or there is no such customer; 2: it is not said who."""
    named = {name for name in (arguments.id, arguments.customer) if name}
    if len(named) != 1:
        arguments.usage("name one customer, by its id")
    customer = named.pop()
    if arguments.invoices:
        return _on_files(arguments, customer)
    if arguments.customers or arguments.at:
        arguments.usage("--customers and --at go with --invoices: a stack is explained as it is now")
    return _on_stack(arguments, customer)


def _on_files(arguments: argparse.Namespace, customer: str) -> int:
    at = arguments.at or datetime.now(UTC)
    policy, faults = read_policy(arguments.policy)
    accounts, wrong = read_accounts(arguments, at)
    faults += wrong
    account = next((known for known in accounts if known.customer.id == customer), None)
    if account is None:
        said = "there is no such customer: see the customer_id column"
        faults.append(Fault(str(arguments.invoices), 0, f"customer {customer}", said))
    if policy is not None and policy.pay_to_is_a_sample:
        tell_notes([SAMPLE_PAY_TO.format(policy=arguments.policy)])
    if policy is not None and account is not None:
        _print(arguments, _explained(account, policy, calendar_of(arguments), at))
    tell_faults(faults)
    return _FAULTS if faults else _FINE


def _on_stack(arguments: argparse.Namespace, customer: str) -> int:
    from tactful.bootstrap import account_events
    from tactful.domain.book.customer import account_key

    events = account_events()
    account = events.store.load(account_key(customer))
    if account is None:
        raise ValueError(f"there is no customer {customer!r}: see the customer_id column of the upload")
    answer = _explained(account, events.policy, events.calendar, events.clock.now())
    _print(arguments, answer | {"planned_at": account.next_action_at})
    return _FINE


def _explained(account: Account, policy: Policy, calendar: Calendar, at: datetime) -> dict[str, Any]:
    from tactful.domain.dunning.decide import decide
    from tactful.domain.dunning.decision import next_action_at

    decision = decide(account, policy, calendar, at)
    return {
        "customer_id": account.customer.id,
        "at": at,
        "policy": policy.label,
        "facts": _facts(account, policy, calendar, at),
        "decision": type(decision).__name__.lower(),
        "until": getattr(decision, "until", None),
        "reasons": [str(reason) for reason in decision.reasons],
        "next_action_at": next_action_at(decision, at),
    }


def _facts(account: Account, policy: Policy, calendar: Calendar, at: datetime) -> dict[str, Any]:
    customer = account.customer
    zones = calendar.zones_of(customer)
    return {
        "today": calendar.today(at),
        "local": [f"{at.astimezone(zone):%a %Y-%m-%d %H:%M} {zone.key}" for zone in zones],
        "may_be_contacted": calendar.is_open(
            at, customer, policy.for_customer(customer, calendar.business_country)
        ),
        "invoices": [
            {
                "number": invoice.number,
                "state": str(invoice.state),
                "due_date": invoice.due_date,
                "amount_due": str(invoice.amount_due),
            }
            for invoice in account.invoices
        ],
        "contacts": [
            {"role": str(contact.role), "email": bool(contact.email), "sms": bool(contact.phone)}
            for contact in customer.contacts
        ],
        "suppressed": dict(Counter(str(known.channel) for known in account.addresses if known.suppression)),
        "promises": len(account.promises),
        "holds": len(account.holds),
        "reminders": [
            {
                "at": known.at,
                "stage": known.stage,
                "tone": str(known.tone),
                "channel": str(known.channel),
                "status": str(known.status),
            }
            for known in account.reminders
        ],
    }


def _print(arguments: argparse.Namespace, answer: dict[str, Any]) -> None:
    if arguments.json:
        json.dump(answer, sys.stdout, indent=2, default=_iso, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _lines(answer))


def _iso(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _lines(answer: dict[str, Any]) -> list[str]:
    facts = answer["facts"]
    until = f" until {_iso(answer['until'])}" if answer["until"] else ""
    said = [
        f"{answer['customer_id']}: {answer['decision']}{until} ({answer['policy']}, {_iso(answer['at'])})"
    ]
    said += [f"  because  {reason}" for reason in answer["reasons"]]
    said += [f"  where    {local}" for local in facts["local"]]
    said += [
        f"  invoice  {known['number']}  due {known['due_date']}  {known['amount_due']}  {known['state']}"
        for known in facts["invoices"]
    ]
    said += [
        f"  before   {_iso(known['at'])}  {known['stage']}  {known['tone']} {known['channel']}  {known['status']}"
        for known in facts["reminders"]
    ]
    then = answer["next_action_at"]
    return [*said, f"  next     {_iso(then) if then else 'nothing until something happens'}"]
