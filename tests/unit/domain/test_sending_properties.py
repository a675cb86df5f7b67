"""The invariants of sending, over random books, policies and events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given

from tactful.domain.book.account import Account
from tactful.domain.dunning.calendar import NeverOpenError
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Ask, Decision, Nothing, Send, Wait
from tests.support.facts import rules_of
from tests.support.happenings import Happening, World
from tests.support.invariants import check, check_task, is_open, is_spaced, neglected
from tests.support.stories import stories

# More wake-ups than any two ladders of five stages and four invoices need.
_ENOUGH = 600
_QUARTER, _DAY = timedelta(minutes=15), timedelta(days=1)


def watched(world: World) -> World:
    world.sender.on_send = lambda sent: check(sent, world)
    world.sender.on_ask = lambda asked: check_task(asked, world)
    return world


def idle_without_reason(world: World) -> list[str]:
    """The accounts to which nothing will be done although something is owed to them."""
    found = []
    for key in world.sender.accounts:
        decision = world.sender.decide(key)
        assert decision.reasons
        if isinstance(decision, Wait):
            assert decision.until > world.now
        elif isinstance(decision, Nothing):
            found += neglected(world.sender.load(key), world)
    return found


def come_to_rest(world: World, key: str) -> None:
    for _ in range(_ENOUGH):
        decision = world.sender.tick(key)
        if isinstance(decision, Wait):
            world.sender.now = decision.until
        elif isinstance(decision, Nothing):
            break
    assert isinstance(world.sender.decide(key), Nothing)
    assert neglected(world.sender.load(key), world) == []


@given(stories())
def test_no_message_or_task_breaks_an_invariant_and_nobody_is_forgotten_until_all_comes_to_rest(
    told: tuple[World, list[Happening]],
) -> None:
    world, story = watched(told[0]), told[1]
    for happening in story:
        happening.happen(world)
        assert idle_without_reason(world) == []
    if world.sender.policy.book_at_most_days_old is None:
        for key in world.sender.accounts:
            come_to_rest(world, key)


def essence(decision: Decision) -> object:
    """What a decision does to the world; to wait and to do nothing is the same."""
    match decision:
        case Send(reminder=reminder):
            return (reminder.id, reminder.tone, reminder.channel, reminder.address, reminder.invoices)
        case Ask(kind=kind, step=step):
            return (kind, step.id, step.invoices)
        case _:
            return None


def moments_before(world: World, account: Account, until: datetime) -> Iterator[datetime]:
    """Every quarter of an hour near both ends, and the openings of each day between."""
    calendar, policy = world.sender.calendar, world.sender.policy.for_customer(account.customer, "GB")
    near, moment = timedelta(days=1), world.now
    while moment < until:
        yield moment
        if min(moment - world.now, until - moment) < near:
            moment += _QUARTER
        else:
            tomorrow = calendar.start_of(calendar.today(moment) + _DAY)
            try:
                moment = max(calendar.next_open(tomorrow, account.customer, policy), moment + _QUARTER)
            except NeverOpenError:
                moment = max(tomorrow, moment + _QUARTER)
    yield until - timedelta(microseconds=1)


@given(stories(most=15))
def test_nothing_changes_before_the_next_action_and_what_may_be_done_is_not_kept_waiting(
    told: tuple[World, list[Happening]],
) -> None:
    world, story = told
    for happening in story:
        happening.happen(world)
    for key in world.sender.accounts:
        account, decision = world.sender.load(key), world.sender.decide(key)
        turned = replace(
            account,
            invoices=account.invoices[::-1],
            reminders=account.reminders[::-1],
            promises=account.promises[::-1],
            extensions=account.extensions[::-1],
            holds=account.holds[::-1],
            approvals=account.approvals[::-1],
        )
        policy, calendar = world.sender.policy, world.sender.calendar
        assert essence(decide(turned, policy, calendar, world.now)) == essence(decision)
        if isinstance(decision, Wait | Nothing):
            until = decision.until if isinstance(decision, Wait) else world.now + 60 * _DAY
            for moment in moments_before(world, account, until):
                early = decide(account, policy, calendar, moment)
                assert essence(early) is None, (moment, early)
        if not isinstance(decision, Send | Ask):
            assert not could_be_done(account, world)


def could_be_done(account: Account, world: World) -> bool:
    """Whether somebody is neglected although a contact could be made at once, on any channel."""
    limit, as_of = world.sender.policy.book_at_most_days_old, account.book_as_of
    fresh = limit is None or as_of is None or world.now < as_of + timedelta(days=limit)
    channels = [cap.channel for cap in rules_of(account, world.sender.policy).channel_caps]
    return (
        fresh
        and not any(step.status == "claimed" for step in account.reminders)
        and bool(neglected(account, world))
        and is_open(account, world, world.now)
        and is_spaced(account, world, world.now, *channels, cautious=True)
    )
