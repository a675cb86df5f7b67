"""Reading the rules of charges from YAML, and saying everything that is wrong with them at once."""

from __future__ import annotations

from pathlib import Path

from tactful.adapters.policy_file import CHARGES, load_model
from tactful.domain.charges.rules import ChargeRules


def load_charge_rules(path: Path) -> ChargeRules:
    """The rules in a file. Raises PolicyError, which lists every fault with its line; OSError."""
    return load_model(path, ChargeRules, "usable rules of charges").read_from(str(path))


def known_rules(templates: Path) -> tuple[str, ...]:
    """The names of all rules in a folder of templates."""
    return tuple(sorted(path.stem for path in (templates / CHARGES).glob("*.yaml")))


def rules_called(name: str, templates: Path) -> ChargeRules:
    """The rules of a name, or in a file. Raises ValueError for an unknown name, which lists those that there are."""
    path = Path(name) if name.endswith((".yaml", ".yml")) else templates / CHARGES / f"{name}.yaml"
    if not path.is_file():
        there = ", ".join(known_rules(templates)) or f"none in {templates / CHARGES}"
        raise ValueError(f"there are no rules {name!r}: name a YAML file, or one of: {there}")
    return load_charge_rules(path)
