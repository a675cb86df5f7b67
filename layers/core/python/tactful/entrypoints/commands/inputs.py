"""What commands on files have in common: the book, the policy and the calendar, and everything wrong with them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from tactful.domain.book.account import Account
    from tactful.domain.dunning.calendar import Calendar
    from tactful.domain.dunning.policy import Policy

STANDARD_POLICY = Path("templates/policies/standard.yaml")
SAMPLE_PAY_TO = (
    "pay_to of {policy} is still the sample: outside a sandbox NOTHING is asked for until you write your own "
    "details and remove pay_to_is_a_sample. This takes the samples for yours."
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file (line 0: not in one line of it) or with a customer, and what to do."""

    file: str
    line: int
    place: str
    message: str

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line else ""
        return ": ".join(filter(None, (self.file, line, self.place, self.message)))

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file or None,
            "line": self.line or None,
            "place": self.place,
            "message": self.message,
        }


def add_book(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """The arguments that name a book's files."""
    parser.add_argument("--invoices", type=Path, metavar="CSV", required=required, help="the invoices file")
    parser.add_argument("--customers", type=Path, metavar="CSV", help="the customers file, with addresses")


def add_business(parser: argparse.ArgumentParser) -> None:
    """The arguments that say where the business is."""
    parser.add_argument(
        "--timezone",
        type=zone,
        default=ZoneInfo("UTC"),
        metavar="ZONE",
        help="of the business, for example Europe/London (UTC)",
    )
    parser.add_argument(
        "--country", type=country, default="", metavar="CC", help="of the business, ISO 3166: its holidays"
    )


def zone(text: str) -> ZoneInfo:
    """An IANA time zone."""
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no IANA time zone: write one such as Europe/London"
        ) from None


def country(text: str) -> str:
    """An ISO 3166 code of a country."""
    from tactful.imports.values import check_country

    try:
        check_country(text.upper())
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text.upper()


# What lies outside is a slip of the pen, and arithmetic on it could leave the calendar.
YEARS = range(1990, 2100)


def day(text: str) -> date:
    """A civil date."""
    from tactful.imports.values import iso_date

    try:
        read = iso_date(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if not isinstance(read, date):
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-03-31")
    if read.year not in YEARS:
        raise argparse.ArgumentTypeError(f"{text} is not in the years {YEARS.start} to {YEARS.stop - 1}")
    return read


def instant(text: str) -> datetime:
    """An instant with its zone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no instant: write 2026-03-02T09:00:00Z") from None
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} has no zone: write 2026-03-02T09:00:00Z")
    if at.year not in YEARS:
        raise argparse.ArgumentTypeError(f"{text} is not in the years {YEARS.start} to {YEARS.stop - 1}")
    return at.astimezone(UTC)


def calendar_of(arguments: argparse.Namespace) -> Calendar:
    """The calendar of the business that the arguments describe."""
    from tactful.adapters.holidays_calendar import public_holidays
    from tactful.adapters.whereabouts import zones_of_country, zones_of_phone
    from tactful.domain.dunning.calendar import Calendar

    return Calendar(
        arguments.timezone,
        arguments.country,
        public_holidays,
        country_zones=zones_of_country,
        phone_zones=zones_of_phone,
    )


def read_policy(path: Path) -> tuple[Policy | None, list[Fault]]:
    """The policy in a file and its packs, or None and everything that is wrong with them."""
    from tactful.adapters.policy_file import PolicyError, load_policy

    try:
        return load_policy(path), []
    except PolicyError as error:
        return None, [Fault(str(fault.path), fault.line, fault.place, fault.said) for fault in error.found]


def read_accounts(arguments: argparse.Namespace, at: datetime) -> tuple[tuple[Account, ...], list[Fault]]:
    """The accounts in the files, as if uploaded at an instant (UTC), and why rows were left out.

    Raises OSError for a file that cannot be opened.
    """
    from tactful.imports.book import BookFile, read_book

    paths = {BookFile.INVOICES: arguments.invoices, BookFile.CUSTOMERS: arguments.customers}
    with (
        arguments.invoices.open("rb") as invoices,
        arguments.customers.open("rb") if arguments.customers else nullcontext() as customers,
    ):
        accounts, faults = read_book(invoices, customers, at)
    return accounts, [Fault(str(paths[fault.file]), fault.line, "", fault.reason) for fault in faults]


def tell_faults(faults: Iterable[Fault]) -> None:
    """List them on standard error, a line each."""
    listed = list(faults)
    if listed:
        sys.stderr.write(f"tactful: {len(listed)} fault{'s' * (len(listed) != 1)}\n")
    sys.stderr.writelines(f"- {fault}\n" for fault in listed)


def tell_notes(notes: Iterable[str]) -> None:
    """Say on standard error what must not be overlooked."""
    sys.stderr.writelines(f"NOTE: {note}\n" for note in notes)
