"""Reading a dunning policy and its packs from YAML, and saying everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tactful.adapters.pruned import Pruned
from tactful.adapters.yaml_tree import Place, UnfitYamlError, YamlError, YamlTree
from tactful.domain.charges.rules import ChargeRules
from tactful.domain.dunning.packs import Pack
from tactful.domain.dunning.policy import Policy

CHARGES = "charges"
"""The folder of templates/ whose *.yaml files are rules of charges, each by its name."""
PACKS = "packs"
"""The folder beside a policy file whose *.yaml files are its packs."""

# What to do about a fault whose own message does not say it, by pydantic's word for the fault.
_REMEDIES = {
    "missing": "add it",
    "extra_forbidden": "remove it, or correct its spelling",
    "string_pattern_mismatch": "use two or more lower-case letters, digits and _, the first a letter",
    "string_type": "put it in quotes",
    "time_parsing": "write hours such as 09:00-17:30",
    "date_type": "write a date such as 2026-12-24",
    "date_from_datetime_parsing": "write a date such as 2026-12-24",
    "model_type": "write it as `field: value`, line by line, as in the standard policy",
    "literal_error": "write true, or remove it",
    "dict_type": "write it as `field: value`, line by line, as in the standard policy",
    "mapping_type": "write it as `field: value`, line by line, as in the standard policy",
    "too_short": "name at least one",
}
# Pydantic's words for what Python has and YAML has not.
_IN_PLAIN_WORDS = {
    "model_type": "should be fields with their values",
    "dict_type": "should be fields with their values",
    "mapping_type": "should be fields with their values",
    "tuple_type": "should be a list",
    "frozen_set_type": "should be a list",
    "too_short": "is empty",
}
# What a list looks like, by the innermost field that has one.
_LISTS = {
    "stages": "of stages; write each as `- name: ...` with its fields below, as in the standard policy",
    "ladders": "of stages; write each as `- name: ...` with its fields below, as in the standard policy",
    "rules": "of rules; write each as `- source: ...` with its fields beside it, as in the packs that are shipped",
    "channels": "[email, sms]",
    "thanks_channels": "[email, sms]",
    "further_caps": "[{contacts: 4, days: 30}]",
    "channel_caps": "[{channel: sms, contacts: 1, days: 7}]",
    "pay_to": "[Bank of Example, IBAN DE00 0000 0000 0000 0000 00]",
    "closed_days": "[2026-12-24]",
    "countries": "[US, CA]",
    "fixed_sums": "[{at_least: 0, sum: 40}]",
    "sources": "[clause 7 of our terms]",
}
_SHIPPED: Mapping[type[BaseModel], str] = {
    Policy: "templates/policies/standard.yaml",
    Pack: "templates/policies/packs/us.yaml",
    ChargeRules: "templates/charges/uk.yaml",
}
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in a file: its line (0 if it is not in there), its place, what is wrong and what to do."""

    path: Path
    line: int
    place: str
    said: str

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line else []
        return ": ".join(filter(None, (*where, self.place, self.said)))


