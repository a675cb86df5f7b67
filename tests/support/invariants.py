"""What must hold of every message and every account, said anew from the facts and not from the engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tactful.domain.book.account import Account, TaskKind
from tactful.domain.book.contact_log import ChasedInvoice, Reminder, ReminderStatus
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.policy import Policy
from tests.support.happenings import World
from tests.support.pure_sender import Sent

_ARRIVED_NOWHERE = (ReminderStatus.FAILED, ReminderStatus.BOUNCED)
_QUESTIONS = (TaskKind.NO_USABLE_ADDRESS, TaskKind.NO_PAY_TO_DETAILS)


def plan_is_behind(account: Account, today: date) -> bool:
    plan = account.plan
    if plan is None:
        return False
    agreed = sum(part.amount.minor for part in plan.instalments)
    unpaid = sum(i.amount_due.minor for i in account.invoices if i.number in plan.invoices)
    past = [part.amount.minor for part in plan.instalments if part.due_date < today]
    return bool(past) and agreed - unpaid < sum(past)


def is_blocked(account: Account, invoice: Invoice, today: date, now: datetime) -> bool:
    """Invariant 1: paid, void, written off, disputed, held, promised, or on a plan that is not behind."""
    number = invoice.number
    promises = sorted((p.made_at, p.id, p.promised_date) for p in account.promises if number in p.invoices)
    return (
        invoice.state is not InvoiceState.OPEN
        or invoice.amount_due.minor <= 0
        or any(
            (hold.until is None or now < hold.until) and (not hold.invoices or number in hold.invoices)
            for hold in account.holds
        )
        or bool(promises and today <= promises[-1][2])
        or (
            account.plan is not None
            and number in account.plan.invoices
            and not plan_is_behind(account, today)
        )
    )


def _owed(chased: Sequence[ChasedInvoice]) -> list[ChasedInvoice]:
    return [entry for entry in chased if entry.amount.minor > 0]


def check_only_what_may_be_chased_is_in(sent: Sent, world: World) -> None:
    account, reminder = sent.account, sent.reminder
    today = world.sender.calendar.today(sent.at)
    if reminder.is_thanks:
        assert all(invoice.amount_due.minor <= 0 for invoice in account.invoices)
        return
    known = {invoice.number: invoice for invoice in account.invoices}
    for chased in reminder.invoices:
        assert chased.amount == known[chased.number].amount_due
        assert known[chased.number].state is InvoiceState.OPEN
    owed = _owed(reminder.invoices)
    assert owed
    for chased in owed:
        assert not is_blocked(account, known[chased.number], today, sent.at), chased
    for currency in {chased.amount.currency for chased in owed}:
        assert currency in world.sender.policy.pay_to
        total = sum(c.amount.minor for c in reminder.invoices if c.amount.currency == currency)
        assert total >= max(1, world.sender.policy.minimum_amounts.get(currency, 1))


def check_it_was_never_sent_before(sent: Sent, world: World) -> None:
    reminder = sent.reminder
    assert reminder.id not in {earlier.reminder.id for earlier in world.sender.sent}
    before = [r for r in sent.account.reminders if r.status not in _ARRIVED_NOWHERE and not _asked_for(r)]
    assert (reminder.stage, reminder.occurrence) not in {(r.stage, r.occurrence) for r in before}
    if not reminder.is_thanks:
        assert any(not _spoken_of(chased, before) for chased in _owed(reminder.invoices))


def _asked_for(step: Reminder) -> bool:
    return step.channel is Channel.PERSON and step.detail in _QUESTIONS


def _spoken_of(chased: ChasedInvoice, before: Sequence[Reminder]) -> bool:
    return any(
        known.number == chased.number and known.anchor == chased.anchor and known.days >= chased.days
        for reminder in before
        if not reminder.is_thanks
        for known in reminder.invoices
    )


def check_the_address_may_be_used(sent: Sent, world: World) -> None:
    pair = (sent.reminder.channel, sent.reminder.address)
    assert pair not in world.suppressed
    assert (*pair, sent.reminder.stage, sent.reminder.occurrence) not in {
        (r.channel, r.address, r.stage, r.occurrence) for r in sent.account.reminders
    }
    assert sent.reminder.address
    assert sent.reminder.address in {c.address(pair[0]) for c in sent.account.customer.contacts}


def is_open(account: Account, policy: Policy, calendar: Calendar, at: datetime) -> bool:
    """Invariant 4: inside the window on the recipient's wall, on no holiday and no closed day."""
    (zone,) = calendar.zones_of(account.customer)
    wall = at.astimezone(zone)
    hours = policy.contact_window.get(wall.strftime("%A").lower())
    return (
        hours is not None
        and hours.start <= wall.time() < hours.end
        and wall.date() not in policy.closed_days
        and wall.date() not in calendar.public_holidays("GB", "", wall.year)
    )


def check_the_window_is_open(sent: Sent, world: World) -> None:
    assert is_open(sent.account, world.sender.policy, world.sender.calendar, sent.at)


