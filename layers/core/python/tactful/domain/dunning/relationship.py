"""What a client's payment record says about the tone."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from tactful.domain.book.record import PaymentRecord
from tactful.domain.dunning.strict import Strict


class Relationship(StrEnum):
    """What kind of payer a client has been."""

    NEW = "new"
    LOYAL = "loyal"
    SLOW_BUT_PAYS = "slow_but_pays"
    BROKEN_PROMISES = "broken_promises"
    DISPUTED_BEFORE = "disputed_before"
    ORDINARY = "ordinary"


Step = Annotated[int, Field(ge=-1, le=1)]
"""Steps by which the tone of a message changes: -1 is milder, 1 stronger."""


class ToneRules(Strict):
    """From when a client counts as what, and by how many steps the tone of a stage is then changed: one at most.

    A client is loyal with `loyal_settled` invoices settled of which `loyal_on_time_percent` were on time; slow but
    paying with `slow_settled` settled, a mean delay of at most `slow_at_most_days`, and not loyal.
    """

    new: Step = Field(default=0, description="For a client who has not settled an invoice yet")
    loyal: Step = Field(default=-1, description="For a client who pays most invoices on time")
    slow_but_pays: Step = Field(
        default=-1, description="For a client who pays late, but is no later than usual"
    )
    broken_promises: Step = Field(
        default=1, description="For a client who broke more promises than were kept"
    )
    disputed_before: Step = Field(default=-1, description="For a client who disputed an invoice before")
    loyal_settled: int = Field(
        default=5, ge=1, le=1000, description="loyal: at least so many invoices settled"
    )
    loyal_on_time_percent: int = Field(
        default=80, ge=1, le=100, description="loyal: so many percent of them on time"
    )
    slow_settled: int = Field(
        default=3, ge=1, le=1000, description="slow_but_pays: at least so many invoices settled"
    )
    slow_at_most_days: int = Field(
        default=30, ge=1, le=365, description="slow_but_pays: at most so many days late on average"
    )
    broken_at_least: int = Field(
        default=2, ge=1, le=100, description="broken_promises: at least so many promises broken"
    )

    def step(self, relationship: Relationship) -> int:
        """By how many steps the tone changes: -1 is milder, 1 stronger."""
        return 0 if relationship is Relationship.ORDINARY else int(getattr(self, relationship))


def relationship_of(record: PaymentRecord, rules: ToneRules, days_late: int) -> Relationship:
    """What kind of payer a client is, seen from an invoice that is so many days late.

    Slow payers are spared only as long as they are no later than usual: the mean of their delays and one spread.
    """
    if record.promises_broken >= rules.broken_at_least and record.promises_broken > record.promises_kept:
        return Relationship.BROKEN_PROMISES
    if record.disputes:
        return Relationship.DISPUTED_BEFORE
    if not record.settled:
        return Relationship.NEW
    if (
        record.settled >= rules.loyal_settled
        and 100 * record.on_time >= rules.loyal_on_time_percent * record.settled
    ):
        return Relationship.LOYAL
    usual = record.mean_days_late + record.spread_days_late
    if (
        record.settled >= rules.slow_settled
        and record.mean_days_late <= rules.slow_at_most_days
        and days_late <= usual
    ):
        return Relationship.SLOW_BUT_PAYS
    return Relationship.ORDINARY
