"""What a person does with a task: approve or decline a message that waits for it, or say that a task is done."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tactful.application.account_events import AccountEvents
from tactful.application.ports import TaskBoard, TaskDesk
from tactful.domain.book.account import Account, Change, Task, TaskDone, TaskKind
from tactful.domain.book.agreements import Approval, Verdict
from tactful.domain.book.contact_log import account_key_of
from tactful.domain.book.events import give_verdict


@dataclass(frozen=True, slots=True)
class AnswerApproval:
    """Takes a person's word on a message that waits for approval. It is decided again when the word is used."""

    events: AccountEvents

    def answer(self, task_id: str, verdict: Verdict, by: str, note: str = "") -> Account:
        """Take the verdict and do the task, together; the account afterwards. The same word again changes nothing.

        Raises ValueError if no such message waits, or if it was answered otherwise before; StoreUnavailableError.
        """
        step_id = task_id.removeprefix(f"{TaskKind.APPROVAL}-")
        now = self.events.clock.now()

        def answered(account: Account) -> Change:
            change = give_verdict(account, Approval(step_id, verdict, now, by))
            if not change.entries:
                return change
            return replace(change, done=(TaskDone(task_id, now, by, note),))

        account = self.events.apply(account_key_of(step_id), answered) if step_id != task_id else None
        if account is None:
            raise ValueError(f"there is no message {task_id!r} to approve: see the open tasks")
        return account


@dataclass(frozen=True, slots=True)
class DoTask:
    """Takes a task off the board, once a person has done what it asks."""

    events: AccountEvents
    tasks: TaskBoard
    desk: TaskDesk

    def done(self, task_id: str, by: str, note: str = "") -> tuple[Task, ...]:
        """Do an open task; one reply may have opened a task of each account that shares an address. The tasks done.

        Raises ValueError if none is open by this id, or if it wants an answer instead; StoreUnavailableError.
        """
        found = [(key, task) for key, task in self.tasks.list_open() if task.id == task_id]
        if not found:
            raise ValueError(f"no task {task_id!r} is open: see the open tasks")
        if any(task.kind is TaskKind.APPROVAL for _, task in found):
            raise ValueError(f"{task_id} waits for an answer: approve or decline it")
        end = TaskDone(task_id, self.events.clock.now(), by, note)
        for key, _ in found:
            self.desk.close(key, end)
        return tuple(task for _, task in found)
