"""What a message can say: an account's reminder in the values that templates use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from tactful.adapters.formats import Formats
from tactful.adapters.message_values import (
    ChargeLine,
    EarlyPayment,
    Line,
    Part,
    PayTo,
    PlanTerms,
    View,
    shortened,
    single_line,
)
from tactful.adapters.pay_codes import pay_code
from tactful.application.ports import Attachment, WordingError
from tactful.domain.book.account import Account
from tactful.domain.book.answers import Answer
from tactful.domain.book.contact_log import ANSWER, PART_PAYMENT, THANK_YOU, ChasedInvoice, Reminder
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import Discount, Invoice
from tactful.domain.book.money import Money, totals
from tactful.domain.book.stated_charges import StatedCharge
from tactful.domain.dunning.policy import Policy

# Subjects are cut by most mail programs well before a name and a number of this length.
_EMAIL_NAME = 80


def view_of(
    account: Account,
    reminder: Reminder,
    today: date,
    formats: Formats,
    *,
    business: str,
    contact_email: str,
    policy: Policy,
) -> View:
    """What a reminder can say on a civil date of the business.

    Raises WordingError for a currency that the policy does not say how to pay.
    """
    settled = reminder.stage == THANK_YOU
    sums = totals(chased.amount for chased in reminder.invoices)
    charged = reminder.charges.lines if reminder.charges else ()
    to_pay = totals([*sums.values(), *(charge.total for charge in charged)])
    discounts = [None if settled else _discount(account, chased, today) for chased in reminder.invoices]
    lines = tuple(
        _line(account, chased, today, discount, formats)
        for chased, discount in zip(reminder.invoices, discounts, strict=True)
    )
    stated = tuple(zip(reminder.invoices, lines, strict=True))
    owed = _answered(account, reminder)
    about, day, part = _confirmed(account, reminder, owed, formats)
    return View(
        formats=formats,
        business=shortened(single_line(business), _EMAIL_NAME),
        name=shortened(single_line(reminder.contact_name or account.customer.name), _EMAIL_NAME),
        contact_email=single_line(contact_email),
        lines=lines,
        earliest=_earliest(reminder.occurrence, stated),
        totals=tuple(formats.money(total) for total in sums.values()),
        to_pay=tuple(formats.money(total) for total in to_pay.values()),
        already_due=() if settled else _already_due(stated, charged, formats),
        pay_to=()
        if settled
        else tuple(_pay_to(reminder, policy, total, formats) for total in to_pay.values()),
        settled=settled,
        asks=bool(lines) and not settled,
        promised=formats.day(reminder.promised) if reminder.promised and reminder.stage != ANSWER else "",
        discount=_first_to_end([discount for discount in discounts if discount], sums, formats),
        reference=reminder.reference,
        about=about,
        day=day,
        sum=part,
        instalments=tuple(_parts(owed, formats)) if owed else (),
        plan=PlanTerms(all_falls_due=owed.rest_due_after is not None, grace_days=owed.rest_due_after or 0)
        if owed and owed.instalments
        else None,
        partner=single_line(owed.partner) if owed else "",
        charges=tuple(line for charge in charged for line in _charge_lines(charge, formats)),
        charges_law=reminder.charges.law if reminder.charges else "",
        charges_mode="" if reminder.charges is None else "charged" if charged else "warning",
    )


def spoken_view(
    account: Account,
    lines: Sequence[ChasedInvoice],
    today: date,
    formats: Formats,
    *,
    business: str,
    contact_email: str,
    name: str,
) -> View:
    """What can be said of some invoices where no message is sent, as in a call: nothing of how to pay them."""
    stated = tuple((line, _line(account, line, today, None, formats)) for line in lines)
    sums = tuple(formats.money(total) for total in totals(line.amount for line in lines).values())
    return View(
        formats=formats,
        business=single_line(business),
        name=single_line(name),
        contact_email=single_line(contact_email),
        lines=tuple(line for _, line in stated),
        earliest=_earliest("", stated),
        totals=sums,
        to_pay=sums,
        already_due=(),
        pay_to=(),
        settled=False,
        asks=bool(lines),
        promised="",
        discount=None,
        reference="",
    )


def _answered(account: Account, reminder: Reminder) -> Answer | None:
    """The answer that a reminder gives, if it is one. Raises WordingError if it is not known any more."""
    if reminder.stage != ANSWER:
        return None
    owed = next((known for known in account.answers if known.id == reminder.occurrence), None)
    if owed is None:
        raise WordingError(f"{reminder.wording}: it is not known any more what it answers; send nothing")
    return owed


def _parts(owed: Answer, formats: Formats) -> Iterator[Part]:
    left = sum(part.amount.minor for part in owed.instalments)
    for part in owed.instalments:
        left -= part.amount.minor
        yield Part(
            formats.day(part.due_date),
            formats.money(part.amount),
            formats.money(Money(left, part.amount.currency)),
        )


def _confirmed(
    account: Account, reminder: Reminder, owed: Answer | None, formats: Formats
) -> tuple[tuple[str, ...], str, str]:
    """What an answer confirms, or the part that is thanked for: the invoices, a day and a sum, empty for none."""
    if reminder.stage == PART_PAYMENT:
        part = account.thanks.part if account.thanks else None
        if part is None:
            raise WordingError("part_payment: it is not known any more what was paid; send nothing")
        return (), "", formats.money(part)
    if owed is None:
        return (), "", ""
    about = tuple(single_line(number) for number in owed.invoices)
    day = formats.day(owed.day) if owed.day else ""
    return about, day, formats.money(owed.amount) if owed.amount else ""


def _line(
    account: Account, chased: ChasedInvoice, today: date, discount: Discount | None, formats: Formats
) -> Line:
    invoice = account.invoice(chased.number)
    # After a broken promise the round's anchor is later than the day on which the invoice is due.
    due = account.due_date(invoice) if invoice else chased.anchor
    instalments = 0
    if account.plan is not None and chased.number in account.plan.invoices:
        due = chased.anchor
        if invoice is not None and chased.amount.minor < invoice.amount_due.minor:
            missed = sum(due <= part.due_date < today for part in account.plan.instalments)
            instalments = max(1, missed)
    return Line(
        number=single_line(chased.number),
        due=formats.day(due),
        days=(today - due).days,
        amount=formats.money(chased.amount),
        is_credit=chased.amount.minor < 0,
        instalments=instalments,
        discount=_early_payment(discount, [discount.amount], [chased.amount - discount.amount], formats)
        if discount
        else None,
        issued=formats.day(invoice.issue_date) if invoice and invoice.issue_date else "",
        **_history(invoice, chased, formats),
    )


def _history(invoice: Invoice | None, chased: ChasedInvoice, formats: Formats) -> dict[str, str]:
    """The total of an invoice of which less is due, and what was paid and credited of it."""
    if invoice is None or invoice.is_credit or chased.amount != invoice.amount_due:
        return {}
    credited = invoice.credited or Money(0, invoice.total.currency)
    paid = invoice.total - credited - chased.amount
    parts = {"total": invoice.total, "paid": paid, "credited": credited}
    if not paid.minor and not credited.minor:
        return {}
    return {name: formats.money(amount) for name, amount in parts.items() if amount.minor > 0}


def _discount(account: Account, chased: ChasedInvoice, today: date) -> Discount | None:
    """The discount that can still be had on all that is left of an invoice."""
    invoice = account.invoice(chased.number)
    discount = invoice.discount if invoice else None
    if invoice is None or discount is None or today > discount.until:
        return None
    is_whole = chased.amount == invoice.amount_due and chased.amount.currency == discount.amount.currency
    return discount if is_whole and 0 < discount.amount.minor < chased.amount.minor else None


def _first_to_end(
    discounts: Sequence[Discount], sums: Mapping[str, Money], formats: Formats
) -> EarlyPayment | None:
    """What the discounts that end first leave of the totals, if all else is paid by their day too."""
    if not discounts:
        return None
    first = min(discounts, key=lambda discount: discount.until)
    off = totals(discount.amount for discount in discounts if discount.until == first.until)
    left = totals([*sums.values(), *(Money(-amount.minor, amount.currency) for amount in off.values())])
    return _early_payment(first, off.values(), left.values(), formats)


def _early_payment(
    discount: Discount, off: Iterable[Money], left: Iterable[Money], formats: Formats
) -> EarlyPayment:
    return EarlyPayment(
        formats.day(discount.until),
        formats.listed(formats.money(amount) for amount in off),
        formats.listed(formats.money(amount) for amount in left),
    )


def _earliest(occurrence: str, stated: Sequence[tuple[ChasedInvoice, Line]]) -> Line | None:
    """The invoice that brought the message about: its round gave the occurrence its name.

    The one that has been due for longest, where none did, as in a thank-you.
    """
    owed = [(chased, line) for chased, line in stated if not line.is_credit]
    its_round = [pair for pair in owed if str(pair[0].anchor) == occurrence.partition(".")[0]]
    if its_round:
        return max(its_round, key=lambda pair: pair[0].amount.decimal())[1]
    return max((line for _, line in owed), key=lambda line: line.days, default=None)


def _charge_lines(charge: StatedCharge, formats: Formats) -> Iterator[ChargeLine]:
    number = single_line(charge.number)
    if charge.interest.minor:
        rate = formats.percent(Decimal(charge.percent)) if charge.percent else ""
        yield ChargeLine(number, formats.money(charge.interest), is_fixed=False, days=charge.days, rate=rate)
    if charge.fixed_sum.minor:
        yield ChargeLine(number, formats.money(charge.fixed_sum), is_fixed=True)


def _already_due(
    stated: Sequence[tuple[ChasedInvoice, Line]], charged: Sequence[StatedCharge], formats: Formats
) -> tuple[str, ...]:
    by_now = [chased.amount for chased, line in stated if line.is_credit or line.days >= 0]
    if len(by_now) == len(stated):
        return ()
    by_now += [charge.total for charge in charged]
    return tuple(formats.money(total) for total in totals(by_now).values() if total.minor > 0)


def _pay_to(reminder: Reminder, policy: Policy, total: Money, formats: Formats) -> PayTo:
    details = policy.pay_to.get(total.currency)
    if details is None:
        raise WordingError(f"policy {policy.label}: pay_to does not say how {total.currency} is paid; add it")
    owed = [c for c in reminder.invoices if c.amount.currency == total.currency and c.amount.minor > 0]
    references = tuple(single_line(chased.number) for chased in owed)
    picture = pay_code(details, total, references) if reminder.channel is Channel.EMAIL else b""
    return PayTo(
        total=formats.money(total),
        transfer=tuple((name, single_line(value)) for name, value in details.transfer),
        link=details.link,
        direct_debit=details.direct_debit,
        lines=tuple(single_line(line) for line in details.lines),
        references=references,
        code=_code(total.currency, picture) if picture else None,
    )


def _code(currency: str, picture: bytes) -> Attachment:
    name = f"pay-{currency.lower()}"
    return Attachment(f"{name}.png", "image/png", picture, content_id=name)
