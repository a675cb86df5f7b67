"""What an invoice comes to and what is left to pay, by whichever amounts a file has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tactful.domain.book.money import Money
from tactful.imports.amounts import AmountFormat
from tactful.imports.columns import Layout, Texts
from tactful.imports.dates import DateFormat
from tactful.imports.groups import Group
from tactful.imports.profile import Field, Meaning, Rows

_LARGEST_AMOUNT = 10**15


@dataclass(frozen=True, slots=True)
class Formats:
    """How the values of a file are written, as decided over all of it.

    `currency` is for records that name none. `said` are the fields that any record says something of: a blank cell in
    the column of another says nothing, in one of these it is a gap.
    """

    dates: Mapping[Field, DateFormat]
    amounts: AmountFormat
    currency: str
    said: frozenset[Field]


class Sums:
    """Reads the amounts of one file's invoices."""

    def __init__(self, layout: Layout, formats: Formats) -> None:
        self._columns = layout.columns
        self._rows = layout.profile.rows
        self._formats = formats

    def read(
        self,
        group: Group,
        said: Texts,
        currency: str,
        meaning: Meaning | None,
        is_credit: bool,  # noqa: FBT001 - handed on by position
        is_settled: bool,  # noqa: FBT001 - as above
    ) -> tuple[Money, Money]:
        """The total and what is due of it. Raises ValueError."""
        total = self._total(group, said, currency)
        due = self._stated(said, Field.AMOUNT_DUE, currency)
        paid = self._stated(said, Field.AMOUNT_PAID, currency)
        if self._rows is Rows.LEDGER:
            total, due = self._balance(group, currency)
        if total is None and Field.TOTAL not in self._formats.said:
            total = due + paid if due is not None and paid is not None else due
        if total is None:
            raise ValueError("total: it is blank: fill in what the invoice comes to")
        if abs(total.minor) > _LARGEST_AMOUNT:
            raise ValueError(f"total: {str(total)[:30]} is larger than any invoice")
        if is_credit:
            total, due, paid = _negative(total), due and _negative(due), paid and _negative(paid)
        if due is None:
            is_gap = paid is None and Field.AMOUNT_DUE in self._formats.said
            due = _left(total, paid, meaning, is_settled=is_settled, is_gap=is_gap)
        elif (
            paid is not None
            and paid.minor > 0
            and due.minor > max(0, total.minor - paid.minor)
            and total.minor > 0
        ):
            raise ValueError(
                f"amount_due: it is {due.decimal()}, but {paid.decimal()} of {total.decimal()} is paid: "
                f"one of them is wrong"
            )
        is_overpaid = due.minor < 0 < total.minor
        if is_overpaid or meaning in (Meaning.VOID, Meaning.WRITTEN_OFF):
            return total, Money(0, currency)
        if not min(0, total.minor) <= due.minor <= max(0, total.minor):
            raise ValueError(
                f"amount_due: {due.decimal()} does not lie between 0 and the total {total.decimal()}: export it again"
            )
        return total, due

    def _total(self, group: Group, said: Texts, currency: str) -> Money | None:
        if self._rows is not Rows.SUMMED or Field.TOTAL in self._columns:
            return self._stated(said, Field.TOTAL, currency)
        sums = [
            self._sum(group, field, currency)
            for field in (Field.LINE_TOTAL, Field.LINE_TAX)
            if field in self._columns
        ]
        return sum((one for one in sums if one is not None), start=Money(0, currency)) if any(sums) else None

    def _sum(self, group: Group, field: Field, currency: str) -> Money | None:
        place = self._columns[field]
        texts = [text for cells in group.cells if (text := cells[place].strip())]
        if not texts:
            return None
        return sum((self.amount(text, field, currency) for text in texts), start=Money(0, currency))

    def _balance(self, group: Group, currency: str) -> tuple[Money | None, Money | None]:
        """Of a ledger: what was charged, and what the payments have left of it."""
        place = self._columns[Field.TOTAL]
        booked = [
            self.amount(text, Field.TOTAL, currency)
            for cells in group.cells
            if (text := cells[place].strip())
        ]
        charged = sum((amount for amount in booked if amount.minor > 0), start=Money(0, currency))
        left = sum(booked, start=Money(0, currency))
        if not charged.minor:
            return left, left
        return charged, Money(max(0, left.minor), currency)

    def _stated(self, said: Texts, field: Field, currency: str) -> Money | None:
        text = said.get(field, "")
        return self.amount(text, field, currency) if text else None

    def amount(self, text: str, field: Field, currency: str) -> Money:
        try:
            return self._formats.amounts.read(text, currency)
        except ValueError as error:
            raise ValueError(f"{field}: {error}") from error

    def was_given_up(self, said: Texts, currency: str) -> bool:
        """Nothing is due and nothing was paid: it was written off, where a file says both."""
        if Field.AMOUNT_PAID not in self._columns or Field.AMOUNT_DUE not in self._columns:
            return False
        paid = self._stated(said, Field.AMOUNT_PAID, currency)
        return paid is not None and paid.minor == 0


def _left(
    total: Money, paid: Money | None, meaning: Meaning | None, *, is_settled: bool, is_gap: bool
) -> Money:
    """What is due by total, payments, status and date of settlement. Raises ValueError if they do not tell."""
    nothing = Money(0, total.currency)
    if is_settled or meaning in (Meaning.PAID, Meaning.VOID, Meaning.WRITTEN_OFF):
        return nothing
    if paid is not None:
        left = total - paid
        return left if (left.minor > 0) == (total.minor > 0) else nothing
    if is_gap and meaning is not Meaning.DRAFT:
        raise ValueError("amount_due: it is blank: fill in what is left to pay, 0 for nothing")
    if meaning is Meaning.PARTIALLY_PAID:
        raise ValueError("amount_due: it is paid in part, but nothing says how much: export what is due, too")
    return total


def _negative(amount: Money) -> Money:
    return Money(-abs(amount.minor), amount.currency)
