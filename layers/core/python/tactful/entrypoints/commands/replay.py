"""`tactful replay`: what policies would have done with a history of invoices."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tactful.entrypoints.commands.inputs import (
    Fault,
    add_business,
    calendar_of,
    open_input,
    read_policy,
    standard_policy,
    tell_faults,
)
from tactful.entrypoints.commands.shown import aligned, painter

if TYPE_CHECKING:
    from tactful.application.replay_history import Period, PolicyReplay
    from tactful.domain.dunning.policy import Policy
    from tactful.imports.history import History, PastInvoice

_FINE, _FAULTS = 0, 1
_ANY_CURRENCY = "USD"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `replay` to a command line."""
    command = commands.add_parser(
        "replay",
        help="say what policies would have done with a history of invoices",
        description="Feeds invoices with their issue and settlement dates through the engine, day by day.",
    )
    command.add_argument("--history", type=Path, required=True, metavar="CSV")
    command.add_argument(
        "--policy", type=Path, action="append", metavar="YAML", help="may be given several times, to compare"
    )
    command.add_argument("--currency", default="USD", help="of all amounts (USD)")
    command.add_argument(
        "--date-order",
        "--dates",
        choices=("dmy", "mdy", "ymd"),
        help="how dates are written, where the file leaves it open",
    )
    add_business(command)
    command.add_argument("--plot", type=Path, metavar="FILE", help="draw a picture: an .svg or .png file")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0: fine; 1: a policy or a row is wrong, or a message came after settlement."""
    from tactful.application.replay_history import period_of, replay

    calendar = calendar_of(arguments)
    faults: list[Fault] = []
    policies = [_policy(path, faults) for path in arguments.policy or [standard_policy()]]
    known = [policy for policy in policies if policy is not None]
    currency = _currency(arguments.currency, faults)
    history = _history(arguments, currency, faults)
    may_draw = arguments.plot is None or _can_be_drawn(arguments.plot, faults)
    if len(known) < len(policies) or not (currency and history and may_draw):
        tell_faults(faults)
        return _FAULTS
    period = period_of(history.invoices)
    replays = [replay(history.invoices, policy, calendar) for policy in known]
    faults += [
        Fault("", 0, f"customer {fault.customer_id} at {fault.at.isoformat()}", fault.said)
        for found in replays
        for fault in found.faults
    ]
    if arguments.json:
        json.dump(_answer(history.invoices, period, replays, faults), sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _text(history.invoices, period, replays))
    if arguments.plot:
        _draw(arguments.plot, history.invoices, period, replays, currency)
    tell_faults(faults)
    return _FAULTS if faults or any(found.after_settlement for found in replays) else _FINE


def _policy(path: Path, faults: list[Fault]) -> Policy | None:
    policy, wrong = read_policy(path)
    faults += wrong
    return policy


def _currency(text: str, faults: list[Fault]) -> str:
    """The code of a currency; empty, and a fault, if there is none such."""
    from tactful.domain.book.money import digits_of

    try:
        digits_of(text.upper())
    except ValueError as error:
        faults.append(Fault("", 0, "--currency", str(error)))
        return ""
    return text.upper()


def _history(arguments: argparse.Namespace, currency: str, faults: list[Fault]) -> History | None:
    """The history, and why records were left out; None if there is nothing to replay."""
    from tactful.imports.history import read_history
    from tactful.imports.upload_settings import DateOrder

    file = str(arguments.history)
    dates = DateOrder(arguments.date_order) if arguments.date_order else None
    with ExitStack() as stack:
        source = open_input(arguments.history, stack, faults)
        if source is None:
            return None
        try:
            # Without a currency nothing is replayed: what else is wrong with the file is told all the same.
            history = read_history(source, currency or _ANY_CURRENCY, dates)
        except ValueError as error:
            faults.append(Fault(file, 0, "", str(error)))
            return None
    faults += [Fault(file, 0, "", said, record) for record, said in history.faults]
    if not history.invoices:
        said = "the history has no invoice that can be read: there is nothing to replay"
        faults.append(Fault(file, 0, "", said))
        return None
    return history


def _can_be_drawn(target: Path, faults: list[Fault]) -> bool:
    """Whether a picture can be drawn there: told before the work is done, not after it."""
    from tactful.adapters.plots import PlotError, check_target

    try:
        check_target(target)
    except PlotError as error:
        faults.append(Fault("", 0, "--plot", str(error)))
        return False
    return True


def _draw(
    target: Path,
    history: Sequence[PastInvoice],
    period: Period,
    replays: Sequence[PolicyReplay],
    currency: str,
) -> None:
    from tactful.adapters.plots import Receivables, draw_replay
    from tactful.application.replay_history import ageing
    from tactful.domain.book.money import digits_of

    days = [period.first + timedelta(days=number) for number in range(period.days)]
    unit = 10 ** digits_of(currency)
    amounts = [[minor / unit for minor in bucket] for bucket in ageing(history, days)]
    draw_replay(target, Receivables(currency, days, amounts), replays)
    sys.stderr.write(f"drawn: {target}\n")


_FIGURES = {
    "messages": "reminders sent",
    "after_settlement": "of them after settlement",
    "tasks": "tasks for people",
    "thanks": "thank-yous",
    "customers_contacted": "customers reminded at all",
    "customers_spared": "customers never told that they are late, who paid all",
    "invoices_spared": "invoices settled before any overdue message",
    "invoices_spared_late": "of them paid late, but by themselves",
}
_COUNTS = {"by_stage": "stage", "by_tone": "tone", "by_task": "task"}


def _facts(history: Sequence[PastInvoice], period: Period) -> dict[str, Any]:
    settled = [known for known in history if known.settled_on]
    late = [known for known in settled if known.settled_on and known.settled_on > known.due_date]
    return {
        "first_day": period.first.isoformat(),
        "days": period.days,
        "customers": len({known.customer_id for known in history}),
        "invoices": len(history),
        "invoices_settled": len(settled),
        "invoices_settled_late": len(late),
        "invoices_never_settled": len(history) - len(settled),
        "invoices_disputed": sum(known.disputed for known in history),
    }


def _answer(
    history: Sequence[PastInvoice], period: Period, replays: Sequence[PolicyReplay], faults: Sequence[Fault]
) -> dict[str, Any]:
    from tactful.application.replay_history import ASSUMPTIONS

    return {
        "history": _facts(history, period),
        "assumptions": list(ASSUMPTIONS),
        "policies": [
            {"policy": found.policy} | {name: getattr(found, name) for name in (*_FIGURES, *_COUNTS)}
            for found in replays
        ],
        "faults": [fault.as_json() for fault in faults],
    }


def _text(history: Sequence[PastInvoice], period: Period, replays: Sequence[PolicyReplay]) -> Iterator[str]:
    from tactful.application.replay_history import ASSUMPTIONS

    paint = painter(sys.stdout)
    facts = _facts(history, period)
    yield paint(
        f"{facts['days']:,} days from {facts['first_day']}: {facts['customers']:,} customers, "
        f"{facts['invoices']:,} invoices",
        "head",
    )
    yield (
        f"  {facts['invoices_settled']:,} settled, {facts['invoices_settled_late']:,} of them late; "
        f"{facts['invoices_never_settled']:,} never settled; {facts['invoices_disputed']:,} disputed"
    )
    yield ""
    rows = [("", *[found.policy for found in replays])]
    rows += [(said, *[f"{getattr(found, name):,}" for found in replays]) for name, said in _FIGURES.items()]
    for name, what in _COUNTS.items():
        counted = [getattr(found, name) for found in replays]
        rows += [
            (f"{what} {key}", *[f"{counts.get(key, 0):,}" for counts in counted])
            for key in dict.fromkeys(key for counts in counted for key in counts)
        ]
    head, *body = aligned(rows, right=frozenset(range(1, len(replays) + 1)))
    yield paint(head, "head")
    yield from body
    yield ""
    yield "assumed:"
    yield from (f"- {assumption}" for assumption in ASSUMPTIONS)
