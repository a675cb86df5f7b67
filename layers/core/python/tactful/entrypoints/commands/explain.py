"""`tactful explain`: what would be done about a customer at a moment, and why."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tactful.entrypoints.commands.inputs import (
    SAMPLE_PAY_TO,
    Fault,
    add_book,
    add_business,
    calendar_of,
    instant,
    read_accounts,
    read_policy,
    standard_policy,
    tell_faults,
    tell_notes,
)
from tactful.entrypoints.commands.shown import aligned

if TYPE_CHECKING:
    from tactful.domain.dunning.explain import Explanation

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
    command.add_argument("--policy", type=Path, default=standard_policy(), metavar="YAML")
    command.add_argument(
        "--at", type=instant, metavar="TIME", help="an instant with its zone: 2026-03-02T09:00:00Z (now)"
    )
    command.add_argument(
        "--reminder", metavar="ID", help="instead: why this reminder was sent, as it was noted then"
    )
    add_business(command)
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run, usage=command.error)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0: fine; 1: a file has faults or there is no such customer; 2: it is not said who."""
    if arguments.reminder:
        return _reminder(arguments)
    named = {name for name in (arguments.id, arguments.customer) if name}
    if len(named) != 1:
        arguments.usage("name one customer, by its id")
    customer = named.pop()
    if arguments.invoices:
        return _on_files(arguments, customer)
    if arguments.customers:
        arguments.usage("--customers goes with --invoices: a stack has the customers it knows")
    return _on_stack(arguments, customer)


def _on_files(arguments: argparse.Namespace, customer: str) -> int:
    from tactful.domain.dunning.explain import explain

    at = arguments.at or datetime.now(UTC)
    policy, faults = read_policy(arguments.policy)
    accounts, wrong = read_accounts(arguments, at)
    faults += wrong
    account = next((known for known in accounts if known.customer.id == customer), None)
    if account is None and (accounts or not wrong):
        said = "there is no such customer: see the customer_id column"
        faults.append(Fault(str(arguments.invoices), 0, f"customer {customer}", said))
    if policy is not None and account is not None:
        _print(arguments, customer, explain(account, policy, calendar_of(arguments), at))
    if policy is not None and policy.pay_to_is_a_sample:
        tell_notes([SAMPLE_PAY_TO.format(policy=arguments.policy)])
    tell_faults(faults)
    return _FAULTS if faults else _FINE


def _on_stack(arguments: argparse.Namespace, customer: str) -> int:
    from tactful.console import account_events
    from tactful.domain.book.customer import account_key
    from tactful.domain.dunning.explain import explain

    events = account_events()
    account = events.store.load(account_key(customer))
    if account is None:
        raise ValueError(f"there is no customer {customer!r}: see the customer_id column of the upload")
    at = arguments.at or events.clock.now()
    explanation = explain(account, events.policy, events.calendar, at)
    _print(arguments, customer, explanation, {"planned_at": account.next_action_at})
    return _FINE


def _reminder(arguments: argparse.Namespace) -> int:
    """Why a reminder was sent, and what became of it: read from the stack, not decided anew."""
    from tactful.application.send_batch import decided_id
    from tactful.console import account_events, timeline
    from tactful.domain.book.contact_log import account_key_of

    key = account_key_of(arguments.reminder)
    account = account_events().store.load(key) if key else None
    reminder = account.reminder(arguments.reminder) if account else None
    if account is None or reminder is None:
        raise ValueError(
            f"there is no reminder {arguments.reminder!r}: its id is in the log of send_reminders"
        )
    entries = [
        *timeline().timeline(key, decided_id(reminder.id)),
        *timeline().timeline(key, f"delivery-{reminder.id}"),
    ]
    answer = {
        "customer_id": account.customer.id,
        "reminder": reminder.id,
        "at": reminder.at.isoformat(),
        "stage": reminder.stage,
        "occurrence": reminder.occurrence,
        "tone": str(reminder.tone),
        "channel": str(reminder.channel),
        "status": str(reminder.status),
        "policy": reminder.policy,
        "invoices": [line.number for line in reminder.invoices],
        "reasons": list(reminder.reasons),
        "timeline": [
            {"at": entry.at.isoformat(), "kind": entry.kind, "facts": dict(entry.facts)} for entry in entries
        ],
    }
    if arguments.json:
        json.dump(answer, sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
        return _FINE
    said = ", ".join(str(answer[name]) for name in ("stage", "tone", "channel", "status"))
    sys.stdout.write(f"{account.customer.id} at {answer['at']} with {reminder.policy}: {said}\n")
    rows = [_section("because", [(reason,) for reason in reminder.reasons])]
    rows += [_section(f"{e.kind} at {e.at.isoformat()}", list(e.facts)) for e in entries]
    sys.stdout.writelines(f"{line}\n" for lines in rows for line in lines)
    return _FINE


def _print(
    arguments: argparse.Namespace,
    customer: str,
    explanation: Explanation,
    more: Mapping[str, datetime | None] | None = None,
) -> None:
    from tactful.domain.dunning.explain import as_json

    added = {name: at.isoformat() if at else None for name, at in (more or {}).items()}
    if arguments.json:
        answer = {"customer_id": customer} | as_json(explanation) | added
        json.dump(answer, sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _lines(customer, explanation))


def _lines(customer: str, explanation: Explanation) -> Iterator[str]:
    following = explanation.next_action_at
    yield f"{customer} at {explanation.at.isoformat()} with {explanation.policy}: {explanation.verdict}"
    yield from _section("because", [(str(reason),) for reason in explanation.decision.reasons])
    yield f"next: {following.isoformat() if following else 'nothing until something happens'}"
    yield from _section("on its clocks", [(at.isoformat(),) for at in explanation.local])
    yield from _section("different for it", [*explanation.origins.items()])
    invoices = [
        (
            known.number,
            str(known.amount),
            f"due {known.due_date}",
            f"{known.days_late:+d} days",
            known.stage or "-",
            "blocked" if known.blocked else "told" if known.told else "not told",
            known.why,
        )
        for known in explanation.invoices
    ]
    yield from _section("invoices", invoices)
    contacts = [
        (
            contact.role,
            ", ".join(contact.channels) or "no address",
            f"not to be used: {', '.join(contact.suppressed)}" if contact.suppressed else "",
        )
        for contact in explanation.contacts
    ]
    yield from _section("contacts", contacts)
    record = explanation.record
    settled = f"{record.settled} settled, {record.on_time} on time"
    kept = f"promises {record.promises_kept} kept, {record.promises_broken} broken"
    yield from _section("record", [(str(explanation.relationship), settled, kept)])
    yield from _section("contacted lately", [(at.isoformat(),) for at in explanation.last_contacts])
    gates = [
        (str(gate.name), "passed" if gate.passed else "BLOCKED", gate.about) for gate in explanation.gates
    ]
    yield from _section("gates", gates)


def _section(name: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield f"{name}:"
        yield from aligned(rows)
