"""What a person says of a message that waits for approval."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tactful.application.account_events import AccountEvents
from tactful.domain.book.account import Account, Change, TaskDone, TaskKind
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
