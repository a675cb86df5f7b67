"""What the rendering tests render: a business, its clients and reminders of what they owe."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from tactful.adapters.jinja import JinjaWording
from tactful.adapters.policy_file import load_policy
from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import THANK_YOU, ChasedInvoice, Reminder, ReminderStatus, Tone
from tactful.domain.book.customer import Channel, Contact, Customer
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.dunning.calendar import Calendar

TEMPLATES = Path(__file__).parents[2] / "templates"
POLICY = load_policy(TEMPLATES / "policies" / "standard.yaml")
LONDON = Calendar(ZoneInfo("Europe/London"))

# Every wording there must be: the policy's stages in all tones (a tone may be capped), and the thank-you.
WORDINGS = [(stage.name, tone) for stage in POLICY.stages for tone in Tone] + [(THANK_YOU, Tone.FRIENDLY)]

# When a stage's reminder of an invoice due on 5 March 2026 goes out.
_DAYS = {stage.name: stage.days for stage in POLICY.stages}


@lru_cache(maxsize=8)
def a_wording(business: str = "Acme Ltd", *, templates: Path = TEMPLATES) -> JinjaWording:
    return JinjaWording(
        templates,
        business_name=business,
        contact_email="accounts@acme.example",
        policy=POLICY,
        calendar=LONDON,
    )


def an_invoice(
    number: str = "1042", minor: int = 12000, currency: str = "GBP", due: date | None = None
) -> Invoice:
    amount = Money(minor, currency)
    return Invoice(number, due or date(2026, 3, 5), amount, amount, Money(0, currency), InvoiceState.OPEN)


def an_account(*invoices: Invoice, name: str = "Hollis & Daughters Ltd") -> Account:
    return Account(Customer("C-1", name), invoices or (an_invoice(),))


def several_invoices() -> Account:
    return an_account(
        an_invoice("1042", 123450),
        an_invoice("1057", 8000, due=date(2026, 3, 6)),
        an_invoice("CN-7", -2000, due=date(2026, 3, 1)),
        an_invoice("1061", 75000, "EUR", due=date(2026, 4, 15)),
    )


def a_reminder(
    account: Account,
    stage: str = "overdue_3",
    tone: Tone = Tone.NEUTRAL,
    channel: Channel = Channel.EMAIL,
    *,
    contact: str = "Jane Doe",
    at: datetime | None = None,
) -> Reminder:
    decided = at or datetime(2026, 3, 5, 10, tzinfo=UTC) + timedelta(days=_DAYS.get(stage, 4))
    return Reminder(
        id="aaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb",
        stage=stage,
        occurrence="2026-03-05",
        attempt=1,
        tone=tone,
        channel=channel,
        address=Contact(contact, email="jane@hollis.example", phone="+447700900123").address(channel),
        contact_name=contact,
        invoices=tuple(ChasedInvoice(i.number, i.due_date, 0, i.amount_due) for i in account.invoices),
        status=ReminderStatus.CLAIMED,
        at=decided,
        lease_until=decided,
        policy=POLICY.label,
    )
