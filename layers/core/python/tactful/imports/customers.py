"""From a record to what it says of the customer: names, people and how to reach them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from tactful.domain.book.customer import Contact, Purpose, Role
from tactful.imports import people
from tactful.imports.columns import Layout
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
_REMEMBERED = 2**14
_MOST_WARNINGS = 20


class CustomerReader:
    """Reads the customers of one file.

    `country` (ISO 3166) is where a customer is that names none. A strict reader refuses a record with an address that
    nothing can be sent to; otherwise the address is left out, with a warning: the invoice is owed all the same.
    """

    def __init__(self, layout: Layout, country: str, *, is_strict: bool) -> None:
        self._layout = layout
        self._fields = [field for field in _FIELDS if field in layout.columns]
        self._country = country
        self._is_strict = is_strict
        self._known: dict[tuple[str, ...], StatedCustomer] = {}
        self._warnings: dict[str, None] = {}
        self._unsaid = 0

    @property
    def warnings(self) -> tuple[str, ...]:
        """The addresses that were left out so far, and why."""
        more = (f"{self._unsaid:,} more addresses were left out",) if self._unsaid else ()
        return (*self._warnings, *more)

    def read(self, cells: Sequence[str], heading: str = "") -> StatedCustomer:
        """The customer of a record, under a heading with its name if there is one. Raises ValueError."""
        raw = (heading, *(self._layout.said(cells, field) for field in self._fields))
        known = self._known.get(raw)
        if known is None:
            said = dict.fromkeys(_FIELDS, "") | dict(zip(self._fields, raw[1:], strict=True))
            known = self._stated(said, heading)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[raw] = known
        return known

    def _stated(self, said: dict[Field, str], heading: str) -> StatedCustomer:
        person = said[Field.CONTACT_NAME] or f"{said[Field.FIRST_NAME]} {said[Field.LAST_NAME]}".strip()
        name = said[Field.CUSTOMER_NAME] or heading or person
        own_id = customer_id(said[Field.CUSTOMER_ID]) if said[Field.CUSTOMER_ID] else ""
        name = customer_name(name or own_id or said[Field.EMAIL])
        country = country_code(said[Field.COUNTRY])
        return StatedCustomer(
            own_id,
            name,
            self._contacts(said, "" if person == name else person, country or self._country, own_id or name),
            country,
            people.time_zone(said[Field.TIMEZONE]),
            people.language(said[Field.LANGUAGE]),
            said[Field.SEGMENT],
            people.region(said[Field.REGION]),
            Purpose(people.purpose(said[Field.PURPOSE])),
        )

    def _contacts(self, said: dict[Field, str], person: str, country: str, who: str) -> tuple[Contact, ...]:
        """The people a record names: one, and one more for each further address in its cell."""
        role = people.role(said[Field.ROLE]) or Role.BILLING
        consent = people.yes_or_no(said[Field.SMS_CONSENT])
        emails = self._good(lambda: people.email_addresses(said[Field.EMAIL]), who) or []
        phone = self._good(lambda: people.phone_number(said[Field.PHONE], country), who) or ""
        first = emails[0] if emails else ""
        if not (first or phone) and not self._is_strict:
            return ()
        return (
            Contact(person, role, first, phone, consent),
            *(
                Contact(f"{person} {number}".strip(), role, email)
                for number, email in enumerate(emails[1:], 2)
            ),
        )

    def _good(self, read: Callable[[], _Value], who: str) -> _Value | None:
        """An address, or None with a warning if it is left out. Raises ValueError in a strict file."""
        try:
            return read()
        except ValueError as error:
            if self._is_strict:
                raise
            warning = f"{who[:60]}: {error}"
            if len(self._warnings) < _MOST_WARNINGS:
                self._warnings[warning] = None
            elif warning not in self._warnings:
                self._unsaid += 1
            return None
