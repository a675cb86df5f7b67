"""How far apart contacts must be: the minimum gap and the caps, over every contact made."""

from __future__ import annotations

from datetime import datetime, timedelta

from tactful.domain.book.account import Account, AddressContact
from tactful.domain.book.customer import Channel
from tactful.domain.dunning.decision import Reason, ReasonCode
from tactful.domain.dunning.policy import Policy


def spaced_from(
    account: Account, policy: Policy, at: datetime, channel: Channel | None = None
) -> tuple[datetime, tuple[Reason, ...]]:
    """The first instant from `at` on (UTC) when gap and caps allow another contact, and what delays it.

    Counts messages, calls and letters of this account, contacts made by hand, and the messages, calls and letters of
    other accounts to an address that is shared. `channel` is the one to be used: its own caps count too.
    """
    contacts = _contacts(account)
    if not contacts:
        return at, ()
    times = sorted([when for when, _ in contacts])
    reasons: list[Reason] = []
    allowed = times[-1] + timedelta(days=policy.minimum_gap_days)
    if allowed > at:
        reasons.append(Reason(ReasonCode.MINIMUM_GAP, f"{policy.minimum_gap_days} days"))
    else:
        allowed = at
    for cap in policy.caps:
        if len(times) >= cap.contacts:
            freed = times[-cap.contacts] + timedelta(days=cap.days)
            if freed > allowed:
                allowed = freed
                reasons.append(Reason(ReasonCode.CONTACT_CAP, f"{cap.contacts} in {cap.days} days"))
    for own in policy.channel_caps:
        if own.channel is channel:
            used = sorted(when for when, how in contacts if how == channel)
            if len(used) >= own.contacts:
                freed = used[-own.contacts] + timedelta(days=own.days)
                if freed > allowed:
                    allowed = freed
                    reasons.append(
                        Reason(ReasonCode.CHANNEL_CAP, f"{channel} {own.contacts} in {own.days} days")
                    )
    return allowed, tuple(reasons)


def _contacts(account: Account) -> list[tuple[datetime, str]]:
    """When and how the client was contacted; a contact by hand may have been made in any way.

    A step that a person takes counts from when it was asked for, until the person says when it was taken.
    """
    taken = {contact.step for contact in account.manual_contacts if contact.step}
    made = [
        (reminder.at, str(reminder.channel))
        for reminder in account.reminders
        if reminder.is_contact and not (taken and reminder.id in taken)
    ]
    made += [(contact.at, contact.how) for contact in account.manual_contacts]
    if any(record.recent for record in account.addresses):
        made += contacts_of_others(account)
    return made


def contacts_of_others(account: Account) -> list[tuple[datetime, str]]:
    """When and how other accounts contacted whoever has an address of this one. A call to a person is one contact,
    also where phone and e-mail address are both shared.
    """
    made: list[tuple[datetime, str]] = []
    by_hand: set[AddressContact] = set()
    for record in account.addresses:
        for contact in record.recent:
            if contact.account_key != account.key and contact not in by_hand:
                made.append((contact.at, contact.how or str(record.channel)))
                by_hand |= {contact} if contact.how else set()
    return made
