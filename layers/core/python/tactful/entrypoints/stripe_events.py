"""Stripe's events in our words: what each means for an invoice of ours.

The types and fields are those of Stripe's API reference ("The Event object", "Types of events"). Stripe delivers at
least once and in no order, and two events may tell one fact: what we record is named after the object, not the event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tactful.domain.book.money import Money, digits_of
from tactful.domain.book.payment import Payment, PaymentKind
from tactful.domain.book.payment_news import Balance, NewsKind, PaymentNews

# "Zero-decimal currencies" of Stripe's documentation, and the two that it gives with two decimals for old times' sake.
_WHOLE = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_HUNDREDTHS = frozenset({"ISK", "UGX"})


class NotStripeError(ValueError):
    """The body is no event of Stripe's, or lacks what its type has to have. The message says what."""


@dataclass(frozen=True, slots=True)
class StripeEvent:
    """What an event tells, None if that changes nothing here; the customer's id of ours, where it is given."""

    type: str
    told: Payment | Balance | PaymentNews | None
    customer_id: str = ""


def stripe_event(body: object) -> StripeEvent:
    """An event in our words. Raises NotStripeError."""
    if not isinstance(body, dict) or body.get("object") != "event":
        raise NotStripeError("object: must be event")
    type_, data = str(body.get("type", "")), body.get("data")
    about = data.get("object") if isinstance(data, dict) else None
    if not isinstance(about, dict) or not isinstance(about.get("id"), str):
        raise NotStripeError("data.object.id: must be there")
    created = body.get("created")
    if not isinstance(created, int) or isinstance(created, bool) or not 0 < created < 2**33:
        raise NotStripeError("created: must be a time in seconds")
    read = _TYPES.get(type_)
    metadata = about.get("metadata")
    customer = str(metadata.get("customer_id", "")) if isinstance(metadata, dict) else ""
    if read is None:
        return StripeEvent(type_, None, customer)
    previous = data.get("previous_attributes") if isinstance(data, dict) else None
    told = read(
        _Object(about, previous if isinstance(previous, dict) else {}), datetime.fromtimestamp(created, UTC)
    )
    return StripeEvent(type_, told, customer)


@dataclass(frozen=True, slots=True)
class _Object:
    """The object that an event is about, and what was different in it before."""

    fields: Mapping[str, Any]
    before: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.fields["id"])

    @property
    def payment(self) -> str:
        """The payment behind it: a checkout and its payment intent tell of the same money."""
        intent = self.fields.get("payment_intent")
        return intent if isinstance(intent, str) and intent else self.id

    @property
    def number(self) -> str:
        """The invoice by our number: from the metadata, a checkout's reference, or the number of Stripe's invoice."""
        metadata = self.fields.get("metadata")
        named = metadata if isinstance(metadata, dict) else {}
        for value in (
            named.get("invoice_number"),
            named.get("invoice_id"),
            self.fields.get("client_reference_id"),
            self.fields.get("number") if self.fields.get("object") == "invoice" else None,
        ):
            if isinstance(value, str) and value:
                return value
        return ""

    def money(self, *names: str) -> Money:
        """The first of these amounts that is there."""
        currency = str(self.fields.get("currency", "")).upper()
        for name in names:
            value = self.fields.get(name)
            if isinstance(value, int) and not isinstance(value, bool):
                return _money(value, currency)
        raise NotStripeError(f"data.object.{names[0]}: must be a whole number")


def _money(value: int, currency: str) -> Money:
    try:
        ours = digits_of(currency)
    except ValueError as error:
        raise NotStripeError(f"data.object.currency: {error}") from None
    theirs = 0 if currency in _WHOLE else 2 if currency in _HUNDREDTHS else ours
    if theirs <= ours:
        return Money(value * 10 ** (ours - theirs), currency)
    whole, rest = divmod(value, 10 ** (theirs - ours))
    if rest:
        raise NotStripeError(f"data.object: {value} has more decimals than {currency}")
    return Money(whole, currency)


_Told = Payment | Balance | PaymentNews | None


def _paid(about: _Object, at: datetime) -> _Told:
    amount = about.money("amount_received", "amount_total", "amount")
    return Payment(about.payment, PaymentKind.PAYMENT, about.number, amount, at) if amount.minor > 0 else None


def _intent_paid(about: _Object, at: datetime) -> _Told:
    # That of an invoice of Stripe's is told by the invoice.
    return None if about.fields.get("invoice") or not about.number else _paid(about, at)


def _checkout(about: _Object, at: datetime) -> _Told:
    if about.fields.get("invoice"):
        return None
    match about.fields.get("payment_status"):
        case "paid":
            return _paid(about, at)
        case "unpaid":
            return PaymentNews(about.payment, NewsKind.IN_FLIGHT, about.number, at)
        case _:
            return None


def _invoice(about: _Object, at: datetime) -> _Told:
    if about.fields.get("status") not in ("open", "paid"):
        return None
    left, total, paid = about.money("amount_remaining"), about.money("total"), about.money("amount_paid")
    if min(left.minor, total.minor, paid.minor) < 0:
        return None
    return Balance(about.id, about.number, total, paid, left, at)


def _refund(about: _Object, at: datetime) -> _Told:
    """So much more has been refunded than before; a charge tells the sum of all its refunds."""
    total = about.money("amount_refunded")
    before = about.before.get("amount_refunded")
    known = before if isinstance(before, int) and not isinstance(before, bool) else 0
    back = total - _money(known, total.currency)
    if back.minor <= 0:
        return None
    return Payment(f"{about.id}-{total.minor}", PaymentKind.REVERSAL, about.number, back, at)


def _dispute_closed(about: _Object, at: datetime) -> _Told:
    match about.fields.get("status"):
        case "lost":
            return Payment(about.id, PaymentKind.REVERSAL, about.number, about.money("amount"), at)
        case "won" | "warning_closed":
            return PaymentNews(about.id, NewsKind.DISPUTE_WON, about.number, at)
        case _:
            return None


def _news(kind: NewsKind) -> Callable[[_Object, datetime], _Told]:
    return lambda about, at: PaymentNews(about.payment, kind, about.number, at)


_TYPES: Mapping[str, Callable[[_Object, datetime], _Told]] = {
    "checkout.session.completed": _checkout,
    "checkout.session.async_payment_succeeded": _paid,
    "checkout.session.async_payment_failed": _news(NewsKind.FAILED),
    "payment_intent.succeeded": _intent_paid,
    "payment_intent.processing": _news(NewsKind.IN_FLIGHT),
    "payment_intent.payment_failed": _news(NewsKind.FAILED),
    "payment_intent.canceled": _news(NewsKind.FAILED),
    "invoice.paid": _invoice,
    "invoice.payment_succeeded": _invoice,
    "invoice.updated": _invoice,
    "invoice.overpaid": _invoice,
    "invoice.voided": _news(NewsKind.VOIDED),
    "invoice.marked_uncollectible": _news(NewsKind.WRITTEN_OFF),
    "charge.refunded": _refund,
    "charge.dispute.created": lambda about, at: PaymentNews(about.id, NewsKind.DISPUTED, about.number, at),
    "charge.dispute.closed": _dispute_closed,
}
