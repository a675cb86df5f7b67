"""An account while a client's message changes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from tactful.domain.book.account import Account, Change, Entry, TaskKind
from tactful.domain.book.agreements import Hold, HoldKind
from tactful.domain.book.answers import Answer, AnswerKind
from tactful.domain.book.events import put_hold
from tactful.domain.book.money import Money
from tactful.domain.dunning.answering import may_be_answered
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.policy import Policy
from tactful.domain.replies.heard import Heard, invoices_meant

# Everything else was said by whoever called.
_WORTH_WRITING_AFTER_A_CALL = frozenset(
    {AnswerKind.PROMISE_NOTED, AnswerKind.EXTENSION_GRANTED, AnswerKind.PAYMENT_DETAILS}
)


@dataclass(slots=True)
class Taking:
    """What the message has changed so far: the account and its timeline, tasks with their facts, answers."""

    account: Account
    heard: Heard
    policy: Policy
    calendar: Calendar
    entries: list[Entry] = field(default_factory=list)
    tasks: list[tuple[TaskKind, tuple[tuple[str, str], ...]]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.calendar.today(self.heard.at)

    @property
    def about(self) -> tuple[str, ...]:
        return invoices_meant(self.account, self.heard.meaning.facts.invoices)

    def apply(self, change: Change) -> None:
        self.account = change.account
        self.entries += change.entries

    @property
    def can_answer(self) -> bool:
        """Whether an answer would be given."""
        return self.policy.chase and may_be_answered(
            self.account, self.policy, self.heard.channel, self.heard.answer_to
        )

    def hold(self, kind: HoldKind, days: int | None, invoices: tuple[str, ...] = ()) -> None:
        """Pause for so many days, or until a person lifts it."""
        until = self.heard.at + timedelta(days=days) if days is not None else None
        hold = Hold(f"{kind}-{self.heard.id}", kind, self.heard.at, until, invoices)
        self.apply(put_hold(self.account, hold))

    def ask(self, kind: TaskKind, *more: tuple[str, str]) -> None:
        """Ask a person, and pause for a while, unless the message pauses all that is owed already."""
        self.tasks.append((kind, more))
        ours = [hold for hold in self.account.holds if hold.id.endswith(f"-{self.heard.id}")]
        if (
            not all(any(hold.covers(number) for hold in ours) for number in self.account.owed_numbers())
            or not ours
        ):
            self.hold(HoldKind.REPLY, self.policy.hold_days_after_reply)

    def answer(
        self,
        kind: AnswerKind,
        invoices: tuple[str, ...] = (),
        day: date | None = None,
        amount: Money | None = None,
    ) -> None:
        heard = self.heard
        if heard.in_a_call and kind not in _WORTH_WRITING_AFTER_A_CALL:
            return
        if self.can_answer:
            self.answers.append(
                Answer(heard.id, kind, heard.channel, heard.answer_to, heard.at, invoices, day, amount)
            )
