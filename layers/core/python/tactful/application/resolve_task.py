"""What a person decides about a task: granted, agreed, settled, or simply done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tactful.application.account_events import AccountEvents
from tactful.application.ports import TaskBoard, TaskDesk
from tactful.domain.book.account import Account, Change, Task, TaskDone, TaskKind
from tactful.domain.book.agreements import Extension, Hold, HoldKind, Plan
from tactful.domain.book.answers import Answer, AnswerKind
from tactful.domain.book.customer import Channel
from tactful.domain.book.events import agree_plan, grant_extension, lift_hold, put_hold
from tactful.domain.book.money import Money, totals
from tactful.domain.charges.plans import PlanSchedule, schedule
from tactful.domain.charges.wanted import Instalments
from tactful.domain.dunning.answering import where_to_tell
from tactful.domain.replies.heard import invoices_meant


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided. Nothing but `by` means that the task is done, and whatever pauses goes on pausing.

    With `propose`, the instalments are only put to the client, and the task stays open until they are agreed on.
    `partner` is who takes over what could not be settled: reminders end, and the client is told.
    """

    by: str
    note: str = ""
    until: date | None = None
    instalments: Instalments | None = None
    propose: bool = False
    lift: bool = False
    partner: str = ""


@dataclass(frozen=True, slots=True)
class ResolveTask:
    """Applies the decision and does the task, together: a crash between them cannot happen."""

    events: AccountEvents
    tasks: TaskBoard
    desk: TaskDesk

    def resolve(self, task_id: str, decided: Decided) -> tuple[tuple[Task, Account | None], ...]:
        """Resolve an open task; the tasks done, each with its account afterwards (None if it has none).

        One message may have opened a task of each account that shares an address. Raises ValueError, which says what
        is wrong and what to do; StoreUnavailableError.
        """
        found = [(key, task) for key, task in self.tasks.list_open() if task.id == task_id]
        if not found:
            raise ValueError(f"no task {task_id!r} is open: see the open tasks")
        if any(task.kind is TaskKind.APPROVAL for _, task in found):
            raise ValueError(f"{task_id} waits for an answer: approve or decline it")
        if decided.partner and any(task.kind is not TaskKind.COLLECTIONS for _, task in found):
            raise ValueError(f"{task_id} is no hand-off to collections: nobody can take it over")
        wants_account = decided.until or decided.instalments or decided.lift or decided.partner
        if wants_account and any(not key for key, _ in found):
            raise ValueError(f"{task_id} belongs to no customer: only --note goes with it")
        return tuple((task, self._resolve(key, task, decided)) for key, task in found)

    def _resolve(self, key: str, task: Task, decided: Decided) -> Account | None:
        done = TaskDone(task.id, self.events.clock.now(), decided.by, decided.note)
        if not key:
            self.desk.close(key, done)
            return None

        def resolved(account: Account) -> Change:
            change = self._applied(account, task, decided)
            return change if decided.propose else replace(change, done=(*change.done, done))

        account = self.events.apply(key, resolved)
        if decided.propose:
            return account
        # What changes nothing but the task is not committed as an event.
        self.desk.close(key, done)
        return account

    def _applied(self, account: Account, task: Task, decided: Decided) -> Change:
        now = self.events.clock.now()
        today = self.events.calendar.today(now)
        named = dict(task.facts).get("about", "")
        about = invoices_meant(account, [name.strip() for name in named.split(",")] if named else [])
        change = Change(account)
        if decided.until:
            extension = Extension(f"resolved-{task.id}", about, decided.until, now)
            change = _then(change, grant_extension(change.account, extension, today))
        if decided.instalments:
            agreed = self._scheduled(account, about, decided.instalments, today)
            rest = decided.instalments.rest_due_after
            kind = AnswerKind.PLAN_PROPOSED if decided.propose else AnswerKind.PLAN_AGREED
            if not decided.propose:
                plan = Plan(f"resolved-{task.id}", about, agreed.instalments, now, rest)
                change = _then(change, agree_plan(change.account, plan, today))
            answer = Answer("", kind, Channel.EMAIL, "", now, about, None, None, agreed.instalments, rest)
            change = self._telling(change, task, answer)
        if decided.partner:
            held = Hold(
                f"handed-over-{task.id}", HoldKind.MANUAL, now, note=f"handed over to {decided.partner}"
            )
            change = _then(change, put_hold(change.account, held))
            notice = Answer(
                "", AnswerKind.HANDOFF_NOTICE, Channel.EMAIL, "", now, about, partner=decided.partner
            )
            change = self._telling(change, task, notice)
        if decided.lift or decided.until or (decided.instalments and not decided.propose):
            message = task.id.removeprefix(f"{task.kind}-")
            for hold in account.holds:
                if hold.id.endswith(f"-{message}") and hold.is_active(now):
                    change = _then(change, lift_hold(change.account, hold.id, now, decided.by))
        return change

    def _telling(self, change: Change, task: Task, answer: Answer) -> Change:
        """The change with what the client is to be told; without anybody who may be written to, nobody is."""
        account, policy = change.account, self.events.policy
        own = policy.for_customer(account.customer, self.events.calendar.business_country)
        where = where_to_tell(account, own, answer.kind, dict(task.facts).get("from", ""))
        if where is None:
            return change
        channel, address = where
        told = replace(
            answer, id=f"{answer.kind}-{answer.at:%Y%m%dT%H%M}-{task.id}", channel=channel, address=address
        )
        # What was still to be said of the same message is overtaken.
        message = task.id.removeprefix(f"{task.kind}-")
        others = tuple(known for known in account.answers if known.id not in (told.id, message))
        return replace(change, account=replace(account, answers=(*others, told)))

    def _scheduled(
        self, account: Account, about: tuple[str, ...], wanted: Instalments, today: date
    ) -> PlanSchedule:
        calendar = self.events.calendar
        own = self.events.policy.for_customer(account.customer, calendar.business_country)
        is_open = calendar.working_days_of(account.customer, own)
        return schedule(wanted.terms(_debt(account, about), today), is_open)


def _debt(account: Account, about: tuple[str, ...]) -> Money:
    owed = totals(one.amount_due for one in account.invoices if one.number in about)
    if len(owed) != 1:
        raise ValueError(
            "more than one currency is due: agree on each with the client, and note it by `tactful extend`"
            if owed
            else "nothing is due on what the task is about: there is nothing to pay in parts"
        )
    (debt,) = owed.values()
    return debt


def _then(change: Change, following: Change) -> Change:
    return Change(
        following.account,
        (*change.entries, *following.entries),
        (*change.tasks, *following.tasks),
        (*change.done, *following.done),
    )
