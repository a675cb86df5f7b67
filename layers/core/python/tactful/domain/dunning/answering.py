"""Answering a client who wrote: at once within the contact window, to the address that the message came from."""

from __future__ import annotations

from datetime import datetime, timedelta

from tactful.domain.book.account import Account
from tactful.domain.book.answers import Answer
from tactful.domain.book.contact_log import ANSWER, ChasedInvoice, Tone
from tactful.domain.book.customer import Contact
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.dunning.case import Case, Step, send
from tactful.domain.dunning.decision import Reason, ReasonCode, Send, Wait
from tactful.domain.dunning.recipients import Recipient, consents

ANSWERS_EXPIRE_AFTER = timedelta(days=4)
"""Long enough for a weekend with a holiday. Nobody remembers what an answer is to that comes later."""
_A_DAY = timedelta(days=1)


def answer(case: Case) -> Send | Wait | None:
    """The oldest answer that is owed and may be given, now or when the contact window opens; None if there is none.

    It is no chase: holds, gap and caps of reminders do not delay it. It has a cap of its own, and counts as a contact
    for whatever chases later. Raises NeverOpenError.
    """
    for owed in sorted(case.account.answers, key=lambda known: (known.at, known.id)):
        contact = _whom(case, owed)
        expires = owed.at + ANSWERS_EXPIRE_AFTER
        if contact is None or case.now >= expires or _was_given(case.account, owed):
            continue
        allowed = case.now
        why: tuple[Reason, ...] = (Reason(ReasonCode.ANSWER_OWED, owed.kind),)
        freed = _freed(case.account, case.policy.replies.answers_per_day, case.now)
        if freed is not None:
            allowed, why = freed, (*why, Reason(ReasonCode.ANSWER_CAP))
        opens = case.opens_from(allowed)
        if opens >= expires:
            continue
        if opens > case.now:
            return Wait(opens, (*why, Reason(ReasonCode.OUTSIDE_WINDOW)) if opens > allowed else why)
        step = Step(ANSWER, owed.id, Tone.FRIENDLY, lines_of(case.account, owed), owed.wording, owed.day)
        return send(case, step, Recipient(owed.channel, contact), why)
    return None


def _whom(case: Case, owed: Answer) -> Contact | None:
    """The contact who wrote, unless it is not to be written to any more."""
    if not case.policy.replies.answers or case.account.is_suppressed(owed.channel, owed.address):
        return None
    contacts = case.account.customer.contacts
    who = next((one for one in contacts if one.address(owed.channel) == owed.address), None)
    return who if who is not None and consents(who, owed.channel, case.policy) else None


def _was_given(account: Account, owed: Answer) -> bool:
    return any(step.stage == ANSWER and step.occurrence == owed.id for step in account.reminders)


def _freed(account: Account, most: int, now: datetime) -> datetime | None:
    """When another answer may be given; None if one may be now."""
    given = sorted(step.at for step in account.reminders if step.stage == ANSWER and step.at > now - _A_DAY)
    return given[-most] + _A_DAY if len(given) >= most else None


def lines_of(account: Account, owed: Answer) -> tuple[ChasedInvoice, ...]:
    """The invoices that an answer lists: all that is open, if it lists any."""
    if not owed.kind.lists_invoices:
        return ()
    lines = [
        ChasedInvoice(invoice.number, invoice.due_date, 0, invoice.amount_due)
        for invoice in account.invoices
        if invoice.state is InvoiceState.OPEN and invoice.amount_due.minor
    ]
    return tuple(sorted(lines, key=lambda line: (line.anchor, line.number)))
