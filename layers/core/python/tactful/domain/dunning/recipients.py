"""Who gets a message, and how: the first channel of the stage on which somebody may still be reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tactful.domain.book.account import Account
from tactful.domain.book.customer import Channel, Contact, Role
from tactful.domain.dunning.decision import Reason, ReasonCode
from tactful.domain.dunning.policy import Policy

# Whoever is wanted first, then those who are nearest to it.
_INSTEAD = {
    Role.BILLING: (Role.BILLING, Role.OWNER, Role.ESCALATION),
    Role.ESCALATION: (Role.ESCALATION, Role.OWNER, Role.BILLING),
    Role.OWNER: (Role.OWNER, Role.ESCALATION, Role.BILLING),
}


def to_call(account: Account, role: Role) -> Contact | None:
    """Whom to call: the first of the contacts, those of a role before others, whose phone may be called."""
    return next(
        (one for one in by_role(account, role) if one.phone and account.may_be_called(one.phone)), None
    )


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a message and how; no channel if nobody can be reached."""

    channel: Channel | None
    contact: Contact | None
    reasons: tuple[Reason, ...] = ()


def by_role(account: Account, role: Role) -> Sequence[Contact]:
    """The contacts, those of a role first."""
    contacts = account.customer.contacts
    if len(contacts) < 2:  # noqa: PLR2004
        return contacts
    order = _INSTEAD[role]
    return sorted(contacts, key=lambda contact: order.index(contact.role))


def recipient_of(
    account: Account,
    policy: Policy,
    channels: Sequence[Channel],
    role: Role,
    stage: str,
    occurrence: str,
) -> Recipient:
    """The first channel, in order, on which a contact may be reached, and why the earlier ones are not used.

    An address that already failed for this stage and occurrence is not tried again.
    """
    failed = {
        (reminder.channel, reminder.address)
        for reminder in account.reminders
        if reminder.stage == stage and reminder.occurrence == occurrence and reminder.status.reached_nobody
    }
    contacts = by_role(account, role)
    reasons: list[Reason] = []
    for channel in channels:
        if channel is Channel.PERSON:
            return Recipient(channel, contacts[0] if contacts else None, tuple(reasons))
        for contact in contacts:
            address = contact.address(channel)
            if not address:
                continue
            if account.is_suppressed(channel, address):
                reasons.append(Reason(ReasonCode.SUPPRESSED, channel))
            elif not consents(contact, channel, policy):
                reasons.append(Reason(ReasonCode.CONSENT_MISSING, channel))
            elif (channel, address) in failed:
                reasons.append(Reason(ReasonCode.CHANNEL_FAILED, channel))
            else:
                return Recipient(channel, contact, tuple(reasons))
    return Recipient(None, None, (*reasons, Reason(ReasonCode.NO_ADDRESS)))


def consents(contact: Contact, channel: Channel, policy: Policy) -> bool:
    """Whether a contact may be written to on a channel as far as consent goes."""
    if channel is not Channel.SMS:
        return True
    return contact.sms_consent is True or (contact.sms_consent is None and not policy.sms_needs_consent)
