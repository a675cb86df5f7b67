"""The one decision: what to do about an account at a moment, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import UNANSWERED, Reminder, ReminderStatus, Tone
from tactful.domain.book.customer import Role
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.dunning.answering import answer
from tactful.domain.dunning.business_steps import decide_inside
from tactful.domain.dunning.calendar import Calendar, NeverOpenError
from tactful.domain.dunning.case import Case, Step, send
from tactful.domain.dunning.chase import ask_for_hours, remind
from tactful.domain.dunning.decision import Ask, Decision, Nothing, Reason, ReasonCode, Send, Unanswered, Wait
from tactful.domain.dunning.occasions import NO_OCCASIONS, Occasion, Occasions, occasions_of
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.recipients import recipient_of
from tactful.domain.dunning.standing import (
    Reached,
    Sifted,
    Standing,
    reached_stages,
    speaks_for_a_stage,
    standings_of,
    with_enough_due,
)

# So many invoices are named where nothing is open.
_SHOWN = 3


def decide(account: Account, policy: Policy, calendar: Calendar, now: datetime) -> Decision:
    """Say what to do about an account at `now` (UTC): send, wait, ask a person, or nothing.

    Pure: the same facts give the same decision, down to the reminder's id. Before the `until` of a Wait nothing
    changes unless the account does.
    """
    for reminder in account.reminders:
        if reminder.status is ReminderStatus.CLAIMED:
            return _about_claim(reminder, now)
    policy = policy.for_customer(account.customer, calendar.business_country)
    today = calendar.today(now)
    case = Case(account, policy, calendar, now, today)
    standings = standings_of(account, policy, calendar, now)
    told = [step for step in account.reminders if speaks_for_a_stage(step, account)]
    reached = reached_stages(standings, policy, calendar, told, today)
    sifted = with_enough_due(account, reached, policy)
    pending = [entry for entry in sifted.kept if not entry.covered]
    if not policy.chase:
        return Nothing((Reason(ReasonCode.NEVER_CHASED, policy.label),))
    occasions = _occasions(case, standings)
    try:
        decision = (
            (answer(case) if account.answers else None)
            or decide_inside(case, standings, sifted)
            or _write_about(case, occasions.first)
            or remind(case, sifted, pending, _reasons(standings, sifted))
            or _write_about(case, occasions.owed)
            or Nothing(_reasons(standings, sifted) or _why_nothing(account, standings, sifted, pending))
        )
    except NeverOpenError as error:
        decision = ask_for_hours(case, pending, sifted, error)
    decision = _not_on_old_books(case, decision)
    if not isinstance(decision, Wait | Nothing):
        return decision
    return _no_later_than(decision, _next_wake(case, standings, reached, occasions))


def _about_claim(claim: Reminder, now: datetime) -> Decision:
    if now < claim.lease_until:
        return Wait(claim.lease_until, (Reason(ReasonCode.CLAIM_IN_FLIGHT, claim.stage),))
    unanswered = claim.advanced(ReminderStatus.UNKNOWN, detail=UNANSWERED)
    return Unanswered(unanswered, (Reason(ReasonCode.CLAIM_UNANSWERED, claim.stage),))


def _occasions(case: Case, standings: Sequence[Standing]) -> Occasions:
    policy = case.policy
    if case.account.thanks is None and policy.welcome is None:
        discounted = [s for s in standings if s.invoice.discount is not None]
        if policy.discount_notice_days is None or not discounted:
            return NO_OCCASIONS
    return occasions_of(case.account, policy, case.calendar, standings, case.now)


def _not_on_old_books(case: Case, decision: Decision) -> Decision:
    """Chase nobody on books that are too old: who is in them may have paid. Look again every day."""
    limit, as_of = case.policy.book_at_most_days_old, case.account.book_as_of
    if limit is None or as_of is None or case.now < as_of + timedelta(days=limit):
        return decision
    if (isinstance(decision, Send) and not decision.reminder.is_courtesy) or isinstance(decision, Ask):
        tomorrow = case.calendar.start_of(case.today + timedelta(days=1))
        old = Reason(ReasonCode.BOOK_TOO_OLD, f"as of {case.calendar.today(as_of)}")
        return Wait(tomorrow, (*decision.reasons, old))
    return decision


def _write_about(case: Case, owed: Sequence[Occasion]) -> Decision | None:
    """A message outside the ladder, if it can be sent before it is late."""
    for occasion in owed:
        recipient = recipient_of(
            case.account,
            case.policy,
            case.policy.thanks_channels,
            Role.BILLING,
            occasion.stage,
            occasion.occurrence,
        )
        allowed, delays = case.allowed_from(case.now, recipient.channel)
        if recipient.channel is None or allowed >= occasion.expires:
            continue
        why = (occasion.reason, *recipient.reasons)
        if allowed > case.now:
            return Wait(allowed, (*why, *delays))
        return send(case, _about(occasion), recipient, why)
    return None


def _about(occasion: Occasion) -> Step:
    return Step(occasion.stage, occasion.occurrence, Tone.FRIENDLY, occasion.invoices)


def _next_wake(
    case: Case, standings: Sequence[Standing], reached: Sequence[Reached], occasions: Occasions
) -> datetime | None:
    """The next instant at which time alone changes what is chaseable, which stage is reached or what is owed."""
    today = case.today
    wakes = [standing.wakes for standing in standings if standing.wakes is not None]
    ahead = [entry.again for entry in reached if entry.again is not None and entry.again > today]
    if case.policy.approve_old_debt is not None:
        gets_old = timedelta(days=case.policy.approve_old_debt.older_than_days + 1)
        ahead += [day for e in reached if not e.covered and (day := e.standing.anchor + gets_old) > today]
    upcoming = min(ahead, default=None)
    for standing in standings:
        if not standing.blocked:
            ladder = standing.ladder
            age = (today - standing.anchor).days
            days = ladder.next_days(age, only_overdue=standing.only_overdue)
            for rung in ladder.decisions:
                if rung.days > age and (days is None or rung.days < days):
                    days = rung.days
            if days is not None:
                day = standing.anchor + timedelta(days=days)
                upcoming = day if upcoming is None or day < upcoming else upcoming
    if upcoming is not None:
        wakes.append(case.office_opens_from(case.calendar.start_of(upcoming)))
    if occasions.next_begins is not None:
        wakes.append(case.office_opens_from(occasions.next_begins))
    return min(wakes, default=None)


def _no_later_than(decision: Wait | Nothing, wake: datetime | None) -> Decision:
    if wake is not None and (isinstance(decision, Nothing) or wake < decision.until):
        return Wait(wake, decision.reasons)
    return decision


def _reasons(standings: Sequence[Standing], sifted: Sifted) -> tuple[Reason, ...]:
    return (*[s.reason for s in standings if s.reason is not None], *sifted.reasons)


def _why_nothing(
    account: Account, standings: Sequence[Standing], sifted: Sifted, pending: Sequence[Reached]
) -> tuple[Reason, ...]:
    chaseable = [standing for standing in standings if not standing.blocked]
    if not chaseable:
        return (Reason(ReasonCode.NOTHING_OPEN, _presumed(account)),)
    if pending:
        return (Reason(ReasonCode.LISTED_WITH_OLDER, pending[0].standing.invoice.number),)
    if not sifted.kept:
        return (Reason(ReasonCode.STAGE_NOT_REACHED, min(str(entry.anchor) for entry in chaseable)),)
    finished = all(entry.is_finished for entry in sifted.kept)
    code = ReasonCode.LADDER_FINISHED if finished else ReasonCode.ALREADY_SENT
    return (Reason(code, sifted.kept[-1].rung.stage.name),)


def _presumed(account: Account) -> str:
    """The last invoices that nobody knows to be paid, so that they are not overlooked."""
    gone = [i for i in account.invoices if i.state is InvoiceState.PRESUMED_SETTLED]
    if not gone:
        return ""
    gone.sort(key=lambda invoice: (invoice.due_date, invoice.number), reverse=True)
    more = f" and {len(gone) - _SHOWN} more" if len(gone) > _SHOWN else ""
    return f"presumed settled {', '.join(invoice.number for invoice in gone[:_SHOWN])}{more}"
