from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.application.ports import AccountStore, ConflictError
from tactful.domain.book.account import Account, Change, Suppression, SuppressionReason
from tactful.domain.book.agreements import Hold, HoldKind
from tactful.domain.book.contact_log import UNANSWERED, Progress, Reminder, ReminderStatus
from tactful.domain.book.customer import Channel
from tactful.domain.sending.settle import settle_from
from tactful.domain.sending.state import SendingState, Stop
from tests.contract.store_support import (
    EMAIL,
    NOW,
    Stores,
    a_customer,
    a_reminder,
    an_entry,
    an_invoice,
    due_at,
    loaded,
    opened,
)

DELIVERED = Progress(ReminderStatus.DELIVERED, NOW, "250 ok")
BOUNCED = Progress(ReminderStatus.BOUNCED, NOW + timedelta(hours=1), "Permanent/General")


def _claimed(stores: Stores) -> tuple[Account, Reminder]:
    before = opened(stores)
    reminder = a_reminder(before)
    stores.accounts.commit(before, Change(before.with_claim(reminder)))
    return loaded(stores, before.key), reminder


def _told(reminder: Reminder, *news: Progress) -> Reminder:
    for one in news:
        reminder = reminder.after(one)
    return reminder


def test_accounts_that_are_loaded_together_are_the_same_as_loaded_one_by_one(stores: Stores) -> None:
    numbers = [an_invoice(f"INV-{number}") for number in range(30)]
    names = ("few", "some", "many", "most")
    books = [
        Account(a_customer(name, f"{name}@example.com"), tuple(numbers[: place * 10]))
        for place, name in enumerate(names)
    ]
    keys = [opened(stores, replace(book, next_action_at=NOW)).key for book in books]
    one, _ = _claimed(stores)
    stores.reminders.advance(one, _told(one.reminders[0], DELIVERED))
    stores.book.note_upload(NOW)
    found, state = stores.reminders.load_many([*keys, one.key, "nobody"])
    assert found == {key: loaded(stores, key) for key in [*keys, one.key]}
    assert state.stops == ()


def test_the_fingerprint_of_a_message_stays_when_its_outcome_is_recorded_and_told(stores: Stores) -> None:
    before = opened(stores)
    reminder = replace(a_reminder(before), text_hash="ab" * 32)
    stores.accounts.commit(before, Change(before.with_claim(reminder)))
    claimed = loaded(stores, before.key)
    accepted = claimed.with_reminder(reminder.advanced(ReminderStatus.ACCEPTED, provider_id="ses-1"))
    assert stores.reminders.record([(claimed, accepted)]) == []
    recorded = loaded(stores, before.key)
    assert [one.text_hash for one in recorded.reminders] == ["ab" * 32]
    stores.reminders.advance(recorded, _told(recorded.reminders[0], DELIVERED))
    assert [one.text_hash for one in loaded(stores, before.key).reminders] == ["ab" * 32]


def test_the_last_look_sees_what_was_committed_since(stores: Stores) -> None:
    claimed, _ = _claimed(stores)
    assert stores.reminders.recheck(claimed)[0] == claimed
    held = claimed.with_hold(Hold("h-1", HoldKind.REPLY, NOW))
    stores.accounts.commit(claimed, Change(held))
    fresh, _ = stores.reminders.recheck(claimed)
    assert fresh is not None
    assert fresh.holds == held.holds


