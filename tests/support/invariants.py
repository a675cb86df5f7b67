"""What must hold of every message, every task and every account, from the facts alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tactful.domain.book.account import Account, TaskKind
from tactful.domain.book.agreements import Verdict
from tactful.domain.book.contact_log import Reminder, ReminderStatus
from tactful.domain.book.customer import Channel, Purpose
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.dunning.stage import StageKind
from tests.support.facts import (
    ARRIVED_NOWHERE,
    BY_HAND,
    DECISIONS,
    OUTSIDE,
    QUESTIONS,
    Debt,
    Rules,
    debts,
    is_blocked,
    is_finished,
    lines_owed,
    rules_of,
    rungs_named,
    said,
    was_told,
    was_told_in_full,
)
from tests.support.happenings import World
from tests.support.pure_sender import Asked, Sent


def debts_of(account: Account, world: World, at: datetime) -> list[Debt]:
    return debts(account, world.sender.policy, world.sender.calendar, at)


def check_only_what_may_be_chased_is_in(sent: Sent, world: World) -> None:
    """Invariants 1 and 7: nothing else is asked for, and everything that is owed is in the one message."""
    account, reminder, policy = sent.account, sent.reminder, world.sender.policy
    today = world.sender.calendar.today(sent.at)
    known = {invoice.number: invoice for invoice in account.invoices}
    assert rules_of(account, world.sender.policy).own("chase")
    if reminder.stage == "thank_you":
        assert all(invoice.amount_due.minor <= 0 for invoice in account.invoices)
        return
    if reminder.stage == "part_payment":
        for line in reminder.invoices:
            assert not is_blocked(account, policy, known[line.number], today, sent.at), line
        return
    owed = lines_owed(reminder.invoices)
    assert owed
    for line in owed:
        assert not is_blocked(account, policy, known[line.number], today, sent.at), line
        assert line.amount.currency in policy.pay_to
    if reminder.stage == "discount":
        for line in owed:
            discount = known[line.number].discount
            assert discount is not None
            assert (
                discount.until - timedelta(days=policy.discount_notice_days or 0) <= today <= discount.until
            )
    elif reminder.stage == "welcome":
        assert not any(step.is_contact for step in account.reminders)
        assert all(known[line.number].due_date >= today for line in owed)
    else:
        expected = {(d.invoice.number, d.anchor, d.minor) for d in debts_of(account, world, sent.at)}
        assert {(line.number, line.anchor, line.amount.minor) for line in owed} == expected
        for line in reminder.invoices:
            assert known[line.number].state is InvoiceState.OPEN
            assert line.amount.minor > 0 or line.amount == known[line.number].reported


def check_it_was_never_sent_before(sent: Sent, world: World) -> None:
    """Invariant 2."""
    account, reminder = sent.account, sent.reminder
    assert reminder.id not in {earlier.reminder.id for earlier in world.sender.sent}
    before = said(account)
    assert (reminder.stage, reminder.occurrence) not in {(step.stage, step.occurrence) for step in before}
    if reminder.stage in OUTSIDE:
        outside = [step for step in account.reminders if step.status not in ARRIVED_NOWHERE]
        assert (reminder.stage, reminder.occurrence) not in {(s.stage, s.occurrence) for s in outside}
        return
    policy, calendar = world.sender.policy, world.sender.calendar
    found = debts_of(account, world, sent.at)
    today = calendar.today(sent.at)
    news = [d for d in found if not was_told(d, before, policy, calendar, today)]
    assert news
    check_nothing_counts_as_said_that_was_not(reminder, found, before, rules_of(account, world.sender.policy))
    # The stage is that of the worst: nothing that could go out by itself is further up its ladder.
    rules = rules_of(account, world.sender.policy)
    said_at = max(days for days, _ in rungs_named(reminder.stage, found, rules))
    for debt in news:
        can_wait = rules.needs_approval(debt.stage) or policy.approve_old_debt or debt.stage.kind != "message"
        if not can_wait and not _was_asked_about(account, debt):
            assert debt.days <= said_at, (debt, reminder)


def check_nothing_counts_as_said_that_was_not(
    step: Reminder, found: Sequence[Debt], before: Sequence[Reminder], rules: Rules
) -> None:
    """What is only listed in a message at an earlier stage still waits for its own words."""
    said_at = max(days for days, _ in rungs_named(step.stage, found, rules))
    for debt in found:
        if not was_told_in_full(debt, before):
            assert all(line.days <= said_at for line in step.invoices if line.number == debt.invoice.number)


def check_the_address_may_be_used(sent: Sent, world: World) -> None:
    """Invariant 3."""
    channel, address = pair = (sent.reminder.channel, sent.reminder.address)
    assert pair not in world.suppressed
    assert (*pair, sent.reminder.stage, sent.reminder.occurrence) not in {
        (r.channel, r.address, r.stage, r.occurrence) for r in sent.account.reminders
    }
    users = [c for c in sent.account.customer.contacts if address and c.address(channel) == address]
    assert users
    if channel is Channel.SMS:
        allowed = (True,) if rules_of(sent.account, world.sender.policy).sms_needs_consent else (True, None)
        assert any(contact.sms_consent in allowed for contact in users)


def is_open(account: Account, world: World, at: datetime) -> bool:
    """Invariant 4: inside the window on every wall the recipient may look at, on no holiday and no closed day."""
    policy, calendar = world.sender.policy, world.sender.calendar
    windows = [
        rules_of(account, world.sender.policy).own("contact_window"),
        *[r.contact_window for r in rules_of(account, world.sender.policy).bound_by if r.contact_window],
    ]
    for zone in calendar.zones_of(account.customer):
        wall = at.astimezone(zone)
        for window in windows:
            hours = window.get(wall.strftime("%A").lower())
            if hours is None or not hours.start <= wall.time() < hours.end:
                return False
        if wall.date() in policy.closed_days or wall.date() in calendar.public_holidays("GB", "", wall.year):
            return False
    return True


def contacts_before(account: Account, world: World, *, cautious: bool) -> list[tuple[datetime, str]]:
    """Every contact with the customer or with somebody who shares one of its addresses, and how it was made.

    `cautious` counts also what was sent to the shared address for others and did not arrive.
    """
    shared = {
        (channel, contact.address(channel))
        for contact in account.customer.contacts
        for channel in (Channel.EMAIL, Channel.SMS)
    }
    own = [
        (step.at, str(step.channel))
        for step in account.reminders
        if step.detail in BY_HAND
        or (step.channel is not Channel.PERSON and step.status not in ARRIVED_NOWHERE)
    ]
    by_hand = [(contact.at, contact.how) for contact in account.manual_contacts]
    others = [
        (step.at, str(step.channel))
        for key, other in world.sender.accounts.items()
        if key != account.key
        for step in other.reminders
        if (step.channel, step.address) in shared
        if cautious or step.status not in ARRIVED_NOWHERE
    ]
    others += [
        (step.at, step.how)
        for step in world.sender.by_hand
        if step.account_key != account.key and step.addresses & shared
    ]
    return sorted([*own, *by_hand, *others])


def is_spaced(
    account: Account, world: World, at: datetime, *channels: Channel, cautious: bool = False
) -> bool:
    """Invariant 5: the gap since the last contact, and room under every cap."""
    rules = rules_of(account, world.sender.policy)
    contacts = contacts_before(account, world, cautious=cautious)
    recent = [cap for cap in rules.caps if _used(contacts, cap.days, at) >= cap.contacts]
    on_channel = [
        cap
        for cap in rules.channel_caps
        if cap.channel in channels
        and _used([c for c in contacts if c[1] == cap.channel], cap.days, at) >= cap.contacts
    ]
    gap_is_over = not contacts or at - contacts[-1][0] >= rules.gap
    return gap_is_over and not recent and not on_channel


def _used(contacts: Sequence[tuple[datetime, str]], days: int, at: datetime) -> int:
    return sum(when > at - timedelta(days=days) for when, _ in contacts)


def check_the_tone_is_earned(sent: Sent, world: World) -> None:
    """Invariant 6."""
    reminder, account = sent.reminder, sent.account
    numbers = {line.number for line in lines_owed(reminder.invoices)}
    delivered = [
        r.tone.strength
        for r in account.reminders
        if r.status is ReminderStatus.DELIVERED and not r.is_courtesy
        if numbers & {line.number for line in lines_owed(r.invoices)}
    ]
    rules = rules_of(account, world.sender.policy)
    allowed = max(delivered) + 1 if delivered else rules.first_contact_tone.strength
    if reminder.stage not in OUTSIDE:
        assert reminder.tone.strength <= allowed
        found = debts_of(account, world, sent.at)
        meant = [stage.tone for _, stage in rungs_named(reminder.stage, found, rules)]
        assert reminder.tone.strength <= max(tone.strength for tone in meant) + 1
        assert reminder.tone != "final" or "final" in meant
    else:
        assert reminder.tone == "friendly"


def check_a_person_agreed(sent: Sent, world: World) -> None:
    """A stage that waits for approval is sent only as it was shown, and while the approval is fresh."""
    reminder, account, policy = sent.reminder, sent.account, world.sender.policy
    rules = rules_of(account, world.sender.policy)
    stages = [stage for _, stage in rungs_named(reminder.stage, debts_of(account, world, sent.at), rules)]
    if reminder.stage in OUTSIDE or reminder.held_back or not any(map(rules.needs_approval, stages)):
        return
    if not all(map(rules.needs_approval, stages)):
        return
    granted = {a.id: a.at for a in account.approvals if a.verdict is Verdict.GRANTED}
    shown = [
        {(line.number, line.anchor): line.amount.minor for line in step.invoices}
        for step in account.reminders
        if step.stage == reminder.stage
        and step.occurrence == reminder.occurrence
        and step.tone.strength >= reminder.tone.strength
        and step.id in granted
        and sent.at < granted[step.id] + timedelta(days=policy.approval_valid_days)
    ]
    assert any(
        all(
            line.amount.minor <= lines.get((line.number, line.anchor), -(10**9)) for line in reminder.invoices
        )
        for lines in shown
    )


def check_the_book_is_fresh(account: Account, world: World, at: datetime) -> None:
    """Invariant 12: nobody is chased on old books."""
    limit = world.sender.policy.book_at_most_days_old
    assert limit is None or account.book_as_of is None or at < account.book_as_of + timedelta(days=limit)


def check(sent: Sent, world: World) -> None:
    check_only_what_may_be_chased_is_in(sent, world)
    check_it_was_never_sent_before(sent, world)
    check_the_address_may_be_used(sent, world)
    assert is_open(sent.account, world, sent.at)
    assert is_spaced(sent.account, world, sent.at, sent.reminder.channel)
    check_the_tone_is_earned(sent, world)
    check_a_person_agreed(sent, world)
    if not sent.reminder.is_courtesy:
        check_the_book_is_fresh(sent.account, world, sent.at)


def check_task(asked: Asked, world: World) -> None:
    """What holds of everything that a person is asked."""
    account, ask, step = asked.account, asked.ask, asked.ask.step
    policy, rules = world.sender.policy, rules_of(account, world.sender.policy)
    today = world.sender.calendar.today(asked.at)
    known = {invoice.number: invoice for invoice in account.invoices}
    assert rules.own("chase")
    assert step.id not in {earlier.id for earlier in account.reminders}
    assert (step.channel, step.status) == (Channel.PERSON, ReminderStatus.HANDED_OVER)
    assert lines_owed(step.invoices)
    check_the_book_is_fresh(account, world, asked.at)
    for line in lines_owed(step.invoices):
        assert not is_blocked(account, policy, known[line.number], today, asked.at)
        assert today >= line.anchor + timedelta(days=line.days)
    if ask.kind is not TaskKind.NO_COMMON_HOURS and ask.kind not in DECISIONS:
        assert is_open(account, world, asked.at)
    if ask.kind in (*BY_HAND, TaskKind.NO_USABLE_ADDRESS, TaskKind.NO_PAY_TO_DETAILS):
        assert is_spaced(account, world, asked.at)
    if ask.kind in BY_HAND:
        found = debts_of(account, world, asked.at)
        check_nothing_counts_as_said_that_was_not(step, found, said(account), rules)
    if ask.kind in QUESTIONS:
        earlier = [s for s in account.reminders if s.detail == ask.kind]
        assert any(
            not any(s.covers(line.number, line.anchor) for s in earlier) for line in lines_owed(step.invoices)
        )
    if ask.kind in DECISIONS:
        earlier = [s for s in account.reminders if s.detail == ask.kind]
        for line in step.invoices:
            assert (line.number, line.anchor, line.days) not in {
                (known.number, known.anchor, known.days) for s in earlier for known in s.invoices
            }
    if ask.kind is TaskKind.COLLECTIONS:
        assert account.customer.purpose is not Purpose.CONSUMER or policy.collections_for_consumers
        steps = said(account)
        finished = {d.invoice.number for d in debts_of(account, world, asked.at) if is_finished(d, steps)}
        assert {line.number for line in step.invoices if rules.rungs(known[line.number])} <= finished


def neglected(account: Account, world: World) -> list[str]:
    """The invoices that have reached a stage nobody was reminded or asked of, and may be chased."""
    policy, calendar, now = world.sender.policy, world.sender.calendar, world.now
    rules, today = rules_of(account, world.sender.policy), calendar.today(now)
    if not rules.own("chase"):
        return []
    found, steps = debts_of(account, world, now), said(account)
    told = {d.invoice.number: was_told(d, steps, policy, calendar, today) for d in found}
    chased_on = any(
        0 < days <= d.days and stage.kind is StageKind.MESSAGE and not rules.needs_approval(stage)
        for d in found
        if not is_finished(d, steps)
        for days, stage in rules.rungs(d.invoice)
    )
    can_be_sent = _can_be_sent(account, world, found)
    return [
        debt.invoice.number
        for debt in found
        if not told[debt.invoice.number]
        and not (debt.days <= 0 and chased_on)
        and not _waits_for_approval(account, world, debt)
        and (can_be_sent or not _was_asked_about(account, debt))
    ] + _undecided(account, world, found, steps)


def _undecided(account: Account, world: World, found: Sequence[Debt], steps: Sequence[Reminder]) -> list[str]:
    """The invoices about which the business should have been asked for a decision."""
    rules, today = rules_of(account, world.sender.policy), world.sender.calendar.today(world.now)
    consumer = account.customer.purpose is Purpose.CONSUMER
    asked = {
        (step.detail, line.number, line.anchor)
        for step in account.reminders
        if step.detail in DECISIONS
        for line in step.invoices
        if (today - line.anchor).days >= line.days
    }
    return [
        f"{debt.invoice.number} {stage.name}"
        for debt in found
        for days, stage in rules.rungs(debt.invoice, decisions=True)
        if (today - debt.anchor).days >= days
        and (stage.kind, debt.invoice.number, debt.anchor) not in asked
        and (
            stage.kind is StageKind.CREDIT_REVIEW
            or (is_finished(debt, steps) and (not consumer or world.sender.policy.collections_for_consumers))
        )
    ]


def _waits_for_approval(account: Account, world: World, debt: Debt) -> bool:
    answered = {approval.id for approval in account.approvals}
    may_wait = rules_of(account, world.sender.policy).needs_approval(debt.stage) or (
        world.sender.policy.approve_old_debt is not None
        and not any(s.is_contact and s.channel is not Channel.PERSON for s in account.reminders)
    )
    return may_wait and any(
        step.detail == TaskKind.APPROVAL
        and step.id not in answered
        and step.covers(debt.invoice.number, debt.anchor)
        for step in account.reminders
    )


def _was_asked_about(account: Account, debt: Debt) -> bool:
    return any(
        step.channel is Channel.PERSON
        and step.detail in QUESTIONS
        and step.covers(debt.invoice.number, debt.anchor)
        for step in account.reminders
    )


def _can_be_sent(account: Account, world: World, found: Sequence[Debt]) -> bool:
    """Whether every stage has an address that never failed, and every currency its bank details."""
    policy, rules = world.sender.policy, rules_of(account, world.sender.policy)
    if len(world.sender.calendar.zones_of(account.customer)) > 1:
        return False
    failed = {(r.channel, r.address) for r in account.reminders if r.status in ARRIVED_NOWHERE}
    allowed = (True,) if rules.sms_needs_consent else (True, None)
    usable = {
        channel
        for contact in account.customer.contacts
        for channel in (Channel.EMAIL, Channel.SMS)
        if (address := contact.address(channel))
        and (channel, address) not in failed
        and not account.is_suppressed(channel, address)
        and (channel is Channel.EMAIL or contact.sms_consent in allowed)
    }
    channels = [
        set(stage.channels)
        for stages in (policy.stages, *policy.ladders.values())
        for stage in stages
        if stage.channels
    ]
    return {d.invoice.total.currency for d in found} <= set(policy.pay_to) and all(
        usable & known for known in channels
    )
