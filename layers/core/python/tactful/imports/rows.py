"""From rows to invoices and customers: every value checked, every fault named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from tactful.domain.book.customer import Channel, Contact, Customer, Purpose, Role
from tactful.domain.book.invoice import Discount, Invoice, InvoiceKind, InvoiceState, credited_by
from tactful.domain.book.money import Money, parse_money
from tactful.imports import values

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
    "region",
    "purpose",
    "sms_consent",
)
INVOICE_OPTIONAL_COLUMNS = (
    "kind",
    "discount_amount",
    "discount_until",
    "settled_date",
    *CUSTOMER_OPTIONAL_COLUMNS,
)

# What lies outside is a slip of the pen, and arithmetic on it could leave the calendar and the numbers.
_YEARS = range(1990, 2100)
_LARGEST_AMOUNT = 10**15
# It may be tomorrow already where the business is.
_A_DAY = timedelta(days=1)

_Date = Annotated[date, BeforeValidator(values.iso_date)]
_DateOrBlank = Annotated[_Date | None, BeforeValidator(values.blank_is_none)]
_Text = Annotated[str, Field(min_length=1, max_length=200)]


class CustomerRow(BaseModel):
    """One row of a customer file: the customer, and one contact of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    customer_id: _Text
    customer_name: _Text
    contact_name: str = Field(default="", max_length=200)
    role: Annotated[Role, BeforeValidator(lambda value: values.lower(value) or Role.BILLING)] = Role.BILLING
    email: str = ""
    phone: str = ""
    country: Annotated[str, BeforeValidator(values.upper)] = ""
    timezone: str = ""
    language: str = Field(default="", max_length=35)
    segment: str = Field(default="", max_length=100)
    region: Annotated[str, BeforeValidator(values.upper)] = ""
    purpose: Annotated[Purpose, BeforeValidator(values.lower)] = Purpose.UNKNOWN
    sms_consent: Annotated[bool | None, BeforeValidator(values.yes_or_no)] = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        values.check_country(self.country)
        values.check_region(self.region)
        values.check_timezone(self.timezone)
        self.contact()
        return self

    @property
    def states_contact(self) -> bool:
        """Whether it says who is to be reached, even if that is nobody any more."""
        return True

    @property
    def states_customer(self) -> bool:
        """Whether it says anything about the customer."""
        return True

    def contact(self) -> Contact:
        """The contact, its phone in E.164 and its e-mail normalised. Raises ValueError for a bad address."""
        return Contact(
            self.contact_name,
            self.role,
            values.email_address(self.email),
            values.phone_number(self.phone, self.country),
            self.sms_consent,
        )

    def addresses(self) -> list[tuple[Channel, str]]:
        """The addresses of the contact."""
        contact = self.contact()
        both = ((Channel.EMAIL, contact.email), (Channel.SMS, contact.phone))
        return [(channel, address) for channel, address in both if address]

    def customer(self, known: Customer | None, stated_at: datetime) -> Customer:
        """The customer after this row: its facts replaced, its contact added or replaced by role and name.

        A row of a file uploaded (`stated_at`, UTC) before the one that is known changes nothing, and neither does
        one that says nothing new. Time zone and region are forgotten with their country.
        """
        if known is None:
            known = Customer(self.customer_id, self.customer_name)
            return replace(self._stated(known), stated_at=stated_at)
        if known.stated_at and stated_at < known.stated_at:
            return known
        stated = self._stated(known)
        return known if stated == known else replace(stated, stated_at=stated_at)

    def _stated(self, known: Customer) -> Customer:
        moved = "" not in (self.country, known.country) and self.country != known.country
        return replace(
            known,
            name=self.customer_name if self.states_contact else known.name,
            contacts=self._contacts(known) if self.states_contact else known.contacts,
            country=self.country or known.country,
            timezone=self.timezone or ("" if moved else known.timezone),
            language=self.language or known.language,
            segment=self.segment or known.segment,
            region=self.region or ("" if moved else known.region),
            purpose=self.purpose or known.purpose,
        )

    def _contacts(self, known: Customer) -> tuple[Contact, ...]:
        contact = self.contact()
        others = []
        for other in known.contacts:
            if (other.role, other.name.casefold()) != (contact.role, contact.name.casefold()):
                others.append(other)
            elif contact.sms_consent is None and (other.sms_consent is False or other.phone == contact.phone):
                # Who declined has declined for every number, who agreed for the one that was asked about.
                contact = replace(contact, sms_consent=other.sms_consent)
        return (*others, contact) if contact.email or contact.phone else tuple(others)


