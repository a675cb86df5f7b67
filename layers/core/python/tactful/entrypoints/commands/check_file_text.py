"""What `tactful check-file` tells people: what was read as what, the counts and totals, and what is left out."""

from __future__ import annotations

import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tactful.domain.book.money import Money
from tactful.entrypoints.commands.shown import Paint, aligned, cut, harmless, painter, width
from tactful.imports.checked import Tally, status_of
from tactful.imports.statement import Described, Ignored, Rejected, StatedInvoice

if TYPE_CHECKING:
    from tactful.entrypoints.commands.check_file import Check
    from tactful.imports.reading import ReadAs

_FIRST, _MOST_REJECTED, _MOST_REASONS, _MOST_WARNINGS, _MOST_UNUSED = 10, 20, 10, 20, 12
_WIDEST_CELL = 32
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
# Reasons that differ in a name or a record only are counted as one.
_PARTICULARS = re.compile(r"(?<!\w)(['\"]).*?\1(?!\w)|\d[\d,.]*")


def print_text(path: Path, check: Check) -> int:
    """Print what the file says; how many times records are rejected."""
    tally, ignored, count = Tally(), Counter[str](), 0
    first: list[StatedInvoice | Described] = []
    rejected: list[Rejected] = []
    for item in check.items():
        tally.count(item)
        match item:
            case StatedInvoice() | Described() if len(first) < _FIRST:
                first.append(item)
            case Rejected():
                count += 1
                rejected += [item] if len(rejected) < _MOST_REJECTED else []
            case Ignored():
                ignored[_PARTICULARS.sub("...", item.reason)] += len(item.records)
    paint = painter(sys.stdout)
    sections = (
        _said(path, tally, paint),
        _read_as(check.reading.read_as, paint),
        _columns(check.reading.read_as, paint),
        _totals(tally, paint),
        _first(first, tally, paint),
        _rejected(rejected, count, path, paint),
        _ignored(ignored, paint),
        _warnings(check.warnings, paint),
    )
    for number, section in enumerate(filter(None, map(list, sections))):
        sys.stdout.writelines(f"{line}\n" for line in (*([""] if number else []), *section))
    return count


def print_refusal(path: Path, reason: str) -> None:
    """Print why nothing of the file is read."""
    paint = painter(sys.stdout)
    sys.stdout.write(
        paint(f"{harmless(str(path))}: REFUSED, nothing of it would be imported", "final") + "\n"
    )
    sys.stdout.writelines(f"{line}\n" for line in _wrapped(reason))


def _said(path: Path, tally: Tally, paint: Paint) -> Iterator[str]:
    """How many records were read, and what they are: the counts add up."""
    records = tally.records
    invoices = tally.invoices.total()
    what = [(f"{records[name]:,} {said}") for name, said in _RECORDS.items() if records[name]]
    read = (
        f"{_number(invoices, 'invoice')} read"
        if not tally.customers
        else f"{_number(tally.customers, 'record')} read"
    )
    yield paint(f"{harmless(str(path))}: {read}", "head")
    yield f"  {_number(records.total(), 'record')} under the header: {', '.join(what) or 'nothing'}"


_RECORDS = {
    "invoices": "state invoices",
    "customers": "describe customers",
    "rejected": "rejected",
    "ignored": "ignored",
}


def _read_as(read_as: ReadAs, paint: Paint) -> Iterator[str]:
    settings = read_as.settings
    delimiter = _DELIMITERS.get(read_as.delimiter, repr(read_as.delimiter))
    terms = "" if settings.terms_days is None else f"due {settings.terms_days} days after the issue date"
    rows = [
        ("file", read_as.container if read_as.container != "plain" else ""),
        ("encoding", read_as.encoding),
        ("separator", delimiter if read_as.container != "xlsx" else ""),
        ("line ends", read_as.line_ends),
        ("header", f"record {read_as.header_record}" if read_as.header_record else "none"),
        ("profile", read_as.profile),
        ("currency", f"{read_as.currency}, where a record names none" if read_as.currency else ""),
        ("decimal mark", read_as.decimal_mark),
        ("terms", terms),
    ]
    yield paint("read as", "head")
    yield from aligned([row for row in rows if row[1]])


def _columns(read_as: ReadAs, paint: Paint) -> Iterator[str]:
    rows = []
    for name, header in read_as.columns.items():
        dates = read_as.dates.get(name)
        how = f"{dates.format or 'no dates'}: {dates.why}" if dates else ""
        rows.append((str(name), _short(header), how))
    yield paint("columns", "head")
    yield from aligned(rows)
    unused = read_as.unused_columns
    if unused:
        more = f" and {len(unused) - _MOST_UNUSED:,} more" if len(unused) > _MOST_UNUSED else ""
        yield from _wrapped(f"not used: {', '.join(unused[:_MOST_UNUSED])}{more}")


