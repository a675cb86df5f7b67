from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tactful.adapters.dynamodb import items
from tactful.adapters.dynamodb.accounts import DynamoAccountStore
from tactful.adapters.dynamodb.codec import instant
from tactful.adapters.dynamodb.table import Table
from tactful.application.ports import AlreadyRecordedError, ConflictError, StoreUnavailableError
from tactful.domain.book.account import Account, AddressRecord, Change, Suppression, SuppressionReason, Thanks
from tactful.domain.book.agreements import (
    Approval,
    Extension,
    Hold,
    HoldKind,
    Instalment,
    Plan,
    Promise,
    Verdict,
)
from tactful.domain.book.contact_log import ManualContact, ReminderStatus
from tactful.domain.book.customer import Channel, Contact, Purpose, account_key
from tactful.domain.book.imported import Imported
from tactful.domain.book.invoice import Discount, InvoiceKind
from tactful.domain.book.money import Money
from tests.contract.store_support import (
    EMAIL,
    NOW,
    Stores,
    a_customer,
    a_reminder,
    a_task,
    an_entry,
    an_invoice,
    due_at,
    loaded,
    opened,
    sharing,
)


def test_an_account_that_nobody_opened_is_none(stores: Stores) -> None:
    assert stores.accounts.load(account_key("nobody")) is None


def test_an_account_comes_back_as_it_was_committed(stores: Stores) -> None:
    pounds = Money(50_00, "GBP")
    account = Account(
        customer=replace(
            a_customer(),
            contacts=(Contact("Ann", email=EMAIL, sms_consent=False),),
            region="SCT",
            purpose=Purpose.CONSUMER,
            stated_at=NOW,
        ),
        invoices=(
            replace(
                an_invoice("INV-1"),
                kind=InvoiceKind.DEPOSIT,
                discount=Discount(Money(1_00, "GBP"), date(2026, 2, 20)),
                settled_on=date(2026, 2, 21),
                was_disputed=True,
                paid_on=date(2026, 2, 20),
                seen_due_at=NOW,
            ),
            an_invoice("INV-2", -20_00),
        ),
        promises=(
            Promise("p-1", ("INV-1",), date(2026, 3, 9), NOW, pounds, Money(80_00, "GBP"), date(2026, 3, 4)),
        ),
        plan=Plan("plan-1", ("INV-1",), (Instalment(date(2026, 4, 1), pounds),), NOW),
        holds=(
            Hold("h-1", HoldKind.REPLY, NOW),
            Hold("h-2", HoldKind.DISPUTE, NOW, NOW + timedelta(days=7), ("INV-2",)),
        ),
        thanks=Thanks("pay-1", NOW, ("INV-0",)),
        next_action_at=NOW + timedelta(microseconds=1),
        extensions=(Extension("x-1", ("INV-1",), date(2026, 3, 20), NOW),),
        manual_contacts=(ManualContact("m-1", NOW, "call", "asked for Ann"),),
        approvals=(Approval("step-1", Verdict.DECLINED, NOW, "Kim"),),
    )
    account = account.with_reminder(a_reminder(account)).with_reminder(a_reminder(account, attempt=2))
    stores.accounts.commit(None, Change(account))

    back = loaded(stores, account.key)
    reminders = sorted(account.reminders, key=lambda reminder: reminder.id)
    addresses = (AddressRecord(Channel.EMAIL, EMAIL),)
    assert back == replace(account, version=1, addresses=addresses, reminders=tuple(reminders))


def test_each_commit_counts_the_version_up(stores: Stores) -> None:
    first = opened(stores)
    stores.accounts.commit(first, Change(due_at(first, NOW)))
    assert (first.version, loaded(stores, first.key).version) == (1, 2)


def test_what_a_change_leaves_out_is_deleted_and_the_rest_stays(stores: Stores) -> None:
    account = Account(a_customer(), invoices=(an_invoice("INV-1"), an_invoice("INV-2")))
    account = replace(account, holds=(Hold("h-1", HoldKind.REPLY, NOW),), thanks=Thanks("pay-1", NOW, ()))
    before = opened(stores, account.with_reminder(a_reminder(account)))
    stores.accounts.commit(
        before, Change(replace(before, holds=(), reminders=(), thanks=None, invoices=before.invoices[1:]))
    )
    after = loaded(stores, account.key)
    assert (after.holds, after.reminders, after.thanks) == ((), (), None)
    assert [invoice.number for invoice in after.invoices] == ["INV-2"]
    assert stores.numbers.accounts_with("INV-1") == ()


def test_what_an_import_changed_comes_back_with_what_it_was_before(stores: Stores) -> None:
    first = replace(an_invoice(), imported=Imported("first"))
    who = replace(a_customer(), imported=Imported("first"))
    before = opened(stores, Account(who, invoices=(first,)))
    changed = first.with_report(replace(first, reported=Money(1_00, "GBP"), imported=Imported("second")))
    moved = replace(who, country="US", imported=Imported("second", before=who, over="first"))
    stores.accounts.commit(before, Change(replace(before, customer=moved, invoices=(changed,))))
    after = loaded(stores, before.key)
    assert after.customer.imported == Imported("second", before=who, over="first")
    assert after.invoices[0].imported == Imported("second", before=first, over="first")


