"""The task that a client's message becomes, with all that a person needs to deal with it."""

from __future__ import annotations

from collections.abc import Iterator

from tactful.domain.book.account import Account, Task, TaskKind
from tactful.domain.book.agreements import HOLDS
from tactful.domain.book.money import totals
from tactful.domain.book.summaries import SUMMARIES
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.handover import age_line, history_of, record_line
from tactful.domain.replies.heard import Heard

_LISTED = 12


def reply_task(
    account: Account, calendar: Calendar, heard: Heard, kind: TaskKind, *more: tuple[str, str]
) -> Task:
    """The task of a kind about an account as it is after the message. `more` is what this kind needs beside."""
    facts = (
        ("customer", f"{account.customer.name} ({account.customer.id})"),
        ("from", heard.address),
        *heard.facts,
        *more,
        *_context(account, calendar, heard),
    )
    return Task(f"{kind}-{heard.id}", kind, heard.at, SUMMARIES[kind], facts)


def _context(account: Account, calendar: Calendar, heard: Heard) -> Iterator[tuple[str, str]]:
    today = calendar.today(heard.at)
    owed = [invoice for invoice in account.invoices if invoice.amount_due.minor > 0]
    owed.sort(key=lambda invoice: (invoice.due_date, invoice.number))
    lines = [f"{one.number} {one.amount_due}{age_line(one, today)}" for one in owed[:_LISTED]]
    if len(owed) > _LISTED:
        lines.append(f"and {len(owed) - _LISTED} more")
    yield "invoices", "; ".join(lines) or "nothing is due"
    yield (
        "total",
        ", ".join(str(sum_) for sum_ in totals(one.amount_due for one in owed).values()) or "nothing",
    )
    promises = [promise for promise in account.promises if promise.is_running(today)]
    if promises:
        yield "promised", "; ".join(f"{one.promised_date}: {', '.join(one.invoices)}" for one in promises)
    running = [hold for hold in account.holds if hold.is_active(heard.at)]
    if running:
        yield (
            "on_hold",
            "; ".join(
                f"{hold.id} ({hold.kind}) until {hold.until.isoformat() if hold.until else HOLDS[hold.kind].ended_by}"
                for hold in running
            ),
        )
    yield "record", record_line(account, today)
    history = history_of(account, calendar)
    if history:
        yield "history", history
