from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.repository import CORE, PACKAGE, ROOT, imported_by, modules_of

HANDLERS = sorted((ROOT / "functions").glob("*/app.py"))
DOMAIN = sorted((PACKAGE / "domain").rglob("*.py"))
# What is read from a policy file is described, and checked, by pydantic.
SCHEMA = {PACKAGE / "domain" / "charges" / "rules.py"} | {
    PACKAGE / "domain" / "dunning" / f"{name}.py"
    for name in (
        "late_payment",
        "limits",
        "packs",
        "pay_to",
        "policy",
        "relationship",
        "reply_rules",
        "stage",
        "strict",
    )
}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_dependencies_point_one_way() -> None:
    lint = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr
    assert " 0 broken" in lint.stdout


def test_there_are_nine_functions() -> None:
    assert [path.parent.name for path in HANDLERS] == [
        "import_invoices",
        "make_documents",
        "plan_reminders",
        "receive_email",
        "receive_webhooks",
        "send_digest",
        "send_reminders",
        "sweep_outcomes",
        "track_delivery",
    ]


@pytest.mark.parametrize("path", HANDLERS, ids=_name)
def test_a_handler_only_decodes_and_hands_over(path: Path) -> None:
    assert len(path.read_text().splitlines()) < 40
    ours = {name for name in imported_by(path) if name.startswith("tactful")}
    assert all(
        name.startswith(("tactful.bootstrap", "tactful.console", "tactful.entrypoints")) for name in ours
    ), ours


@pytest.mark.parametrize("path", DOMAIN, ids=_name)
def test_the_domain_needs_the_standard_library_alone(path: Path) -> None:
    roots = {name.partition(".")[0] for name in imported_by(path)}
    allowed = (
        sys.stdlib_module_names | {"tactful"} | ({"pydantic", "pydantic_core"} if path in SCHEMA else set())
    )
    assert roots <= allowed
    assert not roots & {"os", "socket", "random", "time", "urllib", "subprocess"}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=_name)
def test_no_module_of_the_layer_knows_the_tests_or_the_functions(path: Path) -> None:
    assert not {name.partition(".")[0] for name in imported_by(path)} & {"tests", "functions"}


@pytest.mark.parametrize("function", [path.parent.name for path in HANDLERS])
def test_loading_a_function_loads_no_heavy_library_and_needs_no_environment(function: str) -> None:
    loaded = subprocess.run(
        [sys.executable, "-I", "-c", _LOADS, f"functions.{function}.app"],
        cwd=ROOT,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr
    assert loaded.stdout.split() == []


# Runs apart: in this process everything is loaded already.
_LOADS = """
import importlib, sys
importlib.import_module(sys.argv[1])
print(*sorted({"boto3", "botocore", "twilio.rest", "jinja2", "holidays", "typst"} & set(sys.modules)))
"""


@pytest.mark.parametrize("path", [*sorted(PACKAGE.rglob("*.py")), *HANDLERS], ids=_name)
def test_nothing_is_read_from_the_environment_while_a_module_is_loaded(path: Path) -> None:
    at_import = set(_names_used_at_import(ast.parse(path.read_text())))
    assert not at_import & {"environ", "environb", "getenv", "getenvb"}


def _names_used_at_import(tree: ast.AST) -> Iterator[str]:
    """The names and attributes that are looked up outside of functions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Name):
            yield node.id
        if isinstance(node, ast.Attribute):
            yield node.attr
        yield from _names_used_at_import(node)


def test_every_part_of_the_layer_is_one_that_the_contracts_know() -> None:
    known = {
        "adapters",
        "application",
        "bootstrap",
        "console",
        "domain",
        "entrypoints",
        "imports",
        "settings",
    }
    assert {name.split(".")[1] for name in modules_of(CORE) if "." in name} == known
