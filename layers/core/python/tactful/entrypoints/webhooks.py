"""The webhooks: what Twilio, payment providers and mail programs tell us. Verified before anything is parsed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl

from tactful.adapters.signatures import TWILIO_SETTINGS_HEADER, TWILIO_SIGNATURE_HEADER, is_from_twilio
from tactful.adapters.twilio import delivery_problem, status_of
from tactful.application.ports import Clock, Refusal, StoreUnavailableError
from tactful.application.track_delivery import DeliveryReport, TrackDelivery
from tactful.domain.book.account import SuppressionReason
from tactful.domain.book.customer import Channel, Customer
from tactful.entrypoints.http import Request, Response, forbidden
from tactful.entrypoints.observability import logger
from tactful.entrypoints.payment_webhooks import PaymentWebhooks
from tactful.entrypoints.unsubscribing import Unsubscribing

if TYPE_CHECKING:
    from tactful.application.receive_reply import ReceiveReply

# Twilio's longest message and a payment event are far below; what is above is no webhook of theirs.
_LARGEST_BODY = 64 * 1024
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
# Stripe's invoices carry their lines.
_LARGEST_STRIPE_BODY = 1024 * 1024
_TWILIO_KEYWORDS = frozenset(
    (
        "STOP",
        "STOPALL",
        "UNSUBSCRIBE",
        "CANCEL",
        "END",
        "QUIT",
        "REVOKE",
        "OPTOUT",
        "HELP",
        "INFO",
        "START",
        "UNSTOP",
    )
)
_SILENCE = Response(200, "<Response></Response>", "text/xml")


@dataclass(frozen=True, slots=True)
class Route:
    """What answers a path. An empty media type takes any."""

    answer: Callable[[Request], Response]
    media_type: str
    largest_body: int = _LARGEST_BODY


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Answers every webhook: 2xx when it is done, 4xx when it must not come again as it is, 503 when it must.

    `replies` is made when the first one comes: most webhooks tell of deliveries, and what it takes to understand people
    takes a while to load. `twilio_tokens` reads the secret when it is first needed; `opt_out_words` are those that
    confirm an opt-out.
    """

    public_url: str
    replies: Callable[[], ReceiveReply]
    deliveries: TrackDelivery
    payments: PaymentWebhooks
    unsubscribing: Unsubscribing
    twilio_tokens: Callable[[], Iterable[str]]
    opt_out_words: Callable[[Customer | None], str]
    clock: Clock

    def answer(self, request: Request) -> Response:
        """The answer to a request. Never raises."""
        path = next((known for known in self._routes if request.path.endswith(known)), None)
        if path is None:
            return Response(404, "there is nothing here")
        route = self._routes[path]
        if len(request.body) > route.largest_body:
            return Response(413, f"a body of more than {route.largest_body} bytes is not accepted")
        if route.media_type and request.content_type != route.media_type:
            return Response(415, f"send {route.media_type}")
        try:
            return route.answer(request)
        except StoreUnavailableError as error:
            logger().warning(
                "webhook not recorded, it must come again", extra={"path": path, "why": str(error)}
            )
            return Response(503, "the event could not be recorded now: send it again")
        except Exception as error:  # noqa: BLE001 - whatever it is, the sender must try again
            logger().exception("webhook failed", extra={"path": path, "error": type(error).__name__})
            return Response(503, "the event could not be recorded: send it again")

    @property
    def _routes(self) -> Mapping[str, Route]:
        return {
            "/webhooks/twilio/inbound": Route(self._twilio_inbound, _FORM),
            "/webhooks/twilio/status": Route(self._twilio_status, _FORM),
            "/webhooks/payments": Route(self.payments.own, _JSON),
            "/webhooks/stripe": Route(self.payments.stripe, _JSON, _LARGEST_STRIPE_BODY),
            "/unsubscribe": Route(self.unsubscribing.answer, ""),
        }

    def _twilio_inbound(self, request: Request) -> Response:
        fields = self._verified_form(request, "/webhooks/twilio/inbound")
        if fields is None:
            return forbidden()
        form = dict(fields)
        sid, sender = form.get("MessageSid", ""), form.get("From", "")
        if not sid or not sender:
            return Response(400, "MessageSid and From are needed")
        from tactful.application.receive_reply import InboundMessage

        message = InboundMessage(
            id=sid,
            channel=Channel.SMS,
            address=sender,
            text=form.get("Body", ""),
            at=self.clock.now(),
            fields=tuple(fields),
            more=_media(form),
            answered_already=_twilio_answers(form),
        )
        received = self.replies().receive(message)
        logger().info(
            "reply received", extra={"understood": str(received.understood), "accounts": received.accounts}
        )
        return _said(self.opt_out_words(received.customer)) if received.confirm_opt_out else _SILENCE

    def _twilio_status(self, request: Request) -> Response:
        fields = self._verified_form(request, "/webhooks/twilio/status")
        if fields is None:
            return forbidden()
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


def _twilio_answers(form: dict[str, str]) -> bool:
    """Whether Twilio itself has answered: to a keyword that is the whole body, or as Advanced Opt-Out says.

    Twilio, "Twilio support for opt-out keywords (SMS STOP filtering)" and "Advanced Opt-Out".
    """
    return bool(form.get("OptOutType")) or form.get("Body", "").strip().upper() in _TWILIO_KEYWORDS


def _media(form: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """That something came beside the text, which only a person can look at."""
    number = form.get("NumMedia", "0")
    return (("attachments", f"{number} (see them at Twilio)"),) if number not in ("", "0") else ()


def _said(words: str) -> Response:
    from twilio.twiml.messaging_response import MessagingResponse  # type: ignore[import-untyped]

    answer = MessagingResponse()
    answer.message(words)
    return Response(200, str(answer), "text/xml")


_SUPPRESSIONS = {
    Refusal.ADDRESS: SuppressionReason.INVALID,
    Refusal.CONSENT: SuppressionReason.OPT_OUT,
}
