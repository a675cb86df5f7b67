"""People and payment providers: they try again until what they say was recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tactful.adapters.signatures import PAYMENT_SIGNATURE_HEADER, payment_signature
from tactful.application.ports import StoreUnavailableError
from tests.handlers import signing
from tests.handlers.world import PAYMENTS_KEY
from tests.simulation.baton import ProcessDied
from tests.simulation.world import FAILED, World


def post(world: World, make: Callable[[], dict[str, Any]], recorded: Callable[[], None]) -> None:
    """Post a webhook again and again until it is answered with success; then it is recorded."""

    def answered(answer: Any) -> None:
        if answer is not None and answer["statusCode"] < FAILED:
            recorded()
        else:
            again()

    def again() -> None:
        world.later(timedelta(seconds=world.random.choice((10, 60, 600))), "", begin)

    def begin() -> None:
        actor = world.run_function("receive_webhooks", make(), answered)
        inner = actor.work

        def watched() -> None:
            try:
                inner()
            except ProcessDied:
                again()
                raise

        actor.work = watched

    begin()


def by_hand(world: World, what: str, do: Callable[[Any], None], recorded: Callable[[], None]) -> None:
    """Somebody at a command line, who tries again while the table cannot be reached. `do` gets the console."""

    def work() -> None:
        try:
            do(world.deployments[-1].console)
        except (ProcessDied, StoreUnavailableError) as failure:
            world.later(timedelta(seconds=60), "", begin)
            if isinstance(failure, ProcessDied):
                raise
        else:
            recorded()

    def begin() -> None:
        world.spawn(what, timedelta(hours=1), work)

    begin()


def pays(world: World, number: str, minor: int, event_id: str, recorded: Callable[[], None]) -> None:
    """A payment provider reports a payment until it is told that it was recorded."""

    def make() -> dict[str, Any]:
        body = json.dumps(
            {
                "event_id": event_id,
                "type": "payment",
                "invoice_number": number,
                "amount_minor": minor,
                "currency": "GBP",
                "occurred_at": world.at.isoformat(),
            }
        ).encode()
        signature = payment_signature(body, PAYMENTS_KEY.encode(), world.at)
        headers = {"content-type": "application/json", PAYMENT_SIGNATURE_HEADER.lower(): signature}
        return signing.request(signing.PAYMENTS, body, headers)

    post(world, make, recorded)
