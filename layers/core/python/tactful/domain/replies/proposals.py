"""What is proposed to the person who decides about a client's wish to pay in parts."""

from __future__ import annotations

from datetime import timedelta

from tactful.domain.book.money import totals
from tactful.domain.charges.plans import PlanTerms, equal_parts, schedule
from tactful.domain.charges.rhythm import Rhythm
from tactful.domain.replies.taking import Taking

_FIRST_AFTER = timedelta(days=7)


def propose_plan(taking: Taking) -> str:
    """Instalments within the policy's limits, as a line; what keeps them from being proposed, otherwise."""
    account, about, today, rules = taking.account, taking.about, taking.today, taking.policy.replies
    owed = totals(one.amount_due for one in account.invoices if one.number in about)
    if len(owed) != 1:
        return "more than one currency is due: agree on each" if owed else "nothing is due"
    (debt,) = owed.values()
    facts = taking.heard.meaning.facts
    wanted = facts.promise_date or facts.requested_date
    first = wanted if wanted is not None and wanted > today else today + _FIRST_AFTER
    amounts = equal_parts(debt, min(rules.plan_at_most_instalments, debt.minor))
    try:
        plan = schedule(
            PlanTerms(debt, amounts, first, today, Rhythm(days=rules.plan_days_between)),
            taking.calendar.working_days_of(account.customer, taking.policy),
        )
    except ValueError as error:
        return str(error)
    return f"for {', '.join(about)}: " + ", ".join(f"{line.date} {line.total}" for line in plan.lines)
