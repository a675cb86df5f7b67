from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tactful.adapters.policy_file import PolicyError, load_policy
from tactful.adapters.policy_schema import pack_schema, policy_schema
from tactful.adapters.yaml_tree import YamlTree

POLICIES = Path(__file__).parents[3] / "templates" / "policies"
STANDARD = POLICIES / "standard.yaml"
PACKS = sorted((POLICIES / "packs").glob("*.yaml"))


def as_an_editor_sees_it(text: str) -> Any:
    """An editor takes dates for text."""
    return json.loads(
        json.dumps(YamlTree(text).values, default=lambda day: str(day) if type(day) is date else 0)
    )


def complaints(schema: dict[str, Any], text: str) -> list[str]:
    errors = Draft202012Validator(schema).iter_errors(as_an_editor_sees_it(text))
    return sorted(".".join(map(str, error.absolute_path)) for error in errors)


@pytest.mark.parametrize("schema", [policy_schema(), pack_schema()], ids=["policy", "pack"])
def test_a_schema_is_one_of_json_schema_2020_12(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        (POLICIES / "policy.schema.json", policy_schema()),
        (POLICIES / "packs" / "pack.schema.json", pack_schema()),
    ],
    ids=["policy", "pack"],
)
def test_the_shipped_schema_is_the_one_that_the_command_prints(path: Path, schema: dict[str, Any]) -> None:
    assert json.loads(path.read_text(encoding="utf-8")) == schema


@pytest.mark.parametrize("path", [STANDARD, *PACKS], ids=lambda path: path.name)
def test_a_shipped_file_names_its_schema_in_its_first_line_and_fits_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    first = text.partition("\n")[0]
    assert first.startswith("# yaml-language-server: $schema=")
    schema = json.loads((path.parent / first.partition("=")[2]).read_text(encoding="utf-8"))
    assert complaints(schema, text) == []


@pytest.mark.parametrize("model", [policy_schema(), pack_schema()], ids=["policy", "pack"])
def test_every_field_is_explained_to_whoever_edits_it(model: dict[str, Any]) -> None:
    sections = {"": model, **{name: part for name, part in model["$defs"].items() if "properties" in part}}
    unexplained = [
        f"{name}.{field}"
        for name, section in sections.items()
        for field, about in section["properties"].items()
        if not about.get("description")
    ]
    assert unexplained == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("monday: 09:00-17:30", "monday: 9-17", "contact_window.monday"),
        ("monday: 09:00-17:30", "moonday: 09:00-17:30", "contact_window"),
        ("tone: neutral", "tone: angry", "stages.2.tone"),
        ("days: -7", "days: soon", "stages.0.days"),
        ("channels: [sms, email]", "channels: [fax]", "stages.3.channels.0"),
        ("channels: [sms, email]", "channels: []", "stages.3.channels"),
        ("    channels: [sms, email]\n", "", "stages.3"),
        ("kind: call\n", "kind: call\n    channels: [sms]\n", "stages.4"),
        ("kind: credit_review\n", "kind: credit_review\n    role: owner\n", "stages.6"),
        ("minimum_gap_days: 3", "minimal_gap_days: 3", ""),
        ("minimum_gap_days: 3", "minimum_gap_days: 0", "minimum_gap_days"),
        ("version: 2\n", "", ""),
        ("closed_days: []", "closed_days:", ""),
        ("  USD: 500", "  ZZZ: 500", "minimum_amounts"),
        ("segments: {}", "segments: {vip: {grace: 3}}", "segments.vip"),
        ("segments: {}", "segments: {vip: {}}", "segments.vip"),
        ("  loyal: -1 ", "  loyal: -2 ", "tone_rules.loyal"),
        ("upfront: deposit", "gift: deposit", "ladder_by_kind"),
    ],
)
def test_what_the_engine_refuses_an_editor_marks_too(tmp_path: Path, old: str, new: str, place: str) -> None:
    text = STANDARD.read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new, 1)
    broken = tmp_path / "policy.yaml"
    broken.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError):
        load_policy(broken)
    assert complaints(policy_schema(), text) == ([] if new == "closed_days:" else [place])


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        ("minimum_gap_days: 2", True),
        ("sms_needs_consent: true", True),
        ("sms_needs_consent: false", False),
        ("consumers_only: true", False),
        ("minimum_gap_days: 2, sms_needs_consent: true", False),
        ("grace_days: 2", False),
        ("cap: {contacts: 2}", False),
    ],
)
def test_a_rule_of_a_pack_limits_exactly_one_thing(rule: str, *, fits: bool) -> None:
    text = f"name: mine\ntitle: Mine\nrules:\n  - {{source: Some law 1, {rule}}}\n"
    assert (complaints(pack_schema(), text) == []) is fits
