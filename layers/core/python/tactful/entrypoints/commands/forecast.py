"""`tactful forecast`: every message and task to come, and what another policy would change."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from os import cpu_count
from pathlib import Path
from typing import TYPE_CHECKING

from tactful.entrypoints.commands.inputs import (
    SAMPLE_PAY_TO,
    Fault,
    add_book,
    add_business,
    calendar_of,
    day,
    read_accounts,
    read_policy,
    standard_policy,
    tell_faults,
    tell_notes,
    templates,
)
from tactful.entrypoints.commands.shown import progress

if TYPE_CHECKING:
    from tactful.domain.book.account import Account
    from tactful.domain.dunning.calendar import Calendar
    from tactful.domain.dunning.policy import Policy
    from tactful.entrypoints.commands.forecast_answer import Outcome, Price

_FINE, _FAULTS = 0, 1
_MOST_DAYS = 3660
# Far beyond what any carrier asks for, and far from what figures have no room for.
_AMOUNT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,8})?")
# More would need more memory than they save time.
_MOST_PROCESSES = 2
# E-mails alone say where to write to.
_CONTACT_EMAIL = "accounts@example.com"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `forecast` to a command line."""
    command = commands.add_parser(
        "forecast",
        help="say what a book and a policy will lead to, day by day",
        description="Every message and task to come if nobody pays, answers or bounces: what the stack would do.",
    )
    add_book(command, required=True)
    command.add_argument("--policy", type=Path, default=standard_policy(), metavar="YAML")
    command.add_argument(
        "--against", type=Path, metavar="YAML", help="the policy in force: show what --policy changes"
    )
    command.add_argument(
        "--from", dest="first", type=day, metavar="DATE", help="the first day, at the business (today)"
    )
    command.add_argument("--days", type=_days, default=30, metavar="N", help="how many days (30)")
    add_business(command)
    command.add_argument("--templates", type=Path, metavar="DIR", help="the wording (beside the policy)")
    command.add_argument("--business-name", default="Example Trading", metavar="NAME", help="as SMS say it")
    command.add_argument(
        "--sms-price",
        nargs="+",
        action=_Price,
        metavar="X",
        help="of a segment, for example 0.0083 USD: adds the cost",
    )
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--csv", action="store_true", help="print the rows as CSV")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0: fine; 1: something in the policy or the book is wrong (rows without fault are forecast)."""
    from tactful.entrypoints.commands.forecast_answer import Answer, print_csv, print_json
    from tactful.entrypoints.commands.forecast_text import print_text

    calendar = calendar_of(arguments)
    first = arguments.first or calendar.today(datetime.now(UTC))
    span = calendar.start_of(first), calendar.start_of(first + timedelta(days=arguments.days))
    policies: list[tuple[Path, Policy]] = []
    faults: list[Fault] = []
    for path in filter(None, (arguments.policy, arguments.against)):
        policy, wrong = read_policy(path)
        faults += wrong
        if policy is not None:
            policies.append((path, policy))
    accounts, wrong = read_accounts(arguments, span[0])
    faults += wrong
    notes = [SAMPLE_PAY_TO.format(policy=path) for path, policy in policies if policy.pay_to_is_a_sample]
    outcomes = []
    if len(policies) == 1 + bool(arguments.against):
        for path, policy in policies:
            outcome, wrong = _forecast(arguments, path, policy, calendar, accounts, span)
            outcomes.append(outcome)
            faults += [fault for fault in wrong if fault not in faults]
    answer = Answer(
        first,
        arguments.days,
        str(arguments.timezone),
        len(accounts),
        outcomes,
        tuple(notes),
        tuple(faults),
        arguments.sms_price,
    )
    form = print_json if arguments.json else print_csv if arguments.csv else print_text
    form(answer)
    tell_notes(notes)
    tell_faults(faults)
    return _FAULTS if faults else _FINE


def _forecast(
    arguments: argparse.Namespace,
    path: Path,
    policy: Policy,
    calendar: Calendar,
    accounts: Sequence[Account],
    span: tuple[datetime, datetime],
) -> tuple[Outcome, list[Fault]]:
    from tactful.adapters import gsm7
    from tactful.adapters.jinja import JinjaWording
    from tactful.adapters.languages import Languages
    from tactful.application.forecast_book import ForecastBook
    from tactful.application.forecast_summary import summary_of
    from tactful.entrypoints.commands.forecast_answer import Outcome

    around = (path.resolve().parent.parent, templates())
    words = arguments.templates or next((folder for folder in around if _has_words(folder)), around[0])
    faults = []
    if not _has_words(words):
        said = f"there is no wording in {words}: name its folder with --templates to have SMS counted"
        faults.append(Fault("", 0, "templates", said))
    wording = partial(
        JinjaWording,
        Languages(words, arguments.language, arguments.country),
        business_name=arguments.business_name,
        contact_email=_CONTACT_EMAIL,
        policy=policy,
        calendar=calendar,
    )
    book = ForecastBook(policy, calendar, None if faults else wording, gsm7.segments)
    processes = min(_MOST_PROCESSES, cpu_count() or 1)
    found = book.run(accounts, *span, processes=processes, progress=progress(f"forecast with {policy.label}"))
    if not faults:
        faults += [
            Fault("", 0, f"customer {fault.customer_id} at {fault.at.isoformat()}", fault.said)
            for fault in found.faults
        ]
    return Outcome(str(path), policy.label, found.lines, summary_of(found.lines)), faults


def _has_words(folder: Path) -> bool:
    return (folder / "words").is_dir()


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days from 1 to {_MOST_DAYS}")
    return int(text)


class _Price(argparse.Action):
    """Reads 0.0083 USD, in one word or two."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[str] | None,
        option_string: str | None = None,
    ) -> None:
        del option_string
        try:
            setattr(namespace, self.dest, _price(" ".join(values or ())))
        except ValueError as error:
            parser.error(f"argument --sms-price: {error}")


def _price(text: str) -> Price:
    from tactful.domain.book.money import digits_of
    from tactful.entrypoints.commands.forecast_answer import Price

    amount, _, currency = text.strip().partition(" ")
    if not _AMOUNT.fullmatch(amount):
        raise ValueError(f"{text!r} is no price of a segment: write one such as 0.0083 USD")
    price = Price(Decimal(amount), currency.strip().upper())
    digits_of(price.currency)
    return price
