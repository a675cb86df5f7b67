from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Extension, Hold, HoldKind, Instalment, Plan, Promise
from tactful.domain.book.contact_log import ManualContact, ReminderStatus
from tactful.domain.book.customer import Contact, Customer
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.payment import Payment, PaymentKind, record_payment
from tactful.domain.book.snapshot import Listed, presume_settled
from tactful.domain.book.undo import Undone, undo_import
from tactful.imports.statement import StatedCustomer
from tests.support.builders import DUE, NINE, a_contact, a_reminder, money
from tests.support.files import described, describes, imported, nobody_yet, says, stored

DAY = timedelta(days=1)
SECOND, LATER = NINE + DAY, NINE + 2 * DAY


def undone(account: Account, import_id: str = "second") -> Undone:
    return undo_import(account, import_id, LATER)


def first_import() -> Account:
    """An account that an import opened, with INV-1 and INV-2."""
    return imported(nobody_yet(), says(), says("INV-2", record=3))


def second_import(account: Account) -> Account:
    """After another import said that INV-1 is paid in part, and brought INV-3."""
    return imported(account, says(amount_due=40_00), says("INV-3"), at=SECOND, import_id="second")


def invoice_of(account: Account, number: str = "INV-1") -> Invoice:
    invoice = account.invoice(number)
    assert invoice is not None
    return invoice


def test_what_an_import_changed_goes_back_and_what_it_brought_is_removed() -> None:
    before = first_import()
    result = undone(second_import(before))
    assert (result.restored, result.removed, result.refused) == (("INV-1",), ("INV-3",), "")
    assert result.change.account.invoices == before.invoices
    (entry,) = result.change.entries
    assert entry.kind == "import_undone"
    assert entry.facts == (("import", "second"), ("restored", "INV-1"), ("removed", "INV-3"))


def test_undoing_it_again_changes_nothing() -> None:
    account = stored(undone(second_import(first_import())).change.account)
    again = undone(account)
    assert (again.change.account, again.change.entries, again.is_anything) == (account, (), False)


def test_an_import_that_changed_one_invoice_twice_goes_back_to_what_was_before_both() -> None:
    before = first_import()
    twice = imported(before, says(amount_due=40_00), at=SECOND, import_id="second")
    twice = imported(twice, says(amount_due=20_00), at=SECOND, import_id="second")
    assert undone(twice).change.account.invoices == before.invoices


def test_an_account_that_the_import_opened_is_left_empty() -> None:
    person = StatedCustomer("C-1", "Client Ltd", (a_contact(),), country="GB")
    account = imported(nobody_yet(), says(customer=person))
    result = undone(account, "first")
    assert result.change.account.invoices == ()
    assert result.change.account.customer == Customer("C-1", "Client Ltd")
    assert undone(stored(result.change.account), "first").change.entries == ()


def test_what_a_later_import_changed_stays_and_is_told() -> None:
    account = second_import(first_import())
    result = undone(account, "first")
    assert (result.removed, result.overtaken) == (("INV-2",), ("INV-1",))
    assert [known.number for known in result.change.account.invoices] == ["INV-1", "INV-3"]


def test_an_import_that_said_the_same_again_is_no_change_to_undo() -> None:
    before = first_import()
    same = imported(before, says(), says("INV-2"), at=SECOND, import_id="second")
    assert undone(same).change.account == same
    assert undone(same, "first").removed == ("INV-1", "INV-2")


def test_what_a_snapshot_presumed_settled_is_open_again() -> None:
    before = first_import()
    gone = stored(presume_settled(before, Listed(), SECOND, "second").account)
    assert {known.state for known in gone.invoices} == {InvoiceState.PRESUMED_SETTLED}
    assert undone(gone).change.account.invoices == before.invoices


def test_contacts_and_facts_of_the_customer_go_back() -> None:
    before = described(nobody_yet(), describes(a_contact("Ann"), country="GB"))
    wrong = describes(Contact("Ann", email="wrong@client.example"), country="US", language="fr")
    after = described(before, wrong, at=SECOND, import_id="second")
    assert after.customer.contacts[0].email == "wrong@client.example"
    result = undone(after)
    assert (result.change.account.customer, result.customer) == (before.customer, True)


def test_a_promise_that_the_import_kept_is_open_again() -> None:
    promise = Promise("p-1", ("INV-1",), DUE + 9 * DAY, NINE - DAY, owed=money(100_00))
    before = replace(first_import(), promises=(promise,))
    paid = says(amount_due=0, state=InvoiceState.PAID)
    after = imported(before, paid, at=SECOND, import_id="second")
    assert after.promises[0].kept_on is not None
    assert undone(after).change.account.promises == (promise,)


