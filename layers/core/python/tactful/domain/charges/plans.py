"""Payment plans: a debt paid in parts, each on a day of its own, with interest if that was agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tactful.domain.book.agreements import Instalment, Plan, require_grace
from tactful.domain.book.money import Money
from tactful.domain.charges.rhythm import IsOpen, Rhythm, due_dates

NO_INTEREST = Decimal(0)
_MOST_PERCENT = 100
_RATE_STEP = Decimal("0.000001")
_PERCENT_DAYS = 100 * 365


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What two sides want to agree on. Dates are civil dates of the business.

    `amounts` are the parts of the debt in order (equal_parts makes them), the first due on `first`. `yearly_rate` is
    simple interest in percent a year on what is left of the debt, from `agreed_on` on; a year has 365 days.
    `rest_due_after` is how many days an instalment may be late before all the rest falls due; None: only what is
    behind is asked for.
    """

    debt: Money
    amounts: tuple[Money, ...]
    first: date
    agreed_on: date
    rhythm: Rhythm
    yearly_rate: Decimal = NO_INTEREST
    rest_due_after: int | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a plan that cannot be."""
        _require_sum(self.debt, self.amounts)
        if self.first < self.agreed_on:
            raise ValueError(
                f"an instalment for {self.first}, which is past: name dates from {self.agreed_on} on"
            )
        _require_rate(self.yearly_rate)
        require_grace(self.rest_due_after)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One payment of a plan: its number from 1, its civil date, and the balance of the debt after it."""

    number: int
    date: date
    principal: Money
    interest: Money
    balance: Money

    @property
    def total(self) -> Money:
        return self.principal + self.interest


@dataclass(frozen=True, slots=True)
class PlanSchedule:
    """A plan, line by line. The principal parts sum up to the debt; interest comes on top, line by line."""

    debt: Money
    lines: tuple[PlanLine, ...]
    yearly_rate: Decimal = NO_INTEREST
    rest_due_after: int | None = None

    @property
    def interest(self) -> Money:
        return Money(sum(line.interest.minor for line in self.lines), self.debt.currency)

    @property
    def total(self) -> Money:
        return self.debt + self.interest

    @property
    def instalments(self) -> tuple[Instalment, ...]:
        """The parts of the debt as an account keeps them: interest is on no invoice, so it is not among them."""
        return tuple(Instalment(line.date, line.principal) for line in self.lines)


def schedule(terms: PlanTerms, is_open: IsOpen) -> PlanSchedule:
    """The plan of some terms; each date moves forward to the next open day, and no two are the same.

    Interest is worked out for the days that it really runs, and rounded half up to the minor unit in each line.
    Raises ValueError if no day is open for over a year.
    """
    lines = []
    balance, since = terms.debt, terms.agreed_on
    days = due_dates(terms.first, len(terms.amounts), terms.rhythm, is_open)
    for number, (day, principal) in enumerate(zip(days, terms.amounts, strict=True), 1):
        interest = _interest(balance, terms.yearly_rate, (day - since).days)
        balance, since = balance - principal, day
        lines.append(PlanLine(number, day, principal, interest, balance))
    return PlanSchedule(terms.debt, tuple(lines), terms.yearly_rate, terms.rest_due_after)


def schedule_of(plan: Plan) -> PlanSchedule:
    """A plan that was agreed on, line by line. An account's plan bears no interest."""
    parts = sorted(plan.instalments, key=lambda part: part.due_date)
    nothing = Money(0, parts[0].amount.currency)
    debt = balance = sum((part.amount for part in parts), nothing)
    lines = []
    for number, part in enumerate(parts, 1):
        balance -= part.amount
        lines.append(PlanLine(number, part.due_date, part.amount, nothing, balance))
    return PlanSchedule(debt, tuple(lines), rest_due_after=plan.rest_due_after)


def equal_parts(debt: Money, number: int, down_payment: Money | None = None) -> tuple[Money, ...]:
    """A debt in so many equal parts; the minor units that do not divide are in the last.

    A down payment is the first of them, and the others share the rest. Raises ValueError if there is too little to
    divide, and MoneyError for a down payment in another currency.
    """
    if number < 1:
        raise ValueError(f"{number} instalments: name at least one")
    if down_payment is not None:
        left = debt - down_payment
        if down_payment.minor <= 0 or left.minor <= 0:
            raise ValueError(
                f"a down payment of {down_payment} is not between nothing and the {debt} that is due: "
                "name a part of that"
            )
        if number == 1:
            raise ValueError("a down payment is the first of several payments: name at least 2 instalments")
        return down_payment, *equal_parts(left, number - 1)
    if debt.minor < number:
        raise ValueError(f"{debt} cannot be divided into {number} instalments: name at most {debt.minor}")
    each, rest = divmod(debt.minor, number)
    return tuple(
        Money(each + (rest if place == number else 0), debt.currency) for place in range(1, number + 1)
    )


def _interest(balance: Money, rate: Decimal, days: int) -> Money:
    """Simple interest for so many days, rounded half up to the minor unit."""
    of, per = rate.as_integer_ratio()
    exact, divisor = balance.minor * days * of, per * _PERCENT_DAYS
    return Money((2 * exact + divisor) // (2 * divisor), balance.currency)


def _require_sum(debt: Money, amounts: tuple[Money, ...]) -> None:
    if debt.minor <= 0:
        raise ValueError(f"{debt} is no debt: a plan needs something that is due")
    currencies = sorted({amount.currency for amount in (debt, *amounts)})
    if len(currencies) != 1:
        raise ValueError(f"a plan has one currency, not {' and '.join(currencies)}: make one for each")
    if not amounts:
        raise ValueError("a plan without instalments: name at least one")
    for number, amount in enumerate(amounts, 1):
        if amount.minor <= 0:
            raise ValueError(f"instalment {number} is {amount}: name more than nothing")
    planned = Money(sum(amount.minor for amount in amounts), debt.currency)
    if planned != debt:
        less = planned.minor < debt.minor
        by = debt - planned if less else planned - debt
        raise ValueError(
            f"the instalments sum up to {planned}, {by} {'less' if less else 'more'} than the {debt} that is due: "
            f"{'add that to' if less else 'take that off'} one of them"
        )


def _require_rate(rate: Decimal) -> None:
    if not rate.is_finite() or not 0 <= rate <= _MOST_PERCENT or rate != rate.quantize(_RATE_STEP):
        raise ValueError(
            f"a yearly rate of {rate}: name percent, from 0 to {_MOST_PERCENT}, with at most 6 decimals"
        )
