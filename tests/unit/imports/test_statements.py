from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tactful.domain.book.account import Account
from tactful.domain.book.customer import Contact, Customer
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.snapshot import Listed, presume_settled
from tactful.imports.statement import StatedCustomer
from tactful.imports.statements import RowOutcome
from tests.support.builders import DUE, NINE, a_contact, money
from tests.support.files import described, describes, imported, nobody_yet, says, stored, took

HOUR = timedelta(hours=1)


def invoice_of(account: Account, number: str = "INV-1") -> Invoice:
    invoice = account.invoice(number)
    assert invoice is not None
    return invoice


def test_an_invoice_is_new_then_unchanged_then_changed() -> None:
    account = nobody_yet()
    outcomes = []
    for hour, due in enumerate((100_00, 100_00, 40_00)):
        taken = took(account, says(amount_due=due), at=NINE + hour * HOUR, import_id=f"i{hour}")
        outcomes.append(taken.outcomes)
        account = stored(taken.account)
    assert outcomes == [{2: RowOutcome.NEW}, {2: RowOutcome.UNCHANGED}, {2: RowOutcome.CHANGED}]


def test_a_new_invoice_remembers_which_import_brought_it_and_nothing_else() -> None:
    known = invoice_of(imported(nobody_yet(), says())).imported
    assert known is not None
    assert (known.id, known.before, known.over) == ("first", None, "")


def test_a_changed_invoice_remembers_what_it_was_and_whose_change_that_replaced() -> None:
    before = imported(nobody_yet(), says())
    after = imported(before, says(amount_due=40_00), at=NINE + HOUR, import_id="second")
    known = invoice_of(after).imported
    assert known is not None
    assert (known.id, known.before, known.over) == ("second", invoice_of(before), "first")
    assert known.before is not None
    assert known.before.imported is None


def test_an_invoice_that_is_stated_again_the_same_remembers_the_import_before() -> None:
    account = imported(nobody_yet(), says())
    same = imported(account, says(), at=NINE + HOUR, import_id="second")
    assert invoice_of(same).imported == invoice_of(account).imported


def test_what_an_import_left_behind_makes_no_invoice_another_one() -> None:
    ours = invoice_of(imported(nobody_yet(), says(), import_id="one"))
    theirs = invoice_of(imported(nobody_yet(), says(), import_id="another"))
    assert ours == theirs
    assert ours.imported != theirs.imported


def test_without_an_import_nothing_is_remembered() -> None:
    account = imported(nobody_yet(), says(customer=StatedCustomer("C-1", "C", (a_contact(),))), import_id="")
    assert (account.customer.imported, invoice_of(account).imported) == (None, None)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_files_uploaded_at_once_the_same_one_counts_in_either_order(order: tuple[int, int]) -> None:
    account = imported(nobody_yet(), says(), at=NINE - HOUR)
    files = (("a", 30_00, "one@client.example"), ("b", 60_00, "two@client.example"))
    for number in order:
        name, due, email = files[number]
        person = StatedCustomer("C-1", "Client Ltd", (Contact("Ann", email=email),))
        account = imported(account, says(amount_due=due, customer=person), import_id=name)
    assert invoice_of(account).amount_due == money(60_00)
    assert account.customer.contacts[0].email == "two@client.example"


def test_an_older_file_changes_neither_invoice_nor_customer() -> None:
    newer = imported(nobody_yet(), says(customer=StatedCustomer("C-1", "C", (a_contact(),))), at=NINE)
    person = StatedCustomer("C-1", "C", (Contact("Ann", email="old@client.example"),))
    older = imported(newer, says(amount_due=1_00, customer=person), at=NINE - HOUR, import_id="older")
    assert (older.invoices, older.customer) == (newer.invoices, newer.customer)


def lacking(account: Account) -> Account:
    """The account after a snapshot lacked everything."""
    return stored(presume_settled(account, Listed(), NINE + HOUR, "snapshot").account)


def test_an_invoice_that_comes_back_after_a_snapshot_lacked_it_is_told() -> None:
    gone = lacking(imported(nobody_yet(), says(), says("INV-2", record=3)))
    taken = took(gone, says(), at=NINE + 2 * HOUR, import_id="next")
    assert taken.reopened == ("INV-1",)
    assert invoice_of(taken.account).state is InvoiceState.OPEN
    (entry,) = taken.entries
    assert (entry.kind, entry.facts) == ("reopened", (("invoices", "INV-1"), ("import", "next")))
    later = took(stored(taken.account), says("INV-2"), at=NINE + 2 * HOUR, import_id="next")
    assert later.reopened == ("INV-2",)
    assert later.entries[0].id != entry.id


