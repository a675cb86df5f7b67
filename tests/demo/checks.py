"""What must hold after the demo. Each check gives a sentence for everything that is off."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise

from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import ANSWER, Reminder, Tone
from tactful.domain.book.customer import Channel
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.policy import Policy
from tests.demo.snapshot import Snapshot

PAYMENT_KINDS = ("payment", "reversal")


def faults(
    snapshot: Snapshot,
    accounts: Mapping[str, Account],
    policy: Policy,
    calendar: Calendar,
    provider_counts: Mapping[Channel, int],
    dead_letters: Mapping[str, int],
) -> list[str]:
    """Everything that is off, as sentences. `provider_counts` is what each provider accepted."""
    sent = [(key, reminder) for key, reminder in snapshot.reminders if reminder.channel is not Channel.PERSON]
    return [
        *_sent_twice(sent),
        *_not_what_providers_saw(sent, provider_counts),
        *_chased_after_payment(snapshot, sent),
        *_after_opt_out(snapshot, sent),
        *_outside_hours(sent, accounts, policy, calendar),
        *_too_close(sent, policy),
        *_final_without_approval(snapshot, sent),
        *(f"{count} dead letters in {name}" for name, count in dead_letters.items() if count),
    ]


def _sent_twice(sent: list[tuple[str, Reminder]]) -> Iterator[str]:
    reached = Counter((key, r.stage, r.occurrence) for key, r in sent if not r.status.reached_nobody)
    for (key, stage, occurrence), times in reached.items():
        if times > 1:
            yield f"account {key} got {stage} / {occurrence} {times} times"


def _not_what_providers_saw(
    sent: list[tuple[str, Reminder]], provider_counts: Mapping[Channel, int]
) -> Iterator[str]:
    for channel, accepted in provider_counts.items():
        recorded = sum(r.channel is channel and bool(r.provider_id) for _, r in sent)
        if recorded != accepted:
            yield f"the {channel} provider accepted {accepted} messages, {recorded} are recorded"


def _chased_after_payment(snapshot: Snapshot, sent: list[tuple[str, Reminder]]) -> Iterator[str]:
    settled = {
        (key, dict(entry.facts)["invoice"]): entry.at
        for key, entry in snapshot.entries
        if entry.kind == "payment" and dict(entry.facts)["amount"] == dict(entry.facts)["due_before"]
    }
    for key, reminder in sent:
        if reminder.is_courtesy:
            continue
        for chased in reminder.invoices:
            paid_at = settled.get((key, chased.number))
            if paid_at is not None and reminder.at > paid_at:
                yield f"invoice {chased.number} was chased at {reminder.at} though paid at {paid_at}"


def _after_opt_out(snapshot: Snapshot, sent: list[tuple[str, Reminder]]) -> Iterator[str]:
    opted_out = {key: entry.at for key, entry in snapshot.entries if entry.kind == "opt_out"}
    for key, reminder in sent:
        if reminder.channel is Channel.SMS and key in opted_out and reminder.at > opted_out[key]:
            yield f"account {key} got an SMS at {reminder.at} after its opt-out"


def _outside_hours(
    sent: list[tuple[str, Reminder]], accounts: Mapping[str, Account], policy: Policy, calendar: Calendar
) -> Iterator[str]:
    for key, reminder in sent:
        customer = accounts[key].customer
        for zone in calendar.zones_of(customer):
            local = reminder.at.astimezone(zone)
            hours = policy.windows[local.weekday()]
            holidays = calendar.public_holidays(customer.country, customer.region, local.year)
            closed = local.date() in holidays or local.date() in policy.closed_days
            if closed or hours is None or not hours.start <= local.time() < hours.end:
                yield f"account {key} was contacted at {local}, outside its window"


def _too_close(sent: list[tuple[str, Reminder]], policy: Policy) -> Iterator[str]:
    times = defaultdict(list)
    for key, reminder in sent:
        if reminder.is_contact:
            times[key].append((reminder.at, reminder.stage == ANSWER))
    gap = timedelta(days=policy.minimum_gap_days)
    for key, instants in times.items():
        for (earlier, _), (later, is_answer) in pairwise(instants):
            if later - earlier < gap and not is_answer:
                yield f"account {key} was contacted at {earlier} and again at {later}"


def _final_without_approval(snapshot: Snapshot, sent: list[tuple[str, Reminder]]) -> Iterator[str]:
    granted = {
        (key, dict(entry.facts)["stage"]): entry.at
        for key, entry in snapshot.entries
        if entry.kind == "verdict" and dict(entry.facts)["verdict"] == "granted"
    }
    for key, reminder in sent:
        if reminder.tone is Tone.FINAL and reminder.at < granted.get((key, reminder.stage), reminder.at):
            yield f"account {key} got {reminder.stage} at {reminder.at}, before anybody approved it"
        if reminder.tone is Tone.FINAL and (key, reminder.stage) not in granted:
            yield f"account {key} got {reminder.stage}, which nobody approved"
