from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tactful.adapters.dynamodb import items
from tactful.adapters.dynamodb.addresses import DynamoAddressBook
from tactful.adapters.dynamodb.table import Table
from tactful.domain.book.account import (
    Account,
    AddressContact,
    AddressRecord,
    Change,
    Suppression,
    SuppressionReason,
    TaskKind,
)
from tactful.domain.book.contact_log import ReminderStatus
from tactful.domain.book.customer import Channel, Contact, Role
from tests.contract.store_support import EMAIL, NOW, Stores, a_customer, a_reminder, loaded, opened

OPT_OUT = Suppression(SuppressionReason.OPT_OUT, NOW)


def with_phone(phone: str) -> Account:
    return Account(replace(a_customer("C-1"), contacts=(Contact("Ann", email=EMAIL, phone=phone),)))


def test_an_address_that_nobody_used_is_unknown(stores: Stores) -> None:
    assert stores.addresses.find(Channel.EMAIL, EMAIL) is None


def test_an_address_knows_all_accounts_linked_to_it(stores: Stores) -> None:
    stores.addresses.link("a", [(Channel.EMAIL, EMAIL), (Channel.SMS, "+447700900123")])
    stores.addresses.link("b", [(Channel.EMAIL, EMAIL)])
    stores.addresses.link("b", [(Channel.EMAIL, EMAIL)])
    shared = stores.addresses.find(Channel.EMAIL, EMAIL)
    own = stores.addresses.find(Channel.SMS, "+447700900123")
    assert shared is not None
    assert shared.accounts == {"a", "b"}
    assert own is not None
    assert own.accounts == {"a"}


def test_an_address_that_nobody_used_can_be_suppressed(stores: Stores) -> None:
    record = stores.addresses.suppress(Channel.SMS, "+447700900123", OPT_OUT)
    assert (record.suppression, record.accounts) == (OPT_OUT, frozenset())
    assert stores.addresses.find(Channel.SMS, "+447700900123") == record


def test_the_first_suppression_stays(stores: Stores) -> None:
    stores.addresses.suppress(Channel.EMAIL, EMAIL, OPT_OUT)
    later = Suppression(SuppressionReason.BOUNCE, NOW + timedelta(days=1))
    assert stores.addresses.suppress(Channel.EMAIL, EMAIL, later).suppression == OPT_OUT


def test_a_suppression_survives_a_link_and_reaches_every_account_that_shares_the_address(
    stores: Stores,
) -> None:
    first = opened(stores, Account(a_customer("C-1")))
    stores.addresses.link(first.key, [(Channel.EMAIL, EMAIL)])
    known = stores.addresses.suppress(Channel.EMAIL, EMAIL, OPT_OUT)
    assert known.accounts == {first.key}
    second = opened(stores, Account(a_customer("C-2")))
    for account in (first, second):
        stores.addresses.link(account.key, [(Channel.EMAIL, EMAIL)])
        assert loaded(stores, account.key).is_suppressed(Channel.EMAIL, EMAIL)


def test_a_suppression_survives_a_commit_that_gives_a_claim_back(stores: Stores) -> None:
    before = opened(stores)
    reminder = a_reminder(before)
    stores.accounts.commit(before, Change(before.with_claim(reminder)))
    stores.addresses.suppress(Channel.EMAIL, EMAIL, OPT_OUT)
    claimed = loaded(stores, before.key)
    stores.accounts.commit(claimed, Change(claimed.without_claim(reminder)))
    record = stores.addresses.find(Channel.EMAIL, EMAIL)
    assert record is not None
    assert (record.suppression, record.recent) == (OPT_OUT, ())


def test_channels_are_suppressed_apart(stores: Stores) -> None:
    stores.addresses.suppress(Channel.SMS, EMAIL, OPT_OUT)
    assert stores.addresses.find(Channel.EMAIL, EMAIL) is None


def test_letter_case_does_not_hide_an_opt_out(stores: Stores) -> None:
    stores.addresses.suppress(Channel.EMAIL, "Ann@Example.COM", OPT_OUT)
    assert loaded(stores, opened(stores).key).is_suppressed(Channel.EMAIL, EMAIL)


def test_every_write_counts_the_version_up(stores: Stores) -> None:
    stores.addresses.link("a", [(Channel.EMAIL, EMAIL)])
    record = stores.addresses.suppress(Channel.EMAIL, EMAIL, OPT_OUT)
    assert record == AddressRecord(Channel.EMAIL, EMAIL, frozenset({"a"}), OPT_OUT, version=2)


def test_the_address_itself_is_not_stored_with_what_is_known_of_it(table: Table) -> None:
    DynamoAddressBook(table).suppress(Channel.EMAIL, EMAIL, OPT_OUT)
    item = table.get(items.address_pk(Channel.EMAIL, EMAIL), items.ADDRESS)
    assert item is not None
    assert "example.com" not in repr(item)


def test_a_client_s_own_word_takes_the_place_of_any_other_reason_and_stays(stores: Stores) -> None:
    asked = Suppression(SuppressionReason.OPT_OUT, NOW)
    for reason in (SuppressionReason.BOUNCE, SuppressionReason.OPT_OUT, SuppressionReason.INVALID):
        stores.addresses.suppress(Channel.EMAIL, EMAIL, Suppression(reason, NOW))
    known = stores.addresses.find(Channel.EMAIL, EMAIL)
    assert known is not None
    assert known.suppression == asked


def test_a_number_that_wants_no_calls_is_known_to_every_account_from_the_first_time_on(
    stores: Stores,
) -> None:
    phone = "+447700900123"
    account = opened(stores, with_phone(phone))
    assert loaded(stores, account.key).may_be_called(phone)
    stores.addresses.forbid_calls(phone, NOW)
    stores.addresses.forbid_calls(phone, NOW + timedelta(days=1))
    record = stores.addresses.find(Channel.SMS, phone)
    assert record is not None
    assert (record.no_calls, record.suppression, record.version) == (NOW, None, 2)
    assert not loaded(stores, account.key).may_be_called(phone)


def test_what_a_number_wants_survives_a_claim_that_is_given_back(stores: Stores) -> None:
    phone = "+447700900123"
    before = opened(stores, with_phone(phone))
    stores.addresses.forbid_calls(phone, NOW)
    known = loaded(stores, before.key)
    reminder = a_reminder(known)
    stores.accounts.commit(known, Change(known.with_claim(reminder)))
    claimed = loaded(stores, before.key)
    stores.accounts.commit(claimed, Change(claimed.without_claim(reminder)))
    assert not loaded(stores, before.key).may_be_called(phone)


def test_a_call_is_remembered_by_a_number_that_another_account_comes_to_use(stores: Stores) -> None:
    phone = "+447700900123"
    before = opened(stores, with_phone(phone))
    step = replace(
        a_reminder(before),
        channel=Channel.PERSON,
        address="",
        detail=str(TaskKind.CALL),
        contact_name="Ann",
        role=Role.BILLING,
        status=ReminderStatus.HANDED_OVER,
    )
    stores.addresses.link(before.key, [(Channel.SMS, phone)])
    known = loaded(stores, before.key)
    stores.accounts.commit(known, Change(known.with_step(step)))
    stores.addresses.link("another", [(Channel.SMS, phone)])
    record = stores.addresses.find(Channel.SMS, phone)
    assert record is not None
    assert record.recent == (AddressContact(step.at, before.key, "call"),)
