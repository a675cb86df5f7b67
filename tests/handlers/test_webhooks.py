"""What the webhooks take beside the recorded events: Stripe, one click to unsubscribe, opt-outs that are confirmed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tactful.adapters.signatures import payment_signature, unsubscribe_token
from tactful.domain.book.agreements import HoldKind
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.book.money import Money
from tests.handlers.signing import inbound, request
from tests.handlers.world import EMAIL, LINK_KEY, NOW, PHONE, STRIPE_KEY, World


def a_stripe_event(type_: str, about: dict[str, Any], before: dict[str, Any] | None = None) -> dict[str, Any]:
    """One that Stripe signed now."""
    data = {"object": about, **({"previous_attributes": before} if before else {})}
    event = {"id": "evt_1", "object": "event", "type": type_, "created": int(NOW.timestamp()), "data": data}
    body = json.dumps(event).encode()
    headers = {
        "content-type": "application/json",
        "stripe-signature": payment_signature(body, STRIPE_KEY.encode(), NOW),
    }
    return request("/webhooks/stripe", body, headers)


def a_checkout(status: str, amount: int = 12000) -> dict[str, Any]:
    return {
        "id": "cs_1",
        "object": "checkout.session",
        "payment_intent": "pi_1",
        "payment_status": status,
        "amount_total": amount,
        "currency": "gbp",
        "client_reference_id": "INV-1",
    }


@pytest.fixture(autouse=True)
def _sent(world: World) -> None:
    """The book, and a reminder by e-mail."""
    world.send(Channel.EMAIL)


def handled(world: World, event: dict[str, Any]) -> tuple[int, str]:
    answer = world.run("receive_webhooks", event)
    return answer["statusCode"], answer["body"]


def due(world: World) -> Money:
    invoice = world.account().invoice("INV-1")
    assert invoice is not None
    return invoice.amount_due


def test_a_paid_checkout_and_its_payment_intent_are_one_payment(world: World) -> None:
    before = due(world)
    assert handled(world, a_stripe_event("checkout.session.completed", a_checkout("paid", 5000))) == (
        200,
        "recorded",
    )
    intent = {
        "id": "pi_1",
        "object": "payment_intent",
        "amount_received": 5000,
        "currency": "gbp",
        "metadata": {"invoice_number": "INV-1"},
    }
    handled(world, a_stripe_event("payment_intent.succeeded", intent))
    assert due(world) == before - Money(5000, "GBP")


def test_an_unpaid_checkout_pays_nothing_and_pauses_until_the_bank_has_answered(world: World) -> None:
    before = due(world)
    handled(world, a_stripe_event("checkout.session.completed", a_checkout("unpaid")))
    assert due(world) == before
    assert [hold.kind for hold in world.account().holds if hold.is_active(NOW)] == [
        HoldKind.PAYMENT_IN_FLIGHT
    ]
    handled(world, a_stripe_event("checkout.session.async_payment_failed", a_checkout("unpaid")))
    running = [hold for hold in world.account().holds if hold.is_active(NOW)]
    assert [(hold.kind, hold.until) for hold in running] == [(HoldKind.REVERSAL, NOW + timedelta(days=3))]


def test_an_invoice_of_stripe_tells_what_is_left_however_often_and_in_any_order(world: World) -> None:
    def told(left: int, status: str = "open") -> dict[str, Any]:
        about = {
            "id": "in_1",
            "object": "invoice",
            "number": "INV-1",
            "status": status,
            "amount_remaining": left,
            "total": 12000,
            "amount_paid": 12000 - left,
            "currency": "gbp",
        }
        return a_stripe_event("invoice.paid" if status == "paid" else "invoice.updated", about)

    for left, status in ((4000, "open"), (0, "paid"), (4000, "open"), (0, "paid")):
        handled(world, told(left, status))
    invoice = world.account().invoice("INV-1")
    assert invoice is not None
    assert (invoice.state, invoice.amount_due.minor) == (InvoiceState.PAID, 0)


def test_a_partial_refund_reopens_only_its_part_and_nobody_is_reminded_of_it_at_once(world: World) -> None:
    before = due(world)
    handled(world, a_stripe_event("checkout.session.completed", a_checkout("paid", before.minor)))
    charge = {
        "id": "ch_1",
        "object": "charge",
        "amount_refunded": 3000,
        "currency": "gbp",
        "metadata": {"invoice_number": "INV-1"},
    }
    for _ in range(2):
        handled(world, a_stripe_event("charge.refunded", charge, {"amount_refunded": 0}))
    assert due(world) == Money(3000, "GBP")
    assert world.account().next_action_at == NOW + timedelta(days=3)


def test_an_invoice_of_stripe_for_a_part_pays_that_part_once(world: World) -> None:
    about = {
        "id": "in_2",
        "object": "invoice",
        "status": "paid",
        "metadata": {"invoice_number": "INV-1"},
        "amount_remaining": 0,
        "total": 4000,
        "amount_paid": 4000,
        "currency": "gbp",
    }
    for type_ in ("invoice.paid", "invoice.payment_succeeded", "invoice.updated"):
        handled(world, a_stripe_event(type_, about))
    handled(
        world, a_stripe_event("checkout.session.completed", a_checkout("paid", 4000) | {"invoice": "in_2"})
    )
    assert due(world) == Money(8000, "GBP")


def test_a_dispute_that_names_no_invoice_is_a_task(world: World) -> None:
    dispute = {"id": "dp_1", "object": "dispute", "amount": 4000, "currency": "gbp", "charge": "ch_1"}
    assert handled(world, a_stripe_event("charge.dispute.created", dispute)) == (200, "for_a_person")
    assert world.tasks() == ["payment_disputed"]


def test_a_dispute_that_was_won_before_it_was_told_of_holds_nothing(world: World) -> None:
    dispute = {
        "id": "dp_1",
        "object": "dispute",
        "status": "won",
        "amount": 4000,
        "currency": "gbp",
        "metadata": {"invoice_number": "INV-1"},
    }
    for type_ in ("charge.dispute.closed", "charge.dispute.created"):
        handled(world, a_stripe_event(type_, dispute))
    assert not [hold for hold in world.account().holds if hold.is_active(NOW)]


def test_money_of_no_known_invoice_is_a_task_and_other_news_of_it_is_ignored(world: World) -> None:
    checkout = a_checkout("paid") | {"client_reference_id": "NOBODYS"}
    assert handled(world, a_stripe_event("checkout.session.completed", checkout)) == (200, "for_a_person")
    unpaid = checkout | {"payment_status": "unpaid"}
    assert handled(world, a_stripe_event("checkout.session.completed", unpaid)) == (200, "ignored")
    assert handled(world, a_stripe_event("customer.created", {"id": "cus_1"})) == (200, "ignored")


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"id": 7},
        {"id": "cs_1", "payment_status": "paid", "currency": "gbp"},
        a_checkout("paid") | {"currency": "?"},
    ],
)
def test_an_event_that_lacks_something_is_refused_by_what_it_lacks(
    world: World, about: dict[str, Any]
) -> None:
    status, body = handled(world, a_stripe_event("checkout.session.completed", about))
    assert status == 400
    assert "data.object" in body


def test_an_event_that_stripe_did_not_sign_is_refused(world: World) -> None:
    event = a_stripe_event("checkout.session.completed", a_checkout("paid"))
    event["headers"]["stripe-signature"] = payment_signature(b"other", STRIPE_KEY.encode(), NOW)
    assert handled(world, event)[0] == 403
    late = NOW - timedelta(seconds=301)
    body = b"{}"
    headers = {
        "content-type": "application/json",
        "stripe-signature": payment_signature(body, STRIPE_KEY.encode(), late),
    }
    assert handled(world, request("/webhooks/stripe", body, headers))[0] == 403


def unsubscribing(token: str, method: str) -> dict[str, Any]:
    event = request(
        "/unsubscribe", b"List-Unsubscribe=One-Click", {"content-type": "application/x-www-form-urlencoded"}
    )
    event["rawQueryString"] = f"t={token}"
    event["requestContext"] = {"http": {"method": method}}
    return event


def test_one_click_unsubscribes_and_opening_the_link_only_asks(world: World) -> None:
    token = unsubscribe_token(world.reminder().id, LINK_KEY.encode())
    status, page = handled(world, unsubscribing(token, "GET"))
    assert (status, "Stop these e-mails" in page) == (200, True)
    assert not world.is_suppressed(Channel.EMAIL, EMAIL)
    for _ in range(2):
        assert handled(world, unsubscribing(token, "POST"))[0] == 200
    assert world.is_suppressed(Channel.EMAIL, EMAIL)
    assert not world.is_suppressed(Channel.SMS, PHONE)


def test_a_token_that_is_not_ours_unsubscribes_nobody(world: World) -> None:
    genuine = unsubscribe_token(world.reminder().id, LINK_KEY.encode())
    other = f"aaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb.{genuine.rpartition('.')[2]}"
    for token in (
        other,
        "",
        "x",
        genuine[:-1],
        f"{world.reminder().id}.",
        "%00",
        "\N{LATIN SMALL LETTER E WITH ACUTE}",
    ):
        assert handled(world, unsubscribing(token, "POST"))[0] == 404
    assert not world.is_suppressed(Channel.EMAIL, EMAIL)


@pytest.mark.parametrize(
    ("text", "confirmed"),
    [("STOP", False), ("stop.", True), ("please stop texting me", True), ("I paid", False)],
)
def test_an_opt_out_is_confirmed_once_unless_twilio_has_done_so(
    world: World, text: str, *, confirmed: bool
) -> None:
    _, said = handled(world, inbound("SM-1", text))
    assert ("<Message>Acme Tools: you will get no more text messages" in said) == confirmed
    _, again = handled(world, inbound("SM-2", text))
    assert again == "<Response></Response>"


def test_a_reply_that_is_answered_is_queued_for_the_sender_at_once(world: World) -> None:
    handled(world, inbound("SM-1", "I will pay on Friday"))
    assert [message["account"] for message in world.queued()] == [world.account().key]
