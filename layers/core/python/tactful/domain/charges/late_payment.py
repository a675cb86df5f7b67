"""Charges for late payment: simple interest by the day, and a fixed sum once.

Interest runs from the day after the due date, and a payment lowers what it runs on from the day after it. What is due
since the beginning is computed anew each time, exactly, and rounded once (half up): so claims made one after the other
come to the same as a single one, and nothing is claimed twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from tactful.domain.book.customer import Purpose
from tactful.domain.book.money import Money, digits_of
from tactful.domain.charges.rules import ChargeRules, DayCount, Per, RateCounts, first_day, half_year

_A_DAY = timedelta(days=1)


class Treatment(StrEnum):
    """What a business does about late payment: nothing, say what it might charge, or charge it."""

    WAIVED = "waived"
    WARNING = "warning"
    CHARGED = "charged"


class RefusalCode(StrEnum):
    """Why nothing can be charged."""

    CONSUMER = "consumer"
    RATE_MISSING = "rate_missing"
    CURRENCY = "currency"


class ChargeRefusedError(ValueError):
    """Nothing may, or can, be charged. The message says why, and what to do."""

    def __init__(self, code: RefusalCode, said: str) -> None:
        self.code = code
        super().__init__(said)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that carry no interest, both included: the invoice was disputed, and the fault was ours."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Debt:
    """One invoice that is late. `payments` lower the principal, each on its civil date.

    `claimed_until` is the day up to which interest was claimed before, `claimed` how much (all claims together), and
    `fixed_sum_claimed` whether the fixed sum was. Raises ValueError for a day without the amount.
    """

    principal: Money
    due_date: date
    payments: tuple[tuple[date, Money], ...] = ()
    pauses: tuple[Pause, ...] = ()
    purpose: Purpose = Purpose.BUSINESS
    claimed_until: date | None = None
    claimed: Money | None = None
    fixed_sum_claimed: bool = False

    def __post_init__(self) -> None:
        if self.claimed_until is not None and self.claimed is None:
            raise ValueError(
                f"interest was claimed until {self.claimed_until}: say how much, so that it is not claimed again"
            )


@dataclass(frozen=True, slots=True)
class Segment:
    """Days, both included, on which principal and rate (percent a year) stay the same.

    `interest` is in minor units and exact: a fraction, because a 365th of a year has no end as a decimal, and half a
    cent that is only nearly one would be rounded the wrong way.
    """

    first: date
    last: date
    days: int
    principal: Money
    percent: Decimal
    days_in_year: int
    interest: Fraction


@dataclass(frozen=True, slots=True)
class Charges:
    """What may be claimed now: `interest` since the last claim, and the `fixed_sum` unless it was claimed before.

    `accrued` is all interest since the due date, `days` how many days carry interest, `percent` the yearly rate and
    `daily` the interest of each further day (major units): none once a cap is reached. `left` is what is not paid of
    the principal at the end of `until`.
    """

    until: date
    segments: tuple[Segment, ...]
    days: int
    percent: Decimal
    daily: Decimal
    accrued: Money
    interest: Money
    fixed_sum: Money
    left: Money
    is_capped: bool = False

    @property
    def total(self) -> Money:
        """All charges that may be claimed now."""
        return self.interest + self.fixed_sum


def charges_for(debt: Debt, rules: ChargeRules, until: date) -> Charges:
    """The charges of a debt up to a civil date, that day included.

    Raises ChargeRefusedError for a consumer, a currency without its fixed sum or cap, or a reference rate that is
    missing; MoneyError for payments in another currency.
    """
    _refuse_consumers(debt, rules)
    nothing = Money(0, debt.principal.currency)
    segments = tuple(_segments(debt, rules, until))
    left = _left(debt, until)
    last = segments[-1] if segments else None
    fixed = _fixed_sum(debt, rules) if segments else nothing
    accrued = Money(half_up(sum((part.interest for part in segments), Fraction(0))), left.currency)
    most = _most(debt, rules)
    is_capped = most is not None and accrued.minor + fixed.minor > most
    is_full = most is not None and accrued.minor + fixed.minor >= most
    if most is not None and is_capped:
        fixed = Money(min(fixed.minor, most), left.currency)
        accrued = Money(max(0, most - fixed.minor), left.currency)
    claimed = debt.claimed or nothing
    return Charges(
        until=until,
        segments=segments,
        days=sum(segment.days for segment in segments),
        percent=last.percent if last else Decimal(0),
        daily=Decimal(0) if last is None or is_full or last.last < until else _a_day_of(last, left),
        accrued=accrued,
        interest=Money(max(0, (accrued - claimed).minor), left.currency),
        fixed_sum=nothing if debt.fixed_sum_claimed else fixed,
        left=left,
        is_capped=is_capped,
    )


def _refuse_consumers(debt: Debt, rules: ChargeRules) -> None:
    if debt.purpose is not Purpose.BUSINESS and not rules.for_consumers:
        who = (
            "a consumer"
            if debt.purpose is Purpose.CONSUMER
            else "somebody of whom nobody said that it is a business"
        )
        raise ChargeRefusedError(
            RefusalCode.CONSUMER,
            f"{rules.title}: {who} cannot be charged by it; say purpose business, or use a contract's rules",
        )


def _left(debt: Debt, at: date) -> Money:
    """What is not paid at the end of a day."""
    left = debt.principal
    for day, amount in debt.payments:
        if day <= at:
            left -= amount
    return left if left.minor > 0 else Money(0, left.currency)


def _segments(debt: Debt, rules: ChargeRules, until: date) -> Iterator[Segment]:
    start = debt.due_date + _A_DAY
    for first, last in _spans(debt, rules, start, until):
        if any(pause.first <= first <= pause.last for pause in debt.pauses):
            continue
        principal = _left(debt, first - _A_DAY)
        if principal.minor <= 0:
            continue
        percent = _percent(rules, start if _is_settled_at_start(rules) else first)
        days, year = (last - first).days + 1, rules.day_count.days_in_year(first)
        interest = principal.minor * days * Fraction(percent) / (100 * year)
        yield Segment(first, last, days, principal, percent, year, interest)


def _spans(debt: Debt, rules: ChargeRules, start: date, until: date) -> Iterator[tuple[date, date]]:
    """The days of interest, parted wherever the principal, the rate or the length of the year may change."""
    cuts = {start, until + _A_DAY}
    cuts |= {day + _A_DAY for day, _ in debt.payments}
    cuts |= {pause.first for pause in debt.pauses} | {pause.last + _A_DAY for pause in debt.pauses}
    if rules.reference is not None and not _is_settled_at_start(rules):
        cuts |= {date(year, month, 1) for year in range(start.year, until.year + 1) for month in (1, 7)}
    if rules.day_count is DayCount.ACTUAL_ACTUAL:
        cuts |= {date(year, 1, 1) for year in range(start.year + 1, until.year + 1)}
    if debt.claimed_until is not None:
        cuts.add(debt.claimed_until + _A_DAY)
    within = sorted(day for day in cuts if start <= day <= until + _A_DAY)
    for first, following in pairwise(within):
        yield first, following - _A_DAY


def _is_settled_at_start(rules: ChargeRules) -> bool:
    return rules.rate_counts is RateCounts.WHEN_INTEREST_BEGINS


def _percent(rules: ChargeRules, day: date) -> Decimal:
    """The yearly rate that counts for a day, in percent; never less than none."""
    percent = _contract_percent(rules, day)
    if rules.reference is not None and rules.margin is not None:
        half = half_year(day)
        if half not in rules.reference.percent:
            raise ChargeRefusedError(
                RefusalCode.RATE_MISSING,
                f"{rules.title}: nobody entered the {rules.reference.name} for {half}, which counts from "
                f"{first_day(half)}; look it up ({rules.reference.published}) and add it to reference.percent in "
                f"{rules.file or 'the file of these rules'}",
            )
        percent = rules.reference.percent[half] + rules.margin
    if rules.most_percent_a_year is not None:
        percent = min(percent, rules.most_percent_a_year)
    return max(Decimal(0), percent)


def _contract_percent(rules: ChargeRules, day: date) -> Decimal:
    times = {Per.DAY: rules.day_count.days_in_year(day), Per.MONTH: 12, Per.YEAR: 1}
    return (rules.rate or Decimal(0)) * times[rules.per]


def half_up(exact: Fraction) -> int:
    """A sum that is not negative in whole units; exactly half of one counts as one.

    No law says how to round interest. This is how sums in euro are rounded (Regulation (EC) No 1103/97, art. 5).
    """
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def _a_day_of(segment: Segment, left: Money) -> Decimal:
    return left.decimal() * segment.percent / (100 * segment.days_in_year)


def _fixed_sum(debt: Debt, rules: ChargeRules) -> Money:
    """The sum for a debt of this size: what was not paid of it on the day it was due."""
    currency = debt.principal.currency
    if not rules.fixed_sums:
        return Money(0, currency)
    bands = rules.fixed_sums.get(currency)
    if bands is None:
        raise ChargeRefusedError(
            RefusalCode.CURRENCY,
            f"{rules.title}: its fixed sum is in {', '.join(sorted(rules.fixed_sums))}, not in {currency}; "
            "agree on one with the client, and add it to fixed_sums",
        )
    owed = _left(debt, debt.due_date).decimal()
    band = [band for band in bands if band.at_least <= owed][-1]
    return _in_minor_units(band.sum, currency)


def _most(debt: Debt, rules: ChargeRules) -> int | None:
    """The most that all charges of a debt may come to, in minor units; None without a cap."""
    currency = debt.principal.currency
    if rules.caps and currency not in rules.caps:
        raise ChargeRefusedError(
            RefusalCode.CURRENCY,
            f"{rules.title}: its cap is in {', '.join(sorted(rules.caps))}, not in {currency}; "
            f"say in caps what holds in {currency}",
        )
    most = []
    if rules.cap_percent is not None:
        most.append(int(debt.principal.minor * rules.cap_percent / 100))
    if currency in rules.caps:
        most.append(_in_minor_units(rules.caps[currency], currency).minor)
    return min(most, default=None)


def _in_minor_units(amount: Decimal, currency: str) -> Money:
    return Money(int(amount.scaleb(digits_of(currency)).quantize(Decimal(1), ROUND_HALF_UP)), currency)
