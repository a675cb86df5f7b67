"""Calls to clients: what the caller of a task is told, and what follows from what was said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from tactful.application.account_events import AccountEvents
from tactful.application.ports import AddressBook, TaskBoard, TaskDesk
from tactful.domain.book.account import Account, Change, Suppression, SuppressionReason, Task, TaskDone
from tactful.domain.book.answers import AnswerKind
from tactful.domain.book.contact_log import ManualContact
from tactful.domain.book.customer import Channel, Contact
from tactful.domain.book.events import note_manual_contact
from tactful.domain.book.money import Money
from tactful.domain.calls.outcome import Called, CallOutcome
from tactful.domain.calls.sheet import CALLED, CallSheet, Situation, call_sheet
from tactful.domain.dunning.answering import where_to_tell
from tactful.domain.dunning.calendar import NeverOpenError
from tactful.domain.replies.effects import effects_of
from tactful.domain.replies.heard import Heard, invoices_meant
from tactful.domain.replies.message import Intent, Scope

TRIES = 3
"""So often nobody answers before the task is done: the next stage goes on in writing."""
_HOW = "call"


class CallScripts(Protocol):
    """What is said in a call, in the client's language."""

    def script(self, account: Account, sheet: CallSheet, at: datetime) -> Sequence[tuple[str, str]]:
        """The parts of the script by name, in order: opening, identity check, question, offers, close.

        Raises WordingError if there are no words for it.
        """
        ...

    def dialled(self, phone: str) -> str:
        """A phone number (E.164) as people dial it: in its national format, and from abroad."""
        ...


@dataclass(frozen=True, slots=True)
class CallDesk:
    """Prepares the calls that tasks ask for, from the accounts as they are now, and takes what they came to."""

    events: AccountEvents
    addresses: AddressBook
    tasks: TaskBoard
    desk: TaskDesk
    scripts: CallScripts

    def prepared(self, account_key: str, task: Task) -> Task:
        """A task with what its call needs in place of what was known when it was opened; others as they are.

        Raises StoreUnavailableError, and WordingError if there are no words for it.
        """
        account = self.events.store.load(account_key) if task.kind in CALLED and account_key else None
        if account is None:
            return task
        fresh = dict(self._facts(account, task))
        kept = [(name, said) for name, said in task.facts if name not in fresh]
        return replace(task, facts=(*kept, *fresh.items()))

    def note(self, task_id: str, called: Called) -> tuple[tuple[Task, Account, bool], ...]:
        """Take what a call came to; each task with its account afterwards, and whether the task is done.

        Raises ValueError, which says what is wrong and what to do; StoreUnavailableError.
        """
        found = [(key, task) for key, task in self.tasks.list_open() if task.id == task_id]
        if not found:
            raise ValueError(f"no task {task_id!r} is open: see the open tasks")
        if any(task.kind not in CALLED or not key for key, task in found):
            raise ValueError(f"{task_id} is no call: settle it by `tactful resolve`")
        return tuple((task, *self._note(key, task, called)) for key, task in found)

    def _note(self, key: str, task: Task, called: Called) -> tuple[Account, bool]:
        account = self.events.store.load(key)
        if account is None:
            raise ValueError(
                f"{task.id} is of a customer who is not known any more: settle it by `tactful resolve`"
            )
        now = self.events.clock.now()
        contact = self._sheet(account, task, now).contact or next(iter(account.customer.contacts), None)
        _refuse(account, called, self.events.calendar.today(now))
        self._obey(called, contact, now)
        done = TaskDone(task.id, now, called.by, ": ".join(filter(None, (called.outcome, called.note))))

        def noted(known: Account) -> Change:
            change = self._change(known, task, called, contact, now)
            return replace(change, done=(done,)) if _ends(known, task, called) else change

        ends = _ends(account, task, called)
        after = self.events.apply(key, noted)
        if ends:
            self.desk.close(key, done)
        return after or account, ends

    def _change(
        self, account: Account, task: Task, called: Called, contact: Contact | None, now: datetime
    ) -> Change:
        call_id = f"{task.id}-{now:%Y%m%dT%H%M%S}"
        step = task.id.removeprefix(f"{task.kind}-")
        made = ManualContact(
            call_id,
            now,
            _HOW,
            ": ".join(filter(None, (called.outcome, called.note))),
            step if account.reminder(step) else "",
        )
        change = note_manual_contact(account, made, now)
        meaning = called.understood(_owed(account))
        if meaning is None:
            return change
        own = self.events.policy.for_customer(account.customer, self.events.calendar.business_country)
        where = where_to_tell(account, own, AnswerKind.PROMISE_NOTED, contact.email if contact else "")
        channel, address = where or (Channel.EMAIL, "")
        heard = Heard(
            call_id,
            channel,
            contact.phone if contact else "",
            called.note,
            now,
            meaning,
            address,
            in_a_call=True,
            more=(("outcome", str(called.outcome)), ("by", called.by)),
        )
        following = effects_of(change.account, heard, self.events.policy, self.events.calendar)
        return replace(following, entries=(*change.entries, *following.entries))

    def _obey(self, called: Called, contact: Contact | None, now: datetime) -> None:
        """Forbid what was asked not to be used, for every account."""
        meaning = called.outcome.meaning
        if contact is None:
            return
        if meaning.intent is Intent.WRONG_CONTACT and contact.phone:
            wrong = Suppression(SuppressionReason.WRONG_CONTACT, now)
            self.addresses.suppress(Channel.SMS, contact.phone, wrong)
        if meaning.scope is not None and contact.phone:
            self.addresses.forbid_calls(contact.phone, now)
        if meaning.scope is Scope.ALL:
            for channel in (Channel.SMS, Channel.EMAIL):
                if address := contact.address(channel):
                    self.addresses.suppress(channel, address, Suppression(SuppressionReason.OPT_OUT, now))

    def _sheet(self, account: Account, task: Task, now: datetime) -> CallSheet:
        step = account.reminder(task.id.removeprefix(f"{task.kind}-"))
        return call_sheet(account, self.events.policy, self.events.calendar, now, task.kind, step)

    def _facts(self, account: Account, task: Task) -> Iterator[tuple[str, str]]:
        now = self.events.clock.now()
        sheet = self._sheet(account, task, now)
        yield "situation", str(sheet.situation)
        if why := _why_not(account, sheet):
            yield "contact", why
            return
        contact = sheet.contact
        if contact is None:
            return
        before = ", who wanted no calls before" if contact.name in sheet.want_no_calls else ""
        yield "contact", f"{contact.name} ({contact.role}){before}"
        asked = dict(task.facts).get("phone", "")
        numbers = dict.fromkeys(self.scripts.dialled(one) for one in (asked, contact.phone) if one)
        yield "phone", ", else ".join(numbers)
        yield "local_time", self._local_time(account, now)
        yield "tone", str(sheet.tone)
        tries = _tries(account, task)
        if tries:
            yield "tried", "; ".join(f"{one:%Y-%m-%d %H:%M} UTC" for one in tries)
        if sheet.reasons:
            yield "not_about", "; ".join(str(reason) for reason in sheet.reasons)
        yield from self.scripts.script(account, sheet, now)

    def _local_time(self, account: Account, now: datetime) -> str:
        calendar, customer = self.events.calendar, account.customer
        policy = self.events.policy.for_customer(customer, calendar.business_country)
        zones = calendar.zones_of(customer)
        clocks = ", ".join(f"{now.astimezone(zone):%a %H:%M} in {zone.key}" for zone in zones)
        try:
            if calendar.is_open(now, customer, policy):
                until = calendar.closes(now, customer, policy).astimezone(zones[0])
                return f"{clocks}: call until {until:%H:%M}"
            opens = calendar.next_open(now, customer, policy).astimezone(zones[0])
        except NeverOpenError:
            return f"{clocks}: no hour suits every clock the client may have"
        return f"{clocks}: do not call now, but from {opens:%a %Y-%m-%d %H:%M}"