class InvoiceRow(CustomerRow):
    """One row of an invoice file, tidy form. Amounts are plain decimals in major units.

    It may say of the customer what a row of a customer file says; without an address it leaves contacts alone.
    """

    invoice_number: Annotated[str, Field(min_length=1, max_length=100)]
    issue_date: _DateOrBlank
    due_date: _Date
    total: str
    amount_due: str
    currency: Annotated[str, BeforeValidator(values.upper)]
    status: Annotated[InvoiceState, BeforeValidator(values.lower)]
    kind: Annotated[
        InvoiceKind, BeforeValidator(lambda value: values.lower(value) or InvoiceKind.STANDARD)
    ] = InvoiceKind.STANDARD
    discount_amount: str = ""
    discount_until: _DateOrBlank = None
    settled_date: _DateOrBlank = None

    @property
    def states_contact(self) -> bool:
        return bool(self.email or self.phone)

    @property
    def states_customer(self) -> bool:
        stated = (self.country, self.timezone, self.language, self.segment, self.region, self.purpose)
        return self.states_contact or any(stated)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        total, due = self._money(self.total, "total"), self._money(self.amount_due, "amount_due")
        if not min(0, total.minor) <= due.minor <= max(0, total.minor):
            raise ValueError(
                f"amount_due {self.amount_due} does not lie between 0 and the total {self.total}"
            )
        if self.issue_date and self.due_date < self.issue_date:
            raise ValueError(f"due_date {self.due_date} is before issue_date {self.issue_date}")
        for column in ("due_date", "issue_date", "discount_until", "settled_date"):
            day = getattr(self, column)
            if day is not None and day.year not in _YEARS:
                raise ValueError(f"{column} {day} is not in the years {_YEARS.start} to {_YEARS.stop - 1}")
        if abs(total.minor) > _LARGEST_AMOUNT:
            raise ValueError(f"total {self.total[:20]}... is larger than any invoice")
        self._check_discount(total)
        if self.settled_date and due.minor and self.status in (InvoiceState.OPEN, InvoiceState.DISPUTED):
            raise ValueError(f"settled_date is {self.settled_date}, but {due} is due: leave one of them out")
        return self

    def _check_discount(self, total: Money) -> None:
        if bool(self.discount_amount) != (self.discount_until is not None):
            raise ValueError("discount_amount and discount_until go together: fill in both or none")
        if self.discount_amount:
            discount = self._money(self.discount_amount, "discount_amount")
            if not 0 < discount.minor < total.minor:
                raise ValueError(
                    f"discount_amount {self.discount_amount} does not lie between 0 and the total {self.total}"
                )

    def _money(self, text: str, column: str) -> Money:
        try:
            return parse_money(text, self.currency)
        except ValueError as error:
            raise ValueError(f"{column}: {error}") from error

    def invoice(self, reported_at: datetime) -> Invoice:
        """The invoice as this row states it, reported by a file uploaded at `reported_at` (UTC).

        Raises ValueError if it was settled after that.
        """
        if self.settled_date and self.settled_date > (reported_at + _A_DAY).date():
            raise ValueError(f"settled_date {self.settled_date} lies in the future")
        facts = self.facts()
        return replace(facts, reported_at=reported_at, credited=credited_by(facts))

    def facts(self) -> Invoice:
        """What the row says of the invoice, whenever that was."""
        discount = None
        if self.discount_amount and self.discount_until:
            discount = Discount(parse_money(self.discount_amount, self.currency), self.discount_until)
        return Invoice(
            number=self.invoice_number,
            due_date=self.due_date,
            total=parse_money(self.total, self.currency),
            reported=parse_money(self.amount_due, self.currency),
            received=Money(0, self.currency),
            state=self.status,
            issue_date=self.issue_date,
            kind=self.kind,
            discount=discount,
            settled_on=self.settled_date,
        )


def faults(error: ValidationError) -> str:
    """All faults of a row in one line, each with its column."""
    found = []
    for fault in error.errors(include_url=False, include_input=False):
        column = ".".join(str(part) for part in fault["loc"])
        message = fault["msg"].removeprefix("Value error, ")
        found.append(f"{column}: {message}" if column else message)
    return "; ".join(found)
