"""A forecast as data: JSON and CSV."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date
from decimal import Decimal
from typing import Any

from tactful.application.forecast_book import ForecastLine
from tactful.application.forecast_summary import ForecastChange, Summary, changes_between
from tactful.entrypoints.commands.inputs import Fault

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Price:
    """What one segment of an SMS costs, in major units of a currency: a tenth of a cent is no whole minor unit."""

    amount: Decimal
    currency: str

    def of(self, segments: int) -> Decimal:
        """What so many segments cost."""
        return self.amount * segments

    def said(self, segments: int) -> str:
        """What so many segments cost, for people."""
        return f"{self.currency} {self.of(segments):,.2f}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is forecast under one policy: the rows, and their figures."""

    path: str
    policy: str
    lines: Sequence[ForecastLine]
    summary: Summary


@dataclass(frozen=True, slots=True)
class Answer:
    """All there is to say. `outcomes` has that of the policy, then that of the one it is compared with, if any.

    It is empty if a policy is wrong. `first` is a civil date at the business, in whose zone the days are counted.
    """

    first: date
    days: int
    timezone: str
    accounts: int
    outcomes: Sequence[Outcome]
    notes: Sequence[str]
    faults: Sequence[Fault]
    price: Price | None

    @property
    def compared(self) -> Outcome | None:
        """The policy it is compared with."""
        return self.outcomes[1] if len(self.outcomes) > 1 else None

    def changes(self) -> tuple[ForecastChange, ...]:
        """What the policy changes against the one it is compared with."""
        return changes_between(self.compared.lines, self.outcomes[0].lines) if self.compared else ()


def print_json(answer: Answer) -> None:
    """Print one JSON object."""
    lines = answer.outcomes[0].lines if answer.outcomes else ()
    said: dict[str, Any] = {"rows": [_row(line) for line in lines]}
    changes = answer.changes()
    if answer.compared:
        said["against"] = [_row(line) for line in answer.compared.lines]
        said["changes"] = [_change(change) for change in changes]
    said["summary"] = _summary(answer, changes)
    said["faults"] = [fault.as_json() for fault in answer.faults]
    json.dump(said, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def print_csv(answer: Answer) -> None:
    """Print the rows of the policy, or what it changes, as CSV that a spreadsheet does not run."""
    if answer.compared:
        rows: Iterable[dict[str, Any]] = (
            {
                "change": str(change.kind),
                "differences": "; ".join(change.differences),
                "at_before": _utc(change.before) if change.before else "",
                **_cells(change.row),
            }
            for change in answer.changes()
        )
        columns = ["change", "differences", "at_before", *_COLUMNS]
    else:
        rows = map(_cells, answer.outcomes[0].lines if answer.outcomes else ())
        columns = [*_COLUMNS]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_harmless(row[column]) for column in columns] for row in rows)


def _row(line: ForecastLine) -> dict[str, Any]:
    row: dict[str, Any] = {
        "at": _utc(line),
        "local": line.local.isoformat(),
        "customer_id": line.customer_id,
        "kind": str(line.kind),
        "stage": line.stage,
        "occurrence": line.occurrence,
        "tone": str(line.tone),
        "channel": str(line.channel),
        "to": line.to,
        "contact_role": str(line.contact_role) if line.contact_role else None,
        "invoices": list(line.invoices),
        "amounts": line.amounts,
        "reasons": list(line.reasons),
    }
    return row | {"task": str(line.task)} if line.task else row


_COLUMNS = (
    "at",
    "local",
    "customer_id",
    "kind",
    "task",
    "stage",
    "occurrence",
    "tone",
    "channel",
    "to",
    "contact_role",
    "invoices",
    "amounts",
    "segments",
    "reasons",
)


def _cells(line: ForecastLine) -> dict[str, Any]:
    row = _row(line)
    amounts = "; ".join(f"{currency} {minor}" for currency, minor in line.amounts.items())
    segments = "" if line.segments is None else line.segments
    lists = {name: "; ".join(row[name]) for name in ("invoices", "reasons")}
    return {"task": ""} | row | lists | {"amounts": amounts, "segments": segments}


def _harmless(value: Any) -> str:
    """The cell; what a spreadsheet would take for a formula is marked as text."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULAS) else text


def _utc(line: ForecastLine) -> str:
    return line.at.astimezone(UTC).isoformat()


def _change(change: ForecastChange) -> dict[str, Any]:
    return {
        "kind": str(change.kind),
        "customer_id": change.customer_id,
        "differences": list(change.differences),
        "before": _row(change.before) if change.before else None,
        "after": _row(change.after) if change.after else None,
    }


def _summary(answer: Answer, changes: Sequence[ForecastChange]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "from": answer.first.isoformat(),
        "days": answer.days,
        "timezone": answer.timezone,
        "accounts": answer.accounts,
        "notes": list(answer.notes),
    }
    if not answer.outcomes:
        return said
    said |= _figures(answer.outcomes[0], answer.price)
    if answer.compared:
        said["against"] = _figures(answer.compared, answer.price)
        said["changes"] = dict(Counter(str(change.kind) for change in changes))
        more = answer.outcomes[0].summary.sms_segments - answer.compared.summary.sms_segments
        said["sms_segments_more"] = more
        said["sms_cost_more"] = _cost(answer.price, more)
    return said


def _figures(outcome: Outcome, price: Price | None) -> dict[str, Any]:
    summary = outcome.summary
    return {
        "policy": outcome.policy,
        "file": outcome.path,
        **asdict(summary),
        "sms_cost": _cost(price, summary.sms_segments),
    }


def _cost(price: Price | None, segments: int) -> dict[str, str] | None:
    """Major units as a decimal text: fractions of a minor unit count."""
    return {price.currency: format(price.of(segments), "f")} if price else None
