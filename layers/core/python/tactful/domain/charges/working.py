"""The working of charges for late payment, line by line, so that anybody can check it with a pencil."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tactful.domain.book.money import Money, digits_of
from tactful.domain.charges.late_payment import Charges, Debt, half_up
from tactful.domain.charges.rules import ChargeRules

_DECIMALS = 4


def working_of(debt: Debt, rules: ChargeRules, charges: Charges) -> tuple[str, ...]:
    """One line for each fact and each period of interest, then the sums.

    Amounts of a period have four decimals, sums are whole minor units. Payments after the last day are not told.
    """
    lines = [f"{debt.principal} was due on {debt.due_date}."]
    lines += [f"{amount} was paid on {day}." for day, amount in debt.payments if day <= charges.until]
    lines += [
        f"No interest from {pause.first} to {pause.last}: disputed."
        for pause in debt.pauses
        if pause.first <= charges.until
    ]
    for part in charges.segments:
        exact = in_major_units(part.interest, part.principal.currency)
        lines.append(
            f"{part.first} to {part.last}: {part.days} {'day' if part.days == 1 else 'days'} x {part.principal} x "
            f"{plain(part.percent)} % / {part.days_in_year} = {exact:,}{_rate_of(rules)}"
        )
    if not charges.segments:
        lines.append(
            "No day carries interest, for it was not late, was paid in time, or was disputed: no charges."
        )
        if debt.claimed is not None and debt.claimed.minor > 0:
            lines.append(f"{debt.claimed} was claimed before: take it back.")
        if debt.fixed_sum_claimed:
            lines.append("The fixed sum was claimed before: take it back.")
        return tuple(lines)
    lines.append(f"Interest so far, rounded once: {charges.accrued}")
    if charges.is_capped:
        lines.append("Interest and fixed sum are cut to what the rules allow at most.")
    if debt.claimed is not None:
        lines.append(f"Less {debt.claimed} claimed before: {charges.interest}")
        too_much = debt.claimed - charges.accrued
        if too_much.minor > 0:
            lines.append(f"{too_much} more was claimed before than is due: take it back.")
    if charges.fixed_sum.minor:
        lines.append(f"Fixed sum, once: {charges.fixed_sum}")
    elif debt.fixed_sum_claimed:
        lines.append("Fixed sum: claimed before")
    lines.append(f"Charges: {charges.total}")
    return tuple(lines)


def owed_with(charges: Charges) -> Money:
    """What is left of the debt, with the charges that may be claimed now."""
    return charges.left + charges.total


def in_major_units(exact: Fraction, currency: str) -> Decimal:
    """Interest in minor units as major units, with four decimals."""
    return Decimal(half_up(exact * 10**_DECIMALS / 10 ** digits_of(currency))).scaleb(-_DECIMALS)


def plain(number: Decimal) -> str:
    """A number without needless zeros: 11.75, 8, 0.03."""
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _rate_of(rules: ChargeRules) -> str:
    if rules.reference is None or rules.margin is None:
        return ""
    return f" ({rules.reference.name} + {plain(rules.margin)})"
