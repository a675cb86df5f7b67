"""Decisions inside the business: to review a client's credit, and to hand a debt to collections."""

from __future__ import annotations

from datetime import date

from tactful.domain.book.contact_log import ChasedInvoice
from tactful.domain.book.customer import Channel, Purpose
from tactful.domain.dunning.case import BY_HAND, Case, Step, ask, round_of, severity
from tactful.domain.dunning.decision import Decision, Reason, ReasonCode, Wait
from tactful.domain.dunning.stage import Rung, StageKind
from tactful.domain.dunning.standing import Reached, Sifted


def decide_inside(case: Case, sifted: Sifted) -> Decision | None:
    """Ask for the business's own decisions: a credit review, and the hand-off once the last demand was made."""
    due = [
        (rung, entry)
        for entry in sifted.kept
        for rung in entry.ladder.decisions
        if (case.today - entry.standing.anchor).days >= rung.days
    ]
    taken = _taken(case) if due else set()
    found = [(rung, entry) for rung, entry in due if _is_open(case, entry, rung, taken)]
    if not found:
        return None
    stage = found[0][0].stage
    about = [entry for rung, entry in found if rung.stage.name == stage.name]
    worst = max(about, key=severity)
    why = (Reason(ReasonCode.STAGE_REACHED, f"{stage.name} {worst.standing.invoice.number}"),)
    opens = case.office_opens_from(case.now)
    if opens > case.now:
        return Wait(opens, (*why, Reason(ReasonCode.OUTSIDE_WINDOW)))
    lines = tuple(
        ChasedInvoice(e.standing.invoice.number, e.standing.anchor, stage.days, e.standing.asked)
        for e in sorted(about, key=lambda e: (e.standing.anchor, e.standing.invoice.number))
    )
    step = Step(stage.name, round_of(case, stage.name, worst), stage.tone, lines)
    return ask(case, step, BY_HAND[stage.kind], why)


def _taken(case: Case) -> set[tuple[str, str, date, int]]:
    """The decisions that were asked for already: their kind, and the invoices in their round at their day."""
    return {
        (step.detail, line.number, line.anchor, line.days)
        for step in case.account.reminders
        if step.channel is Channel.PERSON
        for line in step.invoices
    }


def _is_open(case: Case, entry: Reached, rung: Rung, taken: set[tuple[str, str, date, int]]) -> bool:
    standing, kind = entry.standing, rung.stage.kind
    if (BY_HAND[kind], standing.invoice.number, standing.anchor, rung.days) in taken:
        return False
    if kind is not StageKind.COLLECTIONS:
        return True
    if case.account.customer.purpose is Purpose.CONSUMER and not case.policy.collections_for_consumers:
        return False
    return not entry.ladder.contacts or entry.is_finished
