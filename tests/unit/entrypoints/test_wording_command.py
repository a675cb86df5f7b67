from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tactful.entrypoints.cli import main

TEMPLATES = Path(__file__).parents[3] / "templates"
FILE = "words/en/sms/due/firm.txt.j2"


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """Templates with one SMS in the business's own words, which threaten."""
    copied = Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))
    own = copied / "overlay" / FILE
    own.parent.mkdir(parents=True)
    threat = '{% extends "sms/layout.txt.j2" %}\n\n{% block words %}{{ statement }}. See our lawyer.{% endblock %}\n'
    own.write_text(threat, encoding="utf-8")
    return copied


def test_words_that_are_fine_are_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["wording", "--templates", str(TEMPLATES), "--only", "en-US"]) == 0
    assert capsys.readouterr().out == "nothing to mend in en-US\n"


def test_a_finding_says_where_what_why_and_what_to_do(
    templates: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["wording", "--templates", str(templates), "--only", "en"]) == 1
    what, why, count = capsys.readouterr().out.splitlines()
    assert what == f"templates/overlay/{FILE}:3: threat [en-GB]: lawyer (due, firm: one invoice)"
    assert why.startswith("    a threat ends the relationship, and may be unlawful; say what you would like")
    assert why.endswith("Directive 2005/29/EC art. 8 and 9)")
    assert count == "1 to mend in en-GB"


def test_findings_are_json_for_machines(templates: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["wording", "--templates", str(templates), "--only", "en", "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding.pop("why")
    assert finding.pop("remedy")
    assert finding.pop("source")
    assert finding == {
        "file": f"templates/overlay/{FILE}",
        "line": 3,
        "language": "en-GB",
        "rule": "threat",
        "said": "lawyer",
        "message": "due, firm: one invoice",
    }


def test_a_language_that_there_are_no_words_in_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["wording", "--templates", str(TEMPLATES), "--only", "tlh"]) == 1
    assert "there are no words in tlh: name a folder of templates/words/" in capsys.readouterr().err
