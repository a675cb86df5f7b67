"""When a message may leave: minimum gap, caps and the recipient's contact window."""

from __future__ import annotations

from datetime import datetime, timedelta

from tactful.domain.book.account import Account
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.decision import Reason, ReasonCode
from tactful.domain.dunning.policy import Policy


def allowed_from(
    account: Account, policy: Policy, calendar: Calendar, at: datetime
) -> tuple[datetime, tuple[Reason, ...]]:
    """The first instant from `at` on when gap, caps and contact window all allow a message, and what delays it."""
    contacts = sorted(
        [reminder.at for reminder in account.reminders if reminder.is_contact]
        + [
            contact.at
            for record in account.addresses
            for contact in record.recent
            if contact.account_key != account.key
        ]
    )
    reasons: list[Reason] = []
    allowed = at
    if contacts:
        spaced = contacts[-1] + timedelta(days=policy.minimum_gap_days)
        if spaced > allowed:
            allowed = spaced
            reasons.append(Reason(ReasonCode.MINIMUM_GAP, f"{policy.minimum_gap_days} days"))
    if len(contacts) >= policy.cap.contacts:
        freed = contacts[-policy.cap.contacts] + timedelta(days=policy.cap.days)
        if freed > allowed:
            allowed = freed
            reasons.append(Reason(ReasonCode.CONTACT_CAP, f"{policy.cap.contacts} in {policy.cap.days} days"))
    customer = account.customer
    opens = calendar.next_open(allowed, calendar.zone_of(customer.timezone), customer.country, policy)
    if opens > allowed:
        allowed = opens
        reasons.append(Reason(ReasonCode.OUTSIDE_WINDOW))
    return allowed, tuple(reasons)


def latest(account: Account, policy: Policy, calendar: Calendar, at: datetime) -> datetime:
    """When the contact window that is open at `at` closes (UTC)."""
    return calendar.closes(at, calendar.zone_of(account.customer.timezone), policy)
