from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.contact_log import UNANSWERED, Reminder, ReminderStatus
from tactful.domain.book.customer import Channel
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Send
from tactful.domain.sending.settle import (
    GIVE_UP_AFTER,
    Found,
    NotFound,
    Search,
    UnknownOutcome,
    Verdict,
    settle,
    settle_from,
)
from tests.support.builders import NINE, a_calendar, a_policy, an_account, an_invoice

FOUND = Found("SM1", ReminderStatus.DELIVERED)
ABSENT, CANNOT_TELL = NotFound.ABSENT, NotFound.CANNOT_TELL
ASK, SKIP = UnknownOutcome.ASK, UnknownOutcome.SKIP
EVER = GIVE_UP_AFTER


def unanswered(channel: Channel = Channel.EMAIL) -> Reminder:
    decision = decide(an_account(an_invoice()), a_policy(), a_calendar(), NINE)
    assert isinstance(decision, Send)
    lost = decision.reminder.advanced(ReminderStatus.UNKNOWN, detail=UNANSWERED)
    return replace(lost, channel=channel)


@pytest.mark.parametrize(
    ("search", "rule", "after", "verdict"),
    [
        (FOUND, ASK, timedelta(minutes=1), Verdict.SENT),
        (FOUND, SKIP, timedelta(days=9), Verdict.SENT),
        (ABSENT, ASK, timedelta(minutes=24), Verdict.WAIT),
        (ABSENT, ASK, timedelta(minutes=25), Verdict.NOT_SENT),
        (ABSENT, SKIP, timedelta(days=9), Verdict.NOT_SENT),
        (CANNOT_TELL, ASK, EVER - timedelta(seconds=1), Verdict.WAIT),
        (CANNOT_TELL, ASK, EVER, Verdict.ASK),
        (CANNOT_TELL, SKIP, EVER, Verdict.SKIP),
    ],
)
def test_what_becomes_of_a_message_rests_on_what_was_found_and_how_late_it_is(
    search: Search, rule: UnknownOutcome, after: timedelta, verdict: Verdict
) -> None:
    assert settle(unanswered(), search, rule, NINE + after) is verdict


@given(
    search=st.sampled_from([FOUND, ABSENT, CANNOT_TELL]),
    rule=st.sampled_from(UnknownOutcome),
    channel=st.sampled_from([Channel.EMAIL, Channel.SMS]),
    late=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30)),
)
def test_every_unknown_outcome_ends_within_a_day(
    search: Search, rule: UnknownOutcome, channel: Channel, late: timedelta
) -> None:
    reminder = unanswered(channel)
    last: datetime = NINE + EVER + late
    assert settle_from(reminder) <= last
    assert settle(reminder, search, rule, last) is not Verdict.WAIT


def test_an_sms_is_looked_for_as_soon_as_the_list_is_complete_and_mail_is_waited_for() -> None:
    assert settle_from(unanswered(Channel.SMS)) == NINE + timedelta(minutes=25)
    assert settle_from(unanswered(Channel.EMAIL)) == NINE + EVER
