"""Small files for commands that work on files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tactful.entrypoints.cli import main
from tests.support.builders import policy_values

INVOICES = (
    "invoice_number,customer_id,customer_name,issue_date,due_date,total,amount_due,currency,status",
    "INV-1,C-1,Ashdown Ltd,2026-02-01,2026-03-02,100.00,100.00,GBP,open",
    "INV-2,C-2,Birch & Co,2026-02-01,2026-03-03,250.50,200.50,GBP,open",
    "INV-3,C-3,Nobody Known,2026-02-01,2026-03-04,80.00,80.00,GBP,open",
)
CUSTOMERS = (
    "customer_id,customer_name,contact_name,role,email,phone,country,timezone",
    "C-1,Ashdown Ltd,Ann,billing,ann@ashdown.example,,GB,Europe/London",
    "C-2,Birch & Co,Bo,billing,,+442079460102,US,America/New_York",
)
FROM = ("--from", "2026-03-02", "--days", "15")


def lines(*rows: str) -> str:
    return "".join(f"{row}\n" for row in rows)


class Desk:
    """A folder with a book and policies, and the command line in it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.write("invoices.csv", INVOICES)
        self.write("customers.csv", CUSTOMERS)
        self.policy("mine.yaml")

    def write(self, name: str, rows: Iterable[str]) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(lines(*rows))
        return path

    def policy(self, name: str, change: Callable[[dict[str, Any]], None] | None = None) -> Path:
        """A policy file as a_policy() has it, but for a change."""
        values = json.loads(json.dumps(policy_values()))
        if change:
            change(values)
        return self.write(f"templates/policies/{name}", [yaml.safe_dump(values, sort_keys=False)])

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """The exit code of a command, what it printed, and what it said on standard error."""
        code = main(arguments)
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def forecast(self, *more: str) -> tuple[int, str, str]:
        book = ("--invoices", "invoices.csv", "--customers", "customers.csv")
        return self.run("forecast", *book, "--policy", "templates/policies/mine.yaml", *FROM, *more)

    def answer(self, *more: str) -> dict[str, Any]:
        """The forecast as JSON."""
        answer: dict[str, Any] = json.loads(self.forecast("--json", *more)[1])
        return answer
