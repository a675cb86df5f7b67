from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from tactful.adapters.profile_files import ProfileError, load_profiles
from tactful.imports.profile import Field, FileKind, Meaning, Profile, Rows, plain
from tests.unit.adapters.profile_sample import Sample
from tests.unit.adapters.profile_samples import CUSTOMERS, INVOICES

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "templates" / "profiles"
PROFILES = load_profiles(SHIPPED)
_WHO = {Field.CUSTOMER_ID, Field.CUSTOMER_NAME, Field.FIRST_NAME, Field.LAST_NAME, Field.CONTACT_NAME}
_AMOUNTS = {Field.TOTAL, Field.AMOUNT_DUE, Field.LINE_TOTAL}

WHOLE = """\
name: ledgerly
title: Ledgerly, invoices
kind: invoices
rows: repeated
requires: [Doc, Owed]
minor_units: true
headings: true
verbatim: true
date_order: dmy
decimal_mark: comma
keep:
  Account: [Receivables, ""]
columns:
  invoice_number: [Doc]
  customer_name: [Debtor, Who]
  amount_due: [Owed]
  status: [State]
statuses:
  open: [Sent, "No"]
  written_off: [Given up]
document_statuses:
  draft: [Being written]
types:
  credit: [Avoir]
"""
PLAIN = "name: plainly\ntitle: Plainly\nkind: invoices\ncolumns:\n  total: [Total]\n"


def of_kind(kind: FileKind) -> list[Profile]:
    return [profile for profile in PROFILES if profile.kind is kind]


def matching(header: Sequence[str], kind: FileKind) -> list[Profile]:
    """The products' profiles whose required headers are all there."""
    as_written, compared = {cell.strip() for cell in header}, {plain(cell) for cell in header}
    return [
        profile
        for profile in of_kind(kind)
        if profile.requires
        and (
            set(profile.requires) <= as_written
            if profile.verbatim
            else {plain(name) for name in profile.requires} <= compared
        )
    ]


def recognised(profiles: Iterable[Profile], header: Sequence[str]) -> set[Field]:
    compared = {plain(cell) for cell in header}
    return {
        field
        for profile in profiles
        for field, names in profile.columns.items()
        if any(plain(name) in compared for name in names)
    }


def suffices(profile: Profile, fields: set[Field]) -> bool:
    if profile.kind is FileKind.CUSTOMERS:
        return bool(fields & _WHO)
    return (
        Field.INVOICE_NUMBER in fields
        and bool(fields & _AMOUNTS)
        and bool(fields & (_WHO | {Field.EMAIL}) or profile.headings)
    )


def best(header: Sequence[str], kind: FileKind) -> tuple[tuple[int, int], str]:
    """How well a header is explained, and by which profile: what is required counts first, then what is recognised."""
    generic = [profile for profile in of_kind(kind) if not profile.requires]
    found = [
        ((len(profile.requires), len(fields)), profile.name)
        for profile in matching(header, kind)
        if suffices(profile, fields := recognised([profile], header))
    ]
    fields = recognised(generic, header)
    return max([*found, ((0, len(fields) if suffices(generic[0], fields) else 0), "generic")])


def records(sample: Sample) -> list[list[str]]:
    delimiter = ";" if ";" in sample.text.splitlines()[0] else ","
    return [record for record in csv.reader(sample.text.splitlines(), delimiter=delimiter) if any(record)]


def header_of(sample: Sample) -> list[str]:
    return max(records(sample), key=lambda record: best(record, FileKind.INVOICES)[0])


def product(name: str, kind: FileKind) -> str:
    return next(p.title.split()[0].strip(",") for p in of_kind(kind) if p.name == name)


def profile_named(name: str) -> Profile:
    return next(profile for profile in of_kind(FileKind.INVOICES) if profile.name == name)


