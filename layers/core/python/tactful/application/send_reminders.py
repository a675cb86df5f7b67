"""Acting on a due account: decide again, claim, check once more, send once, record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from tactful.application.account_events import AccountEvents
from tactful.application.guard import Guard
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
)
from tactful.application.send_batch import Batch, Prepared, Preparing
from tactful.application.sending_ports import Pace
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
from tactful.domain.dunning.decision import Ask, Nothing, Reason, ReasonCode, Send, Unanswered, Wait
from tactful.domain.dunning.handover import outcome_settled, superseded, task_for, unworded
from tactful.domain.sending.state import SendingState, Stop

# A provider that is busy now is asked again at the next tick.
_RETRY_PAUSE = timedelta(minutes=15)
# A wrong setting takes a person a while to mend: looking every quarter of an hour would only repeat the fault.
_CONFIGURATION_PAUSE = timedelta(hours=1)

_ATTEMPTS = 5

_SUPPRESSIONS = {
    Refusal.ADDRESS: SuppressionReason.INVALID,
    Refusal.CONSENT: SuppressionReason.OPT_OUT,
}


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

    @property
    def counters(self) -> tuple[str, ...]:
        """The names by which a run counts it: its outcome and, where nothing was done, the first reason for that."""
        outcome = self.outcome.title()
        if self.outcome not in (Outcome.BLOCKED, Outcome.DEFERRED) or not self.reasons:
            return (outcome,)
        reason = self.reasons[0].partition(":")[0]
        return (outcome, outcome + reason.title().replace("_", ""))


@dataclass(frozen=True, slots=True)
class SendReminders:
    """Acts on due accounts, one after the other. What they can share is done once for a batch.

    `token` gives a text that it never gave before, nor did it in another process.
    """

    events: AccountEvents
    desk: ReminderDesk
    addresses: AddressBook
    tasks: TaskBoard
    senders: Mapping[Channel, MessageSender]
    wording: Wording
    token: Callable[[], str]
    pace: Pace
    guard: Guard

    @property
    def _preparing(self) -> Preparing:
        return Preparing(self.events, self.desk, self.wording)

    @contextmanager
    def batch(self, account_keys: Sequence[str]) -> Iterator[Batch]:
        """Accounts read together, to be acted on; what is left to record is recorded at the end.

        What cannot be read together is read account by account. Raises StoreUnavailableError at the end if what was
        accepted could not be recorded: it stays a claim, and is never sent again.
        """
        batch = Batch({})
        with suppress(Exception):
            batch.prepared = self._preparing.read(account_keys)
        try:
            yield batch
        finally:
            try:
                self._record_accepted(batch)
            finally:
                self.guard.flush()

    def act_on(self, account_key: str, batch: Batch | None = None) -> Acted:
        """Do what the account needs now.

        Raises StoreUnavailableError before anything was sent, or after: a claim that could not be recorded stays
        a claim, and is never sent again.
        """
        if batch is None:
            with self.batch([account_key]) as alone:
                return self.act_on(account_key, alone)
        if batch.has_waited(self.events.clock.now()):
            self._record_accepted(batch)
        for _ in range(_ATTEMPTS):
            known = batch.prepared.pop(account_key, None) or self._preparing.read([account_key]).get(
                account_key
            )
            if known is None:
                account = self.events.store.load(account_key)
                if account is None:
                    return Acted(Outcome.BLOCKED, ("no_such_account",))
                # Deciding failed: so that it fails for all to see.
                known = self._preparing.prepared(account, SendingState())
            try:
                return self._act(known, batch)
            except (ConflictError, AlreadyRecordedError):
                continue
        return Acted(Outcome.DEFERRED, ("account_contended",))

    def look_at(self, account_key: str) -> Acted:
        """Only set an account's next action anew, if it has to be looked at earlier than it knows. Sends nothing.

        Raises StoreUnavailableError.
        """
        self.events.apply(account_key, Change)
        return Acted(Outcome.DEFERRED, ("rescheduled",))

    def _act(self, prepared: Prepared, batch: Batch) -> Acted:
        account = prepared.account
        match prepared.decision:
            case Send(reminder=reminder):
                if prepared.words is not None:
                    return self._send(prepared, reminder, prepared.words, batch)
                step = unworded(reminder)
                refused = self._task(account, TaskKind.MESSAGE_REFUSED, step, fault=prepared.fault)
                return self._ask(account, step, refused, ("wording",))
            case Ask(kind=kind, step=step, reasons=reasons):
                return self._ask(account, step, self._task(account, kind, step), _words(reasons))
            case Unanswered(reminder=reminder, reasons=reasons):
                return self._lost_track(account, reminder, _words(reasons))
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
        done, entries = superseded(account, step), (self._preparing.decided(account, step),)
        change = self.events.scheduled(Change(account.with_step(step), entries, (task,), done))
        self.events.store.commit(account, change)
        return Acted(Outcome.TASK, reasons, step)

    def _lost_track(self, account: Account, reminder: Reminder, reasons: tuple[str, ...]) -> Acted:
        """Whether the message left is found out later; until then it counts as a contact."""
        entry = self._entry(reminder, "outcome_unknown", reminder.detail)
        change = Change(account.with_reminder(reminder), entries=(entry,))
        self.events.store.commit(account, self.events.scheduled(change))
        return Acted(Outcome.UNKNOWN, reasons, reminder)

    def _send(self, prepared: Prepared, reminder: Reminder, words: Rendered, batch: Batch) -> Acted:
        key = prepared.account.key
        stop = prepared.state.stop_of(reminder.channel, self.events.clock.now())
        if stop:
            return self._put_off(prepared.account, reminder, stop)
        self.pace.wait(reminder.channel, prepared.state)
        reminder = replace(reminder, claimed_by=self.token(), text_hash=words.fingerprint)
        claimed = self._claimed(prepared, reminder)
        # The claim is ours. A payment, hold, opt-out or stop may have come since the account was read.
        try:
            fresh, state = self.desk.recheck(claimed)
        except StoreUnavailableError:
            self._give_back(key, reminder, "reminder_withheld", "the store is unavailable")
            raise
        stop = state.stop_of(reminder.channel, self.events.clock.now())
        if stop:
            return self._stopped(key, reminder, stop)
        again = self.events.decide(fresh.without_claim(reminder)) if fresh else None
        if fresh is None or not isinstance(again, Send) or not again.reminder.same_message(reminder):
            return self._withhold(reminder, key, _words(again.reasons) if again else ())
        outcome = self._hand_over(again, words)
        self.guard.note(reminder.channel, outcome)
        try:
            return self._record(fresh, reminder, outcome, batch)
        except (ConflictError, AlreadyRecordedError) as error:
            # What was said once must not be decided again as if it had not been.
            raise StoreUnavailableError(f"the answer could not be recorded: {error}") from error

    def _claimed(self, prepared: Prepared, reminder: Reminder) -> Account:
        """The account with the claim. Raises ConflictError if somebody changed it since it was read.

        A claim whose own answer got lost looks like somebody else's at first: it has our token.
        """
        account = prepared.account
        claim = Change(account.with_claim(reminder))
        try:
            self.events.store.commit(account, claim)
        except (ConflictError, StoreUnavailableError):
            found = self.events.store.load(account.key)
            ours = found.reminder(reminder.id) if found else None
            if found is None or ours is None or ours.claimed_by != reminder.claimed_by:
                raise
            return found
        return replace(claim.account, version=account.version + 1)

    def _put_off(self, account: Account, reminder: Reminder, stop: Stop) -> Acted:
        """It was stopped before: nothing was claimed yet."""
        now = self.events.clock.now()
        # Somebody may resume before the stop ends.
        not_before = min(stop.until, now + _CONFIGURATION_PAUSE) if stop.until else now + _RETRY_PAUSE
        self.events.store.commit(account, self.events.scheduled(Change(account), not_before=not_before))
        return Acted(Outcome.DEFERRED, (_stopped(stop),), reminder)

    def _stopped(self, account_key: str, reminder: Reminder, stop: Stop) -> Acted:
        reason = _stopped(stop)
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

    def _record(self, claimed: Account, reminder: Reminder, outcome: SendOutcome, batch: Batch) -> Acted:
        account_key = claimed.key
        match outcome:
            case Accepted(provider_id=provider_id):
                accepted = reminder.advanced(ReminderStatus.ACCEPTED, provider_id=provider_id)
                after = claimed.with_reminder(accepted)
                with suppress(Exception):
                    after = self.events.scheduled(Change(after)).account
                batch.accept(claimed, after, self.events.clock.now())
                return Acted(Outcome.SENT, reminder.reasons, accepted)
            case OutcomeUnknown(code=code):
                self._note_unknown(account_key, reminder, code)
                return Acted(Outcome.UNKNOWN, (code,), reminder)
            case Refused(refusal=Refusal.RETRY_LATER, code=code):
                self._give_back(account_key, reminder, "provider_busy", code, pause=_RETRY_PAUSE)
                return Acted(Outcome.DEFERRED, (f"provider_busy: {code}",), reminder)
            case Refused(refusal=Refusal.CONFIGURATION, code=code):
                self._give_back(
                    account_key, reminder, "channel_misconfigured", code, pause=_CONFIGURATION_PAUSE
                )
                self.tasks.open(_configuration_task(reminder, code))
                return Acted(Outcome.DEFERRED, (f"channel_misconfigured: {code}",), reminder)
            case Refused(refusal=refusal, code=code):
                failed = reminder.advanced(ReminderStatus.FAILED, detail=code)
                # First what cannot be found out again; an address that is not forbidden now is refused once more.
                self._advance(account_key, failed, refused=refusal is Refusal.MESSAGE)
                if refusal in _SUPPRESSIONS:
                    suppression = Suppression(_SUPPRESSIONS[refusal], self.events.clock.now())
                    self.addresses.suppress(reminder.channel, reminder.address, suppression)
                    self.events.apply(account_key, Change)
                return Acted(Outcome.FAILED, (f"{refusal}: {code}",), failed)

    def _record_accepted(self, batch: Batch) -> None:
        """Record together what was accepted, and by itself what could not be: somebody changed the account since."""
        accepted = batch.take_accepted()
        if not accepted:
            return
        try:
            missed = self.desk.record(accepted)
        except Exception:  # noqa: BLE001 - whatever keeps them from being recorded together, each is tried alone
            missed = [after.key for _, after in accepted]
        failed: Exception | None = None
        for claimed, after in accepted:
            if after.key in missed:
                try:
                    self._advance(after.key, _latest_of(claimed, after))
                except Exception as error:  # noqa: BLE001 - the answers about the others are to be recorded
                    failed = error
        if failed:
            raise failed

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

    def _task(self, account: Account, kind: TaskKind, step: Reminder, *, fault: str = "") -> Task:
        return task_for(account, self.events.policy, self.events.calendar, kind, step, fault=fault)

    def _entry(self, reminder: Reminder, kind: str, detail: str) -> Entry:
        now = self.events.clock.now()
        facts = (("stage", reminder.stage), ("channel", str(reminder.channel)), ("detail", detail))
        return Entry(f"{kind}-{reminder.id}-{now.isoformat()}", now, kind, facts)


def _latest_of(claimed: Account, after: Account) -> Reminder:
    """The reminder by which an account differs from what it was when it was claimed."""
    return next(reminder for reminder in after.reminders if reminder not in claimed.reminders)


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


def _stopped(stop: Stop) -> str:
    return f"stopped: {stop.channel or 'everything'}"


def _words(reasons: tuple[Reason, ...]) -> tuple[str, ...]:
    return tuple(str(reason) for reason in reasons)
