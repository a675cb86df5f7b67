"""From rows to invoices and customers: every value checked, every fault named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Annotated, Self
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from tactful.domain.book.customer import Contact, Customer, Role
from tactful.domain.book.invoice import Invoice, InvoiceState, credited_by
from tactful.domain.book.money import Money, parse_money

INVOICE_COLUMNS = (
    "invoice_number",
    "customer_id",
    "customer_name",
    "issue_date",
    "due_date",
    "total",
    "amount_due",
    "currency",
    "status",
)
CUSTOMER_COLUMNS = ("customer_id", "customer_name")
CUSTOMER_OPTIONAL_COLUMNS = (
    "contact_name",
    "role",
    "email",
    "phone",
    "country",
    "timezone",
    "language",
    "segment",
)


# What lies outside is a slip of the pen, and arithmetic on it could leave the calendar and the numbers.
_YEARS = range(1990, 2100)
_LARGEST_AMOUNT = 10**15


def _iso_date(value: object) -> object:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value!r} is not a date such as 2026-03-31") from None
    return value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _blank_is_none(value: object) -> object:
    return None if value == "" else value


_Date = Annotated[date, BeforeValidator(_iso_date)]
_Text = Annotated[str, Field(min_length=1, max_length=200)]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class InvoiceRow(_Row):
    """One row of an invoice file, tidy form. Amounts are plain decimals in major units."""

    invoice_number: Annotated[str, Field(min_length=1, max_length=100)]
    customer_id: _Text
    customer_name: _Text
    issue_date: Annotated[_Date | None, BeforeValidator(_blank_is_none)]
    due_date: _Date
    total: str
    amount_due: str
    currency: Annotated[str, BeforeValidator(_upper)]
    status: Annotated[InvoiceState, BeforeValidator(_lower)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        total, due = self._money(self.total, "total"), self._money(self.amount_due, "amount_due")
        if not min(0, total.minor) <= due.minor <= max(0, total.minor):
            raise ValueError(
                f"amount_due {self.amount_due} does not lie between 0 and the total {self.total}"
            )
        if self.issue_date and self.due_date < self.issue_date:
            raise ValueError(f"due_date {self.due_date} is before issue_date {self.issue_date}")
        if self.due_date.year not in _YEARS:
            raise ValueError(
                f"due_date {self.due_date} is not in the years {_YEARS.start} to {_YEARS.stop - 1}"
            )
        if abs(total.minor) > _LARGEST_AMOUNT:
            raise ValueError(f"total {self.total[:20]}... is larger than any invoice")
        return self

    def _money(self, text: str, column: str) -> Money:
        try:
            return parse_money(text, self.currency)
        except ValueError as error:
            raise ValueError(f"{column}: {error}") from error

    def invoice(self, reported_at: datetime) -> Invoice:
        """The invoice as this row states it, reported by a file uploaded at `reported_at` (UTC)."""
        stated = Invoice(
            number=self.invoice_number,
            due_date=self.due_date,
            total=parse_money(self.total, self.currency),
            reported=parse_money(self.amount_due, self.currency),
            received=Money(0, self.currency),
            state=self.status,
            issue_date=self.issue_date,
            reported_at=reported_at,
        )
        return replace(stated, credited=credited_by(stated))


class CustomerRow(_Row):
    """One row of a customer file: the customer, and one contact of it."""

    customer_id: _Text
    customer_name: _Text
    contact_name: str = Field(default="", max_length=200)
    role: Annotated[Role, BeforeValidator(lambda value: _lower(value) or Role.BILLING)] = Role.BILLING
    email: str = ""
    phone: str = ""
    country: Annotated[str, BeforeValidator(_upper)] = ""
    timezone: str = ""
    language: str = Field(default="", max_length=35)
    segment: str = Field(default="", max_length=100)

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.country and self.country not in phonenumbers.SUPPORTED_REGIONS:
            raise ValueError(f"country: {self.country!r} is not an ISO 3166 code such as US")
        if self.timezone and self.timezone not in _time_zones():
            raise ValueError(f"timezone: {self.timezone!r} is not an IANA name such as America/New_York")
        self.contact()
        return self

    def contact(self) -> Contact:
        """The contact, its phone in E.164 and its e-mail normalised. Raises ValueError for a bad address."""
        return Contact(self.contact_name, self.role, _email(self.email), _phone(self.phone, self.country))

    def customer(self, known: Customer | None, stated_at: datetime, home_country: str) -> Customer:
        """The customer after this row: its facts replaced, its contact added or replaced by role and name.

        A row of a file uploaded (`stated_at`, UTC) before the one that is known changes nothing, and neither does
        one that says nothing new. A time zone is forgotten with its country. Raises ValueError for a client abroad
        whose hours cannot be told.
        """
        if known and known.stated_at and stated_at < known.stated_at:
            return known
        contact = self.contact()
        others = tuple(
            other
            for other in (known.contacts if known else ())
            if (other.role, other.name.casefold()) != (contact.role, contact.name.casefold())
        )
        reachable = (contact,) if contact.email or contact.phone else ()
        moved = (
            known is not None and "" not in (self.country, known.country) and self.country != known.country
        )
        stated = Customer(
            id=self.customer_id,
            name=self.customer_name,
            contacts=(*others, *reachable),
            country=self.country or (known.country if known else ""),
            timezone=self.timezone
            or (known.timezone if known and not moved else "")
            or self._zone_by_country(home_country),
            language=self.language or (known.language if known else ""),
            segment=self.segment or (known.segment if known else ""),
            stated_at=stated_at,
        )
        return known if known and replace(stated, stated_at=known.stated_at) == known else stated

    def _zone_by_country(self, home_country: str) -> str:
        """The one zone of the country; none at home, where the business's own hours serve."""
        zones = _zones_by_country().get(self.country, ())
        if len({_hours_of(zone) for zone in zones}) == 1:
            return zones[0]
        if zones and self.country != home_country:
            raise ValueError(f"timezone: {self.country} has several; name one, such as {zones[0]}")
        return ""


@cache
def _zones_by_country() -> dict[str, tuple[str, ...]]:
    zones: dict[str, tuple[str, ...]] = {}
    for line in files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            zones[country] = (*zones.get(country, ()), zone)
    return zones


def _hours_of(zone: str) -> tuple[timedelta | None, ...]:
    """What tells a zone's hours from another's: its offsets in winter and summer."""
    return tuple(datetime(2026, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7))


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _email(text: str) -> str:
    if not text:
        return ""
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(f"email: {error}") from error


def _phone(text: str, country: str) -> str:
    if not text:
        return ""
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException as error:
        hint = "" if country else "; give the country, or write the number with + and its country code"
        raise ValueError(f"phone: {error}{hint}") from error
    if number.extension or not phonenumbers.is_valid_number(number):
        raise ValueError("phone: not a number that a message can be sent to")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def faults(error: ValidationError) -> str:
    """All faults of a row in one line, each with its column."""
    found = []
    for fault in error.errors(include_url=False, include_input=False):
        column = ".".join(str(part) for part in fault["loc"])
        message = fault["msg"].removeprefix("Value error, ")
        found.append(f"{column}: {message}" if column else message)
    return "; ".join(found)
