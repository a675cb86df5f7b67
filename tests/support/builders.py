"""Plain, valid things to start a test from: each test changes only what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tactful.domain.book.account import (
    Account,
    AddressContact,
    AddressRecord,
    Suppression,
    SuppressionReason,
    TaskKind,
)
from tactful.domain.book.agreements import Approval, Verdict
from tactful.domain.book.contact_log import ChasedInvoice, Reminder, ReminderStatus, Tone, reminder_id
from tactful.domain.book.customer import Channel, Contact, Customer, Purpose, Role
from tactful.domain.book.invoice import Invoice, InvoiceState, credited_by
from tactful.domain.book.money import Money
from tactful.domain.dunning.calendar import Calendar, PublicHolidays, no_holidays
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import StageKind

DUE = date(2026, 3, 2)
"""A Monday: the day on which an_invoice() is due."""

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""The moment a_policy()'s contact window opens on DUE, in UTC and in a_customer()'s zone alike."""

EMAIL = "ann@client.example"
PHONE = "+441632960001"


def money(minor: int, currency: str = "GBP") -> Money:
    return Money(minor, currency)


def a_contact(
    name: str = "Ann",
    *,
    role: Role = Role.BILLING,
    email: str = EMAIL,
    phone: str = PHONE,
    sms_consent: bool | None = None,
) -> Contact:
    return Contact(name, role, email, phone, sms_consent)


def a_customer(
    *contacts: Contact,
    customer_id: str = "C-1",
    timezone: str = "Etc/UTC",
    country: str = "GB",
    segment: str = "",
    purpose: Purpose = Purpose.UNKNOWN,
) -> Customer:
    return Customer(customer_id, "Client Ltd", contacts, country, timezone, segment=segment, purpose=purpose)


def an_invoice(
    number: str = "INV-1",
    *,
    due: date = DUE,
    minor: int = 100_00,
    currency: str = "GBP",
    state: InvoiceState = InvoiceState.OPEN,
    reported: int | None = None,
    received: int = 0,
    reported_at: datetime | None = None,
) -> Invoice:
    """An invoice of 100.00, nothing paid, due on DUE; as a first statement of the books unless `received` is given."""
    stated = Invoice(
        number=number,
        due_date=due,
        total=Money(minor, currency),
        reported=Money(minor if reported is None else reported, currency),
        received=Money(received, currency),
        state=state,
        reported_at=reported_at,
    )
    return stated if received else replace(stated, credited=credited_by(stated))


def an_account(
    *invoices: Invoice,
    customer: Customer | None = None,
    reminders: Sequence[Reminder] = (),
) -> Account:
    """An account with one billing contact, reachable by e-mail and SMS, and a record of each address."""
    who = customer if customer is not None else a_customer(a_contact())
    return Account(who, invoices, reminders=tuple(reminders), addresses=address_records(who))


def address_records(customer: Customer) -> tuple[AddressRecord, ...]:
    pairs = {
        (channel, contact.address(channel)): None
        for contact in customer.contacts
        for channel in (Channel.EMAIL, Channel.SMS)
        if contact.address(channel)
    }
    return tuple(AddressRecord(*pair, accounts=frozenset({customer.key})) for pair in pairs)


def suppressed(
    account: Account, *addresses: str, reason: SuppressionReason = SuppressionReason.OPT_OUT
) -> Account:
    """The account after these addresses were suppressed."""
    return replace(
        account,
        addresses=tuple(
            replace(record, suppression=Suppression(reason, NINE)) if record.address in addresses else record
            for record in account.addresses
        ),
    )


def contacted_by_another(account: Account, address: str, at: datetime) -> Account:
    """The account after another account that shares the address made a contact to it."""
    contact = AddressContact(at, "anotheraccount")
    return replace(
        account,
        addresses=tuple(
            record.with_contact(contact) if record.address == address else record
            for record in account.addresses
        ),
    )


_LADDER: tuple[tuple[str, int, Tone, tuple[Channel, ...]], ...] = (
    ("before_due", -7, Tone.FRIENDLY, (Channel.EMAIL, Channel.SMS)),
    ("due", 0, Tone.FRIENDLY, (Channel.EMAIL, Channel.SMS)),
    ("overdue_3", 3, Tone.NEUTRAL, (Channel.EMAIL, Channel.SMS)),
    ("overdue_10", 10, Tone.FIRM, (Channel.SMS, Channel.EMAIL)),
    ("overdue_21", 21, Tone.FINAL, (Channel.EMAIL, Channel.SMS)),
)


