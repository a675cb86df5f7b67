from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.money import Money
from tactful.domain.book.payment import Payment
from tactful.entrypoints.stripe_events import _TYPES, NotStripeError, stripe_event

_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_fields = st.dictionaries(
    st.sampled_from(
        [
            "amount",
            "amount_total",
            "amount_refunded",
            "currency",
            "metadata",
            "status",
            "payment_status",
            "invoice",
        ]
    ),
    _values | st.sampled_from(["gbp", "jpy", "paid", "unpaid", 4000]),
)


@given(st.sampled_from(sorted(_TYPES)), _fields, _values)
def test_whatever_an_event_holds_it_is_read_or_refused(
    type_: str, fields: dict[str, object], before: object
) -> None:
    about = {"id": "x_1", **fields}
    body = {"object": "event", "type": type_, "created": 1_700_000_000, "data": {"object": about}}
    with suppress(NotStripeError):
        stripe_event(body)
    with suppress(NotStripeError):
        stripe_event({**body, "data": {"object": about, "previous_attributes": before}})
    with suppress(NotStripeError):
        stripe_event(before)


@pytest.mark.parametrize(
    ("currency", "theirs", "ours"),
    [
        ("gbp", 4000, Money(4000, "GBP")),
        ("jpy", 500, Money(500, "JPY")),
        ("isk", 50000, Money(500, "ISK")),
        ("mga", 500, Money(50000, "MGA")),
        ("kwd", 5000, Money(5000, "KWD")),
    ],
)
def test_amounts_are_read_in_stripe_s_units(currency: str, theirs: int, ours: Money) -> None:
    about = {"id": "cs_1", "payment_status": "paid", "amount_total": theirs, "currency": currency}
    event = {"object": "event", "type": "checkout.session.completed", "created": 1, "data": {"object": about}}
    told = stripe_event(event).told
    assert isinstance(told, Payment)
    assert told.amount == ours