def _totals(tally: Tally, paint: Paint) -> Iterator[str]:
    """A line for each currency and status, and one for each currency that is their sum."""
    if not tally.invoices:
        return
    rows = [("currency", "status", "invoices", "total", "due")]
    for currency in sorted({currency for currency, _ in tally.invoices}):
        keys = [key for key in tally.invoices if key[0] == currency]
        rows += [(*key, *_sums(tally, [key])) for key in sorted(keys)]
        if len(keys) > 1:
            rows.append((currency, "together", *_sums(tally, keys)))
    head, *body = aligned(rows, right=frozenset({2, 3, 4}))
    yield paint("totals", "head")
    yield from (head, *body)


def _sums(tally: Tally, keys: Sequence[tuple[str, str]]) -> tuple[str, str, str]:
    currency = keys[0][0]
    total, due = (Money(sum(added[key] for key in keys), currency) for added in (tally.totals, tally.due))
    return f"{sum(tally.invoices[key] for key in keys):,}", f"{total.decimal():,}", f"{due.decimal():,}"


_CUSTOMER_HEAD = ("record", "customer", "name", "e-mail")
_INVOICE_HEAD = ("record", "invoice", "customer", "issued", "due", "total", "amount due", "", "status")


def _first(first: Sequence[StatedInvoice | Described], tally: Tally, paint: Paint) -> Iterator[str]:
    if not first:
        return
    invoices = [one for one in first if isinstance(one, StatedInvoice)]
    all_of = len(first) == tally.invoices.total() + tally.customers
    yield paint(("all" if all_of else f"the first {len(first)}") + " as understood", "head")
    if not invoices:
        described = [_described(one) for one in first if isinstance(one, Described)]
        yield from aligned([_CUSTOMER_HEAD, *described], right=frozenset({0}))
    else:
        yield from aligned([_INVOICE_HEAD, *map(_invoice, invoices)], right=frozenset({0, 5, 6}))


def _invoice(one: StatedInvoice) -> tuple[str, ...]:
    customer = " ".join(dict.fromkeys(filter(None, (one.customer.id, one.customer.name))))
    word = f" ({one.status})" if one.status and one.status.casefold() != status_of(one) else ""
    return (
        str(one.records[0]),
        _short(one.number),
        _short(customer),
        str(one.issue_date or "-"),
        str(one.due_date or "-"),
        f"{one.total.decimal():,}",
        f"{one.amount_due.decimal():,}",
        one.total.currency,
        f"{status_of(one)}{word}",
    )


def _described(one: Described) -> tuple[str, ...]:
    emails = ", ".join(contact.email for contact in one.customer.contacts if contact.email)
    return str(one.records[0]), _short(one.customer.id or "-"), _short(one.customer.name), emails or "-"


def _rejected(rejected: Sequence[Rejected], count: int, path: Path, paint: Paint) -> Iterator[str]:
    if not rejected:
        return
    yield paint(f"rejected ({count:,})", "final")
    for one in rejected:
        number = f", {one.invoice_number}" if one.invoice_number else ""
        yield from _wrapped(f"{_records(one.records)}{number}: {one.reason}")
    if count > len(rejected):
        yield f"  and {count - len(rejected):,} more: see them all with tactful check-file --json {harmless(str(path))}"


def _ignored(ignored: Counter[str], paint: Paint) -> Iterator[str]:
    if not ignored:
        return
    yield paint(f"ignored ({ignored.total():,})", "head")
    listed = ignored.most_common(_MOST_REASONS)
    rows = [(f"{count:,}", reason) for reason, count in listed]
    others = ignored.total() - sum(count for _, count in listed)
    yield from aligned(
        rows + ([(f"{others:,}", "for other reasons")] if others else []), right=frozenset({0})
    )


def _warnings(warnings: Sequence[str], paint: Paint) -> Iterator[str]:
    if not warnings:
        return
    yield paint(f"to be looked at ({len(warnings):,})", "firm")
    for warning in warnings[:_MOST_WARNINGS]:
        yield from _wrapped(warning)
    if len(warnings) > _MOST_WARNINGS:
        yield f"  and {len(warnings) - _MOST_WARNINGS:,} more: see them with --json"


def _records(records: Sequence[int]) -> str:
    if len(records) == 1:
        return f"record {records[0]}"
    if [*records] == [*range(records[0], records[-1] + 1)]:
        return f"records {records[0]} to {records[-1]}"
    return f"records {records[0]} and {len(records) - 1:,} more"


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"


def _short(text: str) -> str:
    return cut(text, _WIDEST_CELL)


def _wrapped(text: str) -> Iterable[str]:
    """The text in lines that fit, as an item of a list."""
    return textwrap.wrap(
        harmless(text),
        min(width(), 120),
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
