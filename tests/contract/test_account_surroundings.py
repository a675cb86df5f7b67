"""What an account is loaded with beside its invoices: agreements, the age of the book, addresses of open claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tactful.domain.book.account import Account, Change
from tactful.domain.book.agreements import Approval, Extension, Verdict
from tactful.domain.book.contact_log import ManualContact, ReminderStatus
from tactful.domain.book.customer import Channel, Contact, Customer
from tests.contract.store_support import (
    EMAIL,
    NOW,
    Stores,
    a_customer,
    a_reminder,
    an_invoice,
    due_at,
    loaded,
    opened,
)


def test_what_was_agreed_noted_and_approved_comes_back_in_order_and_can_be_taken_away(stores: Stores) -> None:
    earlier = NOW - timedelta(days=1)
    before = opened(
        stores,
        replace(
            Account(a_customer(), invoices=(an_invoice(),)),
            extensions=(
                Extension("x-1", ("INV-1",), date(2026, 3, 20), NOW),
                Extension("x-2", ("INV-1",), date(2026, 3, 9), earlier),
            ),
            manual_contacts=(ManualContact("m-1", NOW, "call"), ManualContact("m-2", earlier, "letter")),
            approvals=(
                Approval("s-1", Verdict.GRANTED, NOW, "Kim"),
                Approval("s-2", Verdict.GRANTED, earlier, "Kim"),
            ),
        ),
    )
    assert [extension.id for extension in before.extensions] == ["x-2", "x-1"]
    assert [contact.id for contact in before.manual_contacts] == ["m-2", "m-1"]
    assert [approval.id for approval in before.approvals] == ["s-2", "s-1"]
    fewer = replace(
        before,
        extensions=before.extensions[:1],
        manual_contacts=before.manual_contacts[:1],
        approvals=before.approvals[:1],
    )
    stores.accounts.commit(before, Change(fewer))
    assert loaded(stores, before.key) == replace(fewer, version=2)


def test_every_account_knows_when_the_book_was_last_uploaded(stores: Stores) -> None:
    key = opened(stores).key
    assert loaded(stores, key).book_as_of is None
    stores.book.note_upload(NOW)
    other = opened(stores, Account(replace(a_customer("C-2"), contacts=())))
    assert [loaded(stores, of).book_as_of for of in (key, other.key)] == [NOW, NOW]


def test_an_older_upload_does_not_make_the_book_older(stores: Stores) -> None:
    key = opened(stores).key
    for hours in (0, 2, 1, 2):
        stores.book.note_upload(NOW + timedelta(hours=hours))
    assert loaded(stores, key).book_as_of == NOW + timedelta(hours=2)


def test_how_old_the_book_is_is_no_part_of_what_a_commit_writes_or_compares(stores: Stores) -> None:
    stores.book.note_upload(NOW)
    before = opened(stores)
    stores.book.note_upload(NOW + timedelta(days=1))
    stores.accounts.commit(before, Change(due_at(before, NOW)))
    after = loaded(stores, before.key)
    assert (after.book_as_of, after.next_action_at) == (NOW + timedelta(days=1), NOW)


def test_a_claim_whose_contact_has_changed_meanwhile_is_given_back_at_its_own_address(stores: Stores) -> None:
    before, sharing = opened(stores), opened(stores, Account(a_customer("C-2")))
    reminder = a_reminder(before)
    stores.accounts.commit(before, Change(before.with_claim(reminder)))
    claimed = loaded(stores, before.key)
    moved = replace(claimed.customer, contacts=(Contact("Ann", email="new@example.com"),))
    stores.accounts.commit(claimed, Change(replace(claimed, customer=moved)))
    again = loaded(stores, before.key)
    assert [record.address for record in again.addresses] == ["new@example.com", EMAIL]
    stores.accounts.commit(again, Change(again.without_claim(reminder)))
    assert loaded(stores, sharing.key).addresses[0].recent == ()
    assert [record.address for record in loaded(stores, before.key).addresses] == ["new@example.com"]


def test_an_address_that_only_settled_reminders_went_to_is_no_longer_read(stores: Stores) -> None:
    before = opened(stores)
    accepted = replace(a_reminder(before), status=ReminderStatus.ACCEPTED)
    handed_over = replace(a_reminder(before, attempt=2), channel=Channel.PERSON, address="")
    moved = Customer("C-1", "Acme Ltd")
    change = replace(before.with_reminder(accepted).with_reminder(handed_over), customer=moved)
    stores.accounts.commit(before, Change(change))
    assert loaded(stores, before.key).addresses == ()
