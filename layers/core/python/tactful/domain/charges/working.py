"""The working of charges for late payment, line by line, so that anybody can check it with a pencil."""

from __future__ import annotations

from decimal import Decimal

from tactful.domain.book.money import Money, digits_of
from tactful.domain.charges.late_payment import Charges, Debt
from tactful.domain.charges.rules import ChargeRules

_EXACT = Decimal("0.0001")


def working_of(debt: Debt, rules: ChargeRules, charges: Charges) -> tuple[str, ...]:
    """One line for each period of interest, then the sums. Amounts of a line have four decimals, sums are whole."""
    lines = [f"{debt.principal} was due on {debt.due_date}."]
    lines += [f"{amount} was paid on {day}." for day, amount in debt.payments]
    lines += [f"No interest from {pause.first} to {pause.last}: disputed." for pause in debt.pauses]
    for part in charges.segments:
        exact = part.interest.scaleb(-digits_of(part.principal.currency)).quantize(_EXACT)
        lines.append(
            f"{part.first} to {part.last}: {part.days} {'day' if part.days == 1 else 'days'} x {part.principal} x "
            f"{plain(part.percent)} % / {part.days_in_year} = {exact:,}{_rate_of(rules)}"
        )
    if not charges.segments:
        lines.append("It is not late, or nothing is left to pay: no charges.")
        return tuple(lines)
    lines.append(f"Interest so far, rounded once: {charges.accrued}")
    if charges.interest != charges.accrued:
        lines.append(f"Less {charges.accrued - charges.interest} claimed before: {charges.interest}")
    if charges.fixed_sum.minor:
        lines.append(f"Fixed sum, once: {charges.fixed_sum}")
    elif debt.fixed_sum_claimed:
        lines.append("Fixed sum: claimed before")
    if charges.is_capped:
        lines.append("The charges are cut to what the rules allow at most.")
    lines.append(f"Charges: {charges.total}")
    return tuple(lines)


def owed_with(charges: Charges) -> Money:
    """What is left of the debt, with the charges that may be claimed now."""
    return charges.left + charges.total


def plain(number: Decimal) -> str:
    """A number without needless zeros: 11.75, 8, 0.03."""
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _rate_of(rules: ChargeRules) -> str:
    if rules.reference is None or rules.margin is None:
        return ""
    return f" ({rules.reference.name} + {plain(rules.margin)})"
