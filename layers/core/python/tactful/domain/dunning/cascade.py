"""Which values hold for a customer, and where each of them comes from.

The policy's own values are overridden by those of the customer's segment, these by the customer's, and what comes out
is tightened by the packs of the customer's country. An invoice may have a ladder of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tactful.domain.book.customer import Customer
from tactful.domain.book.invoice import Invoice
from tactful.domain.dunning.packs import rules_for

if TYPE_CHECKING:
    from tactful.domain.dunning.policy import Override, Policy


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the cascade: what it is called, and the fields it sets."""

    name: str
    values: Mapping[str, Any]


# How a value of its own goes together with the value above it; every other one takes its place.
_TOGETHER: Mapping[str, Callable[[Any, Any], Any]] = {
    "closed_days": lambda above, own: above | own,
    "minimum_amounts": lambda above, own: {**above, **own},
    "tone_rules": lambda above, own: above.model_copy(
        update={name: getattr(own, name) for name in own.model_fields_set}
    ),
}


def layers_for(policy: Policy, customer: Customer, country: str) -> tuple[Layer, ...]:
    """The layers above the policy's own values for a customer in a country (ISO 3166), in the order they apply."""
    layers = []
    current = policy
    for name, override in (
        (f"segment {customer.segment}", policy.segments.get(customer.segment)),
        (f"customer {customer.id}", policy.customers.get(customer.id)),
    ):
        if override is not None:
            layers.append(Layer(name, _values(current, override)))
            current = current.changed(**layers[-1].values)
    for pack, rules in rules_for(policy.packs, country, customer.purpose).items():
        for rule in rules:
            tightened = {
                name: value
                for name, value in rule.tightened(current).items()
                if value != getattr(current, name)
            }
            if tightened:
                layers.append(Layer(f"pack {pack}: {rule.source}", tightened))
                current = current.changed(**tightened)
    return tuple(layers)


def origins_for(
    policy: Policy, customer: Customer, country: str, invoice: Invoice | None = None
) -> dict[str, str]:
    """By field, the layer that a value comes from; fields of the policy's own are left out.

    With an invoice, `ladder` and `chase` are those of this invoice.
    """
    origins = {name: layer.name for layer in layers_for(policy, customer, country) for name in layer.values}
    if invoice is not None:
        rule = policy.invoices.get(invoice.number)
        if rule is not None and rule.ladder:
            origins["ladder"] = f"invoice {invoice.number}"
        elif invoice.kind in policy.ladder_by_kind:
            origins["ladder"] = f"kind {invoice.kind}"
        if rule is not None and not rule.chase:
            origins["chase"] = f"invoice {invoice.number}"
    return origins


def _values(above: Policy, override: Override) -> dict[str, Any]:
    return {
        name: _TOGETHER[name](getattr(above, name), value) if name in _TOGETHER else value
        for name, value in override.given().items()
    }
