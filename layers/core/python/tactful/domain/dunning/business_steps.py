"""Decisions inside the business: to review a client's credit, and to hand a debt to collections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from tactful.domain.book.contact_log import ChasedInvoice
from tactful.domain.book.customer import Channel, Purpose
from tactful.domain.dunning.case import BY_HAND, Case, Step, ask, round_of
from tactful.domain.dunning.decision import Decision, Reason, ReasonCode, Wait
from tactful.domain.dunning.stage import Rung, StageKind
from tactful.domain.dunning.standing import Reached, Sifted, Standing, with_enough_due


def decide_inside(case: Case, standings: Sequence[Standing], sifted: Sifted) -> Decision | None:
    """Ask for the business's own decisions: a credit review, and the hand-off once the last demand was made."""
    due = [
        (rung, entry)
        for entry in (*sifted.kept, *_not_spoken_of_yet(case, standings))
        for rung in entry.standing.ladder.decisions
        if (case.today - entry.standing.anchor).days >= rung.days
    ]
    taken = _taken(case) if due else set()
    found = [(rung, entry) for rung, entry in due if _is_open(case, entry, rung, taken)]
    if not found:
        return None
    first, worst = min(found, key=_latest_first)
    stage = first.stage
    about = [(rung, entry) for rung, entry in found if rung.stage is stage]
    why = (Reason(ReasonCode.STAGE_REACHED, f"{stage.name} {worst.standing.invoice.number}"),)
    opens = case.office_opens_from(case.now)
    if opens > case.now:
        return Wait(opens, (*why, Reason(ReasonCode.OUTSIDE_WINDOW)))
    lines = [
        ChasedInvoice(entry.standing.invoice.number, entry.standing.anchor, rung.days, entry.standing.asked)
        for rung, entry in about
    ]
    lines.sort(key=attrgetter("anchor", "number"))
    step = Step(stage.name, round_of(case, stage.name, worst), stage.tone, tuple(lines))
    return ask(case, step, BY_HAND[stage.kind], why)


def _not_spoken_of_yet(case: Case, standings: Sequence[Standing]) -> list[Reached]:
    """The invoices whose ladder has a decision to make before the client hears of them, or where nobody ever does."""
    entries = []
    for standing in standings:
        ladder = standing.ladder
        if ladder.decisions and not standing.blocked:
            age = (case.today - standing.anchor).days
            rung = ladder.decisions[0]
            if age >= rung.days and ladder.reached(age, only_overdue=standing.only_overdue) is None:
                entries.append(Reached(standing, rung, covered=False))
    return with_enough_due(case.account, entries, case.policy).kept if entries else entries


def _latest_first(found: tuple[Rung, Reached]) -> tuple[int, int, str]:
    """Sorts what is further up its ladder first, then the older invoice; of equals, the lower number."""
    rung, entry = found
    return -rung.days, entry.standing.anchor.toordinal(), entry.standing.invoice.number


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
    return not standing.ladder.contacts or entry.is_finished
