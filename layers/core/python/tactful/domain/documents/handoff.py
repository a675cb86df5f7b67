"""What is handed to a collection agency or a lawyer: who owes what, and everything that was done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Approval, Extension, Hold, Plan, Promise
from tactful.domain.book.contact_log import Progress, Reminder
from tactful.domain.book.customer import Channel, Customer
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.book.settlement import is_in_doubt
from tactful.domain.documents.ledger import Charge, CurrencyLedger, Ledger, LedgerEntry, ledger_of

SCHEMA_VERSION = 1
"""Raised when a field of the JSON changes its meaning or goes. Fields may be added."""


class PromiseOutcome(StrEnum):
    """What became of a promise. It is unclear where it hangs on an invoice that is presumed settled."""

    KEPT = "kept"
    BROKEN = "broken"
    RUNNING = "running"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Creditor:
    """The business, as its clients know it. `country` is an ISO 3166 code."""

    name: str
    email: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class ContactMade:
    """One contact: a message, a step of a person that counts as one, or a contact somebody noted by hand.

    `channel` is how it was made: a channel, `call`, `letter`, or the word that was noted. `status` is empty where
    nobody can know whether it arrived. `text_hash` is the SHA-256 of a message's words, empty for one that is older
    than these are kept, or has none. `events` is what the provider told of it, oldest first.
    """

    id: str
    at: datetime
    channel: str
    stage: str = ""
    tone: str = ""
    status: str = ""
    name: str = ""
    address: str = ""
    provider_id: str = ""
    text_hash: str = ""
    policy: str = ""
    invoices: tuple[tuple[str, Money], ...] = ()
    events: tuple[Progress, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Handoff:
    """Everything about an account as of a civil date of the business. Instants are UTC, the oldest first."""

    as_of: date
    debtor: Customer
    creditor: Creditor
    invoices: tuple[Invoice, ...]
    ledger: Ledger
    contacts: tuple[ContactMade, ...]
    promises: tuple[tuple[Promise, PromiseOutcome], ...]
    plans: tuple[Plan, ...]
    extensions: tuple[Extension, ...]
    disputed: tuple[str, ...]
    holds: tuple[Hold, ...]
    approvals: tuple[Approval, ...]
    charges: tuple[Charge, ...] = ()

    @property
    def delivered(self) -> tuple[tuple[ContactMade, Progress], ...]:
        """What providers told of every message: the proof that it arrived, or that it did not."""
        return tuple((contact, event) for contact in self.contacts for event in contact.events)


def handoff_of(
    account: Account, creditor: Creditor, as_of: date, *, charges: tuple[Charge, ...] = ()
) -> Handoff:
    """What is known of an account on a civil date of the business.

    Invoices that are drafts or void are no part of a claim, and are left out.
    """
    claimed = (i for i in account.invoices if i.state not in (InvoiceState.DRAFT, InvoiceState.VOID))
    return Handoff(
        as_of=as_of,
        debtor=account.customer,
        creditor=creditor,
        invoices=tuple(sorted(claimed, key=lambda invoice: (invoice.due_date, invoice.number))),
        ledger=ledger_of(account, as_of, charges=charges),
        contacts=_contacts(account),
        promises=tuple(
            (promise, _outcome(promise, account, as_of))
            for promise in sorted(account.promises, key=lambda promise: (promise.made_at, promise.id))
        ),
        plans=(account.plan,) if account.plan else (),
        extensions=tuple(sorted(account.extensions, key=lambda one: (one.granted_at, one.id))),
        disputed=tuple(sorted(invoice.number for invoice in account.invoices if _is_disputed(invoice))),
        holds=tuple(sorted(account.holds, key=lambda hold: (hold.since, hold.id))),
        approvals=tuple(sorted(account.approvals, key=lambda approval: (approval.at, approval.id))),
        charges=charges,
    )


def _is_disputed(invoice: Invoice) -> bool:
    return invoice.was_disputed or invoice.state is InvoiceState.DISPUTED


def _outcome(promise: Promise, account: Account, today: date) -> PromiseOutcome:
    if promise.kept_on is not None and promise.kept_on <= promise.promised_date:
        return PromiseOutcome.KEPT
    if is_in_doubt(promise, account):
        return PromiseOutcome.UNCLEAR
    return PromiseOutcome.BROKEN if promise.is_broken(today) else PromiseOutcome.RUNNING


def _contacts(account: Account) -> tuple[ContactMade, ...]:
    """Every contact once: a call that somebody noted stands for the step that asked for it."""
    taken = {one.step for one in account.manual_contacts}
    written = (
        _written(one)
        for one in account.reminders
        if one.channel is not Channel.PERSON or (one.is_contact and one.id not in taken)
    )
    noted = (ContactMade(one.id, one.at, one.how, note=one.note) for one in account.manual_contacts)
    return tuple(sorted((*written, *noted), key=lambda contact: (contact.at, contact.id)))


def _written(reminder: Reminder) -> ContactMade:
    by_hand = reminder.channel is Channel.PERSON
    return ContactMade(
        id=reminder.id,
        at=reminder.at,
        channel=reminder.detail if by_hand else str(reminder.channel),
        stage=reminder.stage,
        tone=str(reminder.tone),
        status=str(reminder.status),
        name=reminder.contact_name,
        address=reminder.address,
        provider_id=reminder.provider_id,
        text_hash=reminder.text_hash,
        policy=reminder.policy,
        invoices=tuple((chased.number, chased.amount) for chased in reminder.invoices),
        events=reminder.progress,
    )


Json = dict[str, Any]


def as_json(handoff: Handoff) -> Json:
    """The pack as plain values, always in the same order: amounts in minor units, ISO dates, instants in UTC."""
    return {
        "schema": SCHEMA_VERSION,
        "as_of": handoff.as_of.isoformat(),
        "debtor": _debtor(handoff.debtor),
        "creditor": {
            "name": handoff.creditor.name,
            "email": handoff.creditor.email,
            "country": handoff.creditor.country,
        },
        "invoices": [_invoice(invoice) for invoice in handoff.invoices],
        "ledger": {
            "as_of": handoff.ledger.as_of.isoformat(),
            "currencies": [_currency(part) for part in handoff.ledger.currencies],
            "left_out": [
                {"number": number, "state": str(state)} for number, state in handoff.ledger.left_out
            ],
        },
        "contacts": [_contact(contact) for contact in handoff.contacts],
        "promises": [_promise(promise, outcome) for promise, outcome in handoff.promises],
        "plans": [_plan(plan) for plan in handoff.plans],
        "extensions": [
            {
                "id": one.id,
                "invoices": list(one.invoices),
                "until": one.until.isoformat(),
                "granted_at": _utc(one.granted_at),
            }
            for one in handoff.extensions
        ],
        "disputed": list(handoff.disputed),
        "holds": [_hold(hold) for hold in handoff.holds],
        "approvals": [
            {"id": one.id, "verdict": str(one.verdict), "at": _utc(one.at), "by": one.by}
            for one in handoff.approvals
        ],
        "charges": [
            {
                "reference": one.reference,
                "on": one.on.isoformat(),
                "amount": _money(one.amount),
                "what": one.what,
            }
            for one in handoff.charges
        ],
    }


def _money(amount: Money) -> Json:
    return {"minor": amount.minor, "currency": amount.currency}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _debtor(customer: Customer) -> Json:
    return {
        "id": customer.id,
        "name": customer.name,
        "country": customer.country,
        "region": customer.region,
        "language": customer.language,
        "purpose": str(customer.purpose),
        "contacts": [
            {"name": one.name, "role": str(one.role), "email": one.email, "phone": one.phone}
            for one in customer.contacts
        ],
    }


def _invoice(invoice: Invoice) -> Json:
    """What is kept of it. Of payments that is their sum so far and the date of the last one."""
    return {
        "number": invoice.number,
        "kind": str(invoice.kind),
        "state": str(invoice.state),
        "issued": _day(invoice.issue_date),
        "due": invoice.due_date.isoformat(),
        "total": _money(invoice.total),
        "reported_due": _money(invoice.reported),
        "paid_so_far": _money(invoice.received),
        "last_paid_on": _day(invoice.paid_on),
        "credited_before": _money(invoice.credited) if invoice.credited else None,
        "amount_due": _money(invoice.amount_due),
        "settled_on": _day(invoice.settled_on),
        "was_disputed": invoice.was_disputed,
    }


def _currency(part: CurrencyLedger) -> Json:
    return {
        "currency": part.currency,
        "opening": part.opening.minor,
        "entries": [_entry(entry) for entry in part.entries],
        "closing": part.closing.minor,
        "ages": {str(bucket): amount.minor for bucket, amount in part.ages},
    }


def _entry(entry: LedgerEntry) -> Json:
    return {
        "kind": str(entry.kind),
        "reference": entry.reference,
        "on": _day(entry.on),
        "due": _day(entry.due),
        "amount": entry.amount.minor,
        "balance": entry.balance.minor,
    }


def _contact(contact: ContactMade) -> Json:
    return {
        "id": contact.id,
        "at": _utc(contact.at),
        "channel": contact.channel,
        "stage": contact.stage,
        "tone": contact.tone,
        "status": contact.status,
        "name": contact.name,
        "address": contact.address,
        "provider_id": contact.provider_id,
        "text_sha256": contact.text_hash,
        "policy": contact.policy,
        "invoices": [{"number": number, "amount": _money(amount)} for number, amount in contact.invoices],
        "events": [
            {"status": str(event.status), "at": _utc(event.at), "code": event.code}
            for event in contact.events
        ],
        "note": contact.note,
    }


def _promise(promise: Promise, outcome: PromiseOutcome) -> Json:
    return {
        "id": promise.id,
        "made_at": _utc(promise.made_at),
        "promised_date": promise.promised_date.isoformat(),
        "invoices": list(promise.invoices),
        "amount": _money(promise.amount) if promise.amount else None,
        "owed": _money(promise.owed) if promise.owed else None,
        "kept_on": _day(promise.kept_on),
        "outcome": str(outcome),
    }


def _plan(plan: Plan) -> Json:
    return {
        "id": plan.id,
        "agreed_at": _utc(plan.agreed_at),
        "invoices": list(plan.invoices),
        "instalments": [
            {"due": part.due_date.isoformat(), "amount": _money(part.amount)} for part in plan.instalments
        ],
        "rest_due_after": plan.rest_due_after,
    }


def _hold(hold: Hold) -> Json:
    return {
        "id": hold.id,
        "kind": str(hold.kind),
        "since": _utc(hold.since),
        "until": _utc(hold.until) if hold.until else None,
        "invoices": list(hold.invoices),
        "note": hold.note,
    }
