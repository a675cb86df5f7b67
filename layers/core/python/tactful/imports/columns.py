"""Which record is the header, which product wrote the file, and what each column holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from tactful.imports.headers import Header, header_of
from tactful.imports.profile import Field, FileKind, Meaning, Profile, plain
from tactful.imports.records import Record
from tactful.imports.statement import UnreadableFileError
from tactful.imports.upload_settings import UploadSettings

GENERIC = "generic"
Texts = Mapping[Field, str]
"""What a record says in each field's column, without outer blanks."""

# Reports have a title, a company and a date range above their header; nothing has a hundred such lines.
_HEADER_WITHIN = 100

_AMOUNTS = (Field.TOTAL, Field.AMOUNT_DUE, Field.LINE_TOTAL)
_ALL_AMOUNTS = (*_AMOUNTS, Field.AMOUNT_PAID, Field.LINE_TAX)
_NAMES = (Field.CUSTOMER_NAME, Field.CUSTOMER_ID, Field.LAST_NAME, Field.CONTACT_NAME)
# What a file of a kind cannot do without: one column of each group.
_NEEDED: Mapping[FileKind, tuple[tuple[Field, ...], ...]] = {
    FileKind.INVOICES: ((Field.INVOICE_NUMBER,), (*_NAMES, Field.EMAIL), _AMOUNTS),
    FileKind.CUSTOMERS: (_NAMES,),
}
# One word alone is no header: a form or a title may have it by chance.
_FEWEST_COLUMNS = 2
# Over a date, or yes and no.
_PERHAPS_NO_AMOUNT = frozenset({"due", "unpaid"})
# Where a product has two columns for one thing, of which it fills in either.
_MAY_STAND_ELSEWHERE = frozenset({Field.INVOICE_NUMBER, Field.ISSUE_DATE, *_NAMES, Field.EMAIL, Field.PHONE})


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out.

    `header_record` counts from 1 and is 0 if there is none; `header` has the cells as they stand, and `columns` the
    place of each field's column, counted from 0. `twins` are places of columns of the same name as a field's, and
    `instead` those to look at where a field's own column is blank. `currencies` are those that the header itself
    gives amounts, as in "Amount (EUR)".
    """

    profile: Profile
    header_record: int
    header: tuple[str, ...]
    columns: Mapping[Field, int]
    twins: Mapping[Field, tuple[int, ...]] = field(default_factory=dict)
    instead: Mapping[Field, tuple[int, ...]] = field(default_factory=dict)
    currencies: frozenset[str] = frozenset()

    @property
    def currency(self) -> str:
        """What the header says that amounts are in; empty if it does not."""
        return next(iter(self.currencies)) if len(self.currencies) == 1 else ""

    def said(self, cells: Sequence[str], column: Field) -> str:
        """What a record says in a field's column, or where it may stand instead; empty if nowhere."""
        place = self.columns.get(column)
        if place is None:
            return ""
        text = cells[place].strip()
        if not text and column in self.instead:
            return next(filter(None, (cells[other].strip() for other in self.instead[column])), "")
        return text

    def texts(self, records: Sequence[Sequence[str]]) -> Texts:
        """What the records of one invoice say in each field's column: the first that says anything counts."""
        first = records[0]
        said = {column: first[place].strip() for column, place in self.columns.items()}
        if self.instead or len(records) > 1:
            for column, text in said.items():
                if not text:
                    said[column] = next(filter(None, (self.said(cells, column) for cells in records)), "")
        return said

    def named(self, column: Field) -> str:
        """The header over a field, in one line."""
        place = self.columns[column]
        return " ".join(self.header[place].split()) if self.header_record else f"column {place + 1}"

    def unused(self) -> tuple[str, ...]:
        """The headers that nothing is read from."""
        used = {*self.columns.values(), *(place for places in self.instead.values() for place in places)}
        named = (" ".join(cell.split()) for place, cell in enumerate(self.header) if place not in used)
        return tuple(filter(None, named)) if self.header_record else ()


