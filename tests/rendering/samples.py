"""What the rendering tests render: a business, its clients and reminders of what they owe."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from tactful.adapters.jinja import JinjaWording
from tactful.adapters.languages import Languages
from tactful.adapters.policy_file import load_policy
from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Instalment, Plan
from tactful.domain.book.contact_log import THANK_YOU, ChasedInvoice, Reminder, ReminderStatus, Tone
from tactful.domain.book.customer import Channel, Contact, Customer
from tactful.domain.book.invoice import Discount, Invoice, InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.stage import BROKEN_PROMISE, DISCOUNT, PLAN_MISSED, WELCOME, StageKind

TEMPLATES = Path(__file__).parents[2] / "templates"
POLICY = load_policy(TEMPLATES / "policies" / "standard.yaml")
LONDON = Calendar(ZoneInfo("Europe/London"))

_MESSAGES = [stage for stage in POLICY.stages if stage.kind is StageKind.MESSAGE]
# Every wording there must be: the policy's messages in all tones (a tone may be capped), and those outside the ladder.
WORDINGS = [
    *((stage.name, tone) for stage in _MESSAGES for tone in Tone),
    *((wording, tone) for wording in (BROKEN_PROMISE, PLAN_MISSED) for tone in Tone),
    *((stage, Tone.FRIENDLY) for stage in (WELCOME, DISCOUNT, THANK_YOU)),
]

# When a stage's reminder of an invoice due on 5 March 2026 goes out. Only the first two are in time for the discount.
_DAYS = {WELCOME: -28, DISCOUNT: -20, **{stage.name: stage.days for stage in _MESSAGES}}
DISCOUNT_UNTIL = date(2026, 2, 15)


@lru_cache(maxsize=8)
def a_wording(business: str = "Acme Ltd", *, templates: Path = TEMPLATES) -> JinjaWording:
    return JinjaWording(
        Languages(templates, "en", "GB"),
        business_name=business,
        contact_email="accounts@acme.example",
        policy=POLICY,
        calendar=LONDON,
    )


def an_invoice(
    number: str = "1042", minor: int = 12000, currency: str = "GBP", due: date | None = None
) -> Invoice:
    """An open invoice: 2 % may be taken off if it is paid by 15 February 2026."""
    amount = Money(minor, currency)
    return Invoice(
        number,
        due or date(2026, 3, 5),
        amount,
        amount,
        Money(0, currency),
        InvoiceState.OPEN,
        discount=Discount(Money(minor // 50, currency), DISCOUNT_UNTIL) if minor > 0 else None,
    )


def an_account(*invoices: Invoice, name: str = "Hollis & Daughters Ltd") -> Account:
    return Account(Customer("C-1", name), invoices or (an_invoice(),))


def several_invoices() -> Account:
    return an_account(
        an_invoice("1042", 123450),
        an_invoice("1057", 8000, due=date(2026, 3, 6)),
        an_invoice("CN-7", -2000, due=date(2026, 3, 1)),
        an_invoice("1061", 75000, "EUR", due=date(2026, 4, 15)),
    )


def an_account_of_all_ages() -> Account:
    """An invoice whose ladder is long finished, the one that a message is about, and one that is not due yet."""
    return an_account(
        an_invoice("1001", 5000, due=date(2026, 1, 5)),
        an_invoice("1042", 12000),
        an_invoice("1061", 7500, due=date(2026, 4, 15)),
    )


def an_account_on_a_plan(*days: date, minor: int = 30000) -> Account:
    """£900.00 to be paid in instalments, by default on 20 March and 20 April 2026."""
    instalments = tuple(
        Instalment(day, Money(minor, "GBP")) for day in days or (date(2026, 3, 20), date(2026, 4, 20))
    )
    agreed = datetime(2026, 3, 10, tzinfo=UTC)
    return replace(an_account(an_invoice(minor=90000)), plan=Plan("P-1", ("1042",), instalments, agreed))


def asking_for_the_instalment(
    account: Account, minor: int = 30000, *, since: date = date(2026, 3, 20), at: datetime
) -> Reminder:
    """A reminder of a part of the account's first invoice, due since a day of its plan."""
    part = ChasedInvoice(account.invoices[0].number, since, 3, Money(minor, "GBP"))
    return replace(a_reminder(account, at=at, occurrence=str(since)), invoices=(part,))


def a_reminder(
    account: Account,
    stage: str = "overdue_3",
    tone: Tone = Tone.NEUTRAL,
    channel: Channel = Channel.EMAIL,
    *,
    contact: str = "Jane Doe",
    at: datetime | None = None,
    occurrence: str = "2026-03-05",
    promised: date | None = None,
) -> Reminder:
    decided = at or datetime(2026, 3, 5, 10, tzinfo=UTC) + timedelta(days=_DAYS.get(stage, 4))
    return Reminder(
        id="aaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb",
        stage=stage,
        occurrence=occurrence,
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
        promised=promised or (date(2026, 3, 8) if stage == BROKEN_PROMISE else None),
    )
