"""From an uploaded file to the bytes of its table: unpacked, or refused by what it is instead."""

from __future__ import annotations

import gzip
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache, reduce
from typing import IO, TYPE_CHECKING, Protocol
from xml.parsers import expat

from tactful.imports.statement import UnreadableFileError

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

# A book of ten million invoices is no larger; what unpacks to more is a slip or an attack.
LARGEST_TABLE = 2 * 1024**3
# A workbook is held in memory whole, many times the size of its parts.
_LARGEST_WORKBOOK = 100 * 1024**2
# A sheet is held as a rectangle: one cell far off the table would fill all memory with blank ones.
_LARGEST_SHEET = 10_000_000
_HEAD = 1024

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
    (b"{\\rtf", "a text document"),
)
_MARKUP = re.compile(rb"<(?:!doctype|!--|\?xml|(?:html|head|meta|style|body|div|table)[\s>])", re.IGNORECASE)
_JSON = re.compile(rb'\{\s*"|\[\s*[{\[]')
_BEFORE_TEXT = b"\xef\xbb\xbf\r\n\t "
# What else comes as a zip, by a part that it has.
_OTHER_ZIPS = {
    "xl/workbook.bin": "a binary Excel workbook (.xlsb)",
    "content.xml": "an OpenDocument file (.ods)",
    "Index/Document.iwa": "a Numbers document",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a presentation",
}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_GZIP = b"\x1f\x8b"
# What unpacking raises, by any of the methods, for bytes that are not what they should be.
_DAMAGE = (
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
_REF = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ERROR_CELL = re.compile(rb"""(<(?:\w+:)?c\s(?:[^>]*\s)?t\s*=\s*["'])e(?=["'])""")


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
    head = file.read(_HEAD)
    if head.startswith(_GZIP):
        table = Table(Container.GZIP, lambda: io.BufferedReader(_Unpacked(_gunzip(file), "gzip file")))
        _check_unpacked(table, "the gzip file")
        return table
    if head.startswith(_ZIP):
        return _of_zip(file)
    _refuse_others(head, "the file")
    return Table(Container.PLAIN, lambda: _from_start(file))


def _refuse_others(head: bytes, what: str) -> None:
    for magic, kind in _OTHERS:
        if head.startswith(magic):
            raise UnreadableFileError(f"{what} is {kind}, not a table: {_EXPORT}")
    start = head.lstrip(_BEFORE_TEXT)
    if _MARKUP.match(start):
        raise UnreadableFileError(f"{what} is a web page or XML, not a table: {_EXPORT}")
    if _JSON.match(start):
        raise UnreadableFileError(f"{what} is JSON, not a table: {_EXPORT}")


def _check_unpacked(table: Table, what: str) -> None:
    """Refuse what is packed twice, or no table once it is unpacked."""
    with table.open() as source:
        head = source.read(_HEAD)
    if head.startswith((*_ZIP, _GZIP)):
        raise UnreadableFileError(f"what {what} holds is packed once more: pack the CSV itself")
    _refuse_others(head, f"what {what} holds")


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
        except _DAMAGE as error:
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
    except _DAMAGE as error:
        raise UnreadableFileError(
            f"the zip file is damaged or incomplete ({type(error).__name__}): pack and upload it again"
        ) from error
    names = [member.filename for member in members]
    if "xl/workbook.xml" in names:
        return _of_workbook(file, archive)
    if kind := next((_OTHER_ZIPS[name] for name in names if name in _OTHER_ZIPS), ""):
        raise UnreadableFileError(f"the file is {kind}: save the table as CSV or .xlsx")
    if len(members) != 1:
        found = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")  # noqa: PLR2004
        said = f"has {len(names)} files ({found})" if names else "is empty"
        raise UnreadableFileError(f"the zip file {said}: put exactly one CSV into it")
    (member,) = members
    if member.flag_bits & 1:
        raise UnreadableFileError("the zip file is encrypted: pack it without a password")
    table = Table(Container.ZIP, lambda: io.BufferedReader(_Unpacked(_member(archive, member), "zip file")))
    _check_unpacked(table, "the zip file")
    return table


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    try:
        return archive.open(member)
    except _DAMAGE as error:
        raise UnreadableFileError(
            f"the zip file is damaged ({type(error).__name__}): pack and upload it again"
        ) from error


def _is_clutter(member: zipfile.ZipInfo) -> bool:
    """What operating systems put beside files."""
    name = member.filename
    return name.endswith("/") or name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def _of_workbook(file: IO[bytes], archive: zipfile.ZipFile) -> Table:
    """The first visible sheet that holds anything."""
    if sum(member.file_size for member in archive.infolist()) > _LARGEST_WORKBOOK:
        raise UnreadableFileError(
            f"the workbook unpacks to more than {_LARGEST_WORKBOOK // 1024**2} MB: save the sheet as CSV"
        )
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum  # noqa: PLC0415 - few files need it

    try:
        have_errors = [_check_part(archive, member) for member in archive.infolist()]
        readable = _with_errors_as_text(archive) if any(have_errors) else file
        readable.seek(0)
        workbook = CalamineWorkbook.from_filelike(readable)
        filled = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible is SheetVisibleEnum.Visible
            and workbook.get_sheet_by_name(sheet.name).end is not None
        ]
    except UnreadableFileError:
        raise
    except (CalamineError, expat.ExpatError, *_DAMAGE) as error:
        raise UnreadableFileError(f"the workbook cannot be read ({error}): save the sheet as CSV") from error
    if not filled:
        raise UnreadableFileError(
            "the workbook has no visible sheet with anything on it: save the sheet as CSV"
        )
    first, *others = filled
    warnings = (f"only sheet {first!r} is read, not {_listed(others)}",) if others else ()
    return Table(Container.XLSX, lambda: nullcontext(io.BytesIO()), lambda: _rows(workbook, first), warnings)


