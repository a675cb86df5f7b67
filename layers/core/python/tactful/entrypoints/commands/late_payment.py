"""`tactful late-payment`: the late payment calculator."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tactful.entrypoints.commands.inputs import day, templates

if TYPE_CHECKING:
    from tactful.domain.book.money import Money
    from tactful.domain.charges.late_payment import Charges, Debt, Pause, Segment
    from tactful.domain.charges.rules import ChargeRules

_FINE, _REFUSED = 0, 1
_DAILY = Decimal("0.0001")
# Beyond that, nobody sends an invoice, and sums would lose their last digits.
_MOST_MINOR = 10**18


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `late-payment` to a command line."""
    parser = commands.add_parser(
        "late-payment",
        help="work out what late payment of an invoice costs, line by line",
        description="Work out interest and fixed sum for an invoice that is paid late, by a country's law or a "
        "contract. Not legal advice: the rules and their sources are in templates/charges/.",
    )
    parser.add_argument(
        "--amount", required=True, metavar="SUM", help="of the invoice, for example 1000 or 1000.50"
    )
    parser.add_argument("--currency", required=True, metavar="C", help="ISO 4217, for example GBP")
    parser.add_argument("--due", required=True, type=day, metavar="DATE", help="the day it was due")
    parser.add_argument(
        "--at", type=day, metavar="DATE", help="the day up to which it is counted (today, UTC)"
    )
    parser.add_argument(
        "--rules",
        required=True,
        metavar="NAME",
        help="uk, eu, de, fr, es, ... or a YAML file: a contract's own",
    )
    parser.add_argument(
        "--paid",
        type=_paid,
        action="append",
        default=[],
        metavar="DATE=SUM",
        help="a part that was paid; repeatable",
    )
    parser.add_argument(
        "--disputed",
        type=_days,
        action="append",
        default=[],
        metavar="FIRST..LAST",
        help="days of a dispute that was your fault, without interest; repeatable",
    )
    parser.add_argument("--consumer", action="store_true", help="the client is a consumer")
    parser.add_argument("--claimed", metavar="SUM", help="the interest that was claimed before")
    parser.add_argument(
        "--claimed-until", type=day, metavar="DATE", help="the day up to which it was claimed"
    )
    parser.add_argument("--fixed-sum-claimed", action="store_true", help="the fixed sum was claimed before")
    parser.add_argument(
        "--templates", type=Path, metavar="DIR", help="the folder templates/ to take the rules from"
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.set_defaults(run=late_payment)


def late_payment(arguments: argparse.Namespace) -> int:
    """Print the charges and how they come about; refuse what cannot or may not be charged."""
    from tactful.adapters.charge_rules import rules_called
    from tactful.domain.charges.late_payment import charges_for

    until = arguments.at or datetime.now(UTC).date()
    try:
        debt = _debt(arguments)
        rules = rules_called(arguments.rules, arguments.templates or templates())
        charges = charges_for(debt, rules, until)
    except ValueError as error:
        if arguments.json:
            sys.stdout.write(json.dumps({"error": str(error)}, ensure_ascii=False) + "\n")
        sys.stderr.write(f"tactful: {error}\n")
        return _REFUSED
    answer = _as_json(debt, rules, charges) if arguments.json else _as_text(debt, rules, charges, until)
    sys.stdout.write(answer + "\n")
    return _FINE


def _debt(arguments: argparse.Namespace) -> Debt:
    from tactful.domain.book.customer import Purpose
    from tactful.domain.book.money import parse_money
    from tactful.domain.charges.late_payment import Debt

    def money(text: str, least: int = 1) -> Money:
        amount = parse_money(text, arguments.currency, is_typed=True)
        if amount.minor < least:
            raise ValueError(f"{text} is no amount above 0" if least else f"{text} is below 0")
        if amount.minor > _MOST_MINOR:
            raise ValueError(f"{text} is more than an invoice can be: give an amount in {arguments.currency}")
        return amount

    if arguments.claimed_until and arguments.claimed is None:
        raise ValueError("--claimed-until needs --claimed: the interest that was claimed up to then")
    return Debt(
        principal=money(arguments.amount),
        due_date=arguments.due,
        payments=tuple(sorted((on, money(amount)) for on, amount in arguments.paid)),
        pauses=tuple(arguments.disputed),
        purpose=Purpose.CONSUMER if arguments.consumer else Purpose.BUSINESS,
        claimed_until=arguments.claimed_until,
        claimed=money(arguments.claimed, least=0) if arguments.claimed is not None else None,
        fixed_sum_claimed=arguments.fixed_sum_claimed,
    )


def _as_text(debt: Debt, rules: ChargeRules, charges: Charges, until: date) -> str:
    from tactful.domain.charges.working import owed_with, plain, working_of

    unit = "day" if charges.days == 1 else "days"
    per_day = f"{debt.principal.currency} {charges.daily.quantize(_DAILY):,}"
    facts = [
        ("Rules", rules.title),
        ("Counted", f"{charges.days:,} {unit} with interest, up to and including {until}; {rules.day_count}"),
        ("Rate", f"{plain(charges.percent)} % a year, {per_day} a day"),
        ("Interest", str(charges.interest)),
        ("Fixed sum", str(charges.fixed_sum)),
        ("Charges", str(charges.total)),
        ("Owed with them", str(owed_with(charges))),
    ]
    widest = max(len(name) for name, _ in facts)
    lines = [f"{name:<{widest}}  {value}" for name, value in facts]
    lines += ["", "Working"] + [f"  {line}" for line in working_of(debt, rules, charges)]
    lines += ["", "Sources"] + [f"  {source}" for source in rules.sources]
    return "\n".join(lines)


def _as_json(debt: Debt, rules: ChargeRules, charges: Charges) -> str:
    from tactful.domain.charges.working import owed_with, working_of

    return json.dumps(
        {
            "rules": rules.title,
            "currency": debt.principal.currency,
            "days": charges.days,
            "rate_percent": float(charges.percent),
            "daily": float(charges.daily.quantize(_DAILY)),
            "interest_minor": charges.interest.minor,
            "fixed_sum_minor": charges.fixed_sum.minor,
            "total_minor": charges.total.minor,
            "owed_minor": owed_with(charges).minor,
            "segments": [_segment(part) for part in charges.segments],
            "working": list(working_of(debt, rules, charges)),
            "sources": list(rules.sources),
        },
        ensure_ascii=False,
        indent=2,
    )


def _segment(part: Segment) -> dict[str, Any]:
    from tactful.domain.charges.working import in_major_units

    return {
        "first": part.first.isoformat(),
        "last": part.last.isoformat(),
        "days": part.days,
        "principal_minor": part.principal.minor,
        "rate_percent": float(part.percent),
        "days_in_year": part.days_in_year,
        "interest": float(in_major_units(part.interest, part.principal.currency)),
    }


def _paid(text: str) -> tuple[date, str]:
    on, sign, amount = text.partition("=")
    if not sign or not amount:
        raise argparse.ArgumentTypeError(f"{text!r} is no payment: write it as 2026-03-31=250.00")
    return day(on), amount


def _days(text: str) -> Pause:
    from tactful.domain.charges.late_payment import Pause

    first, dots, last = text.partition("..")
    if not dots:
        raise argparse.ArgumentTypeError(f"{text!r} are no days: write them as 2026-03-31..2026-04-15")
    pause = Pause(day(first), day(last))
    if pause.last < pause.first:
        raise argparse.ArgumentTypeError(f"{text!r} ends before it begins: write the earlier day first")
    return pause
