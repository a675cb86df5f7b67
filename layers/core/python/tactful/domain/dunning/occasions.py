"""Messages outside the ladder: the welcome, the discount that ends soon, and the thank-you."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tactful.domain.book.account import Account, SuppressionReason
from tactful.domain.book.contact_log import PART_PAYMENT, THANK_YOU, ChasedInvoice
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.decision import Reason, ReasonCode
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import DISCOUNT, WELCOME
from tactful.domain.dunning.standing import Standing


@dataclass(frozen=True, slots=True)
class Occasion:
    """A message that is owed from now on until `expires` (UTC), and not any more after that."""

    stage: str
    occurrence: str
    invoices: tuple[ChasedInvoice, ...]
    expires: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Occasions:
    """What is owed now, the most pressing first, and when the next occasion begins (UTC).

    `first` goes before whatever is chased: who has just paid a part is thanked before the rest is asked for.
    """

    owed: tuple[Occasion, ...] = ()
    first: tuple[Occasion, ...] = ()
    next_begins: datetime | None = None


NO_OCCASIONS = Occasions()


def occasions_of(
    account: Account, policy: Policy, calendar: Calendar, standings: Sequence[Standing], now: datetime
) -> Occasions:
    """The occasions of an account at `now` (UTC)."""
    owed: list[Occasion] = []
    begins: datetime | None = None
    chaseable = [standing for standing in standings if not standing.blocked]
    asked_for = _currencies_to_pay(account, policy, chaseable)
    if policy.discount_notice_days is not None:
        discounted = [
            s for s in chaseable if s.invoice.discount is not None and s.asked.currency in asked_for
        ]
        if discounted:
            owed, begins = _discounts(account, discounted, policy.discount_notice_days, calendar, now)
    if policy.welcome is not None and {s.asked.currency for s in chaseable} <= asked_for:
        greeting, first = _welcome(account, policy, calendar, chaseable, now)
        owed = [greeting, *owed] if greeting else owed
        begins = min((at for at in (begins, first) if at is not None), default=None)
    if account.thanks is not None:
        payable = [standing for standing in chaseable if standing.asked.currency in asked_for]
        thanks = _thanks(account, policy, payable, now)
        if thanks is not None and account.thanks.part:
            return Occasions(tuple(owed), (thanks,), begins)
        owed = [*owed, thanks] if thanks else owed
    return Occasions(tuple(owed), (), begins) if owed or begins else NO_OCCASIONS


def _thanks(account: Account, policy: Policy, left: Sequence[Standing], now: datetime) -> Occasion | None:
    """One thank-you for the payment that settled the account, or for a part; late thanks are worse than none.

    Who opted out of one channel is not thanked on another. With a part, only what may be chased is named as left.
    """
    thanks = account.thanks
    if thanks is None or account.owes_nothing() != (thanks.part is None) or _has_opted_out(account):
        return None
    expires = thanks.at + timedelta(days=policy.thanks_expire_after_days)
    stage = PART_PAYMENT if thanks.part else THANK_YOU
    if now >= expires or _was_sent(account, stage, thanks.payment_id):
        return None
    if thanks.part:
        paid_for = Reason(ReasonCode.PART_PAID, ", ".join(thanks.invoices))
        return Occasion(PART_PAYMENT, thanks.payment_id, _lines(left), expires, paid_for)
    paid = tuple(
        ChasedInvoice(invoice.number, invoice.due_date, 0, invoice.total)
        for invoice in account.invoices
        if invoice.number in thanks.invoices
    )
    reason = Reason(ReasonCode.PAYMENT_SETTLED, ", ".join(thanks.invoices))
    return Occasion(THANK_YOU, thanks.payment_id, paid, expires, reason)


def _has_opted_out(account: Account) -> bool:
    return any(
        record.suppression is not None and record.suppression.reason is SuppressionReason.OPT_OUT
        for record in account.addresses
    )


def _currencies_to_pay(account: Account, policy: Policy, chaseable: Sequence[Standing]) -> set[str]:
    """The currencies in which the client owes more than its credit notes cover, and knows how to pay."""
    balance: dict[str, int] = {}
    for amount in (
        *[standing.asked for standing in chaseable],
        *[known.amount_due for known in account.open_invoices() if known.is_credit],
    ):
        balance[amount.currency] = balance.get(amount.currency, 0) + amount.minor
    return {currency for currency, minor in balance.items() if minor > 0 and currency in policy.pay_to}


def _welcome(
    account: Account, policy: Policy, calendar: Calendar, chaseable: Sequence[Standing], now: datetime
) -> tuple[Occasion | None, datetime | None]:
    """The greeting of a client nobody ever wrote to, whose first invoice is new and not due yet, or when it begins."""
    welcome, today = policy.welcome, calendar.today(now)
    issued = [known.issue_date for known in account.invoices if known.state is not InvoiceState.DRAFT]
    known = [day for day in issued if day is not None]
    if welcome is None or not known or len(known) < len(issued) or account.manual_contacts:
        return None, None
    if any(step.is_contact for step in account.reminders) or not chaseable:
        return None, None
    first = min(known)
    ends = first + timedelta(days=welcome.within_days)
    if first < welcome.clients_from or today > ends:
        return None, None
    if today < first:
        return None, calendar.start_of(first)
    if any(s.invoice.due_date < today for s in chaseable):
        return None, None
    reason = Reason(ReasonCode.FIRST_INVOICE, str(first))
    expires = calendar.start_of(ends + timedelta(days=1))
    return Occasion(WELCOME, str(first), _lines(chaseable), expires, reason), None


def _discounts(
    account: Account, standings: Sequence[Standing], notice_days: int, calendar: Calendar, now: datetime
) -> tuple[list[Occasion], datetime | None]:
    """One notice for each last day of a discount, unless a message named the invoice since the notice was due."""
    today = calendar.today(now)
    by_day: dict[date, list[Standing]] = {}
    for standing in standings:
        if standing.invoice.discount is not None and standing.invoice.discount.until >= today:
            by_day.setdefault(standing.invoice.discount.until, []).append(standing)
    owed = []
    begins: datetime | None = None
    for until in sorted(by_day):
        since = until - timedelta(days=notice_days)
        if since > today:
            begins = begins or calendar.start_of(since)
            continue
        start = calendar.start_of(since)
        unsaid = [s for s in by_day[until] if not _was_named(account, s.invoice.number, start)]
        if unsaid and not _was_sent(account, DISCOUNT, str(until)):
            reason = Reason(ReasonCode.DISCOUNT_ENDS, f"{unsaid[0].invoice.number} {until}")
            expires = calendar.start_of(until + timedelta(days=1))
            owed.append(Occasion(DISCOUNT, str(until), _lines(unsaid), expires, reason))
    return owed, begins


def _was_sent(account: Account, stage: str, occurrence: str) -> bool:
    return any(
        step.stage == stage and step.occurrence == occurrence and not step.status.reached_nobody
        for step in account.reminders
    )


def _was_named(account: Account, number: str, since: datetime) -> bool:
    return any(
        step.is_contact and step.at >= since and any(line.number == number for line in step.invoices)
        for step in account.reminders
    )


def _lines(standings: Sequence[Standing]) -> tuple[ChasedInvoice, ...]:
    lines = [ChasedInvoice(s.invoice.number, s.anchor, 0, s.asked) for s in standings]
    return tuple(sorted(lines, key=lambda line: (line.anchor, line.number)))
