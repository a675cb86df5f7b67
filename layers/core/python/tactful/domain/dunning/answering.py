"""Answering a client who wrote: at once within the contact window, to the address that the message came from."""

from __future__ import annotations

from datetime import datetime, timedelta

from tactful.domain.book.account import Account
from tactful.domain.book.agreements import HoldKind
from tactful.domain.book.answers import Answer, AnswerKind
from tactful.domain.book.contact_log import ANSWER, ChasedInvoice, Tone
from tactful.domain.book.customer import Channel, Contact
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.dunning.case import Case, Step, send
from tactful.domain.dunning.decision import Reason, ReasonCode, Send, Wait
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.recipients import Recipient, consents

ANSWERS_EXPIRE_AFTER = timedelta(days=4)
"""Long enough for a weekend with a holiday. Nobody remembers what an answer is to that comes later."""
_NEED_A_DEBT = frozenset(
    {
        AnswerKind.DATE_WANTED,
        AnswerKind.EXTENSION_GRANTED,
        AnswerKind.PLAN_PROPOSED,
        AnswerKind.HANDOFF_NOTICE,
    }
)
_A_DAY = timedelta(days=1)


def answer(case: Case) -> Send | Wait | None:
    """The oldest answer that is owed and may be given, now or when the contact window opens; None if there is none.

    It is no chase: holds, gap and caps of reminders do not delay it. It has a cap of its own, and counts as a contact
    for whatever chases later. Raises NeverOpenError.
    """
    for owed in sorted(case.account.answers, key=lambda known: (known.at, known.id)):
        contact = _whom(case.account, case.policy, owed.channel, owed.address)
        expires = owed.at + ANSWERS_EXPIRE_AFTER
        if contact is None or case.now >= expires or _was_given(case.account, owed):
            continue
        if not _still_holds(case, owed):
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


def where_to_tell(
    account: Account, policy: Policy, kind: AnswerKind, said_by: str
) -> tuple[Channel, str] | None:
    """Where a client is told what was decided: the address that it wrote from, else the first that may be used."""
    usable = [
        (channel, address)
        for channel, address in account.customer.addresses()
        if channel in kind.channels and may_be_answered(account, policy, channel, address)
    ]
    return next((one for one in usable if one[1] == said_by), usable[0] if usable else None)


def may_be_answered(account: Account, policy: Policy, channel: Channel, address: str) -> bool:
    """Whether a client may be answered at an address."""
    return _whom(account, policy, channel, address) is not None


def _whom(account: Account, policy: Policy, channel: Channel, address: str) -> Contact | None:
    """The contact who wrote, unless it is not to be written to any more."""
    if not policy.replies.answers or not address or account.is_suppressed(channel, address):
        return None
    who = next((one for one in account.customer.contacts if one.address(channel) == address), None)
    return who if who is not None and consents(who, channel, policy) else None


def _still_holds(case: Case, owed: Answer) -> bool:
    """Whether what the answer says is still so: the lawyer may have come, the promise gone, the money arrived."""
    account = case.account
    if any(hold.kind is HoldKind.LEGAL and hold.is_active(case.now) for hold in account.holds):
        return False
    if owed.kind is AnswerKind.PROMISE_NOTED:
        promise = next((one for one in account.promises if one.id == f"reply-{owed.id}"), None)
        return promise is not None and promise.kept_on is None and promise.is_running(case.today)
    if owed.kind is AnswerKind.PLAN_AGREED:
        return account.plan is not None and account.plan.instalments == owed.instalments
    if owed.kind.lists_invoices:
        return any(line.amount.minor > 0 for line in lines_of(account, owed))
    return owed.kind not in _NEED_A_DEBT or not account.owes_nothing()


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
