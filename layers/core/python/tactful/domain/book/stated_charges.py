"""Charges for late payment as a message stated them: since the invoice was due, and not since the last message."""

from __future__ import annotations

from dataclasses import dataclass

from tactful.domain.book.money import Money


@dataclass(frozen=True, slots=True)
class StatedCharge:
    """The charges of one invoice up to the day of the message.

    `days` carry interest, at `percent` a year: empty if the rate changed meanwhile, or a cap cuts the sum. `interest`
    and `fixed_sum` are all there is of them, so a later message that states more takes the place of this one, and does
    not come on top.
    """

    number: str
    days: int
    percent: str
    interest: Money
    fixed_sum: Money

    @property
    def total(self) -> Money:
        return self.interest + self.fixed_sum


@dataclass(frozen=True, slots=True)
class StatedCharges:
    """What a message says of charges, and the `law` they rest on. No lines: only that they may be added."""

    law: str
    lines: tuple[StatedCharge, ...] = ()


def at_most(now: StatedCharges | None, shown: StatedCharges | None) -> StatedCharges | None:
    """What a message may state of charges now when these were shown for approval: of each invoice, no more."""
    if now is None or shown is None:
        return None
    approved = {line.number: line for line in shown.lines}
    lines = [
        min(line, approved[line.number], key=lambda one: one.total.minor)
        for line in now.lines
        if line.number in approved
    ]
    return StatedCharges(now.law, tuple(lines)) if lines or not now.lines else None
