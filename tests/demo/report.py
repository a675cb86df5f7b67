"""What the demo shows: who got what, what was not sent and why, and the same as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import Reminder
from tactful.domain.book.customer import Channel
from tactful.domain.dunning.decision import Decision, Nothing, Wait
from tests.demo.people import Part
from tests.demo.snapshot import Snapshot

_MOST_ROWS = 60
_MOST_ACCOUNTS = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything there is to tell after the play. `decisions` are the engine's last words, by account."""

    snapshot: Snapshot
    accounts: Mapping[str, Account]
    decisions: Mapping[str, Decision]
    parts: Mapping[str, Part]
    told: tuple[tuple[datetime, str, str], ...]
    faults: tuple[str, ...]
    ticks: int
    seconds: float


def show(outcome: Outcome, console: Console) -> None:
    """Print the tables; long ones are cut, and say so."""
    _show_messages(outcome, console)
    _show_answers(outcome, console)
    _show_not_sent(outcome, console)
    counts = _counts(outcome)
    console.print(", ".join(f"{number:,} {name}" for name, number in counts.items()))
    for fault in outcome.faults:
        console.print(f"[red]off: {fault}[/red]")
    if not outcome.faults:
        console.print("[green]Nothing is off.[/green]")


def summary(outcome: Outcome) -> dict[str, object]:
    """The same for machines: `ok` is False if anything is off."""
    reminders = outcome.snapshot.reminders
    return {
        "ok": not outcome.faults,
        "faults": list(outcome.faults),
        "counts": _counts(outcome),
        "by_channel": Counter(str(reminder.channel) for _, reminder in reminders),
        "by_stage": Counter(reminder.stage for _, reminder in reminders),
        "by_tone": Counter(str(reminder.tone) for _, reminder in reminders),
        "by_status": Counter(str(reminder.status) for _, reminder in reminders),
        "messages": [_message_json(outcome.accounts[key], reminder) for key, reminder in reminders],
        "not_sent": [
            {"customer_id": outcome.accounts[key].customer.id, "reasons": [str(r) for r in decision.reasons]}
            for key, decision in outcome.decisions.items()
            if isinstance(decision, Nothing | Wait)
        ],
        "tasks": [
            {
                "customer_id": outcome.accounts[key].customer.id if key in outcome.accounts else "",
                "kind": str(task.kind),
                "opened_at": task.opened_at.isoformat(),
                "summary": task.summary,
                "done_at": task.done_at.isoformat() if task.done_at else None,
                "done_by": task.done_by,
            }
            for key, task in outcome.snapshot.tasks
        ],
        "seconds": round(outcome.seconds, 1),
    }


def _message_json(account: Account, reminder: Reminder) -> dict[str, object]:
    return {
        "at": reminder.at.isoformat(),
        "local": _local(account, reminder.at).isoformat(),
        "customer_id": account.customer.id,
        "stage": reminder.stage,
        "occurrence": reminder.occurrence,
        "tone": str(reminder.tone),
        "channel": str(reminder.channel),
        "status": str(reminder.status),
        "invoices": [chased.number for chased in reminder.invoices],
        "reasons": list(reminder.reasons),
    }


def _show_messages(outcome: Outcome, console: Console) -> None:
    rows = [(k, r) for k, r in outcome.snapshot.reminders if r.channel is not Channel.PERSON]
    table = Table(box=SIMPLE, title="Who got what", title_justify="left", header_style="bold")
    for column in ("local time", "customer", "stage", "tone", "channel", "outcome", "invoices"):
        table.add_column(column, no_wrap=column != "invoices")
    for key, reminder in rows[:_MOST_ROWS]:
        account = outcome.accounts[key]
        table.add_row(
            f"{_local(account, reminder.at):%a %d %b %H:%M}",
            account.customer.name[:20],
            reminder.stage,
            reminder.tone,
            reminder.channel,
            f"[red]{reminder.status}[/red]" if reminder.status.reached_nobody else str(reminder.status),
            ", ".join(chased.number for chased in reminder.invoices[:4])
            + (f" +{len(reminder.invoices) - 4}" if len(reminder.invoices) > 4 else ""),
        )
    console.print(table)
    if len(rows) > _MOST_ROWS:
        console.print(f"... and {len(rows) - _MOST_ROWS} more: build/demo/summary.json has them all")


def _show_answers(outcome: Outcome, console: Console) -> None:
    table = Table(box=SIMPLE, title="What clients did", title_justify="left", header_style="bold")
    for column in ("when (UTC)", "customer", "what"):
        table.add_column(column)
    for at, name, what in outcome.told:
        if what:
            table.add_row(f"{at:%a %d %b %H:%M}", name[:24], what)
    console.print(table)


def _show_not_sent(outcome: Outcome, console: Console) -> None:
    tasks = Table(box=SIMPLE, title="What a person is asked to do", title_justify="left", header_style="bold")
    for column in ("since (UTC)", "customer", "task", "done"):
        tasks.add_column(column)
    for key, task in outcome.snapshot.tasks[:_MOST_ROWS]:
        name = outcome.accounts[key].customer.name if key in outcome.accounts else ""
        done = f"{task.done_at:%d %b} by {task.done_by}" if task.done_at else ""
        tasks.add_row(f"{task.opened_at:%a %d %b %H:%M}", name[:24], task.summary, done)
    console.print(tasks)
    console.print(
        _reasons_by_account(outcome) if len(outcome.decisions) <= _MOST_ACCOUNTS else _reasons(outcome)
    )


def _reasons_by_account(outcome: Outcome) -> Table:
    table = Table(box=SIMPLE, title="Where every account stands, and why", title_justify="left")
    for column in ("customer", "next", "because"):
        table.add_column(column)
    for key, decision in sorted(
        outcome.decisions.items(), key=lambda pair: outcome.accounts[pair[0]].customer.id
    ):
        until = (
            f"{decision.until:%d %b %H:%M}" if isinstance(decision, Wait) else type(decision).__name__.lower()
        )
        why = "; ".join(str(reason).replace("_", " ") for reason in decision.reasons)
        table.add_row(outcome.accounts[key].customer.name[:20], until, why)
    return table


def _reasons(outcome: Outcome) -> Table:
    table = Table(box=SIMPLE, title="Why nothing is sent now", title_justify="left")
    table.add_column("accounts", justify="right")
    table.add_column("reason")
    table.add_column("for example")
    reasons: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for key, decision in outcome.decisions.items():
        for code in dict.fromkeys(str(reason.code) for reason in decision.reasons):
            reasons[code] += 1
            about = next((reason.about for reason in decision.reasons if reason.code == code), "")
            examples.setdefault(code, f"{outcome.accounts[key].customer.name[:24]} {about}".strip())
    for code, number in reasons.most_common():
        table.add_row(str(number), code.replace("_", " "), examples[code])
    return table


def _counts(outcome: Outcome) -> dict[str, int]:
    reminders = outcome.snapshot.reminders
    return {
        "accounts": len(outcome.accounts),
        "invoices": sum(len(account.invoices) for account in outcome.accounts.values()),
        "messages": sum(reminder.channel is not Channel.PERSON for _, reminder in reminders),
        "tasks": len(outcome.snapshot.tasks),
        "ticks": outcome.ticks,
    }


def _local(account: Account, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(account.customer.timezone)) if account.customer.timezone else at
