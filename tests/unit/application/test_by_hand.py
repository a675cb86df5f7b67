from __future__ import annotations

from datetime import date, timedelta

import pytest

from tactful.application.send_reminders import Outcome
from tactful.domain.book.agreements import HoldKind
from tests.support.builders import NINE
from tests.unit.application.house import a_house, sent_by

A_DAY = timedelta(days=1)


def test_a_call_made_by_hand_keeps_reminders_at_a_distance() -> None:
    house = a_house()
    key = house.add()
    house.by_hand().contact("C-1", "call", note="will look into it")
    assert house.account(key).next_action_at == NINE + 3 * A_DAY
    assert house.act(key).outcome is Outcome.DEFERRED
    assert sent_by(house.email) == []
    assert house.entry_kinds(key) == ["manual_contact"]


def test_a_call_noted_twice_counts_once() -> None:
    house = a_house()
    key = house.add()
    for _ in range(2):
        house.by_hand().contact("C-1", "call", NINE - A_DAY)
    assert len(house.account(key).manual_contacts) == 1


def test_a_call_that_has_not_been_made_yet_is_refused() -> None:
    house = a_house()
    house.add()
    with pytest.raises(ValueError, match="has not been made yet"):
        house.by_hand().contact("C-1", "call", NINE + A_DAY)


def test_a_promise_pauses_chasing_through_its_date() -> None:
    house = a_house()
    key = house.add()
    house.by_hand().promise("C-1", (), date(2026, 3, 6))
    assert house.account(key).promises[0].invoices == ("INV-1",)
    assert house.account(key).next_action_at == NINE.replace(hour=0) + 5 * A_DAY
    assert house.act(key).outcome is Outcome.DEFERRED


def test_an_extension_moves_the_ladder() -> None:
    house = a_house()
    key = house.add()
    house.by_hand().extend("C-1", ("INV-1",), date(2026, 3, 16))
    house.run_for(6 * A_DAY)
    assert sent_by(house.email) == []
    house.run_for(A_DAY * 2)
    assert [(step.stage, step.occurrence) for step in house.account(key).reminders] == [
        ("before_due", "2026-03-16")
    ]


def test_a_hold_lasts_until_its_day_or_until_it_is_lifted() -> None:
    house = a_house()
    key = house.add()
    account = house.by_hand().hold("C-1", HoldKind.MANUAL, date(2026, 3, 12))
    assert account.next_action_at == NINE.replace(hour=0) + 10 * A_DAY
    account = house.by_hand().lift("C-1", account.holds[0].id, "Bea")
    assert account.next_action_at == NINE
    assert house.act(key).outcome is Outcome.SENT


def test_a_hold_without_an_end_silences_until_it_is_lifted() -> None:
    house = a_house()
    house.add()
    assert house.by_hand().hold("C-1", HoldKind.LEGAL).next_action_at is None


def test_what_is_noted_about_an_unknown_customer_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no customer 'C-9'"):
        a_house().by_hand().contact("C-9", "call")
