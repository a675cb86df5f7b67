"""How fast replies are understood, and what the webhook costs over a bare Powertools handler. CPU of one core.

The webhook runs with everything but the network and its log: the request is decoded and verified, the message is
understood and applied to an account in memory. The bare handler is Powertools' own resolver of HTTP APIs with one route
that reads the form.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from statistics import median
from typing import Any
from urllib.parse import parse_qsl

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.api_gateway import Response as BareResponse

from tactful.application.unsubscribe import Unsubscribe
from tactful.domain.replies.message import Incoming
from tactful.domain.replies.understand import understand
from tactful.entrypoints.http import decode
from tactful.entrypoints.observability import logger
from tactful.entrypoints.payment_webhooks import PaymentWebhooks
from tactful.entrypoints.unsubscribing import Unsubscribing
from tactful.entrypoints.webhooks import Webhooks
from tests.bench.result import Result
from tests.handlers.signing import from_twilio
from tests.handlers.world import AUTH_TOKEN, PUBLIC_URL
from tests.support.builders import PHONE, a_contact, a_customer, an_account, an_invoice
from tests.unit.application.house import House, a_house
from tests.unit.replies.messages import MEANT, PROMISED

_INBOUND = "/webhooks/twilio/inbound"
_MESSAGES, _ROUNDS = 1_000, 7


def measure() -> Iterator[tuple[str, Result]]:
    """A thousand messages, and a thousand webhooks each."""
    texts = [text for said in MEANT.values() for text in said] + list(PROMISED)
    texts = [texts[number % len(texts)] for number in range(_MESSAGES)]
    wednesday = date(2026, 9, 9)

    def understood() -> None:
        for text in texts:
            understand(Incoming("sms", text, "en-GB", wednesday))

    understood()
    seconds = median(_cpu(understood) for _ in range(_ROUNDS))
    note = f"{_MESSAGES} messages as people write them, {seconds * 1_000 / _MESSAGES:.2f} ms each"
    yield "understand_per_second", Result(_MESSAGES / seconds, "messages/s", note)
    ours, bare = _webhook(), _bare_webhook()
    logger().setLevel("WARNING")
    for warmed_up in (ours, bare):
        warmed_up(range(50))
    took = [
        (
            _cpu(lambda start=start: ours(range(start, start + _MESSAGES))),  # type: ignore[misc]
            _cpu(lambda start=start: bare(range(start, start + _MESSAGES))),  # type: ignore[misc]
        )
        for start in range(1_000, 1_000 + 3 * _MESSAGES, _MESSAGES)
    ]
    mine, theirs = median(one for one, _ in took), median(other for _, other in took)
    note = f"{mine * 1_000 / _MESSAGES:.2f} ms over {theirs * 1_000 / _MESSAGES:.2f} ms a webhook"
    yield "webhook_cpu_ratio", Result(round(mine / theirs, 2), "ratio", note)


def _webhook() -> Callable[[range], None]:
    house = a_house()
    for number in range(4 * _MESSAGES + 50):
        customer = a_customer(a_contact(email="", phone=_phone(number)), customer_id=f"C-{number}")
        house.add(an_account(an_invoice(f"INV-{number}"), customer=customer))
    webhooks = _webhooks(house)
    events = {number: _event(number) for number in range(4 * _MESSAGES + 50)}

    def run(numbers: range) -> None:
        for number in numbers:
            answer = webhooks.answer(decode(events[number])).as_dict()
            assert answer["statusCode"] == 200, answer

    return run


def _webhooks(house: House) -> Webhooks:
    replies = house.replies()
    payments = PaymentWebhooks(house.payments(), lambda: (), lambda: (), house.clock)
    unsubscribing = Unsubscribing(Unsubscribe(house.events(), house.store), lambda: (), lambda *_: "")
    return Webhooks(
        PUBLIC_URL,
        lambda: replies,
        house.deliveries(),
        payments,
        unsubscribing,
        lambda: (AUTH_TOKEN,),
        lambda _: "",
        house.clock,
    )


def _bare_webhook() -> Callable[[range], None]:
    app = APIGatewayHttpResolver()

    @app.post(_INBOUND)
    def inbound() -> BareResponse[str]:
        form = dict(parse_qsl(app.current_event.decoded_body or "", keep_blank_values=True))
        assert form["Body"]
        return BareResponse(200, "text/xml", "<Response></Response>")

    events = {number: _event(number) for number in range(4 * _MESSAGES + 50)}

    def run(numbers: range) -> None:
        for number in numbers:
            answer = app.resolve(events[number], None)  # type: ignore[arg-type]
            assert answer["statusCode"] == 200, answer

    return run


def _event(number: int) -> dict[str, Any]:
    fields = [("MessageSid", f"SM{number}"), ("From", _phone(number)), ("Body", "I will pay on Friday")]
    event = from_twilio(_INBOUND, fields)
    http = {"method": "POST", "path": _INBOUND}
    return {**event, "requestContext": {"http": http, "stage": "$default"}}


def _phone(number: int) -> str:
    return f"{PHONE[:-6]}{number:06d}"


def _cpu(run: Callable[[], None]) -> float:
    begun = time.process_time()
    run()
    return time.process_time() - begun