def find_layout(
    records: Iterable[Record], kind: FileKind, settings: UploadSettings, profiles: Sequence[Profile]
) -> Layout:
    """The layout that explains the head of a file best.

    Raises UnreadableFileError if none does: it names what is missing in the header that comes closest.
    """
    candidates = _candidates(kind, settings, profiles)
    head = [record for record in islice(records, _HEADER_WITHIN) if any(map(str.strip, record.cells))]
    if not head:
        raise UnreadableFileError("the file is empty: export it again, with its header row")
    if settings.columns and all(place.isdecimal() for place in settings.columns.values()):
        return _by_place(candidates[-1], head[0], settings)
    mapped = {Field(name): plain(header) for name, header in settings.columns.items()}
    found = [
        (_score(layout, kind, record), layout)
        for record in head
        for profile in candidates
        if (layout := _layout(profile, record, mapped)) is not None
    ]
    best = max(found, key=lambda scored: scored[0], default=None)
    if best is None or not best[0][0]:
        raise UnreadableFileError(_lacking(best[1] if best else None, kind, settings, head))
    return best[1]


def _candidates(kind: FileKind, settings: UploadSettings, profiles: Sequence[Profile]) -> list[Profile]:
    """The profiles that may fit, the merged generic one last."""
    of_kind = [profile for profile in profiles if profile.kind is kind]
    generic = _merged([profile for profile in of_kind if not profile.requires], kind)
    named = [*(profile for profile in of_kind if profile.requires), generic]
    if not settings.profile:
        return named
    chosen = [profile for profile in (*named, *of_kind) if profile.name == settings.profile][:1]
    if not chosen:
        known = ", ".join(sorted({profile.name for profile in named}))
        raise UnreadableFileError(
            f"there is no profile {settings.profile!r} for {kind}: choose one of {known}"
        )
    return chosen


def _merged(profiles: Sequence[Profile], kind: FileKind) -> Profile:
    """One profile that knows the words of all; a word that they understand differently is left out."""
    columns: dict[Field, list[str]] = {}
    for rank in range(max((len(names) for one in profiles for names in one.columns.values()), default=0)):
        for profile in profiles:
            for column, names in profile.columns.items():
                columns.setdefault(column, []).extend(names[rank : rank + 1])
    return Profile(
        GENERIC,
        "any product",
        kind,
        columns,
        statuses=_agreed([profile.statuses for profile in profiles]),
        document_statuses=_agreed([profile.document_statuses for profile in profiles]),
        types=_agreed([profile.types for profile in profiles]),
    )


def _agreed(vocabularies: Sequence[Mapping[str, Meaning]]) -> dict[str, Meaning]:
    meanings: dict[str, set[Meaning]] = {}
    for words in vocabularies:
        for word, meaning in words.items():
            meanings.setdefault(word, set()).add(meaning)
    return {word: meant.pop() for word, meant in meanings.items() if len(meant) == 1}


def _layout(profile: Profile, record: Record, mapped: Mapping[Field, str]) -> Layout | None:
    """What a profile makes of a record if that is the header; None if it is not the product's."""
    header = tuple(record.cells)
    heads = [header_of(cell) for cell in header]
    names = [head.name for head in heads]
    if not _is_of(profile, header, names):
        return None
    wanted = {column: [plain(name) for name in said] for column, said in profile.columns.items()}
    wanted = {column: [name] for column, name in mapped.items()} | {
        column: said for column, said in wanted.items() if column not in mapped
    }
    places = _places(wanted, heads)
    columns = {column: found[0] for column, found in places.items()}
    twins = {column: found[1:] for column, found in places.items() if found[1:]}
    if not profile.requires and Field.AMOUNT_DUE in columns:
        also = _also_due(wanted[Field.AMOUNT_DUE], names, columns.values())
        twins |= {Field.AMOUNT_DUE: (*twins.get(Field.AMOUNT_DUE, ()), *also)} if also else {}
    instead = _instead(wanted, names, columns) if profile.requires else {}
    missing = [name for column, name in mapped.items() if column not in columns]
    if missing and any(name in names for name in mapped.values()):
        raise UnreadableFileError(
            f"the settings name columns that the header does not have: {', '.join(missing)}"
        )
    named = (heads[columns[column]].currency for column in _ALL_AMOUNTS if column in columns)
    return Layout(profile, record.number, header, columns, twins, instead, frozenset(filter(None, named)))


