"""What people agree on, order or tell: each event changes an account once, however often it comes.

An event that is known by its id already changes nothing. One that cannot be right raises ValueError, which says what
is wrong and what to do. Dates are civil dates in the business's zone, `today` the one on which the event happens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from tactful.domain.book.account import Account, Change, Entry, TaskKind
from tactful.domain.book.agreements import Approval, Extension, Hold, Plan, Promise
from tactful.domain.book.contact_log import ManualContact
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import Invoice
from tactful.domain.book.money import Money


def make_promise(account: Account, promise: Promise, today: date) -> Change:
    """The client promises to pay some invoices, or a part of what is due on them, by a date.

    `owed` is what is due on them now, whatever the promise says.
    """
    if _knows(account.promises, promise.id):
        return Change(account)
    owed = _owed(_about(account, promise.invoices))
    _from_today(promise.promised_date, today, "promised for", "a date from today on")
    if promise.amount is not None:
        if owed is None or owed.currency != promise.amount.currency:
            raise ValueError(f"{promise.amount} is not the currency of every invoice: promise each one apart")
        _at_most(promise.amount, owed)
    made = replace(promise, owed=owed, kept_on=None)
    facts = (
        ("invoices", ", ".join(promise.invoices)),
        ("date", str(promise.promised_date)),
        ("amount", str(promise.amount or owed or "all")),
    )
    entry = Entry(f"promise-{promise.id}", promise.made_at, "promise", facts)
    return Change(replace(account, promises=(*account.promises, made)), entries=(entry,))


def withdraw_promise(account: Account, promise_id: str, at: datetime) -> Change:
    """A promise was misunderstood: it is as if it had never been made, and its invoices are chased as before."""
    kept = tuple(known for known in account.promises if known.id != promise_id)
    if kept == account.promises:
        return Change(account)
    entry = Entry(f"promise_withdrawn-{promise_id}", at, "promise_withdrawn", (("promise", promise_id),))
    return Change(replace(account, promises=kept), entries=(entry,))


def grant_extension(account: Account, extension: Extension, today: date) -> Change:
    """The business grants a later due date for some invoices."""
    if _knows(account.extensions, extension.id):
        return Change(account)
    about = _about(account, extension.invoices)
    _from_today(extension.until, today, "extended to", "a date from today on")
    for invoice in about:
        if extension.until <= invoice.due_date:
            raise ValueError(
                f"{extension.until} is no later than {invoice.number} is due ({invoice.due_date}): "
                "name a later date, or leave this invoice out"
            )
    facts = (("invoices", ", ".join(extension.invoices)), ("until", str(extension.until)))
    entry = Entry(f"extension-{extension.id}", extension.granted_at, "extension", facts)
    return Change(replace(account, extensions=(*account.extensions, extension)), entries=(entry,))


def agree_plan(account: Account, plan: Plan, today: date) -> Change:
    """Client and business agree to pay some invoices by instalments. A plan agreed on before is replaced."""
    if account.plan is not None and account.plan.id == plan.id:
        return Change(account)
    owed = _owed(_about(account, plan.invoices))
    if owed is None or any(part.amount.currency != owed.currency for part in plan.instalments):
        raise ValueError("a plan has one currency, that of its invoices: make one for each")
    for part in plan.instalments:
        _from_today(part.due_date, today, "an instalment for", "dates from today on")
        if part.amount.minor <= 0:
            raise ValueError(f"an instalment of {part.amount}: name more than nothing")
    planned = Money(sum(part.amount.minor for part in plan.instalments), owed.currency)
    if planned != owed:
        raise ValueError(f"the instalments sum up to {planned}, but {owed} is due: let them be the same")
    facts = (
        ("invoices", ", ".join(plan.invoices)),
        ("instalments", ", ".join(f"{part.due_date} {part.amount}" for part in plan.instalments)),
        *((("rest_due_after", f"{plan.rest_due_after} days"),) if plan.rest_due_after is not None else ()),
    )
    entry = Entry(f"plan-{plan.id}", plan.agreed_at, "plan", facts)
    return Change(replace(account, plan=plan), entries=(entry,))


def put_hold(account: Account, hold: Hold) -> Change:
    """Chasing pauses, for some invoices or for the whole account."""
    if _knows(account.holds, hold.id):
        return Change(account)
    for number in hold.invoices:
        _invoice(account, number)
    if hold.until is not None and hold.until <= hold.since:
        raise ValueError(f"the hold would end {hold.until}, before it starts: name a later end, or none")
    facts = (
        ("kind", str(hold.kind)),
        ("invoices", ", ".join(hold.invoices) or "all"),
        ("until", str(hold.until or "a person lifts it")),
    )
    entry = Entry(f"hold-{hold.id}", hold.since, "hold", facts)
    return Change(account.with_hold(hold), entries=(entry,))


def lift_hold(account: Account, hold_id: str, at: datetime, by: str) -> Change:
    """Somebody ends a hold at an instant (UTC): it stays on the account, as one that has ended."""
    hold = next((known for known in account.holds if known.id == hold_id), None)
    if hold is None:
        running = ", ".join(known.id for known in account.holds if known.is_active(at)) or "none"
        raise ValueError(f"there is no hold {hold_id}: name one of those that run ({running})")
    if not hold.is_active(at):
        return Change(account)
    facts = (("kind", str(hold.kind)), ("by", by))
    entry = Entry(f"hold_lifted-{hold.id}", at, "hold_lifted", facts)
    return Change(account.with_hold(replace(hold, until=at)), entries=(entry,))


def note_manual_contact(account: Account, contact: ManualContact, now: datetime) -> Change:
    """Somebody of the business contacted the client on their own."""
    if _knows(account.manual_contacts, contact.id):
        return Change(account)
    if contact.at > now:
        raise ValueError(f"a contact at {contact.at} has not been made yet: note it when it was")
    if not contact.how.strip():
        raise ValueError("say how the contact was made: email, sms, call, letter, visit")
    facts = (("how", contact.how), *((("note", contact.note),) if contact.note else ()))
    entry = Entry(f"manual_contact-{contact.id}", contact.at, "manual_contact", facts)
    return Change(replace(account, manual_contacts=(*account.manual_contacts, contact)), entries=(entry,))


def give_verdict(account: Account, approval: Approval) -> Change:
    """A person says whether a step that waits for approval may be done. What was said once stays."""
    step = account.reminder(approval.id)
    if step is None or step.channel is not Channel.PERSON or step.detail != TaskKind.APPROVAL:
        raise ValueError(f"no step {approval.id} waits for approval: see the open tasks")
    given = next((known for known in account.approvals if known.id == approval.id), None)
    if given is not None:
        if given.verdict is approval.verdict:
            return Change(account)
        raise ValueError(
            f"{given.by} said {given.verdict} on {given.at.date()}, and that stays: put a hold on the account to stop "
            "a message, write to the client yourself to replace one"
        )
    facts = (("stage", step.stage), ("verdict", str(approval.verdict)), ("by", approval.by))
    entry = Entry(f"verdict-{approval.id}", approval.at, "verdict", facts)
    return Change(replace(account, approvals=(*account.approvals, approval)), entries=(entry,))


def _knows(
    known: Iterable[Promise] | Iterable[Extension] | Iterable[Hold] | Iterable[ManualContact], event_id: str
) -> bool:
    return any(event.id == event_id for event in known)


def _invoice(account: Account, number: str) -> Invoice:
    invoice = account.invoice(number)
    if invoice is None:
        known = (
            ", ".join(sorted(owed.number for owed in account.invoices if owed.amount_due.minor > 0)) or "none"
        )
        raise ValueError(f"the account has no invoice {number}: name some of those that are due ({known})")
    return invoice


def _about(account: Account, numbers: tuple[str, ...]) -> list[Invoice]:
    """The invoices of those numbers. Raises ValueError if one is unknown or named twice, or nothing is due on it."""
    if len(set(numbers)) != len(numbers):
        raise ValueError(f"{', '.join(numbers)}: name each invoice once")
    invoices = [_invoice(account, number) for number in numbers]
    for invoice in invoices:
        if invoice.amount_due.minor <= 0:
            raise ValueError(f"nothing is due on {invoice.number}: leave it out")
    return invoices


def _owed(invoices: list[Invoice]) -> Money | None:
    """What is due on some invoices; None if that is no one sum."""
    currencies = {invoice.total.currency for invoice in invoices}
    if len(currencies) != 1:
        return None
    return Money(sum(invoice.amount_due.minor for invoice in invoices), currencies.pop())


def _from_today(day: date, today: date, what: str, wanted: str) -> None:
    if day < today:
        raise ValueError(f"{what} {day}, which is past: name {wanted}")


def _at_most(amount: Money, owed: Money) -> None:
    if not 0 < amount.minor <= owed.minor:
        raise ValueError(f"{amount} is not between nothing and what is due ({owed}): name a part of that")
