"""In which characters a file is written, found out over the whole of it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO

from tactful.imports.statement import UnreadableFileError

_CHUNK = 1 << 18
# Enough lines with letters beyond ASCII to tell one single-byte encoding from another.
_SAMPLE = 1 << 16
# What DOS programs end a text with.
_END_OF_FILE = b"\x1a"
_NOT_ASCII = bytes(range(128, 256))
_UNPRINTABLE = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27}) + b"\x7f"
# A line this long is none of a table; it is held in memory whole.
_LONGEST_LINE = 1_000_000
# More than one in so many characters is no text.
_FEW = 100
# In a short file, too.
_A_FEW = 8
# What Western exports are written in, the likeliest first, and the letters and signs that they are full of.
_WESTERN = ("cp1252", "mac_roman", "cp850")
_LETTERS = frozenset("äöüßàâçéèêëîïôùûáíñóúåæøãõ")
_SIGNS = frozenset("£€§°´·º¿¡–—‘’“”•…«»®™©½¼¾²³\xa0")  # noqa: RUF001 - the signs themselves
_NEARLY_ALL = 0.9
_HALF = 0.5
# Where those do not fit: letters between ASCII ones, and whole words of other alphabets.
_LATIN = ("cp1252", "cp1250", "cp1254", "cp1257", "iso8859_2", "iso8859_15")
_OTHER = ("cp1251", "koi8_r", "cp866", "cp1253", "cp1255", "cp1256", "shift_jis", "gb18030", "big5", "euc_kr")
_WORD_OF_OTHERS = re.compile(rb"(?:^|[^A-Za-z\x80-\xff])[\x80-\xff]{3,}(?![A-Za-z\x80-\xff])")
_ASCII_LETTER = re.compile(rb"[A-Za-z]")
_WORD_WITH_LETTERS = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 with BOM", "utf-16-le": "UTF-16 LE", "utf-16-be": "UTF-16 BE"}
_NAMES |= {"utf-32-le": "UTF-32 LE", "utf-32-be": "UTF-32 BE"}
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # Before UTF-16, whose mark begins the same.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Other encodings hardly ever look like letters in UTF-8: one in so many bytes that do not is proof enough.
_PROVES_UTF8 = 2
# The euro sign of iso8859-15. Windows has one of its own, and nobody writes what it has there.
_EURO = b"\xa4"
_WINDOWS_ONLY = re.compile(rb"[\x80-\x9f]")
_WORDS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode a file.

    `left_out` are the characters that are no part of its text. With `has_stray_bytes` some of it is not UTF-8: decode
    with surrogateescape.
    """

    codec: str
    name: str
    line_ends: str
    left_out: str = ""
    has_stray_bytes: bool = False
    has_bom: bool = False
    warnings: tuple[str, ...] = ()


def find_encoding(opened: Callable[[], AbstractContextManager[IO[bytes]]]) -> Encoding:
    """Read a file once to find its encoding. Raises UnreadableFileError for an empty file and for what is no text."""
    with opened() as source:
        head = source.read(4096)
    if not head.strip(b"\0\r\n\t ,;|\xef\xbb\xbf\xff\xfe"):
        head = _whole(opened)
    codec = _by_bom(head) or _by_nuls(head)
    if codec.startswith(("utf-16", "utf-32")):
        return _checked(opened, codec, has_bom=bool(_by_bom(head)))
    survey = _survey(opened)
    if survey.unprintable * _FEW > survey.size:
        raise UnreadableFileError("the file is not text: export the invoices as CSV")
    has_bom = codec == "utf-8-sig"
    nuls = (f"{survey.nuls:,} NUL bytes were left out",) if survey.nuls else ()
    left_out = ("\0" if survey.nuls else "") + (_END_OF_FILE.decode() if survey.has_end else "")
    if not survey.strays:
        name = codec or "utf-8"
        return Encoding(name, _NAMES[name], survey.line_ends, left_out, has_bom=has_bom, warnings=nuls)
    if has_bom or survey.letters * _PROVES_UTF8 >= survey.strays:
        said = (
            f"{survey.strays:,} bytes are not UTF-8 like the rest: the records that hold them are rejected",
            *nuls,
        )
        return Encoding(
            codec or "utf-8",
            _NAMES[codec or "utf-8"],
            survey.line_ends,
            left_out,
            has_stray_bytes=True,
            has_bom=has_bom,
            warnings=said,
        )
    guessed = _guess(survey.sample)
    words = _words(survey.sample.decode(guessed, "replace"))
    said = (f"the file does not say that it is {guessed}, but reads well so: {words}", *nuls)
    return Encoding(guessed, guessed, survey.line_ends, left_out, warnings=said)


