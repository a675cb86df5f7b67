"""Reading one uploaded file: once over all of it to decide how it is meant, then record by record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from tactful.imports.columns import GENERIC, Layout, find_layout
from tactful.imports.customers import CustomerReader
from tactful.imports.dates import DateFormat
from tactful.imports.doubts import check_header
from tactful.imports.groups import Group, Grouping
from tactful.imports.invoices import InvoiceReader
from tactful.imports.profile import Field, FileKind, Profile, Rows, plain
from tactful.imports.records import Records, open_records
from tactful.imports.rejects import READ_AS, settings_of
from tactful.imports.repeats import Repeats, Repetition
from tactful.imports.statement import Described, Ignored, Rejected, StatedInvoice, UnreadableFileError
from tactful.imports.survey import TELL, Survey, key_of
from tactful.imports.upload_settings import UploadSettings

# The header of rejected records is their file's first; nobody puts a hundred lines above it.
_HEADER_WITHIN = 100

_REPEATED = {
    Repetition.OTHERWISE: "record {} says something else about this invoice: keep the one that is true",
    Repetition.UNCLEAR: (
        "record {} has the same invoice and amount and differs elsewhere: if they are two items of it, export one "
        "record an invoice, or say in a profile what the records of an invoice have in common; if not, keep one"
    ),
}

Item = StatedInvoice | Described | Rejected | Ignored
"""What a file says, in its order."""


@dataclass(frozen=True, slots=True)
class DatesReadAs:
    """How the dates of a column are written, and how that is known."""

    format: str
    why: str


@dataclass(frozen=True, slots=True)
class ReadAs:
    """What a file was taken for. `settings` are those in force, also what the file's own column of them says."""

    encoding: str
    container: str
    delimiter: str
    line_ends: str
    header_record: int
    profile: str
    columns: Mapping[Field, str]
    unused_columns: tuple[str, ...]
    dates: Mapping[Field, DatesReadAs]
    decimal_mark: str
    currency: str
    settings: UploadSettings

    def as_json(self) -> dict[str, object]:
        """For a machine, and for the report of an import."""
        return {
            "encoding": self.encoding,
            "container": self.container,
            "delimiter": self.delimiter,
            "line_ends": self.line_ends,
            "header_record": self.header_record or None,
            "profile": self.profile,
            "columns": {str(name): header for name, header in self.columns.items()},
            "unused_columns": list(self.unused_columns),
            "dates": {str(name): {"format": one.format, "why": one.why} for name, one in self.dates.items()},
            "decimal_mark": self.decimal_mark,
            "currency": self.currency,
            "terms_days": self.settings.terms_days,
        }


