"""The webhooks: what Twilio and payment providers tell us. Verified before anything is parsed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal
from urllib.parse import parse_qs, parse_qsl

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from tactful.adapters.signatures import (
    PAYMENT_SIGNATURE_HEADER,
    TWILIO_SETTINGS_HEADER,
    TWILIO_SIGNATURE_HEADER,
    is_from_twilio,
    is_payment_signed,
)
from tactful.adapters.twilio import delivery_problem, status_of
from tactful.application.ports import Clock, Refusal, StoreUnavailableError
from tactful.application.receive_payment import ReceivePayment
from tactful.application.receive_reply import InboundMessage, ReceiveReply
from tactful.application.track_delivery import DeliveryReport, TrackDelivery
from tactful.domain.book.account import SuppressionReason
from tactful.domain.book.customer import Channel
from tactful.domain.book.money import Money, digits_of
from tactful.domain.book.payment import Payment, PaymentKind
from tactful.entrypoints.http import Request, Response
from tactful.entrypoints.observability import logger

# Twilio's longest message and a payment event are far below; what is above is no webhook of theirs.
_LARGEST_BODY = 64 * 1024
# What is larger, or from another age, is no payment; arithmetic on it could leave the numbers and the calendar.
_LARGEST_AMOUNT = 10**15
_YEARS = range(2000, 2100)
_FORM = "application/x-www-form-urlencoded"
_SILENCE = Response(200, "<Response></Response>", "text/xml")


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
class Webhooks:
    """Answers every webhook: 2xx when it is done, 4xx when it must not come again as it is, 503 when it must.

    `twilio_tokens` and `payment_keys` read the secrets when they are first needed.
    """

    public_url: str
    replies: ReceiveReply
    deliveries: TrackDelivery
    payments: ReceivePayment
    twilio_tokens: Callable[[], Iterable[str]]
    payment_keys: Callable[[], Iterable[bytes]]
    clock: Clock

    def answer(self, request: Request) -> Response:
        """The answer to a request. Never raises."""
        routes: dict[str, tuple[str, Callable[[Request], Response]]] = {
            "/webhooks/twilio/inbound": (_FORM, self._twilio_inbound),
            "/webhooks/twilio/status": (_FORM, self._twilio_status),
            "/webhooks/payments": ("application/json", self._payment),
        }
        path = next((known for known in routes if request.path.endswith(known)), None)
        if path is None:
            return Response(404, "there is nothing here")
        media_type, route = routes[path]
        if len(request.body) > _LARGEST_BODY:
            return Response(413, f"a body of more than {_LARGEST_BODY} bytes is not accepted")
        if request.content_type != media_type:
            return Response(415, f"send {media_type}")
        try:
            return route(request)
        except StoreUnavailableError as error:
            logger().warning(
                "webhook not recorded, it must come again", extra={"path": path, "why": str(error)}
            )
            return Response(503, "the event could not be recorded now: send it again")
        except Exception as error:  # noqa: BLE001 - whatever it is, the sender must try again
            logger().exception("webhook failed", extra={"path": path, "error": type(error).__name__})
            return Response(503, "the event could not be recorded: send it again")

    def _twilio_inbound(self, request: Request) -> Response:
        fields = self._verified_form(request, "/webhooks/twilio/inbound")
        if fields is None:
            return _forbidden()
        form = dict(fields)
        sid, sender = form.get("MessageSid", ""), form.get("From", "")
        if not sid or not sender:
            return Response(400, "MessageSid and From are needed")
        message = InboundMessage(
            id=sid,
            channel=Channel.SMS,
            address=sender,
            text=form.get("Body", ""),
            at=self.clock.now(),
            fields=tuple(fields),
        )
        received = self.replies.receive(message)
        logger().info(
            "reply received", extra={"understood": str(received.understood), "accounts": received.accounts}
        )
        return _SILENCE

    def _twilio_status(self, request: Request) -> Response:
        fields = self._verified_form(request, "/webhooks/twilio/status")
        if fields is None:
            return _forbidden()
        reminder_id = parse_qs(request.raw_query).get("r", [""])[0]
        report = _twilio_report(dict(fields), reminder_id, self.clock.now())
        if report is not None:
            tracked = self.deliveries.record(report)
            logger().info("delivery news", extra={"tracked": str(tracked), "code": report.code})
        return Response(204)

    def _verified_form(self, request: Request, path: str) -> list[tuple[str, str]] | None:
        """The form's fields if Twilio signed them for the URL that we gave it, else None.

        The URL comes from the configuration, with the query as it was sent: hosts and prefixes that a proxy puts
        into the request are not what Twilio signed.
        """
        genuine = is_from_twilio(
            public_url=self.public_url,
            raw_path=path,
            raw_query=request.raw_query,
            body=request.body,
            signature=request.headers.get(TWILIO_SIGNATURE_HEADER.lower()),
            settings=request.headers.get(TWILIO_SETTINGS_HEADER.lower()),
            auth_tokens=self.twilio_tokens(),
        )
        return parse_qsl(request.body.decode(), keep_blank_values=True) if genuine else None

    def _payment(self, request: Request) -> Response:
        signature = request.headers.get(PAYMENT_SIGNATURE_HEADER.lower())
        if not is_payment_signed(signature, request.body, self.payment_keys(), self.clock.now()):
            return _forbidden()
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


def _forbidden() -> Response:
    return Response(403, "the signature is missing, wrong or too old")


def _twilio_report(form: dict[str, str], reminder_id: str, now: datetime) -> DeliveryReport | None:
    """A status callback in our words; None for a status that says nothing new or is not known to us."""
    word, error_code = form.get("MessageStatus", ""), form.get("ErrorCode", "")
    status = status_of(word)
    if status is None:
        return None
    problem = delivery_problem(error_code) if error_code else None
    return DeliveryReport(
        reminder_id=reminder_id,
        at=now,
        code=f"{word} {error_code}".strip(),
        status=status,
        provider_id=form.get("MessageSid", ""),
        suppress=_SUPPRESSIONS.get(problem) if problem else None,
    )


_SUPPRESSIONS = {
    Refusal.ADDRESS: SuppressionReason.INVALID,
    Refusal.CONSENT: SuppressionReason.OPT_OUT,
}
