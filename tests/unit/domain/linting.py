"""A policy about which there is nothing to say, and what is said once something is changed."""

from __future__ import annotations

from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Customer
from tactful.domain.dunning.lint import lint
from tactful.domain.dunning.policy import Policy
from tests.support.builders import a_policy, a_stage

FRIENDLY, NEUTRAL, FIRM, FINAL = Tone
PACK = {
    "name": "us",
    "title": "US",
    "countries": ["US"],
    "rules": [{"source": "A law, section 1", "minimum_gap_days": 2}],
}
DUE = a_stage("due", 0, FRIENDLY)
FIRST = a_stage("first", 7, NEUTRAL)
SECOND = a_stage("second", 14, FIRM)
CALL: dict[str, object] = {
    "name": "call",
    "days": 21,
    "kind": "call",
}
LAST = a_stage("demand", 28, FINAL) | {"approval": True}
REVIEW: dict[str, object] = {"name": "review", "days": 35, "kind": "credit_review"}
AGENCY: dict[str, object] = {"name": "agency", "days": 60, "kind": "collections"}
SOUND = [DUE, FIRST, SECOND, CALL, LAST, REVIEW, AGENCY]


def sound(**changes: object) -> Policy:
    """A policy about which there is nothing to say."""
    values: dict[str, object] = {"stages": SOUND, "book_at_most_days_old": 14, "packs": [PACK]}
    return a_policy(**(values | changes))


def found(policy: Policy, customers: list[Customer] | None = None) -> list[tuple[str, str, str]]:
    return [
        (str(finding.level), ".".join(map(str, finding.place)), finding.message)
        for finding in lint(policy, customers)
    ]


def only(policy: Policy, customers: list[Customer] | None = None) -> tuple[str, str, str]:
    (finding,) = found(policy, customers)
    return finding
