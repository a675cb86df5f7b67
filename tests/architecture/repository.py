"""The repository as text: its files, modules and imports."""

from __future__ import annotations

import ast
import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORE = ROOT / "layers" / "core" / "python"
PACKAGE = CORE / "tactful"


def files() -> list[Path]:
    """Every file that belongs to the repository: all but what is made and named in .gitignore."""
    made = {line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines() if line.endswith("/")}
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - made - {".git"})
        found += [Path(folder, name) for name in sorted(names) if not name.endswith(".pyc")]
    return found


def imported_by(path: Path) -> set[str]:
    """The dotted names of all modules that a file imports, at its top or inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names.add(node.module or "")
    return names


def modules_of(folder: Path) -> set[str]:
    """The dotted names of all modules under a folder."""
    paths = (path.relative_to(folder).with_suffix("") for path in folder.rglob("*.py"))
    return {".".join(path.parts) for path in paths if path.name != "__init__"}
