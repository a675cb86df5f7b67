"""What a message can say: an account's reminder in the values that templates use, each a single line of plain text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tactful.adapters import gsm7
from tactful.adapters.formats import Formats
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
_SMS_NUMBER = 24


@dataclass(frozen=True, slots=True)
class EarlyPayment:
    """What is due if it is paid by a day: `left`, which is less by `off`."""

    until: str
    off: str
    left: str


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice or credit note as a message states it. `days` counts from the day it is due; negative is before.

    `amount` is what is due of it. `total` is said only where that is less, with what was `paid` and `credited` of it.
    `issued` is empty where nobody knows the day. `instalments` is how many missed instalments of a plan are asked for
    instead of the invoice as a whole, or 0.
    """

    number: str
    due: str
    days: int
    amount: str
    is_credit: bool
    instalments: int = 0
    discount: EarlyPayment | None = None
    issued: str = ""
    total: str = ""
    paid: str = ""
    credited: str = ""


@dataclass(frozen=True, slots=True)
class PayTo:
    """How the total of one currency is paid.

    `transfer` has the fields of a bank transfer by name, `link` a page to pay on, `lines` whatever else the business
    says of it, `references` the invoices to quote, and `code` the picture that a banking app reads.
    """

    total: str
    transfer: tuple[tuple[str, str], ...]
    link: str
    direct_debit: bool
    lines: tuple[str, ...]
    references: tuple[str, ...]
    code: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One instalment of a plan, what of it is interest (or nothing), and what is left after it."""

    due: str
    amount: str
    balance: str
    interest: str = ""


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What holds for a plan: the interest a year, if any, and whether a part that is so late makes the rest due."""

    rate: str = ""
    all_falls_due: bool = False
    grace_days: int = 0


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """A charge for late payment as a message states it: interest for some days at a rate, or a fixed sum."""

    number: str
    amount: str
    is_fixed: bool
    days: int = 0
    rate: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """All that a template can say.

    `earliest` is the invoice that the words are about. `totals` are those of the invoices, and `to_pay` the same with
    charges. `already_due` are the totals without what is not due yet,
    empty if they are the same. `discount` is about the discounts that end first. `reference` is what an SMS says of
    itself. `asks` says whether something is asked for at all. `about`, `day` and `sum` are what an answer confirms: the
    invoices, the day and the part that were understood; of thanks for a part, `sum` is that part. `has_room` turns
    false where an SMS needs every letter. Amounts and dates are as `formats` writes them: they hold together by
    no-break spaces, which are plain ones again in texts, subjects and SMS.
    """

    formats: Formats
    business: str
    name: str
    contact_email: str
    lines: tuple[Line, ...]
    earliest: Line | None
    totals: tuple[str, ...]
    to_pay: tuple[str, ...]
    already_due: tuple[str, ...]
    pay_to: tuple[PayTo, ...]
    settled: bool
    asks: bool
    promised: str
    discount: EarlyPayment | None
    reference: str
    about: tuple[str, ...] = ()
    day: str = ""
    sum: str = ""
    instalments: tuple[Part, ...] = ()
    plan: PlanTerms | None = None
    charges: tuple[ChargeLine, ...] = ()
    charges_law: str = ""
    charges_mode: str = ""
    partner: str = ""
    has_room: bool = True

    def values(self) -> dict[str, object]:
        """The values by the names that templates use."""
        invoices = [line for line in self.lines if not line.is_credit]
        oldest = max((line.days for line in invoices), default=0)
        return {
            "language": self.formats.language_tag,
            "plural": self.formats.plural,
            "listed": self.formats.listed,
            "business": self.business,
            "name": self.name,
            "contact_email": self.contact_email,
            "lines": self.lines,
            "count": len(invoices),
            "earliest": self.earliest,
            "nothing_is_older": self.earliest is None or self.earliest.days == oldest,
            "in_instalments": any(line.instalments for line in invoices),
            "totals": self.totals,
            "to_pay": self.to_pay,
            "already_due": self.already_due,
            "pay_to": self.pay_to,
            "settled": self.settled,
            "asks": self.asks,
            "about_invoices": self.about,
            "day": self.day,
            "sum": self.sum,
            "instalments": self.instalments,
            "plan": self.plan,
            "charges": self.charges,
            "charges_law": self.charges_law,
            "charges_mode": self.charges_mode,
            "partner": self.partner,
            "promised": self.promised,
            "discount": self.discount,
            "message_reference": self.reference,
            "has_room": self.has_room,
        }

    def for_sms(self, business_limit: int, name_limit: int, *, has_room: bool) -> View:
        """The view in letters of an SMS. Raises WordingError if the business's name has no spelling in them.

        A client's name or an invoice number is whole or left out: a shortened number would name another invoice, and
        no greeting is better than a garbled one.
        """
        business = " ".join(gsm7.spelled(self.business).replace("?", " ").split())
        if not business:
            raise WordingError("the business's name cannot be spelled in an SMS; give it in Latin letters")
        return replace(
            self,
            business=_shortened(business, business_limit),
            name=_spelled(self.name, name_limit),
            lines=tuple(_with_spelled_number(line) for line in self.lines),
            earliest=_with_spelled_number(self.earliest) if self.earliest else None,
            about=tuple(_spelled(number, _SMS_NUMBER) for number in self.about),
            has_room=has_room,
        )


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
        business=_shortened(single_line(business), _EMAIL_NAME),
        name=_shortened(single_line(reminder.contact_name or account.customer.name), _EMAIL_NAME),
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


def single_line(text: str) -> str:
    """A value without line breaks, control characters or invisible ones, which could forge a header or hide words."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    visible = (
        letter if letter.isprintable() else " " for letter in text if unicodedata.category(letter) != "Cf"
    )
    return " ".join("".join(visible).split())


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
        rate = formats.percent(Decimal(charge.percent))
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


def _with_spelled_number(line: Line) -> Line:
    return replace(line, number=_spelled(line.number, _SMS_NUMBER))


def _spelled(text: str, limit: int) -> str:
    """The text in letters of an SMS, or nothing if it has a letter without a spelling or is longer than `limit`."""
    spelled = gsm7.spelled(text)
    return spelled if spelled.count("?") == text.count("?") and len(spelled) <= limit else ""


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 3].rstrip()}..."
