from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, TypeVar

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from tactful.adapters.dynamodb import items
from tactful.adapters.dynamodb.codec import Item, fields_of, instant, part_from
from tactful.adapters.store_rules import in_order
from tactful.domain.book.account import (
    Account,
    AddressContact,
    AddressRecord,
    Entry,
    Suppression,
    SuppressionReason,
    Task,
    TaskKind,
    Thanks,
)
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
from tactful.domain.book.contact_log import (
    ChasedInvoice,
    ManualContact,
    Progress,
    Reminder,
    ReminderStatus,
    Tone,
)
from tactful.domain.book.customer import Channel, Contact, Customer, Purpose, Role
from tactful.domain.book.imported import Imported
from tactful.domain.book.invoice import Discount, Invoice, InvoiceKind, InvoiceState
from tactful.domain.book.money import Money
from tests.contract.store_support import NOW, a_customer, a_reminder, an_invoice

_Facts = TypeVar("_Facts", Invoice, Customer)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ids = texts.filter(bool)
# DynamoDB's numbers have up to 38 digits.
money = st.builds(Money, st.integers(-(10**37), 10**37), st.sampled_from(["GBP", "JPY", "KWD"]))
zones = st.integers(-11 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
# One day clear of the ends of the calendar, which no zone's offset then crosses.
instants = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=zones)  # noqa: DTZ001 (the zones follow)
numbers = st.lists(texts, max_size=3).map(tuple)
named = st.lists(texts, min_size=1, max_size=3).map(tuple)
maybe_day = st.none() | st.dates()
pairs = st.lists(st.tuples(texts, texts), max_size=3).map(tuple)

invoices = st.builds(
    Invoice,
    ids,
    st.dates(),
    money,
    money,
    money,
    st.sampled_from(InvoiceState),
    maybe_day,
    st.none() | instants,
    credited=st.none() | money,
    kind=st.sampled_from(InvoiceKind),
    discount=st.none() | st.builds(Discount, money, st.dates()),
    settled_on=maybe_day,
    was_disputed=st.booleans(),
    paid_on=maybe_day,
    seen_due_at=st.none() | instants,
)
promises = st.builds(
    Promise, ids, named, st.dates(), instants, st.none() | money, st.none() | money, maybe_day
)
extensions = st.builds(Extension, ids, named, st.dates(), instants)
manual_contacts = st.builds(ManualContact, ids, instants, texts, texts)
approvals = st.builds(Approval, ids, st.sampled_from(Verdict), instants, texts)
instalments = st.lists(st.builds(Instalment, st.dates(), money), min_size=1, max_size=3).map(tuple)
plans = st.builds(Plan, ids, named, instalments, instants, st.none() | st.integers(0, 99))
holds = st.builds(Hold, ids, st.sampled_from(HoldKind), instants, st.none() | instants, numbers, texts)
chased = st.lists(st.builds(ChasedInvoice, texts, st.dates(), st.integers(-9, 99), money), max_size=3).map(
    tuple
)
reminders = st.builds(
    Reminder,
    id=ids,
    stage=texts,
    occurrence=texts,
    attempt=st.integers(1, 9),
    tone=st.sampled_from(Tone),
    channel=st.sampled_from(Channel),
    address=texts,
    contact_name=texts,
    invoices=chased,
    status=st.sampled_from(ReminderStatus),
    text_hash=texts,
    at=instants,
    lease_until=instants,
    policy=texts,
    reasons=numbers,
    provider_id=texts,
    detail=texts,
    wording=texts,
    promised=maybe_day,
    role=st.none() | st.sampled_from(Role),
    progress=st.lists(st.builds(Progress, st.sampled_from(ReminderStatus), instants, texts), max_size=2).map(
        tuple
    ),
)
contacts = st.lists(
    st.builds(Contact, texts, st.sampled_from(Role), texts, texts, st.none() | st.booleans()), max_size=3
).map(tuple)
customers = st.builds(
    Customer,
    ids,
    texts,
    contacts,
    texts,
    texts,
    texts,
    texts,
    st.none() | instants,
    texts,
    st.sampled_from(Purpose),
)
thanks = st.none() | st.builds(Thanks, texts, instants, numbers)
suppressions = st.none() | st.builds(Suppression, st.sampled_from(SuppressionReason), instants)
recent = st.lists(st.builds(AddressContact, instants, texts, texts), max_size=3).map(tuple)
records = st.builds(
    AddressRecord,
    st.sampled_from(Channel),
    texts,
    st.frozensets(ids, max_size=3),
    suppressions,
    recent,
    st.integers(0, 999),
)


