"""The invariants of sending, over random books, policies and events."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given

from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Ask, Nothing, Send, Wait
from tests.support.happenings import Happening, World, stories
from tests.support.invariants import check, is_open, is_spaced, neglected

# More wake-ups than any ladder of five stages and four invoices needs.
_ENOUGH = 400


def play(world: World, story: list[Happening]) -> None:
    for happening in story:
        happening.happen(world)


def idle_without_reason(world: World) -> list[str]:
    """The accounts to which nothing will be done although something is owed to them."""
    found = []
    for key in world.sender.accounts:
        decision = world.sender.decide(key)
        if isinstance(decision, Wait):
            assert decision.until > world.now
        elif isinstance(decision, Nothing):
            found += neglected(world.sender.load(key), world)
    return found


@given(stories())
def test_no_message_breaks_an_invariant_and_no_invoice_is_forgotten(
    told: tuple[World, list[Happening]],
) -> None:
    world, story = told
    world.sender.on_send = lambda sent: check(sent, world)
    for happening in story:
        happening.happen(world)
        assert idle_without_reason(world) == []


@given(stories())
def test_every_account_comes_to_rest_with_everybody_reminded_or_asked_of(
    told: tuple[World, list[Happening]],
) -> None:
    world, story = told
    world.sender.on_send = lambda sent: check(sent, world)
    play(world, story)
    for key in world.sender.accounts:
        for _ in range(_ENOUGH):
            decision = world.sender.tick(key)
            if isinstance(decision, Wait):
                world.sender.now = decision.until
            elif isinstance(decision, Nothing):
                break
        assert isinstance(world.sender.decide(key), Nothing)
        assert neglected(world.sender.load(key), world) == []


@given(stories(most=15))
def test_nothing_happens_before_the_end_of_a_wait(told: tuple[World, list[Happening]]) -> None:
    world, story = told
    play(world, story)
    for key in world.sender.accounts:
        account = world.sender.load(key)
        decision = world.sender.decide(key)
        if isinstance(decision, Wait):
            moment = world.now
            while moment < decision.until:
                early = decide(account, world.sender.policy, world.sender.calendar, moment)
                assert isinstance(early, Wait | Nothing), (moment, early)
                near = min(moment - world.now, decision.until - moment) < timedelta(days=1)
                moment += timedelta(minutes=15 if near else 135)


@given(stories(most=15))
def test_what_may_be_sent_is_not_kept_waiting(told: tuple[World, list[Happening]]) -> None:
    world, story = told
    play(world, story)
    for key in world.sender.accounts:
        account = world.sender.load(key)
        if neglected(account, world) and not any(r.status == "claimed" for r in account.reminders):
            may_leave = is_open(account, world.sender.policy, world.sender.calendar, world.now)
            if may_leave and is_spaced(account, world, world.now, cautious=True):
                assert isinstance(world.sender.decide(key), Send | Ask)
