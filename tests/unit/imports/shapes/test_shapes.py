"""Every shape of file is read, or refused, as `tactful check-file` says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tactful.entrypoints.cli import FAULT, OK, main
from tests.unit.imports.shapes import in_bytes, in_columns, in_layout, in_meaning, in_values
from tests.unit.imports.shapes.shape import Shape, compact

_ALL = (*in_bytes.ALL, *in_columns.ALL, *in_layout.ALL, *in_values.ALL, *in_meaning.ALL)


@pytest.mark.parametrize("shape", _ALL, ids=str)
def test_a_file_of_any_shape_is_read_as_a_careful_bookkeeper_would(
    shape: Shape, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.write_bytes(shape.content)
    code = main(["check-file", str(file), "--json", *shape.arguments])
    answer = json.loads(capsys.readouterr().out)
    refused = answer["refused"] or ""
    assert bool(refused) == bool(shape.refused), refused
    assert shape.refused in refused
    assert tuple(map(compact, answer["invoices"])) == shape.invoices
    for name, expected in (("rejected", shape.rejected), ("ignored", shape.ignored)):
        found = {tuple(one["records"]): one["reason"] for one in answer[name]}
        assert found.keys() == expected.keys(), found
        for records, reason in expected.items():
            assert reason in found[records]
    for warning in shape.warnings:
        assert any(warning in said for said in answer["warnings"]), answer["warnings"]
    assert {name: answer["read_as"].get(name) for name in shape.read_as} == shape.read_as
    assert code == (FAULT if shape.refused or shape.rejected else OK)
