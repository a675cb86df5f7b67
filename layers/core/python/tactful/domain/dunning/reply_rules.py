"""What a business allows by itself when a client answers: the part of a policy under `replies`."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from tactful.domain.dunning.strict import Strict


class AfterOptOut(StrEnum):
    """What happens to reminders on other channels once a client has opted out of one."""

    GO_ON = "go_on"
    ASK = "ask"


class ReplyRules(Strict):
    """How far replies are dealt with before a person is asked. Whatever is not granted becomes a task."""

    answers: bool = Field(default=True, description="Whether clients who write get an answer by themselves")
    answers_per_day: int = Field(
        default=3, ge=1, le=10, description="At most so many answers to a client in 24 hours"
    )
    paid_claim_hold_days: int = Field(
        default=5, ge=1, le=60, description="Days without reminders after a client says it is paid"
    )
    promise_at_most_days: int = Field(
        default=30, ge=1, le=365, description="A day promised further ahead is for a person to accept"
    )
    grant_extensions: bool = Field(
        default=False, description="Whether more time is granted by itself, once for an invoice"
    )
    extension_at_most_days: int = Field(
        default=14, ge=1, le=180, description="at most so many days from the day on which it is asked for"
    )
    plan_at_most_instalments: int = Field(
        default=3, ge=2, le=36, description="Instalments that are proposed to the person who decides"
    )
    plan_days_between: int = Field(default=30, ge=7, le=92, description="and the days between two of them")
    after_opt_out: AfterOptOut = Field(
        default=AfterOptOut.GO_ON,
        description="After a client opted out of one channel: go_on with the others, or ask a person first",
    )
