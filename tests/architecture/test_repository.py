from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT, files

# In pieces, so that this file does not name them itself.
REGISTRY_HOSTS = (
    *("pypi" + ".org", "python" + "hosted.org", "registry.npm" + "js.org", "npm" + "js.com"),
    *(
        "registry.yarn" + "pkg.com",
        "deb." + "debian.org",
        "archive.ubuntu" + ".com",
        "repo.maven" + ".apache.org",
    ),
    *("anaconda" + ".org", "crates" + ".io"),
)
# A home, a temporary folder or a mount of some machine; a path inside Lambda (/opt, /var/task) is none.
MACHINE_PATH = re.compile(r"(?<![\w.~/])/(?:home|root|Users|work|tmp|mnt|private)/[\w.-]+|[A-Z]:\\Users\\")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
LONGEST = 400
GENERATED = {"uv.lock", "template.yaml", "policy.schema.json"}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


TEXTS = {path: path.read_text(encoding="utf-8", errors="replace") for path in files()}
PYTHON = [path for path in TEXTS if path.suffix == ".py"]


def test_the_repository_is_text_and_not_empty() -> None:
    assert len(TEXTS) > 100
    assert ROOT / "README.md" in TEXTS


@pytest.mark.parametrize("host", REGISTRY_HOSTS)
def test_no_file_names_the_host_of_a_package_registry(host: str) -> None:
    assert [_name(path) for path, text in TEXTS.items() if host in text.lower()] == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    found = {
        _name(path): found.group() for path, text in TEXTS.items() if (found := MACHINE_PATH.search(text))
    }
    assert found == {}


def test_nothing_is_left_unfinished() -> None:
    found = {_name(path): found.group() for path, text in TEXTS.items() if (found := UNFINISHED.search(text))}
    found.pop("uv.lock", None)
    assert found == {}


def test_no_file_is_longer_than_one_can_read() -> None:
    lengths = {
        _name(path): len(text.splitlines()) for path, text in TEXTS.items() if path.name not in GENERATED
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_test_is_skipped_or_expected_to_fail_or_tests_a_mock() -> None:
    forbidden = re.compile(r"pytest\.(?:mark\.)?(?:skip|xfail|importorskip)|unittest\.mock")
    found = [_name(path) for path in PYTHON if "tests" in path.parts and forbidden.search(TEXTS[path])]
    assert found == []


def _distribution(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    assert found is not None
    return found.group().lower()


def _manifest() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {
        "runtime": [_distribution(line) for line in project["dependencies"]],
        "development": [_distribution(line) for line in project["optional-dependencies"]["dev"]],
    }


def _documented(kind: str) -> set[str]:
    """The names in the first column of the table of one kind of dependencies."""
    page = (ROOT / "docs" / "dependencies.md").read_text()
    table = page.partition(f"| {kind} |")[2].partition("\n\n")[0]
    cells = (line.split("|")[1] for line in table.splitlines()[2:])
    return {name.strip().lower() for cell in cells for name in cell.split(",")}


@pytest.mark.parametrize("kind", ["runtime", "development"])
def test_every_dependency_has_its_reason_and_every_reason_its_dependency(kind: str) -> None:
    assert _documented(kind) == set(_manifest()[kind])


@pytest.mark.parametrize("kind", ["runtime", "development"])
def test_every_dependency_is_locked_at_one_version_with_its_hashes(kind: str) -> None:
    lock = (ROOT / "uv.lock").read_text().lower()
    for name in _manifest()[kind]:
        entries = re.findall(rf"^{re.escape(name)}==\S+.*?(?=^\S|\Z)", lock, re.MULTILINE | re.DOTALL)
        assert entries, name
        assert all("--hash=sha256:" in entry for entry in entries), name


def test_every_page_that_a_page_links_to_is_there() -> None:
    broken = [
        f"{_name(page)}: {target}"
        for page, text in TEXTS.items()
        if page.suffix == ".md"
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)
        if not (page.parent / target).exists()
    ]
    assert broken == []