@dataclass(slots=True)
class Reading:
    """A file that can be read. Its items are read from the file anew each time, in order and one by one.

    `warnings` are complete once the items have been read to the end.
    """

    kind: FileKind
    read_as: ReadAs
    header: tuple[str, ...]
    _records: Records
    _layout: Layout
    _invoices: InvoiceReader | None
    _customers: CustomerReader
    _repeats: Repeats
    _warnings: list[str] = field(default_factory=list)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What should not be overlooked."""
        return (*self._warnings, *self._customers.warnings)

    def items(self, after: int = 0) -> Iterator[Item]:
        """What the file says; without what ends at or before the record `after`."""
        found = Grouping(self._layout, self.kind).walk(self._records)
        if self._layout.profile.rows is Rows.LEDGER:
            found = _by_invoice(self._layout, found)
        for one in found:
            if one.records[-1] <= after:
                continue
            yield self._item(one) if isinstance(one, Group) else one

    def _item(self, group: Group) -> Item:
        if self._invoices is None:
            return self._described(group)
        if self._repeats.any:
            key, record = key_of(self._layout, group), group.records[0]
            if repeated := self._repeats.of(key, record):
                how, other = repeated
                if how is Repetition.AGAIN:
                    return Ignored(group.records, f"says again what record {other} says")
                return self._invoices.rejected(group, _REPEATED[how].format(other))
        return self._invoices.read(group)

    def _described(self, group: Group) -> Described | Rejected:
        try:
            return Described(group.records, self._customers.read(self._layout.texts(group.cells)))
        except ValueError as error:
            return Rejected(group.records, str(error), cells=tuple(map(tuple, group.cells)))


def read_file(
    file: IO[bytes], kind: FileKind, settings: UploadSettings, profiles: Sequence[Profile]
) -> Reading:
    """Read a seekable file once, to know how to read it; it stays in use.

    Raises UnreadableFileError for a file that is refused as a whole: not text, no header, days or amounts that can
    be meant in more than one way, no currency, no due dates.
    """
    records = open_records(file)
    own = _own_settings(records)
    settings = settings if own is None else _filled_in(settings, own)
    layout = find_layout(records, kind, settings, profiles)
    survey = Survey(layout)
    survey.read(Grouping(layout, kind).walk(records))
    layout = survey.layout
    customers = CustomerReader(layout, settings.country, is_strict=kind is FileKind.CUSTOMERS)
    invoices = None
    dates: Mapping[Field, DateFormat] = {}
    mark = currency = ""
    if kind is FileKind.INVOICES:
        check_header(layout, settings, TELL)
        _check_due_dates(layout, settings)
        formats = survey.formats(settings)
        invoices = InvoiceReader(layout, settings, formats, customers)
        dates, mark, currency = formats.dates, formats.amounts.mark, formats.currency
        survey.warnings += formats.amounts.warnings
    read_as = ReadAs(
        records.encoding,
        records.container,
        records.delimiter,
        records.line_ends,
        layout.header_record,
        layout.profile.name,
        {name: layout.named(name) for name in layout.columns},
        layout.unused(),
        {name: DatesReadAs(one.format, one.why) for name, one in dates.items()},
        mark,
        currency,
        settings,
    )
    warnings = [*records.warnings, *survey.warnings]
    warnings += [f"{name}: {said}" for name, one in dates.items() for said in one.warnings]
    return Reading(
        kind, read_as, layout.header, records, layout, invoices, customers, survey.repeats, warnings
    )


def _by_invoice(layout: Layout, found: Iterable[object]) -> Iterator[Group | Ignored | Rejected]:
    """A ledger's bookings gathered by invoice: payments stand far from what they pay."""
    gathered: dict[tuple[str, ...], Group] = {}
    for one in found:
        if isinstance(one, Group):
            key = key_of(layout, one)
            known = gathered.get(key)
            gathered[key] = (
                Group(known.records + one.records, known.cells + one.cells, one.heading) if known else one
            )
        elif isinstance(one, Ignored | Rejected):
            yield one
    yield from sorted(gathered.values(), key=lambda group: group.records)


def _own_settings(records: Records) -> UploadSettings | None:
    """What a file of rejected records says of how the whole file was read. Raises UnreadableFileError if of several.

    The cells of a record that is too long or too short stand under other headers.
    """
    place, width = 0, 0
    found: dict[str, UploadSettings] = {}
    for record in records:
        if not width:
            place = next((at for at, cell in enumerate(record.cells) if plain(cell) == plain(READ_AS)), -1)
            width = len(record.cells) if place >= 0 else 0
            if record.number >= _HEADER_WITHIN and not width:
                return None
        elif len(record.cells) == width and (said := record.cells[place].strip()):
            found[said] = settings_of(said)
    if len(found) > 1:
        one, other = [*found][:2]
        raise UnreadableFileError(
            f"its records come from files that were read differently ({one}; {other}): upload them one by one"
        )
    return next(iter(found.values()), None)


def _filled_in(settings: UploadSettings, own: UploadSettings) -> UploadSettings:
    """The settings, and where they say nothing, what the file itself says."""
    return UploadSettings(
        currency=own.currency or settings.currency,
        date_order=own.date_order or settings.date_order,
        decimal_mark=own.decimal_mark or settings.decimal_mark,
        terms_days=settings.terms_days if own.terms_days is None else own.terms_days,
        profile=own.profile or settings.profile,
        mode=own.mode or settings.mode,
        country=own.country or settings.country,
        columns=own.columns or settings.columns,
    )


def _check_due_dates(layout: Layout, settings: UploadSettings) -> None:
    columns = layout.columns
    if (
        layout.profile.name == GENERIC
        and Field.DUE_DATE not in columns
        and not any(name in columns for name in TELL)
    ):
        raise UnreadableFileError(
            "nothing shows that these are invoices which are owed: no column has due dates, a status or what is left "
            "to pay. Export invoices rather than payments or a ledger, or name the product with the profile setting"
        )
    if Field.DUE_DATE not in columns and Field.TERMS not in columns and settings.terms_days is None:
        raise UnreadableFileError(
            "no column says when an invoice is due: export due dates, or say how many days after its date an "
            "invoice is due with the terms_days setting (--terms-days)"
        )
    if Field.DUE_DATE not in columns and Field.ISSUE_DATE not in columns:
        raise UnreadableFileError(
            "no column has a date: export the dates of issue, or when the invoices are due"
        )
