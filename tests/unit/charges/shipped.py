"""The rules of charges that are shipped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tactful.adapters.charge_rules import rules_called
from tactful.domain.charges.rules import ChargeRules

TEMPLATES = Path(__file__).parents[3] / "templates"


@cache
def rules(name: str) -> ChargeRules:
    return rules_called(name, TEMPLATES)
