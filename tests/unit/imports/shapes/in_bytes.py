"""Files of one content in many encodings, separators, line ends and containers."""

from __future__ import annotations

import gzip
import io
import zipfile

from tests.unit.imports.shapes.shape import AS_READ, FIRST, HEADER, SECOND, Shape, both, sheet
from tests.unit.imports.shapes.workbook import workbook

_TEXT = both().decode()
_ACCENTS = sheet(
    "A-1,Müller & Söhne,13/01/2026,12/02/2026,£100.00,40.00,GBP,sent",
    "A-2,Café “Noël”,14/01/2026,13/02/2026,£250.50,250.50,GBP,overdue",
).decode()
_ACCENTS_READ = (
    "A-1|Müller & Söhne|2026-01-13|2026-02-12|10000|4000|GBP|partially_paid",
    "A-2|Café “Noël”|2026-01-14|2026-02-13|25050|25050|GBP|open",
)


def _zip(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _separated(mark: str) -> bytes:
    return _TEXT.replace(",", mark).encode()


_GERMAN = sheet(
    "R-1;Ährenfeld GmbH;13.01.2026;12.02.2026;1.234,50;40,00;EUR;offen",
    "R-2;Öhler KG;14.01.2026;13.02.2026;2,50;2,50;EUR;überfällig",
    header="Rechnungsnummer;Kunde;Rechnungsdatum;Fällig am;Betrag;Offener Betrag;Währung;Status",
    line_end="\r\n",
)
_GERMAN_READ = (
    "R-1|Ährenfeld GmbH|2026-01-13|2026-02-12|123450|4000|EUR|partially_paid",
    "R-2|Öhler KG|2026-01-14|2026-02-13|250|250|EUR|open",
)

ALL = (
    Shape("utf-8", both(), AS_READ, read_as={"encoding": "UTF-8", "delimiter": ",", "line_ends": "LF"}),
    Shape("a byte order mark", b"\xef\xbb\xbf" + both(), AS_READ),
    Shape("utf-16 little endian with mark", _ACCENTS.encode("utf-16"), _ACCENTS_READ),
    Shape("utf-16 big endian with mark", b"\xfe\xff" + _ACCENTS.encode("utf-16-be"), _ACCENTS_READ),
    Shape("utf-16 without mark", _ACCENTS.encode("utf-16-le"), _ACCENTS_READ),
    Shape("cp1252", _ACCENTS.encode("cp1252"), _ACCENTS_READ),
    Shape("cp1252 and semicolons, in German", _GERMAN.decode().encode("cp1252"), _GERMAN_READ),
    Shape("utf-8 in German", _GERMAN, _GERMAN_READ),
    Shape(
        "one byte of another encoding",
        _ACCENTS.encode().replace("ö".encode(), b"\xf6"),
        _ACCENTS_READ[1:],
        rejected={(2,): "bytes that are not UTF-8"},
    ),
    Shape("a few NUL bytes", both().replace(b"Birch", b"Bi\0rch"), AS_READ, warnings=("NUL",)),
    Shape("line feeds", both(), AS_READ),
    Shape("carriage returns", both("\r"), AS_READ, read_as={"line_ends": "CR"}),
    Shape("both", both("\r\n"), AS_READ, read_as={"line_ends": "CRLF"}),
    Shape("mixed line ends", f"{HEADER}\r\n{FIRST}\n{SECOND}\r".encode(), AS_READ),
    Shape("no last line end", both().rstrip(), AS_READ),
    Shape("semicolons", _separated(";"), AS_READ, read_as={"delimiter": ";"}),
    Shape("tabs", _separated("\t"), AS_READ, read_as={"delimiter": "\t"}),
    Shape("pipes", _separated("|"), AS_READ, read_as={"delimiter": "|"}),
    Shape("a spreadsheet's line with its separator", b"sep=;\r\n" + _separated(";"), AS_READ),
    Shape(
        "every cell in quotes",
        sheet(*('"' + row.replace(",", '","') + '"' for row in (FIRST, SECOND))),
        AS_READ,
    ),
    Shape("gzip", gzip.compress(both()), AS_READ, read_as={"container": "gzip"}),
    Shape(
        "zip",
        _zip(**{"book.csv": both(), "__MACOSX/._book.csv": b"\0\1"}),
        AS_READ,
        read_as={"container": "zip"},
    ),
    Shape("a zip of two tables", _zip(**{"a.csv": both(), "b.csv": both()}), refused="a.csv"),
    Shape("half a gzip", gzip.compress(both())[:-20], refused="gzip"),
    Shape(
        "a workbook",
        workbook(
            HEADER.split(","),
            ["A-1", "Ashdown Ltd", 46035, 46065, 100, 40, "EUR", "sent"],
            ["A-2", "Birch & Co", 46036, 46066, 250.5, 250.5, "EUR", "overdue"],
            dates={2, 3},
        ),
        AS_READ,
        read_as={"container": "xlsx"},
    ),
    Shape("nothing", b"", refused="the file is empty"),
    Shape("blanks only", b"\r\n , ,\r\n", refused="the file is empty"),
    Shape("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", refused="PDF"),
    Shape("a web page", b"<!DOCTYPE html>\n<html><body>Sign in</body></html>", refused="a web page"),
    Shape("an old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, refused="xls"),
    Shape("bytes", bytes(range(256)) * 8, refused="not text"),
)
