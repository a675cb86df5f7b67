"""`tactful plan`: what paying in instalments comes to, without a stack."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from tactful.entrypoints.commands.inputs import add_business, calendar_of, day
from tactful.entrypoints.commands.shown import aligned

if TYPE_CHECKING:
    from tactful.domain.charges.plans import PlanSchedule
    from tactful.domain.charges.wanted import Instalments

_FINE = 0
_PARTS, _DAYS = range(1, 61), range(1, 367)
_EVERY = 30


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `plan` to a command line."""
    parser = commands.add_parser(
        "plan",
        help="work out a payment plan: days, amounts and interest",
        description="Work out a payment plan. Days move forward off weekends and the public holidays of --country.",
    )
    parser.add_argument("--amount", required=True, metavar="AMOUNT", help="the debt, for example 1000.00")
    parser.add_argument(
        "--currency", required=True, type=currency, metavar="C", help="of all amounts, ISO 4217"
    )
    parts = parser.add_mutually_exclusive_group(required=True)
    add_parts(parts)
    add_rhythm(parser)
    parser.add_argument(
        "--rate",
        type=percent,
        default=Decimal(0),
        metavar="PERCENT",
        help="simple interest a year on what is left (none)",
    )
    parser.add_argument(
        "--agreed",
        type=day,
        metavar="DATE",
        help="the day of the agreement, from which interest runs (today)",
    )
    add_business(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run, usage=parser.error)


def add_parts(parts: argparse._MutuallyExclusiveGroup) -> None:
    """The arguments that say into which parts a debt is divided."""
    parts.add_argument("--instalments", type=_parts, metavar="NUMBER", help="so many equal instalments")
    parts.add_argument(
        "--amounts", type=_amounts, metavar="A,B,...", help="instalments of these amounts, as 100.00,200.00"
    )


def add_rhythm(parser: argparse.ArgumentParser) -> None:
    """The other arguments that describe instalments."""
    parser.add_argument("--first", type=day, metavar="DATE", help="the day of the first instalment")
    rhythm = parser.add_mutually_exclusive_group()
    rhythm.add_argument(
        "--every", type=_days, metavar="DAYS", help=f"days between instalments ({_EVERY}; 7 is weekly)"
    )
    rhythm.add_argument(
        "--monthly", action="store_true", help="on the same day of every month, or its last day"
    )
    parser.add_argument(
        "--down-payment", default="", metavar="AMOUNT", help="what the first of the --instalments is"
    )
    parser.add_argument(
        "--rest-due-after",
        type=_grace,
        metavar="DAYS",
        help="once an instalment is more than so many days late, all the rest falls due (never: only what is behind "
        "is asked for)",
    )


def wants_instalments(arguments: argparse.Namespace) -> bool:
    """Whether instalments are asked for. Tells a wrong use, and exits."""
    if arguments.instalments or arguments.amounts:
        return True
    given = (arguments.first, arguments.every, arguments.monthly, arguments.down_payment)
    if any(given) or arguments.rest_due_after is not None:
        arguments.usage("--first and what describes instalments go with --instalments or --amounts")
    return False


