"""Which values hold for a customer, and where each of them comes from.

The policy's own values are overridden by those of the customer's segment, these by the customer's, and what comes out
is tightened by the packs of the customer's country.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tactful.domain.book.customer import Customer
from tactful.domain.dunning.packs import rules_for

if TYPE_CHECKING:
    from tactful.domain.dunning.policy import Policy


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the cascade: what it is called, and the fields it sets."""

    name: str
    values: Mapping[str, Any]


def layers_for(policy: Policy, customer: Customer, country: str) -> tuple[Layer, ...]:
    """The layers above the policy's own values for a customer in a country (ISO 3166), in the order they apply."""
    layers = []
    if customer.segment in policy.segments:
        layers.append(Layer(f"segment {customer.segment}", policy.segments[customer.segment].given()))
    if customer.id in policy.customers:
        layers.append(Layer("customer", policy.customers[customer.id].given()))
    current = policy
    for layer in layers:
        current = current.changed(**layer.values)
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


def origins_for(policy: Policy, customer: Customer, country: str) -> dict[str, str]:
    """By field, the layer that a customer's value comes from; fields of the policy's own are left out."""
    return {name: layer.name for layer in layers_for(policy, customer, country) for name in layer.values}
