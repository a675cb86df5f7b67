"""The JSON Schema of policies and packs as people write them, so that editors complete and check them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from tactful.domain.book.money import MINOR_DIGITS
from tactful.domain.dunning.limits import WEEKDAYS
from tactful.domain.dunning.packs import LIMITS, Pack
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import ONLY_FOR, StageKind

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_CURRENCY = {"$ref": "#/$defs/Currency"}
# Mappings whose keys are words of a closed list.
_KEYS: Mapping[str, Mapping[str, Any]] = {
    "contact_window": {"enum": list(WEEKDAYS)},
    "minimum_amounts": _CURRENCY,
    "pay_to": _CURRENCY,
    "over": _CURRENCY,
}


def policy_schema() -> dict[str, Any]:
    """The schema of a policy file (draft 2020-12)."""
    return _as_written(Policy, "A dunning policy: when clients are reminded, how strongly, and when not")


def pack_schema() -> dict[str, Any]:
    """The schema of a pack file (draft 2020-12)."""
    return _as_written(Pack, "The rules of a jurisdiction: they can make a policy stricter, never looser")


def _as_written(model: type[BaseModel], description: str) -> dict[str, Any]:
    schema = model.model_json_schema()
    definitions = schema["$defs"]
    for definition in definitions.values():
        definition["description"] = definition.get("description", "").partition("\n\n")[0].replace("\n", " ")
    if model is Policy:
        definitions["Currency"] = {"description": "An ISO 4217 code", "enum": sorted(MINOR_DIGITS)}
        definitions["Stage"]["allOf"] = [_stage_of(kind) for kind in StageKind]
        definitions["Override"]["minProperties"] = 1
        for field in definitions["Override"]["properties"].values():
            field.pop("default", None)
    else:
        definitions["Rule"]["oneOf"] = [{"required": [name]} for name in LIMITS]
    written: dict[str, Any] = _plain(schema)
    return {"$schema": DIALECT, **written, "description": description}


def _stage_of(kind: StageKind) -> dict[str, Any]:
    """What a stage of a kind has, and what it cannot have; without a kind it is a message."""
    never = {name: False for name, kinds in ONLY_FOR.items() if kind not in kinds}
    if kind is StageKind.MESSAGE:
        whole = {"required": ["tone", "channels"], "properties": {**never, "channels": {"minItems": 1}}}
        return {"if": {"properties": {"kind": {"const": kind}}}, "then": whole}
    return {
        "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
        "then": {"properties": never},
    }


def _plain(node: Any) -> Any:
    """Leave out that a field may be null (it is left out instead), and say which keys a mapping may have."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain = {key: _plain(value) for key, value in node.items() if not (key == "default" and value is None)}
    choices = [choice for choice in plain.get("anyOf", ()) if choice != {"type": "null"}]
    if "anyOf" in plain and len(choices) == 1:
        del plain["anyOf"]
        plain = {**choices[0], **plain}
    for name, field in (plain.get("properties") or {}).items():
        if name in _KEYS and isinstance(field, dict) and "additionalProperties" in field:
            field["propertyNames"] = dict(_KEYS[name])
    return plain