def instalments_from(arguments: argparse.Namespace) -> Instalments:
    """The instalments that are asked for. Tells a wrong use, and exits."""
    from tactful.domain.charges.rhythm import MONTHLY, Rhythm
    from tactful.domain.charges.wanted import Instalments

    if arguments.first is None:
        arguments.usage("--instalments and --first go together, and so do --amounts and --first")
    if arguments.amounts and arguments.down_payment:
        arguments.usage("--down-payment goes with --instalments: put it first among the --amounts")
    return Instalments(
        arguments.first,
        MONTHLY if arguments.monthly else Rhythm(days=arguments.every or _EVERY),
        arguments.instalments or 0,
        arguments.amounts or (),
        arguments.down_payment,
        arguments.rest_due_after,
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the plan. A plan that cannot be is told by a ValueError."""
    from tactful.domain.book.money import parse_money
    from tactful.domain.charges.plans import schedule
    from tactful.domain.dunning.calendar import working_days

    wanted = instalments_from(arguments)
    calendar = calendar_of(arguments)
    debt = parse_money(arguments.amount, arguments.currency, is_typed=True)
    agreed_on = arguments.agreed or calendar.today(datetime.now(UTC))
    is_open = working_days(calendar.public_holidays, calendar.business_country, calendar.business_region)
    plan = schedule(wanted.terms(debt, agreed_on, arguments.rate), is_open)
    if arguments.json:
        sys.stdout.write(json.dumps(_as_json(plan), indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in lines_of(plan))
    return _FINE


def lines_of(plan: PlanSchedule) -> Iterator[str]:
    """A plan as a table, and what holds beside it."""
    from tactful.domain.charges.working import plain

    number = len(plan.lines)
    yield f"{plan.debt} in {number} instalment{'s' * (number != 1)}"
    head = ["", "due", "principal", "interest", "total", "left"]
    rows = [
        [
            str(line.number),
            line.date.isoformat(),
            *(
                f"{amount.decimal():,}"
                for amount in (line.principal, line.interest, line.total, line.balance)
            ),
        ]
        for line in plan.lines
    ]
    sums = ["", "sum", *(f"{amount.decimal():,}" for amount in (plan.debt, plan.interest, plan.total)), ""]
    table = [head, *rows, sums]
    if not plan.yearly_rate:
        table = [[*row[:2], row[4].replace("total", "amount"), row[5]] for row in table]
    yield from aligned(table, right=frozenset(range(len(table[0]))) - {1})
    yield (
        f"interest: {plain(plan.yearly_rate)} % a year on what is left, {plan.interest} in all"
        if plan.yearly_rate
        else "interest: none"
    )
    yield (
        "if an instalment is missed: only what is behind is asked for"
        if plan.rest_due_after is None
        else f"if an instalment is more than {plan.rest_due_after} days late: all the rest falls due"
    )


def _as_json(plan: PlanSchedule) -> dict[str, Any]:
    return {
        "currency": plan.debt.currency,
        "debt_minor": plan.debt.minor,
        "interest_minor": plan.interest.minor,
        "total_minor": plan.total.minor,
        "yearly_rate_percent": str(plan.yearly_rate),
        "rest_due_after_days": plan.rest_due_after,
        "instalments": [
            {
                "number": line.number,
                "date": line.date.isoformat(),
                "principal_minor": line.principal.minor,
                "interest_minor": line.interest.minor,
                "total_minor": line.total.minor,
                "balance_minor": line.balance.minor,
            }
            for line in plan.lines
        ],
    }


def currency(text: str) -> str:
    """An ISO 4217 code."""
    from tactful.domain.book.money import MoneyError, digits_of

    code = text.strip().upper()
    try:
        digits_of(code)
    except MoneyError as error:
        raise argparse.ArgumentTypeError(f"{error}: write one such as EUR") from None
    return code


def percent(text: str) -> Decimal:
    """A number of percent."""
    try:
        return Decimal(text.strip().removesuffix("%"))
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"{text!r} is no percentage: write 5 or 8.75") from None


def _parts(text: str) -> int:
    return _within(text, _PARTS, "instalments")


def _days(text: str) -> int:
    return _within(text, _DAYS, "days")


def _grace(text: str) -> int:
    return _within(text, range(_DAYS.stop), "days")


def _within(text: str, allowed: range, what: str) -> int:
    if not (
        text.isascii() and text.isdigit() and len(text) < len(str(allowed.stop)) + 1 and int(text) in allowed
    ):
        raise argparse.ArgumentTypeError(f"{text!r}: give {allowed.start} to {allowed.stop - 1} {what}")
    return int(text)


def _amounts(text: str) -> tuple[str, ...]:
    amounts = tuple(part.strip() for part in text.split(","))
    if not all(amounts) or len(amounts) not in _PARTS:
        raise argparse.ArgumentTypeError(
            f"{text!r}: give 1 to {_PARTS.stop - 1} amounts with commas between them, as 100.00,200.00"
        )
    return amounts
