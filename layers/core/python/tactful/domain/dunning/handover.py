"""What a person is told who takes over a step: what to do, for whom, about which amounts, and what came before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from tactful.domain.book.account import Account, Task, TaskDone, TaskKind
from tactful.domain.book.contact_log import Reminder, ReminderStatus
from tactful.domain.book.customer import Channel, Contact
from tactful.domain.book.invoice import Invoice
from tactful.domain.book.money import totals
from tactful.domain.book.record import record_of
from tactful.domain.book.summaries import SUMMARIES
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.recipients import by_role, recipient_of
from tactful.domain.dunning.stage import Stage, StageKind
from tactful.domain.dunning.standing import is_question

_Facts = Iterator[tuple[str, str]]

# Whoever decides about these wants to know all that was said before.
_WITH_HISTORY = frozenset(
    {TaskKind.APPROVAL, TaskKind.CALL, TaskKind.LETTER, TaskKind.CREDIT_REVIEW, TaskKind.COLLECTIONS}
)
_BY_HAND = frozenset({TaskKind.CALL, TaskKind.LETTER, TaskKind.STEP_FOR_A_PERSON})
_REMEMBERED = 12


def task_id(kind: TaskKind, step: Reminder) -> str:
    """The id of the task by which a step is handed to a person."""
    return f"{kind}-{step.id}"


def unworded(reminder: Reminder) -> Reminder:
    """The step for a person that a message becomes for which there are no words, or none that may be sent."""
    return replace(reminder, channel=Channel.PERSON, status=ReminderStatus.HANDED_OVER, detail="wording")


def outcome_settled(before: Reminder, after: Reminder, at: datetime) -> tuple[TaskDone, ...]:
    """The task to find out whether a message was sent is done when the provider tells."""
    if before.status is not ReminderStatus.UNKNOWN or after.status is ReminderStatus.UNKNOWN:
        return ()
    return (TaskDone(task_id(TaskKind.OUTCOME_UNKNOWN, before), at, "the provider", str(after.status)),)


def superseded(account: Account, step: Reminder) -> tuple[TaskDone, ...]:
    """A message that is shown for approval again takes the place of what was shown before, unless that was answered.

    A question that is asked again because more has come due takes the place of the last one: it names all that is owed.
    """
    if is_question(step):
        asked = [known for known in account.reminders if is_question(known) and known.detail == step.detail]
        return tuple(
            TaskDone(task_id(TaskKind(known.detail), known), step.at, "the policy", f"replaced by {step.id}")
            for known in asked[-1:]
        )
    if step.detail != TaskKind.APPROVAL:
        return ()
    answered = {approval.id for approval in account.approvals}
    return tuple(
        TaskDone(task_id(TaskKind.APPROVAL, known), step.at, "the policy", f"replaced by {step.id}")
        for known in account.reminders
        if (known.stage, known.occurrence, known.detail) == (step.stage, step.occurrence, step.detail)
        and known.id not in answered
    )


def task_for(
    account: Account, policy: Policy, calendar: Calendar, kind: TaskKind, step: Reminder, *, fault: str = ""
) -> Task:
    """The task for a step that the engine asks about, or that could not be done. `fault` says why it could not."""
    today = calendar.today(step.at)
    own = policy.for_customer(account.customer, calendar.business_country)
    stage = _stage_of(account, own, step)
    facts = [
        ("customer", f"{account.customer.name} ({account.customer.id})"),
        ("stage", step.stage),
        ("occurrence", step.occurrence),
        *_way(account, own, kind, step, stage),
        *_debt(account, step, today),
        ("record", record_line(account, today)),
        ("reasons", "; ".join(step.reasons)),
        *(
            [("history", history)]
            if kind in _WITH_HISTORY and (history := history_of(account, calendar))
            else []
        ),
        *([("notes", stage.notes.strip())] if stage and kind is TaskKind.CALL and stage.notes else []),
        *([("detail", fault or step.detail)] if fault or step.detail != kind else []),
    ]
    return Task(task_id(kind, step), kind, step.at, SUMMARIES[kind], tuple(facts))


def _stage_of(account: Account, policy: Policy, step: Reminder) -> Stage | None:
    """The stage of a ladder that a step belongs to; None for a message outside the ladders."""
    for line in step.invoices:
        invoice = account.invoice(line.number)
        if invoice is not None:
            ladder = policy.ladder_for(invoice)
            for rung in (*ladder.contacts, *ladder.decisions):
                if rung.stage.name == step.stage:
                    return rung.stage
    return None


def _way(account: Account, policy: Policy, kind: TaskKind, step: Reminder, stage: Stage | None) -> _Facts:
    """How and to whom: as it would be sent if it were sent now, or whom to contact by hand."""
    if stage is not None and not stage.kind.contacts_the_client:
        return
    if stage is None or stage.kind is StageKind.MESSAGE:
        yield "tone", str(step.tone)
    if kind is TaskKind.APPROVAL and stage is not None:
        recipient = recipient_of(account, policy, stage.channels, stage.role, step.stage, step.occurrence)
        yield "channel", str(recipient.channel or "none")
        if recipient.contact:
            yield "contact", f"{recipient.contact.name} ({recipient.contact.role})"
    elif kind in _BY_HAND and stage is not None:
        contacts = by_role(account, stage.role)
        yield "contact", _reached(contacts[0]) if contacts else "nobody is known"
    elif step.channel is not Channel.PERSON:
        yield "channel", str(step.channel)


def _reached(contact: Contact) -> str:
    ways = [way for way in (contact.phone, contact.email) if way]
    return ", ".join([f"{contact.name} ({contact.role})", *ways])


def _debt(account: Account, step: Reminder, today: date) -> _Facts:
    lines = [
        f"{line.number} {line.amount}{age_line(account.invoice(line.number), today)}"
        for line in step.invoices
    ]
    yield "invoices", "; ".join(lines)
    yield "total", ", ".join(str(amount) for amount in totals(line.amount for line in step.invoices).values())
    if step.charges and step.charges.lines:
        stated = totals(line.total for line in step.charges.lines).values()
        yield "charges", f"{', '.join(str(amount) for amount in stated)} on top ({step.charges.law})"
    late = [
        (today - invoice.due_date).days
        for line in step.invoices
        if line.amount.minor > 0 and (invoice := account.invoice(line.number)) is not None
    ]
    yield "days_late", str(max(late, default=0))


def age_line(invoice: Invoice | None, today: date) -> str:
    """When an invoice was due, and how late it is."""
    if invoice is None or invoice.is_credit:
        return ""
    late = (today - invoice.due_date).days
    return f" due {invoice.due_date}" + (f", {late} days late" if late > 0 else "")


def record_line(account: Account, today: date) -> str:
    """How the client has paid so far, in a line."""
    record = record_of(account, today)
    paid = (
        f"{record.settled} invoices settled, {record.on_time} on time, {record.mean_days_late:.0f} days late on average"
        if record.settled
        else "no invoice settled yet"
    )
    promises = f"promises {record.promises_kept} kept, {record.promises_broken} broken"
    return f"{paid}; {promises}; {record.disputes} invoices disputed"


def history_of(account: Account, calendar: Calendar) -> str:
    """What was said so far, the last first."""
    made = [
        (
            step.at,
            f"{step.stage} {step.detail if step.channel is Channel.PERSON else f'{step.channel} {step.status}'}",
        )
        for step in account.reminders
        if not step.is_courtesy
    ]
    made += [(contact.at, f"by hand: {contact.how}") for contact in account.manual_contacts]
    made.sort(reverse=True)
    return "; ".join(f"{calendar.today(at)} {what}" for at, what in made[:_REMEMBERED])
