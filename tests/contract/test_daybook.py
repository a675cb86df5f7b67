from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tactful.domain.book.account import Change, Entry
from tests.contract.store_support import NOW, Stores, opened

DAY = timedelta(days=1)


def test_the_news_of_a_day_are_found_and_nothing_else(stores: Stores) -> None:
    before = opened(stores)
    entries = tuple(
        Entry(f"{kind}-{number}", NOW + number * DAY, kind, (("amount", "GBP 1.00"),))
        for kind in ("promise", "decided")
        for number in range(3)
    )
    stores.accounts.commit(before, Change(replace(before), entries=entries))
    found = list(stores.daybook.news(NOW + DAY, NOW + 2 * DAY))
    assert found == [(before.key, entries[1])]
    assert list(stores.daybook.news(NOW + DAY, NOW + 2 * DAY, "payment-")) == []
    assert list(stores.daybook.news(NOW + DAY, NOW + 2 * DAY, "promise-")) == found
    assert {entry.id for _, entry in stores.daybook.news(NOW, NOW + 3 * DAY)} == {
        "promise-0",
        "promise-1",
        "promise-2",
    }


def test_news_are_no_due_accounts(stores: Stores) -> None:
    before = opened(stores)
    stores.accounts.commit(before, Change(before, entries=(Entry("payment-1", NOW, "payment"),)))
    assert [one.key for one in stores.due.due(NOW - DAY)] == []


def test_a_day_is_told_of_once_and_no_earlier_one_after_it(stores: Stores) -> None:
    days = [date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 1), date(2026, 3, 3)]
    assert [stores.digests.is_first(day) for day in days] == [True, False, False, True]
