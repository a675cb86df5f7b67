from __future__ import annotations

from pathlib import Path

import pytest

from tactful.adapters.fingerprint import fingerprint


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    (tmp_path / "packs").mkdir()
    (tmp_path / "standard.yaml").write_text("name: standard\n")
    (tmp_path / "packs/us.yaml").write_text("name: us\n")
    return tmp_path


def test_the_same_rules_have_the_same_fingerprint(policies: Path) -> None:
    assert fingerprint(policies, "Europe/London", True) == fingerprint(policies, "Europe/London", True)  # noqa: FBT003


def test_a_changed_policy_or_pack_or_setting_has_another(policies: Path) -> None:
    seen = {fingerprint(policies, "Europe/London"), fingerprint(policies, "Europe/Paris")}
    (policies / "standard.yaml").write_text("name: other\n")
    seen.add(fingerprint(policies, "Europe/London"))
    (policies / "packs/us.yaml").write_text("name: us2\n")
    seen.add(fingerprint(policies, "Europe/London"))
    (policies / "packs/us.yaml").rename(policies / "packs/uk.yaml")
    seen.add(fingerprint(policies, "Europe/London"))
    assert len(seen) == 5


def test_what_is_no_policy_does_not_count(policies: Path) -> None:
    before = fingerprint(policies)
    (policies / "policy.schema.json").write_text("{}")
    assert fingerprint(policies) == before
