"""template.yaml as data: short intrinsic functions in their long form, with a few questions it answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
Resource = dict[str, Any]


class _Loader(yaml.SafeLoader):
    pass


def _intrinsic(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _intrinsic)


def template() -> dict[str, Any]:
    """The whole template."""
    loaded: dict[str, Any] = yaml.load((ROOT / "template.yaml").read_text(), _Loader)  # noqa: S506 (a SafeLoader)
    return loaded


def resources(kind: str) -> dict[str, Resource]:
    """The resources of a type, by logical id."""
    return {name: item for name, item in template()["Resources"].items() if item["Type"] == kind}


def functions() -> dict[str, Resource]:
    """Every function's properties, with the globals filled in, by logical id."""
    shared = template()["Globals"]["Function"]
    found = {}
    for name, item in resources("AWS::Serverless::Function").items():
        own = item["Properties"]
        variables = shared["Environment"]["Variables"] | own["Environment"]["Variables"]
        # As SAM does: a function's layers come after those of all functions.
        layers = shared["Layers"] + own.get("Layers", [])
        found[name] = shared | own | {"Environment": {"Variables": variables}, "Layers": layers}
    return found


def queues_of(function: Resource) -> list[str]:
    """Logical ids of the queues that feed a function."""
    events = function.get("Events", {}).values()
    return [referred(event["Properties"]["Queue"]) for event in events if event["Type"] == "SQS"]


def statements(role: Resource) -> list[dict[str, Any]]:
    """Everything a role is allowed."""
    policies = role["Properties"]["Policies"]
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def referred(value: Any) -> str:
    """The logical id a Ref or a GetAtt names."""
    if "Ref" in value:
        return str(value["Ref"])
    return str(value["Fn::GetAtt"]).split(".")[0]


def listed(value: Any) -> list[Any]:
    """IAM lets one value stand for a list of one."""
    return value if isinstance(value, list) else [value]


def uses(node: Any, key: str, value: str) -> Iterator[tuple[str, ...]]:
    """The paths at which {key: value} occurs below a node."""
    if isinstance(node, dict):
        if node.get(key) == value:
            yield ()
        for name, child in node.items():
            for path in uses(child, key, value):
                yield (str(name), *path)
    elif isinstance(node, list):
        for position, child in enumerate(node):
            for path in uses(child, key, value):
                yield (str(position), *path)
