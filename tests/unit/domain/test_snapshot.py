from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.account import Account
from tactful.domain.book.customer import Customer
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.book.snapshot import (
    BookCount,
    Limits,
    Listed,
    Preview,
    Totals,
    judge,
    presume_settled,
)
from tests.support.builders import NINE, an_account, an_invoice, money

LIMITS = Limits()


def preview(count: int, *, minor: int = 100_00, currency: str = "GBP", rejected: int = 0) -> Preview:
    file = Preview()
    for number in range(count):
        file.add(f"INV-{number}", Money(minor, currency))
    for _ in range(rejected):
        file.reject("")
    return file


def book(count: int, *, minor: int = 100_00, currency: str = "GBP", missing: int = 0) -> BookCount:
    totals = Totals()
    for _ in range(count):
        totals.add(Money(minor, currency))
    return BookCount(totals, missing)


@pytest.mark.parametrize(("listed", "owed"), [(100, 100), (50, 100), (200, 100), (1, 19), (19, 1), (5, 0)])
def test_a_list_within_the_limits_or_of_a_small_book_is_believed(listed: int, owed: int) -> None:
    assert judge(preview(listed), book(owed), LIMITS) == ()


def test_a_list_that_shrinks_or_jumps_is_held_by_number_and_by_amount() -> None:
    assert judge(preview(49), book(100), LIMITS) == (
        "the file has 49 invoices, less than 50 % of the 100 in the book",
        "the file has GBP 4,900.00 due, less than 50 % of the GBP 10,000.00 in the book",
    )
    assert judge(preview(201), book(100), LIMITS)[0] == (
        "the file has 201 invoices, more than 200 % of the 100 in the book"
    )


def test_a_list_of_the_same_invoices_at_a_hundredth_of_the_amount_is_held() -> None:
    assert judge(preview(100, minor=1_00), book(100), LIMITS) == (
        "the file has GBP 100.00 due, less than 50 % of the GBP 10,000.00 in the book",
    )


def test_a_list_of_other_invoices_is_held_though_it_has_as_many() -> None:
    assert judge(preview(100), book(100, missing=51), LIMITS) == (
        "the file lacks 51 of the 100 open invoices in the book",
    )
    assert judge(preview(100), book(100, missing=50), LIMITS) == ()


def test_a_currency_that_vanishes_is_held_unless_it_was_rare() -> None:
    both = book(30)
    for _ in range(5):
        both.totals.add(money(10_00, "EUR"))
    assert judge(preview(30), both, LIMITS) == ("the file has nothing in EUR, the book has 5 invoices",)
    both.totals.invoices["EUR"] = 4
    assert judge(preview(30), both, LIMITS) == ()


def test_an_empty_list_is_held_whatever_the_book_has() -> None:
    for owed in (0, 3, 300):
        (reason,) = judge(preview(0), book(owed), LIMITS)
        assert reason.startswith("the file has no invoice with anything due")


def test_a_list_of_settled_invoices_only_is_empty() -> None:
    file = Preview()
    file.add("INV-1", money(0))
    assert judge(file, book(3), LIMITS)


def test_a_list_that_is_mostly_rejected_is_held_in_a_small_book_too() -> None:
    assert judge(preview(3, rejected=4), book(3), LIMITS) == (
        "4 invoices are rejected, and only 3 with something due are not",
    )
    assert judge(preview(3, rejected=3), book(3), LIMITS) == ()


def test_limits_are_data() -> None:
    strict = Limits(at_least_percent=90, from_invoices=2)
    assert judge(preview(8), book(10), strict)
    assert not judge(preview(9), book(10), strict)


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), max_size=30), st.text(max_size=3))
def test_a_list_has_what_was_added_and_nothing_else_also_after_it_was_written_down(
    added: list[tuple[str, str]], other: str
) -> None:
    listed = Listed()
    for key, number in added:
        listed.add(f"k{key}", number)
    again = Listed.from_text(listed.as_text())
    for one in (listed, again):
        assert all(one.has(f"k{key}", number) for key, number in added)
        assert one.has("kx", other) == (("x", other) in added)
    again.add("later", "1")
    assert again.has("later", "1")


def test_a_million_invoices_take_eight_megabytes() -> None:
    listed = Listed()
    for number in range(1_000):
        listed.add("account", str(number))
    assert len(listed.as_text()) < 1_000 * 11


def test_what_a_rejected_record_is_about_may_be_listed_for_anybody() -> None:
    listed = Listed()
    listed.mention("INV-1")
    assert listed.has("anybody", "INV-1")


def reported(number: str, state: InvoiceState = InvoiceState.OPEN, minor: int = 100_00) -> Account:
    return an_account(an_invoice(number, state=state, minor=minor, reported_at=NINE))


def test_what_the_list_lacks_is_presumed_settled_in_one_change_with_an_entry() -> None:
    account = an_account(
        an_invoice("INV-1", reported_at=NINE),
        an_invoice("INV-2", reported_at=NINE),
        an_invoice("INV-3", reported_at=NINE, state=InvoiceState.PAID, reported=0),
        an_invoice("CN-1", minor=-10_00, reported_at=NINE),
    )
    listed = Listed()
    listed.add(account.key, "INV-2")
    change = presume_settled(account, listed, NINE + timedelta(days=1), "imp")
    states = {invoice.number: str(invoice.state) for invoice in change.account.invoices}
    gone = "presumed_settled"
    assert states == {"INV-1": gone, "INV-2": "open", "INV-3": "paid", "CN-1": gone}
    (entry,) = change.entries
    assert (entry.kind, entry.facts) == (gone, (("invoices", "INV-1, CN-1"), ("import", "imp")))
    again = presume_settled(change.account, listed, NINE + timedelta(days=1), "imp")
    assert (again.account, again.entries) == (change.account, ())


def test_an_entry_about_many_invoices_stays_small() -> None:
    many = [an_invoice(f"INV-{number:05d}", reported_at=NINE) for number in range(2_000)]
    change = presume_settled(an_account(*many), Listed(), NINE + timedelta(days=1), "imp")
    said = dict(change.entries[0].facts)["invoices"]
    assert said.endswith("INV-00029 and 1,970 more")
    assert len(said) < 400


def test_the_same_number_of_another_customer_does_not_count() -> None:
    listed = Listed()
    listed.add(Customer("C-2", "Other").key, "INV-1")
    account = reported("INV-1")
    after = presume_settled(account, listed, NINE + timedelta(days=1), "imp").account
    assert after.invoices[0].state is InvoiceState.PRESUMED_SETTLED


def test_the_book_is_counted_by_what_is_owed_and_not_listed() -> None:
    listed = Listed()
    listed.mention("INV-1")
    counted = BookCount()
    for account in (reported("INV-1"), reported("INV-2"), reported("INV-3", InvoiceState.DISPUTED)):
        counted.add(account, listed)
    for state in (InvoiceState.PAID, InvoiceState.DRAFT, InvoiceState.VOID):
        counted.add(reported("INV-4", state), listed)
    counted.add(reported("CN-1", minor=-5_00), listed)
    assert (counted.totals.invoices, counted.totals.due, counted.missing) == (
        {"GBP": 3},
        {"GBP": 300_00},
        2,
    )
