from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.domain.book.customer import Channel
from tactful.domain.sending.state import SendingState, Stop
from tests.support.builders import NINE

ALL = Stop(None, NINE, "ann", "wrong amounts")
MAIL = Stop(Channel.EMAIL, NINE, "the guard", "bounces", NINE + timedelta(hours=1))


def held(state: SendingState, minutes: int = 0) -> set[Channel]:
    now = NINE + timedelta(minutes=minutes)
    return {channel for channel in (Channel.EMAIL, Channel.SMS) if state.stop_of(channel, now)}


def test_a_stop_of_one_channel_leaves_the_other() -> None:
    assert held(SendingState().stopped(MAIL)) == {Channel.EMAIL}


def test_a_stop_of_everything_stops_both() -> None:
    assert held(SendingState().stopped(ALL)) == {Channel.EMAIL, Channel.SMS}


def test_a_stop_ends_by_itself_at_its_instant() -> None:
    state = SendingState().stopped(MAIL)
    assert held(state, 59) == {Channel.EMAIL}
    assert held(state, 60) == set()
    assert state.without_past(NINE + timedelta(minutes=60)) == SendingState()


def test_the_same_one_stopping_again_says_it_anew() -> None:
    longer = replace(MAIL, until=None)
    assert SendingState().stopped(MAIL).stopped(longer).stops == (longer,)
    assert len(SendingState().stopped(MAIL).stopped(ALL).stops) == 2


@pytest.mark.parametrize(
    ("channel", "left"),
    [(None, set()), (Channel.EMAIL, {Channel.SMS}), (Channel.SMS, {Channel.EMAIL})],
)
def test_resuming_one_channel_leaves_the_other_stopped(channel: Channel | None, left: set[Channel]) -> None:
    assert held(SendingState().stopped(ALL).stopped(MAIL).resumed(channel, NINE)) == left
