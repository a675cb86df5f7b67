from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.customer import Channel
from tactful.domain.sending.health import Tally, Usual, reputation_stop, slot_of, usual
from tactful.domain.sending.state import SendingState, Stop
from tests.support.builders import NINE

HOUR = timedelta(hours=1)


def mails(accepted: int, bounced: int = 0, complained: int = 0, *, hours_ago: float = 1) -> Tally:
    return Tally(
        Channel.EMAIL,
        slot_of(NINE - hours_ago * HOUR),
        accepted,
        frozenset(f"b-{hours_ago}-{number}" for number in range(bounced)),
        frozenset(f"c-{hours_ago}-{number}" for number in range(complained)),
    )


@pytest.mark.parametrize(
    ("tally", "stops"),
    [
        (mails(100, bounced=5), True),
        (mails(101, bounced=5), False),
        (mails(10, bounced=4), False),
        (mails(0, bounced=5), True),
        (mails(2_000, complained=2), True),
        (mails(2_001, complained=2), False),
        (mails(10, complained=1), False),
        (mails(1_000), False),
    ],
)
def test_email_stops_at_five_percent_bounces_or_a_thousandth_complaints_of_more_than_a_few(
    tally: Tally, *, stops: bool
) -> None:
    stop = reputation_stop([tally], SendingState(), NINE)
    assert (stop is not None) is stops
    if stop:
        assert (stop.channel, stop.until) == (Channel.EMAIL, None)


def test_bounces_and_messages_of_different_hours_are_judged_together() -> None:
    told = [mails(150, hours_ago=20), mails(0, bounced=4, hours_ago=10), mails(10, bounced=4, hours_ago=2)]
    stop = reputation_stop(told, SendingState(), NINE)
    assert stop is not None
    assert stop.why == "8 of 160 e-mails bounced: mend the addresses, then resume"


def test_a_bounce_that_is_told_of_twice_counts_once() -> None:
    told = mails(10, bounced=4)
    assert reputation_stop([told, replace(told, since=NINE)], SendingState(), NINE) is None


def test_what_is_a_day_old_counts_no_more() -> None:
    assert reputation_stop([mails(10, bounced=10, hours_ago=25)], SendingState(), NINE) is None


def test_what_a_person_knew_who_resumed_counts_no_more() -> None:
    stop = Stop(Channel.EMAIL, NINE - 2 * HOUR, "the guard")
    state = SendingState((stop,)).resumed(None, NINE - HOUR)
    assert reputation_stop([mails(10, bounced=10, hours_ago=2)], state, NINE) is None
    assert reputation_stop([mails(10, bounced=10, hours_ago=0.5)], state, NINE) is not None


def test_bounces_that_come_after_a_resume_are_a_share_of_all_that_was_sent() -> None:
    state = SendingState((Stop(None, NINE - 2 * HOUR, "ann"),)).resumed(None, NINE - HOUR)
    told = [mails(1_000, hours_ago=3), mails(0, bounced=6, hours_ago=0.5)]
    assert reputation_stop(told, state, NINE) is None


def test_resuming_sms_forgives_no_bounces() -> None:
    state = SendingState((Stop(Channel.SMS, NINE - 2 * HOUR, "ann"),)).resumed(Channel.SMS, NINE)
    assert reputation_stop([mails(10, bounced=10)], state, NINE) is not None


def test_what_was_counted_in_the_quarter_of_an_hour_of_a_resume_does_not_stop_it_again() -> None:
    at = slot_of(NINE) + timedelta(minutes=10)
    state = SendingState((Stop(Channel.EMAIL, at, "the guard"),)).resumed(Channel.EMAIL, at)
    assert reputation_stop([mails(10, bounced=10, hours_ago=0)], state, at) is None


def test_sms_that_bounce_stop_no_email() -> None:
    assert (
        reputation_stop(
            [replace(mails(1, bounced=50, complained=50), channel=Channel.SMS)], SendingState(), NINE
        )
        is None
    )


@pytest.mark.parametrize(
    ("known", "room"),
    [
        (Usual(today=0, busiest=0), 1_000),
        (Usual(today=400, busiest=0), 600),
        (Usual(today=0, busiest=300), 1_500),
        (Usual(today=1_400, busiest=300), 100),
        (Usual(today=9_000, busiest=300), 0),
    ],
)
def test_five_times_the_busiest_day_is_usual_and_so_is_a_day_as_big_as_the_setting(
    known: Usual, room: int
) -> None:
    assert known.room(1_000) == room


def test_the_busiest_day_is_one_before_today_over_both_channels() -> None:
    told = [
        mails(10),
        mails(30, hours_ago=24),
        Tally(Channel.SMS, slot_of(NINE - 26 * HOUR), 5),
        mails(20, hours_ago=48),
    ]
    assert usual(told, NINE) == Usual(today=10, busiest=35)
    assert usual([], NINE) == Usual(0, 0)


def test_a_stop_says_in_numbers_what_is_unusual() -> None:
    stop = Usual(today=12, busiest=40).unusual_stop(988, NINE)
    assert stop.channel is None
    assert "more than 988 clients are due, after 12 messages today and 40 on the busiest day" in stop.why


@given(st.datetimes(timezones=st.just(NINE.tzinfo)))
def test_a_slot_begins_at_most_a_quarter_of_an_hour_before(at: object) -> None:
    from datetime import datetime  # noqa: PLC0415

    assert isinstance(at, datetime)
    slot = slot_of(at)
    assert timedelta() <= at - slot < timedelta(minutes=15)
    assert slot_of(slot) == slot