class PolicyError(ValueError):
    """The file is no usable policy, or `what` else it should be. `faults` are all; those of packs name theirs."""

    def __init__(self, path: Path, faults: Sequence[Fault], what: str = "a usable policy") -> None:
        self.found = tuple(faults)
        self.faults = tuple(
            str(fault) if fault.path == path else f"{PACKS}/{fault.path.name}: {fault}" for fault in faults
        )
        super().__init__("\n".join([f"{path} is not {what}:", *(f"- {fault}" for fault in self.faults)]))


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy as it was read, with the lines of its file."""

    policy: Policy
    tree: YamlTree

    def line(self, place: Place) -> int:
        """The line of a place in the policy file; 0 if it does not have it."""
        return self.tree.line(place)


def load_policy(path: Path) -> Policy:
    """The validated policy in a YAML file, with the packs beside it. Raises PolicyError, which lists every fault."""
    return read_policy(path).policy


def read_policy(path: Path) -> PolicyFile:
    """As load_policy, with the lines of the file."""
    faults: list[Fault] = []
    tree = _tree(path, faults)
    values = tree.values if tree is not None else None
    if tree is not None and isinstance(values, dict) and PACKS in values:
        del values[PACKS]
        said = f"packs are the files in the folder {PACKS}/ beside the policy; remove this"
        faults.append(Fault(path, tree.line((PACKS,)), PACKS, said))
    policy = _validated(Policy, path, tree, values, faults) if tree is not None else None
    packs = load_packs(path.parent / PACKS, faults)
    if tree is None or policy is None or faults:
        raise PolicyError(path, sorted(faults, key=lambda fault: (fault.path != path, fault)))
    rules = _charge_rules(path, policy, tree, faults)
    if faults:
        raise PolicyError(path, sorted(faults))
    return PolicyFile(policy.changed(packs=packs, charge_rules=rules), tree)


def _charge_rules(path: Path, policy: Policy, tree: YamlTree, faults: list[Fault]) -> dict[str, ChargeRules]:
    """The rules of charges that a policy names; what is wrong with them is added to `faults`."""
    named: dict[Place, str] = {("late_payment", "rules"): policy.late_payment.rules}
    for kind, overrides in (("segments", policy.segments), ("customers", policy.customers)):
        named |= {
            (kind, key, "late_payment", "rules"): own.late_payment.rules for key, own in overrides.items()
        }
    rules: dict[str, ChargeRules] = {}
    for place, name in named.items():
        file = path.resolve().parent.parent / CHARGES / f"{name}.yaml"
        if not name or name in rules:
            continue
        if not file.is_file():
            there = ", ".join(sorted(other.stem for other in file.parent.glob("*.yaml"))) or "none"
            said = f"there is no templates/{CHARGES}/{name}.yaml; name one of: {there}"
            faults.append(Fault(path, tree.line(place), tree.named(place), said))
            continue
        inner: list[Fault] = []
        read = _tree(file, inner)
        valid = _validated(ChargeRules, file, read, read.values, inner) if read is not None else None
        faults.extend(replace(fault, path=path, said=f"{CHARGES}/{name}.yaml: {fault}") for fault in inner)
        if valid is not None:
            rules[name] = valid.read_from(f"templates/{CHARGES}/{name}.yaml")
    return rules


def load_model(path: Path, model: type[_Model], what: str) -> _Model:
    """What a YAML file holds, as a model; `what` says what it is. Raises PolicyError, which lists every fault."""
    faults: list[Fault] = []
    tree = _tree(path, faults)
    read = _validated(model, path, tree, tree.values, faults) if tree is not None else None
    if read is None or faults:
        raise PolicyError(path, sorted(faults), what)
    return read


def load_packs(folder: Path, faults: list[Fault]) -> tuple[Pack, ...]:
    """The packs in a folder, in order of their names; what is wrong with them is added to `faults`."""
    packs: dict[str, Pack] = {}
    for path in sorted(folder.glob("*.yaml")):
        tree = _tree(path, faults)
        pack = _validated(Pack, path, tree, tree.values, faults) if tree is not None else None
        if pack is not None and pack.name in packs:
            said = f"another file has a pack named {pack.name} already; rename one"
            faults.append(Fault(path, tree.line(("name",)) if tree else 0, "name", said))
        elif pack is not None:
            packs[pack.name] = pack
    return tuple(packs[name] for name in sorted(packs))


def _tree(path: Path, faults: list[Fault]) -> YamlTree | None:
    try:
        tree = YamlTree(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.append(Fault(path, 0, "", "it cannot be read: there is no such file; name one that exists"))
    except OSError as error:
        faults.append(Fault(path, 0, "", f"it cannot be read: {error.strerror or error}"))
    except UnicodeDecodeError as error:
        faults.append(Fault(path, 0, "", f"it cannot be read: {error}; save it as UTF-8 text"))
    except UnfitYamlError as error:
        faults.append(Fault(path, error.line, "", error.said))
    except YamlError as error:
        faults.append(Fault(path, 0, "", f"it is not YAML: {error}"))
    else:
        faults.extend(Fault(path, fault.line, tree.named(fault.place), fault.said) for fault in tree.faults)
        return tree
    return None


def _validated(
    model: type[_Model], path: Path, tree: YamlTree, values: Any, faults: list[Fault]
) -> _Model | None:
    """The values as a model, or None with every fault added.

    A section is only checked as a whole once its parts are right, so what is wrong is left out and the rest checked
    again, until nothing new comes up.
    """
    if not isinstance(values, dict):
        faults.append(Fault(path, 0, "", _without_fields(model, values)))
        return None
    told: set[Place] = {fault.place for fault in tree.faults}
    rest = Pruned(values)
    while True:
        try:
            valid = model.model_validate(rest.left())
        except ValidationError as error:
            details = [(rest.original(_place(detail)), detail) for detail in _primary(error.errors())]
            fresh = [(place, detail) for place, detail in details if not _follows(place, told)]
            faults.extend(_fault(path, tree, place, detail) for place, detail in fresh)
            told.update(place for place, _ in fresh)
            dropped = [rest.drop(place) for place, _ in details]
            if not all(dropped):
                return None
        else:
            return None if told else valid


def _place(detail: ErrorDetails) -> Place:
    """Where a fault is; pydantic marks one that is about the key of a mapping."""
    return tuple(part for part in detail["loc"] if part != "[key]")


def _follows(place: Place, told: set[Place]) -> bool:
    """Whether a fault may only come of leaving out what was told: it is there, or in what holds it."""
    return any(known[: len(place)] == place for known in told)


def _primary(details: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Leave out what only follows from another fault: a list counts as empty if none of its items is right."""
    for detail in details:
        place = detail["loc"]
        others = (other["loc"] for other in details if other is not detail)
        if detail["type"] != "too_short" or not any(other[: len(place)] == place for other in others):
            yield detail


def _without_fields(model: type[BaseModel], values: Any) -> str:
    """What is wrong with a file that holds no fields at all."""
    what = (
        "it is a list, which has no fields"
        if isinstance(values, list)
        else "it is a single value, which has no fields"
    )
    *names, last = (name for name, field in model.model_fields.items() if field.is_required())
    said = "it is empty" if values is None else what
    return f"{said}: begin with {', '.join(names)} and {last}, as in {_SHIPPED[model]}"


def _fault(path: Path, tree: YamlTree, place: Place, detail: ErrorDetails) -> Fault:
    said = detail["msg"].removeprefix("Value error, ").replace("Input should", "should", 1)
    said = _IN_PLAIN_WORDS.get(detail["type"], said)
    given, remedy = detail["input"], _REMEDIES.get(detail["type"], "")
    example = next((_LISTS[part] for part in reversed(place) if part in _LISTS), "")
    if said == "should be a list" and example.startswith("of "):
        said, _, remedy = f"{said} {example}".partition("; ")
    elif said == "should be a list":
        remedy = f"write a list such as {example}"
    if said.startswith("should") and isinstance(given, str | int | float) and not isinstance(given, bool):
        said = f"{said}, not {given!r}"
    return Fault(path, tree.line(place), tree.named(place), "; ".join(filter(None, (said, remedy))))
