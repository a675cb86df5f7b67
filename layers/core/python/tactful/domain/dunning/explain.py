"""Why: the facts that a decision saw, every gate it passed or met closed, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tactful.domain.book.account import Account
from tactful.domain.book.customer import Channel
from tactful.domain.book.money import Money
from tactful.domain.book.record import PaymentRecord, record_of
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.cascade import origins_for
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Ask, Decision, ReasonCode, Send, next_action_at
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.relationship import Relationship, relationship_of
from tactful.domain.dunning.spacing import contacts_of_others, spaced_from
from tactful.domain.dunning.standing import Reached, reached_stages, speaks_for_a_stage, standings_of


class GateName(StrEnum):
    """What must hold before a client is written to, in the order in which it is looked at."""

    NO_CLAIM = "no_claim"
    CHASED = "chased"
    SOMETHING_TO_SAY = "something_to_say"
    ENOUGH_DUE = "enough_due"
    PAY_TO_DETAILS = "pay_to_details"
    ADDRESS = "address"
    APPROVAL = "approval"
    NOT_WITH_A_PERSON = "not_with_a_person"
    KNOWN_HOURS = "known_hours"
    MINIMUM_GAP = "minimum_gap"
    CONTACT_CAP = "contact_cap"
    CHANNEL_CAP = "channel_cap"
    CONTACT_WINDOW = "contact_window"
    BOOK_NEW_ENOUGH = "book_new_enough"


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition, whether it held, and the values it rests on."""

    name: GateName
    passed: bool
    about: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """One owed invoice as the engine saw it. `days_late` counts from its due date; negative is before.

    `counts_from` is the civil date its ladder counts from, `stage` the one it has reached, `told` whether the client
    was told of it there. `why` says what blocks it or bends it, if anything does.
    """

    number: str
    amount: Money
    due_date: date
    days_late: int
    counts_from: date
    blocked: bool
    stage: str
    told: bool
    why: str


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """A person at the customer, without addresses: on which channels there is one, and which must not be used."""

    role: str
    channels: tuple[Channel, ...]
    suppressed: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with everything it rests on. Holds no name and no address: it may be stored with a reminder.

    `policy` is its label and `origins` says which layer overrides it, by field. `local` is `at` on the clocks the
    client may have. `last_contacts` (UTC) are those that gap and caps count.
    """

    at: datetime
    local: tuple[datetime, ...]
    policy: str
    origins: Mapping[str, str]
    invoices: tuple[InvoiceFacts, ...]
    contacts: tuple[ContactFacts, ...]
    record: PaymentRecord
    relationship: Relationship
    last_contacts: tuple[datetime, ...]
    book_as_of: datetime | None
    gates: tuple[Gate, ...]
    decision: Decision
    next_action_at: datetime | None

    @property
    def verdict(self) -> str:
        """send, ask, wait or nothing."""
        return type(self.decision).__name__.lower()


def explain(account: Account, policy: Policy, calendar: Calendar, now: datetime) -> Explanation:
    """Explain what decide says about an account at `now` (UTC): it is asked, and never second-guessed."""
    decision = decide(account, policy, calendar, now)
    own = policy.for_customer(account.customer, calendar.business_country)
    today = calendar.today(now)
    invoices = tuple(_invoices(account, own, calendar, now))
    record = record_of(account, today)
    latest = max((facts.days_late for facts in invoices), default=0)
    return Explanation(
        at=now,
        local=tuple([now.astimezone(zone) for zone in calendar.zones_of(account.customer)]),
        policy=policy.label,
        origins=origins_for(policy, account.customer, account.customer.country or calendar.business_country),
        invoices=invoices,
        contacts=tuple(_contacts(account)),
        record=record,
        relationship=relationship_of(record, own.tone_rules, latest),
        last_contacts=_last_contacts(account),
        book_as_of=account.book_as_of,
        gates=tuple(_gates(account, own, calendar, decision, now)),
        decision=decision,
        next_action_at=next_action_at(decision, now),
    )


def _invoices(account: Account, policy: Policy, calendar: Calendar, now: datetime) -> Iterator[InvoiceFacts]:
    today = calendar.today(now)
    standings = standings_of(account, policy, calendar, now)
    told = [step for step in account.reminders if speaks_for_a_stage(step, account)]
    reached: dict[str, Reached] = {
        entry.standing.invoice.number: entry
        for entry in reached_stages(standings, policy, calendar, told, today)
    }
    for standing in standings:
        entry = reached.get(standing.invoice.number)
        yield InvoiceFacts(
            number=standing.invoice.number,
            amount=standing.asked,
            due_date=standing.invoice.due_date,
            days_late=(today - standing.invoice.due_date).days,
            counts_from=standing.anchor,
            blocked=standing.blocked,
            stage=entry.rung.stage.name if entry else "",
            told=entry.covered if entry else False,
            why=str(standing.reason) if standing.reason else "",
        )


def _contacts(account: Account) -> Iterator[ContactFacts]:
    for contact in account.customer.contacts:
        usable = tuple([c for c in (Channel.EMAIL, Channel.SMS) if contact.address(c)])
        suppressed = tuple([c for c in usable if account.is_suppressed(c, contact.address(c))])
        yield ContactFacts(str(contact.role), usable, suppressed)


def _last_contacts(account: Account) -> tuple[datetime, ...]:
    taken = {contact.step for contact in account.manual_contacts}
    made = [step.at for step in account.reminders if step.is_contact and step.id not in taken]
    made += [contact.at for contact in account.manual_contacts]
    made += [at for at, _ in contacts_of_others(account)]
    return tuple(sorted(made)[-5:])


_TO_SAY = frozenset(
    {
        ReasonCode.STAGE_REACHED,
        ReasonCode.PAYMENT_SETTLED,
        ReasonCode.PART_PAID,
        ReasonCode.ANSWER_OWED,
        ReasonCode.FIRST_INVOICE,
        ReasonCode.DISCOUNT_ENDS,
    }
)

# The gates that the engine tells of only by the reasons it gives, in order; spacing and window are asked directly.
_BY_REASON: tuple[tuple[GateName, frozenset[ReasonCode]], ...] = (
    (GateName.PAY_TO_DETAILS, frozenset({ReasonCode.NO_PAY_TO_DETAILS})),
    (GateName.ADDRESS, frozenset({ReasonCode.NO_ADDRESS})),
    (GateName.APPROVAL, frozenset({ReasonCode.NEEDS_APPROVAL, ReasonCode.OLD_DEBT})),
    (GateName.NOT_WITH_A_PERSON, frozenset({ReasonCode.WITH_A_PERSON})),
    (GateName.KNOWN_HOURS, frozenset({ReasonCode.NO_COMMON_HOURS})),
)
_SPACING = (
    (GateName.MINIMUM_GAP, ReasonCode.MINIMUM_GAP),
    (GateName.CONTACT_CAP, ReasonCode.CONTACT_CAP),
    (GateName.CHANNEL_CAP, ReasonCode.CHANNEL_CAP),
)


def _gates(
    account: Account, policy: Policy, calendar: Calendar, decision: Decision, now: datetime
) -> Iterator[Gate]:
    said = {reason.code: str(reason) for reason in decision.reasons}
    claimed = said.get(ReasonCode.CLAIM_IN_FLIGHT) or said.get(ReasonCode.CLAIM_UNANSWERED)
    yield Gate(GateName.NO_CLAIM, not claimed, claimed or "")
    yield Gate(GateName.CHASED, policy.chase, "" if policy.chase else f"chase: false in {policy.label}")
    to_say = bool(_TO_SAY & said.keys()) or bool(claimed)
    yield Gate(GateName.SOMETHING_TO_SAY, to_say, "; ".join(said.values()))
    too_little = [said[c] for c in (ReasonCode.CREDIT_COVERS, ReasonCode.BELOW_MINIMUM) if c in said]
    yield Gate(GateName.ENOUGH_DUE, to_say or not too_little, "; ".join(too_little))
    approved = ReasonCode.APPROVED in said
    for name, codes in _BY_REASON:
        met = [said[code] for code in sorted(codes & said.keys())]
        yield Gate(name, not met or (name is GateName.APPROVAL and approved), "; ".join(met))
    yield from _spacing_gates(account, policy, decision, now)
    is_open = calendar.is_open(now, account.customer, policy)
    clocks = ", ".join(
        f"{now.astimezone(zone):%a %H:%M} {zone.key}" for zone in calendar.zones_of(account.customer)
    )
    yield Gate(GateName.CONTACT_WINDOW, is_open or isinstance(decision, Send), clocks)
    yield _book_gate(account, policy, decision, now)


def _spacing_gates(account: Account, policy: Policy, decision: Decision, now: datetime) -> Iterator[Gate]:
    channel = decision.reminder.channel if isinstance(decision, Send) else None
    allowed, reasons = spaced_from(account, policy, now, channel)
    if any(reason.code is ReasonCode.ANSWER_OWED for reason in decision.reasons):
        # An answer has a cap of its own.
        reasons = ()
    closed = {reason.code: str(reason) for reason in (*reasons, *decision.reasons)}
    limits = {
        GateName.MINIMUM_GAP: f"{policy.minimum_gap_days} days",
        GateName.CONTACT_CAP: ", ".join(f"{cap.contacts} in {cap.days} days" for cap in policy.caps),
        GateName.CHANNEL_CAP: ", ".join(
            f"{cap.channel} {cap.contacts} in {cap.days} days" for cap in policy.channel_caps
        ),
    }
    for name, code in _SPACING:
        until = f", until {allowed.isoformat()}" if code in closed and allowed > now else ""
        yield Gate(name, code not in closed, f"{limits[name]}{until}")


def _book_gate(account: Account, policy: Policy, decision: Decision, now: datetime) -> Gate:
    limit, as_of = policy.book_at_most_days_old, account.book_as_of
    if limit is None or as_of is None:
        return Gate(GateName.BOOK_NEW_ENOUGH, passed=True)
    about = f"uploaded {as_of.isoformat()}, at most {limit} days old"
    # Thanks are right however old the book is.
    is_courtesy = isinstance(decision, Send) and decision.reminder.is_courtesy
    return Gate(GateName.BOOK_NEW_ENOUGH, now < as_of + timedelta(days=limit) or is_courtesy, about)


# The gates whose values change from one message to the next.
_WORTH_KEEPING = frozenset(
    {
        GateName.MINIMUM_GAP,
        GateName.CONTACT_CAP,
        GateName.CHANNEL_CAP,
        GateName.CONTACT_WINDOW,
        GateName.BOOK_NEW_ENOUGH,
    }
)
# Longer ones are cut: an entry of the timeline should fit into one kilobyte, which is what a write is paid by.
_MOST_CHARACTERS = 180


def as_facts(explanation: Explanation) -> tuple[tuple[str, str], ...]:
    """What the timeline keeps of an explanation beside the reminder, which has stage, amounts and reasons itself."""
    record = explanation.record
    facts = {
        "policy": explanation.policy,
        "overridden": "; ".join(f"{name}: {layer}" for name, layer in explanation.origins.items()),
        "passed": "; ".join(
            f"{gate.name} {gate.about}" if gate.about else str(gate.name)
            for gate in explanation.gates
            if gate.passed and gate.name in _WORTH_KEEPING
        ),
        "closed": "; ".join(f"{gate.name} {gate.about}" for gate in explanation.gates if not gate.passed),
        "invoices": "; ".join(
            f"{known.number} {known.days_late:+d} {known.why if known.blocked else known.stage or 'no stage'}"
            for known in explanation.invoices
        ),
        "record": f"{explanation.relationship}, {record.settled} settled, {record.on_time} on time",
        "last_contacts": ", ".join(f"{at:%Y-%m-%d}" for at in explanation.last_contacts),
    }
    return tuple((name, _cut(said)) for name, said in facts.items() if said)


def _cut(said: str) -> str:
    return said if len(said) <= _MOST_CHARACTERS else f"{said[: _MOST_CHARACTERS - 3]}..."


def as_json(explanation: Explanation) -> dict[str, object]:
    """The explanation as JSON values: instants in ISO 8601, amounts in minor units."""
    decision = explanation.decision
    step = (
        decision.reminder
        if isinstance(decision, Send)
        else decision.step
        if isinstance(decision, Ask)
        else None
    )
    return {
        "at": explanation.at.isoformat(),
        "local": [at.isoformat() for at in explanation.local],
        "policy": explanation.policy,
        "origins": dict(explanation.origins),
        "facts": {
            "invoices": [_invoice_json(facts) for facts in explanation.invoices],
            "contacts": [
                {
                    "role": contact.role,
                    "channels": [str(channel) for channel in contact.channels],
                    "suppressed": [str(channel) for channel in contact.suppressed],
                }
                for contact in explanation.contacts
            ],
            "record": _record_json(explanation.record),
            "relationship": str(explanation.relationship),
            "last_contacts": [at.isoformat() for at in explanation.last_contacts],
            "book_as_of": explanation.book_as_of.isoformat() if explanation.book_as_of else None,
        },
        "gates": [
            {"gate": str(gate.name), "passed": gate.passed, "about": gate.about} for gate in explanation.gates
        ],
        "decision": explanation.verdict,
        "stage": step.stage if step else None,
        "occurrence": step.occurrence if step else None,
        "tone": str(step.tone) if step else None,
        "channel": str(step.channel) if step else None,
        "task": str(decision.kind) if isinstance(decision, Ask) else None,
        "reasons": [str(reason) for reason in decision.reasons],
        "next_action_at": explanation.next_action_at.isoformat() if explanation.next_action_at else None,
    }


def _invoice_json(facts: InvoiceFacts) -> dict[str, object]:
    return {
        "number": facts.number,
        "amount_minor": facts.amount.minor,
        "currency": facts.amount.currency,
        "due_date": facts.due_date.isoformat(),
        "days_late": facts.days_late,
        "counts_from": facts.counts_from.isoformat(),
        "blocked": facts.blocked,
        "stage": facts.stage,
        "told": facts.told,
        "why": facts.why,
    }


def _record_json(record: PaymentRecord) -> dict[str, object]:
    return {
        "settled": record.settled,
        "on_time": record.on_time,
        "mean_days_late": round(record.mean_days_late, 1),
        "spread_days_late": round(record.spread_days_late, 1),
        "promises_kept": record.promises_kept,
        "promises_broken": record.promises_broken,
        "disputes": record.disputes,
    }
