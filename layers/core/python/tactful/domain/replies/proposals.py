"""What is proposed to the person who decides about a client's wish to pay in parts."""

from __future__ import annotations

from datetime import date, timedelta

from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Instalment
from tactful.domain.book.money import Money
from tactful.domain.dunning.policy import Policy

_FIRST_AFTER = timedelta(days=7)


def instalments_of(owed: Money, number: int, first: date, days_between: int) -> tuple[Instalment, ...]:
    """A sum in so many equal parts; the cents that do not divide are in the last."""
    each, rest = divmod(owed.minor, number)
    return tuple(
        Instalment(
            first + timedelta(days=days_between * place),
            Money(each + (rest if place == number - 1 else 0), owed.currency),
        )
        for place in range(number)
    )


def plan_proposed(
    account: Account, about: tuple[str, ...], first: date | None, today: date, policy: Policy
) -> str:
    """Instalments within the policy's limits, as a line; what keeps them from being proposed, otherwise."""
    owed = [one.amount_due for one in account.invoices if one.number in about]
    if len({amount.currency for amount in owed}) != 1:
        return "more than one currency is due: agree on each" if owed else "nothing is due"
    total = Money(sum(amount.minor for amount in owed), owed[0].currency)
    rules = policy.replies
    number = min(rules.plan_at_most_instalments, total.minor)
    starts = first if first is not None and first > today else today + _FIRST_AFTER
    parts = instalments_of(total, number, starts, rules.plan_days_between)
    return f"for {', '.join(about)}: " + ", ".join(f"{part.due_date} {part.amount}" for part in parts)
