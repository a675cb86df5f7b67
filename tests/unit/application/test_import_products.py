"""Every product's export, from the upload to the accounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.application.import_file import Limits
from tactful.application.import_report import ImportReport, Outcome
from tactful.imports.statements import RowOutcome
from tests.support.builders import NINE
from tests.unit.adapters import profile_samples
from tests.unit.adapters.profile_sample import Sample
from tests.unit.application.importing import INVOICES, Desk

NAMED = [pytest.param(sample, id=f"{sample.profile}{sample.variant}") for sample in profile_samples.INVOICES]


def imported(desk: Desk, sample: Sample) -> ImportReport:
    desk.defaults = sample.settings
    return desk.run(desk.put(INVOICES, sample.text.encode(sample.encoding)))


def due(desk: Desk) -> dict[str, int]:
    """What is due in the book, by currency."""
    found: dict[str, int] = {}
    for key in desk.house.store.page("", 1_000).keys:
        for invoice in desk.house.account(key).invoices:
            currency = invoice.total.currency
            found[currency] = found.get(currency, 0) + invoice.amount_due.minor
    return {currency: minor for currency, minor in found.items() if minor}


@pytest.mark.parametrize("sample", NAMED)
def test_what_a_product_says_is_taken_over_and_told(sample: Sample) -> None:
    desk = Desk()
    report = imported(desk, sample)
    assert report.outcome is Outcome.DONE
    assert report.invoices[RowOutcome.NEW] == len(sample.invoices)
    counts = report.counts()
    assert counts["rows"] == sum(number for word, number in counts.items() if word != "rows")
    assert counts["rejected"] == sum(len(row["records"]) for row in report.rejected)
    assert counts["ignored"] == report.ignored.total()
    assert report.faults == []


@pytest.mark.parametrize("sample", NAMED)
def test_a_product_s_file_may_take_any_number_of_runs(sample: Sample) -> None:
    whole, split = Desk(), Desk(limits=replace(Limits(), at_once=2))
    imported(whole, sample)
    split.defaults = sample.settings
    upload = split.put(INVOICES, sample.text.encode(sample.encoding))
    split.use_case().run(upload, lambda: timedelta(0))
    while split.queue.queued:
        split.go_on()
    parts = split.written(INVOICES)["parts"]
    written, other = split.written(INVOICES), whole.written(INVOICES)
    # The first chunk of a customer opens it, the next ones change it.
    assert written.pop("customers")["new"] == other.pop("customers")["new"]
    assert written == other | {"parts": parts}
    assert due(split) == due(whole)


@pytest.mark.parametrize("sample", NAMED)
def test_the_same_file_of_a_product_again_changes_nothing(sample: Sample) -> None:
    desk = Desk()
    imported(desk, sample)
    before = due(desk)
    again = desk.run(
        desk.put("invoices/again.csv", sample.text.encode(sample.encoding), NINE + timedelta(days=1))
    )
    assert not again.changed_anything or again.outcome is Outcome.UNCHANGED
    assert due(desk) == before
