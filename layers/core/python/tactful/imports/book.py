"""A whole book read from its files, without a store: for a forecast, or to see what an upload would say."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import IO, TypeVar

from tactful.domain.book.account import Account, AddressRecord
from tactful.domain.book.customer import Customer
from tactful.imports.profile import FileKind, Profile
from tactful.imports.reading import read_file
from tactful.imports.statement import (
    Described,
    Rejected,
    StatedCustomer,
    StatedInvoice,
    UnreadableFileError,
)
from tactful.imports.statements import take_customers, take_invoices
from tactful.imports.upload_settings import UploadSettings

_SHOWN = 5
_Said = TypeVar("_Said", StatedInvoice, Described)


class BookFile(StrEnum):
    """Which of the two files."""

    INVOICES = "invoices"
    CUSTOMERS = "customers"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a record was not taken over. `record` is the first of them, 0 if the whole file cannot be read."""

    file: BookFile
    record: int
    reason: str


@dataclass(frozen=True, slots=True)
class Book:
    """The accounts of a book, every fault of its files, and what should not be overlooked about them."""

    accounts: tuple[Account, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[tuple[BookFile, str], ...] = ()


def read_book(
    invoices: IO[bytes] | None,
    customers: IO[bytes] | None,
    at: datetime,
    settings: UploadSettings,
    profiles: Sequence[Profile],
) -> Book:
    """The accounts that uploads of these seekable files at an instant (UTC) would open in an empty book.

    The settings are those of the invoices; of the customers file they say in which country its phones are.
    Accounts come in the order of the files and know which others share their addresses. A fault never stops the
    records that have none. `book_as_of` is left open: a forecast goes on from these files alone.
    """
    book = _Opening(at, profiles)
    of_customers = UploadSettings(country=settings.country)
    said = (
        book.read(invoices, BookFile.INVOICES, settings),
        book.read(customers, BookFile.CUSTOMERS, of_customers),
    )
    stated = [one for one in said[0] if isinstance(one, StatedInvoice)]
    described = [one for one in said[1] if isinstance(one, Described)]
    book.names = _ids_by_name([one.customer for one in stated] + [one.customer for one in described])
    book.open(stated)
    book.describe(described)
    book.faults.sort(key=lambda fault: (fault.file is BookFile.CUSTOMERS, fault.record))
    return Book(_linked(book.accounts.values()), tuple(book.faults), tuple(book.warnings))


def plain_name(name: str) -> str:
    """A customer's name as it is compared: without case, forms of the same letter, and more than single blanks."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


@dataclass(slots=True)
class _Opening:
    """A book while it is opened. `names` has the ids that customers of a name have."""

    at: datetime
    profiles: Sequence[Profile]
    names: dict[str, dict[str, None]] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[tuple[BookFile, str]] = field(default_factory=list)

    def read(
        self, file: IO[bytes] | None, name: BookFile, settings: UploadSettings
    ) -> list[StatedInvoice | Described]:
        """What a file says, as far as it can be read."""
        if file is None:
            return []
        found: list[StatedInvoice | Described] = []
        try:
            reading = read_file(file, FileKind(name), settings, self.profiles)
            for item in reading.items():
                if isinstance(item, Rejected):
                    self.faults.append(Fault(name, item.records[0], item.reason))
                elif isinstance(item, StatedInvoice | Described):
                    found.append(item)
        except UnreadableFileError as error:
            self.faults.append(Fault(name, 0, str(error)))
            return []
        self.warnings += [(name, said) for said in reading.warnings]
        return found

    def open(self, stated: Iterable[StatedInvoice]) -> None:
        """Accounts with what is stated of their invoices; of none if every record is refused."""
        for customer_id, said in self._by_customer(stated, BookFile.INVOICES).items():
            opened = Account(Customer(customer_id, said[0].customer.name))
            taken = take_invoices(opened, said, self.at, _date)
            for record, reason in taken.rejected.items():
                self.faults.append(Fault(BookFile.INVOICES, record, reason))
            if taken.outcomes:
                self.accounts[customer_id] = taken.account

    def describe(self, described: Iterable[Described]) -> None:
        """What is said of customers, known or new."""
        for customer_id, said in self._by_customer(described, BookFile.CUSTOMERS).items():
            known = self.accounts.get(customer_id)
            account = known or Account(Customer(customer_id, said[0].customer.name))
            customer = known.customer if known else None
            self.accounts[customer_id] = take_customers(account, customer, said, self.at).account

    def _by_customer(self, said: Iterable[_Said], file: BookFile) -> dict[str, list[_Said]]:
        groups: dict[str, list[_Said]] = {}
        for one in said:
            named: dict[str, None] = self.names.setdefault(plain_name(one.customer.name), {})
            ids = [one.customer.id] if one.customer.id else [*named] or [one.customer.name]
            if len(ids) > 1:
                reason = (
                    f"{one.customer.name} may be any of {', '.join(ids[:_SHOWN])}, which have this name: "
                    f"say which with a column of customer ids"
                )
                self.faults.append(Fault(file, one.records[0], reason))
            else:
                named[ids[0]] = None
                groups.setdefault(ids[0], []).append(one)
        return groups


def _ids_by_name(customers: Iterable[StatedCustomer]) -> dict[str, dict[str, None]]:
    names: dict[str, dict[str, None]] = {}
    for customer in customers:
        if customer.id:
            names.setdefault(plain_name(customer.name), {})[customer.id] = None
    return names


def _date(at: datetime) -> date:
    return at.date()


def _linked(accounts: Iterable[Account]) -> tuple[Account, ...]:
    """Each account with a record of its addresses; letter case does not tell addresses apart."""
    opened = tuple(accounts)
    users: dict[tuple[str, str], set[str]] = {}
    for account in opened:
        for channel, address in account.customer.addresses():
            users.setdefault((channel, address.casefold()), set()).add(account.key)
    return tuple(
        replace(
            account,
            addresses=tuple(
                AddressRecord(channel, address, accounts=frozenset(users[channel, address.casefold()]))
                for channel, address in account.customer.addresses()
            ),
        )
        for account in opened
    )
