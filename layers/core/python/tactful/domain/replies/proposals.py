"""What is proposed to the person who decides about a client's wish to pay in parts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from tactful.domain.book.account import Account
from tactful.domain.book.money import totals
from tactful.domain.charges.plans import PlanSchedule, PlanTerms, equal_parts, schedule
from tactful.domain.charges.rhythm import Rhythm
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.policy import Policy
from tactful.domain.replies.taking import Taking

_FIRST_AFTER = timedelta(days=7)


def propose_plan(taking: Taking) -> str:
    """Instalments within the policy's limits, as a line; what keeps them from being proposed, otherwise."""
    facts, about = taking.heard.meaning.facts, taking.about
    wanted = facts.promise_date or facts.requested_date
    try:
        plan = proposed_plan(taking.account, about, taking.policy, taking.calendar, taking.today, wanted)
    except ValueError as error:
        return str(error)
    return f"for {', '.join(about)}: " + ", ".join(f"{line.date} {line.total}" for line in plan.lines)


def proposed_plan(
    account: Account,
    about: Collection[str],
    policy: Policy,
    calendar: Calendar,
    today: date,
    wanted: date | None = None,
) -> PlanSchedule:
    """What is due on some invoices in as many parts as the policy allows, the first on a wanted day if that is ahead.

    Raises ValueError, which says why nothing can be proposed.
    """
    rules = policy.replies
    owed = totals(one.amount_due for one in account.invoices if one.number in about)
    if len(owed) != 1:
        raise ValueError("more than one currency is due: agree on each" if owed else "nothing is due")
    (debt,) = owed.values()
    first = wanted if wanted is not None and wanted > today else today + _FIRST_AFTER
    amounts = equal_parts(debt, min(rules.plan_at_most_instalments, debt.minor))
    return schedule(
        PlanTerms(debt, amounts, first, today, Rhythm(days=rules.plan_days_between)),
        calendar.working_days_of(account.customer, policy),
    )
