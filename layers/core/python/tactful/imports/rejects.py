"""The CSV of rejected records: as they stand in their file, to be corrected and uploaded as it is."""

from __future__ import annotations

import csv
import io
import re
import shlex
from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING

from tactful.domain.book.money import MINOR_DIGITS
from tactful.imports.identifiers import neutral
from tactful.imports.profile import Field
from tactful.imports.statement import Rejected, UnreadableFileError
from tactful.imports.upload_settings import DateOrder, DecimalMark, Mode, UploadSettings

if TYPE_CHECKING:
    from tactful.imports.reading import ReadAs, Reading

WHY = "tactful: why"
READ_AS = "tactful: read as"
"""The header of the column that says how the whole file was read: a few of its records may not show it."""

_COLUMN = "column."
_NAMES = frozenset({"profile", "date_order", "currency", "decimal_mark", "terms_days", "country", "mode"})
_ORDERS = {"DD": DateOrder.DAY_FIRST, "MM": DateOrder.MONTH_FIRST, "YY": DateOrder.YEAR_FIRST}
_NUMBERS = re.compile(r"(?:DD|MM|YY)\W(?:DD|MM)\W(?:DD|YY|YYYY)")


def write_rejects(reading: Reading, rejected: Iterable[Rejected], out: IO[bytes]) -> int:
    """Write rejected records of a file under its own header, with two more columns; how many were written.

    UTF-8 with a byte order mark, commas and CRLF, as spreadsheets write CSV; what they would calculate is written so
    that they do not. Records that are too long or too short stay so: they are rejected again until they are mended. A
    record that could not be taken apart has only its reason.
    """
    text = io.TextIOWrapper(out, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    settings = settings_cell(applied(reading.read_as))
    header = _header(reading)
    writer.writerow([*map(neutral, header), WHY, READ_AS])
    width, written, last, heading = len(header), 0, "", ""
    aside = _place_of_headings(reading)
    for one in rejected:
        if one.heading != heading:
            # A sum ends the records under a heading.
            writer.writerow([*[""] * aside, neutral(one.heading or f"Total {heading}")])
            heading = one.heading
        # Records of two invoices must not be taken for those of one.
        if written and one.invoice_number in ("", last):
            writer.writerow([])
        last = one.invoice_number
        for cells in one.cells or (("",) * width,):
            said = map(neutral, cells)
            if len(cells) < width:
                writer.writerow(said)
            else:
                writer.writerow([*said, neutral(_reason(one)), settings])
            written += 1
    text.detach()
    return written


def applied(read_as: ReadAs) -> UploadSettings:
    """The settings by which a few records are read as the whole file was. They never make a snapshot of them."""
    settings, by_name = read_as.settings, bool(read_as.header_record)
    mark = read_as.decimal_mark
    return UploadSettings(
        currency=read_as.currency,
        date_order=_order(read_as),
        decimal_mark=DecimalMark(mark) if mark in [*DecimalMark] else None,
        terms_days=settings.terms_days,
        profile=read_as.profile,
        mode=Mode.INCREMENTAL,
        country=settings.country,
        columns=settings.columns if by_name else {},
    )


def settings_cell(settings: UploadSettings) -> str:
    """Settings in one cell, such as `profile=xero date_order=dmy currency=GBP`."""
    said = {name: getattr(settings, name) for name in sorted(_NAMES)}
    words = [f"{name}={value}" for name, value in said.items() if value not in (None, "")]
    words += [f"{_COLUMN}{name}={header}" for name, header in settings.columns.items()]
    return shlex.join(words)


def settings_of(cell: str) -> UploadSettings:
    """The settings in a cell. Raises UnreadableFileError for what `settings_cell` does not write."""
    said: dict[str, str] = {}
    columns: dict[str, str] = {}
    try:
        for word in shlex.split(cell):
            name, _, value = word.partition("=")
            if name.startswith(_COLUMN):
                columns[Field(name.removeprefix(_COLUMN))] = value
            elif name in _NAMES and value:
                said[name] = value
            else:
                raise ValueError(f"{name!r} is none of {', '.join(sorted(_NAMES))}")  # noqa: TRY301 - told as one
        return UploadSettings(
            currency=_currency(said.get("currency", "")),
            date_order=DateOrder(said["date_order"]) if "date_order" in said else None,
            decimal_mark=DecimalMark(said["decimal_mark"]) if "decimal_mark" in said else None,
            terms_days=int(said["terms_days"]) if "terms_days" in said else None,
            profile=said.get("profile", ""),
            mode=Mode(said["mode"]) if "mode" in said else None,
            country=said.get("country", ""),
            columns=columns,
        )
    except ValueError as error:
        raise UnreadableFileError(
            f"the column {READ_AS!r} says {cell[:200]!r}, which cannot be understood ({error}): put back what stood "
            f"there, or take the column out and say how to read the file in its settings"
        ) from error


def _header(reading: Reading) -> Sequence[str]:
    """The file's own header; where it has none, the names of the fields that its columns hold."""
    if reading.read_as.header_record:
        return reading.header
    header = list(reading.header)
    for name, place in reading.read_as.settings.columns.items():
        header[int(place) - 1] = str(name)
    return header


def _place_of_headings(reading: Reading) -> int:
    """A column that nothing is read from, so that a heading is taken for nothing else; or else the first."""
    unused = {*reading.read_as.unused_columns}
    return next((at for at, cell in enumerate(reading.header) if " ".join(cell.split()) in unused), 0)


def _reason(one: Rejected) -> str:
    reason = " ".join(one.reason.split())
    return reason if one.cells else f"record {one.records[0]}: {reason}; correct it in the file itself"


def _order(read_as: ReadAs) -> DateOrder | None:
    """The order of day and month if the file has one only; what begins with a year needs none."""
    if read_as.settings.date_order:
        return read_as.settings.date_order
    orders = {
        _ORDERS[style[:2]]
        for said in read_as.dates.values()
        for style in said.format.split(", ")
        if _NUMBERS.fullmatch(style)
    }
    return orders.pop() if len(orders) == 1 else None


def _currency(code: str) -> str:
    if code and code not in MINOR_DIGITS:
        raise ValueError(f"{code!r} is not an ISO 4217 code such as EUR")
    return code