def _whole(opened: Callable[[], AbstractContextManager[IO[bytes]]]) -> bytes:
    """The first bytes that say anything. Raises UnreadableFileError if none do."""
    with opened() as source:
        while chunk := source.read(_CHUNK):
            if chunk.strip(b"\0\r\n\t ,;|\xef\xbb\xbf\xff\xfe"):
                return chunk[: len(chunk) // 2 * 2]
    raise UnreadableFileError("the file is empty: export it again, with its header row")


def _by_bom(head: bytes) -> str:
    return next((codec for bom, codec in _BOMS if head.startswith(bom)), "")


def _by_nuls(head: bytes) -> str:
    """UTF-16 without a mark has NULs in every other place only, and reads as lines of text."""
    pairs = len(head) // 2
    if pairs < 2:  # noqa: PLR2004
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < 10 * min(even, odd) + 1 or max(even, odd) * 20 < pairs:
        return ""
    codec = "utf-16-le" if odd > even else "utf-16-be"
    text = head[: pairs * 2].decode(codec, "replace")
    is_mostly_ascii = max(even, odd) * 2 > pairs
    has_lines = ("\n" in text or "\r" in text) and "\ufffd" not in text[:-1]
    return codec if is_mostly_ascii or has_lines else ""


@dataclass(slots=True)
class _Survey:
    """What a file of single bytes or UTF-8 holds: letters beyond ASCII, bytes that are none, line ends, a sample."""

    size: int = 0
    letters: int = 0
    strays: int = 0
    nuls: int = 0
    unprintable: int = 0
    crlf: int = 0
    cr: int = 0
    lf: int = 0
    line: int = 0
    has_end: bool = False
    sample: bytes = b""

    @property
    def line_ends(self) -> str:
        return _line_ends(self.crlf, self.cr, self.lf)


def _line_ends(crlf: int, cr: int, lf: int) -> str:
    kinds = {"CRLF": crlf, "CR": cr - crlf, "LF": lf - crlf}
    found = [name for name, count in kinds.items() if count]
    return found[0] if len(found) == 1 else "mixed" if found else "LF"


def _survey(opened: Callable[[], AbstractContextManager[IO[bytes]]]) -> _Survey:
    found = _Survey()
    rest = b""
    with opened() as source:
        while chunk := source.read(_CHUNK):
            found.size += len(chunk)
            found.nuls += chunk.count(0)
            found.unprintable += len(chunk) - len(chunk.translate(None, _UNPRINTABLE)) - chunk.count(0)
            # A line end may lie across two chunks: count what ends a line where its last byte is.
            found.crlf += (rest[-1:] + chunk).count(b"\r\n")
            found.cr += chunk.count(b"\r")
            found.lf += chunk.count(b"\n")
            found.line = _checked_line(found.line, len(chunk), max(chunk.rfind(b"\n"), chunk.rfind(b"\r")))
            whole = rest + chunk
            cut = whole.rfind(b"\n") + 1 or whole.rfind(b"\r") + 1 or len(whole) - 3
            _look(whole[:cut], found)
            rest = whole[cut:] if cut > 0 else whole
    _look(rest, found)
    found.has_end = rest.rstrip(b"\0\r\n").endswith(_END_OF_FILE)
    found.unprintable += found.nuls if found.nuls > max(_A_FEW, found.size // _FEW) else 0
    return found


def _checked_line(length: int, size: int, last_end: int) -> int:
    """The length of the line that a chunk of some size leaves open. Raises UnreadableFileError if it is too long."""
    length = size - last_end - 1 if last_end >= 0 else length + size
    if length > _LONGEST_LINE:
        raise UnreadableFileError(
            f"the file has a line of more than {_LONGEST_LINE:,} characters, as no table has: export it again"
        )
    return length


def _look(text: bytes, found: _Survey) -> None:
    """Count letters beyond ASCII, and bytes that are not UTF-8; keep some lines that have any."""
    if text.isascii():
        return
    try:
        found.letters += len(text.decode()) - len(text.translate(None, _NOT_ASCII))
    except UnicodeDecodeError:
        decoded = text.decode(errors="surrogateescape")
        strays = sum("\udc80" <= letter <= "\udcff" for letter in decoded)
        found.strays += strays
        found.letters += len(decoded) - len(text.translate(None, _NOT_ASCII)) - strays
    if len(found.sample) < _SAMPLE:
        lines = (line for line in text.splitlines(keepends=True) if not line.isascii())
        for line in lines:
            found.sample += line[:_SAMPLE]
            if len(found.sample) >= _SAMPLE:
                break


def _guess(sample: bytes) -> str:
    """The encoding that a sample of lines reads best in. Raises UnreadableFileError if it reads badly in all."""
    has_euro = _EURO in sample and not _WINDOWS_ONLY.search(sample)
    for codec in ("iso8859_15" if has_euro else "cp1252", *_WESTERN[1:]):
        if _western_share(sample, codec) >= _NEARLY_ALL:
            return codec
    from charset_normalizer import from_bytes  # noqa: PLC0415 - few files need it

    words = _WORD_WITH_LETTERS.findall(sample)
    beyond = len(sample) - len(sample.translate(None, _NOT_ASCII))
    is_other = len(_WORD_OF_OTHERS.findall(sample)) * 2 > len(words) or beyond > len(
        _ASCII_LETTER.findall(sample)
    )
    best = from_bytes(sample, cp_isolation=list(_OTHER if is_other else _LATIN)).best()
    if best:
        return best.encoding
    if _western_share(sample, "cp1252") < _HALF:
        raise UnreadableFileError(
            "the file is not UTF-8, and nothing else that is known reads well: export it as CSV UTF-8"
        )
    return "cp1252"


def _western_share(sample: bytes, codec: str) -> float:
    """How much of what is beyond ASCII stands where Western texts have it."""
    text = f" {sample.decode(codec, 'replace')} "
    beyond = [place for place, letter in enumerate(text) if letter > "\x7f"]
    return sum(_is_western(*text[place - 1 : place + 2]) for place in beyond) / len(beyond)


def _is_western(before: str, letter: str, after: str) -> bool:
    """Whether a letter or sign stands where Western texts have it: capitals not inside words, signs not in them."""
    if letter in _SIGNS:
        return not (before.isalpha() and after.isalpha()) or letter == "\N{RIGHT SINGLE QUOTATION MARK}"
    if letter in _LETTERS:
        return not (before.isupper() and after.isupper()) and not after.isdecimal()
    is_inside = before.islower() or (before.isupper() and after.islower())
    return letter.lower() in _LETTERS and not is_inside


def _words(text: str) -> str:
    words = (word.strip(",;|\"'") for word in text.split())
    shown = list(dict.fromkeys(word[:30] for word in words if not word.isascii()))[:_WORDS_SHOWN]
    return ", ".join(shown)


def _checked(
    opened: Callable[[], AbstractContextManager[IO[bytes]]], codec: str, *, has_bom: bool
) -> Encoding:
    """UTF-16 or UTF-32, if the whole file is. Raises UnreadableFileError if it is not."""
    decoder = codecs.getincrementaldecoder(codec)()
    crlf = cr = lf = line = 0
    last = ""
    has_nul = False
    try:
        with opened() as source:
            while chunk := source.read(_CHUNK):
                text = decoder.decode(chunk)
                crlf += (last + text).count("\r\n")
                cr += text.count("\r")
                lf += text.count("\n")
                has_nul = has_nul or "\0" in text
                line = _checked_line(line, len(text), max(text.rfind("\n"), text.rfind("\r")))
                last = text[-1:]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"the file begins as {_NAMES[codec]} and does not go on so: export it as CSV UTF-8"
        ) from error
    warnings = ("NUL characters were left out",) if has_nul else ()
    return Encoding(
        codec,
        _NAMES[codec],
        _line_ends(crlf, cr, lf),
        "\0" if has_nul else "",
        has_bom=has_bom,
        warnings=warnings,
    )
