"""What a message says of charges for late payment: nothing, that they may be added, or how much they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from operator import attrgetter

from tactful.domain.book.account import Account
from tactful.domain.book.agreements import HoldKind
from tactful.domain.book.contact_log import ChasedInvoice, Tone
from tactful.domain.book.customer import Purpose
from tactful.domain.book.invoice import Invoice
from tactful.domain.book.money import Money, totals
from tactful.domain.book.stated_charges import StatedCharge, StatedCharges
from tactful.domain.charges.late_payment import (
    ChargeRefusedError,
    Charges,
    Debt,
    Pause,
    Treatment,
    charges_for,
)
from tactful.domain.charges.working import plain
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.decision import Reason, ReasonCode
from tactful.domain.dunning.policy import Policy


def charges_stated(
    account: Account,
    chased: Sequence[ChasedInvoice],
    tone: Tone,
    policy: Policy,
    calendar: Calendar,
    today: date,
) -> tuple[StatedCharges | None, tuple[Reason, ...]]:
    """What a message in a tone states of charges on a civil date, and why it states none where it might.

    Interest runs on what is still open alone, credit notes taken off, and no day of a dispute is counted, whoever was
    right.
    """
    terms, rules = policy.late_payment, policy.charge_rules.get(policy.late_payment.rules)
    if terms.treatment is Treatment.WAIVED or rules is None or tone.strength < terms.from_tone.strength:
        return None, ()
    late = list(_late(account, chased, calendar, today))
    if not late:
        return None, ()
    if account.customer.purpose is not Purpose.BUSINESS and not rules.for_consumers:
        return None, (Reason(ReasonCode.NOT_CHARGED, "purpose is not business"),)
    lines = []
    owed = _after_credit(chased)
    for line, invoice in late:
        debt = _debt(account, invoice, owed[line.number], calendar, today)
        try:
            charges = charges_for(debt, rules, today)
        except ChargeRefusedError as error:
            return None, (Reason(ReasonCode.NOT_CHARGED, str(error)),)
        if charges.total.minor > 0:
            lines.append(
                StatedCharge(
                    line.number, charges.days, _only_rate(charges), charges.accrued, charges.fixed_sum
                )
            )
    if not lines:
        return None, ()
    if terms.treatment is Treatment.WARNING:
        return StatedCharges(rules.title), (Reason(ReasonCode.CHARGES_WARNED, terms.rules),)
    return StatedCharges(rules.title, tuple(lines)), (Reason(ReasonCode.CHARGED, terms.rules),)


def _only_rate(charges: Charges) -> str:
    """The rate by which the interest can be worked out; empty if there were several, or a cap cuts it."""
    rates = {segment.percent for segment in charges.segments}
    return plain(charges.percent) if len(rates) == 1 and not charges.is_capped else ""


def _late(
    account: Account, chased: Sequence[ChasedInvoice], calendar: Calendar, today: date
) -> Iterator[tuple[ChasedInvoice, Invoice]]:
    """The invoices that are late. A plan has its own terms, and a dispute of unknown days cannot be counted."""
    planned = account.plan.invoices if account.plan else ()
    for line in chased:
        invoice = account.invoice(line.number)
        if invoice is None or line.amount.minor <= 0 or line.number in planned:
            continue
        due = account.due_date(invoice)
        pauses = _disputes(account, line.number, calendar, today)
        if invoice.was_disputed and not any(pause.last > due for pause in pauses):
            continue
        if today > due:
            yield line, invoice


def _after_credit(chased: Sequence[ChasedInvoice]) -> dict[str, Money]:
    """What is left of each invoice when credit notes have paid for the oldest: nobody pays interest on that."""
    credit = totals(
        Money(-line.amount.minor, line.amount.currency) for line in chased if line.amount.minor < 0
    )
    owed = {}
    for line in sorted(chased, key=attrgetter("anchor", "number")):
        if line.amount.minor > 0:
            currency = line.amount.currency
            used = min(line.amount, credit.get(currency, Money(0, currency)), key=attrgetter("minor"))
            credit[currency] = credit.get(currency, Money(0, currency)) - used
            owed[line.number] = line.amount - used
    return owed


def _debt(account: Account, invoice: Invoice, principal: Money, calendar: Calendar, today: date) -> Debt:
    return Debt(
        principal=principal,
        due_date=account.due_date(invoice),
        pauses=tuple(_disputes(account, invoice.number, calendar, today)),
        purpose=account.customer.purpose,
    )


def _disputes(account: Account, number: str, calendar: Calendar, today: date) -> Iterator[Pause]:
    for hold in account.holds:
        if hold.kind is HoldKind.DISPUTE and hold.covers(number):
            yield Pause(calendar.today(hold.since), calendar.today(hold.until) if hold.until else today)
