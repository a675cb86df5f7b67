from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.contact_log import (
    ReminderStatus,
    Tone,
    account_key_of,
    reminder_id,
)
from tactful.domain.book.customer import Channel, account_key
from tests.support.builders import DUE, a_reminder, an_account, an_invoice

FORWARD = list(ReminderStatus)


def test_a_tone_has_one_next_step_and_final_is_the_last() -> None:
    assert [tone.stronger() for tone in Tone] == [Tone.NEUTRAL, Tone.FIRM, Tone.FINAL, Tone.FINAL]


@given(st.lists(st.sampled_from(ReminderStatus), max_size=8))
def test_the_status_of_a_reminder_only_moves_forward(news: list[ReminderStatus]) -> None:
    reminder = a_reminder(an_account(), [an_invoice()], status=ReminderStatus.CLAIMED)
    seen = [reminder.status]
    for status in news:
        reminder = reminder.advanced(status)
        seen.append(reminder.status)
    assert all(FORWARD.index(later) >= FORWARD.index(earlier) for earlier, later in pairwise(seen))
    assert reminder.status is max([ReminderStatus.CLAIMED, *news], key=FORWARD.index)


def test_news_keeps_the_provider_id_that_is_known() -> None:
    accepted = a_reminder(an_account(), [], status=ReminderStatus.CLAIMED).advanced(
        ReminderStatus.ACCEPTED, provider_id="sid-1"
    )
    delivered = accepted.advanced(ReminderStatus.DELIVERED, detail="250 ok")
    assert (delivered.provider_id, delivered.detail) == ("sid-1", "250 ok")


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        (ReminderStatus.CLAIMED, True),
        (ReminderStatus.UNKNOWN, True),
        (ReminderStatus.ACCEPTED, True),
        (ReminderStatus.DELIVERED, True),
        (ReminderStatus.FAILED, False),
        (ReminderStatus.BOUNCED, False),
    ],
)
def test_what_the_client_may_have_seen_counts_as_a_contact(status: ReminderStatus, counts: bool) -> None:  # noqa: FBT001
    assert a_reminder(an_account(), [], status=status).is_contact is counts


def test_a_step_for_a_person_is_no_message() -> None:
    step = a_reminder(an_account(), [], status=ReminderStatus.HANDED_OVER, channel=Channel.PERSON)
    assert not step.is_contact


def test_a_reminder_covers_its_invoice_at_its_stage_and_the_earlier_ones_of_the_round() -> None:
    reminder = a_reminder(an_account(), [an_invoice()], days=3)
    assert [reminder.covers("INV-1", DUE, days) for days in (0, 3, 10)] == [True, True, False]
    assert not reminder.covers("INV-1", DUE + timedelta(days=1), 3)
    assert not reminder.covers("INV-2", DUE, 3)


@given(st.text(max_size=30), st.text(max_size=20), st.text(max_size=20), st.integers(1, 99))
def test_a_reminder_id_tells_its_account_and_fits_a_provider_tag(
    customer: str, stage: str, occurrence: str, attempt: int
) -> None:
    key = account_key(customer)
    made = reminder_id(key, stage, occurrence, attempt)
    assert account_key_of(made) == key
    assert made == reminder_id(key, stage, occurrence, attempt)
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz234567-")


@pytest.mark.parametrize(
    "text", ["", "-", "abc-def", "a" * 33, "A" * 16 + "-" + "a" * 16, "a" * 16 + "_" + "b" * 16]
)
def test_a_text_that_is_no_reminder_id_belongs_to_no_account(text: str) -> None:
    assert account_key_of(text) == ""


def test_every_part_of_a_reminder_makes_another_id() -> None:
    key, other = account_key("C-1"), account_key("C-2")
    ids = {
        reminder_id(key, "due", "2026-03-02", 1),
        reminder_id(other, "due", "2026-03-02", 1),
        reminder_id(key, "overdue_3", "2026-03-02", 1),
        reminder_id(key, "due", "2026-03-03", 1),
        reminder_id(key, "due", "2026-03-02", 2),
    }
    assert len(ids) == 5
