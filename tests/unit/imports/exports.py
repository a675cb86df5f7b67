"""Exports as products write them, made up by Hypothesis: what the reader is tested on."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from tactful.adapters.profile_files import load_profiles
from tactful.domain.book.money import digits_of
from tactful.imports.profile import Field, FileKind, Meaning, Profile, Rows
from tactful.imports.upload_settings import DateOrder, DecimalMark

_PROFILES = Path(__file__).parents[3] / "templates" / "profiles"
_PATTERNS = {
    DateOrder.DAY_FIRST: "%d/%m/%Y",
    DateOrder.MONTH_FIRST: "%m/%d/%Y",
    DateOrder.YEAR_FIRST: "%Y-%m-%d",
}
_UNPAID = (Meaning.OPEN, Meaning.PARTIALLY_PAID)
_LETTERS = st.characters(codec="cp1252", categories=["Lu", "Ll"])


@dataclass(frozen=True)
class Truth:
    """One invoice, as the books have it. Amounts in minor units."""

    number: str
    customer: str
    issued: date
    due: date
    total: int
    left: int


@dataclass(frozen=True)
class Dialect:
    """How a file is written."""

    order: DateOrder
    delimiter: str
    encoding: str
    line_end: str
    has_comma: bool
    is_packed: bool
    has_title: bool


@cache
def profiles() -> tuple[Profile, ...]:
    """The profiles that are shipped."""
    return load_profiles(_PROFILES)


def products() -> list[Profile]:
    """The products whose files say all of an invoice in one record."""
    return [
        profile
        for profile in profiles()
        if profile.kind is FileKind.INVOICES
        and profile.requires
        and profile.rows in (Rows.ONE, Rows.REPEATED)
        and not profile.headings
        and not profile.keep
        and Field.TOTAL in profile.columns
        and {Field.CUSTOMER_NAME, Field.CUSTOMER_ID} & profile.columns.keys()
    ]


@st.composite
def books(draw: st.DrawFn) -> list[Truth]:
    """A few invoices with numbers of their own."""
    book = []
    for number in range(draw(st.integers(1, 8))):
        issued, total = draw(st.dates(date(2015, 1, 1), date(2035, 12, 1))), draw(st.integers(1, 10**9))
        name = draw(st.text(_LETTERS, min_size=1, max_size=12))
        due = issued + timedelta(days=draw(st.integers(0, 60)))
        book.append(
            Truth(f"INV-{number:05d}", f"{name} Ltd", issued, due, total, draw(st.integers(0, total)))
        )
    return book


dialects = st.builds(
    Dialect,
    order=st.sampled_from(DateOrder),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    has_comma=st.booleans(),
    is_packed=st.booleans(),
    has_title=st.booleans(),
)


def decimal_mark(profile: Profile, dialect: Dialect) -> DecimalMark:
    """What stands before the cents in a product's file of a dialect."""
    return profile.decimal_mark or (DecimalMark.COMMA if dialect.has_comma else DecimalMark.POINT)


def written(profile: Profile, book: Sequence[Truth], dialect: Dialect, currency: str) -> bytes:
    """The file of a product in a dialect."""
    names = {field: said[0] for field, said in profile.columns.items()}
    header = list(dict.fromkeys([*profile.requires, *names.values()]))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=dialect.delimiter, lineterminator=dialect.line_end)
    if dialect.has_title:
        writer.writerows([["Invoices of the year"], []])
    writer.writerow(header)
    for truth in book:
        cells = _cells(profile, truth, dialect, currency)
        row = dict.fromkeys(header, "")
        row |= {name: cells[field] for field, name in names.items() if field in cells}
        writer.writerow(row.values())
    content = text.getvalue().encode(dialect.encoding)
    return gzip.compress(content, mtime=0) if dialect.is_packed else content


def _cells(profile: Profile, truth: Truth, dialect: Dialect, currency: str) -> dict[Field, str]:
    pattern = _PATTERNS[profile.date_order or dialect.order]

    def amount(minor: int) -> str:
        if profile.minor_units:
            return str(minor)
        digits = digits_of(currency)
        text = f"{Decimal(minor).scaleb(-digits):,.{digits}f}"
        has_comma = decimal_mark(profile, dialect) is DecimalMark.COMMA
        return text.translate(str.maketrans(",.", ".,")) if has_comma else text

    return {
        Field.INVOICE_NUMBER: truth.number,
        Field.CUSTOMER_NAME: truth.customer,
        Field.CUSTOMER_ID: truth.customer,
        Field.ISSUE_DATE: truth.issued.strftime(pattern),
        Field.DUE_DATE: truth.due.strftime(pattern),
        Field.CURRENCY: currency,
        Field.TOTAL: amount(truth.total),
        Field.AMOUNT_DUE: amount(truth.left),
        Field.AMOUNT_PAID: amount(truth.total - truth.left),
        Field.STATUS: _status(profile, truth),
        Field.DOCUMENT_STATUS: _word(profile.document_statuses, Meaning.OPEN),
        Field.TYPE: _word(profile.types, Meaning.INVOICE),
    }


def _status(profile: Profile, truth: Truth) -> str:
    if not truth.left:
        return _word(profile.statuses, Meaning.PAID, *_UNPAID)
    return _word(profile.statuses, *(_UNPAID[::-1] if truth.left < truth.total else _UNPAID))


def _word(words: Mapping[str, Meaning], *meanings: Meaning) -> str:
    return next((word for meaning in meanings for word, meant in words.items() if meant is meaning), "")
