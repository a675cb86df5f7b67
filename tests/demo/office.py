"""The person in the office: reads the tasks, approves final demands the next day, and makes the calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tactful.application.account_events import AccountEvents
from tactful.application.answer_approval import AnswerApproval
from tactful.application.ports import TaskBoard, TaskDesk
from tactful.application.resolve_task import Decided, ResolveTask
from tactful.domain.book.account import Task, TaskKind
from tactful.domain.book.agreements import Verdict

WHO = "Bea"
# The end of the next morning, for most.
_TAKES = {TaskKind.APPROVAL: timedelta(hours=20), TaskKind.CALL: timedelta(hours=6)}


@dataclass(slots=True)
class Office:
    """Does what the command line does: `tactful approve` and `tactful tasks done`."""

    events: AccountEvents
    tasks: TaskBoard
    desk: TaskDesk
    _waiting: list[tuple[datetime, Task]] = field(default_factory=list)

    def look(self) -> None:
        """Read the list of open tasks."""
        self._waiting = sorted(
            [
                (task.opened_at + _TAKES[task.kind], task)
                for _, task in self.tasks.list_open()
                if task.kind in _TAKES
            ],
            key=lambda pair: (pair[0], pair[1].id),
        )

    def next_at(self) -> datetime | None:
        """When the next task will be done."""
        return self._waiting[0][0] if self._waiting else None

    def act(self) -> None:
        """Do what is due by now."""
        now = self.events.clock.now()
        for _, task in [waiting for waiting in self._waiting if waiting[0] <= now]:
            if task.kind is TaskKind.APPROVAL:
                AnswerApproval(self.events).answer(task.id, Verdict.GRANTED, WHO)
            else:
                ResolveTask(self.events, self.tasks, self.desk).resolve(
                    task.id, Decided(WHO, "promised to look into it")
                )
        self.look()
