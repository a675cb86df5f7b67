"""Instalments as a person asks for them, before it is known what they are for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tactful.domain.book.money import Money, parse_money
from tactful.domain.charges.plans import NO_INTEREST, PlanTerms, equal_parts
from tactful.domain.charges.rhythm import Rhythm


@dataclass(frozen=True, slots=True)
class Instalments:
    """So many equal parts, or parts of these `amounts`, the first on a civil date.

    Amounts are plain decimals such as "200.00", in the currency of the debt. `down_payment` is the first of the
    `number` of parts; empty, it is as large as the others. The rest is as in PlanTerms.
    """

    first: date
    rhythm: Rhythm
    number: int = 0
    amounts: tuple[str, ...] = ()
    down_payment: str = ""
    rest_due_after: int | None = None

    def terms(self, debt: Money, agreed_on: date, yearly_rate: Decimal = NO_INTEREST) -> PlanTerms:
        """The terms for a debt, agreed on a civil date. Raises ValueError for a plan that cannot be."""
        return PlanTerms(
            debt,
            self._parts_of(debt),
            self.first,
            agreed_on,
            self.rhythm,
            yearly_rate,
            self.rest_due_after,
        )

    def _parts_of(self, debt: Money) -> tuple[Money, ...]:
        if self.amounts:
            return tuple(parse_money(amount, debt.currency, is_typed=True) for amount in self.amounts)
        down = parse_money(self.down_payment, debt.currency, is_typed=True) if self.down_payment else None
        return equal_parts(debt, self.number, down)
