"""Finding the header, the product, and what each column holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tactful.imports.columns import Layout, find_layout
from tactful.imports.profile import Field, FileKind, Meaning, Profile
from tactful.imports.records import Record
from tactful.imports.statement import UnreadableFileError
from tactful.imports.upload_settings import UploadSettings

_ENGLISH = Profile(
    "english",
    "English words",
    FileKind.INVOICES,
    {
        Field.INVOICE_NUMBER: ["Invoice number", "Invoice #"],
        Field.CUSTOMER_NAME: ["Customer", "Client"],
        Field.TOTAL: ["Total", "Amount"],
        Field.DUE_DATE: ["Due date"],
    },
    statuses={"open": Meaning.OPEN, "sent": Meaning.OPEN, "final": Meaning.PAID},
)
_GERMAN = Profile(
    "german",
    "German words",
    FileKind.INVOICES,
    {
        Field.INVOICE_NUMBER: ["Rechnungsnummer"],
        Field.CUSTOMER_NAME: ["Kunde"],
        Field.TOTAL: ["Betrag", "Total"],
        Field.DUE_DATE: ["Fällig am"],
    },
    statuses={"offen": Meaning.OPEN, "final": Meaning.OPEN},
)
_PRODUCT = Profile(
    "product",
    "A product",
    FileKind.INVOICES,
    {
        Field.INVOICE_NUMBER: ["Number", "id"],
        Field.CUSTOMER_NAME: ["Customer"],
        Field.TOTAL: ["Amount Due"],
    },
    requires=["Amount Due", "Number", "id"],
)


def _layout(
    *rows: Sequence[str],
    profiles: Sequence[Profile] = (_PRODUCT, _ENGLISH, _GERMAN),
    profile: str = "",
    columns: Mapping[str, str] | None = None,
) -> Layout:
    records = [Record(number, list(row)) for number, row in enumerate(rows, 1)]
    settings = UploadSettings(profile=profile, columns=columns or {})
    return find_layout(records, FileKind.INVOICES, settings, profiles)


def test_the_header_is_found_under_titles_and_blank_records() -> None:
    layout = _layout(
        ["A/R report", "", "", ""],
        [""],
        ["Invoice #", "Client", "Total", "Due date"],
        ["1", "Acme", "5", "2026-01-01"],
    )
    assert layout.header_record == 3
    assert layout.profile.name == "generic"
    assert layout.columns == {
        Field.INVOICE_NUMBER: 0,
        Field.CUSTOMER_NAME: 1,
        Field.TOTAL: 2,
        Field.DUE_DATE: 3,
    }


def test_headers_are_compared_without_case_accents_blanks_and_signs() -> None:
    layout = _layout(
        ["RECHNUNGS-NUMMER", " kunde* ", "betrag\n", "Fallig Am"], ["1", "Acme", "5", "1.1.2026"]
    )
    assert len(layout.columns) == 4


def test_words_of_several_languages_may_stand_in_one_header() -> None:
    assert len(_layout(["Rechnungsnummer", "Customer", "Betrag", "Due date"]).columns) == 4


def test_a_word_that_languages_understand_differently_is_not_understood() -> None:
    statuses = _layout(["Invoice #", "Client", "Total"]).profile.statuses
    assert statuses == {"open": Meaning.OPEN, "sent": Meaning.OPEN, "offen": Meaning.OPEN}


def test_a_products_own_profile_is_preferred_to_words_that_would_do() -> None:
    assert _layout(["id", "Number", "Customer", "Amount Due", "Total", "Due date"]).profile.name == "product"


def test_a_column_serves_where_the_products_first_choice_is_blank() -> None:
    layout = _layout(["id", "Number", "Customer", "Amount Due"])
    assert layout.said(["in_1", " ", "Acme", "5"], Field.INVOICE_NUMBER) == "in_1"
    assert layout.said(["in_1", "A-7", "Acme", "5"], Field.INVOICE_NUMBER) == "A-7"


def test_a_currency_in_the_brackets_of_the_amounts_header_is_theirs() -> None:
    layout = _layout(["Invoice #", "Client", "Total (EUR)", "Due date"])
    assert (layout.currency, layout.columns[Field.TOTAL]) == ("EUR", 2)


def test_columns_of_one_name_are_kept_to_be_compared() -> None:
    assert _layout(["Invoice #", "Client", "Total", "Client"]).twins == {Field.CUSTOMER_NAME: (3,)}


def test_the_settings_say_what_no_profile_knows() -> None:
    layout = _layout(
        ["Belegfeld 1", "Konto", "Umsatz"],
        columns={"invoice_number": "Belegfeld 1", "customer_id": "Konto", "total": "Umsatz"},
    )
    assert layout.columns == {Field.INVOICE_NUMBER: 0, Field.CUSTOMER_ID: 1, Field.TOTAL: 2}


def test_a_file_without_a_header_is_read_by_the_places_of_its_columns() -> None:
    layout = _layout(["1", "Acme", "5"], columns={"invoice_number": "1", "customer_name": "2", "total": "3"})
    assert (layout.header_record, layout.named(Field.TOTAL)) == (0, "column 3")


def test_a_place_beyond_the_records_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="total into a column that the file does not have"):
        _layout(["1", "Acme"], columns={"invoice_number": "1", "customer_name": "2", "total": "3"})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [["Invoice #", "Due date"]],
            "the header in record 1 lacks customer_name or customer_id and total or amount_due",
        ),
        ([["to whom", "it may"], ["concern", "us"]], "no header row was found"),
        ([["", ""]], "the file is empty"),
        ([], "the file is empty"),
    ],
)
def test_a_file_without_its_columns_is_refused_with_what_is_missing(rows: list[list[str]], said: str) -> None:
    with pytest.raises(UnreadableFileError, match=said):
        _layout(*rows)


def test_a_profile_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(UnreadableFileError, match="choose one of generic, product"):
        _layout(["Invoice #", "Client", "Total"], profile="zero")


def test_a_profile_that_was_chosen_but_does_not_fit_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="no record has the columns of profile 'product'"):
        _layout(["Invoice #", "Client", "Total"], profile="product")


def test_a_setting_for_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="columns that the header does not have: paid"):
        _layout(["Invoice #", "Client", "Total"], columns={"amount_paid": "Paid", "total": "Total"})