def _refuse(account: Account, called: Called, today: date) -> None:
    """Raise ValueError for what cannot be meant, before anything is changed by it."""
    called.understood(_owed(account))
    if called.day and called.outcome is CallOutcome.PAID and called.day > today:
        raise ValueError(
            f"{called.day} is ahead: nothing was paid then; name the day, or note it as promised"
        )
    if called.day and called.outcome is not CallOutcome.PAID and called.day < today:
        raise ValueError(f"{called.day} is past: name a day from {today} on")
    unknown = [name for name in called.invoices if not invoices_meant(account, [name])]
    if unknown:
        due = ", ".join(account.owed_numbers()) or "nothing"
        raise ValueError(f"nothing is due on {', '.join(unknown)}: what is due is {due}")


def _owed(account: Account) -> list[Money]:
    return [one.amount_due for one in account.invoices if one.amount_due.minor > 0]


def _why_not(account: Account, sheet: CallSheet) -> str:
    """Why there is nobody to call, or nothing to call about; empty if there is."""
    if sheet.situation is Situation.NOTHING_DUE:
        because = "; ".join(str(reason) for reason in sheet.reasons)
        return f"do not call: nothing is to be asked for now{f' ({because})' if because else ''}"
    if sheet.contact is not None:
        return ""
    if sheet.want_no_calls:
        return f"do not call: {', '.join(sheet.want_no_calls)} asked for no calls; write instead"
    known = any(contact.phone for contact in account.customer.contacts)
    return (
        "no phone number is right any more: write instead"
        if known
        else "no phone number is known: write instead"
    )


def _tries(account: Account, task: Task) -> list[datetime]:
    return [made.at for made in account.manual_contacts if made.id.startswith(f"{task.id}-")]


def _ends(account: Account, task: Task, called: Called) -> bool:
    return called.outcome is not CallOutcome.NO_ANSWER or len(_tries(account, task)) + 1 >= TRIES