def faults(folder: Path, text: str) -> tuple[str, ...]:
    (folder / "x.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        load_profiles(folder)
    return caught.value.faults


@pytest.mark.parametrize("sample", INVOICES, ids=str)
def test_a_file_of_invoices_is_recognised_as_its_own_products(sample: Sample) -> None:
    assert best(header_of(sample), FileKind.INVOICES)[1] == sample.profile


@pytest.mark.parametrize(("name", "header"), CUSTOMERS)
def test_a_file_of_customers_is_recognised_as_its_own_products(name: str, header: str) -> None:
    assert best(next(csv.reader([header])), FileKind.CUSTOMERS)[1] == name


@pytest.mark.parametrize("sample", INVOICES, ids=str)
def test_what_one_product_requires_is_in_no_other_products_invoices(sample: Sample) -> None:
    kind = FileKind.INVOICES
    products = {product(profile.name, kind) for profile in matching(header_of(sample), kind)}
    assert products == (set() if sample.profile == "generic" else {product(sample.profile, kind)})


@pytest.mark.parametrize(("name", "header"), CUSTOMERS)
def test_what_one_product_requires_is_in_no_other_products_customers(name: str, header: str) -> None:
    kind = FileKind.CUSTOMERS
    products = {product(profile.name, kind) for profile in matching(next(csv.reader([header])), kind)}
    assert products == (set() if name == "generic" else {product(name, kind)})


def test_every_product_has_a_sample_of_each_kind_it_writes() -> None:
    sampled = {(FileKind.INVOICES, sample.profile) for sample in INVOICES}
    sampled |= {(FileKind.CUSTOMERS, name) for name, _ in CUSTOMERS}
    products = {(profile.kind, profile.name) for profile in PROFILES if profile.requires}
    assert products == {(kind, name) for kind, name in sampled if name != "generic"}


@pytest.mark.parametrize("sample", INVOICES, ids=str)
def test_only_words_that_are_not_surely_known_are_left_unexplained(sample: Sample) -> None:
    header = header_of(sample)
    explaining = [
        profile
        for profile in of_kind(FileKind.INVOICES)
        if profile.name == sample.profile or (sample.profile == "generic" and not profile.requires)
    ]
    places = [
        place
        for place, name in enumerate(map(plain, header))
        if any(name == plain(known) for p in explaining for known in p.columns.get(Field.STATUS, ()))
    ]
    known = {word for profile in explaining for word in profile.statuses}
    all_records = records(sample)
    below = all_records[all_records.index(header) + 1 :]
    unknown = {record[place] for record in below for place in places if record[place:] and record[place]}
    assert len({word for word in unknown if plain(word) not in known}) <= sample.stopped


def test_generic_profiles_never_understand_a_header_or_word_differently() -> None:
    generic = [profile for profile in PROFILES if not profile.requires]
    assert len(generic) == 8
    for kind in FileKind:
        meant: dict[tuple[str, str], set[str]] = {}
        for profile in (one for one in generic if one.kind is kind):
            for field, names in profile.columns.items():
                for name in names:
                    meant.setdefault(("columns", plain(name)), set()).add(field)
            for word, meaning in profile.statuses.items():
                meant.setdefault(("statuses", word), set()).add(meaning)
            for word, meaning in profile.document_statuses.items():
                meant.setdefault(("document_statuses", word), set()).add(meaning)
            for word, meaning in profile.types.items():
                meant.setdefault(("types", word), set()).add(meaning)
        either = {Field.STATUS, Field.DOCUMENT_STATUS}
        assert [word for word, found in meant.items() if len(found) > 1 and found != either] == []


def test_every_profile_can_tell_who_owes_which_invoice_and_how_much() -> None:
    assert [p.name for p in PROFILES if not suffices(p, set(p.columns))] == []


def test_products_come_before_what_serves_for_any() -> None:
    generic = [not profile.requires for profile in PROFILES]
    assert generic == sorted(generic)
    assert generic[-1]


def test_every_profile_says_where_its_facts_are_from() -> None:
    silent = [path.name for path in SHIPPED.glob("*.yaml") if not path.read_text("utf-8").startswith("# ")]
    assert silent == []


@pytest.mark.parametrize("kind", FileKind)
def test_the_tidy_profile_has_exactly_the_columns_that_the_docs_describe(kind: FileKind) -> None:
    tidy = next(profile for profile in of_kind(kind) if profile.name == "tactful")
    assert dict(tidy.columns) == {field: (field.value,) for field in tidy.columns}
    text = (ROOT / "docs" / "import.md").read_text("utf-8")
    blocks = [block.splitlines()[0] for block in text.split("```csv\n")[1:]]
    described = next(
        header for header in blocks if header.startswith("invoice") is (kind is FileKind.INVOICES)
    )
    assert set(described.split(",")) <= {field.value for field in tidy.columns}


def test_the_page_about_profiles_names_each_of_a_product_and_shows_one_that_works(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "profiles.md").read_text("utf-8")
    cells = [line.split("|") for line in page.partition("## Adding")[0].splitlines() if line.startswith("| ")]
    for kind, place in ((FileKind.INVOICES, 2), (FileKind.CUSTOMERS, 3)):
        named = {name for row in cells for name in re.findall(r"`(\w+)`", row[place])}
        assert named == {profile.name for profile in of_kind(kind) if profile.requires}
    (tmp_path / "ledgerly.yaml").write_text(page.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    (shown,) = load_profiles(tmp_path)
    assert suffices(shown, set(shown.columns))


@pytest.mark.parametrize(
    ("name", "word", "meaning"),
    [
        ("xero", "Awaiting Approval", Meaning.DRAFT),
        ("stripe", "uncollectible", Meaning.WRITTEN_OFF),
        ("erpnext", "Internal Transfer", Meaning.VOID),
        ("odoo", "Blocked", Meaning.DISPUTED),
        ("shopify", "authorized", Meaning.DRAFT),
        ("generic_en", "Sent to collections", Meaning.DISPUTED),
        ("generic_de", "Überfällig", Meaning.OPEN),
        ("generic_fr", "Payée", Meaning.PAID),
        ("generic_es", "Anulada", Meaning.VOID),
    ],
)
def test_status_words_mean_what_asks_nothing_wrong_of_anybody(name: str, word: str, meaning: Meaning) -> None:
    assert profile_named(name).statuses[plain(word)] is meaning


@pytest.mark.parametrize(
    "word", ["Pending", "Submitted", "Rejected", "ausstehend", "en attente", "pendiente"]
)
def test_a_word_that_may_mean_two_things_is_in_no_generic_profile(word: str) -> None:
    knowing = [p.name for p in PROFILES if not p.requires and plain(word) in p.statuses]
    assert knowing == []


def test_a_failed_payment_leaves_an_invoice_due_but_a_failed_invoice_is_none() -> None:
    lago = profile_named("lago")
    assert lago.statuses["failed"] is Meaning.OPEN
    assert lago.document_statuses["failed"] is Meaning.DRAFT


def test_a_profile_is_read_whole_with_its_words_as_they_are_compared(tmp_path: Path) -> None:
    (tmp_path / "ledgerly.yaml").write_text(WHOLE, encoding="utf-8")
    (profile,) = load_profiles(tmp_path)
    assert profile.columns[Field.CUSTOMER_NAME] == ("Debtor", "Who")
    assert profile.statuses == {"sent": Meaning.OPEN, "no": Meaning.OPEN, "givenup": Meaning.WRITTEN_OFF}
    assert profile.document_statuses == {"beingwritten": Meaning.DRAFT}
    assert profile.types == {"avoir": Meaning.CREDIT}
    assert profile.keep == {"Account": ("Receivables", "")}
    assert (profile.rows, profile.requires) == (Rows.REPEATED, ("Doc", "Owed"))
    assert profile.minor_units
    assert profile.headings
    assert profile.verbatim
    assert (profile.date_order, profile.decimal_mark) == ("dmy", "comma")


def test_a_folder_without_files_has_no_profiles(tmp_path: Path) -> None:
    assert load_profiles(tmp_path) == ()


def test_all_faults_of_all_files_are_told_at_once_each_with_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("name: [", encoding="utf-8")
    (tmp_path / "b.yaml").write_bytes(b"name: \xff")
    (tmp_path / "c.yaml").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "d.yaml").write_text(PLAIN, encoding="utf-8")
    said = faults(tmp_path, "title: X\nkind: invoices\ncolumns:\n  totl: [Total]\n  total: []\nrow: one\n")
    assert [fault.split(":")[0] for fault in said] == ["a.yaml", "b.yaml", "d.yaml", *["x.yaml"] * 4]
    assert said[0].startswith("a.yaml: it is not YAML: ")
    assert said[1].startswith("b.yaml: it cannot be read as UTF-8 text: ")
    assert (
        said[2]
        == "d.yaml: line 1: name: another file has a profile of invoices named plainly already; rename one"
    )
    assert said[3] == "x.yaml: name: Field required; add it"
    assert said[4].startswith("x.yaml: line 4: columns.totl: should be 'invoice_number', 'customer_id'")
    assert said[5].startswith("x.yaml: line 5: columns.total: ")
    assert (
        said[6] == "x.yaml: line 6: row: Extra inputs are not permitted; remove it, or correct its spelling"
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "statuses:\n  open: [Sent]\n  paid: [sent!]\n",
            "line 8: statuses.paid.1: 'sent!' means open already; keep one meaning",
        ),
        (
            "statuses:\n  open: [Sent, SENT]\n",
            "line 7: statuses.open.2: 'SENT' stands there already; keep one",
        ),
        ("requires: [Total, total]\n", "line 6: requires.2: 'total' is required twice; keep one"),
        (
            "types:\n  paid: [Paid]\n",
            "line 7: types.paid: paid is nothing that types can mean; choose one of credit, ignored, invoice",
        ),
        (
            "statuses:\n  opened: [Sent]\n",
            (
                "line 7: statuses.opened: should be 'draft', 'open', 'partially_paid', 'paid', 'void', 'disputed', "
                "'written_off', 'invoice', 'credit' or 'ignored', not 'opened'"
            ),
        ),
        (
            "statuses:\n  open: [0]\n",
            "line 7: statuses.open.1: should be a valid string, not 0; put it in quotes",
        ),
        (
            "statuses:\n  open: Sent\n",
            "line 7: statuses.open: should be a valid list, not 'Sent'; write a list such as [Paid, Settled]",
        ),
        ("rows: one\nrows: one\n", "line 7: rows: named twice; keep one"),
        ("minor_units:\n", "line 6: minor_units: has no value; give it one, or remove the line"),
    ],
)
def test_a_profile_that_contradicts_itself_is_refused_where_it_does(
    tmp_path: Path, lines: str, expected: str
) -> None:
    assert faults(tmp_path, PLAIN + lines) == (f"x.yaml: {expected}",)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("  total: [Total, TOTAL]\n", "line 5: columns.total.2: 'TOTAL' stands there already; keep one"),
        (
            "  total: [Total]\n  amount_due: [total]\n",
            "line 6: columns.amount_due.1: 'total' stands under total already; a column holds one thing",
        ),
        (
            "  total: ['***']\n",
            "line 5: columns.total.1: '***' has neither letters nor digits; headers are compared by those",
        ),
    ],
)
def test_a_header_that_means_nothing_or_two_things_is_refused(
    tmp_path: Path, columns: str, expected: str
) -> None:
    text = f"name: plainly\ntitle: Plainly\nkind: invoices\ncolumns:\n{columns}"
    assert faults(tmp_path, text) == (f"x.yaml: {expected}",)