def contacts_before(account: Account, world: World, *, cautious: bool) -> list[datetime]:
    """Every contact with the customer or with somebody who shares one of its addresses.

    `cautious` counts also what was sent to the shared address for others and did not arrive.
    """
    shared = {
        (channel, contact.address(channel))
        for contact in account.customer.contacts
        for channel in (Channel.EMAIL, Channel.SMS)
    }
    own = [
        reminder.at
        for reminder in account.reminders
        if reminder.channel is not Channel.PERSON and reminder.status not in _ARRIVED_NOWHERE
    ]
    others = [
        reminder.at
        for key, other in world.sender.accounts.items()
        if key != account.key
        for reminder in other.reminders
        if (reminder.channel, reminder.address) in shared
        if cautious or reminder.status not in _ARRIVED_NOWHERE
    ]
    return sorted(own + others)


def is_spaced(account: Account, world: World, at: datetime, *, cautious: bool = False) -> bool:
    """Invariant 5: the gap since the last contact, and room under the cap."""
    policy = world.sender.policy
    contacts = contacts_before(account, world, cautious=cautious)
    recent = [contact for contact in contacts if contact > at - timedelta(days=policy.cap.days)]
    return len(recent) < policy.cap.contacts and (
        not contacts or at - contacts[-1] >= timedelta(days=policy.minimum_gap_days)
    )


def check_contacts_are_spaced(sent: Sent, world: World) -> None:
    assert is_spaced(sent.account, world, sent.reminder.at)


def check_the_tone_is_earned(sent: Sent, world: World) -> None:
    numbers = {chased.number for chased in _owed(sent.reminder.invoices)}
    delivered = [
        r.tone.strength
        for r in sent.account.reminders
        if r.status is ReminderStatus.DELIVERED and not r.is_thanks
        if numbers & {chased.number for chased in _owed(r.invoices)}
    ]
    allowed = max(delivered) + 1 if delivered else world.sender.policy.first_contact_tone.strength
    assert sent.reminder.tone.strength <= allowed


def check(sent: Sent, world: World) -> None:
    check_only_what_may_be_chased_is_in(sent, world)
    check_it_was_never_sent_before(sent, world)
    check_the_address_may_be_used(sent, world)
    check_the_window_is_open(sent, world)
    check_contacts_are_spaced(sent, world)
    check_the_tone_is_earned(sent, world)


def _round(account: Account, invoice: Invoice, today: date) -> tuple[date, bool]:
    """The date an invoice's round counts from, and whether it is a round after its due date."""
    plan = account.plan
    if plan is not None and invoice.number in plan.invoices and plan_is_behind(account, today):
        still_due = {known.number: known.amount_due for known in account.invoices}
        missed = plan.first_missed(still_due, today)
        assert missed is not None
        return missed.due_date, True
    promises = sorted(
        (p.made_at, p.id, p.promised_date) for p in account.promises if invoice.number in p.invoices
    )
    if promises and promises[-1][2] >= invoice.due_date:
        return promises[-1][2], True
    return invoice.due_date, False


def neglected(account: Account, world: World) -> list[str]:
    """The invoices that have reached a stage nobody was reminded or asked of, and may be chased."""
    policy, now = world.sender.policy, world.now
    today = world.sender.calendar.today(now)
    steps = [r for r in account.reminders if r.status not in _ARRIVED_NOWHERE]
    before = [r for r in steps if not _asked_for(r)]
    reached: list[ChasedInvoice] = []
    for invoice in account.invoices:
        if not is_blocked(account, invoice, today, now):
            anchor, overdue = _round(account, invoice, today)
            days = [
                s.days
                for s in policy.stages
                if s.days <= (today - anchor).days and (s.days > 0 or not overdue)
            ]
            if days:
                reached.append(ChasedInvoice(invoice.number, anchor, days[-1], invoice.amount_due))
    asked = [] if _can_be_sent(account, policy, reached) else [r for r in steps if _asked_for(r)]
    return [
        chased.number
        for chased in reached
        if _balance(account, reached, chased.amount.currency)
        >= max(1, policy.minimum_amounts.get(chased.amount.currency, 1))
        and not _spoken_of(chased, before)
        and not any(r.covers(chased.number, chased.anchor) for r in asked)
    ]


def _can_be_sent(account: Account, policy: Policy, reached: Sequence[ChasedInvoice]) -> bool:
    """Whether every stage has an address that never failed, and every currency its bank details."""
    failed = {(r.channel, r.address) for r in account.reminders if r.status in _ARRIVED_NOWHERE}
    usable = {
        channel
        for channel in (Channel.EMAIL, Channel.SMS)
        for address in (contact.address(channel) for contact in account.customer.contacts)
        if address and (channel, address) not in failed and not account.is_suppressed(channel, address)
    }
    return {chased.amount.currency for chased in reached} <= set(policy.pay_to) and all(
        usable & set(stage.channels) for stage in policy.stages
    )


def _balance(account: Account, reached: Sequence[ChasedInvoice], currency: str) -> int:
    credit = sum(
        i.reported.minor
        for i in account.invoices
        if i.state is InvoiceState.OPEN and i.total.minor < 0 and i.total.currency == currency
    )
    return credit + sum(c.amount.minor for c in reached if c.amount.currency == currency)
