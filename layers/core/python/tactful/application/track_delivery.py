"""What providers say later about a reminder: delivered, bounced, failed, complained about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tactful.application.account_events import AccountEvents
from tactful.application.ports import AddressBook, ReminderDesk
from tactful.application.sending_ports import SendingHealth
from tactful.domain.book.account import (
    Account,
    Change,
    Entry,
    Suppression,
    SuppressionReason,
    Task,
    TaskDone,
    TaskKind,
)
from tactful.domain.book.contact_log import Progress, Reminder, ReminderStatus, account_key_of
from tactful.domain.book.summaries import SUMMARIES
from tactful.domain.dunning.handover import outcome_settled
from tactful.domain.sending.health import Tally

# What the provider itself had on its list, and so did not send, does not count against us (Amazon SES developer guide,
# "Using the Amazon SES account-level suppression list").
_KNOWN_BEFORE = "OnAccountSuppressionList"


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """One event about one reminder, in our words. `code` is the provider's word, safe to log.

    `status` is None if the event moves nothing (a delay). `suppress` forbids the address from now on.
    """

    reminder_id: str
    at: datetime
    code: str
    status: ReminderStatus | None = None
    provider_id: str = ""
    suppress: SuppressionReason | None = None


class Tracked(StrEnum):
    """What became of a delivery report."""

    RECORDED = "recorded"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class TrackDelivery:
    """Moves reminders forward and suppresses addresses that must not be used again."""

    events: AccountEvents
    desk: ReminderDesk
    addresses: AddressBook
    health: SendingHealth

    def record(self, report: DeliveryReport) -> Tracked:
        """Take over a report; the same one again changes nothing. Raises StoreUnavailableError."""
        key = account_key_of(report.reminder_id)
        account = self.events.store.load(key) if key else None
        reminder = account.reminder(report.reminder_id) if account else None
        if account is None or reminder is None:
            return Tracked.NOT_OURS
        if report.suppress:
            suppression = Suppression(report.suppress, report.at)
            self._count(reminder, report)
            self.addresses.suppress(reminder.channel, reminder.address, suppression)
        if self._is_plain(account, reminder, report):
            self._advance(account, reminder, report)
        else:
            self.events.apply(key, lambda known: _reported(known, report))
        return Tracked.RECORDED

    def _count(self, reminder: Reminder, report: DeliveryReport) -> None:
        """Count a bounce or a complaint for the guards."""
        bounced = report.suppress is SuppressionReason.BOUNCE and not report.code.endswith(_KNOWN_BEFORE)
        complained = report.suppress is SuppressionReason.COMPLAINT
        this, none = frozenset({reminder.id}), frozenset[str]()
        if bounced or complained:
            tally = Tally(
                reminder.channel,
                report.at,
                bounced=this if bounced else none,
                complained=this if complained else none,
            )
            self.health.count(tally)

    def _is_plain(self, account: Account, reminder: Reminder, report: DeliveryReport) -> bool:
        """Whether a report brings on nothing but a later status.

        What makes the account due earlier has to count its version up: a sender that is about to record the
        provider's answer would else put the account to sleep over it.
        """
        if report.status is None or report.suppress or report.status.reached_nobody:
            return False
        if reminder.status is ReminderStatus.CLAIMED:
            answered = account.with_reminder(reminder.advanced(ReminderStatus.ACCEPTED))
            recorded = self.events.scheduled(Change(answered)).account
            told = account.with_reminder(_moved(reminder, report))
            return not self.events.is_due_earlier(replace(told, next_action_at=recorded.next_action_at))
        return reminder.status is not ReminderStatus.UNKNOWN

    def _advance(self, account: Account, reminder: Reminder, report: DeliveryReport) -> None:
        """News of the reminder alone are one write; the account follows only if it has to be looked at earlier."""
        moved = _moved(reminder, report)
        if moved is not reminder and not self.desk.advance(account, moved):
            self.record(report)
            return
        known = account.with_reminder(moved)
        if self.events.is_due_earlier(known):
            self.events.apply(account.key, Change)


def _moved(reminder: Reminder, report: DeliveryReport) -> Reminder:
    if report.status is None:
        return reminder
    news = Progress(report.status, report.at, report.code)
    return reminder.after(news, provider_id=report.provider_id)


def _reported(account: Account, report: DeliveryReport) -> Change:
    reminder = account.reminder(report.reminder_id)
    if reminder is None:
        return Change(account)
    done: tuple[TaskDone, ...] = ()
    if report.status is not None:
        moved = reminder.advanced(report.status, provider_id=report.provider_id, detail=report.code)
        done = outcome_settled(reminder, moved, report.at)
        account = account.with_reminder(moved)
    facts = (
        ("reminder", report.reminder_id),
        ("stage", reminder.stage),
        ("channel", str(reminder.channel)),
        ("code", report.code),
    )
    kind = str(report.status or "delayed")
    entry = Entry(f"delivery-{report.reminder_id}-{kind}-{report.code}", report.at, kind, facts)
    tasks: tuple[Task, ...] = ()
    if report.suppress is SuppressionReason.COMPLAINT:
        task_id = f"{TaskKind.COMPLAINT}-{report.reminder_id}"
        summary = SUMMARIES[TaskKind.COMPLAINT]
        tasks = (Task(task_id, TaskKind.COMPLAINT, report.at, summary, facts),)
    return Change(account, entries=(entry,), tasks=tasks, done=done)
