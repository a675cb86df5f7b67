from __future__ import annotations

from tactful.domain.book.agreements import HOLDS, HoldKind
from tests.architecture.repository import ROOT

AGREEMENTS = (ROOT / "docs/agreements.md").read_text()


def test_every_kind_of_hold_is_explained_with_what_ends_it() -> None:
    assert set(HOLDS) == set(HoldKind)
    for kind in HoldKind:
        assert f"| hold `{kind}` |" in AGREEMENTS
        assert HOLDS[kind].ended_by
