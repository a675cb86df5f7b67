from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tactful.domain.book.account import Change
from tests.contract.store_support import NOW, Stores, a_task, an_entry, loaded, opened


def test_an_account_to_which_nothing_happened_has_no_timeline(stores: Stores) -> None:
    assert list(stores.timeline.timeline(opened(stores).key)) == []


def test_a_timeline_is_read_in_order_of_time_and_without_the_tasks(stores: Stores) -> None:
    account = opened(stores)
    late, early = replace(an_entry("a"), at=NOW + timedelta(hours=1)), an_entry("b")
    stores.accounts.commit(account, Change(account, entries=(late, early), tasks=(a_task(),)))
    assert list(stores.timeline.timeline(account.key)) == [early, late]


def test_only_the_entries_that_begin_so_are_read(stores: Stores) -> None:
    account = opened(stores)
    stores.accounts.commit(account, Change(account, entries=(an_entry("decided-1"), an_entry("payment-1"))))
    assert [entry.id for entry in stores.timeline.timeline(account.key, "decided-")] == ["decided-1"]
    other = loaded(stores, account.key)
    assert list(stores.timeline.timeline(other.key, "nothing")) == []