def a_stage(name: str, days: int, tone: Tone, *channels: Channel, **more: object) -> dict[str, object]:
    return {
        "name": name,
        "days": days,
        "tone": tone,
        "channels": channels or (Channel.EMAIL, Channel.SMS),
        **more,
    }


def a_task_stage(name: str, days: int, kind: StageKind, **more: object) -> dict[str, object]:
    """A stage that a person does."""
    return {"name": name, "days": days, "kind": kind, **more}


def policy_values(**changes: object) -> dict[str, object]:
    """The values of a_policy() before they are validated."""
    working_days = ("monday", "tuesday", "wednesday", "thursday", "friday")
    values: dict[str, object] = {
        "name": "standard",
        "version": 1,
        "first_contact_tone": "neutral",
        "minimum_gap_days": 3,
        "cap": {"contacts": 2, "days": 7},
        "contact_window": dict.fromkeys(working_days, "09:00-17:30"),
        "minimum_amounts": {"GBP": 500},
        "hold_days_after_reply": 7,
        "thanks_expire_after_days": 10,
        "stages": [a_stage(name, days, tone, *channels) for name, days, tone, channels in _LADDER],
        "pay_to": {"GBP": ("Sort code 00-00-00",), "EUR": ("IBAN DE00",)},
    }
    return values | changes


def a_policy(**changes: object) -> Policy:
    """Five stages, weekdays nine to half past five, three days' gap, two contacts in seven days."""
    return Policy.model_validate(policy_values(**changes))


def a_calendar(zone: str = "Etc/UTC", *, holidays: PublicHolidays = no_holidays) -> Calendar:
    return Calendar(ZoneInfo(zone), "GB", holidays)


def holidays_on(*days: date) -> PublicHolidays:
    """The same public holidays in every country."""

    def public_holidays(country: str, region: str, year: int) -> frozenset[date]:
        del region
        return frozenset(day for day in days if country and day.year == year)

    return public_holidays


def sharing(account: Account) -> Account:
    """The account, with every address of it used by somebody else, too."""
    users = frozenset({account.key, "somebody else"})
    return replace(account, addresses=tuple(replace(record, accounts=users) for record in account.addresses))


def a_reminder(  # noqa: PLR0913
    account: Account,
    invoices: Iterable[Invoice],
    *,
    stage: str = "due",
    days: int = 0,
    tone: Tone = Tone.FRIENDLY,
    at: datetime = NINE,
    status: ReminderStatus = ReminderStatus.DELIVERED,
    channel: Channel = Channel.EMAIL,
    occurrence: str = str(DUE),
) -> Reminder:
    """A reminder as the contact log keeps it."""
    return Reminder(
        id=reminder_id(account.key, stage, occurrence, 1),
        stage=stage,
        occurrence=occurrence,
        attempt=1,
        tone=tone,
        channel=channel,
        address={Channel.EMAIL: EMAIL, Channel.SMS: PHONE}.get(channel, ""),
        contact_name="Ann",
        invoices=tuple(ChasedInvoice(i.number, i.due_date, days, i.amount_due) for i in invoices),
        status=status,
        at=at,
        lease_until=at + timedelta(minutes=15),
        policy="standard/1",
    )


def a_step_of_a_person(
    account: Account,
    kind: TaskKind,
    invoices: Iterable[Invoice],
    *,
    stage: str = "due",
    days: int = 0,
    tone: Tone = Tone.FRIENDLY,
    at: datetime = NINE,
    occurrence: str = str(DUE),
) -> Reminder:
    """A step handed to a person, as the contact log keeps it."""
    step = a_reminder(
        account,
        invoices,
        stage=stage,
        days=days,
        tone=tone,
        at=at,
        status=ReminderStatus.HANDED_OVER,
        channel=Channel.PERSON,
        occurrence=occurrence,
    )
    return replace(step, detail=str(kind), role=Role.BILLING)


def answered(account: Account, step: Reminder, verdict: Verdict, at: datetime = NINE) -> Account:
    """The account after a person granted or declined a step."""
    approval = Approval(step.id, verdict, at, "Bea")
    return replace(account, approvals=(*account.approvals, approval))
