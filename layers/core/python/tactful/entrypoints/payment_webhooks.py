"""The webhooks of payment providers: our own event, and Stripe's. Verified before anything is parsed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from tactful.adapters.signatures import PAYMENT_SIGNATURE_HEADER, STRIPE_SIGNATURE_HEADER, is_payment_signed
from tactful.application.ports import Clock
from tactful.application.receive_payment import Matched, ReceivePayment
from tactful.domain.book.money import Money, digits_of
from tactful.domain.book.payment import Payment, PaymentKind
from tactful.domain.book.payment_news import Balance, PaymentNews
from tactful.entrypoints.http import Request, Response, forbidden
from tactful.entrypoints.observability import logger
from tactful.entrypoints.stripe_events import NotStripeError, StripeEvent, stripe_event

# What is larger, or from another age, is no payment; arithmetic on it could leave the numbers and the calendar.
_LARGEST_AMOUNT = 10**15
_YEARS = range(2000, 2100)


class PaymentEvent(BaseModel):
    """The JSON of a payment webhook. `amount_minor` is in minor units and positive."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_id: Annotated[str, Field(min_length=1, max_length=200)]
    type: Literal["payment", "reversal"]
    invoice_number: Annotated[str, Field(min_length=1, max_length=100)]
    customer_id: Annotated[str, Field(max_length=200)] = ""
    amount_minor: Annotated[int, Field(gt=0, le=_LARGEST_AMOUNT, strict=True)]
    currency: str
    occurred_at: AwareDatetime

    @field_validator("currency")
    @classmethod
    def _known(cls, value: str) -> str:
        digits_of(value)
        return value

    @field_validator("occurred_at")
    @classmethod
    def _of_this_age(cls, value: datetime) -> datetime:
        if value.year not in _YEARS:
            raise ValueError(f"must be in the years {_YEARS.start} to {_YEARS.stop - 1}")
        return value

    def payment(self) -> Payment:
        return Payment(
            id=self.event_id,
            kind=PaymentKind(self.type),
            invoice_number=self.invoice_number,
            amount=Money(self.amount_minor, self.currency),
            at=self.occurred_at.astimezone(UTC),
        )


@dataclass(frozen=True, slots=True)
class PaymentWebhooks:
    """Takes payments. The keys of each kind of webhook are read when they are first needed."""

    payments: ReceivePayment
    payment_keys: Callable[[], Iterable[bytes]]
    stripe_keys: Callable[[], Iterable[bytes]]
    clock: Clock

    def own(self, request: Request) -> Response:
        """Take an event of our own kind."""
        signature = request.headers.get(PAYMENT_SIGNATURE_HEADER.lower())
        if not is_payment_signed(signature, request.body, self.payment_keys(), self.clock.now()):
            return forbidden()
        try:
            event = PaymentEvent.model_validate_json(request.body)
        except ValidationError as error:
            places = sorted(
                {".".join(str(part) for part in fault["loc"]) or "body" for fault in error.errors()}
            )
            return Response(400, f"not a payment event; wrong or missing: {', '.join(places)}")
        matched = self.payments.receive(event.payment(), event.customer_id)
        logger().info("payment received", extra={"matched": str(matched), "kind": event.type})
        return Response(200, str(matched))

    def stripe(self, request: Request) -> Response:
        """Take an event of Stripe's. It is verified here, at once: five minutes later its signature is too old."""
        signature = request.headers.get(STRIPE_SIGNATURE_HEADER.lower())
        if not is_payment_signed(signature, request.body, self.stripe_keys(), self.clock.now()):
            return forbidden()
        try:
            event = stripe_event(json.loads(request.body))
        except NotStripeError as error:
            return Response(400, f"not an event that we can read; {error}")
        except (ValueError, RecursionError):
            return Response(400, "the body is no JSON")
        matched = self._taken(event)
        logger().info("stripe event received", extra={"matched": str(matched), "kind": event.type})
        return Response(200, str(matched))

    def _taken(self, event: StripeEvent) -> Matched:
        match event.told:
            case Payment():
                return self.payments.receive(event.told, event.customer_id)
            case Balance():
                return self.payments.balance(event.told, event.customer_id)
            case PaymentNews():
                return self.payments.news(event.told, event.customer_id)
            case None:
                return Matched.IGNORED
