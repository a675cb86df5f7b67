from __future__ import annotations

from datetime import timedelta

from tactful.domain.book.customer import Channel
from tactful.domain.sending.health import Tally, slot_of
from tests.contract.store_support import NOW, Stores

SLOT = slot_of(NOW)


def test_nothing_is_counted_at_first(stores: Stores) -> None:
    assert list(stores.health.tallies(NOW - timedelta(days=28))) == []


def test_what_is_counted_in_a_quarter_of_an_hour_adds_up_by_channel(stores: Stores) -> None:
    for tally in (
        Tally(Channel.EMAIL, SLOT, accepted=7),
        Tally(
            Channel.EMAIL, SLOT + timedelta(minutes=14, seconds=59), accepted=3, bounced=frozenset({"a", "b"})
        ),
        Tally(Channel.EMAIL, SLOT, bounced=frozenset({"b"}), complained=frozenset({"c"})),
        Tally(Channel.SMS, SLOT, accepted=1),
    ):
        stores.health.count(tally)
    assert list(stores.health.tallies(SLOT)) == [
        Tally(Channel.EMAIL, SLOT, 10, frozenset({"a", "b"}), frozenset({"c"})),
        Tally(Channel.SMS, SLOT, 1),
    ]


def test_what_was_counted_is_told_from_an_instant_on_the_oldest_first(stores: Stores) -> None:
    for minutes in (30, 0, 15):
        stores.health.count(Tally(Channel.EMAIL, SLOT + timedelta(minutes=minutes), accepted=1 + minutes))
    told = stores.health.tallies(SLOT + timedelta(minutes=20))
    assert [tally.accepted for tally in told] == [16, 31]
