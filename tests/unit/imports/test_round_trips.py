"""What a product writes is read back as it was meant, in every dialect it may write."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from tactful.imports.profile import Field, FileKind
from tactful.imports.reading import read_file
from tactful.imports.statement import Ignored, Rejected, StatedInvoice
from tactful.imports.upload_settings import UploadSettings
from tests.unit.imports.exports import (
    Dialect,
    Truth,
    books,
    decimal_mark,
    dialects,
    products,
    profiles,
    written,
)

_TELLS_WHAT_IS_LEFT = {Field.AMOUNT_DUE, Field.AMOUNT_PAID}


@given(st.data(), books(), dialects, st.sampled_from(["EUR", "USD", "JPY", "KWD"]))
def test_an_export_is_read_back_as_its_product_meant_it(
    data: st.DataObject, book: list[Truth], dialect: Dialect, currency: str
) -> None:
    profile = data.draw(st.sampled_from(products()))
    # What an admin says of a file that is too short to prove it.
    settings = UploadSettings(
        currency=currency,
        date_order=profile.date_order or dialect.order,
        decimal_mark=decimal_mark(profile, dialect),
        terms_days=30,
    )
    file = io.BytesIO(written(profile, book, dialect, currency))
    found = list(read_file(file, FileKind.INVOICES, settings, profiles()).items())
    invoices = [item for item in found if isinstance(item, StatedInvoice)]
    assert not [item for item in found if isinstance(item, Rejected | Ignored)]
    assert [(one.number, one.total.minor, one.total.currency) for one in invoices] == [
        (truth.number, truth.total, currency) for truth in book
    ]
    if _TELLS_WHAT_IS_LEFT & profile.columns.keys():
        assert [one.amount_due.minor for one in invoices] == [truth.left for truth in book]
    if Field.DUE_DATE in profile.columns:
        assert [one.due_date for one in invoices] == [truth.due for truth in book]
    if Field.ISSUE_DATE in profile.columns:
        assert [one.issue_date for one in invoices] == [truth.issued for truth in book]
