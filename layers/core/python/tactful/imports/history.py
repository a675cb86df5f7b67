"""A history of invoices: when each was issued, due and settled, as an accounting product exports it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, TypeVar

from tactful.domain.book.money import Money, digits_of
from tactful.imports.amounts import AmountEvidence, AmountFormat, decide_mark
from tactful.imports.dates import DateEvidence, DateFormat, decide
from tactful.imports.people import yes_or_no
from tactful.imports.profile import Field, plain
from tactful.imports.records import Record, Records, open_records
from tactful.imports.statement import UnreadableFileError
from tactful.imports.upload_settings import DateOrder

# What exports call a column, as `plain` has it.
_NAMES: Mapping[Field, tuple[str, ...]] = {
    Field.INVOICE_NUMBER: ("invoicenumber", "invoiceno", "invoiceid", "invoice"),
    Field.CUSTOMER_ID: ("customerid", "customernumber", "customerno", "customer"),
    Field.ISSUE_DATE: ("issuedate", "invoicedate", "dateissued"),
    Field.DUE_DATE: ("duedate", "datedue"),
    Field.TOTAL: ("total", "invoiceamount", "amount"),
    Field.SETTLED_DATE: ("settleddate", "settlementdate", "paiddate", "datepaid"),
    Field.DISPUTED: ("disputed", "isdisputed"),
}
_OPTIONAL = frozenset({Field.DISPUTED})
_DATES = (Field.ISSUE_DATE, Field.DUE_DATE, Field.SETTLED_DATE)
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class PastInvoice:
    """One invoice of a history. Dates are civil dates; `settled_on` is None if it never was."""

    number: str
    customer_id: str
    issued_on: date
    due_date: date
    total: Money
    settled_on: date | None
    disputed: bool


@dataclass(frozen=True, slots=True)
class History:
    """What a file tells. `faults` has why records were left out, by their numbers, counted from 1."""

    invoices: tuple[PastInvoice, ...]
    faults: tuple[tuple[int, str], ...]


def read_history(source: IO[bytes], currency: str, dates: DateOrder | None = None) -> History:
    """The invoices of a seekable history file, all in one currency (ISO 4217).

    How dates are written is found out column by column, unless `dates` says it. A record that cannot be read is a
    fault and stops no other. Raises UnreadableFileError for a file without the columns, or whose dates or amounts
    could be meant in more than one way.
    """
    records = open_records(source)
    header = next((record for record in records if any(map(str.strip, record.cells))), Record(0, []))
    rows = _Rows(records, header, _columns(header.cells))
    written, amounts_written = rows.evidence()
    formats = decide(written, dates, None)
    amounts = decide_mark({Field.TOTAL: amounts_written}, None, None, digits_of(currency))
    faults: list[tuple[int, str]] = []
    found: dict[tuple[str, str], PastInvoice] = {}
    for number, cells, fault in rows:
        try:
            if fault:
                raise ValueError(fault)  # noqa: TRY301 - every fault of a record is told in one way
            invoice = _invoice(cells, currency, formats, amounts)
            if (invoice.customer_id, invoice.number) in found:
                raise ValueError(f"{invoice.number} was told before: keep one row")  # noqa: TRY301 - as above
        except ValueError as error:
            faults.append((number, str(error)))
        else:
            found[invoice.customer_id, invoice.number] = invoice
    return History(tuple(found.values()), tuple(faults))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The records under the header, read anew each time: number, cells by field, and what is wrong with them."""

    records: Records
    header: Record
    columns: Mapping[Field, int]

    def __iter__(self) -> Iterator[tuple[int, dict[Field, str], str]]:
        width = len(self.header.cells)
        for record in self.records:
            if record.number <= self.header.number:
                continue
            if record.fault or len(record.cells) != width:
                said = f"the record has {len(record.cells)} cells where the header has {width}"
                if record.fault or any(map(str.strip, record.cells)):
                    yield record.number, {}, record.fault or said
            elif any(map(str.strip, record.cells)):
                cells = {field: record.cells[place].strip() for field, place in self.columns.items()}
                yield record.number, cells, ""

    def evidence(self) -> tuple[dict[Field, DateEvidence], AmountEvidence]:
        """How the dates and amounts are written."""
        dates, amounts = {field: DateEvidence() for field in _DATES}, AmountEvidence()
        shown = {field: one.see for field, one in dates.items()} | {Field.TOTAL: amounts.see}
        for number, cells, _ in self:
            for field, see in shown.items():
                if text := cells.get(field):
                    see(text, number)
        return dates, amounts


def _columns(header: Sequence[str]) -> dict[Field, int]:
    """The place of each field's column in this file."""
    places = {plain(cell): place for place, cell in reversed([*enumerate(header)])}
    columns = {
        field: next(places[name] for name in names if name in places)
        for field, names in _NAMES.items()
        if places.keys() & {*names}
    }
    missing = [field for field in _NAMES if field not in columns and field not in _OPTIONAL]
    if missing:
        raise UnreadableFileError(
            f"the header lacks {', '.join(missing)}; a history needs {', '.join(_NAMES)}"
        )
    return columns


def _invoice(
    cells: Mapping[Field, str], currency: str, formats: Mapping[Field, DateFormat], amounts: AmountFormat
) -> PastInvoice:
    for field in (Field.INVOICE_NUMBER, Field.CUSTOMER_ID):
        if not cells[field]:
            raise ValueError(f"{field}: it is empty")
    issued, due, settled = (_day(field, cells[field], formats[field]) for field in _DATES)
    if issued is None or due is None:
        raise ValueError("issue_date and due_date: both must be there")
    if due < issued:
        raise ValueError(f"due_date {due} is before issue_date {issued}")
    if settled and settled < issued:
        raise ValueError(f"settled_date {settled} is before issue_date {issued}")
    total = _read(Field.TOTAL, lambda: amounts.read(cells[Field.TOTAL], currency))
    if total.minor <= 0:
        raise ValueError(f"total: {cells[Field.TOTAL]} is nothing to be paid: leave out credit notes")
    disputed = _read(Field.DISPUTED, lambda: yes_or_no(cells.get(Field.DISPUTED, "")))
    return PastInvoice(
        cells[Field.INVOICE_NUMBER],
        cells[Field.CUSTOMER_ID],
        issued,
        due,
        total,
        settled,
        disputed is True,
    )


def _day(field: Field, text: str, form: DateFormat) -> date | None:
    return _read(field, lambda: form.read(text)) if text else None


def _read(field: Field, read: Callable[[], _Value]) -> _Value:
    try:
        return read()
    except ValueError as error:
        raise ValueError(f"{field}: {error}") from error
