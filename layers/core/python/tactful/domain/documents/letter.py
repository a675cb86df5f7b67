"""What a letter is about: the words of a stage, and the invoices that may be chased now."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter

from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import ChasedInvoice, Reminder, ReminderStatus, Tone, reminder_id
from tactful.domain.book.customer import Channel, Role
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.charging import charges_stated
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.recipients import by_role
from tactful.domain.dunning.standing import reached_stages, standings_of, with_enough_due

FINAL_DEMAND = ("overdue_21", Tone.FINAL)
"""The words of a final demand: their wording and their tone."""


class NothingToDemandError(ValueError):
    """Nothing is overdue that may be chased: a letter that was ordered is not needed any more."""


def letter_about(
    account: Account, policy: Policy, calendar: Calendar, now: datetime, wording: str, tone: Tone
) -> Reminder:
    """What a letter with some words has to say at an instant (UTC): never more than may be chased.

    It is no part of the contact log until somebody notes that the letter was sent. Raises
    NothingToDemandError if nothing is overdue that may be chased, with the reasons.
    """
    today = calendar.today(now)
    policy = policy.for_customer(account.customer, calendar.business_country)
    if not policy.chase:
        raise NothingToDemandError(
            "there is nothing to demand of this customer (the policy says chase: false): print a statement instead"
        )
    standings = standings_of(account, policy, calendar, now)
    overdue = [one for one in standings if not one.blocked and one.anchor < today]
    sifted = with_enough_due(account, reached_stages(overdue, policy, calendar, (), today), policy)
    if not sifted.kept:
        reasons = [str(one.reason) for one in standings if one.reason] + [str(one) for one in sifted.reasons]
        said = "; ".join(reasons) or "nothing is overdue"
        raise NothingToDemandError(
            f"there is nothing to demand of this customer ({said}): print a statement instead"
        )
    lines = [
        ChasedInvoice(one.standing.invoice.number, one.standing.anchor, one.rung.days, one.standing.asked)
        for one in sifted.kept
    ]
    lines += [ChasedInvoice(note.number, note.due_date, 0, note.amount_due) for note in sifted.credits]
    lines.sort(key=attrgetter("anchor", "number"))
    contact = next(iter(by_role(account, Role.BILLING)), None)
    charges, _ = charges_stated(account, lines, tone, policy, calendar, today)
    oldest = str(min(one.standing.anchor for one in sifted.kept))
    return Reminder(
        id=reminder_id(account.key, f"letter-{wording}", f"{today}", 1),
        stage=wording,
        occurrence=oldest,
        attempt=1,
        tone=tone,
        channel=Channel.EMAIL,
        address="",
        contact_name=contact.name if contact else "",
        invoices=tuple(lines),
        status=ReminderStatus.CLAIMED,
        at=now,
        lease_until=now,
        policy=policy.label,
        charges=charges,
        promised=max((one.standing.promised for one in sifted.kept if one.standing.promised), default=None),
    )
