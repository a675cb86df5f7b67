"""From a record to what it says of the customer: names, people and how to reach them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from tactful.domain.book.customer import Contact, Role
from tactful.imports import people
from tactful.imports.columns import Layout, Texts
from tactful.imports.countries import country_code
from tactful.imports.identifiers import customer_id, customer_name
from tactful.imports.profile import Field
from tactful.imports.statement import StatedCustomer

_FIELDS = (
    Field.CUSTOMER_ID,
    Field.CUSTOMER_NAME,
    Field.FIRST_NAME,
    Field.LAST_NAME,
    Field.CONTACT_NAME,
    Field.ROLE,
    Field.EMAIL,
    Field.PHONE,
    Field.COUNTRY,
    Field.TIMEZONE,
    Field.LANGUAGE,
    Field.SEGMENT,
    Field.REGION,
    Field.PURPOSE,
    Field.SMS_CONSENT,
)
_Value = TypeVar("_Value")
# Customers of one file are told again with each of their invoices.
_REMEMBERED = 2**17
_MOST_WARNINGS = 20
_SHOWN = 60
_LONGEST_SEGMENT = 100
_OF_EACH = (f"{Field.EMAIL}:", f"{Field.PHONE}:")


class CustomerReader:
    """Reads the customers of one file.

    `country` (ISO 3166) is where a customer is that names none. An address, country, time zone or language that cannot
    be used is left out with a warning: the invoice is owed all the same. What protects the customer (purpose,
    consent) is never left out. A strict reader refuses a record none of whose addresses can be used.
    """

    def __init__(self, layout: Layout, country: str, *, is_strict: bool) -> None:
        self._fields = [field for field in _FIELDS if field in layout.columns]
        self._country = country
        self._is_strict = is_strict
        self._known: dict[tuple[str, ...], StatedCustomer] = {}
        self._warnings: dict[str, None] = {}
        self._unsaid = 0
        self._left_out = 0
        self._last = ""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was left out so far, and why."""
        more = (f"{self._unsaid:,} more values were left out",) if self._unsaid else ()
        return (*self._warnings, *more)

    def read(self, said: Texts, heading: str = "") -> StatedCustomer:
        """The customer of a record, under a heading with its name if there is one. Raises ValueError."""
        raw = (heading, *(said[field] for field in self._fields))
        known = self._known.get(raw)
        if known is None:
            known = self._stated({field: said.get(field, "") for field in _FIELDS}, heading)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[raw] = known
        return known

    def _stated(self, said: dict[Field, str], heading: str) -> StatedCustomer:
        person = said[Field.CONTACT_NAME] or f"{said[Field.FIRST_NAME]} {said[Field.LAST_NAME]}".strip()
        own_id = customer_id(said[Field.CUSTOMER_ID]) if said[Field.CUSTOMER_ID] else ""
        name = customer_name(said[Field.CUSTOMER_NAME] or heading or person or own_id or said[Field.EMAIL])
        who = own_id or name
        country = self._good(lambda: country_code(said[Field.COUNTRY]), "", who)
        return StatedCustomer(
            own_id,
            name,
            self._contacts(said, "" if person == name else person, country or self._country, who),
            country,
            self._good(lambda: people.time_zone(said[Field.TIMEZONE]), "", who),
            self._good(lambda: people.language(said[Field.LANGUAGE]), "", who),
            _segment(said[Field.SEGMENT]),
            self._good(lambda: people.region(said[Field.REGION]), "", who),
            people.purpose(said[Field.PURPOSE]),
        )

    def _contacts(self, said: dict[Field, str], person: str, country: str, who: str) -> tuple[Contact, ...]:
        """The people a record names: one, and one more for each further address in its cell."""
        role = people.role(said[Field.ROLE]) or Role.BILLING
        consent = _consent(said[Field.SMS_CONSENT])
        before = self._left_out
        emails = self._emails(said[Field.EMAIL], who)
        phone = self._good(lambda: people.phone_number(said[Field.PHONE], country), "", who)
        first = emails[0] if emails else ""
        if self._is_strict and not (first or phone) and self._left_out > before:
            raise ValueError(self._last)
        if not (first or phone) and not self._is_strict:
            return ()
        others = (
            Contact(f"{person} {place}".strip(), role, email) for place, email in enumerate(emails[1:], 2)
        )
        return Contact(person, role, first, phone, consent), *others

    def _emails(self, text: str, who: str) -> Sequence[str]:
        try:
            return people.email_addresses(text)
        except people.AddressError as error:
            self._leave_out(error, who)
            return error.good

    def _good(self, read: Callable[[], _Value], otherwise: _Value, who: str) -> _Value:
        """A value; where it cannot be used, another, with a warning."""
        try:
            return read()
        except ValueError as error:
            self._leave_out(error, who)
            return otherwise

    def _leave_out(self, error: ValueError, who: str) -> None:
        self._left_out += 1
        self._last = str(error)
        # What is wrong with an address is told of each customer, with the same unknown country once.
        where = f"{who[:_SHOWN]}: " if str(error).startswith(_OF_EACH) else ""
        warning = f"{where}{error}: it is left out"
        if len(self._warnings) < _MOST_WARNINGS:
            self._warnings[warning] = None
        elif warning not in self._warnings:
            self._unsaid += 1


def _consent(text: str) -> bool | None:
    try:
        return people.yes_or_no(text)
    except ValueError as error:
        raise ValueError(f"{Field.SMS_CONSENT}: {error}") from None


def _segment(text: str) -> str:
    if len(text) > _LONGEST_SEGMENT:
        raise ValueError(f"segment: it has {len(text):,} characters, and {_LONGEST_SEGMENT} are the most")
    return text