def test_the_last_look_sees_a_stop_that_comes_while_a_changed_account_is_loaded_anew(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed, _ = _claimed(stores)
    stores.accounts.commit(claimed, Change(claimed.with_hold(Hold("h-1", HoldKind.REPLY, NOW))))
    stop, store = Stop(None, NOW, "ann"), type(stores.accounts)
    load = store.load

    def load_while_it_is_stopped(self: AccountStore, account_key: str) -> Account | None:
        account = load(self, account_key)
        stores.switch.change(lambda state: state.stopped(stop))
        return account

    monkeypatch.setattr(store, "load", load_while_it_is_stopped)
    assert stores.reminders.recheck(claimed)[1].stops == (stop,)


def test_the_last_look_sees_an_opt_out_that_no_account_knows_of_yet(stores: Stores) -> None:
    claimed, _ = _claimed(stores)
    stores.addresses.suppress(Channel.EMAIL, EMAIL, Suppression(SuppressionReason.OPT_OUT, NOW))
    fresh, _ = stores.reminders.recheck(claimed)
    assert fresh is not None
    assert fresh.is_suppressed(Channel.EMAIL, EMAIL)


def test_news_of_a_reminder_are_kept_and_on_the_timeline_once(stores: Stores) -> None:
    claimed, reminder = _claimed(stores)
    assert stores.reminders.advance(claimed, _told(reminder, DELIVERED))
    assert not stores.reminders.advance(claimed, _told(reminder, DELIVERED))
    after = loaded(stores, claimed.key)
    assert (after.version, after.reminders) == (claimed.version, (_told(reminder, DELIVERED),))
    assert [(entry.kind, entry.at) for entry in stores.timeline.timeline(claimed.key)] == [("delivered", NOW)]


def test_news_that_come_late_do_not_set_a_reminder_back(stores: Stores) -> None:
    claimed, reminder = _claimed(stores)
    assert stores.reminders.advance(claimed, _told(reminder, DELIVERED, BOUNCED))
    assert not stores.reminders.advance(claimed, _told(reminder, DELIVERED))
    assert loaded(stores, claimed.key).reminders[0].status is ReminderStatus.BOUNCED


def test_news_that_come_before_the_providers_answer_is_recorded_are_not_set_back_by_it(
    stores: Stores,
) -> None:
    claimed, reminder = _claimed(stores)
    stores.reminders.advance(claimed, _told(reminder, DELIVERED))
    accepted = reminder.advanced(ReminderStatus.ACCEPTED, provider_id="ses-1")
    stores.accounts.commit(claimed, Change(due_at(claimed.with_reminder(accepted), NOW)))
    (known,) = loaded(stores, claimed.key).reminders
    assert (known.status, known.provider_id) == (ReminderStatus.DELIVERED, "ses-1")
    assert known.progress == (DELIVERED,)


def test_answers_are_recorded_together_but_for_accounts_that_changed_since(stores: Stores) -> None:
    first, reminder = _claimed(stores)
    second = opened(stores, Account(a_customer("C-2", "two@example.com"), (an_invoice("INV-2"),)))
    other = a_reminder(second)
    stores.accounts.commit(second, Change(second.with_claim(other)))
    second = loaded(stores, second.key)
    held = second.with_hold(Hold("h-1", HoldKind.REPLY, NOW))
    stores.accounts.commit(second, Change(held))
    later = NOW + timedelta(days=9)
    accepted = [
        (
            claimed,
            due_at(claimed.with_reminder(known.advanced(ReminderStatus.ACCEPTED, provider_id="m-1")), at),
        )
        for claimed, known, at in ((first, reminder, later), (second, other, later))
    ]
    assert stores.reminders.record(accepted) == [second.key]
    known = loaded(stores, first.key)
    assert known == replace(accepted[0][1], version=first.version + 1)
    assert [due.key for due in stores.due.due(later)] == [first.key]
    assert loaded(stores, second.key).holds == held.holds
    assert stores.reminders.load_many([first.key])[0] == {first.key: known}


def test_an_account_with_nothing_more_to_do_leaves_the_index_when_an_answer_is_recorded(
    stores: Stores,
) -> None:
    claimed, reminder = _claimed(stores)
    done = replace(
        claimed.with_reminder(reminder.advanced(ReminderStatus.ACCEPTED, provider_id="m-1")),
        next_action_at=None,
    )
    assert stores.reminders.record([(claimed, done)]) == []
    assert loaded(stores, claimed.key).next_action_at is None
    assert list(stores.due.due(NOW + timedelta(days=400))) == []


def test_a_reminder_stays_as_it_is_when_the_next_is_claimed(stores: Stores) -> None:
    claimed, reminder = _claimed(stores)
    accepted = reminder.advanced(ReminderStatus.ACCEPTED, provider_id="ses-1")
    stores.accounts.commit(claimed, Change(claimed.with_reminder(accepted)))
    before = loaded(stores, claimed.key)
    following = a_reminder(before, at=NOW + timedelta(days=7), attempt=2)
    stores.accounts.commit(before, Change(before.with_claim(following)))
    after = loaded(stores, claimed.key)
    assert after.reminders == (accepted, following)
    assert stores.reminders.load_many([after.key])[0] == {after.key: after}
    assert stores.reminders.advance(after, _told(accepted, DELIVERED))
    assert loaded(stores, claimed.key).reminders == (_told(accepted, DELIVERED), following)


def test_a_reminder_that_was_told_of_meanwhile_is_not_overwritten_when_the_next_is_claimed(
    stores: Stores,
) -> None:
    before, reminder = _claimed(stores)
    stores.reminders.advance(before, _told(reminder, DELIVERED))
    following = a_reminder(before, at=NOW + timedelta(days=7), attempt=2)
    try:
        stores.accounts.commit(before, Change(before.with_claim(following)))
    except ConflictError:
        again = loaded(stores, before.key)
        stores.accounts.commit(again, Change(again.with_claim(following)))
    assert loaded(stores, before.key).reminders == (_told(reminder, DELIVERED), following)


def test_a_failure_outlives_older_news_that_came_after_it_when_the_next_is_claimed(stores: Stores) -> None:
    before, reminder = _claimed(stores)
    failed = reminder.advanced(ReminderStatus.FAILED, detail="30003")
    stores.accounts.commit(before, Change(before.with_reminder(failed)))
    stores.reminders.advance(before, _told(reminder, Progress(ReminderStatus.ACCEPTED, NOW, "Send")))
    known = loaded(stores, before.key)
    following = a_reminder(known, at=NOW + timedelta(days=7), attempt=2)
    stores.accounts.commit(known, Change(known.with_claim(following)))
    after = loaded(stores, before.key)
    assert [reminder.status for reminder in after.reminders] == [
        ReminderStatus.FAILED,
        ReminderStatus.CLAIMED,
    ]


def test_a_claim_that_was_given_back_can_be_made_again(stores: Stores) -> None:
    before, reminder = _claimed(stores)
    accepted = reminder.advanced(ReminderStatus.ACCEPTED, provider_id="ses-1")
    stores.accounts.commit(before, Change(before.with_reminder(accepted)))
    for _ in range(2):
        known = loaded(stores, before.key)
        following = a_reminder(known, at=NOW + timedelta(days=7), attempt=2)
        stores.accounts.commit(known, Change(known.with_claim(following)))
        claimed = loaded(stores, before.key)
        assert claimed.reminders == (accepted, following)
        stores.accounts.commit(claimed, Change(claimed.without_claim(following)))
        assert loaded(stores, before.key).reminders == (accepted,)


@pytest.mark.parametrize("is_noted_first", [True, False])
def test_why_something_is_done_can_be_noted_before_it_is(stores: Stores, is_noted_first: bool) -> None:  # noqa: FBT001
    account = opened(stores)
    if is_noted_first:
        stores.reminders.note([(account.key, an_entry("decided-1"))])
    stores.reminders.note([(account.key, an_entry("decided-1"))])
    assert stores.timeline.timeline(account.key) == (an_entry("decided-1"),)


def test_a_second_account_that_comes_to_use_an_address_knows_of_the_contacts_of_the_first(
    stores: Stores,
) -> None:
    claimed, reminder = _claimed(stores)
    second = opened(stores, Account(a_customer("C-2")))
    for account in (claimed, second, second):
        stores.addresses.link(account.key, [(Channel.EMAIL, EMAIL)])
    (record,) = loaded(stores, second.key).addresses
    assert [(contact.account_key, contact.at) for contact in record.recent] == [(claimed.key, reminder.at)]


def test_reminders_of_unknown_outcome_are_found_when_something_can_be_found_out(stores: Stores) -> None:
    claimed, reminder = _claimed(stores)
    lost = reminder.advanced(ReminderStatus.UNKNOWN, detail=UNANSWERED)
    stores.accounts.commit(claimed, Change(claimed.with_reminder(lost)))
    from_then = settle_from(lost)
    assert list(stores.unsettled.due(from_then - timedelta(seconds=1))) == []
    assert list(stores.unsettled.due(from_then)) == [reminder.id]
    known = loaded(stores, claimed.key)
    assert known.reminders == (lost,)
    settled = known.with_reminder(lost.advanced(ReminderStatus.ACCEPTED, provider_id="m-1"))
    stores.accounts.commit(known, Change(settled))
    assert list(stores.unsettled.due(from_then)) == []
    assert loaded(stores, claimed.key).reminders[0].status is ReminderStatus.ACCEPTED


def test_a_reminder_that_was_given_up_is_not_looked_for_again(stores: Stores) -> None:
    claimed, reminder = _claimed(stores)
    lost = reminder.advanced(ReminderStatus.UNKNOWN, detail=UNANSWERED)
    stores.accounts.commit(claimed, Change(claimed.with_reminder(lost)))
    known = loaded(stores, claimed.key)
    given_up = replace(lost, detail="unknown_outcome_ask")
    stores.accounts.commit(known, Change(known.with_reminder(given_up)))
    assert list(stores.unsettled.due(settle_from(lost))) == []
    assert loaded(stores, claimed.key).reminders == (given_up,)


def test_a_reminder_that_was_proven_not_sent_never_was(stores: Stores) -> None:
    claimed, reminder = _claimed(stores)
    lost = reminder.advanced(ReminderStatus.UNKNOWN, detail=UNANSWERED)
    stores.accounts.commit(claimed, Change(claimed.with_reminder(lost)))
    known = loaded(stores, claimed.key)
    stores.accounts.commit(known, Change(known.without_claim(lost)))
    assert loaded(stores, claimed.key).reminders == ()
    assert list(stores.unsettled.due(settle_from(lost))) == []


def test_a_stop_is_seen_by_the_last_look_and_by_whoever_asks(stores: Stores) -> None:
    claimed, _ = _claimed(stores)
    assert stores.switch.read() == SendingState()
    stop = Stop(None, NOW, "ann", "wrong amounts", NOW + timedelta(hours=1))
    assert stores.switch.change(lambda state: state.stopped(stop)).stops == (stop,)
    assert stores.switch.read().stops == (stop,)
    assert stores.reminders.recheck(claimed)[1].stops == (stop,)
    assert stores.reminders.load_many([claimed.key])[1].stops == (stop,)
    mail = Stop(Channel.EMAIL, NOW, "the guard")
    stores.switch.change(lambda state: state.stopped(mail))
    assert stores.switch.change(lambda state: state.resumed(Channel.SMS, NOW)).stops == (
        replace(stop, channel=Channel.EMAIL),
        mail,
    )
