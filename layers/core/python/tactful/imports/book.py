"""A whole book read from its files, without a store: for a forecast, or to see what an upload would say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from io import BytesIO
from typing import IO, TypeVar

from tactful.domain.book.account import Account, AddressRecord
from tactful.domain.book.customer import Customer
from tactful.imports.rows import (
    CUSTOMER_COLUMNS,
    CUSTOMER_OPTIONAL_COLUMNS,
    INVOICE_COLUMNS,
    INVOICE_OPTIONAL_COLUMNS,
    CustomerRow,
    InvoiceRow,
)
from tactful.imports.statement import Described
from tactful.imports.statements import contradictions, parsed, take_customers, take_invoices
from tactful.imports.table import UnreadableFileError, check_encoding, read_rows

_AnyRow = TypeVar("_AnyRow", InvoiceRow, CustomerRow)


class BookFile(StrEnum):
    """Which of the two files."""

    INVOICES = "invoices"
    CUSTOMERS = "customers"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row was not taken over. `line` is where it starts, 0 if the whole file cannot be read."""

    file: BookFile
    line: int
    reason: str


def read_book(
    invoices: IO[bytes], customers: IO[bytes] | None, at: datetime
) -> tuple[tuple[Account, ...], tuple[Fault, ...]]:
    """The accounts that uploads of these files at an instant (UTC) would open in an empty book, and every fault.

    Accounts come in the order of the files and know which others share their addresses. A fault never stops the
    rows that have none. `book_as_of` is left open: a forecast goes on from these files alone.
    """
    faults: list[Fault] = []

    def reject_as(file: BookFile) -> Callable[[int, str], None]:
        return lambda line, reason: faults.append(Fault(file, line, reason))

    rejected = reject_as(BookFile.INVOICES)
    stated = _read(invoices, INVOICE_COLUMNS, INVOICE_OPTIONAL_COLUMNS, InvoiceRow, rejected)
    contradicted = contradictions(stated)
    for line, reason in contradicted.items():
        rejected(line, reason)
    accounts: dict[str, Account] = {}
    believed = (numbered for numbered in stated if numbered[0] not in contradicted)
    for customer_id, rows in _by_customer(believed).items():
        opened = Account(Customer(customer_id, rows[0][1].customer_name))
        said = [row.stated_invoice(line) for line, row in rows]
        taken = take_invoices(opened, said, at, _date)
        for line, reason in taken.rejected.items():
            rejected(line, reason)
        if taken.outcomes:
            accounts[customer_id] = taken.account

    if customers is not None:
        rejected = reject_as(BookFile.CUSTOMERS)
        described = _read(customers, CUSTOMER_COLUMNS, CUSTOMER_OPTIONAL_COLUMNS, CustomerRow, rejected)
        for customer_id, about in _by_customer(described).items():
            known = accounts.get(customer_id)
            account = known or Account(Customer(customer_id, about[0][1].customer_name))
            customer = known.customer if known else None
            said_of = [Described((line,), row.stated()) for line, row in about]
            accounts[customer_id] = take_customers(account, customer, said_of, at).account
    faults.sort(key=lambda fault: (fault.file is BookFile.CUSTOMERS, fault.line))
    return _linked(accounts.values()), tuple(faults)


def _read(
    source: IO[bytes],
    required: Sequence[str],
    optional: Sequence[str],
    model: type[_AnyRow],
    reject: Callable[[int, str], None],
) -> list[tuple[int, _AnyRow]]:
    content = source.read()
    try:
        check_encoding(BytesIO(content))
        return list(parsed(read_rows(BytesIO(content), required, optional), model, reject))
    except UnreadableFileError as error:
        reject(0, str(error))
        return []


def _by_customer(rows: Iterable[tuple[int, _AnyRow]]) -> Mapping[str, list[tuple[int, _AnyRow]]]:
    groups: dict[str, list[tuple[int, _AnyRow]]] = {}
    for line, row in rows:
        groups.setdefault(row.customer_id, []).append((line, row))
    return groups


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