def a_message(at: datetime, status: ReminderStatus = ReminderStatus.ACCEPTED) -> Callable[[Account], Account]:
    return lambda account: account.with_reminder(
        a_reminder(account, account.invoices[:1], at=at, status=status)
    )


def paid(kind: PaymentKind) -> Callable[[Account], Account]:
    def happened(account: Account) -> Account:
        return record_payment(account, Payment("p", kind, "INV-1", money(1_00), SECOND), DUE).account

    return happened


RELIED_ON: dict[str, tuple[Callable[[Account], Account], str]] = {
    "a claim": (a_message(SECOND, ReminderStatus.CLAIMED), "contacted on 2026-03-03"),
    "a message": (a_message(SECOND), "contacted"),
    "a message that bounced": (a_message(SECOND, ReminderStatus.BOUNCED), "contacted"),
    "a call": (
        lambda account: replace(account, manual_contacts=(ManualContact("m", SECOND, "call"),)),
        "contacted",
    ),
    "a payment": (paid(PaymentKind.PAYMENT), "payment was recorded since on INV-1"),
    "money back": (paid(PaymentKind.REVERSAL), "payment was recorded since on INV-1"),
    "a promise": (
        lambda account: replace(account, promises=(Promise("p", ("INV-3",), DUE, SECOND),)),
        "a promise was noted on 2026-03-03",
    ),
    "an extension": (
        lambda account: replace(account, extensions=(Extension("e", ("INV-1",), DUE + DAY, SECOND),)),
        "a later due date was noted",
    ),
    "a plan": (
        lambda account: replace(
            account, plan=Plan("pl", ("INV-1",), (Instalment(DUE, money(100_00)),), SECOND)
        ),
        "a payment plan was noted",
    ),
    "a dispute": (
        lambda account: account.with_hold(Hold("h", HoldKind.DISPUTE, SECOND, invoices=("INV-1",))),
        "a hold (dispute) was noted",
    ),
    "a lawyer": (
        lambda account: account.with_hold(Hold("h", HoldKind.LEGAL, SECOND, invoices=("INV-2",))),
        "a hold (legal) was noted",
    ),
}


@pytest.mark.parametrize("what", RELIED_ON)
def test_an_account_that_somebody_relied_on_since_stays_as_it_is(what: str) -> None:
    happens, reason = RELIED_ON[what]
    account = happens(second_import(first_import()))
    result = undone(account)
    assert reason in result.refused
    assert (result.change.account, result.change.entries, result.is_anything) == (account, (), False)


UNRELATED: dict[str, Callable[[Account], Account]] = {
    "a message before the upload": a_message(SECOND - timedelta(hours=1)),
    "a message that surely was not sent": a_message(SECOND, ReminderStatus.FAILED),
    "a promise before the upload": lambda account: replace(
        account, promises=(Promise("p", ("INV-1",), DUE, NINE),)
    ),
    "a hold on another invoice": lambda account: account.with_hold(
        Hold("h", HoldKind.DISPUTE, SECOND, invoices=("INV-2",))
    ),
}


@pytest.mark.parametrize("what", UNRELATED)
def test_what_happened_before_or_to_others_does_not_keep_an_import_from_being_undone(what: str) -> None:
    result = undone(UNRELATED[what](second_import(first_import())))
    assert (result.refused, result.restored) == ("", ("INV-1",))


def test_a_payment_on_an_invoice_that_the_import_did_not_touch_is_no_obstacle() -> None:
    account = second_import(first_import())
    payment = Payment("p", PaymentKind.PAYMENT, "INV-2", money(1_00), SECOND)
    result = undone(record_payment(account, payment, DUE).account)
    assert invoice_of(result.change.account, "INV-2").received == money(1_00)
    assert result.refused == ""


_states = st.sampled_from([s for s in InvoiceState if s is not InvoiceState.PRESUMED_SETTLED])
_statements = st.lists(
    st.builds(
        lambda number, due, state, record: says(number, amount_due=due, state=state, record=record),
        st.sampled_from(["INV-1", "INV-2", "INV-3"]),
        st.sampled_from([0, 40_00, 100_00]),
        _states,
        st.integers(1, 10**6),
    ),
    max_size=4,
    unique_by=lambda said: said.number,
)


@given(_statements, _statements)
def test_undoing_the_last_import_is_as_if_it_had_never_been(
    earlier: list[object], later: list[object]
) -> None:
    before = imported(nobody_yet(), *earlier)  # type: ignore[arg-type]
    after = imported(before, *later, at=SECOND, import_id="second")  # type: ignore[arg-type]
    result = undone(after).change.account
    ordered = sorted(result.invoices, key=lambda invoice: invoice.number)
    assert ordered == sorted(before.invoices, key=lambda invoice: invoice.number)
    assert result.customer == before.customer
