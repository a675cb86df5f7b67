"""The first time over a file: how its days, amounts and currencies are written, and what it says twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from tactful.domain.book.money import MINOR_DIGITS, MoneyError, digits_of
from tactful.imports.amounts import AmountEvidence, AmountFormat, decide_mark
from tactful.imports.columns import Layout
from tactful.imports.currencies import currency_code
from tactful.imports.dates import DateEvidence, decide
from tactful.imports.groups import Group
from tactful.imports.identifiers import NumberWatch, is_number
from tactful.imports.profile import Field, Rows, plain
from tactful.imports.repeats import Repeats
from tactful.imports.statement import UnreadableFileError
from tactful.imports.sums import Formats
from tactful.imports.upload_settings import UploadSettings

_DATES = (Field.ISSUE_DATE, Field.DUE_DATE, Field.DISCOUNT_UNTIL, Field.SETTLED_DATE)
_AMOUNTS = (
    Field.TOTAL,
    Field.AMOUNT_DUE,
    Field.AMOUNT_PAID,
    Field.LINE_TOTAL,
    Field.LINE_TAX,
    Field.DISCOUNT_AMOUNT,
)
# What two records about one invoice must agree on.
_FACTS = (*_DATES, *_AMOUNTS, Field.CURRENCY, Field.STATUS, Field.TYPE)
# What says whether an invoice is paid.
TELL = (Field.STATUS, Field.AMOUNT_DUE, Field.AMOUNT_PAID, Field.SETTLED_DATE)
_WHO = (Field.CUSTOMER_ID, Field.CUSTOMER_NAME, Field.EMAIL)
_MOST_CURRENCIES = 400


class Survey:
    """Collects the evidence, record by record, and decides at the end. `layout` may have changed by then."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.repeats = Repeats(lines_agree=_lines_agree(layout))
        self.warnings: list[str] = []
        self._dates = {name: DateEvidence() for name in _DATES if name in layout.columns}
        self._amounts = {name: AmountEvidence() for name in _AMOUNTS if name in layout.columns}
        self._numbers = NumberWatch()
        self._currencies: set[str] = set()
        self._lacks_currency = ""
        self._twins = {name: [True, True] for name in layout.twins}
        self._is_ledger = layout.profile.rows is Rows.LEDGER
        self._facts = tuple(layout.columns[name] for name in _FACTS if name in layout.columns)
        self._lines_agree = _lines_agree(layout)
        self._found = 0
        self._has_status = False

    def read(self, found: Iterable[object]) -> None:
        """Look at every record. Raises UnreadableFileError for columns of one name that differ."""
        columns = self.layout.columns
        shown = [(columns[name], one.see) for name, one in self._dates.items()]
        shown += [(columns[name], one.see) for name, one in self._amounts.items()]
        for one in found:
            if isinstance(one, Group):
                self._found += 1
                self._see_values(one, shown)
                self._see_currency(one.cells[0])
                self._has_status = self._has_status or bool(self.layout.said(one.cells[0], Field.STATUS))
                self._see_invoice(one)
        self._settle_twins()
        self.warnings += self._numbers.warnings()
        if not self._found:
            self.warnings.append("there is nothing under the header")

    def _see_values(self, group: Group, shown: Sequence[tuple[int, Callable[[str, int], None]]]) -> None:
        for record, cells in zip(group.records, group.cells, strict=True):
            for place, see in shown:
                text = cells[place].strip()
                if text:
                    see(text, record)
            if self._twins:
                self._compare_twins(cells)

    def _see_currency(self, cells: Sequence[str]) -> None:
        word = self.layout.said(cells, Field.CURRENCY)
        if not word:
            self._lacks_currency = self._lacks_currency or self._an_amount(cells)
        elif len(self._currencies) < _MOST_CURRENCIES:
            self._currencies.add(word)

    def _see_invoice(self, group: Group) -> None:
        number = self.layout.said(group.cells[0], Field.INVOICE_NUMBER)
        if is_number(number) and not self._is_ledger:
            facts = tuple([cells[place].strip() for cells in group.cells for place in self._facts])
            # Where lines agree, the facts alone decide.
            whole = facts if self._lines_agree else tuple(map(tuple, group.cells))
            self.repeats.note(key_of(self.layout, group), facts, whole, group.records[0])
            self._numbers.see(number)

    def formats(self, settings: UploadSettings) -> Formats:
        """How the values of the file are written. Raises UnreadableFileError if that cannot be told."""
        profile = self.layout.profile
        dates = decide(self._dates, settings.date_order, profile.date_order)
        currency = self.layout.currency or settings.currency
        if currency and currency not in MINOR_DIGITS:
            raise UnreadableFileError(f"currency: {currency!r} is not an ISO 4217 code such as EUR")
        amounts = decide_mark(
            self._amounts,
            settings.decimal_mark,
            profile.decimal_mark,
            self._digits(currency),
            minor_units=profile.minor_units,
        )
        self._check_currency(amounts, currency)
        self._say_what_is_unpaid()
        said = {name for name, seen in self._amounts.items() if seen.tallies}
        if self._has_status:
            said.add(Field.STATUS)
        return Formats(dates, amounts, currency, frozenset(said))

    def _check_currency(self, amounts: AmountFormat, currency: str) -> None:
        lacking = self._lacks_currency
        if lacking and not currency and not self._currencies and not amounts.symbol_currency(lacking):
            raise UnreadableFileError(
                f"nothing says in which currency the amounts are, such as {lacking[:30]}: say it with the currency "
                f"setting (--currency)"
            )

    def _say_what_is_unpaid(self) -> None:
        columns = self.layout.columns
        if not self._is_ledger and not any(name in columns for name in TELL):
            self.warnings.append("no column says what is paid: every invoice counts as unpaid")

    def _digits(self, currency: str) -> int:
        """How many decimals amounts of the file have, if all its currencies agree; otherwise 2."""
        found = set()
        for word in self._currencies or {currency}:
            try:
                found.add(digits_of(currency_code(word)))
            except (MoneyError, ValueError):
                continue
        return found.pop() if len(found) == 1 else 2

    def _an_amount(self, cells: Sequence[str]) -> str:
        said = (cells[self.layout.columns[name]].strip() for name in self._amounts)
        return next(filter(None, said), "")

    def _compare_twins(self, cells: Sequence[str]) -> None:
        for name, (agree, blank) in self._twins.items():
            own = cells[self.layout.columns[name]].strip()
            others = {cells[place].strip() for place in self.layout.twins[name] if place < len(cells)} - {""}
            self._twins[name] = [agree and (not own or others <= {own}), blank and not own]

    def _differing(self, name: Field) -> str:
        own = self.layout.named(name)
        others = (" ".join(self.layout.header[place].split()) for place in self.layout.twins[name])
        if other := next((said for said in others if plain(said) != plain(own)), ""):
            return (
                f"{own!r} and {other!r} may both be the {name}, and they differ: say which is with the columns setting "
                f"(--column {name}={other!r})"
            )
        return (
            f"the header names {own!r} more than once, and the columns differ: keep one, or give them names of their "
            f"own"
        )

    def _settle_twins(self) -> None:
        """Of columns with one name, take the one that is filled in; refuse two that say different things."""
        for name, (agree, blank) in self._twins.items():
            if not agree:
                raise UnreadableFileError(self._differing(name))
            if blank and len(self._twins) and len(self.layout.twins[name]) == 1:
                columns = {**self.layout.columns, name: self.layout.twins[name][0]}
                self.layout = replace(self.layout, columns=columns)


def _lines_agree(layout: Layout) -> bool:
    """Whether records of one invoice repeat its amounts: what is due or paid is said of invoices, never of items."""
    tells = {Field.AMOUNT_DUE, Field.AMOUNT_PAID} & layout.columns.keys()
    return layout.profile.rows is Rows.REPEATED or (Field.TOTAL in layout.columns and bool(tells))


def key_of(layout: Layout, group: Group) -> tuple[str, ...]:
    """What tells the invoice of a group from all others: its customer and number."""
    columns, cells = layout.columns, group.cells[0]
    who = ""
    for name in _WHO:
        if name in columns and (who := cells[columns[name]].strip()):
            break
    return group.heading, who.casefold(), cells[columns[Field.INVOICE_NUMBER]].strip()