def _unique(
    key: Callable[[items.Child], str], strategy: st.SearchStrategy[items.Child]
) -> st.SearchStrategy[tuple]:  # type: ignore[type-arg]
    return st.lists(strategy, max_size=2, unique_by=key).map(tuple)


def _stored(item: Item) -> Item:
    """An item after it went to the table and back: numbers come back as decimals, tuples as lists."""
    packer, unpacker = TypeSerializer(), TypeDeserializer()
    stored: Item = unpacker.deserialize(packer.serialize(item))
    return stored


@given(
    st.builds(
        Account,
        customers,
        _unique(items.child_sk, invoices),
        _unique(items.child_sk, promises),
        st.none() | plans,
        _unique(items.child_sk, holds),
        _unique(items.child_sk, reminders),
        thanks=thanks,
        next_action_at=st.none() | instants,
        version=st.integers(1, 10**6),
        extensions=_unique(items.child_sk, extensions),
        manual_contacts=_unique(items.child_sk, manual_contacts),
        approvals=_unique(items.child_sk, approvals),
    )
)
def test_every_account_survives_the_way_into_the_table_and_back(account: Account) -> None:
    children: list[items.Child] = [*account.invoices, *account.promises, *account.holds, *account.reminders]
    children += [*account.extensions, *account.manual_contacts, *account.approvals]
    children += [account.plan] if account.plan else []
    stored = [_stored(items.child_item(account.key, child, account.version)) for child in children]
    profile = _stored(items.profile_item(account, account.version, {}))
    back = items.account_from(profile, {item["sk"]: item for item in stored})
    assert in_order(back) == in_order(account)


def _imported(facts: st.SearchStrategy[_Facts]) -> st.SearchStrategy[_Facts]:
    """Facts that an import changed last, or brought."""
    return st.builds(
        lambda now, before, over, money_since: replace(
            now, imported=Imported("i", before, over, money_since)
        ),
        facts,
        st.none() | facts,
        texts,
        st.booleans(),
    )


@given(_imported(invoices), _imported(customers))
def test_what_was_before_an_import_survives_the_way_into_the_table_and_back(
    invoice: Invoice, customer: Customer
) -> None:
    account = Account(customer, (invoice,), version=1)
    child = _stored(items.child_item(account.key, invoice, 1))
    back = items.account_from(_stored(items.profile_item(account, 1, {})), {child["sk"]: child})
    assert (back.customer.imported, back.invoices[0].imported) == (customer.imported, invoice.imported)


def _size(value: Any) -> int:
    """Bytes of an item as the table counts them (DynamoDB Developer Guide, "Item sizes and formats")."""
    match value:
        case dict():
            return sum(len(name.encode()) + _size(part) for name, part in value.items()) + 3 + len(value)
        case list():
            return sum(map(_size, value)) + 3 + len(value)
        case str():
            return len(value.encode())
        case bool() | None:
            return 1
        case _:
            return 1 + (len(str(abs(value))) + 1) // 2


def test_an_invoice_that_remembers_what_it_was_is_still_one_write_unit() -> None:
    first = replace(
        an_invoice("INV-2026-000123"),
        issue_date=date(2026, 1, 31),
        reported_at=NOW,
        discount=Discount(Money(12_00, "GBP"), date(2026, 2, 10)),
        imported=Imported("abcdefghij"),
    )
    changed = first.with_report(
        replace(
            first,
            due_date=date(2026, 3, 31),
            issue_date=None,
            total=Money(500_00, "GBP"),
            reported=Money(200_00, "GBP"),
            state=InvoiceState.DISPUTED,
            reported_at=NOW + timedelta(days=1),
            kind=InvoiceKind.DEPOSIT,
            discount=None,
            was_disputed=True,
            imported=Imported("klmnopqrst"),
        )
    )
    assert changed.imported is not None
    assert changed.imported.before == first
    item = items.child_item("abcdefghijklmnop", changed, 1)
    assert 400 < _size(item) < 1024
    assert "number" not in item["imported"]["before"]