def test_of_two_who_loaded_the_same_version_the_second_conflicts_and_writes_nothing(stores: Stores) -> None:
    both = opened(stores)
    stores.accounts.commit(both, Change(both.with_hold(Hold("h-1", HoldKind.DISPUTE, NOW))))
    late = Change(both.with_invoice(an_invoice("INV-9")), entries=(an_entry(),), tasks=(a_task(),))
    with pytest.raises(ConflictError):
        stores.accounts.commit(both, late)

    after = loaded(stores, both.key)
    assert ([hold.id for hold in after.holds], after.version) == (["h-1"], 2)
    assert [invoice.number for invoice in after.invoices] == ["INV-1"]
    assert stores.tasks.list_open() == []
    assert stores.numbers.accounts_with("INV-9") == ()
    # The entry was not recorded either: recording it now is no repetition.
    stores.accounts.commit(after, Change(after, entries=(an_entry(),)))


def test_of_two_who_only_put_off_the_same_version_the_second_conflicts(stores: Stores) -> None:
    both = opened(stores)
    stores.accounts.commit(both, Change(due_at(both, NOW)))
    with pytest.raises(ConflictError):
        stores.accounts.commit(both, Change(due_at(both, NOW + timedelta(days=1))))
    assert loaded(stores, both.key).next_action_at == NOW


def test_of_two_who_open_the_same_account_the_second_conflicts(stores: Stores) -> None:
    opened(stores, Account(a_customer()))
    with pytest.raises(ConflictError):
        stores.accounts.commit(None, Change(Account(a_customer())))
    with pytest.raises(ConflictError):
        stores.accounts.commit(None, Change(Account(a_customer(), invoices=(an_invoice(),))))


def test_an_event_on_the_timeline_is_refused_the_second_time_and_changes_nothing(stores: Stores) -> None:
    before = opened(stores)
    stores.accounts.commit(before, Change(before, entries=(an_entry(),)))
    again = loaded(stores, before.key)
    with pytest.raises(AlreadyRecordedError):
        stores.accounts.commit(again, Change(again.with_invoice(an_invoice("INV-9")), entries=(an_entry(),)))
    assert loaded(stores, before.key) == again


def test_a_duplicate_that_was_decided_at_the_same_time_is_told_as_duplicate(stores: Stores) -> None:
    before = opened(stores)
    change = Change(before.with_invoice(an_invoice("INV-1", 50_00)), entries=(an_entry(),))
    stores.accounts.commit(before, change)
    with pytest.raises(AlreadyRecordedError):
        stores.accounts.commit(before, change)


def test_the_same_entry_id_on_two_accounts_is_two_entries(stores: Stores) -> None:
    for account in (Account(a_customer("C-1")), Account(a_customer("C-2"))):
        before = opened(stores, account)
        stores.accounts.commit(before, Change(before, entries=(an_entry("reply-SM1"),)))
        assert loaded(stores, account.key).version == 2


def test_of_many_writers_that_claim_the_same_reminder_one_wins(stores: Stores) -> None:
    before = opened(stores)

    def claim(attempt: int) -> bool:
        claimed = before.with_claim(replace(a_reminder(before), detail=f"writer {attempt}"))
        try:
            stores.accounts.commit(before, Change(claimed))
        except (ConflictError, StoreUnavailableError):
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(claim, range(8)))
    after = loaded(stores, before.key)
    assert (won.count(True), len(after.reminders)) == (1, 1)


def test_a_claim_that_is_given_back_can_be_made_again(stores: Stores) -> None:
    before = opened(stores)
    reminder = a_reminder(before)
    stores.accounts.commit(before, Change(before.with_claim(reminder)))
    claimed = loaded(stores, before.key)
    assert claimed.reminders == (reminder,)
    stores.accounts.commit(claimed, Change(claimed.without_claim(reminder)))
    free = loaded(stores, before.key)
    assert (free.reminders, free.addresses[0].recent) == ((), ())
    stores.accounts.commit(free, Change(free.with_claim(reminder)))
    assert loaded(stores, before.key).reminders == (reminder,)


def test_a_reminder_moves_forward_in_place(stores: Stores) -> None:
    before = opened(stores)
    stores.accounts.commit(before, Change(before.with_claim(a_reminder(before))))
    claimed = loaded(stores, before.key)
    delivered = claimed.reminders[0].advanced(ReminderStatus.DELIVERED, provider_id="ses-1")
    stores.accounts.commit(claimed, Change(claimed.with_reminder(delivered)))
    assert loaded(stores, before.key).reminders == (delivered,)


def test_a_claim_is_seen_by_every_account_that_shares_the_address(stores: Stores) -> None:
    first, second = sharing(stores)
    stores.accounts.commit(first, Change(first.with_claim(a_reminder(first))))
    recent = loaded(stores, second.key).addresses[0].recent
    assert [(contact.account_key, contact.at) for contact in recent] == [(first.key, NOW)]


