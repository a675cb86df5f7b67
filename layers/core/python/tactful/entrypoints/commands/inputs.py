"""What commands on files have in common: the book, the policy and the calendar, and everything wrong with them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from tactful.domain.book.account import Account
    from tactful.domain.dunning.calendar import Calendar
    from tactful.domain.dunning.policy import Policy
    from tactful.imports.profile import Profile

_TEMPLATES = "templates"
SAMPLE_PAY_TO = (
    "pay_to of {policy} is still the sample: outside a sandbox NOTHING is asked for until you write your own "
    "details and remove pay_to_is_a_sample. This takes the samples for yours."
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file (line 0: not in one line of it) or with a customer, and what to do.

    `record` counts from 1 in a file of records, 0 if it is about none.
    """

    file: str
    line: int
    place: str
    message: str
    record: int = 0

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line else ""
        record = f"record {self.record}" if self.record else ""
        return ": ".join(filter(None, (self.file, line, record, self.place, self.message)))

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file or None,
            "line": self.line or None,
            "record": self.record or None,
            "place": self.place,
            "message": self.message,
        }


def add_book(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """The arguments that name a book's files."""
    parser.add_argument("--invoices", type=Path, metavar="CSV", required=required, help="the invoices file")
    parser.add_argument("--customers", type=Path, metavar="CSV", help="the customers file, with addresses")
    add_reading(parser)


# What may be said of files on the command line, as beside an upload.
_SETTINGS = {
    "currency": ("C", "of amounts that name none, ISO 4217"),
    "date_order": ("ORDER", "of days, months and years: dmy, mdy or ymd, where the file leaves it open"),
    "terms_days": ("N", "how many days after its date an invoice is due, where the file does not say"),
    "profile": ("NAME", "the product that wrote the file, where its header does not show it"),
    "decimal_mark": ("MARK", "of amounts: point or comma, where the file leaves it open"),
}


def add_reading(parser: argparse.ArgumentParser) -> None:
    """The arguments that say of files what they do not say themselves."""
    for name, (metavar, said) in _SETTINGS.items():
        flag = f"--{name.replace('_', '-')}"
        parser.add_argument(flag, type=_setting(name), metavar=metavar, help=said)
    parser.add_argument(
        "--column",
        type=_column,
        nargs="+",
        action="extend",
        default=[],
        metavar="FIELD=HEADER",
        help="the header over a field's column, such as invoice_number='Doc No'; without a header its place from 1",
    )


def said_of_files(arguments: argparse.Namespace) -> dict[str, Any]:
    """The settings that the arguments say, by field."""
    said = {name: value for name in _SETTINGS if (value := getattr(arguments, name)) is not None}
    columns = {"columns": dict(arguments.column)} if arguments.column else {}
    country = {"country": arguments.country} if arguments.country else {}
    return said | columns | country


def templates(part: str = "") -> Path:
    """The folder templates/ (or a part of it) where one is, or else the one that the program came with."""
    own = Path(_TEMPLATES, part)
    shipped = (root / own for root in Path(__file__).parents[6:7])
    return own if own.is_dir() else next(filter(Path.is_dir, shipped), own)


def standard_policy() -> Path:
    """The policy that counts where none is named."""
    return templates() / "policies" / "standard.yaml"


def known_profiles() -> Sequence[Profile]:
    """The profiles in templates/ of the folder one is in, or else those that are shipped."""
    from tactful.adapters.profile_files import PROFILES, load_profiles

    return load_profiles(templates(PROFILES))


def _setting(name: str) -> Callable[[str], Any]:
    """Reads a setting as it is read from what is said of an upload."""

    def read(text: str) -> Any:
        from tactful.adapters.upload_settings import from_metadata
        from tactful.imports.statement import UnreadableFileError

        try:
            return from_metadata({name: text})[name]
        except UnreadableFileError as error:
            _, _, reason = str(error).partition(": ")
            raise argparse.ArgumentTypeError(reason) from None

    return read


def _column(text: str) -> tuple[str, str]:
    """Reads FIELD=HEADER."""
    from tactful.imports.profile import Field

    name, _, header = (part.strip() for part in text.partition("="))
    if name not in [*Field]:
        raise argparse.ArgumentTypeError(
            f"{text!r} begins with no field and =; those there are: {', '.join(Field)}"
        )
    if not header:
        raise argparse.ArgumentTypeError(f"{text!r} names no header: write {name}=HEADER")
    return name, header


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
    parser.add_argument(
        "--language",
        default="en",
        metavar="TAG",
        help="of the business, BCP 47, for example en-US or de (en)",
    )
    parser.add_argument(
        "--region",
        type=region,
        default="",
        metavar="R",
        help="of the business, ISO 3166-2, for example BY or DE-BY: regional holidays, too",
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
    from tactful.imports.countries import country_code

    try:
        return country_code(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def region(text: str) -> str:
    """What follows the country in an ISO 3166-2 code, with or without it."""
    from tactful.imports import people

    try:
        return people.region(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


# What lies outside is a slip of the pen, and arithmetic on it could leave the calendar.
YEARS = range(1990, 2100)


def day(text: str) -> date:
    """A civil date."""
    try:
        read = date.fromisoformat(text)
    except ValueError:
        read = date.min
    if read.isoformat() != text:
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
    """The calendar of the business that the arguments describe. Raises ValueError for a region of no country."""
    from tactful.adapters.holidays_calendar import public_holidays
    from tactful.adapters.whereabouts import zones_of_country, zones_of_phone
    from tactful.domain.dunning.calendar import Calendar

    if arguments.region and not arguments.country:
        raise ValueError(f"--region {arguments.region} is in no country: add --country")
    return Calendar(
        arguments.timezone,
        arguments.country,
        public_holidays,
        business_region=arguments.region,
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
    """The accounts in the files, as if uploaded at an instant (UTC), and why records were left out.

    No accounts if a file cannot be opened: half a book would be another one. What is only to be noted is told on
    standard error.
    """
    from tactful.imports.book import BookFile, read_book
    from tactful.imports.upload_settings import UploadSettings

    settings = UploadSettings(**said_of_files(arguments))
    paths = {BookFile.INVOICES: arguments.invoices, BookFile.CUSTOMERS: arguments.customers}
    with ExitStack() as stack:
        missing: list[Fault] = []
        opened = {file: open_input(path, stack, missing) for file, path in paths.items()}
        book = read_book(
            opened[BookFile.INVOICES], opened[BookFile.CUSTOMERS], at, settings, known_profiles()
        )
    tell_notes(f"{paths[file]}: {said}" for file, said in book.warnings)
    return () if missing else book.accounts, missing + [
        Fault(str(paths[fault.file]), 0, "", fault.reason, fault.record) for fault in book.faults
    ]


def open_input(path: Path | None, stack: ExitStack, faults: list[Fault]) -> IO[bytes] | None:
    """A file, to be closed with the others; None, and a fault, if it cannot be opened."""
    try:
        return stack.enter_context(path.open("rb")) if path else None
    except OSError as error:
        faults.append(Fault(str(path), 0, "", f"it cannot be opened: {error.strerror or error}"))
        return None


def tell_faults(faults: Iterable[Fault]) -> None:
    """List them on standard error, a line each."""
    listed = list(faults)
    if listed:
        sys.stderr.write(f"tactful: {len(listed)} fault{'s' * (len(listed) != 1)}\n")
    sys.stderr.writelines(f"- {fault}\n" for fault in listed)


def tell_notes(notes: Iterable[str]) -> None:
    """Say on standard error what must not be overlooked."""
    sys.stderr.writelines(f"NOTE: {note}\n" for note in notes)