@given(records)
def test_every_address_record_survives_the_way_into_the_table_and_back(record: AddressRecord) -> None:
    item = _stored(items.address_item(record, record.version))
    assert items.address_from(record.channel, record.address, item) == record


@given(st.builds(Task, ids, st.sampled_from(TaskKind), instants, texts, pairs))
def test_every_task_survives_the_way_into_the_table_and_back(task: Task) -> None:
    assert items.task_from(_stored(items.task_item("key", task))) == task


@given(st.builds(Entry, ids, instants, texts, pairs))
def test_every_entry_survives_the_way_into_the_table_and_back(entry: Entry) -> None:
    assert items.entry_from(_stored(items.entry_item("key", entry))) == entry


@given(instants, instants)
def test_instants_sort_as_text_as_they_sort_in_time(first: datetime, second: datetime) -> None:
    assert (instant(first) < instant(second)) == (first < second)
    assert datetime.fromisoformat(instant(first)) == first


def test_an_item_written_before_a_field_was_thought_of_takes_the_fields_default() -> None:
    account = Account(a_customer(), invoices=(an_invoice(),), version=1)
    profile = items.profile_item(account, 1, {})
    child = items.child_item(account.key, account.invoices[0], 1)
    promise = items.child_item(account.key, Promise("p-1", ("INV-1",), NOW.date(), NOW), 1)
    for field in ("timezone", "country", "region", "purpose"):
        del profile["customer"][field]
    (contact,) = profile["customer"]["contacts"]
    contact.pop("sms_consent", None)
    for field in ("reported_at", "kind", "was_disputed"):
        del child[field]
    child["a_field_of_tomorrow"] = 1
    assert not {"discount", "settled_on", "paid_on", "seen_due_at"} & child.keys()
    assert not {"amount", "owed", "kept_on"} & promise.keys()
    back = items.account_from(profile, {item["sk"]: item for item in (child, promise)})
    assert back.customer == Customer("C-1", "Acme Ltd", account.customer.contacts)
    assert back.invoices == (replace(an_invoice(), reported_at=None),)
    assert back.promises == (Promise("p-1", ("INV-1",), NOW.date(), NOW),)
    assert (back.extensions, back.manual_contacts, back.approvals) == ((), (), ())


def test_a_profile_with_nothing_but_a_name_is_a_customer() -> None:
    profile = items.profile_item(Account(a_customer()), 1, {})
    del profile["customer"]["contacts"]
    assert items.account_from(profile, {}).customer.contacts == ()


def test_the_book_is_as_old_as_its_item_says_and_unknown_without_one() -> None:
    assert items.book_as_of({"as_of": instant(NOW)}) == NOW
    assert items.book_as_of({}) is None


def test_the_profile_sorts_before_its_children_and_the_timeline_behind_them() -> None:
    children = [f"{kind}#{last}" for kind in items.CHILDREN for last in ("", "~\U0010ffff")]
    behind = [items.entry_item("key", Entry("", NOW, "payment"))["sk"], "TASK#"]
    assert min(children) > items.PROFILE
    assert max(children) < items.AFTER_CHILDREN < min(behind)


def test_an_instant_of_any_zone_is_written_in_utc_with_microseconds() -> None:
    assert instant(datetime(2026, 3, 2, 9, tzinfo=UTC)) == "2026-03-02T09:00:00.000000Z"
    india = timezone(timedelta(hours=5, minutes=30))
    assert instant(datetime(2026, 3, 2, 9, tzinfo=india)) == "2026-03-02T03:30:00.000000Z"


def test_a_message_from_before_fingerprints_were_kept_has_none() -> None:
    item = fields_of(_a_message())
    del item["text_hash"]
    assert part_from(Reminder, item).text_hash == ""


def _a_message() -> Reminder:
    account = Account(a_customer(), (an_invoice("1"),))
    return replace(a_reminder(account), text_hash="ab" * 32)
