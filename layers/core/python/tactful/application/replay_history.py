"""What a policy would have done in the past: a history of invoices fed through the engine, day by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from tactful.domain.book.account import Account
from tactful.domain.book.customer import Contact, Customer, account_key
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.book.payment import Payment, PaymentKind, record_payment
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.forecast import ForecastFault, ForecastRow, News, RowKind, forecast
from tactful.domain.dunning.policy import Policy
from tactful.imports.history import PastInvoice

ASSUMPTIONS = (
    "an invoice appears at the start of its issue date and is paid whole at 12:00 on its settlement date",
    "a disputed invoice counts as disputed from its issue date until it is paid, for nobody noted when",
    "every customer has one e-mail address that works, on the business's clock; every message arrives",
    "nobody answers, and no task is done: what waits for approval is not sent",
    "reminders change nothing: everybody pays when they did",
)

BUCKETS = ("not due yet", "1-30 days late", "31-60 days late", "61-90 days late", "over 90 days late")
"""The ages of open receivables."""

_YOUNGEST = (0, 30, 60, 90)
_PAID_AT = time(12)
# The ladder goes on for what was never settled; a thank-you comes some days after a payment.
_DAYS_AFTER = 30

# An invoice of a history: its customer's id and its number.
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PolicyReplay:
    """What one policy would have done. Counts of messages leave out thank-yous, which are counted apart.

    A message `after_settlement` names an invoice that was settled by then, by the dates of the history alone: there
    must be none. An invoice was `spared` if it was settled before any message said that it is overdue, and
    `spared_late` are those among them that were paid after their due date; a customer was spared if all its invoices
    were.
    """

    policy: str
    messages: int
    tasks: int
    thanks: int
    after_settlement: int
    customers_contacted: int
    customers_spared: int
    invoices_spared: int
    invoices_spared_late: int
    by_stage: dict[str, int]
    by_tone: dict[str, int]
    by_task: dict[str, int]
    messages_by_day: dict[date, Counter[str]]
    faults: tuple[ForecastFault, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """The civil dates of a history at the business: `first`, and `end`, the first one after it."""

    first: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.first).days


def period_of(history: Sequence[PastInvoice]) -> Period:
    """From the first date of a history until some weeks after its last. Raises ValueError if it is empty."""
    if not history:
        raise ValueError("the history has no invoice that can be read: there is nothing to replay")
    last = max(max(known.due_date, known.settled_on or known.due_date) for known in history)
    return Period(min(known.issued_on for known in history), last + timedelta(days=_DAYS_AFTER + 1))


def replay(history: Sequence[PastInvoice], policy: Policy, calendar: Calendar) -> PolicyReplay:
    """Feed a history through the engine, under the ASSUMPTIONS. Raises ValueError if it is empty."""
    period = period_of(history)
    rows, faults = [], []
    start, end = calendar.start_of(period.first), calendar.start_of(period.end)
    for row in forecast(_accounts(history), policy, calendar, start, end, news=_news(history, calendar)):
        if isinstance(row, ForecastFault):
            faults.append(row)
        else:
            rows.append(row)
    messages = [row for row in rows if row.kind is RowKind.MESSAGE]
    reminders = [row for row in messages if not row.reminder.is_courtesy]
    past = {(known.customer_id, known.number): known for known in history}
    chased = _first_overdue_messages(reminders)
    spared = {key for key, known in past.items() if _is_spared(known, chased.get(key), calendar)}
    by_day: dict[date, Counter[str]] = {}
    for row in messages:
        said = "thank-you" if row.reminder.is_courtesy else str(row.reminder.tone)
        by_day.setdefault(calendar.today(row.at), Counter())[said] += 1
    return PolicyReplay(
        policy=policy.label,
        messages=len(reminders),
        tasks=len(rows) - len(messages),
        thanks=len(messages) - len(reminders),
        after_settlement=sum(_names_a_settled_one(row, past, calendar) for row in reminders),
        customers_contacted=len({row.customer_id for row in reminders}),
        customers_spared=_customers_spared(past, spared),
        invoices_spared=len(spared),
        invoices_spared_late=sum(_is_late(past[key]) for key in spared),
        by_stage=_counted(reminders, lambda row: row.reminder.stage),
        by_tone=_counted(reminders, lambda row: str(row.reminder.tone)),
        by_task=_counted(rows, lambda row: str(row.task or "")),
        messages_by_day=by_day,
        faults=tuple(faults),
    )


def ageing(history: Iterable[PastInvoice], days: Sequence[date]) -> list[list[int]]:
    """What was open at the end of each of these days, by the BUCKETS, in minor units."""
    open_by_bucket = [[0] * len(days) for _ in BUCKETS]
    for known in history:
        for index, day in enumerate(days):
            if known.issued_on <= day and (known.settled_on is None or day < known.settled_on):
                late = (day - known.due_date).days
                bucket = sum(late > youngest for youngest in _YOUNGEST)
                open_by_bucket[bucket][index] += known.total.minor
    return open_by_bucket


def _accounts(history: Iterable[PastInvoice]) -> Iterator[Account]:
    for customer_id in dict.fromkeys(known.customer_id for known in history):
        contact = Contact("", email=f"{account_key(customer_id)}@client.example")
        yield Account(Customer(customer_id, customer_id, (contact,)))


def _news(history: Iterable[PastInvoice], calendar: Calendar) -> Iterator[News]:
    for known in history:
        key = account_key(known.customer_id)
        issued_at = calendar.start_of(known.issued_on)
        yield News(issued_at, key, partial(_issued, known=known, at=issued_at))
        if known.settled_on is not None:
            paid_at = _paid_at(known.settled_on, calendar)
            yield News(paid_at, key, partial(_paid, known=known, at=paid_at, on=known.settled_on))


def _paid_at(day: date, calendar: Calendar) -> datetime:
    return datetime.combine(day, _PAID_AT, calendar.business_zone)


def _issued(account: Account, known: PastInvoice, at: datetime) -> Account:
    state = InvoiceState.DISPUTED if known.disputed else InvoiceState.OPEN
    nothing = Money(0, known.total.currency)
    invoice = Invoice(
        known.number, known.due_date, known.total, known.total, nothing, state, known.issued_on, at
    )
    return account.with_invoice(invoice)


def _paid(account: Account, known: PastInvoice, at: datetime, on: date) -> Account:
    payment = Payment(f"settled-{known.number}", PaymentKind.PAYMENT, known.number, known.total, at)
    return record_payment(account, payment, on).account


def _names_a_settled_one(row: ForecastRow, past: dict[_Key, PastInvoice], calendar: Calendar) -> bool:
    settled = (past[row.customer_id, number].settled_on for number in row.invoices)
    return any(day is not None and row.at >= _paid_at(day, calendar) for day in settled)


def _first_overdue_messages(reminders: Iterable[ForecastRow]) -> dict[_Key, datetime]:
    """When each invoice was first said to be overdue."""
    first: dict[_Key, datetime] = {}
    for row in reminders:
        for line in row.reminder.invoices:
            if line.days > 0:
                first.setdefault((row.customer_id, line.number), row.at)
    return first


def _is_spared(known: PastInvoice, chased: datetime | None, calendar: Calendar) -> bool:
    if known.settled_on is None:
        return False
    return chased is None or _paid_at(known.settled_on, calendar) <= chased


def _is_late(known: PastInvoice) -> bool:
    return known.settled_on is not None and known.settled_on > known.due_date


def _customers_spared(past: Iterable[_Key], spared: set[_Key]) -> int:
    chased = {key[0] for key in past if key not in spared}
    return len({key[0] for key in past} - chased)


def _counted(rows: Iterable[ForecastRow], of: Callable[[ForecastRow], str]) -> dict[str, int]:
    counts = Counter(word for row in rows if (word := of(row)))
    return dict(counts.most_common())
