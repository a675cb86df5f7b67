"""From an uploaded file to the bytes of its table: unpacked, or refused by what it is instead."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Protocol

from tactful.imports.statement import UnreadableFileError

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

# A book of ten million invoices is no larger; what unpacks to more is a slip or an attack.
LARGEST_TABLE = 2 * 1024**3
# A workbook is held in memory whole, many times the size of its parts.
_LARGEST_WORKBOOK = 100 * 1024**2

_EXPORT = "export the invoices as CSV"
# What else people upload, by how it begins.
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls) or an encrypted one"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"BZh", "packed with bzip2"),
    (b"\xfd7zXZ", "packed with xz"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
)
_MARKUP = (b"<!doctype html", b"<html", b"<?xml")


class Container(StrEnum):
    """What a table came in."""

    PLAIN = "plain"
    GZIP = "gzip"
    ZIP = "zip"
    XLSX = "xlsx"


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Table:
    """A table's bytes, from the start each time it is opened, or the rows of a workbook's sheet instead."""

    container: Container
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    rows: Callable[[], Iterator[list[str]]] | None = None
    warnings: tuple[str, ...] = ()


def open_table(file: IO[bytes]) -> Table:
    """Unpack a seekable file. Raises UnreadableFileError for what is no table, or more than one."""
    file.seek(0)
    head = file.read(64)
    if head.startswith(b"\x1f\x8b"):
        return Table(Container.GZIP, lambda: io.BufferedReader(_Unpacked(_gunzip(file), "gzip file")))
    if head.startswith(b"PK"):
        return _of_zip(file)
    for magic, what in _OTHERS:
        if head.startswith(magic):
            raise UnreadableFileError(f"the file is {what}, not a table: {_EXPORT}")
    if head.lstrip(b"\xef\xbb\xbf\r\n\t ").lower().startswith(_MARKUP):
        raise UnreadableFileError(f"the file is a web page or XML, not a table: {_EXPORT}")
    return Table(Container.PLAIN, lambda: _from_start(file))


def _from_start(file: IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    file.seek(0)
    return nullcontext(file)


def _gunzip(file: IO[bytes]) -> Readable:
    file.seek(0)
    return gzip.GzipFile(fileobj=file)


class _Unpacked(io.RawIOBase):
    """A packed stream that tells in words what is wrong with it, and ends where no table goes on."""

    def __init__(self, packed: Readable, what: str) -> None:
        super().__init__()
        self._packed = packed
        self._what = what
        self._left = LARGEST_TABLE

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            chunk = self._packed.read(len(buffer))
        except (EOFError, OSError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
            raise UnreadableFileError(
                f"the {self._what} is damaged or incomplete ({type(error).__name__}): pack and upload it again"
            ) from error
        self._left -= len(chunk)
        if self._left < 0:
            raise UnreadableFileError(
                f"the {self._what} unpacks to more than {LARGEST_TABLE // 1024**3} GB: split the table"
            )
        buffer[: len(chunk)] = chunk
        return len(chunk)


def _of_zip(file: IO[bytes]) -> Table:
    try:
        archive = zipfile.ZipFile(file)
        members = [member for member in archive.infolist() if not _is_clutter(member)]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFileError(
            f"the zip file is damaged or incomplete ({type(error).__name__}): pack and upload it again"
        ) from error
    names = [member.filename for member in members]
    if "xl/workbook.xml" in names:
        return _of_workbook(file, sum(member.file_size for member in members))
    if len(members) != 1:
        found = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")  # noqa: PLR2004
        said = f"has {len(names)} files ({found})" if names else "is empty"
        raise UnreadableFileError(f"the zip file {said}: put exactly one CSV into it")
    (member,) = members
    if member.flag_bits & 1:
        raise UnreadableFileError("the zip file is encrypted: pack it without a password")
    try:
        with archive.open(member) as start:
            begins = start.read(4)
    except (OSError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise UnreadableFileError(
            f"the zip file is damaged ({type(error).__name__}): pack and upload it again"
        ) from error
    if begins.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise UnreadableFileError(
            f"{member.filename} in the zip file is packed once more: put the CSV itself into it"
        )
    return Table(Container.ZIP, lambda: io.BufferedReader(_Unpacked(archive.open(member), "zip file")))


def _is_clutter(member: zipfile.ZipInfo) -> bool:
    """What operating systems put beside files."""
    name = member.filename
    return member.is_dir() or name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def _of_workbook(file: IO[bytes], size: int) -> Table:
    """The first visible sheet that holds anything."""
    if size > _LARGEST_WORKBOOK:
        raise UnreadableFileError(
            f"the workbook unpacks to more than {_LARGEST_WORKBOOK // 1024**2} MB: save the sheet as CSV"
        )
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum  # noqa: PLC0415 - few files need it

    file.seek(0)
    try:
        workbook = CalamineWorkbook.from_filelike(file)
        filled = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible is SheetVisibleEnum.Visible
            and workbook.get_sheet_by_name(sheet.name).end is not None
        ]
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError(f"the workbook cannot be read ({error}): save the sheet as CSV") from error
    if not filled:
        raise UnreadableFileError(
            "the workbook has no visible sheet with anything on it: save the sheet as CSV"
        )
    first, *others = filled
    warnings = (f"only sheet {first!r} is read, not {_listed(others)}",) if others else ()
    return Table(Container.XLSX, lambda: nullcontext(io.BytesIO()), lambda: _rows(workbook, first), warnings)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names[:5])


def _rows(workbook: CalamineWorkbook, sheet: str) -> Iterator[list[str]]:
    """Every row from the sheet's first on, so that rows are numbered as people see them."""
    for row in workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False):
        yield [_text(cell) for cell in row]


def _text(cell: object) -> str:
    """A cell as it would stand in a CSV: dates in ISO, numbers with the 15 digits that a spreadsheet keeps."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return f"{Decimal(f'{cell:.15g}'):f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)
