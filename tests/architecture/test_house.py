"""The house: where code lives, which way it depends, and what the repository must not hold."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "layers/core/python/tactful"
DOMAIN = sorted((PROGRAM / "domain").rglob("*.py"))
HANDLERS = sorted((ROOT / "functions").glob("*/app.py"))
_LONGEST_HANDLER = 40
_HEAVY = ("boto3", "botocore", "twilio.rest", "jinja2", "holidays")


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    return [ROOT / name for name in listed.stdout.splitlines()]


def _imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_dependencies_point_one_way() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "path", sorted((PROGRAM / "domain").rglob("*.py")), ids=lambda path: str(path.relative_to(PROGRAM))
)
def test_the_domain_is_pure(path: Path) -> None:
    allowed = {"pydantic"} if path.name == "policy.py" else set()
    foreign = _imported(path) - set(sys.stdlib_module_names) - {"tactful"} - allowed
    assert foreign == set()
    assert "os" not in _imported(path)


@pytest.mark.parametrize("path", HANDLERS, ids=lambda path: path.parent.name)
def test_a_handler_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) < _LONGEST_HANDLER


@pytest.mark.parametrize("path", HANDLERS, ids=lambda path: path.parent.name)
def test_importing_a_handler_loads_nothing_heavy_and_reads_no_environment(path: Path) -> None:
    script = (
        f"import sys; import functions.{path.parent.name}.app; "
        f"print([name for name in {_HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_the_program_knows_nothing_of_its_tests() -> None:
    assert [path for path in PROGRAM.rglob("*.py") if "tests" in _imported(path)] == []


def test_every_runtime_dependency_has_its_reason() -> None:
    import tomllib  # noqa: PLC0415

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    reasons = (ROOT / "docs/dependencies.md").read_text()
    names = [requirement.partition(">")[0] for requirement in project["dependencies"]]
    assert [name for name in names if f"| {name} |" not in reasons] == []


def test_no_file_names_a_package_index_or_a_machine() -> None:
    unwanted = [
        "py" + "pi.org",
        "python" + "hosted",
        "npm" + "js.org",
        "deb." + "debian",
        "/" + "work/",
        "/" + "root/",
    ]
    found = [
        (path.relative_to(ROOT), word)
        for path in _tracked()
        if path.is_file()
        for word in unwanted
        if word in path.read_text(errors="ignore")
    ]
    assert found == []