def test_an_invoice_that_comes_back_as_paid_is_not_reopened() -> None:
    gone = lacking(imported(nobody_yet(), says()))
    taken = took(gone, says(amount_due=0, state=InvoiceState.PAID), at=NINE + 2 * HOUR)
    assert (taken.reopened, taken.entries) == ((), ())


def test_what_is_settled_keeps_the_due_date_that_is_known() -> None:
    account = imported(nobody_yet(), says())
    paid = says(amount_due=0, state=InvoiceState.PAID, due_date=None, settled_on=date(2026, 3, 3))
    known = invoice_of(imported(account, paid, at=NINE + 30 * HOUR, import_id="second"))
    assert (known.due_date, known.settled_on) == (DUE, date(2026, 3, 3))


def test_what_is_settled_and_never_had_a_due_date_does_not_count_in_the_record() -> None:
    paid = says(amount_due=0, state=InvoiceState.PAID, due_date=None, settled_on=date(2026, 3, 1))
    known = invoice_of(imported(nobody_yet(), paid))
    assert (known.due_date, known.settled_on) == (date(2026, 3, 1), None)
    void = says(amount_due=0, state=InvoiceState.VOID, due_date=None)
    assert invoice_of(imported(nobody_yet(), void)).due_date == NINE.date()


def test_a_date_of_settlement_may_be_tomorrow_but_no_later() -> None:
    paid = says(amount_due=0, state=InvoiceState.PAID, settled_on=date(2026, 3, 4))
    taken = took(nobody_yet(), paid, says("INV-2", record=3))
    assert taken.rejected == {2: "settled_date 2026-03-04 lies in the future"}
    assert taken.outcomes == {3: RowOutcome.NEW}


def test_a_customer_remembers_who_it_was_before_an_import() -> None:
    first = described(nobody_yet(), describes(a_contact()))
    assert first.customer.imported is not None
    assert (first.customer.imported.id, first.customer.imported.before) == ("first", None)
    second = described(first, describes(a_contact(), country="GB"), at=NINE + HOUR, import_id="second")
    assert second.customer.imported is not None
    assert second.customer.imported.before == first.customer


def test_two_records_about_one_contact_in_a_file_are_one_change() -> None:
    first = described(nobody_yet(), describes(a_contact("Ann")))
    both = (describes(a_contact("Bo")), describes(a_contact("Cy"), record=3))
    second = described(first, *both, at=NINE + HOUR, import_id="second")
    assert [contact.name for contact in second.customer.contacts] == ["Ann", "Bo", "Cy"]
    assert second.customer.imported is not None
    assert second.customer.imported.before == first.customer


def test_an_invoice_without_an_address_leaves_contacts_and_name_alone_and_takes_the_rest() -> None:
    known = Account(Customer("C-1", "Client", (a_contact(),)), version=1)
    after = imported(known, says(customer=StatedCustomer("C-1", "Client Ltd", (), country="GB")))
    assert after.customer == replace(known.customer, country="GB", stated_at=NINE)


def test_a_contact_without_any_address_takes_the_known_one_away() -> None:
    known = described(nobody_yet(), describes(a_contact("Ann"), country="GB"))
    after = described(known, describes(Contact("ann")), at=NINE + HOUR)
    assert after.customer.contacts == ()


def test_who_declined_messages_has_declined_for_a_new_number_and_who_agreed_has_not_agreed() -> None:
    for said, kept in ((False, False), (True, None)):
        known = described(nobody_yet(), describes(a_contact(sms_consent=said)))
        after = described(known, describes(a_contact(phone="+441632960999")), at=NINE + HOUR)
        assert after.customer.contacts[0].sms_consent is kept


def test_time_zone_and_region_are_forgotten_with_their_country() -> None:
    known = described(nobody_yet(), describes(country="GB", timezone="Europe/London", region="SCT"))
    moved = described(known, describes(country="US"), at=NINE + HOUR).customer
    assert (moved.country, moved.timezone, moved.region) == ("US", "", "")


def test_an_empty_statement_leaves_what_is_known() -> None:
    known = described(nobody_yet(), describes(a_contact(), country="GB", language="en", segment="vip"))
    assert described(known, describes(), at=NINE + HOUR).customer == known.customer
