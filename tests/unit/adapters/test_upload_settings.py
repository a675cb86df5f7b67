from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tactful.adapters.memory_imports import MemoryUploads
from tactful.adapters.upload_settings import FileSettings, stack_defaults
from tactful.application.upload import Upload
from tactful.imports.statement import UnreadableFileError
from tactful.imports.upload_settings import DateOrder, DecimalMark, Mode, UploadSettings

UPLOAD = Upload("acme-uploads", "invoices/march.csv", "v1", datetime(2026, 3, 2, 9, tzinfo=UTC))
DEFAULTS = UploadSettings(currency="GBP", terms_days=30)


def settings_of(yaml: str | bytes = "", **metadata: str) -> UploadSettings:
    """What holds for a file with this beside it and said of it."""
    files = {("acme-uploads", "invoices/march.csv", "v1"): b""}
    if yaml:
        content = yaml.encode() if isinstance(yaml, str) else yaml
        files["acme-uploads", "invoices/march.csv.settings.yaml", "v7"] = content
    said = {name.replace("_", "-"): text for name, text in metadata.items()}
    uploads = MemoryUploads(files, {("acme-uploads", "invoices/march.csv", "v1"): said})
    return FileSettings(uploads, DEFAULTS).settings_for(UPLOAD)


def test_without_more_the_stack_s_defaults_hold() -> None:
    assert settings_of() == DEFAULTS


def test_every_setting_can_be_written_beside_the_file() -> None:
    assert settings_of(
        "currency: eur\ndate_order: DMY\ndecimal_mark: comma\nterms_days: 14\nprofile: xero\nmode: snapshot\n"
        "country: DE\ncolumns:\n  invoice_number: Beleg Nr.\n  total: 4\n"
    ) == UploadSettings(
        currency="EUR",
        date_order=DateOrder.DAY_FIRST,
        decimal_mark=DecimalMark.COMMA,
        terms_days=14,
        profile="xero",
        mode=Mode.SNAPSHOT,
        country="DE",
        columns={"invoice_number": "Beleg Nr.", "total": "4"},
    )


def test_every_plain_setting_can_be_said_as_metadata() -> None:
    assert settings_of(
        currency="EUR",
        date_order="mdy",
        decimal_mark="point",
        terms_days="0",
        profile="xero",
        mode="snapshot",
        country="us",
    ) == UploadSettings(
        "EUR", DateOrder.MONTH_FIRST, DecimalMark.POINT, 0, "xero", Mode.SNAPSHOT, country="US"
    )


def test_what_stands_beside_the_file_counts_more_than_metadata_and_both_more_than_the_stack() -> None:
    found = settings_of("currency: USD\n", currency="EUR", terms_days="7", date_order="dmy")
    assert (found.currency, found.terms_days, found.date_order) == ("USD", 7, DateOrder.DAY_FIRST)


def test_country_codes_that_yaml_takes_for_a_no_stay_countries() -> None:
    assert settings_of("country: NO\n").country == "NO"


def test_what_programs_for_copying_note_of_a_file_is_no_setting() -> None:
    noted = {"mtime": "1773653400.5", "mode": "33188", "uid": "1000", "s3cmd_attrs": "uid:1000"}
    assert settings_of(**noted) == DEFAULTS


def test_settings_that_are_all_comment_say_nothing() -> None:
    assert settings_of("# currency: EUR\n") == DEFAULTS


@pytest.mark.parametrize(
    ("yaml", "says"),
    [
        ("curency: EUR\n", "line 1: curency: there is no such setting (currency is meant?)"),
        (
            "\ncolour: red\n",
            "line 2: colour: there is no such setting (those there are: currency, date_order",
        ),
        ("currency: EURO\n", "line 1: currency: 'EURO' is not an ISO 4217 code such as EUR"),
        ("date_order: british\n", "date_order: 'british' is none of dmy, mdy, ymd"),
        ("decimal_mark: ','\n", "decimal_mark: ',' is none of point, comma"),
        ("mode: full\n", "mode: 'full' is none of incremental, snapshot"),
        ("terms_days: -3\n", "terms_days: -3 is no number of days from 0 to 365"),
        ("terms_days: 14.5\n", "terms_days: 14.5 is no number of days"),
        ("terms_days: 366\n", "terms_days: 366 is no number of days"),
        ("country: Germany\n", "country: 'Germany' is not an ISO 3166 code such as GB"),
        ("profile: [xero]\n", "profile: ['xero'] is no name"),
        ("columns: Rechnung\n", "columns: name the header of each field's column"),
        (
            "columns:\n  number: Rechnung\n",
            "columns: there is no field number; those there are: invoice_number",
        ),
        ("columns:\n  total: [4]\n", "columns: [4] is no name"),
        ("currency:\n", "line 1: currency: has no value; give it one, or remove the line"),
        ("currency: EUR\ncurrency: USD\n", "line 2: currency: named twice; keep one"),
        ("- EUR\n", "it names no settings: write lines such as currency: EUR"),
        ("currency: [EUR\n", "it is no YAML"),
        (b"currency: \xa4\n", "it is not UTF-8 text"),
        ("a" * 70_000, "it is longer than 65,536 bytes"),
    ],
)
def test_a_file_beside_it_that_cannot_be_understood_refuses_the_upload_and_says_where(
    yaml: str | bytes, says: str
) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        settings_of(yaml)
    assert str(refused.value).startswith("invoices/march.csv.settings.yaml: ")
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("metadata", "says"),
    [
        ({"curency": "EUR"}, "metadata x-amz-meta-curency: there is no such setting (currency is meant?)"),
        ({"date_order": "dym"}, "metadata x-amz-meta-date-order: 'dym' is none of dmy, mdy, ymd"),
        ({"mode": "snap"}, "metadata x-amz-meta-mode: 'snap' is none of incremental, snapshot"),
    ],
)
def test_metadata_that_cannot_be_understood_refuses_the_upload(metadata: dict[str, str], says: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        settings_of(**metadata)
    assert says in str(refused.value)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        settings_of("currency: EURO\nterms_days: soon\n")
    assert "line 1: currency" in str(refused.value)
    assert "line 2: terms_days" in str(refused.value)


def test_parameters_of_the_stack_that_are_empty_say_nothing() -> None:
    said = {"currency": "", "date_order": "", "terms_days": "", "profile": "", "country": ""}
    assert stack_defaults(said) == UploadSettings()
    assert stack_defaults(said | {"currency": "EUR", "terms_days": "14"}) == UploadSettings(
        "EUR", terms_days=14
    )


def test_parameters_of_the_stack_that_cannot_be_meant_are_named() -> None:
    with pytest.raises(
        UnreadableFileError, match="the stack's default currency: 'XXQ' is not an ISO 4217 code"
    ):
        stack_defaults({"currency": "XXQ"})
