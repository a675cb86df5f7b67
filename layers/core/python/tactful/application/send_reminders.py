"""Acting on a due account: decide again, claim, check once more, send once, record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from tactful.application.account_events import AccountEvents
from tactful.application.ports import (
    Accepted,
    AddressBook,
    AlreadyRecordedError,
    ConflictError,
    MessageSender,
    OutcomeUnknown,
    Outgoing,
    Refusal,
    Refused,
    ReminderDesk,
    Rendered,
    SendOutcome,
    StoreUnavailableError,
    TaskBoard,
    Wording,
    WordingError,
)
from tactful.domain.book.account import (
    Account,
    Change,
    Entry,
    Suppression,
    SuppressionReason,
    Task,
    TaskKind,
)
from tactful.domain.book.contact_log import Reminder, ReminderStatus
from tactful.domain.book.customer import Channel
from tactful.domain.dunning.decision import Ask, Decision, Nothing, Reason, ReasonCode, Send, Wait
from tactful.domain.dunning.explain import as_facts
from tactful.domain.dunning.handover import outcome_settled, superseded, task_for, unworded
from tactful.domain.sending.state import Stop

# A provider that is busy now is asked again at the next tick.
_RETRY_PAUSE = timedelta(minutes=15)
# A wrong setting takes a person a while to mend: looking every quarter of an hour would only repeat the fault.
_CONFIGURATION_PAUSE = timedelta(hours=1)

_ATTEMPTS = 5

_SUPPRESSIONS = {
    Refusal.ADDRESS: SuppressionReason.INVALID,
    Refusal.CONSENT: SuppressionReason.OPT_OUT,
}


def decided_id(reminder_id: str) -> str:
    """What the ids of the timeline entries begin with that tell why a reminder was sent."""
    return f"decided-{reminder_id}"


class Outcome(StrEnum):
    """What became of one due account. A run's counts add up over these."""

    SENT = "sent"
    DEFERRED = "deferred"
    BLOCKED = "blocked"
    TASK = "task"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Acted:
    """What was done about an account, with the reasons; `reminder` if one was decided."""

    outcome: Outcome
    reasons: tuple[str, ...] = ()
    reminder: Reminder | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """An account as it was read, what was decided about it, and the words if that is to send a message."""

    account: Account
    decision: Decision
    words: Rendered | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SendReminders:
    """Acts on due accounts, one after the other. What a batch of them can share is done once, by `prepare`."""

    events: AccountEvents
    desk: ReminderDesk
    addresses: AddressBook
    tasks: TaskBoard
    senders: Mapping[Channel, MessageSender]
    wording: Wording

    def prepare(self, account_keys: Sequence[str]) -> Mapping[str, Prepared]:
        """Read accounts together, decide, and put down why: what there is to know before each is acted on.

        An account whose deciding fails is left out, and fails when it is acted on. Raises StoreUnavailableError.
        """
        accounts, state = self.desk.load_many(account_keys)
        prepared: dict[str, Prepared] = {}
        for key, account in accounts.items():
            with suppress(Exception):
                prepared[key] = self._prepared(account)
        now = self.events.clock.now()
        self.desk.note(
            [
                (key, self._decided(one.account, one.decision.reminder))
                for key, one in prepared.items()
                if isinstance(one.decision, Send)
                and one.words is not None
                and not state.stop_of(one.decision.reminder.channel, now)
            ]
        )
        return prepared

    def prepared_if_possible(self, account_keys: Sequence[str]) -> Mapping[str, Prepared]:
        """What `prepare` says, or nothing: each account is then read by itself, and fails by itself."""
        try:
            return self.prepare(account_keys)
        except Exception:  # noqa: BLE001 - one fault must not fail accounts that could be acted on
            return {}

    def act_on(self, account_key: str, prepared: Prepared | None = None) -> Acted:
        """Do what the account needs now; `prepared` is what `prepare` said of it.

        Raises StoreUnavailableError before anything was sent, or after: a claim that could not be recorded stays
        a claim, and is never sent again.
        """
        for _ in range(_ATTEMPTS):
            known = prepared or self.prepare([account_key]).get(account_key)
            prepared = None
            if known is None:
                account = self.events.store.load(account_key)
                if account is None:
                    return Acted(Outcome.BLOCKED, ("no_such_account",))
                known = self._prepared(account)
            try:
                return self._act(known)
            except (ConflictError, AlreadyRecordedError):
                continue
        return Acted(Outcome.DEFERRED, ("account_contended",))

    def _prepared(self, account: Account) -> Prepared:
        decision = self.events.decide(account)
        if not isinstance(decision, Send):
            return Prepared(account, decision)
        try:
            return Prepared(account, decision, self.wording.render(account, decision.reminder))
        except WordingError as error:
            return Prepared(account, decision, fault=str(error))

    def _act(self, prepared: Prepared) -> Acted:
        account = prepared.account
        match prepared.decision:
            case Send(reminder=reminder):
                if prepared.words is not None:
                    return self._send(account, reminder, prepared.words)
                step = unworded(reminder)
                refused = self._task(account, TaskKind.MESSAGE_REFUSED, step, fault=prepared.fault)
                return self._ask(account, step, refused, ("wording",))
            case Ask(kind=kind, step=step, reasons=reasons):
                return self._ask(account, step, self._task(account, kind, step), _words(reasons))
            case Wait(reasons=reasons):
                if not any(reason.code is ReasonCode.CLAIM_IN_FLIGHT for reason in reasons):
                    self._reschedule(account)
                return Acted(Outcome.DEFERRED, _words(reasons))
            case Nothing(reasons=reasons):
                self._reschedule(account)
                return Acted(Outcome.BLOCKED, _words(reasons))

    def _reschedule(self, account: Account) -> None:
        change = self.events.scheduled(Change(account))
        if change.account != account:
            self.events.store.commit(account, change)

    def _ask(self, account: Account, step: Reminder, task: Task, reasons: tuple[str, ...]) -> Acted:
        done, entries = superseded(account, step), (self._decided(account, step),)
        change = self.events.scheduled(Change(account.with_step(step), entries, (task,), done))
        self.events.store.commit(account, change)
        return Acted(Outcome.TASK, reasons, step)

    def _send(self, account: Account, reminder: Reminder, words: Rendered) -> Acted:
        claim = Change(account.with_claim(reminder))
        self.events.store.commit(account, claim)
        claimed = replace(claim.account, version=account.version + 1)
        # The claim is ours. A payment, hold, opt-out or stop may have come since the account was loaded.
        try:
            fresh, state = self.desk.recheck(claimed)
        except StoreUnavailableError:
            self._give_back(account.key, reminder, "reminder_withheld", "the store is unavailable")
            raise
        stop = state.stop_of(reminder.channel, self.events.clock.now())
        if stop:
            return self._stopped(account.key, reminder, stop)
        again = self.events.decide(fresh.without_claim(reminder)) if fresh else None
        if fresh is None or not isinstance(again, Send) or not again.reminder.same_message(reminder):
            return self._withhold(reminder, account.key, _words(again.reasons) if again else ())
        return self._record(fresh, reminder, self._hand_over(again, words))

    def _stopped(self, account_key: str, reminder: Reminder, stop: Stop) -> Acted:
        reason = f"stopped: {stop.channel or 'everything'}"
        self._give_back(account_key, reminder, "reminder_withheld", reason, pause=_RETRY_PAUSE)
        return Acted(Outcome.DEFERRED, (reason,), reminder)

    def _hand_over(self, send: Send, words: Rendered) -> SendOutcome:
        reminder = send.reminder
        return self.senders[reminder.channel].send(
            Outgoing(
                reminder_id=reminder.id,
                address=reminder.address,
                words=words,
                latest=send.latest,
                now=self.events.clock.now(),
            )
        )

    def _withhold(self, reminder: Reminder, account_key: str, reasons: tuple[str, ...]) -> Acted:
        """Something came between deciding and sending: give the claim back, for nothing was sent."""
        self._give_back(account_key, reminder, "reminder_withheld", "; ".join(reasons))
        return Acted(Outcome.BLOCKED, reasons, reminder)

    def _record(self, claimed: Account, reminder: Reminder, outcome: SendOutcome) -> Acted:
        account_key = claimed.key
        match outcome:
            case Accepted(provider_id=provider_id):
                accepted = reminder.advanced(ReminderStatus.ACCEPTED, provider_id=provider_id)
                try:
                    self.events.store.commit(
                        claimed, self.events.scheduled(Change(claimed.with_reminder(accepted)))
                    )
                except ConflictError:
                    self._advance(account_key, accepted)
                return Acted(Outcome.SENT, reminder.reasons, accepted)
            case OutcomeUnknown(code=code):
                self._note_unknown(account_key, reminder, code)
                return Acted(Outcome.UNKNOWN, (code,), reminder)
            case Refused(refusal=Refusal.RETRY_LATER, code=code):
                self._give_back(account_key, reminder, "provider_busy", code, pause=_RETRY_PAUSE)
                return Acted(Outcome.DEFERRED, (f"provider_busy: {code}",), reminder)
            case Refused(refusal=Refusal.CONFIGURATION, code=code):
                self.tasks.open(_configuration_task(reminder, code))
                self._give_back(
                    account_key, reminder, "channel_misconfigured", code, pause=_CONFIGURATION_PAUSE
                )
                return Acted(Outcome.DEFERRED, (f"channel_misconfigured: {code}",), reminder)
            case Refused(refusal=refusal, code=code):
                failed = reminder.advanced(ReminderStatus.FAILED, detail=code)
                if refusal in _SUPPRESSIONS:
                    suppression = Suppression(_SUPPRESSIONS[refusal], self.events.clock.now())
                    self.addresses.suppress(reminder.channel, reminder.address, suppression)
                self._advance(account_key, failed, refused=refusal is Refusal.MESSAGE)
                return Acted(Outcome.FAILED, (f"{refusal}: {code}",), failed)

    def _advance(self, account_key: str, news: Reminder, *, refused: bool = False) -> None:
        """Take over what the provider said, unless its own events were faster and said more."""

        def advanced(account: Account) -> Change:
            known = account.reminder(news.id) or news
            latest = known.advanced(news.status, provider_id=news.provider_id, detail=news.detail)
            if not latest.provider_id:
                latest = replace(latest, provider_id=news.provider_id)
            tasks = (self._task(account, TaskKind.MESSAGE_REFUSED, news),) if refused else ()
            now = self.events.clock.now()
            return Change(
                account.with_reminder(latest), tasks=tasks, done=outcome_settled(known, latest, now)
            )

        self.events.apply(account_key, advanced)

    def _note_unknown(self, account_key: str, reminder: Reminder, code: str) -> None:
        """Leave the claim: the provider's own event settles it, or a person after the lease. Never a resend."""
        entry = self._entry(reminder, "outcome_unknown", code)
        self.events.apply(account_key, lambda account: Change(account, entries=(entry,)))

    def _give_back(
        self, account_key: str, reminder: Reminder, kind: str, detail: str, *, pause: timedelta | None = None
    ) -> None:
        entry = self._entry(reminder, kind, detail)
        self.events.apply(
            account_key,
            lambda account: Change(account.without_claim(reminder), entries=(entry,)),
            not_before=entry.at + pause if pause else None,
        )

    def _decided(self, account: Account, reminder: Reminder) -> Entry:
        """Why it is sent or asked: told later without guessing. A claim may be given back and made again."""
        facts = as_facts(self.events.explain(account))
        return Entry(f"{decided_id(reminder.id)}-{account.version}", reminder.at, "decided", facts)

    def _task(self, account: Account, kind: TaskKind, step: Reminder, *, fault: str = "") -> Task:
        return task_for(account, self.events.policy, self.events.calendar, kind, step, fault=fault)

    def _entry(self, reminder: Reminder, kind: str, detail: str) -> Entry:
        now = self.events.clock.now()
        facts = (("stage", reminder.stage), ("channel", str(reminder.channel)), ("detail", detail))
        return Entry(f"{kind}-{reminder.id}-{now.isoformat()}", now, kind, facts)


def _configuration_task(reminder: Reminder, code: str) -> Task:
    """One task a day for a fault that every message of the channel meets."""
    kind = TaskKind.CHANNEL_MISCONFIGURED
    return Task(
        f"{kind}-{reminder.channel}-{code}-{reminder.at.date()}",
        kind,
        reminder.at,
        f"The {reminder.channel} provider refuses everything: mend its settings, reminders wait meanwhile",
        (("code", code),),
    )


def _words(reasons: tuple[Reason, ...]) -> tuple[str, ...]:
    return tuple(str(reason) for reason in reasons)