def _is_of(profile: Profile, header: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a header has all that only this product's files have together."""
    if profile.verbatim:
        return {*profile.requires} <= {cell.strip() for cell in header}
    return {plain(required) for required in profile.requires} <= {*names}


def _places(wanted: Mapping[Field, Sequence[str]], heads: Sequence[Header]) -> dict[Field, tuple[int, ...]]:
    """Where each field's column is, and its namesakes; a column serves one field."""
    names = [head.name for head in heads]
    bare = [head.bare for head in heads]
    of_amounts = [head.of_amounts for head in heads]
    found: dict[Field, tuple[int, ...]] = {}
    taken: set[int] = set()
    for column, said in wanted.items():
        otherwise = of_amounts if column in _ALL_AMOUNTS else bare
        for name in said:
            where = names if name in names else otherwise
            places = tuple(place for place, known in enumerate(where) if known == name and place not in taken)
            if places:
                found[column] = places
                taken.add(places[0])
                break
    return found


def _also_due(wanted: Sequence[str], names: Sequence[str], taken: Iterable[int]) -> list[int]:
    """Where further columns are that may hold what is left to pay."""
    known = {*wanted} - _PERHAPS_NO_AMOUNT
    return [place for place, name in enumerate(names) if name in known and place not in taken]


def _instead(
    wanted: Mapping[Field, Sequence[str]], names: Sequence[str], columns: Mapping[Field, int]
) -> dict[Field, tuple[int, ...]]:
    """Further columns of a field that a product fills in where it leaves the first blank."""
    free = {name: place for place, name in reversed([*enumerate(names)]) if place not in columns.values()}
    others = {
        column: tuple(free[name] for name in wanted[column] if name in free)
        for column in _MAY_STAND_ELSEWHERE & columns.keys()
    }
    return {column: places for column, places in others.items() if places}


def _score(layout: Layout, kind: FileKind, record: Record) -> tuple[bool, int, int, int]:
    """How well a layout explains a header: whether it suffices, how special it is, how much it explains, how early."""
    suffices = len(layout.columns) >= _FEWEST_COLUMNS and not _lacks(layout, kind)
    return suffices, len(layout.profile.requires), len(layout.columns), -record.number


def _lacks(layout: Layout, kind: FileKind) -> list[tuple[Field, ...]]:
    groups = _NEEDED[kind]
    if kind is FileKind.INVOICES and layout.profile.headings:
        groups = tuple(group for group in groups if Field.CUSTOMER_NAME not in group)
    return [group for group in groups if not any(column in layout.columns for column in group)]


def _by_place(profile: Profile, first: Record, settings: UploadSettings) -> Layout:
    """A file without a header: the settings say which column holds what, counted from 1."""
    columns = {Field(name): int(place) - 1 for name, place in settings.columns.items()}
    beyond = [column for column, place in columns.items() if not 0 <= place < len(first.cells)]
    if beyond:
        raise UnreadableFileError(
            f"the settings put {', '.join(beyond)} into a column that the file does not have: "
            f"its first record has {len(first.cells)}"
        )
    header = tuple(f"column {place + 1}" for place in range(len(first.cells)))
    return Layout(replace(profile, requires=()), 0, header, columns)


def _lacking(best: Layout | None, kind: FileKind, settings: UploadSettings, head: Sequence[Record]) -> str:
    """Why no record can be the header, in the words of the one that comes closest."""
    if best is None:
        return f"no record has the columns of profile {settings.profile!r}: choose another, or leave it to the file"
    header = next((r.cells for r in head if r.number == best.header_record), head[0].cells)
    found = ", ".join(" ".join(cell.split()) for cell in header if cell.strip())[:200]
    if not best.columns:
        return (
            f"no header row was found in the first {_HEADER_WITHIN} records; the first reads: {found}. Export the "
            f"file with its header, or say what its columns hold with the columns setting"
        )
    lacks = [" or ".join(group[:2]) for group in _lacks(best, kind)]
    missing = " and ".join(lacks) or "an e-mail address, a phone number or another column"
    return (
        f"the header in record {best.header_record} lacks {missing}; found: {found}. Export these columns too, or "
        f"name them with the columns setting"
    )
