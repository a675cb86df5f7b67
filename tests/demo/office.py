"""The person in the office: reads the tasks, approves final demands the next day, and makes the calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tactful.application.account_events import AccountEvents
from tactful.application.answer_approval import AnswerApproval
from tactful.application.calls import CallDesk
from tactful.application.ports import TaskBoard
from tactful.domain.book.account import Task, TaskKind
from tactful.domain.book.agreements import Verdict
from tactful.domain.calls.outcome import Called, CallOutcome

WHO = "Bea"
# The end of the next morning, for most.
_TAKES = {TaskKind.APPROVAL: timedelta(hours=20), TaskKind.CALL: timedelta(hours=6)}

# What everybody says who is called.
_PROMISED_IN = timedelta(days=4)


@dataclass(slots=True)
class Office:
    """Does what the command line does: `tactful approve` and `tactful call`."""

    events: AccountEvents
    tasks: TaskBoard
    calls: CallDesk
    _waiting: list[tuple[datetime, str, Task]] = field(default_factory=list)

    def look(self) -> None:
        """Read the list of open tasks."""
        self._waiting = sorted(
            [
                (task.opened_at + _TAKES[task.kind], key, task)
                for key, task in self.tasks.list_open()
                if task.kind is TaskKind.APPROVAL
                or (task.kind is TaskKind.CALL and self._has_phone(key, task))
            ],
            key=lambda waiting: (waiting[0], waiting[2].id),
        )

    def next_at(self) -> datetime | None:
        """When the next task will be done."""
        return self._waiting[0][0] if self._waiting else None

    def act(self) -> None:
        """Do what is due by now."""
        now = self.events.clock.now()
        for _, _, task in [waiting for waiting in self._waiting if waiting[0] <= now]:
            if task.kind is TaskKind.APPROVAL:
                AnswerApproval(self.events).answer(task.id, Verdict.GRANTED, WHO)
            else:
                promised = self.events.calendar.today(now) + _PROMISED_IN
                self.calls.note(task.id, Called(CallOutcome.PROMISED, WHO, promised))
        self.look()

    def _has_phone(self, account_key: str, task: Task) -> bool:
        return "phone" in dict(self.calls.prepared(account_key, task).facts)
