"""A list of all open invoices: what it has, what the book has that it lacks, and whether it can be believed."""

from __future__ import annotations

import hashlib
from array import array
from base64 import b64decode, b64encode
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime

from tactful.domain.book.account import Account, Change, Entry, some_of
from tactful.domain.book.money import Money


class Listed:
    """The invoices that a list has: 64 bits for each, so that a million take 8 MB."""

    def __init__(self) -> None:
        self._hashes = array("Q")
        self._is_sorted = True

    def __len__(self) -> int:
        return len(self._hashes)

    def add(self, account_key: str, number: str) -> None:
        """The list has this invoice of an account."""
        self._hashes.append(_hash(account_key, number))
        self._is_sorted = False

    def mention(self, number: str) -> None:
        """The list has an invoice of this number, and nobody knows whose: its record is rejected."""
        self.add("", number)

    def has(self, account_key: str, number: str) -> bool:
        """Whether the list has the invoice, or may have it."""
        if not self._is_sorted:
            self._hashes = array("Q", sorted(self._hashes))
            self._is_sorted = True
        return self._has(_hash(account_key, number)) or self._has(_hash("", number))

    def _has(self, wanted: int) -> bool:
        place = bisect_left(self._hashes, wanted)
        return place < len(self._hashes) and self._hashes[place] == wanted

    def as_text(self) -> str:
        """What `from_text` makes the same list of, in another process."""
        return b64encode(self._hashes.tobytes()).decode()

    @classmethod
    def from_text(cls, text: str) -> Listed:
        """The list that was written by `as_text`."""
        listed = cls()
        listed._hashes.frombytes(b64decode(text))
        listed._is_sorted = False
        return listed


def _hash(account_key: str, number: str) -> int:
    said = f"{account_key}\0{number}".encode()
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), "big")


@dataclass(slots=True)
class Totals:
    """How many invoices are owed and how much is due on them, in minor units, by currency."""

    invoices: Counter[str] = field(default_factory=Counter)
    due: Counter[str] = field(default_factory=Counter)

    def add(self, due: Money) -> None:
        """Count an invoice, if anything is due on it."""
        if due.minor > 0:
            self.invoices[due.currency] += 1
            self.due[due.currency] += due.minor


@dataclass(slots=True)
class Preview:
    """What a file says before anything of it is taken over; `rejected` counts the invoices that cannot be."""

    totals: Totals = field(default_factory=Totals)
    listed: Listed = field(default_factory=Listed)
    rejected: int = 0

    def add(self, number: str, due: Money) -> None:
        """The file has an invoice; nothing is `due` on a draft, or on one that is settled."""
        self.totals.add(due)
        self.listed.mention(number)

    def reject(self, number: str) -> None:
        """The file says something wrong of an invoice; its number is empty if even that is not known."""
        self.rejected += 1
        if number:
            self.listed.mention(number)


@dataclass(slots=True)
class BookCount:
    """What the book has, as far as it was counted: `missing` of its owed invoices are not in the file."""

    totals: Totals = field(default_factory=Totals)
    missing: int = 0

    def add(self, account: Account, listed: Listed) -> None:
        """Count an account."""
        for invoice in account.invoices:
            self.totals.add(invoice.amount_due)
            if invoice.amount_due.minor > 0 and not listed.has(account.key, invoice.number):
                self.missing += 1


@dataclass(frozen=True, slots=True)
class Limits:
    """When a list is not believed before a person has looked at it.

    Shares are percent. A list is held if it has fewer or more than so much of what is owed in the book, by number of
    invoices or by amount, or lacks more than so much of it; in a book or currency of at least `from_invoices` owed. It
    is held, too, if a currency vanishes in which at least `vanishing` were owed, and if more than so much of the list
    is rejected.
    """

    at_least_percent: int = 50
    at_most_percent: int = 200
    missing_percent: int = 50
    rejected_percent: int = 50
    from_invoices: int = 20
    vanishing: int = 5


def judge(file: Preview, book: BookCount, limits: Limits) -> tuple[str, ...]:
    """Why a list of all open invoices must be looked at by a person before it is taken over; empty if it need not."""
    stated = file.totals.invoices.total()
    if not stated:
        return ("the file has no invoice with anything due: that would presume everything settled",)
    said: list[str] = []
    if 100 * file.rejected > limits.rejected_percent * (stated + file.rejected):
        said.append(
            f"{file.rejected:,} invoices are rejected, and only {stated:,} with something due are not"
        )
    owed = book.totals.invoices.total()
    if owed >= limits.from_invoices:
        said += _compared(f"{stated:,} invoices", stated, f"{owed:,}", owed, limits)
        if 100 * book.missing > limits.missing_percent * owed:
            said.append(f"the file lacks {book.missing:,} of the {owed:,} open invoices in the book")
    for currency, count in sorted(book.totals.invoices.items()):
        if not file.totals.invoices[currency] and count >= limits.vanishing:
            said.append(f"the file has nothing in {currency}, the book has {count:,} invoices")
        elif count >= limits.from_invoices:
            stated_due, due = file.totals.due[currency], book.totals.due[currency]
            texts = f"{Money(stated_due, currency)} due", f"{Money(due, currency)}"
            said += _compared(texts[0], stated_due, texts[1], due, limits)
    return tuple(said)


def _compared(stated_text: str, stated: int, known_text: str, known: int, limits: Limits) -> list[str]:
    if 100 * stated < limits.at_least_percent * known:
        how = f"less than {limits.at_least_percent} %"
    elif 100 * stated > limits.at_most_percent * known:
        how = f"more than {limits.at_most_percent} %"
    else:
        return []
    return [f"the file has {stated_text}, {how} of the {known_text} in the book"]


def presume_settled(account: Account, listed: Listed, at: datetime, import_id: str) -> Change:
    """The account after a list of all that was open at an instant (UTC): what the list lacks is presumed settled."""
    invoices = tuple(
        known if listed.has(account.key, known.number) else known.presumed_settled(at, import_id)
        for known in account.invoices
    )
    numbers = [now.number for now, was in zip(invoices, account.invoices, strict=True) if now != was]
    if not numbers:
        return Change(account)
    # An import may come back to an account, but a number can be missing only once.
    entry = Entry(
        f"presumed_settled-{import_id}-{numbers[0]}",
        at,
        "presumed_settled",
        (("invoices", some_of(numbers)), ("import", import_id)),
    )
    return Change(replace(account, invoices=invoices), entries=(entry,))