def _check_part(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a part of a workbook has cells with errors, such as #REF!.

    Raises UnreadableFileError for a sheet with a cell so far off that the rectangle up to it is no table.
    """
    if not member.filename.endswith(".xml"):
        return False
    found = _Extent()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = found.see
    with archive.open(member) as part:
        parser.ParseFile(part)
    if found.rows * found.columns > _LARGEST_SHEET:
        raise UnreadableFileError(
            f"the workbook has a sheet of {found.rows:,} rows and {found.columns:,} columns: delete what stands "
            f"beyond the table, or save the sheet as CSV"
        )
    return found.has_errors


class _Extent:
    """How far the filled cells of a sheet reach, of a part of a workbook as its elements begin."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self.has_errors = False
        self._row = self._column = 0

    def see(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(" ")[2]
        if kind == "c":
            self._go_to(attributes.get("r", ""))
            self.has_errors = self.has_errors or attributes.get("t") == "e"
        elif kind in ("v", "f", "is"):
            self.rows = max(self.rows, self._row)
            self.columns = max(self.columns, self._column)
        elif kind == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0

    def _go_to(self, reference: str) -> None:
        place = _REF.fullmatch(reference)
        if place:
            self._column, self._row = _column(place[1]), int(place[2])
        elif reference:
            raise ValueError(f"no cell is called {reference[:20]!r}")
        else:
            self._column += 1


@lru_cache(maxsize=1000)
def _column(letters: str) -> int:
    return reduce(lambda number, letter: number * 26 + ord(letter) - 64, letters, 0)


def _with_errors_as_text(archive: zipfile.ZipFile) -> IO[bytes]:
    """A workbook whose errors are texts: as errors they would be read as blank cells."""
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as written:
        for member in archive.infolist():
            part = archive.read(member)
            is_sheet = member.filename.endswith(".xml")
            written.writestr(member.filename, _ERROR_CELL.sub(rb"\1str", part) if is_sheet else part)
    return copy


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names[:5])


def _rows(workbook: CalamineWorkbook, sheet: str) -> Iterator[list[str]]:
    """Every row from the sheet's first on, so that rows are numbered as people see them."""
    found = workbook.get_sheet_by_name(sheet)
    blank = [""] * (found.start[1] if found.start else 0)
    for row in found.iter_rows():
        yield blank + [_text(cell) for cell in row]


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