def test_claims_on_one_address_by_two_accounts_at_once_conflict(stores: Stores) -> None:
    first, second = sharing(stores)
    stores.accounts.commit(first, Change(first.with_claim(a_reminder(first))))
    with pytest.raises(ConflictError):
        stores.accounts.commit(second, Change(second.with_claim(a_reminder(second))))
    assert loaded(stores, second.key).reminders == ()


def test_a_claim_on_a_shared_address_made_before_an_opt_out_was_known_conflicts(stores: Stores) -> None:
    before, _ = sharing(stores)
    stores.addresses.suppress(Channel.EMAIL, EMAIL, Suppression(SuppressionReason.OPT_OUT, NOW))
    with pytest.raises(ConflictError):
        stores.accounts.commit(before, Change(before.with_claim(a_reminder(before))))
    assert loaded(stores, before.key).is_suppressed(Channel.EMAIL, EMAIL)


def test_a_claim_on_an_address_that_nobody_shares_leaves_it_as_it_is(stores: Stores) -> None:
    before = opened(stores)
    stores.addresses.link(before.key, [(Channel.EMAIL, EMAIL)])
    before = loaded(stores, before.key)
    stores.accounts.commit(before, Change(before.with_claim(a_reminder(before))))
    assert loaded(stores, before.key).addresses == before.addresses


def test_two_spellings_of_one_address_share_what_is_known_of_it(stores: Stores) -> None:
    before, _ = sharing(stores, EMAIL, "Ann@Example.com")
    reminder = a_reminder(before)
    stores.accounts.commit(before, Change(before.with_claim(reminder)))
    claimed = loaded(stores, before.key)
    assert [len(record.recent) for record in claimed.addresses] == [1, 1]
    stores.accounts.commit(claimed, Change(claimed.without_claim(reminder)))
    assert [record.recent for record in loaded(stores, before.key).addresses] == [(), ()]


def test_a_task_that_is_open_already_stays_as_it_is_and_the_change_goes_through(stores: Stores) -> None:
    before = opened(stores)
    stores.accounts.commit(before, Change(before, tasks=(a_task("t-1", summary="first"),)))
    again = loaded(stores, before.key)
    tasks = (a_task("t-1", summary="second"), a_task("t-2"))
    stores.accounts.commit(again, Change(again, entries=(an_entry(),), tasks=tasks))
    assert [task.summary for _, task in stores.tasks.list_open()] == ["first", "Call the client"]
    assert loaded(stores, before.key).version == 3


class _Torn:
    """A client whose first query meets one old child beside the new profile, as a query in a transaction may."""

    def __init__(self, client: Any, stale: dict[str, Any] | None, sk: str) -> None:
        self._client = client
        self._stale = stale
        self._sk = sk
        self.queries = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def query(self, **request: object) -> Any:
        self.queries += 1
        answer = self._client.query(**request)
        if self.queries == 1:
            kept = [item for item in answer["Items"] if item["sk"]["S"] != self._sk]
            answer["Items"] = [*kept, self._stale] if self._stale else kept
        return answer


def test_an_account_that_is_met_in_the_middle_of_a_commit_is_read_again(table: Table, dynamodb: Any) -> None:
    store = DynamoAccountStore(table)
    store.commit(None, Change(Account(a_customer(), invoices=(an_invoice(),))))
    key = account_key("C-1")
    child = {"pk": {"S": items.account_pk(key)}, "sk": {"S": "INVOICE#INV-1"}}
    stale = dynamodb.get_item(TableName=table.name, Key=child)["Item"]
    before = store.load(key)
    assert before is not None
    paid = before.invoices[0].with_payment(Money(105_00, "GBP"))
    store.commit(before, Change(before.with_invoice(paid)))

    for old in (stale, None):
        torn = _Torn(dynamodb, old, "INVOICE#INV-1")
        after = DynamoAccountStore(Table(torn, table.name)).load(key)
        assert after is not None
        assert (after.invoices, torn.queries) == ((paid,), 2)


def test_an_account_longer_than_one_page_of_a_query_is_loaded_whole(table: Table) -> None:
    store = DynamoAccountStore(table)
    account = Account(a_customer())
    reason = "x" * 30_000
    reminders = tuple(
        replace(a_reminder(account, attempt=number, at=NOW + timedelta(days=number)), reasons=(reason,))
        for number in range(50)
    )
    store.commit(None, Change(replace(account, reminders=reminders)))
    after = store.load(account.key)
    assert after is not None
    assert after.reminders == reminders


def test_a_store_that_cannot_be_reached_says_so() -> None:
    client = boto3.client(
        "dynamodb",
        endpoint_url="http://127.0.0.1:9",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=1),
    )
    store = DynamoAccountStore(Table(client, "nowhere"))
    with pytest.raises(StoreUnavailableError):
        store.load("key")
    with pytest.raises(StoreUnavailableError):
        store.commit(None, Change(Account(a_customer(), invoices=(an_invoice(),))))


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        instant(datetime(2026, 3, 2, 9, 30, tzinfo=UTC).replace(tzinfo=None))
